import { totalsOf } from "../books/arithmetic.ts";
import { numberKey } from "../books/books.ts";
import { dayRate, ONE_TO_ONE } from "../books/currencies.ts";
import type {
  Account,
  Contact,
  DocumentStatus,
  DocumentType,
  Line,
  LineAmountTypes,
  TradeDocument,
} from "../books/rows.ts";
import { type Decimal, formatUnits, RATES, roundTo } from "../wire/decimal.ts";
import { say } from "../wire/messages.ts";
import { type Call, organisationOf, todayOf } from "./call.ts";
import { resolveContact } from "./document-contact.ts";
import { buildLines } from "./document-lines.ts";
import {
  type CommonDraft,
  DOCUMENT_LENGTHS,
  hasUniqueNumber,
  isSalesSide,
  type Kind,
} from "./document-shape.ts";
import { checkLock } from "./locks.ts";
import type { Problems } from "./problems.ts";

export type BuildInput = {
  call: Call;
  kind: Kind;
  draft: CommonDraft & { id?: string | undefined; number?: string | undefined };
  existing: TradeDocument | undefined;
  status: DocumentStatus;
  problems: Problems;
};

/** The document as it would be saved; everything wrong with it is in `problems`. */
export function buildDocument(input: BuildInput): TradeDocument | undefined {
  const { call, kind, draft, existing, status, problems } = input;
  const type = typeOf(input);
  const contact = contactOf(input, type);
  const date = draft.Date ?? existing?.date ?? todayOf(call);
  checkLock(call, date, problems);
  const bankAccount = kind.kind === "bankTransaction" ? bankAccountOf(input) : undefined;
  // An overpayment is money without tax (facts/xero.md section 4, Overpayments).
  const isOverpayment = type?.endsWith("-OVERPAYMENT") === true;
  const bankCurrency = isOverpayment ? undefined : bankCurrencyOf(input, bankAccount);
  const { currency, rate } = currencyOf(input, date, bankCurrency ?? bankAccount?.currencyCode);
  const sentTypes = draft.LineAmountTypes ?? existing?.lineAmountTypes ?? "Exclusive";
  const lineAmountTypes = isOverpayment ? "NoTax" : sentTypes;
  const lines = linesOf(input, type ?? "ACCREC", contact, lineAmountTypes);
  const totals = totalsOf(lines, lineAmountTypes);
  checkTotals(input, totals, lines);
  const number = numberOf(input, type);
  checkTexts(input, number);
  const dueDate = draft.DueDate ?? existing?.dueDate;
  if (status === "AUTHORISED" && kind.kind === "invoice" && dueDate === undefined)
    problems.add(say.dueDateEmpty);
  if (type === undefined || contact === undefined) return undefined;
  return {
    id: existing?.id ?? call.newId(),
    kind: kind.kind,
    type,
    number,
    // Bills have no Reference of their own: their number is shown as one (facts/xero.md section 4, Invoices).
    reference: isBill(type) ? "" : (draft.Reference ?? existing?.reference ?? ""),
    contactId: contact.id,
    date,
    status,
    lineAmountTypes,
    lines,
    currency,
    rate,
    ...totals,
    isReconciled: draft.IsReconciled ?? existing?.isReconciled ?? false,
    createdBy: existing?.createdBy ?? call.clientId,
    sentToContact: sentToContact(input),
    updatedMs: call.nowMs,
    ...optionalFields(input, dueDate),
    ...(bankAccount === undefined ? {} : { bankAccountId: bankAccount.id }),
  };
}

const isBill = (type: DocumentType): boolean => type === "ACCPAY" || type === "ACCPAYCREDIT";

type Optional = Pick<
  TradeDocument,
  "dueDate" | "url" | "brandingThemeId" | "expectedPaymentDate" | "plannedPaymentDate"
>;

function optionalFields({ draft, existing }: BuildInput, dueDate: string | undefined): Optional {
  const url = draft.Url ?? existing?.url;
  const brandingThemeId = draft.BrandingThemeID ?? existing?.brandingThemeId;
  const expectedPaymentDate = draft.ExpectedPaymentDate ?? existing?.expectedPaymentDate;
  const plannedPaymentDate = draft.PlannedPaymentDate ?? existing?.plannedPaymentDate;
  return {
    ...(dueDate === undefined ? {} : { dueDate }),
    ...(url === undefined || url === "" ? {} : { url }),
    ...(brandingThemeId === undefined ? {} : { brandingThemeId }),
    ...(expectedPaymentDate === undefined ? {} : { expectedPaymentDate }),
    ...(plannedPaymentDate === undefined ? {} : { plannedPaymentDate }),
  };
}

function typeOf({ kind, draft, existing, problems }: BuildInput): DocumentType | undefined {
  const type = kind.types.find((candidate) => candidate === (draft.Type ?? existing?.type));
  if (type === undefined) {
    if (kind.kind === "invoice") problems.add(say.invoiceTypeMissing);
    else if (kind.kind === "creditNote") problems.add(say.creditNoteTypeMissing);
    else problems.add("Bank Transaction Type must be specified");
  }
  return existing?.type ?? type;
}

function contactOf(
  { call, kind, draft, existing, problems }: BuildInput,
  type: DocumentType | undefined,
): Contact | undefined {
  if (draft.Contact === undefined && existing !== undefined)
    return call.books.get("contacts", existing.contactId);
  // xero-node sends `Contact: {}` from an empty model; on an update it names nobody and changes nothing.
  if (existing !== undefined && draft.Contact !== undefined && Object.keys(draft.Contact).length === 0) {
    return call.books.get("contacts", existing.contactId);
  }
  return resolveContact(call, { kind, type }, draft.Contact, problems, existing?.contactId);
}

function bankAccountOf({ call, draft, existing, problems }: BuildInput): Account | undefined {
  const sent = draft.BankAccount;
  let account: Account | undefined;
  if (sent?.AccountID !== undefined) account = call.books.get("accounts", sent.AccountID);
  else if (sent?.Code) account = call.books.find("accounts", "code", sent.Code)[0];
  else if (existing?.bankAccountId !== undefined)
    account = call.books.get("accounts", existing.bankAccountId);
  if (account === undefined || account.type !== "BANK" || account.status !== "ACTIVE") {
    problems.add(say.bankAccountMissing);
    return undefined;
  }
  return account;
}

/** "Setting currency is only supported on overpayments" (OpenAPI, BankTransaction): else it is the account's. */
function bankCurrencyOf(
  { call, draft, problems }: BuildInput,
  account: Account | undefined,
): string | undefined {
  if (account === undefined) return undefined;
  const currency = account.currencyCode ?? organisationOf(call.books).baseCurrency;
  if (draft.CurrencyCode && draft.CurrencyCode !== currency) problems.add(say.bankCurrency(currency));
  return currency;
}

/** A currency must be subscribed; base-currency documents are at 1, others at the day rate unless one is sent. */
function currencyOf(
  { call, draft, existing, problems }: BuildInput,
  date: string,
  fallback: string | undefined,
): { currency: string; rate: bigint } {
  const base = organisationOf(call.books).baseCurrency;
  const currency = draft.CurrencyCode || existing?.currency || fallback || base;
  if (call.books.get("currencies", currency) === undefined) {
    problems.add(say.currencyNotSubscribed(currency));
    return { currency, rate: ONE_TO_ONE };
  }
  if (currency === base) return { currency, rate: ONE_TO_ONE };
  if (draft.CurrencyRate !== undefined) {
    const rate = readRate(draft.CurrencyRate, problems);
    warnOfRate(rate, dayRate(call.org, currency, date), problems);
    return { currency, rate };
  }
  const keeps = existing !== undefined && existing.currency === currency && existing.date === date;
  return { currency, rate: keeps ? existing.rate : dayRate(call.org, currency, date) };
}

/** Suspicious rates are saved with a warning (facts/xero.md section 5, rule 11): one upside down, for example. */
function warnOfRate(rate: bigint, usual: bigint, problems: Problems): void {
  if (rate * 4n >= usual * 3n && rate * 3n <= usual * 4n) return;
  const [sent, expected] = [formatUnits(rate, RATES), formatUnits(usual, RATES)];
  problems.warnings.push(`The currency rate ${sent} differs significantly from the day rate ${expected}.`);
}

/** CurrencyRate has at most 18 digits before and 6 after the point (OpenAPI); more decimals are rounded. */
export function readRate(sent: Decimal, problems: { add(message: string): void }): bigint {
  const rate = roundTo(sent, RATES);
  if (rate > 0n) return rate;
  problems.add(say.currencyRateInvalid);
  return ONE_TO_ONE;
}

function linesOf(
  input: BuildInput,
  type: DocumentType,
  contact: Contact | undefined,
  lineAmountTypes: LineAmountTypes,
): Line[] {
  const { call, kind, draft, existing, status, problems } = input;
  const isFinal = status === "AUTHORISED" || status === "SUBMITTED" || status === "PAID";
  const sent = draft.LineItems ?? [];
  const contactTaxType = isSalesSide(type)
    ? contact?.accountsReceivableTaxType
    : contact?.accountsPayableTaxType;
  // An empty list changes nothing: xero-node sends one whenever the caller sent none.
  const drafts =
    sent.length === 0 && existing !== undefined
      ? existing.lines.map((line) => ({ LineItemID: line.id }))
      : sent;
  if (isFinal && drafts.length === 0) problems.add(say.linesMissing);
  return buildLines(
    {
      call,
      kind,
      type,
      isFinal,
      lineAmountTypes,
      lineAmountTypesBefore: existing?.lineAmountTypes,
      contactTaxType: contactTaxType || undefined,
      problems,
    },
    drafts,
    existing?.lines ?? [],
  );
}

/** Wrong totals are ignored on a create and refused on an update (facts/xero.md section 5, rule 5). */
function checkTotals(
  { draft, existing, problems }: BuildInput,
  totals: { subTotal: bigint; totalTax: bigint; total: bigint },
  lines: readonly Line[],
): void {
  if (totals.total < 0n) problems.add(say.negativeTotal);
  if (existing === undefined || lines.length === 0) return;
  const pairs: [Decimal | undefined, bigint][] = [
    [draft.SubTotal, totals.subTotal],
    [draft.TotalTax, totals.totalTax],
    [draft.Total, totals.total],
  ];
  if (pairs.some(([sent, expected]) => sent !== undefined && roundTo(sent, 2) !== expected)) {
    problems.add(say.totalMismatch);
  }
}

/** Unique for sales documents, made when absent; on bills it is only a reference (facts/xero.md section 4). */
function numberOf(
  { call, kind, draft, existing, problems }: BuildInput,
  type: DocumentType | undefined,
): string {
  const sent = draft.number ?? existing?.number ?? "";
  if (type === undefined || kind.numberName === undefined || !hasUniqueNumber(type)) return sent;
  if (sent === "") return nextNumber(call, kind, type);
  const holders = call.books.find("documents", "number", numberKey(type, sent));
  if (holders.some((holder) => holder.id !== existing?.id)) {
    problems.add(kind.kind === "invoice" ? say.invoiceNumberUnique : say.creditNoteNumberUnique);
  }
  return sent;
}

function nextNumber(call: Call, kind: Kind, type: DocumentType): string {
  for (;;) {
    const number = kind.numberPrefix + String(call.books.next(`number/${type}`)).padStart(4, "0");
    if (call.books.find("documents", "number", numberKey(type, number)).length === 0) return number;
  }
}

function checkTexts({ kind, draft, problems }: BuildInput, number: string): void {
  const name = kind.numberName ?? "Number";
  if (number.length > DOCUMENT_LENGTHS.number) problems.add(say.tooLong(name, DOCUMENT_LENGTHS.number));
  // "Printable ASCII" (facts/xero.md section 4, Invoices).
  if (/[^\x20-\x7e]/.test(number)) problems.add(`${name} must contain printable ASCII characters only.`);
  const { Reference: reference = "", Url: url = "" } = draft;
  if (reference.length > DOCUMENT_LENGTHS.reference)
    problems.add(say.tooLong("Reference", DOCUMENT_LENGTHS.reference));
  if (url !== "" && (!/^https?:\/\/[^\s/]+/.test(url) || !URL.canParse(url) || /xero/i.test(url))) {
    problems.add(say.urlInvalid);
  }
}

/** Settable only once the document is approved (facts/xero.md section 4, Invoices). */
function sentToContact({ draft, existing, status }: BuildInput): boolean {
  const isApproved = status === "AUTHORISED" || status === "PAID";
  return isApproved
    ? (draft.SentToContact ?? existing?.sentToContact ?? false)
    : (existing?.sentToContact ?? false);
}
