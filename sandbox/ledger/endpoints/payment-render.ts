import type { Payment } from "../books/rows.ts";
import { wireDay, wireMs, wireUpdatedString } from "../wire/dates.ts";
import { RATES } from "../wire/decimal.ts";
import { type JsonRecord, money, number } from "../wire/json.ts";
import { echoShape, ZERO_GUID } from "../wire/shape.ts";
import type { Call } from "./call.ts";
import { renderContactSummary } from "./contact-render.ts";
import { renderDocument } from "./document-render.ts";
import { type PaymentDraft, paymentShape } from "./payment-shape.ts";

export function renderPayment(call: Call, payment: Payment, level: "single" | "list"): JsonRecord {
  const account = call.books.get("accounts", payment.accountId);
  return {
    PaymentID: payment.id,
    ...(payment.batchPaymentId === undefined ? {} : batchFields(call, payment.batchPaymentId)),
    Date: wireDay(payment.date),
    BankAmount: money(payment.bankAmount),
    Amount: money(payment.amount),
    Reference: payment.reference,
    CurrencyRate: number(payment.rate, RATES),
    PaymentType: payment.type,
    Status: payment.status,
    UpdatedDateUTC: wireMs(payment.updatedMs),
    UpdatedDateUTCString: wireUpdatedString(payment.updatedMs),
    HasAccount: true,
    IsReconciled: payment.isReconciled,
    Account: {
      AccountID: payment.accountId,
      ...(account?.code ? { Code: account.code } : {}),
      ...(level === "single" && account !== undefined ? { Name: account.name } : {}),
    },
    Invoice: paidDocument(call, payment, level),
    HasValidationErrors: false,
  };
}

/** A payment calls what it pays "Invoice", credit notes too (examples/openapi/getPayments.json). */
function paidDocument(call: Call, payment: Payment, level: "single" | "list"): JsonRecord {
  const document = call.books.get("documents", payment.documentId);
  if (document === undefined) return {};
  const contact = call.books.get("contacts", document.contactId);
  const summary = contact === undefined ? {} : renderContactSummary(contact);
  if (level === "single" && document.kind === "invoice") {
    return { ...renderDocument(call, document, "single"), Contact: summary };
  }
  return {
    Type: invoiceTypeOf(document.type),
    InvoiceID: document.id,
    InvoiceNumber: document.number,
    Payments: [],
    CreditNotes: [],
    Prepayments: [],
    Overpayments: [],
    HasErrors: false,
    IsDiscounted: false,
    Contact: summary,
    LineItems: [],
    CurrencyCode: document.currency,
  };
}

/** Invoice.Type has names of its own for what is paid out of a bank transaction (OpenAPI, Invoice). */
const invoiceTypeOf = (type: string): string =>
  type.replace(/^RECEIVE-(?=OVER|PRE)/, "AR").replace(/^SPEND-(?=OVER|PRE)/, "AP");

function batchFields(call: Call, id: string): JsonRecord {
  const batch = call.books.get("batchPayments", id);
  if (batch === undefined) return { BatchPaymentID: id };
  return {
    BatchPaymentID: id,
    BatchPayment: {
      Account: { AccountID: batch.accountId },
      BatchPaymentID: id,
      Date: wireDay(batch.date),
      Type: batch.type,
      Status: batch.status,
      TotalAmount: money(batch.total),
      UpdatedDateUTC: wireMs(batch.updatedMs),
      IsReconciled: "false",
    },
  };
}

export const refusedPayment = (draft: PaymentDraft, existing: Payment | undefined): JsonRecord => ({
  ...echoShape(paymentShape, draft),
  PaymentID: existing?.id ?? ZERO_GUID,
  HasAccount: draft.Account !== undefined,
});
