/**
 * Would the ledger accept this document? Asked before any call, so that a refusal costs nothing (facts/xero.md section 7).
 * Locked dates are refused here: an adviser's connection would post into them silently.
 */
import { never } from "./assert.ts";
import type { Held } from "./hold.ts";
import { accountByCode, type LedgerAccount, type Org, taxRateByType } from "./org.ts";
import type { DocumentPlan, PlannedDocument } from "./plan.ts";
import type { Json } from "./shapes.ts";

/** Xero sets no hard limit; beyond this an invoice can no longer be opened in its editor (facts/accounting.md 1.1). */
const LINES_MAX = 500;
/** Account types that an invoice line may use; bank and system control accounts are refused with message 2. */
const LINE_TYPES_REFUSED = new Set(["BANK"]);
const SYSTEM_ACCOUNTS_REFUSED = new Set([
  "DEBTORS",
  "CREDITORS",
  "GST",
  "RETAINEDEARNINGS",
  "TRACKINGTRANSFERS",
  "UNPAIDEXPCLM",
  "WAGEPAYABLES",
]);

/** The first reason why the ledger would refuse the plan. */
export function accept(plan: DocumentPlan, org: Org): Held | undefined {
  for (const document of plan.documents) {
    const held = acceptDocument(document, org);
    if (held !== undefined) return held;
  }
  return undefined;
}

function acceptDocument(document: PlannedDocument, org: Org): Held | undefined {
  const { body, resource } = document;
  switch (resource) {
    case "Contacts":
      return undefined;
    case "Invoices":
    case "CreditNotes":
      return acceptInvoice(body, org);
    case "Payments":
      return acceptDate(body, org) ?? acceptPaymentAccount(member(member(body, "Account"), "Code"), org);
    case "Allocations":
    case "Items":
    case "BankTransactions":
      return acceptDate(body, org);
    default:
      return never(resource);
  }
}

function acceptInvoice(body: Json, org: Org): Held | undefined {
  const currency = text(member(body, "CurrencyCode"));
  if (!org.currencies.includes(currency)) return currencyNotSubscribed(currency);
  const lines = member(body, "LineItems");
  if (!Array.isArray(lines) || lines.length === 0) return nothingToPost;
  if (lines.length > LINES_MAX) return tooManyLines(lines.length);
  const number = text(member(body, "InvoiceNumber"));
  if (!/^[\x20-\x7e]{1,255}$/.test(number)) return numberRefused;
  const dated = acceptDate(body, org);
  if (dated !== undefined) return dated;
  for (const [index, line] of lines.entries()) {
    const held = acceptLine(line, `/LineItems/${index}`, org);
    if (held !== undefined) return held;
  }
  return undefined;
}

function acceptLine(line: Json, field: string, org: Org): Held | undefined {
  const code = text(member(line, "AccountCode"));
  const fault = lineAccountFault(accountByCode(org, code));
  if (fault !== undefined) return accountRefused(`${field}/AccountCode`, code, fault);
  const taxType = text(member(line, "TaxType"));
  const rate = taxRateByType(org, taxType);
  if (rate === undefined)
    return taxTypeRefused("taxTypeUnknown", `${field}/TaxType`, taxType, "does not exist");
  if (rate.status !== "ACTIVE")
    return taxTypeRefused("taxTypeNotUsable", `${field}/TaxType`, taxType, "is not active");
  if (!rate.appliesToRevenue)
    return taxTypeRefused("taxTypeNotUsable", `${field}/TaxType`, taxType, "is not for sales");
  const tracking = member(line, "Tracking");
  for (const entry of Array.isArray(tracking) ? tracking : []) {
    const [category, option] = [text(member(entry, "Name")), text(member(entry, "Option"))];
    const known = org.tracking.find(({ name }) => name === category);
    if (!known?.options.includes(option)) return trackingUnknown(`${field}/Tracking`, category, option);
  }
  return undefined;
}

/** Why an invoice line may not use an account; `undefined` when it may. Shared with the check of a spec. */
export function lineAccountFault(account: LedgerAccount | undefined): string | undefined {
  if (account === undefined) return "does not exist";
  if (account.status !== "ACTIVE") return "is archived";
  if (LINE_TYPES_REFUSED.has(account.type)) return "is a bank account";
  if (account.systemAccount !== null && SYSTEM_ACCOUNTS_REFUSED.has(account.systemAccount))
    return "is a system account";
  return undefined;
}

/** Payments need a bank account or one with payments enabled (facts/xero.md section 4). */
export function paymentAccountFault(account: LedgerAccount | undefined): string | undefined {
  if (account === undefined) return "does not exist";
  if (account.status !== "ACTIVE") return "is archived";
  return account.type === "BANK" || account.enablePayments ? undefined : "takes no payments";
}

/** Money received or spent moves on a bank account (facts/xero.md section 4, BankTransactions). */
export function bankAccountFault(account: LedgerAccount | undefined): string | undefined {
  if (account === undefined) return "does not exist";
  if (account.status !== "ACTIVE") return "is archived";
  return account.type === "BANK" ? undefined : "is not a bank account";
}

function acceptPaymentAccount(value: Json, org: Org): Held | undefined {
  const code = text(value);
  const fault = paymentAccountFault(accountByCode(org, code));
  return fault === undefined ? undefined : accountRefused("/Account/Code", code, fault);
}

function acceptDate(body: Json, org: Org): Held | undefined {
  const date = text(member(body, "Date"));
  const locks = [
    { name: "period lock date", lock: org.periodLockDate },
    { name: "end of year lock date", lock: org.endOfYearLockDate },
  ];
  const locked = locks.find(({ lock }) => lock !== null && date !== "" && date <= lock);
  return locked && periodLocked(date, locked.name, locked.lock ?? "");
}

const member = (value: Json | undefined, key: string): Json =>
  value !== null && typeof value === "object" && !Array.isArray(value) ? (value[key] ?? null) : null;
const text = (value: Json): string => (typeof value === "string" ? value : "");

const currencyNotSubscribed = (currency: string): Held => ({
  hold: "currencyNotSubscribed",
  field: "order_currency_code",
  detail: `The organisation is not subscribed to ${currency}.`,
  action: "Add the currency in Xero (Settings, Currencies), then sync the order again.",
});

const nothingToPost: Held = {
  hold: "nothingToPost",
  field: "items",
  detail: "The order has no items and no charges.",
  action: "Nothing is posted; check the order in Magento.",
};

const tooManyLines = (count: number): Held => ({
  hold: "tooManyLines",
  field: "items",
  detail: `The invoice would have ${count} lines; Xero cannot show more than ${LINES_MAX}.`,
  action: "Split the order, or book it by hand.",
});

const numberRefused: Held = {
  hold: "fieldInvalid",
  field: "increment_id",
  detail: "The invoice number must be 1 to 255 printable ASCII characters.",
  action: "Correct the order number or the number prefix.",
};

const accountRefused = (field: string, code: string, fault: string): Held => ({
  hold: fault === "does not exist" ? "accountUnknown" : "accountNotUsable",
  field,
  detail: `Account ${code} ${fault}.`,
  action: "Choose another account in the mapping, or change the account in Xero.",
});

const taxTypeRefused = (
  hold: "taxTypeUnknown" | "taxTypeNotUsable",
  field: string,
  taxType: string,
  fault: string,
): Held => ({
  hold,
  field,
  detail: `Tax type ${taxType} ${fault}.`,
  action: "Choose another tax type in the mapping.",
});

const trackingUnknown = (field: string, category: string, option: string): Held => ({
  hold: "trackingUnknown",
  field,
  detail: `Tracking category "${category}" has no active option "${option}".`,
  action: "Add the option in Xero, or change the tracking rule.",
});

const periodLocked = (date: string, name: string, lock: string): Held => ({
  hold: "periodLocked",
  field: "created_at",
  detail: `The document would be dated ${date}, on or before the ${name} ${lock}.`,
  action: "Ask the accountant to open the period, or book the order by hand.",
});
