/** The outbox in the database. Enqueueing and claiming are in files of their own; the moves are here. */
import { and, eq, inArray, sql } from "drizzle-orm";
import { assert } from "../../core/assert.ts";
import { TRANSITIONS } from "../../core/state.ts";
import type { Ids, Move, Outbox } from "../../ports.ts";
import { type Db, instantText, rows } from "./open.ts";
import { batchesInDoubt, lockMembers, reopenBatch } from "./outbox-batches.ts";
import { claimBatch, isReady } from "./outbox-claim.ts";
import { enqueueDocuments, type WakeIn } from "./outbox-enqueue.ts";
import { enqueueSummary, reviseSummary, summaryStage } from "./outbox-summary.ts";
import { batches, documents, recordDocuments } from "./schema.ts";

export function createOutbox(db: Db, parts: { readonly ids: Ids; readonly wakeIn: WakeIn }): Outbox {
  return {
    enqueue: (request) => enqueueDocuments(db, parts, request),
    claim: (request) => claimBatch(db, request),
    markSent: async (batch, at) => {
      const sent = await db
        .update(batches)
        .set({ sentAt: at })
        .where(and(eq(batches.id, batch), eq(batches.state, "open")))
        .returning({ id: batches.id });
      return sent.length === 1;
    },
    settle: (request) => settleBatch(db, request),
    doubtful: (connection, at) => batchesInDoubt(db, connection, at),
    reopen: (batch, at) => reopenBatch(db, batch, at),
    due: (at) => dueConnections(db, at),
    states: async (record) => {
      const found = await db
        .select({ state: documents.state })
        .from(recordDocuments)
        .innerJoin(documents, eq(documents.id, recordDocuments.documentId))
        .where(eq(recordDocuments.recordId, record));
      return found.map(({ state }) => state);
    },
    posted: (record) => postedDocuments(db, record),
    enqueueSummary: (request) => enqueueSummary(db, parts, request),
    summary: (record) => summaryStage(db, record),
    reviseSummary: (record, at) => reviseSummary(db, parts, record, at),
  };
}

async function postedDocuments(db: Db, record: string): ReturnType<Outbox["posted"]> {
  const found = await db
    .select({ document: documents, share: recordDocuments.share })
    .from(recordDocuments)
    .innerJoin(documents, eq(documents.id, recordDocuments.documentId))
    .where(
      and(
        eq(recordDocuments.recordId, record),
        inArray(documents.state, ["delivered", "reconciled", "drifted"]),
      ),
    )
    .orderBy(recordDocuments.position);
  return found.flatMap(
    ({ document: { step, resource, identity, body, lineage, ledgerDocumentId, answer }, share }) =>
      ledgerDocumentId === null
        ? []
        : [
            {
              ...{ step, resource, identity, body, lineage },
              ledgerId: ledgerDocumentId,
              currencyRate: answer?.currencyRate ?? null,
              ...(share && { share }),
            },
          ],
  );
}

/** Moves members and, once none is left behind, closes the batch; one transaction. */
async function settleBatch(db: Db, request: Parameters<Outbox["settle"]>[0]): Promise<number> {
  const { batch, sends, from, moves, answered, at } = request;
  for (const { to } of moves)
    assert((TRANSITIONS[from] as readonly string[]).includes(to), `${from} may become ${to}`);
  return db.transaction(async (tx) => {
    const row = await lockMembers(tx, batch);
    if (row.sends !== sends) return 0;
    const moved = await moveMembers(tx, { batch, from, moves, at });
    await tx.execute(sql`
      update batches b set
        answered = b.answered + ${answered ? 1 : 0},
        state = case
          when exists (select 1 from documents d where d.batch_id = b.id and d.state = 'delivering') then 'open'
          when exists (select 1 from documents d where d.batch_id = b.id and d.state = 'uncertain') then 'unknown'
          else 'settled' end,
        settled_at = case
          when exists (select 1 from documents d where d.batch_id = b.id and d.state in ('delivering', 'uncertain'))
          then null else ${instantText(at)}::timestamptz end
      where b.id = ${batch}`);
    return moved;
  });
}

/** One set-based compare-and-set: a member that another worker has moved, or that is in another batch, stays. */
async function moveMembers(
  tx: Db,
  { batch, from, moves, at }: { batch: string; from: string; moves: readonly Move[]; at: Date },
): Promise<number> {
  if (moves.length === 0) return 0;
  const moved = await rows<{ id: string }>(
    tx,
    sql`
    update documents d set
      state = m.state,
      changed_at = ${instantText(at)}::timestamptz,
      not_before = coalesce(m.not_before, d.not_before),
      setbacks = coalesce(m.setbacks, 0),
      error = m.error,
      hold = m.hold,
      ledger_document_id = coalesce(m.ledger_document_id, d.ledger_document_id),
      answer = coalesce(m.answer, d.answer),
      delivered_at = case when m.state = 'delivered' then ${instantText(at)}::timestamptz else d.delivered_at end
    from jsonb_to_recordset(${JSON.stringify(moves.map(toMoveRow))}::jsonb) as m(
      id text, state text, not_before timestamptz, setbacks integer, error json, hold json,
      ledger_document_id text, answer jsonb)
    where d.id = m.id and d.state = ${from} and d.batch_id = ${batch}
    returning d.id`,
  );
  assert(moved.length <= moves.length, "ids are unique");
  return moved.length;
}

function toMoveRow(move: Move) {
  const { id, to: state } = move;
  if (move.to === "delivered")
    return { id, state, ledger_document_id: move.document.id, answer: move.document };
  if (move.to === "queued")
    return { id, state, not_before: instantText(move.notBefore), setbacks: move.setbacks };
  if (move.to === "failed") return { id, state, error: move.error };
  if (move.to === "held") return { id, state, hold: move.hold };
  return { id, state };
}

async function dueConnections(db: Db, at: Date): Promise<string[]> {
  const now = sql`${instantText(at)}::timestamptz`;
  const found = await rows<{ id: string }>(
    db,
    sql`
    select c.id from connections c
    where exists (
      select 1 from documents d
      where d.connection_id = c.id and d.state = 'queued' and d.not_before <= ${now} and ${isReady})
    or exists (
      select 1 from batches b
      where b.connection_id = c.id and b.state <> 'settled'
        and b.sent_at + b.timeout_ms * interval '1 ms' <= ${now})`,
  );
  return found.map(({ id }) => id);
}
