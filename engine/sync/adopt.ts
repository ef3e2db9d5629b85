/**
 * Is what the ledger holds the very document that we meant to send? Adopted only when type, contact, date, currency, total
 * and lines are equal and it is live (design.md section 6); else it is somebody else's, and the record waits for a person.
 */
import type { Held } from "../core/hold.ts";
import { e4Of, parseE4 } from "../core/money.ts";
import type { Json } from "../core/shapes.ts";
import { lineCents } from "../core/xero-arithmetic.ts";
import type { LedgerAllocation, LedgerDocument, LedgerLine, LedgerPayment } from "../ports.ts";

const LIVE_INVOICES = ["DRAFT", "SUBMITTED", "AUTHORISED", "PAID"];
const LIVE_CONTACTS = ["ACTIVE"];
const DIFFERENCES_MAX = 5;

/** The hold for an invoice or credit note that has our number but is not ours; undefined when it is the frozen one. */
export function documentDiffers(body: Json, total: string | null, found: LedgerDocument): Held | undefined {
  const differences = [
    !LIVE_INVOICES.includes(found.status) && `status ${found.status}`,
    text(body, "Type") !== found.type && `type ${found.type}`,
    text(member(body, "Contact"), "ContactID") !== found.contactId && "another contact",
    text(body, "Date") !== dateOf(found.date) && `date ${dateOf(found.date)}`,
    text(body, "CurrencyCode") !== found.currency && `currency ${found.currency}`,
    total !== null && !sameAmount(total, found.total) && `total ${found.total} instead of ${total}`,
    ...lineDifferences(body, found.lines),
  ].filter((difference) => difference !== false);
  const field = text(body, "CreditNoteNumber") === "" ? "InvoiceNumber" : "CreditNoteNumber";
  return differences.length === 0 ? undefined : numberTaken(field, differences);
}

/** A contact is ours by its number; one with our number and another name belongs to another system. */
export function contactDiffers(body: Json, found: LedgerDocument): Held | undefined {
  if (!LIVE_CONTACTS.includes(found.status)) return contactArchived;
  const isOurs = sameName(text(body, "Name")) === sameName(found.name ?? "");
  return isOurs ? undefined : numberTaken("ContactNumber", ["another name"]);
}

/** People merge duplicates: whoever was merged is the other contact from then on (facts/accounting.md CUST-07). */
export const mergedContact = (found: LedgerDocument): LedgerDocument | undefined =>
  found.mergedTo === undefined
    ? undefined
    : { ...found, id: found.mergedTo, contactId: found.mergedTo, status: "ACTIVE" };

const contactArchived: Held = {
  hold: "contactArchived",
  field: "/ContactNumber",
  detail:
    "The contact with our number is archived in the ledger; no second one is made for the same customer.",
  action: "Restore the contact in Xero, or merge it into the one to be invoiced, then sync the order again.",
};

/** Our payment among those of its invoice: by reference, amount and date. */
export function findPayment(
  body: Json,
  parent: LedgerDocument,
  taken: ReadonlySet<string>,
): LedgerPayment | undefined {
  return parent.payments.find(
    (payment) =>
      !taken.has(payment.id) &&
      payment.status !== "DELETED" &&
      (payment.reference ?? "") === text(body, "Reference") &&
      sameAmount(text(body, "Amount"), payment.amount) &&
      dateOf(payment.date) === text(body, "Date"),
  );
}

/** Our allocation among those of its credit note: by invoice and amount, which no second one can have by accident. */
export function findAllocation(
  body: Json,
  note: LedgerDocument,
  taken: ReadonlySet<string>,
): LedgerAllocation | undefined {
  const invoice = text(member(body, "Invoice"), "InvoiceID").toLowerCase();
  return note.allocations.find(
    ({ id, invoiceId, amount }) =>
      !taken.has(id) && invoiceId.toLowerCase() === invoice && sameAmount(text(body, "Amount"), amount),
  );
}

/** An allocation found on its credit note, in the form of an answer. */
export const allocationDocument = (
  { id, amount }: LedgerAllocation,
  note: LedgerDocument,
): LedgerDocument => ({
  ...note,
  id,
  number: null,
  reference: null,
  type: "ALLOCATION",
  status: "AUTHORISED",
  total: amount,
  totalTax: null,
  amountDue: null,
  lines: [],
  payments: [],
  allocations: [],
});

/** A payment found on the invoice or credit note that it settles, in the form of an answer. */
export const paymentDocument = (payment: LedgerPayment, parent: LedgerDocument): LedgerDocument => ({
  id: payment.id,
  number: null,
  reference: payment.reference,
  type: parent.type === "ACCRECCREDIT" ? "ARCREDITPAYMENT" : "ACCRECPAYMENT",
  status: payment.status ?? "AUTHORISED",
  contactId: parent.contactId,
  name: null,
  date: payment.date,
  currency: parent.currency,
  total: payment.amount,
  totalTax: null,
  amountDue: null,
  lines: [],
  payments: [],
  allocations: [],
});

export const contactNameTaken: Held = {
  hold: "contactNameTaken",
  field: "/Name",
  detail: "Another contact of the ledger has this name and not our contact number.",
  action:
    "Set its contact number to ours in Xero, or change the contact name template, then sync the order again.",
};

export const numberHidden: Held = {
  hold: "numberTaken",
  field: "/InvoiceNumber",
  detail: "The ledger says that this number is taken, and shows no document that has it.",
  action:
    "Look for the number in Xero, deleted documents too; change the number prefix, then sync the order again.",
};

function lineDifferences(body: Json, found: readonly LedgerLine[]): (string | false)[] {
  const lines = member(body, "LineItems");
  const wanted = Array.isArray(lines) ? lines : [];
  if (wanted.length !== found.length) return [`${found.length} lines instead of ${wanted.length}`];
  return wanted.map((line, index) => {
    const other = found[index];
    return !(other && sameLine(line, other)) && `line ${index + 1}`;
  });
}

function sameLine(line: Json, found: LedgerLine): boolean {
  const stated = text(line, "LineAmount");
  const amount = stated === "" ? lineAmount(line) : stated;
  const tax = text(line, "TaxAmount");
  return (
    sameAmount(amount, found.lineAmount) &&
    (tax === "" || sameAmount(tax, found.taxAmount)) &&
    text(line, "AccountCode") === (found.accountCode ?? "") &&
    text(line, "TaxType") === (found.taxType ?? "")
  );
}

const lineAmount = (line: Json): string => {
  const cents = lineCents(e4Of(text(line, "Quantity")), e4Of(text(line, "UnitAmount")));
  return `${cents / 100n}.${String(cents % 100n).padStart(2, "0")}`;
};

function sameAmount(ours: string, theirs: string | null): boolean {
  return theirs !== null && parseE4(ours) === parseE4(theirs);
}

const sameName = (name: string): string => name.trim().replace(/\s+/g, " ").toLowerCase();
const dateOf = (date: string | null): string => (date ?? "").slice(0, 10);

function numberTaken(field: string, differences: readonly string[]): Held {
  const named = differences.slice(0, DIFFERENCES_MAX).join(", ");
  return {
    hold: "numberTaken",
    field: `/${field}`,
    detail: `The ledger has a document with this ${field} that is not the one we would send: ${named}.`,
    action: "Look at it in Xero; change the number prefix, or book the order by hand.",
  };
}

const member = (value: Json | undefined, key: string): Json =>
  value !== null && typeof value === "object" && !Array.isArray(value) ? (value[key] ?? null) : null;
const text = (value: Json, key: string): string => {
  const found = member(value, key);
  return typeof found === "string" ? found : "";
};
