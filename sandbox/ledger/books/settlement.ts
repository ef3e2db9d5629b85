import type { Books } from "./books.ts";
import type { Allocation, Payment, TradeDocument } from "./rows.ts";

/** What is still open on a document, and the status that follows from it. */

/** Invoices and bills are paid; credit notes, overpayments and prepayments are used up. */
export const isCredit = (document: TradeDocument): boolean =>
  document.kind === "creditNote" || /-(OVER|PRE)PAYMENT$/.test(document.type);

export const livePayments = (books: Books, documentId: string): Payment[] =>
  books.find("payments", "document", documentId).filter((payment) => payment.status === "AUTHORISED");

export const creditsOn = (books: Books, invoiceId: string): Allocation[] =>
  books.find("allocations", "invoice", invoiceId);

export const allocationsFrom = (books: Books, sourceId: string): Allocation[] =>
  books.find("allocations", "source", sourceId);

const sumOf = (rows: readonly { amount: bigint }[]): bigint =>
  rows.reduce((sum, row) => sum + row.amount, 0n);

export const amountPaid = (books: Books, document: TradeDocument): bigint =>
  sumOf(livePayments(books, document.id));

export const amountCredited = (books: Books, document: TradeDocument): bigint =>
  sumOf(creditsOn(books, document.id));

export const hasSettlements = (books: Books, document: TradeDocument): boolean =>
  livePayments(books, document.id).length > 0 ||
  creditsOn(books, document.id).length > 0 ||
  allocationsFrom(books, document.id).length > 0;

/** AmountDue of an invoice, RemainingCredit of a credit; nothing is open once it is void. */
export function openAmountOf(books: Books, document: TradeDocument): bigint {
  if (document.status === "VOIDED" || document.status === "DELETED") return 0n;
  const used = isCredit(document)
    ? sumOf(allocationsFrom(books, document.id))
    : amountCredited(books, document);
  return document.total - used - amountPaid(books, document);
}

/** Puts the document back with the status its open amount asks for: PAID when nothing is left, AUTHORISED else. */
export function resettle(books: Books, documentId: string, nowMs: number): void {
  const document = books.get("documents", documentId);
  if (document === undefined || (document.status !== "AUTHORISED" && document.status !== "PAID")) return;
  const { fullyPaidOn: _before, ...rest } = document;
  const isDone = openAmountOf(books, document) === 0n && hasSettlements(books, document);
  const lastDate = isDone ? lastSettlementDate(books, documentId) : undefined;
  books.put("documents", {
    ...rest,
    status: isDone ? "PAID" : "AUTHORISED",
    updatedMs: nowMs,
    ...(lastDate === undefined ? {} : { fullyPaidOn: lastDate }),
  });
}

function lastSettlementDate(books: Books, documentId: string): string | undefined {
  const dates = [
    ...livePayments(books, documentId),
    ...creditsOn(books, documentId),
    ...allocationsFrom(books, documentId),
  ].map(({ date }) => date);
  return dates.sort().at(-1);
}
