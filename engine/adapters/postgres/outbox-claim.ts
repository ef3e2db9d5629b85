/** Cuts a batch: documents whose time has come and whose predecessors are delivered, frozen before the first byte. */
import { and, eq, inArray, sql } from "drizzle-orm";
import { assert } from "../../core/assert.ts";
import type { Batch, Outbox, OutboxDocument } from "../../ports.ts";
import { type Db, instantText, rows } from "./open.ts";
import { batches, documentAfter, documents } from "./schema.ts";

type Request = Parameters<Outbox["claim"]>[0];

export async function claimBatch(db: Db, request: Request): Promise<Batch | undefined> {
  const { connection, resource, batchId, timeoutMs, at } = request;
  return db.transaction(async (tx) => {
    const claimed = await lockReady(tx, request);
    const members = await loadMembers(tx, claimed);
    const frozen = cutByBytes(members, request);
    if (frozen.length === 0) return undefined;
    const memberIds = frozen.map(({ document }) => document.id);
    const bodies = frozen.map(({ body }) => body);
    await tx.insert(batches).values({
      id: batchId,
      connectionId: connection,
      resource,
      members: memberIds,
      bodies,
      state: "open",
      createdAt: at,
      sentAt: at,
      timeoutMs,
    });
    const moved = await tx
      .update(documents)
      .set({ state: "delivering", batchId, changedAt: at })
      .where(and(inArray(documents.id, memberIds), eq(documents.state, "queued")))
      .returning({ id: documents.id });
    assert(moved.length === memberIds.length, "locked documents move together");
    return {
      id: batchId,
      connection,
      resource,
      members: frozen.map(({ document }) => ({ ...document, state: "delivering" })),
      bodies,
      answered: 0,
      sends: 1,
      createdAt: at,
      resendAfter: new Date(at.getTime() + timeoutMs),
    };
  });
}

/** Of a document `d`: everything that it comes after has its receipt. One behind a refused or held document waits. */
export const isReady = sql`not exists (
  select 1 from document_after a join documents o on o.id = a.after_id
  where a.document_id = d.id and o.state not in ('delivered', 'reconciled', 'drifted'))`;

/** Ids of up to `limit` ready documents, locked; those that another worker is claiming are skipped. */
async function lockReady(tx: Db, { connection, resource, limit, at }: Request): Promise<string[]> {
  const ready = await rows<{ id: string }>(
    tx,
    sql`
    select d.id from documents d
    where d.connection_id = ${connection} and d.state = 'queued' and d.resource = ${resource}
      and d.not_before <= ${instantText(at)}::timestamptz
      and ${isReady}
    order by d.created_at, d.id
    limit ${limit}
    for update of d skip locked`,
  );
  return ready.map(({ id }) => id);
}

/** Documents in the order of `ids`, with the ledger's ids of what each comes after. */
export async function loadMembers(tx: Db, ids: readonly string[]): Promise<OutboxDocument[]> {
  if (ids.length === 0) return [];
  const found = await tx
    .select()
    .from(documents)
    .where(inArray(documents.id, [...ids]));
  const order = await tx
    .select({ id: documentAfter.documentId, step: documentAfter.step, ledgerId: documents.ledgerDocumentId })
    .from(documentAfter)
    .innerJoin(documents, eq(documents.id, documentAfter.afterId))
    .where(inArray(documentAfter.documentId, [...ids]));
  const byId = new Map(found.map((row) => [row.id, row]));
  return ids.map((id) => {
    const row = byId.get(id);
    assert(row !== undefined, "a member of a batch is a document");
    const { step, resource, lookup, body, lineage, total, state, setbacks } = row;
    const receipts = order.flatMap((one) =>
      one.id === id && one.ledgerId !== null ? [[one.step, one.ledgerId] as const] : [],
    );
    return {
      id,
      step,
      resource,
      lookup,
      body,
      lineage,
      total,
      state,
      setbacks,
      receipts: Object.fromEntries(receipts),
    };
  });
}

/** As many as fit below the size that the ledger advises; one always goes, however large. */
function cutByBytes(members: readonly OutboxDocument[], { bytesMax, freeze }: Request) {
  const cut: { readonly document: OutboxDocument; readonly body: ReturnType<typeof freeze> }[] = [];
  let bytes = 0;
  for (const document of members) {
    const body = freeze(document);
    bytes += Buffer.byteLength(JSON.stringify(body));
    if (cut.length > 0 && bytes > bytesMax) break;
    cut.push({ document, body });
  }
  return cut;
}
