/** Every table, for drizzle and drizzle-kit; one schema for PGlite and PostgreSQL. */
export * from "./schema-people.ts";
export * from "./schema-sync.ts";
