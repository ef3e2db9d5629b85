import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type DocumentState, RecordState, recordStateOf, TRANSITIONS } from "../../core/state.ts";
import { openDatabase, rows } from "./open.ts";
import { documents, recordDocuments, recordStates, records, specs } from "./schema.ts";
import {
  createServerDatabase,
  DATABASE_KINDS,
  openTestDatabase,
  seedConnection,
  type TestDatabase,
  template,
} from "./testing.ts";

describe.each(DATABASE_KINDS)("the %s database", (kind) => {
  let opened: TestDatabase;
  beforeAll(async () => {
    opened = await openTestDatabase(kind, process.env);
  });
  afterAll(() => opened.drop());

  test("gives JSON back with the order of its keys, and amounts as text", async () => {
    const connection = await seedConnection(opened.database);
    const [row] = await opened.database.db.select().from(specs);
    const body = { zebra: "1", Amount: "12.3400", LineItems: [{ b: null, a: "é" }] };
    const at = new Date("2026-11-24T12:00:00.123Z");
    await insertDocument(opened, { id: "d1", connection, state: "queued", body, at });
    const [document] = await opened.database.db.select().from(documents);
    expect(JSON.stringify(document?.body)).toBe(JSON.stringify(body));
    expect(document?.total).toBe("42.0000");
    expect(document?.createdAt.toISOString()).toBe(at.toISOString());
    expect(Object.keys(row?.spec ?? {})).toEqual(["format", "settings", "tables", "fields"]);
  });

  test("derives a record's state as the core does, for every pair of document states", async () => {
    const connection = await seedConnection(opened.database, { id: "states" });
    const states = Object.keys(TRANSITIONS) as DocumentState[];
    const at = new Date(0);
    const expected = new Map<string, RecordState>([["none", "received"]]);
    for (const state of states)
      await insertDocument(opened, { id: `one-${state}`, connection, state, body: {}, at });
    await insertRecord(opened, "none", connection);
    for (const [index, one] of states.entries()) {
      for (const other of states.slice(index)) {
        const id = `${one}+${other}`;
        expected.set(id, recordStateOf([one, other]));
        await insertRecord(opened, id, connection);
        const documentIds = new Set([`one-${one}`, `one-${other}`]);
        await opened.database.db
          .insert(recordDocuments)
          .values([...documentIds].map((documentId, position) => ({ recordId: id, documentId, position })));
      }
    }
    const found = await opened.database.db.select().from(recordStates);
    const actual = new Map(
      found.filter((row) => row.connectionId === connection).map((row) => [row.recordId, row.state]),
    );
    expect(actual).toEqual(expected);
    for (const state of actual.values()) expect(RecordState.options).toContain(state);
  });
});

test("an embedded folder keeps what was written, and is checkpointed on close", async () => {
  const dir = await mkdtemp(join(tmpdir(), "counterfoil-open-"));
  try {
    const first = await openDatabase({ dir, template: await template() });
    await seedConnection(first);
    await first.close();
    const second = await openDatabase({ dir });
    expect(await second.db.select().from(specs)).toHaveLength(1);
    await second.close();
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
});

test("two processes that open an empty server database at once both find it migrated", async () => {
  const { url, drop } = await createServerDatabase(process.env);
  const opened = await Promise.all([openDatabase({ url }), openDatabase({ url })]);
  for (const database of opened) expect(await database.db.select().from(specs)).toEqual([]);
  await Promise.all(opened.map((database) => database.close()));
  await drop();
});

test("a database that knows a later migration is refused", async () => {
  const { url, drop } = await createServerDatabase(process.env);
  const newer = await openDatabase({ url });
  await rows(
    newer.db,
    sql`insert into drizzle.__drizzle_migrations (hash, created_at) values ('later', 9999999999999)`,
  );
  await newer.close();
  await expect(openDatabase({ url })).rejects.toThrow(/this program knows/);
  await drop();
});

type NewRow = {
  readonly id: string;
  readonly connection: string;
  readonly state: DocumentState;
  readonly body: Record<string, never> | Record<string, string | object[]>;
  readonly at: Date;
};

async function insertDocument({ database }: TestDatabase, { id, connection, state, body, at }: NewRow) {
  await database.db.insert(documents).values({
    id,
    connectionId: connection,
    deliveryKey: id,
    identity: { kind: "invoice", sourceType: "order", sourceId: id, part: "", generation: 1 },
    step: "invoice",
    resource: "Invoices",
    body: body as typeof documents.$inferInsert.body,
    lineage: {},
    total: "42",
    specVersion: 1,
    state,
    notBefore: at,
    createdAt: at,
    changedAt: at,
  });
}

async function insertRecord({ database }: TestDatabase, id: string, connection: string) {
  const at = new Date(0);
  await database.db.insert(records).values({
    id,
    connectionId: connection,
    sourceType: "order",
    sourceId: id,
    number: id,
    revision: "r1",
    raw: { order: {}, invoices: [], creditMemos: [], shipments: [] },
    createdAt: at,
    changedAt: at,
  });
}
