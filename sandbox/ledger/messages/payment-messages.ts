import { LINE, madeCreditNote, madeInvoice, paid, paymentOf, type TestLedger } from "../testing.ts";
import { type MessageCase, type Request, UNKNOWN_ID } from "./message-case.ts";

const newPayment =
  (changes: Record<string, unknown>) =>
  (ledger: TestLedger): Request => ["PUT", "Payments", paymentOf(madeInvoice(ledger), changes)];

const allocation = (CreditNoteID: string, InvoiceID: string, Amount: number): Request => [
  "PUT",
  `CreditNotes/${CreditNoteID}/Allocations`,
  { Amount, Invoice: { InvoiceID } },
];

/** Messages about payments, batch payments and allocations. */
export const PAYMENT_MESSAGES: readonly MessageCase[] = [
  {
    number: 35,
    quote: "Payment amount exceeds the amount outstanding on this document",
    provoke: newPayment({ Amount: 120.01 }),
  },
  {
    number: 36,
    quote: "Payments can only be made against Authorised documents",
    provoke: (ledger) => ["PUT", "Payments", paymentOf(madeInvoice(ledger, { Status: "DRAFT" }))],
  },
  {
    number: 36,
    quote: "Payments can only be made against Authorised documents",
    provoke: (ledger) => {
      const invoice = madeInvoice(ledger);
      paid(ledger, invoice, 120);
      return ["PUT", "Payments", paymentOf(invoice, { Amount: 1 })];
    },
  },
  {
    number: 37,
    quote: "Payment amounts must be positive amounts",
    provoke: newPayment({ Amount: -1 }),
  },
  {
    number: 38,
    quote: "You must specify an Account code or Account ID for the payment.",
    provoke: newPayment({ Account: undefined }),
  },
  {
    number: 39,
    quote: "Account type is invalid for making a payment to/from",
    provoke: newPayment({ Account: { Code: "200" } }),
  },
  { number: 40, quote: "Account could not be found", provoke: newPayment({ Account: { Code: "999" } }) },
  {
    number: 41,
    quote: "Payment not of valid status for modification",
    provoke: (ledger) => {
      const { PaymentID } = paid(ledger, madeInvoice(ledger), 20);
      ledger.call("POST", `Payments/${PaymentID}`, { Status: "DELETED" });
      return ["POST", `Payments/${PaymentID}`, { Status: "DELETED" }];
    },
  },
  {
    number: 41,
    quote: "Payments within a batch cannot be deleted.",
    provoke: (ledger) => {
      const { InvoiceID } = madeInvoice(ledger);
      const Payments = [{ Invoice: { InvoiceID }, Amount: 120 }];
      const batch = { Account: { Code: "090" }, Date: "2026-11-22", Payments };
      const { body } = ledger.call("PUT", "BatchPayments", batch);
      return ["POST", `Payments/${body.BatchPayments[0].Payments[0].PaymentID}`, { Status: "DELETED" }];
    },
  },
  {
    number: 42,
    quote: "The invoice you are trying to allocate to has already been paid off",
    provoke: (ledger) => {
      const invoice = madeInvoice(ledger);
      paid(ledger, invoice, 120);
      return allocation(madeCreditNote(ledger).CreditNoteID, invoice.InvoiceID, 25);
    },
  },
  {
    number: 43,
    quote: "Credit Note cannot be allocated as amount is greater than amount outstanding",
    provoke: (ledger) => {
      const { InvoiceID } = madeInvoice(ledger);
      return allocation(madeCreditNote(ledger).CreditNoteID, InvoiceID, 120.01);
    },
  },
  {
    number: 44,
    quote: "Credit Note cannot be allocated to an incorrect invoice t",
    text: "Credit Note cannot be allocated to an incorrect invoice type",
    provoke: (ledger) => {
      const bill = { Type: "ACCPAY", LineItems: [{ ...LINE, AccountCode: "404" }] };
      const { InvoiceID } = madeInvoice(ledger, bill);
      return allocation(madeCreditNote(ledger).CreditNoteID, InvoiceID, 25);
    },
  },
  {
    number: 45,
    quote: "An existing Credit Note with the specified CreditNoteID could not be found",
    provoke: newPayment({ Invoice: undefined, CreditNote: { CreditNoteID: UNKNOWN_ID } }),
  },
  {
    number: 53,
    quote: "The document with the supplied id was not found for this endpoint.",
    isSingle: true,
    provoke: (ledger) => {
      const { PaymentID } = paid(ledger, madeInvoice(ledger), 20);
      return ["PUT", `Payments/${PaymentID}/History`, { HistoryRecords: [{ Details: "Hello World" }] }];
    },
  },
  {
    number: 53,
    quote: "The document with the supplied id was not found for this endpoint.",
    provoke: newPayment({ Invoice: { InvoiceID: UNKNOWN_ID } }),
  },
];
