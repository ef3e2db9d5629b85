import { LINE, madeCreditNote, madeInvoice, paid } from "../testing.ts";
import { type MessageCase, newInvoice, UNKNOWN_ID, withLine } from "./message-case.ts";

const PAID_EDIT = "This document cannot be edited as it has a payment or credit note allocated to it.";
const SETTLED_STATUS =
  "The status AUTHORISED cannot be applied to the invoice because it has payment or Credit notes allocated to it.";
const NOT_MODIFIABLE = "Invoice not of valid status for modification";

/** Messages about whole invoices and credit notes: what they must have, their status, and edits of them. */
export const DOCUMENT_MESSAGES: readonly MessageCase[] = [
  {
    number: 11,
    quote: "Invoice # must be unique.",
    provoke: (ledger) => {
      madeInvoice(ledger, { InvoiceNumber: "M-100" });
      return newInvoice({ InvoiceNumber: "M-100" })(ledger);
    },
  },
  { number: 17, quote: "Contact cannot be empty.", provoke: newInvoice({ Contact: {} }) },
  {
    number: 18,
    quote: "A Contact must be specified for this type of transaction",
    provoke: newInvoice({ Contact: undefined }),
  },
  {
    number: 21,
    quote: "One or more line items must be specified",
    provoke: newInvoice({ LineItems: undefined }),
  },
  {
    number: 22,
    quote: "The description field is mandatory for each line item.",
    provoke: withLine({ Description: undefined }),
  },
  { number: 23, quote: "Invoice Type must be specified", provoke: newInvoice({ Type: undefined }) },
  {
    number: 24,
    quote: "Invoice not of valid status for creation",
    provoke: newInvoice({ Status: "PAID" }),
  },
  {
    number: 24,
    quote: "Invoice not of valid status for creation",
    provoke: newInvoice({ Status: "VOIDED" }),
  },
  {
    number: 25,
    quote: NOT_MODIFIABLE,
    provoke: (ledger) => {
      const { InvoiceID } = madeInvoice(ledger);
      ledger.call("POST", `Invoices/${InvoiceID}`, { Status: "VOIDED" });
      return ["POST", `Invoices/${InvoiceID}`, { Reference: "x" }];
    },
  },
  {
    number: 25,
    quote: NOT_MODIFIABLE,
    provoke: (ledger) => ["POST", `Invoices/${madeInvoice(ledger).InvoiceID}`, { Status: "DELETED" }],
  },
  {
    number: 25,
    quote: NOT_MODIFIABLE,
    provoke: (ledger) => {
      const invoice = madeInvoice(ledger);
      paid(ledger, invoice, 120);
      return ["POST", `Invoices/${invoice.InvoiceID}`, { Date: "2026-11-19" }];
    },
  },
  {
    number: 25,
    quote: NOT_MODIFIABLE,
    provoke: (ledger) => {
      const { InvoiceID } = madeInvoice(ledger, { Status: "DRAFT", InvoiceNumber: "M-1" });
      ledger.call("POST", `Invoices/${InvoiceID}`, { Status: "DELETED" });
      const [, path, body] = newInvoice({ InvoiceNumber: "M-1" })(ledger);
      return ["POST", path, body];
    },
  },
  {
    number: 26,
    quote: PAID_EDIT,
    provoke: (ledger) => {
      const invoice = madeInvoice(ledger);
      paid(ledger, invoice, 20);
      const [{ LineItemID }] = invoice.LineItems;
      return ["POST", `Invoices/${invoice.InvoiceID}`, { LineItems: [{ LineItemID, UnitAmount: 200 }] }];
    },
  },
  {
    number: 26,
    quote: PAID_EDIT,
    provoke: (ledger) => {
      const { InvoiceID } = madeInvoice(ledger);
      const { CreditNoteID } = madeCreditNote(ledger);
      ledger.call("PUT", `CreditNotes/${CreditNoteID}/Allocations`, { Amount: 5, Invoice: { InvoiceID } });
      return ["POST", `CreditNotes/${CreditNoteID}`, { Reference: "x" }];
    },
  },
  {
    number: 27,
    quote: "Date cannot be changed on an invoice that has payment or credit notes allocated to it.",
    provoke: (ledger) => {
      const invoice = madeInvoice(ledger);
      paid(ledger, invoice, 20);
      return ["POST", `Invoices/${invoice.InvoiceID}`, { Date: "2026-11-19" }];
    },
  },
  {
    number: 28,
    quote: SETTLED_STATUS,
    provoke: (ledger) => {
      const invoice = madeInvoice(ledger);
      paid(ledger, invoice, 120);
      return ["POST", `Invoices/${invoice.InvoiceID}`, { Status: "AUTHORISED" }];
    },
  },
  {
    number: 28,
    quote: SETTLED_STATUS,
    text: SETTLED_STATUS.replace("AUTHORISED", "VOIDED"),
    provoke: (ledger) => {
      const invoice = madeInvoice(ledger);
      paid(ledger, invoice, 20);
      return ["POST", `Invoices/${invoice.InvoiceID}`, { Status: "VOIDED" }];
    },
  },
  {
    number: 45,
    quote: "An existing Credit Note with the specified CreditNoteID could not be found",
    provoke: ({ contactId }) => [
      "PUT",
      "CreditNotes",
      {
        CreditNoteID: UNKNOWN_ID,
        Type: "ACCRECCREDIT",
        Contact: { ContactID: contactId },
        LineItems: [LINE],
      },
    ],
  },
  {
    number: 46,
    quote: "Organisation is not subscribed to currency XXX",
    variables: { XXX: "USD" },
    provoke: newInvoice({ CurrencyCode: "USD" }),
  },
  {
    number: 49,
    quote: "Url must be a valid absolute url",
    provoke: newInvoice({ Url: "None/app/expense/1" }),
  },
  {
    number: 50,
    quote: "You have reached the limit of invoices you can approve",
    org: { approvedInvoiceLimit: 1 },
    provoke: (ledger) => {
      madeInvoice(ledger);
      return newInvoice({})(ledger);
    },
  },
];
