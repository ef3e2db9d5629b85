import type { Line, TradeDocument } from "../books/rows.ts";
import { creditsOn } from "../books/settlement.ts";
import { say } from "../wire/messages.ts";
import type { Call } from "./call.ts";
import type { Problems } from "./problems.ts";

/**
 * What may still change once a payment or a credit is on a document: Reference, DueDate, number, branding, contact
 * (unless a credit note is on it), Url, and of a line its words, account and tracking (facts/xero.md section 4).
 */
export function checkSettledEdit(
  call: Call,
  before: TradeDocument,
  after: TradeDocument,
  problems: Problems,
): void {
  if (before.kind === "creditNote") {
    // Not a word of it: its allocations and refunds must go first (facts/xero.md section 4, CreditNotes).
    problems.add(say.paidDocument);
    return;
  }
  const contactIsFixed = creditsOn(call.books, before.id).length > 0;
  const isMoneyChanged =
    before.type !== after.type ||
    before.currency !== after.currency ||
    before.rate !== after.rate ||
    before.expectedPaymentDate !== after.expectedPaymentDate ||
    before.lineAmountTypes !== after.lineAmountTypes ||
    before.lines.length !== after.lines.length ||
    before.lines.some((line, index) => moneyKey(line) !== moneyKey(after.lines[index])) ||
    (contactIsFixed && before.contactId !== after.contactId);
  const isDateChanged = before.date !== after.date;
  if (!isMoneyChanged && !isDateChanged) return;
  if (before.status === "PAID") {
    problems.add(say.notValidForModification("Invoice"));
    return;
  }
  if (isMoneyChanged) problems.add(say.paidDocument);
  if (isDateChanged) problems.add(say.paidDocumentDate);
}

function moneyKey(line: Line | undefined): string {
  if (line === undefined) return "";
  const { id, quantity, unitAmount, lineAmount, taxAmount, taxType, itemCode, discountRate, discountAmount } =
    line;
  return [
    id,
    quantity,
    unitAmount,
    lineAmount,
    taxAmount,
    taxType,
    itemCode,
    discountRate,
    discountAmount,
  ].join("/");
}

/** UpdatedDateUTC does not move for DueDate or SentToContact on part-paid documents (facts/xero.md section 2). */
export function isSilentEdit(before: TradeDocument, after: TradeDocument): boolean {
  const key = (document: TradeDocument): string => {
    const {
      dueDate: _due,
      sentToContact: _sent,
      updatedMs: _updated,
      fullyPaidOn: _paid,
      ...rest
    } = document;
    return JSON.stringify(rest, (_name, value: unknown) => (typeof value === "bigint" ? `${value}n` : value));
  };
  return key(before) === key(after);
}
