/** Records and published specs in the database. */
import { and, desc, eq, lt, sql } from "drizzle-orm";
import { assert } from "../../core/assert.ts";
import type { Held } from "../../core/hold.ts";
import type { Binding, Ids, Observation, Records, SourceRecord } from "../../ports.ts";
import { createMirrorStore } from "./mirror-store.ts";
import type { Db } from "./open.ts";
import { salesHistory } from "./sales-history.ts";
import { connections, records, specs } from "./schema.ts";
import { storedSale, storedSpec } from "./stored.ts";

export function createRecords(db: Db, ids: Ids): Records {
  return {
    binding: async (connection) => (await bindingsOf(db, connection))[0],
    bindings: () => bindingsOf(db),
    save: (connection, observation, at) => saveRecord({ db, ids, connection, observation, at }),
    find: async (connection, by) => {
      const matches = "id" in by ? eq(records.id, by.id) : eq(records.number, by.number);
      const [row] = await db
        .select()
        .from(records)
        .where(and(eq(records.connectionId, connection), matches))
        .orderBy(desc(records.changedAt))
        .limit(1);
      return row && toSourceRecord(row);
    },
    waitingForSummary: async (connection, { placedBefore, limit }) => {
      const found = await db
        .select()
        .from(records)
        .where(
          and(
            eq(records.connectionId, connection),
            lt(records.placedAt, placedBefore),
            sql`hold ->> 'hold' = 'inDaySummary'`,
          ),
        )
        .orderBy(records.placedAt, records.id)
        .limit(limit);
      return found.map(toSourceRecord);
    },
    saveHold: async (record, hold, at) => {
      await db.update(records).set({ hold, changedAt: at }).where(eq(records.id, record));
    },
    spec: async (connection) => {
      const [row] = await db
        .select({ version: specs.version, spec: specs.spec })
        .from(specs)
        .where(eq(specs.connectionId, connection))
        .orderBy(desc(specs.version))
        .limit(1);
      return row && { ...row, spec: storedSpec(row.spec) };
    },
    history: (record) => salesHistory(db, record),
    accept: async (record, hold, at) => {
      await db.transaction(async (tx) => {
        const [row] = await tx.select().from(records).where(eq(records.id, record)).for("update");
        assert(row !== undefined, "an accepted record is there");
        const accepted = [...new Set([...(row.accepted ?? []), hold])];
        await tx.update(records).set({ accepted, hold: null, changedAt: at }).where(eq(records.id, record));
      });
    },
    ...createMirrorStore(db),
  };
}

async function bindingsOf(db: Db, connection?: string): Promise<Binding[]> {
  return db
    .select({
      id: connections.id,
      storeId: connections.storeId,
      organisationId: connections.organisationId,
    })
    .from(connections)
    .where(connection === undefined ? undefined : eq(connections.id, connection))
    .orderBy(connections.id);
}

type Save = {
  readonly db: Db;
  readonly ids: Ids;
  readonly connection: string;
  readonly observation: Observation;
  readonly at: Date;
};

async function saveRecord({ db, ids, connection, observation, at }: Save) {
  const { sourceType, sourceId, number, revision, raw, sale, hold } = observation;
  const found = { number, revision, raw, sale, ...saleColumns(observation) };
  return db.transaction(async (tx) => {
    const source = { connectionId: connection, sourceType, sourceId };
    const inserted = await tx
      .insert(records)
      .values({ id: ids.next(), ...source, ...found, hold, createdAt: at, changedAt: at })
      .onConflictDoNothing()
      .returning();
    if (inserted[0] !== undefined) return { record: toSourceRecord(inserted[0]), changed: true };
    const isSource = and(
      eq(records.connectionId, connection),
      eq(records.sourceType, sourceType),
      eq(records.sourceId, sourceId),
    );
    const [known] = await tx.select().from(records).where(isSource).for("update");
    assert(known !== undefined, "a record that could not be inserted is there");
    const changed = known.revision !== revision;
    const [row] = await tx
      .update(records)
      .set({ ...found, hold: holdAfter(known.hold, hold, changed), ...(changed && { changedAt: at }) })
      .where(eq(records.id, known.id))
      .returning();
    assert(row !== undefined, "a locked record is updated");
    return { record: toSourceRecord(row), changed };
  });
}

/** The planner's hold stands until the order changes or is planned again. */
const holdAfter = (known: Held | null, read: Held | null, changed: boolean): Held | null =>
  read ?? (changed ? null : known);

/** Columns that lists and searches need; null when the order could not be read. */
function saleColumns({ sale }: Observation) {
  return {
    currency: sale?.currency ?? null,
    total: sale?.totals.grandTotal ?? null,
    placedAt: sale === null ? null : new Date(sale.placedAt),
    storeState: sale?.state ?? null,
    paymentMethod: sale?.payment.method ?? null,
  };
}

function toSourceRecord(row: typeof records.$inferSelect): SourceRecord {
  const { id, connectionId, number, revision, sale, hold, accepted } = row;
  return {
    ...{ id, connection: connectionId, number, revision, hold },
    sale: sale && storedSale(sale),
    accepted: accepted ?? [],
  };
}
