/**
 * Opens the database: PostgreSQL by URL, else PGlite in a folder, else PGlite in memory. One schema and one migrations
 * folder for all three (facts/stack.md 2.4).
 */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { PGlite } from "@electric-sql/pglite";
import { type SQL, sql } from "drizzle-orm";
import type { PgDatabase, PgQueryResultHKT } from "drizzle-orm/pg-core";
import { drizzle as drizzlePglite } from "drizzle-orm/pglite";
import { migrate as migratePglite } from "drizzle-orm/pglite/migrator";
import { drizzle as drizzlePostgres } from "drizzle-orm/postgres-js";
import { migrate as migratePostgres } from "drizzle-orm/postgres-js/migrator";
import { type ConstructorOptions, fromPglite } from "pg-boss";
import postgres from "postgres";
import { assert } from "../../core/assert.ts";
import * as schema from "./schema.ts";

/** Either driver's database, or a transaction of it: inside a transaction everything must take the transaction. */
export type Db = PgDatabase<PgQueryResultHKT, typeof schema>;

export type Database = {
  readonly db: Db;
  /** `embedded` belongs to this one process: nobody else can hold a job or a lease of it. */
  readonly kind: "embedded" | "server";
  /** How pg-boss reaches the same database. */
  readonly boss: Pick<ConstructorOptions, "connectionString" | "db" | "backend">;
  close(): Promise<void>;
};

const MIGRATIONS_FOLDER = fileURLToPath(new URL("../../../migrations", import.meta.url));
/** drizzle's migrator takes no lock of its own; two processes that start together would both migrate. */
const MIGRATION_LOCK = 727_274;
const CONNECTIONS_MAX = 10;

/**
 * Opens and migrates. A folder must be owned by this process alone: PGlite takes no lock, and two openers lose data
 * (facts/stack.md 2.1); the owner's lock is the caller's. `template` is a dump of a migrated database, for quick tests.
 */
export async function openDatabase(
  options: { readonly url?: string; readonly dir?: string; readonly template?: Blob } = {},
): Promise<Database> {
  if (options.url !== undefined) return openServer(options.url);
  return openEmbedded(options.dir, options.template);
}

async function openServer(url: string): Promise<Database> {
  const client = postgres(url, { max: CONNECTIONS_MAX, onnotice: () => {} });
  const db = drizzlePostgres(client, { schema });
  try {
    const lock = postgres(url, { max: 1, onnotice: () => {} });
    try {
      await lock`select pg_advisory_lock(${MIGRATION_LOCK})`;
      await migratePostgres(db, { migrationsFolder: MIGRATIONS_FOLDER });
    } finally {
      await lock.end();
    }
    await assertMigrated(db);
  } catch (error) {
    await client.end();
    throw error;
  }
  return { db, kind: "server", boss: { connectionString: url }, close: () => client.end({ timeout: 5 }) };
}

async function openEmbedded(dir: string | undefined, template: Blob | undefined): Promise<Database> {
  const client = await PGlite.create({
    ...(dir === undefined ? {} : { dataDir: dir }),
    ...(template === undefined ? {} : { loadDataDir: template }),
  });
  const db = drizzlePglite(client, { schema });
  try {
    await migratePglite(db, { migrationsFolder: MIGRATIONS_FOLDER });
    await assertMigrated(db);
  } catch (error) {
    await client.close();
    throw error;
  }
  return {
    db,
    kind: "embedded",
    boss: { db: fromPglite(client), backend: "pglite" },
    close: async () => {
      // PGlite does not fsync; a checkpoint leaves nothing to recover.
      await client.exec("checkpoint");
      await client.close();
    },
  };
}

/** drizzle silently skips a migration that is older than the last applied one, and an old program knows fewer. */
async function assertMigrated(db: Db): Promise<void> {
  const journal = JSON.parse(await readFile(`${MIGRATIONS_FOLDER}/meta/_journal.json`, "utf8")) as {
    entries: unknown[];
  };
  const [applied] = await rows<{ count: number }>(
    db,
    sql`select count(*)::int as count from drizzle.__drizzle_migrations`,
  );
  assert(
    applied?.count === journal.entries.length,
    `the database has ${applied?.count ?? 0} migrations applied, this program knows ${journal.entries.length}; use the program's newest version`,
  );
}

/** The rows of a raw statement: the drivers differ in what `execute` answers. `bigint` columns come as text. */
export async function rows<T>(db: Db, query: SQL): Promise<T[]> {
  const answer = (await db.execute(query)) as unknown;
  return (Array.isArray(answer) ? answer : (answer as { rows: unknown[] }).rows) as T[];
}

/** Raw statements take instants as text: the two drivers spell a Date differently. */
export const instantText = (at: Date): string => at.toISOString();
