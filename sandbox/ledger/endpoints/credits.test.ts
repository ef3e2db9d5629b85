import { beforeEach, describe, expect, test } from "vitest";
import { type Body, invoiceOf, messagesOf, openTestLedger, type TestLedger } from "../testing.ts";

let test_: TestLedger;
let invoice: Body;
beforeEach(() => {
  test_ = openTestLedger();
  invoice = test_.call("PUT", "Invoices", invoiceOf(test_.contactId)).body.Invoices[0];
});

const creditOf = (changes: Record<string, unknown> = {}): Body =>
  test_.call("PUT", "CreditNotes", {
    ...invoiceOf(test_.contactId),
    Type: "ACCRECCREDIT",
    LineItems: [{ Description: "Returned", Quantity: 1, UnitAmount: 50, AccountCode: "200" }],
    ...changes,
  }).body.CreditNotes[0];
const allocate = (id: string, Amount: number, InvoiceID = invoice.InvoiceID, plural = "CreditNotes") =>
  test_.call("PUT", `${plural}/${id}/Allocations`, { Amount, Invoice: { InvoiceID } });
const read = (path: string): Body => Object.values(test_.call("GET", path).body).find(Array.isArray)?.[0];

describe("a credit note", () => {
  test("has its own numbers and a remaining credit", () => {
    expect(creditOf()).toMatchObject({
      CreditNoteNumber: "CN-0001",
      Status: "AUTHORISED",
      Total: 60,
      RemainingCredit: 60,
    });
  });

  test("takes no discounts", () => {
    const { body } = test_.call("PUT", "CreditNotes", {
      ...invoiceOf(test_.contactId),
      Type: "ACCRECCREDIT",
      LineItems: [{ Description: "x", Quantity: 1, UnitAmount: 5, AccountCode: "200", DiscountRate: 10 }],
    });
    expect(messagesOf(body)[0]).toBe("Discounts may not be applied to credit notes.");
  });

  test("that is allocated in full is PAID, and open again when the allocation is deleted", () => {
    const { CreditNoteID } = creditOf();
    const [allocation] = allocate(CreditNoteID, 60).body.Allocations;
    expect(read(`CreditNotes/${CreditNoteID}`)).toMatchObject({
      Status: "PAID",
      RemainingCredit: 0,
      Allocations: [{ Amount: 60 }],
    });
    expect(read(`Invoices/${invoice.InvoiceID}`)).toMatchObject({
      Status: "AUTHORISED",
      AmountDue: 60,
      AmountCredited: 60,
      CreditNotes: [{ CreditNoteID, AppliedAmount: 60 }],
    });
    const deleted = test_.call(
      "DELETE",
      `CreditNotes/${CreditNoteID}/Allocations/${allocation.AllocationID}`,
    );
    expect(deleted.body).toMatchObject({ AllocationId: allocation.AllocationID, IsDeleted: true });
    expect(read(`CreditNotes/${CreditNoteID}`)).toMatchObject({ Status: "AUTHORISED", RemainingCredit: 60 });
  });

  test("is dated, when allocated, by the later of the two documents", () => {
    const { CreditNoteID } = creditOf({ Date: "2026-11-23" });
    expect(allocate(CreditNoteID, 1).body.Allocations[0].Date).toBe("/Date(1795392000000+0000)/");
  });

  test("is paid back with a payment", () => {
    const { CreditNoteID } = creditOf();
    const { body } = test_.call("PUT", "Payments", {
      CreditNote: { CreditNoteID },
      Account: { Code: "605" },
      Date: "2026-11-22",
      Amount: 60,
    });
    expect(body.Payments[0]).toMatchObject({
      PaymentType: "ARCREDITPAYMENT",
      Invoice: { Type: "ACCRECCREDIT" },
    });
    expect(read(`CreditNotes/${CreditNoteID}`)).toMatchObject({ Status: "PAID", RemainingCredit: 0 });
  });
});

describe("an allocation is refused for", () => {
  const TOO_LARGE = "Credit Note cannot be allocated as amount is greater than amount outstanding";
  test("being more than is left of either", () => {
    const { CreditNoteID } = creditOf();
    expect(messagesOf(allocate(CreditNoteID, 60.01).body)).toEqual([TOO_LARGE]);
  });

  test("an invoice that is paid off", () => {
    test_.call("PUT", "Payments", {
      Invoice: { InvoiceID: invoice.InvoiceID },
      Account: { Code: "605" },
      Date: "2026-11-22",
      Amount: 120,
    });
    expect(messagesOf(allocate(creditOf().CreditNoteID, 60).body)).toEqual([
      "The invoice you are trying to allocate to has already been paid off",
      TOO_LARGE,
    ]);
  });

  test("a draft credit note, another contact, a bill", () => {
    expect(messagesOf(allocate(creditOf({ Status: "DRAFT" }).CreditNoteID, 1).body)).toEqual([
      "Credit Note not of valid status for allocation",
    ]);
    expect(messagesOf(allocate(creditOf({ Contact: { Name: "Bo" } }).CreditNoteID, 1).body)).toEqual([
      "Credit Note and invoice must belong to the same contact",
    ]);
    const bill = invoiceOf(test_.contactId, {
      Type: "ACCPAY",
      LineItems: [{ Description: "x", UnitAmount: 5, AccountCode: "404" }],
    });
    const { InvoiceID } = test_.call("PUT", "Invoices", bill).body.Invoices[0];
    expect(messagesOf(allocate(creditOf().CreditNoteID, 1, InvoiceID).body)).toEqual([
      "Credit Note cannot be allocated to an incorrect invoice type",
    ]);
  });

  test("both documents in the locked period, and not for one of them", () => {
    const early = creditOf({ Date: "2026-10-01" });
    const lock = (periodLockDate: string) => {
      const [organisation] = test_.ledger.books.all("organisation");
      if (organisation !== undefined)
        test_.ledger.books.put("organisation", { ...organisation, periodLockDate });
    };
    lock("2026-10-31");
    expect(allocate(early.CreditNoteID, 1).status).toBe(200);
    lock("2026-11-20");
    expect(messagesOf(allocate(early.CreditNoteID, 1).body)).toEqual([
      "The document date cannot be before the period lock date, currently set at 20-Nov-2026",
    ]);
  });

  test("a body without a word of it, with ErrorNumber 17", () => {
    const answer = test_.call("PUT", `CreditNotes/${creditOf().CreditNoteID}/Allocations`, {});
    expect(answer.body.ErrorNumber).toBe(17);
  });
});

describe("a bank transaction", () => {
  const transactionOf = (changes: Record<string, unknown> = {}) => ({
    Type: "SPEND",
    Contact: { Name: "Stripe" },
    BankAccount: { Code: "090" },
    Date: "2026-11-22",
    LineItems: [
      { Description: "Fees", Quantity: 1, UnitAmount: 261.15, AccountCode: "404", TaxType: "INPUT2" },
    ],
    ...changes,
  });
  const put = (changes?: Record<string, unknown>) =>
    test_.call("PUT", "BankTransactions", transactionOf(changes));

  test("is approved at once and never overrides its tax", () => {
    expect(put().body.BankTransactions[0]).toMatchObject({
      Status: "AUTHORISED",
      Total: 313.38,
      BankAccount: { Code: "090" },
    });
    const refused = put({ LineItems: [{ ...transactionOf().LineItems[0], TaxAmount: 52.22 }] });
    expect(messagesOf(refused.body)[0]).toBe(
      "Tax amount 52.22 is incorrect for INPUT2 tax type, should be 52.23",
    );
  });

  test.each<[string, Record<string, unknown>]>([
    [
      "The Contact must contain at least 1 of the following elements to identify the contact: Name, ContactID, ContactNumber",
      { Contact: {} },
    ],
    ["The bank account must be specified and be an account of type BANK", { BankAccount: { Code: "605" } }],
    ["Bank Transaction not of valid status for creation", { Status: "VOIDED" }],
  ])("is refused: %s", (message, changes) => {
    expect(messagesOf(put(changes).body)).toEqual([message]);
  });

  test("that is reconciled cannot be edited", () => {
    const { BankTransactionID } = put({ IsReconciled: true }).body.BankTransactions[0];
    expect(test_.call("POST", `BankTransactions/${BankTransactionID}`, { Status: "DELETED" }).status).toBe(
      400,
    );
  });

  test.each([
    ["RECEIVE-OVERPAYMENT", "Overpayments", "OverpaymentID", 100],
    ["RECEIVE-PREPAYMENT", "Prepayments", "PrepaymentID", 120],
  ])("%s becomes a credit that can be put on an invoice", (Type, plural, idName, total) => {
    const [made] = put({
      Type,
      Contact: { ContactID: test_.contactId },
      LineItems: [
        { Description: "Money ahead", Quantity: 1, UnitAmount: 100, AccountCode: "200", TaxType: "OUTPUT2" },
      ],
    }).body.BankTransactions;
    const id = made[idName];
    expect(read(`${plural}/${id}`)).toMatchObject({
      Type,
      Status: "AUTHORISED",
      Total: total,
      RemainingCredit: total,
    });
    expect(allocate(id, total, invoice.InvoiceID, plural).status).toBe(200);
    expect(read(`${plural}/${id}`)).toMatchObject({ Status: "PAID", RemainingCredit: 0 });
    expect(read(`Invoices/${invoice.InvoiceID}`).AmountDue).toBe(120 - total);
  });
});
