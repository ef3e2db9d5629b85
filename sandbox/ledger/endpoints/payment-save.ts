import { toBase } from "../books/arithmetic.ts";
import { numberKey } from "../books/books.ts";
import { dayRate, ONE_TO_ONE } from "../books/currencies.ts";
import type { Account, Payment, PaymentType, TradeDocument } from "../books/rows.ts";
import { isCredit, openAmountOf, resettle } from "../books/settlement.ts";
import { CENTS, divideRounded, roundTo } from "../wire/decimal.ts";
import { say } from "../wire/messages.ts";
import type { Settled } from "./batch.ts";
import { type Call, organisationOf } from "./call.ts";
import { readRate } from "./document-build.ts";
import { fireDocumentEvent } from "./document-events.ts";
import { checkLock, lockMessage } from "./locks.ts";
import { refusedPayment, renderPayment } from "./payment-render.ts";
import type { PaymentDraft } from "./payment-shape.ts";
import { Problems } from "./problems.ts";

export type BatchPart = { batchPaymentId: string; account: Account; date: string };

export function settlePayment(call: Call, draft: PaymentDraft): Settled {
  const { payment, errors } = savePayment(call, draft);
  if (payment === undefined) return { ok: false, element: refusedPayment(draft, undefined), errors };
  return { ok: true, element: renderPayment(call, payment, "single") };
}

const REFERENCE_LENGTH_MAX = 255;

/** Checks and books one payment; as part of a batch payment the account and the date come from the batch. */
export function savePayment(
  call: Call,
  draft: PaymentDraft,
  batch?: BatchPart,
): { payment?: Payment; errors: readonly string[] } {
  const problems = new Problems();
  const document = documentOf(call, draft, problems);
  const account = batch?.account ?? accountOf(call, draft, problems);
  const date = batch?.date ?? draft.Date;
  if (date === undefined) problems.add(say.dateEmpty);
  else checkLock(call, date, problems);
  const amount =
    draft.Amount === undefined ? undefined : roundTo(draft.Amount, CENTS, call.org.behaviour.ties);
  if (amount === undefined) problems.add(say.amountEmpty);
  else if (amount <= 0n) problems.add(say.paymentNotPositive);
  if (document !== undefined && amount !== undefined) checkOpen(call, document, amount, problems);
  const { Reference: reference = "" } = draft;
  if (reference.length > REFERENCE_LENGTH_MAX) problems.add(say.tooLong("Reference", REFERENCE_LENGTH_MAX));
  const rate = document && date ? rateOf(call, draft, document, date, problems) : ONE_TO_ONE;
  if (!problems.isEmpty || !document || !account || date === undefined || amount === undefined) {
    return { errors: problems.document };
  }
  const payment: Payment = {
    id: call.newId(),
    documentId: document.id,
    accountId: account.id,
    type: paymentTypeOf(document),
    date,
    amount,
    bankAmount: bankAmountOf(call, account, { currency: document.currency, date, amount, rate }),
    rate,
    reference,
    status: "AUTHORISED",
    isReconciled: draft.IsReconciled ?? false,
    updatedMs: call.nowMs,
    ...(batch === undefined ? {} : { batchPaymentId: batch.batchPaymentId }),
  };
  call.books.put("payments", payment);
  settleAfter(call, document);
  return { payment, errors: [] };
}

function settleAfter(call: Call, document: TradeDocument): void {
  resettle(call.books, document.id, call.nowMs);
  // Whether a payment fires an INVOICE event is not documented: a switch (facts/xero.md section 6).
  if (call.org.behaviour.paymentFiresInvoiceEvent) fireDocumentEvent(call, document, "UPDATE");
}

/** Takes a payment back; the document is open again. Returns what forbids it. */
export function deletePayment(call: Call, payment: Payment, isWholeBatch = false): string | undefined {
  if (payment.status === "DELETED") return say.notValidForModification("Payment");
  if (payment.batchPaymentId !== undefined && !isWholeBatch) return say.paymentInBatch;
  const locked = lockMessage(call, payment.date);
  if (locked !== undefined) return locked;
  call.books.put("payments", { ...payment, status: "DELETED", updatedMs: call.nowMs });
  const document = call.books.get("documents", payment.documentId);
  if (document !== undefined) settleAfter(call, document);
  return undefined;
}

/** One of Invoice, CreditNote, Prepayment or Overpayment, by id or by number. */
function documentOf(call: Call, draft: PaymentDraft, problems: Problems): TradeDocument | undefined {
  const named = [draft.Invoice, draft.CreditNote, draft.Prepayment, draft.Overpayment].filter(isNamed);
  if (named.length > 1) {
    problems.add(say.documentsTooMany);
    return undefined;
  }
  const id =
    draft.Invoice?.InvoiceID ??
    draft.CreditNote?.CreditNoteID ??
    draft.Prepayment?.PrepaymentID ??
    draft.Overpayment?.OverpaymentID;
  if (id !== undefined) return knownDocument(call, id, wantedKind(draft), problems);
  const invoiceNumber = draft.Invoice?.InvoiceNumber || draft.InvoiceNumber;
  const creditNoteNumber = draft.CreditNote?.CreditNoteNumber || draft.CreditNoteNumber;
  const key = invoiceNumber
    ? numberKey("ACCREC", invoiceNumber)
    : creditNoteNumber
      ? numberKey("ACCRECCREDIT", creditNoteNumber)
      : undefined;
  const found = key === undefined ? undefined : call.books.find("documents", "number", key)[0];
  if (found === undefined) problems.add(key === undefined ? say.documentMissing : say.documentUnknown);
  return found;
}

/** xero-node sends an empty object for a model that was not filled in. */
const isNamed = (reference: object | undefined): boolean =>
  reference !== undefined && Object.keys(reference).length > 0;

const wantedKind = (draft: PaymentDraft): RegExp => {
  if (draft.Invoice?.InvoiceID !== undefined) return /^ACC(REC|PAY)$/;
  if (draft.CreditNote?.CreditNoteID !== undefined) return /CREDIT$/;
  return draft.Prepayment?.PrepaymentID === undefined ? /-OVERPAYMENT$/ : /-PREPAYMENT$/;
};

function knownDocument(call: Call, id: string, type: RegExp, problems: Problems): TradeDocument | undefined {
  const found = call.books.get("documents", id);
  if (found !== undefined && type.test(found.type)) return found;
  const isCreditNote = type.test("ACCRECCREDIT");
  problems.add(isCreditNote ? say.creditNoteUnknown : say.documentUnknown);
  return undefined;
}

/** Type BANK, or an account that takes payments (facts/xero.md section 4, Payments). */
export function accountOf(
  call: Call,
  draft: Pick<PaymentDraft, "Account" | "Code">,
  problems: Problems,
): Account | undefined {
  const code = draft.Account?.Code || draft.Code;
  const id = draft.Account?.AccountID;
  if (id === undefined && !code) {
    problems.add(say.paymentAccountMissing);
    return undefined;
  }
  const account =
    id === undefined ? call.books.find("accounts", "code", code ?? "")[0] : call.books.get("accounts", id);
  if (account === undefined || account.status !== "ACTIVE") {
    problems.add(say.accountNotFound);
    return undefined;
  }
  if (account.type !== "BANK" && !account.enablePayments) {
    problems.add(say.paymentAccountType);
    return undefined;
  }
  return account;
}

function checkOpen(call: Call, document: TradeDocument, amount: bigint, problems: Problems): void {
  if (document.status !== "AUTHORISED") problems.add(say.paymentNotAuthorised);
  else if (amount > openAmountOf(call.books, document)) problems.add(say.paymentTooLarge);
}

function rateOf(
  call: Call,
  draft: PaymentDraft,
  document: TradeDocument,
  date: string,
  problems: Problems,
): bigint {
  if (document.currency === organisationOf(call.books).baseCurrency) return ONE_TO_ONE;
  if (draft.CurrencyRate !== undefined) return readRate(draft.CurrencyRate, problems);
  return dayRate(call.org, document.currency, date);
}

/** The amount in the account's currency (facts/xero.md section 4, Payments). */
function bankAmountOf(
  call: Call,
  account: Account,
  { currency, date, amount, rate }: { currency: string; date: string; amount: bigint; rate: bigint },
): bigint {
  const base = organisationOf(call.books).baseCurrency;
  const bankCurrency = account.currencyCode ?? base;
  if (bankCurrency === currency) return amount;
  const inBase = toBase(amount, rate);
  if (bankCurrency === base) return inBase;
  return divideRounded(inBase * dayRate(call.org, bankCurrency, date), 1_000_000n, "up");
}

function paymentTypeOf(document: TradeDocument): PaymentType {
  const isSale = document.type.startsWith("ACCREC") || document.type.startsWith("RECEIVE");
  if (!isCredit(document)) return isSale ? "ACCRECPAYMENT" : "ACCPAYPAYMENT";
  if (document.kind === "creditNote") return isSale ? "ARCREDITPAYMENT" : "APCREDITPAYMENT";
  if (document.type.endsWith("-OVERPAYMENT")) return isSale ? "AROVERPAYMENTPAYMENT" : "APOVERPAYMENTPAYMENT";
  return isSale ? "ARPREPAYMENTPAYMENT" : "APPREPAYMENTPAYMENT";
}
