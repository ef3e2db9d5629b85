import { beforeEach, describe, expect, test } from "vitest";
import { type Body, invoiceOf, messagesOf, openTestLedger, type TestLedger } from "../testing.ts";

let test_: TestLedger;
beforeEach(() => {
  test_ = openTestLedger();
});

const made = (changes: Record<string, unknown> = {}): Body => {
  const { status, body } = test_.call("PUT", "Invoices", invoiceOf(test_.contactId, changes));
  expect(status).toBe(200);
  return body.Invoices[0];
};

describe("the status", () => {
  const move = (id: string, Status: string) => test_.call("POST", `Invoices/${id}`, { Status });
  test.each([
    ["DRAFT", "SUBMITTED", 200],
    ["DRAFT", "AUTHORISED", 200],
    ["DRAFT", "DELETED", 200],
    ["DRAFT", "VOIDED", 400],
    ["SUBMITTED", "DRAFT", 200],
    ["SUBMITTED", "DELETED", 200],
    ["AUTHORISED", "VOIDED", 200],
    ["AUTHORISED", "DELETED", 400],
    ["AUTHORISED", "DRAFT", 400],
    ["AUTHORISED", "PAID", 400],
  ])("%s to %s answers %i", (from, to, status) => {
    const { InvoiceID } = made({ Status: from });
    const answer = move(InvoiceID, to);
    expect(answer.status).toBe(status);
    if (status === 400)
      expect(messagesOf(answer.body)).toEqual(["Invoice not of valid status for modification"]);
  });

  test("of a deleted draft is final, also for a POST that re-uses its number", () => {
    const { InvoiceID } = made({ Status: "DRAFT", InvoiceNumber: "M-1" });
    move(InvoiceID, "DELETED");
    expect(move(InvoiceID, "DRAFT").status).toBe(400);
    const again = test_.call("POST", "Invoices", invoiceOf(test_.contactId, { InvoiceNumber: "M-1" }));
    expect(messagesOf(again.body)).toEqual(["Invoice not of valid status for modification"]);
  });
});

describe("an update", () => {
  test("by POST with a number the organisation has changes that invoice instead of making one", () => {
    const first = made({ InvoiceNumber: "M-7" });
    const { body } = test_.call("POST", "Invoices", {
      Type: "ACCREC",
      InvoiceNumber: "M-7",
      Reference: "overwritten",
    });
    expect(body.Invoices[0]).toMatchObject({
      InvoiceID: first.InvoiceID,
      Reference: "overwritten",
      Total: 120,
    });
  });

  test("keeps lines by their id, adds those without and drops those not sent", () => {
    const first = made({
      LineItems: [
        { Description: "one", Quantity: 1, UnitAmount: 10, AccountCode: "200" },
        { Description: "two", Quantity: 1, UnitAmount: 20, AccountCode: "200" },
      ],
    });
    const [one] = first.LineItems;
    const { body } = test_.call("POST", `Invoices/${first.InvoiceID}`, {
      LineItems: [
        { LineItemID: one.LineItemID, Description: "one, changed" },
        { Description: "three", Quantity: 1, UnitAmount: 30, AccountCode: "200" },
      ],
    });
    const lines = body.Invoices[0].LineItems;
    expect(lines.map((line: Body) => [line.Description, line.LineAmount])).toEqual([
      ["one, changed", 10],
      ["three", 30],
    ]);
    expect(lines[0].LineItemID).toBe(one.LineItemID);
    expect(body.Invoices[0].Total).toBe(48);
  });

  test("that echoes the totals of before is refused", () => {
    const first = made();
    const { body } = test_.call("POST", `Invoices/${first.InvoiceID}`, {
      Total: 120,
      LineItems: [{ ...first.LineItems[0], Quantity: 2, LineAmount: 200, TaxAmount: undefined }],
    });
    expect(messagesOf(body)).toEqual(["The document total does not equal the sum of the lines."]);
  });

  test("of a document in a locked period is refused, whatever it changes", () => {
    const first = made({ Date: "2026-10-01" });
    const [organisation] = test_.ledger.books.all("organisation");
    if (organisation !== undefined)
      test_.ledger.books.put("organisation", { ...organisation, periodLockDate: "2026-10-31" });
    const { body } = test_.call("POST", `Invoices/${first.InvoiceID}`, { Reference: "x" });
    expect(messagesOf(body)).toEqual([
      "The document date cannot be before the period lock date, currently set at 31-Oct-2026",
    ]);
  });

  test("with an id that was never issued is a 404 that is not JSON, for the whole call", () => {
    const answer = test_.call("POST", "Invoices", {
      Invoices: [invoiceOf(test_.contactId), { InvoiceID: "11111111-1111-4111-8111-111111111111" }],
    });
    expect(answer).toEqual({ status: 404, body: "The resource you're looking for cannot be found" });
    expect(test_.call("GET", "Invoices").body.Invoices).toEqual([]);
  });
});

test("a document of nothing is paid without a payment, and its amounts stay as they are", () => {
  const nothing = { Description: "free", Quantity: 1, UnitAmount: 0, AccountCode: "200" };
  const { InvoiceID, Status } = made({ LineItems: [nothing] });
  expect(Status).toBe("PAID");
  const { body } = test_.call("POST", `Invoices/${InvoiceID}`, {
    LineItems: [{ ...nothing, UnitAmount: 5 }],
  });
  expect(messagesOf(body)).toEqual(["Invoice not of valid status for modification"]);
});

describe("a batch", () => {
  const batch = () => ({
    Invoices: [invoiceOf(test_.contactId), invoiceOf(test_.contactId, { Type: undefined })],
  });
  const count = () => test_.call("GET", "Invoices").body.Invoices.length;

  test("without summarizeErrors=false is refused whole", () => {
    const { status, body } = test_.call("PUT", "Invoices", batch());
    expect(status).toBe(400);
    expect(body.Elements).toHaveLength(1);
    expect(count()).toBe(0);
  });

  test("may save its good elements all the same, when the scenario says so", () => {
    test_ = openTestLedger({ behaviour: { batchErrorSavesGood: true } });
    expect(test_.call("PUT", "Invoices", batch()).status).toBe(400);
    expect(count()).toBe(1);
  });

  test("with summarizeErrors=false is settled element by element", () => {
    const { status, body } = test_.call("PUT", "Invoices?SummarizeErrors=false", batch());
    expect(status).toBe(200);
    expect(body.Invoices.map((invoice: Body) => invoice.StatusAttributeString)).toEqual(["OK", "ERROR"]);
    expect(count()).toBe(1);
  });
});
