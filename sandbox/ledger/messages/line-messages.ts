import { LINE, madeInvoice } from "../testing.ts";
import { type MessageCase, newInvoice, withLine } from "./message-case.ts";

/** Messages about dates, accounts, tax and the arithmetic of lines. */
export const LINE_MESSAGES: readonly MessageCase[] = [
  {
    number: 1,
    quote: "A validation exception occurred",
    provoke: newInvoice({ Type: undefined }),
    envelope: "whole",
  },
  {
    number: 2,
    quote: "Account code 'X' is not a valid code for this document.",
    variables: { X: "999" },
    provoke: withLine({ AccountCode: "999" }),
  },
  {
    number: 3,
    quote:
      "Account code 'X' has been archived, or has been deleted. Each line item must reference a valid account.",
    variables: { X: "260" },
    provoke: withLine({ AccountCode: "260" }),
  },
  {
    number: 4,
    quote: "The document date cannot be before the end of year lock date, currently set at 31-Jul-2013",
    org: { endOfYearLockDate: "2013-07-31" },
    provoke: newInvoice({ Date: "2013-07-31" }),
  },
  {
    number: 5,
    quote: "The document date cannot be before the period lock date, currently set at X",
    variables: { X: "30-Sep-2026" },
    org: { periodLockDate: "2026-09-30", endOfYearLockDate: "2026-03-31" },
    provoke: newInvoice({ Date: "2026-09-30" }),
  },
  {
    number: 6,
    quote: "The TaxType code X does not exist or cannot be used for this type of transaction.",
    variables: { X: "GST on Income" },
    provoke: withLine({ TaxType: "GST on Income" }),
  },
  {
    number: 7,
    quote: "The TaxType code 'X' cannot be used with account code 'Y'.",
    variables: { X: "INPUT2", Y: "200" },
    provoke: withLine({ TaxType: "INPUT2" }),
  },
  {
    number: 8,
    quote: "The TaxType field is mandatory",
    provoke: withLine({ AccountCode: undefined }),
  },
  {
    number: 9,
    quote: "Account code must be specified",
    provoke: withLine({ AccountCode: undefined, TaxType: "OUTPUT2" }),
  },
  {
    number: 10,
    quote: "Account must be valid.",
    provoke: withLine({ UnitAmount: 0.004 }),
    envelope: "line",
  },
  {
    number: 10,
    quote: "Tax rate must be valid.",
    provoke: withLine({ UnitAmount: 0.004 }),
    envelope: "line",
  },
  {
    number: 29,
    quote: "The line total X does not match the expected line total Y",
    variables: { X: "99.99", Y: "100.00" },
    provoke: withLine({ LineAmount: 99.99 }),
  },
  {
    number: 29,
    quote: "The line total -795.00 does not match",
    text: "The line total -795.00 does not match the expected line total 0.00",
    provoke: withLine({ UnitAmount: 795, DiscountRate: 100, LineAmount: 0 }),
  },
  {
    number: 30,
    quote: "The document total does not equal the sum of the lines.",
    provoke: (ledger) => {
      const { InvoiceID, LineItems } = madeInvoice(ledger);
      const [line] = LineItems;
      const doubled = { ...line, Quantity: 2, LineAmount: 200, TaxAmount: 40 };
      return ["POST", `Invoices/${InvoiceID}`, { Total: 120, LineItems: [doubled] }];
    },
  },
  {
    number: 31,
    quote: "The discount rate 'X' is invalid. Discount must not be greater than the line total.",
    variables: { X: "120.00" },
    provoke: withLine({ DiscountRate: 120 }),
  },
  {
    number: 31,
    quote: "The discount rate '0.00' is invalid. Discount must not be greater than the line total.",
    provoke: newInvoice({ LineItems: [LINE, { ...LINE, UnitAmount: -10, DiscountAmount: 0 }] }),
  },
  {
    number: 32,
    quote: "Discounts may not be applied to ACCPAY invoices.",
    provoke: newInvoice({ Type: "ACCPAY", LineItems: [{ ...LINE, AccountCode: "404", DiscountRate: 5 }] }),
  },
  {
    number: 33,
    quote: "The quantity value '-x.0000' is invalid. Quantity must not be less than zero.",
    variables: { x: "1" },
    provoke: withLine({ Quantity: -1, UnitAmount: -100 }),
  },
  {
    number: 34,
    quote: "Tax amount X is incorrect for Y tax type, should be Z",
    variables: { X: "52.23", Y: "INPUT2", Z: "52.28" },
    provoke: ({ contactId }) => [
      "PUT",
      "BankTransactions",
      {
        Type: "SPEND",
        Contact: { ContactID: contactId },
        BankAccount: { Code: "090" },
        LineItems: [{ ...LINE, AccountCode: "404", UnitAmount: 261.4, TaxType: "INPUT2", TaxAmount: 52.23 }],
      },
    ],
  },
];
