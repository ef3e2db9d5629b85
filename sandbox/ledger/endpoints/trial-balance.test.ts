import fc from "fast-check";
import { expect, test } from "vitest";
import { postingsOf } from "../books/general-ledger.ts";
import { type Body, invoiceOf, openTestLedger, type TestLedger } from "../testing.ts";

const action = fc.record({
  kind: fc.constantFrom(
    "invoice",
    "bill",
    "pay",
    "credit",
    "allocate",
    "refund",
    "spend",
    "ahead",
    "journal",
    "undo",
  ),
  price: fc.integer({ min: 1, max: 99_999 }),
  quantity: fc.integer({ min: 1, max: 7 }),
  currency: fc.constantFrom("GBP", "EUR"),
  types: fc.constantFrom("Exclusive", "Inclusive", "NoTax"),
  day: fc.integer({ min: 1, max: 24 }),
  part: fc.integer({ min: 1, max: 4 }),
});
type Action = typeof action extends fc.Arbitrary<infer A> ? A : never;

test("whatever is booked, debits are credits", { timeout: 60_000 }, () => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 25 }), (actions) => {
      const test_ = openTestLedger();
      for (const one of actions) perform(test_, one);
      const sum = postingsOf(test_.ledger.books).reduce((total, { amount }) => total + amount, 0n);
      expect(sum).toBe(0n);
      const [report] = test_.call("GET", "Reports/TrialBalance?date=2026-11-24").body.Reports;
      const cells = report.Rows.at(-1).Rows[0].Cells.map((cell: Body) => cell.Value);
      expect([cells[1], cells[3]]).toEqual([cells[2], cells[4]]);
      expect(receivables(report)).toBe(openReceivables(test_));
    }),
    { numRuns: 40 },
  );
});

function perform({ call, contactId }: TestLedger, one: Action): void {
  const money = one.price / 100;
  const date = `2026-11-${String(one.day).padStart(2, "0")}`;
  const line = { Description: "x", Quantity: one.quantity, UnitAmount: money, AccountCode: "200" };
  const common = { Date: date, LineAmountTypes: one.types, CurrencyCode: one.currency, LineItems: [line] };
  const [open] = call("GET", 'Invoices?where=Status=="AUTHORISED"').body.Invoices;
  const [credit] = call("GET", 'CreditNotes?where=Status=="AUTHORISED"').body.CreditNotes;
  const cost = [{ ...line, AccountCode: "404" }];
  switch (one.kind) {
    case "invoice":
      return void call("PUT", "Invoices", invoiceOf(contactId, common));
    case "bill":
      return void call(
        "PUT",
        "Invoices",
        invoiceOf(contactId, { ...common, Type: "ACCPAY", LineItems: cost }),
      );
    case "credit":
      return void call("PUT", "CreditNotes", invoiceOf(contactId, { ...common, Type: "ACCRECCREDIT" }));
    case "pay":
      if (open === undefined) return;
      return void call(
        "PUT",
        "Payments",
        paymentOf({ Invoice: { InvoiceID: open.InvoiceID } }, open.AmountDue, one),
      );
    case "refund":
      if (credit === undefined) return;
      return void call(
        "PUT",
        "Payments",
        paymentOf({ CreditNote: { CreditNoteID: credit.CreditNoteID } }, credit.RemainingCredit, one),
      );
    case "allocate":
      if (open === undefined || credit === undefined) return;
      return void call("PUT", `CreditNotes/${credit.CreditNoteID}/Allocations`, {
        Amount: share(Math.min(open.AmountDue, credit.RemainingCredit), one.part),
        Invoice: { InvoiceID: open.InvoiceID },
      });
    case "spend":
    case "ahead": {
      const Type = one.kind === "spend" ? "SPEND" : "RECEIVE-PREPAYMENT";
      const LineItems = one.kind === "spend" ? cost : [line];
      const bank = { Type, Contact: { ContactID: contactId }, BankAccount: { Code: "090" } };
      return void call("PUT", "BankTransactions", {
        ...bank,
        Date: date,
        LineItems,
        LineAmountTypes: one.types,
      });
    }
    case "journal":
      return void call("PUT", "ManualJournals", {
        Narration: "x",
        Status: "POSTED",
        Date: date,
        JournalLines: [
          { LineAmount: money, AccountCode: "404" },
          { LineAmount: -money, AccountCode: "605" },
        ],
      });
    case "undo": {
      const [payment] = call("GET", 'Payments?where=Status=="AUTHORISED"').body.Payments;
      if (payment !== undefined) call("POST", `Payments/${payment.PaymentID}`, { Status: "DELETED" });
    }
  }
}

const share = (amount: number, part: number): number =>
  Math.max(0.01, Math.floor((amount * 100) / part) / 100);

function paymentOf(what: Record<string, unknown>, open: number, one: Action): Record<string, unknown> {
  return { ...what, Account: { Code: "605" }, Date: "2026-11-24", Amount: share(open, one.part) };
}

function receivables(report: Body): bigint {
  const rows = report.Rows.flatMap((section: Body) => section.Rows ?? []);
  const row = rows.find((candidate: Body) => candidate.Cells[0].Value.startsWith("Accounts Receivable"));
  return row === undefined ? 0n : cents(row.Cells[3].Value) - cents(row.Cells[4].Value);
}

const cents = (text: string): bigint => (text === "" ? 0n : BigInt(text.replace(".", "")));

/** What customers owe less what they are owed, at the rates of the documents; partial payments round one by one. */
function openReceivables({ ledger }: TestLedger): bigint {
  const { books } = ledger;
  const base = (amount: bigint, rate: bigint): bigint => (2n * amount * 1_000_000n + rate) / (2n * rate);
  let sum = 0n;
  for (const document of books.all("documents")) {
    const sign = document.type === "ACCREC" ? 1n : document.type === "ACCRECCREDIT" ? -1n : 0n;
    if (sign === 0n || document.status === "PAID") continue;
    let open = base(document.total, document.rate);
    const parts = [
      ...books.find("payments", "document", document.id).filter(({ status }) => status === "AUTHORISED"),
      ...books.find("allocations", "invoice", document.id),
      ...books.find("allocations", "source", document.id),
    ];
    for (const part of parts) open -= base(part.amount, document.rate);
    sum += sign * open;
  }
  return sum;
}
