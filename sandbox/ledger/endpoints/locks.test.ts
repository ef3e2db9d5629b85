import { describe, expect, test } from "vitest";
import {
  type Answer,
  LINE,
  lock,
  madeBankTransaction,
  madeCreditNote,
  madeInvoice,
  messagesOf,
  openTestLedger,
  paid,
  paymentOf,
  saved,
  type TestLedger,
} from "../testing.ts";

/** facts/xero.md section 4, Organisation: posting or editing on or before a lock date fails, whatever the document. */

const LOCKED = "2026-10-31";
const OPEN = "2026-11-01";
const MESSAGE = "The document date cannot be before the period lock date, currently set at 31-Oct-2026";

type Write = (ledger: TestLedger, date: string, lockNow: () => void) => Answer;

const BILL = { Type: "ACCPAY", LineItems: [{ ...LINE, AccountCode: "404" }] };
const put = ({ call }: TestLedger, plural: string, body: unknown): Answer => call("PUT", plural, body);

function documentOf({ contactId }: TestLedger, Type: string, date: string) {
  const Contact = { ContactID: contactId };
  const bank = { BankAccount: { Code: "090" } };
  return {
    Type,
    Contact,
    ...bank,
    Date: date,
    DueDate: "2026-12-31",
    LineItems: [{ ...LINE, TaxType: "NONE" }],
  };
}

const WRITES: readonly (readonly [string, Write])[] = [
  [
    "a new invoice",
    (ledger, date, lockNow) => {
      lockNow();
      return put(ledger, "Invoices", documentOf(ledger, "ACCREC", date));
    },
  ],
  [
    "a new credit note",
    (ledger, date, lockNow) => {
      lockNow();
      return put(ledger, "CreditNotes", documentOf(ledger, "ACCRECCREDIT", date));
    },
  ],
  [
    "new money received",
    (ledger, date, lockNow) => {
      lockNow();
      return put(ledger, "BankTransactions", documentOf(ledger, "RECEIVE", date));
    },
  ],
  [
    "a new manual journal",
    (ledger, date, lockNow) => {
      lockNow();
      const JournalLines = [
        { LineAmount: 1, AccountCode: "404" },
        { LineAmount: -1, AccountCode: "605" },
      ];
      return put(ledger, "ManualJournals", { Narration: "x", Date: date, Status: "POSTED", JournalLines });
    },
  ],
  [
    "a new payment",
    (ledger, date, lockNow) => {
      const invoice = madeInvoice(ledger);
      lockNow();
      return put(ledger, "Payments", paymentOf(invoice, { Date: date }));
    },
  ],
  [
    "a new batch payment",
    (ledger, date, lockNow) => {
      const { InvoiceID } = madeInvoice(ledger);
      lockNow();
      const Payments = [{ Invoice: { InvoiceID }, Amount: 5 }];
      return put(ledger, "BatchPayments", { Account: { Code: "090" }, Date: date, Payments });
    },
  ],
  [
    "moving an invoice to another date",
    (ledger, date, lockNow) => {
      const { InvoiceID } = madeInvoice(ledger);
      lockNow();
      return ledger.call("POST", `Invoices/${InvoiceID}`, { Date: date });
    },
  ],
  [
    "voiding an invoice",
    (ledger, date, lockNow) => {
      const { InvoiceID } = madeInvoice(ledger, { Date: date });
      lockNow();
      return ledger.call("POST", `Invoices/${InvoiceID}`, { Status: "VOIDED" });
    },
  ],
  [
    "deleting money spent",
    (ledger, date, lockNow) => {
      const { BankTransactionID } = madeBankTransaction(ledger, { Date: date });
      lockNow();
      return ledger.call("POST", `BankTransactions/${BankTransactionID}`, { Status: "DELETED" });
    },
  ],
  [
    "deleting a payment",
    (ledger, date, lockNow) => {
      const made = put(ledger, "Payments", paymentOf(madeInvoice(ledger), { Date: date }));
      lockNow();
      return ledger.call("POST", `Payments/${saved(made, "Payments").PaymentID}`, { Status: "DELETED" });
    },
  ],
  [
    "deleting an allocation of two documents",
    (ledger, date, lockNow) => {
      const { InvoiceID } = madeInvoice(ledger, { Date: date });
      const path = `CreditNotes/${madeCreditNote(ledger, { Date: date }).CreditNoteID}/Allocations`;
      const made = ledger.call("PUT", path, { Amount: 5, Invoice: { InvoiceID } });
      lockNow();
      return ledger.call("DELETE", `${path}/${saved(made, "Allocations").AllocationID}`);
    },
  ],
];

describe.each(WRITES)("%s", (_name, write) => {
  test("fails on the lock date and works on the day after", () => {
    const locked = openTestLedger();
    const refused = write(locked, LOCKED, () => lock(locked, { periodLockDate: LOCKED }));
    expect(refused.status).toBe(400);
    expect(messagesOf(refused.body)).toEqual([MESSAGE]);
    const free = openTestLedger();
    const { status } = write(free, OPEN, () => lock(free, { periodLockDate: LOCKED }));
    expect(status).toBe(200);
  });
});

test("the end of year lock date is told first, and the organisation shows both", () => {
  const ledger = openTestLedger({ periodLockDate: "2026-09-30", endOfYearLockDate: "2026-03-31" });
  expect(() => madeInvoice(ledger, { Date: "2026-03-31" })).toThrow("end of year lock date");
  expect(() => madeInvoice(ledger, { Date: "2026-04-01" })).toThrow("period lock date");
  const [organisation] = ledger.call("GET", "Organisation").body.Organisations;
  expect(organisation).toMatchObject({
    PeriodLockDate: "/Date(1790726400000+0000)/",
    EndOfYearLockDate: "/Date(1774915200000+0000)/",
  });
  const [free] = openTestLedger().call("GET", "Organisation").body.Organisations;
  expect(free.PeriodLockDate).toBeUndefined();
});

test("a payment of a bill in the locked period is dated by itself", () => {
  const ledger = openTestLedger();
  const bill = madeInvoice(ledger, { ...BILL, Date: LOCKED });
  lock(ledger, { periodLockDate: LOCKED });
  expect(paid(ledger, bill, 20).Status).toBe("AUTHORISED");
});
