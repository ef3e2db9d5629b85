/** Documents that many orders share: a day's summary is added, found and taken back for all of its orders at once. */
import { and, eq, inArray, notInArray, sql } from "drizzle-orm";
import type { Identity } from "../../core/plan.ts";
import type { Ids, NewDocument, SummaryRequest, SummaryStage } from "../../ports.ts";
import { type Db, rows } from "./open.ts";
import { insertMissing, linkOrder, lockDocuments, rowOf, type WakeIn } from "./outbox-enqueue.ts";
import { documents, recordDocuments, records } from "./schema.ts";

type Parts = { readonly ids: Ids; readonly wakeIn: WakeIn };

const ROWS_PER_INSERT = 500;

/** Undoes the transaction: another worker has made a summary of this name meanwhile. */
class NameTaken extends Error {}

export async function enqueueSummary(
  db: Db,
  parts: Parts,
  request: SummaryRequest,
): Promise<"added" | "taken" | "changed"> {
  try {
    return await db.transaction(async (tx) => {
      if (!(await membersWait(tx, request))) return "changed";
      await insertAll(tx, parts, request);
      await parts.wakeIn(tx, request.connection);
      return "added";
    });
  } catch (error) {
    if (error instanceof NameTaken) return "taken";
    throw error;
  }
}

/** Locks the orders; each waits as it was read and has no document on its way or in the ledger. */
async function membersWait(tx: Db, { members }: SummaryRequest): Promise<boolean> {
  const ids = members.map(({ record }) => record);
  const found = await tx
    .select({ id: records.id, revision: records.revision, hold: records.hold })
    .from(records)
    .where(inArray(records.id, ids))
    .orderBy(records.id)
    .for("update");
  const revisions = new Map(members.map(({ record, revision }) => [record, revision]));
  const wait = found.filter(
    ({ id, revision, hold }) => hold?.hold === "inDaySummary" && revision === revisions.get(id),
  );
  if (wait.length < members.length) return false;
  const [linked] = await tx
    .select({ id: recordDocuments.recordId })
    .from(recordDocuments)
    .innerJoin(documents, eq(documents.id, recordDocuments.documentId))
    .where(
      and(inArray(recordDocuments.recordId, ids), notInArray(documents.state, ["cancelled", "reversed"])),
    )
    .limit(1);
  return linked === undefined;
}

async function insertAll(tx: Db, { ids }: Parts, request: SummaryRequest): Promise<void> {
  const { members, at } = request;
  const added = await insertMissing(tx, ids, request);
  const own = request.documents.filter(({ identity }) => identity.sourceType === "day");
  if (own.some(({ deliveryKey }) => !added.has(deliveryKey))) throw new NameTaken();
  const known = await lockDocuments(
    tx,
    request.connection,
    request.documents.map(({ deliveryKey }) => deliveryKey),
  );
  await linkOrder(tx, request, known, added);
  const links = members.flatMap(({ record, share }) =>
    request.documents.map((document, position) => ({
      recordId: record,
      documentId: rowOf(known, document.deliveryKey).id,
      position,
      share: isInvoice(document) ? share : null,
    })),
  );
  for (let from = 0; from < links.length; from += ROWS_PER_INSERT)
    await tx
      .insert(recordDocuments)
      .values(links.slice(from, from + ROWS_PER_INSERT))
      .onConflictDoNothing();
  await tx
    .update(records)
    .set({ hold: null, changedAt: at })
    .where(
      inArray(
        records.id,
        members.map(({ record }) => record),
      ),
    );
}

const isInvoice = ({ identity }: NewDocument): boolean => identity.kind === "summary";

type Stood = { readonly id: string; readonly state: string; readonly kind: string };

/** The documents of the summary that a record is in, its contact among them; none for a record in no summary. */
async function documentsOf(db: Db, record: string): Promise<Stood[]> {
  const found = await rows<Stood>(
    db,
    sql`
    select d.id, d.state, d.identity ->> 'kind' as kind
    from record_documents rd join documents d on d.id = rd.document_id
    where rd.record_id = ${record}
      and (d.identity ->> 'sourceType' = 'day' or d.resource = 'Contacts')
    order by d.delivery_key`,
  );
  return found.some(({ kind }) => kind === "summary") ? found : [];
}

export async function summaryStage(db: Db, record: string): Promise<SummaryStage | undefined> {
  const found = await documentsOf(db, record);
  if (found.length === 0) return undefined;
  if (found.some(({ state }) => REFUSED.includes(state))) return "refused";
  return found.every(({ state }) => IN_LEDGER.includes(state)) ? "posted" : "underWay";
}

const REFUSED: readonly string[] = ["failed", "held"];
const IN_LEDGER: readonly string[] = ["delivered", "reconciled", "drifted"];

/** A refused invoice is given up with its payments; a refused contact or payment is sent again as it is. */
export async function reviseSummary(db: Db, { wakeIn }: Parts, record: string, at: Date): Promise<void> {
  await db.transaction(async (tx) => {
    const found = await documentsOf(tx, record);
    const summary = found.find(({ kind }) => kind === "summary");
    if (summary === undefined) return;
    const members = await lockMembers(tx, summary.id);
    const ids = found.map(({ id }) => id);
    const locked = await tx
      .select()
      .from(documents)
      .where(inArray(documents.id, ids))
      .orderBy(documents.deliveryKey)
      .for("update");
    const isOwn = ({ identity }: { readonly identity: Identity }): boolean => identity.sourceType === "day";
    const isGivenUp = locked.some(({ id, state }) => id === summary.id && REFUSED.includes(state));
    if (isGivenUp) await giveUp(tx, { members, own: idsOf(locked.filter(isOwn)), at });
    await sendAgain(tx, idsOf(isGivenUp ? locked.filter((row) => !isOwn(row)) : locked), at);
    for (const connection of new Set(locked.map(({ connectionId }) => connectionId)))
      await wakeIn(tx, connection);
  });
}

const idsOf = (found: readonly { readonly id: string }[]): string[] => found.map(({ id }) => id);

/** Records are locked before documents, as everywhere. */
async function lockMembers(tx: Db, summary: string): Promise<string[]> {
  const linked = tx
    .select({ id: recordDocuments.recordId })
    .from(recordDocuments)
    .where(eq(recordDocuments.documentId, summary));
  const found = await tx
    .select({ id: records.id })
    .from(records)
    .where(inArray(records.id, linked))
    .orderBy(records.id)
    .for("update");
  return idsOf(found);
}

type GivenUp = { readonly members: readonly string[]; readonly own: readonly string[]; readonly at: Date };

/** The orders of the summary wait for the next one, which the newest mapping makes. */
async function giveUp(tx: Db, { members, own, at }: GivenUp): Promise<void> {
  await tx
    .update(documents)
    .set({ state: "cancelled", changedAt: at })
    .where(and(inArray(documents.id, [...own]), inArray(documents.state, ["queued", "failed", "held"])));
  // Their contact too: the orders are as if nothing had been made for them.
  await tx.delete(recordDocuments).where(inArray(recordDocuments.recordId, [...members]));
  await tx
    .update(records)
    .set({ hold: GIVEN_UP, changedAt: at })
    .where(inArray(records.id, [...members]));
}

async function sendAgain(tx: Db, ids: readonly string[], at: Date): Promise<void> {
  if (ids.length === 0) return;
  await tx
    .update(documents)
    .set({
      state: "queued",
      attempt: sql`${documents.attempt} + 1`,
      setbacks: 0,
      notBefore: at,
      batchId: null,
      error: null,
      hold: null,
      changedAt: at,
    })
    .where(and(inArray(documents.id, [...ids]), inArray(documents.state, ["failed", "held"])));
}

const GIVEN_UP = {
  hold: "inDaySummary",
  field: "/",
  detail: "The ledger refused the summary that the order was in; it goes into the next one of its day.",
  action: "Nothing to do: the next summary is made by the newest mapping.",
} as const;
