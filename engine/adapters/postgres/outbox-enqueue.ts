/** Documents, their order, the record they belong to and the wake-up of delivery: all in one transaction. */
import { and, eq, inArray, sql } from "drizzle-orm";
import { assert, never } from "../../core/assert.ts";
import type { Held } from "../../core/hold.ts";
import { TRANSITIONS } from "../../core/state.ts";
import type { Ids, NewDocument, Outbox } from "../../ports.ts";
import type { Db } from "./open.ts";
import { documentAfter, documents, recordDocuments, records } from "./schema.ts";

/** Puts a wake-up of a connection's delivery into a transaction. */
export type WakeIn = (tx: Db, connection: string) => Promise<void>;

type Request = Parameters<Outbox["enqueue"]>[0];
type DocumentRow = typeof documents.$inferSelect;
/** Locked documents by delivery key, each with what it comes after. */
type Known = ReadonlyMap<string, DocumentRow & { readonly after: readonly string[] }>;

export async function enqueueDocuments(
  db: Db,
  { ids, wakeIn }: { readonly ids: Ids; readonly wakeIn: WakeIn },
  request: Request,
): ReturnType<Outbox["enqueue"]> {
  return db.transaction(async (tx) => {
    // One planner of a record at a time; a second one of the same order finds everything there.
    await tx.select({ id: records.id }).from(records).where(eq(records.id, request.record)).for("update");
    const added = await insertMissing(tx, ids, request);
    const known = await lockAll(tx, request);
    const renewed = await renew(tx, request, known, added);
    await linkRecord(tx, request, known);
    await linkOrder(tx, request, known, new Set([...added, ...renewed]));
    if (request.whole) await parkOthers(tx, request, known);
    await tx.update(records).set({ hold: null, changedAt: request.at }).where(eq(records.id, request.record));
    if (added.size + renewed.size > 0) await wakeIn(tx, request.connection);
    const kept = request.documents.length - added.size - renewed.size;
    return { added: added.size, renewed: renewed.size, kept };
  });
}

/** By delivery key: two orders of one customer share a contact, and both must lock it in the same order. */
const inKeyOrder = (wanted: readonly NewDocument[]): NewDocument[] =>
  [...wanted].sort((a, b) => (a.deliveryKey < b.deliveryKey ? -1 : 1));

/** Delivery keys of the documents that were not there yet. */
export async function insertMissing(
  tx: Db,
  ids: Ids,
  request: Pick<Request, "connection" | "documents" | "specVersion" | "at">,
): Promise<ReadonlySet<string>> {
  const { connection, specVersion, at } = request;
  const inserted = await tx
    .insert(documents)
    .values(
      inKeyOrder(request.documents).map((document) => ({
        id: ids.next(),
        connectionId: connection,
        deliveryKey: document.deliveryKey,
        identity: document.identity,
        step: document.step,
        resource: document.resource,
        ...contentColumns(document),
        specVersion,
        state: "queued" as const,
        notBefore: at,
        createdAt: at,
        changedAt: at,
      })),
    )
    .onConflictDoNothing({ target: documents.deliveryKey })
    .returning({ key: documents.deliveryKey });
  return new Set(inserted.map(({ key }) => key));
}

const contentColumns = ({ lookup, body, lineage, currency, total }: NewDocument) => ({
  lookup,
  body,
  lineage,
  currency,
  total,
});

/** Locks the wanted documents, their predecessors and what the record has already, in the order of their keys. */
async function lockAll(tx: Db, request: Request): Promise<Known> {
  const wanted = request.documents.flatMap(({ deliveryKey, after }) => [
    deliveryKey,
    ...after.map((one) => one.deliveryKey),
  ]);
  const linked = await tx
    .select({ key: documents.deliveryKey })
    .from(recordDocuments)
    .innerJoin(documents, eq(documents.id, recordDocuments.documentId))
    .where(eq(recordDocuments.recordId, request.record));
  return lockDocuments(tx, request.connection, [...wanted, ...linked.map(({ key }) => key)]);
}

export async function lockDocuments(tx: Db, connection: string, wanted: readonly string[]): Promise<Known> {
  const keys = new Set(wanted);
  const found = await tx
    .select()
    .from(documents)
    .where(inArray(documents.deliveryKey, [...keys]))
    .orderBy(documents.deliveryKey)
    .for("update");
  assert(found.length === keys.size, "a document's predecessors are planned or known");
  const foreign = found.find((row) => row.connectionId !== connection);
  assert(foreign === undefined, "a delivery key belongs to one connection");
  const order = await tx
    .select()
    .from(documentAfter)
    .where(
      inArray(
        documentAfter.documentId,
        found.map(({ id }) => id),
      ),
    );
  return new Map(
    found.map((row) => {
      const after = order.filter(({ documentId }) => documentId === row.id).map(({ afterId }) => afterId);
      return [row.deliveryKey, { ...row, after: after.sort() }];
    }),
  );
}

/** Gives new bodies to documents that may take one, and sends refused ones again when asked. */
async function renew(
  tx: Db,
  request: Request,
  known: Known,
  added: ReadonlySet<string>,
): Promise<ReadonlySet<string>> {
  const renewed = new Set<string>();
  for (const document of inKeyOrder(request.documents)) {
    const row = rowOf(known, document.deliveryKey);
    const changed = !isSame(document, known);
    if (added.has(document.deliveryKey) || !mayRenew(row, changed, request.retry)) continue;
    const moves: readonly string[] = TRANSITIONS[row.state];
    assert(row.state === "queued" || moves.includes("queued"), `${row.state} may become queued`);
    const moved = await tx
      .update(documents)
      .set({
        ...contentColumns(document),
        specVersion: request.specVersion,
        state: "queued",
        attempt: sql`${documents.attempt} + 1`,
        setbacks: 0,
        notBefore: request.at,
        batchId: null,
        error: null,
        hold: null,
        changedAt: request.at,
      })
      .where(and(eq(documents.id, row.id), eq(documents.state, row.state)))
      .returning({ id: documents.id });
    assert(moved.length === 1, "a locked document moves");
    renewed.add(document.deliveryKey);
  }
  return renewed;
}

/**
 * A body is pinned while an attempt is open or its outcome unknown, and for ever once there is a receipt. A queued document
 * may take a new body; a refused one goes out again when that was asked for or its content is another.
 */
function mayRenew(row: DocumentRow, changed: boolean, retry: boolean): boolean {
  switch (row.state) {
    case "queued":
      return changed;
    case "failed":
    case "held":
      return changed || retry || isParked(row);
    case "delivering":
    case "uncertain":
    case "delivered":
    case "reconciled":
    case "drifted":
    case "cancelled":
    case "reversed":
      return false;
    default:
      return never(row.state);
  }
}

/** Held only because its order did not make it for a while. */
const isParked = ({ state, hold }: DocumentRow): boolean =>
  state === "held" && hold?.hold === SUPERSEDED.hold;

/** Ids of receipts are null in both bodies, so another predecessor is another content too. */
function isSame(document: NewDocument, known: Known): boolean {
  const { body, lineage, lookup, after } = rowOf(known, document.deliveryKey);
  const afterIds = document.after.map((one) => rowOf(known, one.deliveryKey).id).sort();
  return (
    JSON.stringify([body, lineage, lookup, after]) ===
    JSON.stringify([document.body, document.lineage, document.lookup, afterIds])
  );
}

async function linkRecord(tx: Db, request: Request, known: Known): Promise<void> {
  await tx
    .insert(recordDocuments)
    .values(
      request.documents.map(({ deliveryKey }, position) => ({
        recordId: request.record,
        documentId: rowOf(known, deliveryKey).id,
        position,
      })),
    )
    .onConflictDoUpdate({
      target: [recordDocuments.recordId, recordDocuments.documentId],
      set: { position: sql`excluded.position` },
    });
}

/** What each new or renewed document comes after; that of a document under way is pinned like its body. */
export async function linkOrder(
  tx: Db,
  request: Pick<Request, "documents">,
  known: Known,
  fresh: ReadonlySet<string>,
): Promise<void> {
  const changed = request.documents.filter(({ deliveryKey }) => fresh.has(deliveryKey));
  if (changed.length === 0) return;
  const changedIds = changed.map(({ deliveryKey }) => rowOf(known, deliveryKey).id);
  await tx.delete(documentAfter).where(inArray(documentAfter.documentId, changedIds));
  const order = changed.flatMap(({ deliveryKey, after }) =>
    after.map((one) => ({
      documentId: rowOf(known, deliveryKey).id,
      afterId: rowOf(known, one.deliveryKey).id,
      step: one.step,
    })),
  );
  if (order.length > 0) await tx.insert(documentAfter).values(order);
}

const UNSENT: readonly DocumentRow["state"][] = ["queued", "failed", "held"];

/** Documents that the order no longer makes: unlinked, and not sent unless another order has them too. */
async function parkOthers(tx: Db, request: Request, known: Known): Promise<void> {
  const wanted = new Set(request.documents.map(({ deliveryKey }) => deliveryKey));
  const predecessors = new Set(
    request.documents.flatMap(({ after }) => after.map(({ deliveryKey }) => deliveryKey)),
  );
  const others = [...known.values()].filter(
    ({ deliveryKey, state }) =>
      !wanted.has(deliveryKey) && !predecessors.has(deliveryKey) && UNSENT.includes(state),
  );
  if (others.length === 0) return;
  const otherIds = others.map(({ id }) => id);
  await tx
    .delete(recordDocuments)
    .where(and(eq(recordDocuments.recordId, request.record), inArray(recordDocuments.documentId, otherIds)));
  await tx
    .update(documents)
    .set({ state: "held", hold: SUPERSEDED, changedAt: request.at })
    .where(
      and(
        inArray(documents.id, otherIds),
        eq(documents.state, "queued"),
        sql`not exists (select 1 from record_documents rd where rd.document_id = ${documents.id})`,
      ),
    );
}

export function rowOf(known: Known, deliveryKey: string) {
  const row = known.get(deliveryKey);
  assert(row !== undefined, "every document of the request is locked");
  return row;
}

const SUPERSEDED: Held = {
  hold: "nothingToPost",
  field: "/",
  detail: "The order no longer makes this document.",
  action: "Nothing is posted; the documents that replace it are on the order.",
};
