import { beforeEach, describe, expect, test } from "vitest";
import { type Body, invoiceOf, messagesOf, openTestLedger, type TestLedger } from "../testing.ts";

let test_: TestLedger;
let invoice: Body;
beforeEach(() => {
  test_ = openTestLedger({ periodLockDate: "2026-09-30" });
  invoice = test_.call("PUT", "Invoices", invoiceOf(test_.contactId)).body.Invoices[0];
});

const paymentOf = (changes: Record<string, unknown> = {}) => ({
  Invoice: { InvoiceID: invoice.InvoiceID },
  Account: { Code: "605" },
  Date: "2026-11-21",
  Amount: 120,
  Reference: "ch_1",
  ...changes,
});
const pay = (changes?: Record<string, unknown>) => test_.call("PUT", "Payments", paymentOf(changes));
const read = (id: string = invoice.InvoiceID): Body => test_.call("GET", `Invoices/${id}`).body.Invoices[0];
const edit = (changes: Record<string, unknown>) =>
  test_.call("POST", `Invoices/${invoice.InvoiceID}`, changes);

describe("a payment", () => {
  test("in full makes the invoice PAID on its date, and is nested in it", () => {
    const { body } = pay();
    expect(body.Payments[0]).toMatchObject({
      PaymentType: "ACCRECPAYMENT",
      Status: "AUTHORISED",
      Amount: 120,
      BankAmount: 120,
      CurrencyRate: 1,
      HasAccount: true,
      Account: { Code: "605" },
      Invoice: { InvoiceNumber: "INV-0001", Status: "PAID", AmountDue: 0 },
    });
    expect(read()).toMatchObject({
      Status: "PAID",
      AmountDue: 0,
      AmountPaid: 120,
      FullyPaidOnDate: "/Date(1795219200000+0000)/",
      Payments: [{ PaymentID: body.Payments[0].PaymentID, Amount: 120, Reference: "ch_1", CurrencyRate: 1 }],
    });
  });

  test("in part leaves the rest open", () => {
    pay({ Amount: "50.55" });
    expect(read()).toMatchObject({ Status: "AUTHORISED", AmountDue: 69.45, AmountPaid: 50.55 });
  });

  test("that is deleted opens the invoice again", () => {
    const id = pay().body.Payments[0].PaymentID;
    expect(test_.call("POST", `Payments/${id}`, { Status: "DELETED" }).body.Payments[0].Status).toBe(
      "DELETED",
    );
    expect(read()).toMatchObject({ Status: "AUTHORISED", AmountDue: 120, AmountPaid: 0, Payments: [] });
    expect(messagesOf(test_.call("POST", `Payments/${id}`, { Status: "DELETED" }).body)).toEqual([
      "Payment not of valid status for modification",
    ]);
  });

  test("by number, and by POST of a bare object as xero-node sends it", () => {
    const { status } = test_.call("POST", "Payments", paymentOf({ Invoice: { InvoiceNumber: "INV-0001" } }));
    expect(status).toBe(200);
  });

  test("is found by what is paid and by its reference", () => {
    pay();
    const where = (clause: string) =>
      test_.call("GET", `Payments?where=${encodeURIComponent(clause)}`).body.Payments;
    expect(where(`Invoice.InvoiceID==guid("${invoice.InvoiceID}")`)).toHaveLength(1);
    expect(where('Reference=="ch_1" AND Status=="AUTHORISED" AND PaymentType=="ACCRECPAYMENT"')).toHaveLength(
      1,
    );
    expect(where('Reference=="ch_2"')).toEqual([]);
  });
});

describe("a payment is refused for", () => {
  test.each<[string, Record<string, unknown>]>([
    ["Payment amount exceeds the amount outstanding on this document", { Amount: 120.01 }],
    ["Payment amounts must be positive amounts", { Amount: 0 }],
    ["Payment amounts must be positive amounts", { Amount: -1 }],
    ["You must specify an Account code or Account ID for the payment.", { Account: undefined }],
    ["Account type is invalid for making a payment to/from", { Account: { Code: "200" } }],
    ["Account could not be found", { Account: { Code: "999" } }],
    [
      "The document date cannot be before the period lock date, currently set at 30-Sep-2026",
      { Date: "2026-09-30" },
    ],
    [
      "The document with the supplied id was not found for this endpoint.",
      { Invoice: { InvoiceID: "11111111-1111-4111-8111-111111111111" } },
    ],
    ["Payment must be against an Invoice, CreditNote, Prepayment or Overpayment", { Invoice: undefined }],
    [
      "Payment must be against one of Invoice, CreditNote, Prepayment or Overpayment only",
      { CreditNote: { CreditNoteID: "11111111-1111-4111-8111-111111111111" } },
    ],
    ["Payment Date must be specified", { Date: undefined }],
    ["Payment Amount must be specified", { Amount: undefined }],
    ["The Reference field is too long. The maximum length is 255.", { Reference: "x".repeat(256) }],
  ])("%s", (message, changes) => {
    const { status, body } = pay(changes);
    expect(status).toBe(400);
    expect(body.Elements[0]).toMatchObject({
      HasValidationErrors: true,
      PaymentID: "00000000-0000-0000-0000-000000000000",
    });
    expect(messagesOf(body)).toEqual([message]);
    expect(read().AmountPaid).toBe(0);
  });

  test.each(["DRAFT", "SUBMITTED"])("a document that is %s", (Status) => {
    const [draft] = test_.call("PUT", "Invoices", invoiceOf(test_.contactId, { Status })).body.Invoices;
    expect(messagesOf(pay({ Invoice: { InvoiceID: draft.InvoiceID } }).body)).toEqual([
      "Payments can only be made against Authorised documents",
    ]);
  });

  test("a document that is paid already", () => {
    pay();
    expect(messagesOf(pay({ Amount: 1 }).body)).toEqual([
      "Payments can only be made against Authorised documents",
    ]);
  });

  test("being more, together with others of its batch, than is open", () => {
    const { body } = test_.call("PUT", "Payments?summarizeErrors=false", {
      Payments: [paymentOf({ Amount: 70 }), paymentOf({ Amount: 70 })],
    });
    expect(body.Payments.map((payment: Body) => payment.StatusAttributeString)).toEqual(["OK", "ERROR"]);
    expect(read().AmountPaid).toBe(70);
  });
});

describe("an invoice with a payment", () => {
  const [line] = [() => invoice.LineItems[0]];
  test("still takes a reference, a due date, a number and the words, account and tracking of its lines", () => {
    pay({ Amount: 20 });
    const { status, body } = edit({
      Reference: "R",
      DueDate: "2027-01-31",
      InvoiceNumber: "M-1",
      LineItems: [
        {
          LineItemID: line().LineItemID,
          Description: "other",
          Tracking: [{ Name: "Channel", Option: "Shop" }],
        },
      ],
    });
    expect(messagesOf(body)).toEqual([]);
    expect(status).toBe(200);
    expect(body.Invoices[0]).toMatchObject({ Reference: "R", InvoiceNumber: "M-1", AmountDue: 100 });
  });

  test.each<[string, () => Record<string, unknown>]>([
    [
      "This document cannot be edited as it has a payment or credit note allocated to it.",
      () => ({ LineItems: [{ LineItemID: line().LineItemID, UnitAmount: 200 }] }),
    ],
    [
      "This document cannot be edited as it has a payment or credit note allocated to it.",
      () => ({ LineAmountTypes: "Inclusive" }),
    ],
    [
      "Date cannot be changed on an invoice that has payment or credit notes allocated to it.",
      () => ({ Date: "2026-11-19" }),
    ],
    [
      "The status VOIDED cannot be applied to the invoice because it has payment or Credit notes allocated to it.",
      () => ({ Status: "VOIDED" }),
    ],
  ])("%s", (message, changes) => {
    pay({ Amount: 20 });
    expect(messagesOf(edit(changes()).body)).toEqual([message]);
  });

  test("in full cannot be edited, nor made AUTHORISED again", () => {
    pay();
    expect(messagesOf(edit({ Date: "2026-11-19" }).body)).toEqual([
      "Invoice not of valid status for modification",
    ]);
    expect(messagesOf(edit({ Status: "AUTHORISED" }).body)).toEqual([
      "The status AUTHORISED cannot be applied to the invoice because it has payment or Credit notes allocated to it.",
    ]);
    expect(edit({ Reference: "still" }).status).toBe(200);
  });

  test("keeps the tax type of a line that moves to another account", () => {
    test_.call("PUT", "Accounts", { Code: "270", Name: "Shipping income", Type: "REVENUE", TaxType: "NONE" });
    pay({ Amount: 20 });
    const { body } = edit({ LineItems: [{ LineItemID: line().LineItemID, AccountCode: "270" }] });
    expect(body.Invoices[0].LineItems[0]).toMatchObject({
      AccountCode: "270",
      TaxType: "OUTPUT2",
      TaxAmount: 20,
    });
  });

  test("does not move UpdatedDateUTC for a due date", () => {
    pay({ Amount: 20 });
    const before = read().UpdatedDateUTC;
    test_.ledger.clock.change({ advanceSeconds: 60 });
    edit({ DueDate: "2027-01-31" });
    expect(read().UpdatedDateUTC).toBe(before);
    edit({ Reference: "moves" });
    expect(read().UpdatedDateUTC).not.toBe(before);
  });
});

describe("in a foreign currency", () => {
  test("the bank amount is in the account's currency and the gain is realised", () => {
    const [euro] = test_.call(
      "PUT",
      "Invoices",
      invoiceOf(test_.contactId, { CurrencyCode: "EUR", CurrencyRate: 1.2 }),
    ).body.Invoices;
    const paid = pay({
      Invoice: { InvoiceID: euro.InvoiceID },
      Account: { Code: "090" },
      CurrencyRate: 1.25,
      Amount: 120,
    });
    expect(paid.body.Payments[0]).toMatchObject({ Amount: 120, BankAmount: 96, CurrencyRate: 1.25 });
    const rows = trialBalance();
    expect(rows.get("Realised Currency Gains (499)")).toEqual(["4.00", ""]);
    expect(rows.get("Accounts Receivable (610)")).toEqual(["120.00", ""]);
  });
});

describe("a batch payment", () => {
  const batchOf = (changes: Record<string, unknown> = {}) => ({
    BatchPayments: [
      {
        Account: { Code: "090" },
        Date: "2026-11-22",
        Reference: "payout",
        Payments: [{ Invoice: { InvoiceID: invoice.InvoiceID }, Amount: 120 }],
        ...changes,
      },
    ],
  });

  test("pays its invoices, and its members are deleted with it only", () => {
    const [batch] = test_.call("PUT", "BatchPayments", batchOf()).body.BatchPayments;
    expect(batch).toMatchObject({ Type: "RECBATCH", Status: "AUTHORISED", TotalAmount: 120 });
    expect(read().Status).toBe("PAID");
    const [member] = batch.Payments;
    expect(
      messagesOf(test_.call("POST", `Payments/${member.PaymentID}`, { Status: "DELETED" }).body),
    ).toEqual(["Payments within a batch cannot be deleted."]);
    const deleted = test_.call("POST", "BatchPayments", {
      BatchPaymentID: batch.BatchPaymentID,
      Status: "DELETED",
    });
    expect(deleted.body.BatchPayments[0]).toMatchObject({ Status: "DELETED", Payments: [] });
    expect(read()).toMatchObject({ Status: "AUTHORISED", AmountDue: 120 });
  });

  test.each<[string, Record<string, unknown>]>([
    ["The Particulars field is too long. The maximum length is 12.", { Particulars: "x".repeat(13) }],
    ["The Code field is too long. The maximum length is 12.", { Code: "x".repeat(13) }],
    ["The Narrative field is too long. The maximum length is 18.", { Narrative: "x".repeat(19) }],
    ["The Reference field is too long. The maximum length is 255.", { Reference: "x".repeat(256) }],
    ["A batch payment must have at least one payment.", { Payments: [] }],
    ["Payment Date must be specified", { Date: undefined }],
    ["Account type is invalid for making a payment to/from", { Account: { Code: "200" } }],
  ])("is refused: %s", (message, changes) => {
    expect(messagesOf(test_.call("PUT", "BatchPayments", batchOf(changes)).body)).toEqual([message]);
  });

  test("is of sales invoices or of bills, and of nothing else", () => {
    const bill = invoiceOf(test_.contactId, {
      Type: "ACCPAY",
      LineItems: [{ Description: "x", UnitAmount: 50, AccountCode: "404" }],
    });
    const { InvoiceID } = test_.call("PUT", "Invoices", bill).body.Invoices[0];
    const toBill = { Invoice: { InvoiceID }, Amount: 10 };
    const mixed = { Payments: [{ Invoice: { InvoiceID: invoice.InvoiceID }, Amount: 10 }, toBill] };
    expect(messagesOf(test_.call("PUT", "BatchPayments", batchOf(mixed)).body)).toEqual([
      "All payments of a batch must be for the same type of document.",
    ]);
    const paid = test_.call("PUT", "BatchPayments", batchOf({ Payments: [toBill] }));
    expect(paid.body.BatchPayments[0].Type).toBe("PAYBATCH");
    const note = invoiceOf(test_.contactId, { Type: "ACCRECCREDIT" });
    const { CreditNoteID } = test_.call("PUT", "CreditNotes", note).body.CreditNotes[0];
    const refund = { Payments: [{ CreditNote: { CreditNoteID }, Amount: 10 }] };
    expect(messagesOf(test_.call("PUT", "BatchPayments", batchOf(refund)).body)).toEqual([
      "Only invoices and bills can be paid by a batch payment.",
    ]);
  });

  test("is refused whole when one part is too large", () => {
    const { status, body } = test_.call(
      "PUT",
      "BatchPayments",
      batchOf({ Payments: [{ Invoice: { InvoiceID: invoice.InvoiceID }, Amount: 121 }] }),
    );
    expect(status).toBe(400);
    expect(messagesOf(body)).toEqual(["Payment amount exceeds the amount outstanding on this document"]);
    expect(read().AmountPaid).toBe(0);
  });
});

/** Account name to its year-to-date debit and credit. */
function trialBalance(): Map<string, [string, string]> {
  const [report] = test_.call("GET", "Reports/TrialBalance").body.Reports;
  const rows = report.Rows.flatMap((section: Body) => section.Rows ?? []);
  return new Map(rows.map((row: Body) => [row.Cells[0].Value, [row.Cells[3].Value, row.Cells[4].Value]]));
}
