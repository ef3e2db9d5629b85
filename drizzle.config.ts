import { defineConfig } from "drizzle-kit";

export default defineConfig({
  dialect: "postgresql",
  schema: "./engine/adapters/postgres/schema.ts",
  out: "./migrations",
});
