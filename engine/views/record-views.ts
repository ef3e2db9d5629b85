/** Rows -> what people and tools see of a record and of its documents. */
import { asc, eq, inArray } from "drizzle-orm";
import { documents, recordDocuments, recordStates, records } from "../adapters/postgres/schema.ts";
import type { DocumentView, RecordView } from "../api.ts";
import type { Context } from "../context.ts";
import { e4Of, formatE4 } from "../core/money.ts";
import type { Json } from "../core/shapes.ts";

export type DocumentRow = typeof documents.$inferSelect;

/** Records in the order of `ids`; ids that are gone are left out. */
export async function recordViews(context: Context, ids: readonly string[]): Promise<RecordView[]> {
  if (ids.length === 0) return [];
  const [rows, states, theirs] = await Promise.all([
    recordRows(context, ids),
    statesOf(context, ids),
    documentsOf(context, ids),
  ]);
  return ids.flatMap((id): RecordView[] => {
    const row = rows.find((candidate) => candidate.id === id);
    if (row === undefined) return [];
    const own = theirs.filter(({ record }) => record === id).map(({ document }) => document);
    return [
      {
        id,
        order: row.number,
        state: states.get(id) ?? "received",
        hold: row.hold ?? own.find(({ hold }) => hold !== null)?.hold ?? null,
        currency: row.currency,
        total: amountText(row.total),
        placedAt: row.placedAt?.toISOString() ?? null,
        changedAt: row.changedAt.toISOString(),
        documents: own.map(documentView),
      },
    ];
  });
}

const recordRows = ({ db }: Context, ids: readonly string[]) =>
  db
    .select({
      id: records.id,
      number: records.number,
      hold: records.hold,
      currency: records.currency,
      total: records.total,
      placedAt: records.placedAt,
      changedAt: records.changedAt,
    })
    .from(records)
    .where(inArray(records.id, [...ids]));

export async function statesOf({ db }: Context, ids: readonly string[]) {
  const rows = await db
    .select({ id: recordStates.recordId, state: recordStates.state })
    .from(recordStates)
    .where(inArray(recordStates.recordId, [...ids]));
  return new Map(rows.map(({ id, state }) => [id, state]));
}

/** The documents of some records, each record's in the order of its plan. */
export const documentsOf = ({ db }: Context, ids: readonly string[]) =>
  db
    .select({ record: recordDocuments.recordId, document: documents })
    .from(recordDocuments)
    .innerJoin(documents, eq(documents.id, recordDocuments.documentId))
    .where(inArray(recordDocuments.recordId, [...ids]))
    .orderBy(asc(recordDocuments.recordId), asc(recordDocuments.position), asc(documents.step));

function documentView(row: DocumentRow): DocumentView {
  return {
    id: row.id,
    step: row.step,
    resource: row.resource,
    state: row.state,
    number:
      row.answer?.number ?? textMember(row.body, "InvoiceNumber") ?? textMember(row.body, "ContactNumber"),
    ledgerId: row.ledgerDocumentId,
    ledgerUrl: ledgerUrl(row),
    total: amountText(row.total),
    currency: row.currency,
    attempt: row.attempt,
    error: row.error,
    specVersion: row.specVersion,
  };
}

/** Where the ledger's own users open it. Xero has no page of its own for a payment: it is on its invoice. */
function ledgerUrl({ resource, ledgerDocumentId: id }: DocumentRow): string | null {
  if (id === null) return null;
  if (resource === "Invoices") return `https://go.xero.com/AccountsReceivable/View.aspx?InvoiceID=${id}`;
  if (resource === "Contacts") return `https://go.xero.com/Contacts/View/${id}`;
  return null;
}

/** `numeric` comes as text with four decimals; people see two unless the others matter. */
export const amountText = (numeric: string | null): string | null =>
  numeric === null ? null : formatE4(e4Of(numeric));

function textMember(body: { readonly [key: string]: Json }, key: string): string | null {
  const value = body[key];
  return typeof value === "string" ? value : null;
}
