/** Batches without an answer: found when their time is over, and sent again as a whole under their own key. */
import { and, eq, sql } from "drizzle-orm";
import { assert } from "../../core/assert.ts";
import type { Batch } from "../../ports.ts";
import { type Db, instantText } from "./open.ts";
import { loadMembers } from "./outbox-claim.ts";
import { batches, documents } from "./schema.ts";

type BatchRow = typeof batches.$inferSelect;
type DoubtState = "uncertain" | "delivering";

/** Locks a batch and its members by delivery key, the order in which enqueueing locks them. */
export async function lockMembers(tx: Db, batch: string): Promise<BatchRow> {
  const [row] = await tx.select().from(batches).where(eq(batches.id, batch)).for("update");
  assert(row !== undefined, "a batch is never deleted");
  await tx
    .select({ id: documents.id })
    .from(documents)
    .where(eq(documents.batchId, batch))
    .orderBy(documents.deliveryKey)
    .for("update");
  return row;
}

/** Marks the batches whose time is over as unknown and answers them with the members that are still uncertain. */
export async function batchesInDoubt(db: Db, connection: string, at: Date): Promise<Batch[]> {
  const overdue = await db
    .select({ id: batches.id })
    .from(batches)
    .where(
      and(
        eq(batches.connectionId, connection),
        sql`${batches.state} <> 'settled'`,
        sql`${batches.sentAt} + ${batches.timeoutMs} * interval '1 ms' <= ${instantText(at)}::timestamptz`,
      ),
    )
    .orderBy(batches.createdAt);
  const doubtful: Batch[] = [];
  for (const { id } of overdue) {
    const batch = await db.transaction((tx) => markUnknown(tx, id, at));
    if (batch !== undefined) doubtful.push(batch);
  }
  return doubtful;
}

async function markUnknown(tx: Db, id: string, at: Date): Promise<Batch | undefined> {
  const row = await lockMembers(tx, id);
  if (row.state === "settled" || resendAfter(row) > at) return undefined;
  await tx.update(batches).set({ state: "unknown" }).where(eq(batches.id, id));
  await tx
    .update(documents)
    .set({ state: "uncertain", changedAt: at })
    .where(and(eq(documents.batchId, id), eq(documents.state, "delivering")));
  return loadBatch(tx, row, "uncertain");
}

/**
 * Sends a whole uncertain batch again: same members, bodies and key, so that a first request that arrives late answers the
 * second. Undefined when a member has moved on; then the others go in a batch of their own.
 */
export async function reopenBatch(db: Db, id: string, at: Date): Promise<Batch | undefined> {
  return db.transaction(async (tx) => {
    const row = await lockMembers(tx, id);
    if (row.state !== "unknown") return undefined;
    const members = await membersIn(tx, id, "uncertain");
    if (members.length !== row.members.length) return undefined;
    // Through `queued`, as TRANSITIONS says; nobody sees it in between, since both moves are this transaction's.
    await tx
      .update(documents)
      .set({ state: "delivering", changedAt: at })
      .where(and(eq(documents.batchId, id), eq(documents.state, "uncertain")));
    const [reopened] = await tx
      .update(batches)
      .set({ state: "open", sentAt: at, sends: sql`${batches.sends} + 1` })
      .where(eq(batches.id, id))
      .returning();
    assert(reopened !== undefined, "a locked batch reopens");
    return loadBatch(tx, reopened, "delivering");
  });
}

/** The batch with those of its members that are in `state`, each beside the body that was sent for it. */
async function loadBatch(tx: Db, row: BatchRow, state: DoubtState): Promise<Batch> {
  const ids = await membersIn(tx, row.id, state);
  const bodyOf = new Map(row.members.map((id, index) => [id, row.bodies[index]]));
  const members = await loadMembers(
    tx,
    row.members.filter((id) => ids.includes(id)),
  );
  const bodies = members.map(({ id }) => {
    const body = bodyOf.get(id);
    assert(body !== undefined, "a frozen batch has a body for each member");
    return body;
  });
  return {
    id: row.id,
    connection: row.connectionId,
    resource: row.resource,
    members,
    bodies,
    answered: row.answered,
    sends: row.sends,
    createdAt: row.createdAt,
    resendAfter: resendAfter(row),
  };
}

/** Ids of the documents that are in this batch now and in `state`. */
async function membersIn(tx: Db, batch: string, state: DoubtState): Promise<string[]> {
  const found = await tx
    .select({ id: documents.id })
    .from(documents)
    .where(and(eq(documents.batchId, batch), eq(documents.state, state)));
  return found.map(({ id }) => id);
}

const resendAfter = ({ sentAt, timeoutMs }: BatchRow): Date => new Date(sentAt.getTime() + timeoutMs);
