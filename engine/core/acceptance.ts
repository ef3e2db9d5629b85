/**
 * Would the ledger accept this document? Asked before any call, so that a refusal costs nothing (facts/xero.md section 7,
 * ledger-messages.ts). Locked dates are refused here: an adviser's connection would post into them silently.
 */
import { acceptLines, accountRefused, member, text } from "./accept-lines.ts";
import { bankAccountFault, paymentAccountFault } from "./account-faults.ts";
import { never } from "./assert.ts";
import type { Held } from "./hold.ts";
import { lockOn } from "./lock-dates.ts";
import { parseE4 } from "./money.ts";
import { accountByCode, type LedgerAccount, type Org } from "./org.ts";
import type { DocumentPlan, PlannedDocument } from "./plan.ts";
import type { Json } from "./shapes.ts";

/** Facts/accounting.md 1.1, point 13. */
const LENGTHS: Readonly<Record<string, number>> = {
  Name: 255,
  ContactNumber: 50,
  AccountNumber: 50,
  TaxNumber: 50,
  InvoiceNumber: 255,
  CreditNoteNumber: 255,
  Reference: 255,
};
const ITEM_CODE_MAX = 30;
const ITEM_NAME_MAX = 50;
/** A document is made in one of these; PAID and VOIDED are what comes of it. */
const FIRST_STATUSES = ["DRAFT", "SUBMITTED", "AUTHORISED"];
const EMAIL = /^[\x21-\x3f\x41-\x7e]+@[\x21-\x3f\x41-\x7e]+\.[A-Za-z]{2,}$/;

/** Documents, and what each comes to. */
type Acceptable = Pick<DocumentPlan, "documents" | "checks">;

/** The first reason why the ledger would refuse the plan. */
export function accept(plan: Acceptable, org: Org): Held | undefined {
  for (const document of plan.documents) {
    const held = acceptDocument(document, org) ?? acceptAmount(document, plan);
    if (held !== undefined) return held;
  }
  return undefined;
}

function acceptDocument({ body, resource, lookup }: PlannedDocument, org: Org): Held | undefined {
  const long = tooLong(body);
  if (long !== undefined) return long;
  if (lookup !== null && /["\\]/.test(lookup.value)) return notAskable(lookup.by);
  switch (resource) {
    case "Contacts":
      return acceptContact(body);
    case "Invoices":
      return acceptSalesDocument(body, resource, org, "InvoiceNumber");
    case "CreditNotes":
      return acceptSalesDocument(body, resource, org, "CreditNoteNumber");
    case "BankTransactions":
      return (
        acceptContactRef(body) ??
        acceptDate(body, org) ??
        acceptAccount(member(body, "BankAccount"), "/BankAccount/Code", org, bankAccountFault) ??
        acceptLines(body, resource, org)
      );
    case "Payments":
      return (
        acceptDate(body, org) ??
        acceptAccount(member(body, "Account"), "/Account/Code", org, paymentAccountFault)
      );
    case "Allocations":
      return acceptDate(body, org);
    case "Items":
      return acceptItem(body);
    default:
      return never(resource);
  }
}

function acceptContact(body: Json): Held | undefined {
  if (text(member(body, "Name")).trim() === "") return documentRefused("/Name", "has no name");
  const email = text(member(body, "EmailAddress"));
  return email !== "" && !EMAIL.test(email)
    ? documentRefused("/EmailAddress", "has an e-mail address that Xero would refuse")
    : undefined;
}

function acceptSalesDocument(
  body: Json,
  resource: "Invoices" | "CreditNotes",
  org: Org,
  numberField: string,
): Held | undefined {
  const currency = text(member(body, "CurrencyCode"));
  if (!org.currencies.includes(currency)) return currencyNotSubscribed(currency);
  const type = text(member(body, "Type"));
  const known = resource === "Invoices" ? ["ACCREC", "ACCPAY"] : ["ACCRECCREDIT", "ACCPAYCREDIT"];
  if (!known.includes(type)) return documentRefused("/Type", "has no type that Xero knows");
  if (!FIRST_STATUSES.includes(text(member(body, "Status"))))
    return documentRefused("/Status", "would not begin as a draft or authorised");
  const url = text(member(body, "Url"));
  if (url !== "" && !URL.canParse(url)) return documentRefused("/Url", "has an address that is not absolute");
  if (member(body, "Total") !== null || member(body, "SubTotal") !== null)
    return documentRefused("/Total", "states totals, which Xero computes");
  return (
    acceptContactRef(body) ??
    acceptLines(body, resource, org) ??
    acceptNumber(text(member(body, numberField))) ??
    acceptDate(body, org)
  );
}

/** An id that only the ledger gives is null until its receipt is there. */
function acceptContactRef(body: Json): Held | undefined {
  const contact = member(body, "Contact");
  const names = contact !== null && typeof contact === "object" && Object.keys(contact).length > 0;
  return names ? undefined : documentRefused("/Contact", "names no contact");
}

const acceptNumber = (number: string): Held | undefined =>
  /^[\x20-\x7e]{1,255}$/.test(number) ? undefined : numberRefused;

function acceptItem(body: Json): Held | undefined {
  const code = text(member(body, "Code"));
  if (code === "" || code.length > ITEM_CODE_MAX)
    return documentRefused("/Code", `has no code of 1 to ${ITEM_CODE_MAX} characters`);
  return text(member(body, "Name")).length > ITEM_NAME_MAX
    ? documentRefused("/Name", `has a name of more than ${ITEM_NAME_MAX} characters`)
    : undefined;
}

/** What settles is positive, and never more than the document comes to that it settles. */
function acceptAmount({ resource, body, after }: PlannedDocument, plan: Acceptable): Held | undefined {
  if (resource !== "Payments" && resource !== "Allocations") return undefined;
  const amount = parseE4(text(member(body, "Amount")));
  if (amount === undefined || amount <= 0n) return documentRefused("/Amount", "has an amount of nothing");
  const totals = plan.checks.filter(({ step, name }) => name === "total" && after.includes(step));
  const exceeded = totals.find(({ actual }) => amount > (parseE4(actual) ?? 0n));
  return exceeded === undefined
    ? undefined
    : documentRefused("/Amount", `has an amount above the ${exceeded.actual} of ${exceeded.step}`);
}

function acceptAccount(
  account: Json,
  field: string,
  org: Org,
  faultOf: (account: LedgerAccount | undefined) => string | undefined,
): Held | undefined {
  const code = text(member(account, "Code"));
  const fault = faultOf(accountByCode(org, code));
  return fault === undefined ? undefined : accountRefused(field, code, fault);
}

function acceptDate(body: Json, org: Org): Held | undefined {
  const date = text(member(body, "Date"));
  const lock = date === "" ? undefined : lockOn(date, org);
  return lock && periodLocked(date, lock.name, lock.date);
}

function tooLong(body: Json): Held | undefined {
  const field = Object.keys(LENGTHS).find((key) => text(member(body, key)).length > (LENGTHS[key] ?? 0));
  return field === undefined
    ? undefined
    : {
        hold: "textTooLong",
        field: `/${field}`,
        detail: `${field} is longer than the ${LENGTHS[field]} characters that Xero takes.`,
        action: "Shorten the template or the prefix that fills it.",
      };
}

const currencyNotSubscribed = (currency: string): Held => ({
  hold: "currencyNotSubscribed",
  field: "order_currency_code",
  detail: `The organisation is not subscribed to ${currency}.`,
  action:
    "Decide whether to add the currency in Xero (Settings, Currencies): it cannot be undone and needs a plan with multiple currencies. Then sync the order again.",
});

/** A filter of the ledger stands inside quotes: what has some could never be found again after a lost answer. */
const notAskable = (by: string): Held => ({
  hold: "fieldInvalid",
  field: `/${by}`,
  detail: `The document's ${by} has a quote or a backslash, by which the ledger cannot be asked for it.`,
  action: "Take it out of the prefix or the template that fills it, or correct the number in the store.",
});

const numberRefused: Held = {
  hold: "fieldInvalid",
  field: "increment_id",
  detail: "The document's number must be 1 to 255 printable ASCII characters.",
  action: "Correct the order number or the number prefix.",
};

const documentRefused = (field: string, fault: string): Held => ({
  hold: "documentRefused",
  field,
  detail: `The document ${fault}; Xero would refuse it.`,
  action: "This is a fault of ours: report it with the order's number; nothing was posted.",
});

const periodLocked = (date: string, name: string, lock: string): Held => ({
  hold: "periodLocked",
  field: "created_at",
  detail: `The document would be dated ${date}, on or before the ${name} ${lock}.`,
  action: "Ask the accountant to open the period, set lockedPeriod, or book the order by hand.",
});
