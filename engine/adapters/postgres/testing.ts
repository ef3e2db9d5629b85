/** Fresh databases for tests: PGlite in memory from a template, and a database of its own on a PostgreSQL server. */
import { createHash, randomUUID } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { PGlite } from "@electric-sql/pglite";
import { drizzle } from "drizzle-orm/pglite";
import { migrate } from "drizzle-orm/pglite/migrator";
import postgres from "postgres";
import type { MappingSpec } from "../../core/mapping.ts";
import { specGb } from "../../core/testing.ts";
import { type Database, openDatabase } from "./open.ts";
import { connections, specs } from "./schema.ts";

export const DATABASE_KINDS = ["embedded", "server"] as const;
export type DatabaseKind = (typeof DATABASE_KINDS)[number];

/** The server of contract.md, "Two commands", unless the environment names another. */
const SERVER_URL = "postgres://postgres@127.0.0.1:5432/postgres";
/** `process.env` of the test, which may name the server. */
export type TestEnvironment = { readonly TEST_DATABASE_URL?: string | undefined };
const MIGRATIONS_FOLDER = fileURLToPath(new URL("../../../migrations", import.meta.url));
const CACHE_FOLDER = fileURLToPath(new URL("../../../node_modules/.cache/counterfoil", import.meta.url));

export type TestDatabase = {
  readonly database: Database;
  /** Of the server's database; null for the embedded one, which nobody else can open. */
  readonly url: string | null;
  /** Closes and drops it. */
  drop(): Promise<void>;
};

export async function openTestDatabase(
  kind: DatabaseKind,
  environment: TestEnvironment,
): Promise<TestDatabase> {
  if (kind === "embedded") {
    const database = await openDatabase({ template: await template() });
    return { database, url: null, drop: () => database.close() };
  }
  const { url, drop } = await createServerDatabase(environment);
  const database = await openDatabase({ url });
  return {
    database,
    url,
    drop: async () => {
      await database.close();
      await drop();
    },
  };
}

/** An empty database on the server, for processes that open it themselves. */
export async function createServerDatabase(
  environment: TestEnvironment,
): Promise<{ readonly url: string; drop(): Promise<void> }> {
  const serverUrl = environment.TEST_DATABASE_URL ?? SERVER_URL;
  const name = `counterfoil_test_${randomUUID().replaceAll("-", "")}`;
  const admin = postgres(serverUrl, { max: 1, onnotice: () => {} });
  await admin.unsafe(`create database ${name}`);
  // A test outlives no power cut.
  await admin.unsafe(`alter database ${name} set synchronous_commit = off`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    drop: async () => {
      await admin.unsafe(`drop database if exists ${name} with (force)`);
      await admin.end();
    },
  };
}

/** A dump of a migrated database: opening it takes half a second, making a database four (facts/stack.md 2.1). */
export async function template(): Promise<Blob> {
  const journal = await readFile(`${MIGRATIONS_FOLDER}/meta/_journal.json`, "utf8");
  const { entries } = JSON.parse(journal) as { entries: { tag: string }[] };
  const migrations = await Promise.all(entries.map(({ tag }) => readFile(`${MIGRATIONS_FOLDER}/${tag}.sql`)));
  const hash = createHash("sha256").update(journal);
  for (const migration of migrations) hash.update(migration);
  const file = `${CACHE_FOLDER}/pglite-${hash.digest("hex").slice(0, 16)}.tar`;
  const cached = await readFile(file).catch(() => undefined);
  if (cached !== undefined) return new Blob([new Uint8Array(cached)]);
  const client = await PGlite.create();
  await migrate(drizzle(client), { migrationsFolder: MIGRATIONS_FOLDER });
  const dump = await client.dumpDataDir("none");
  await client.close();
  await mkdir(CACHE_FOLDER, { recursive: true });
  // Test files run side by side: a file appears whole or not at all.
  const own = `${file}.${randomUUID()}`;
  await writeFile(own, new Uint8Array(await dump.arrayBuffer()));
  await rename(own, file);
  return dump;
}

/** A connection with an approved spec, as most tests need one. */
export async function seedConnection(
  { db }: Database,
  { id = "shop", spec = specGb }: { readonly id?: string; readonly spec?: MappingSpec } = {},
): Promise<string> {
  await db.insert(connections).values({
    id,
    name: id,
    environment: "sandbox",
    storeId: `store-${id}`,
    organisationId: `organisation-${id}`,
    storeUrl: "http://127.0.0.1",
    ledgerName: "Demo Trading Ltd",
  });
  await db.insert(specs).values({
    connectionId: id,
    version: 1,
    spec,
    publishedAt: new Date(0),
    publishedBy: "test",
    note: "first",
    proposalId: null,
  });
  return id;
}
