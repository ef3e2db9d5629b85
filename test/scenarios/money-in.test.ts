import { expect } from "vitest";
import { withSettings, withTables } from "../../engine/core/testing.ts";
import { endChapter, outOfScope, scenario } from "./harness.ts";
import { ACCOUNT, SPEC } from "./organisation.ts";
import { before, CARD_ORDER, hold, is, only, payment } from "./rules.ts";
import { invoiceNumbered } from "./seen.ts";

/** As GET /V1/invoices answers one. State 2 is paid, 1 open. */
const storeInvoice = (id: number, at: string, amounts: { [key: string]: number | string }) => ({
  entity_id: id,
  increment_id: `90000000${id}`,
  order_id: 501,
  state: 2,
  created_at: at,
  ...amounts,
});

scenario(
  "PAY-01",
  "Immediate capture",
  "Card, captured at checkout: 65.88 paid with the transaction ch_1.",
  ({ books, says }) => {
    const ledger = books();
    ledger.post({ ...CARD_ORDER, paid: 65.88, transaction: "ch_1" });
    const [paid] = ledger.call("GET", "Payments").Payments;
    says("the invoice is PAID, AmountDue 0", () =>
      expect([ledger.invoice().Status, ledger.invoice().AmountDue]).toEqual(["PAID", 0]),
    );
    says("the clearing account has +65.88, the bank nothing", () =>
      expect([ledger.balance(ACCOUNT.stripe), ledger.balance(ACCOUNT.bank)]).toEqual([65.88, 0]),
    );
    says("the payment is dated at the capture and names the transaction", () =>
      expect([day(paid.Date), paid.Reference]).toEqual(["2026-05-04", "100000501 ch_1"]),
    );
  },
);

scenario(
  "PAY-02",
  "Authorise, capture later",
  "Card, authorised on 1 May, captured with the store invoice on 4 May.",
  ({ books, says }) => {
    const ledger = books();
    const order = { ...CARD_ORDER, placedAt: "2026-05-01 10:00:00", transaction: "auth_1" };
    const authorised = ledger.post(order);
    says("no payment without a capture", () => {
      expect(authorised.documents.map(({ resource }) => resource)).toEqual(["Contacts", "Invoices"]);
      expect(ledger.invoice().AmountDue).toBe(65.88);
    });
    ledger.post({
      ...order,
      paid: 65.88,
      invoices: [
        storeInvoice(1, "2026-05-04 09:00:00", { grand_total: 65.88, transaction_id: "ch_1-capture" }),
      ],
    });
    const [paid] = ledger.call("GET", "Payments").Payments;
    says("the payment comes with the capture, on its day", () =>
      expect([day(paid.Date), paid.Amount, ledger.invoice().Status]).toEqual(["2026-05-04", 65.88, "PAID"]),
    );
  },
);

const PARTIAL = {
  rows: [{ sku: "SOFA", qty: 5, rowTotal: 250, tax: 50, percent: 20 }],
  grandTotal: 300,
  tax: 50,
};
const part = (id: number, at: string, qty: number, net: number, tax: number, transaction: string) =>
  storeInvoice(id, at, {
    grand_total: net + tax,
    tax_amount: tax,
    subtotal: net,
    transaction_id: transaction,
    items: [{ order_item_id: 50101, qty, row_total: net, tax_amount: tax }] as never,
  });
const FIRST = part(1, "2026-05-05 09:00:00", 2, 100, 20, "ch_1");
const SECOND = part(2, "2026-05-08 09:00:00", 3, 150, 30, "ch_2");

scenario(
  "PAY-03",
  "Partial invoices and captures",
  "An order of 300.00; store invoice A of 120.00, later B of 180.00, each captured.",
  ({ books, says }) => {
    const perInvoice = withTables(SPEC, { documentUnit: only({ kind: "unit", unit: "storeInvoice" }) });
    const ledger = books({ spec: perInvoice });
    ledger.post({ ...PARTIAL, paid: 120, invoices: [FIRST] });
    says("at the first store invoice only its part is posted", () =>
      expect(ledger.call("GET", "Invoices").Invoices.map((one: { Total: number }) => one.Total)).toEqual([
        120,
      ]),
    );
    const both = { ...PARTIAL, paid: 300, invoices: [FIRST, SECOND] };
    ledger.post(both);
    const [a, b] = ["invoice-1", "invoice-2"].map((step) => ledger.invoice(step));
    says("the invoices sum to the store invoices' grand totals, each paid by its own capture", () =>
      expect([a, b].map((one) => [one.Total, one.AmountDue, one.TotalTax])).toEqual([
        [120, 0, 20],
        [180, 0, 30],
      ]),
    );
    const whole = books();
    whole.post({ ...PARTIAL, paid: 120, invoices: [FIRST] });
    whole.post(both);
    says("per order: one invoice of 300.00 with payments of 120.00 and 180.00", () =>
      expect([
        whole.invoice().Total,
        whole.call("GET", "Payments").Payments.map(({ Amount }: { Amount: number }) => Amount),
        whole.invoice().AmountDue,
      ]).toEqual([300, [120, 180], 0]),
    );
    const third = part(3, "2026-05-09 09:00:00", 1, 50, 10, "ch_3");
    const above = books({ spec: perInvoice }).held({ ...both, paid: 360, invoices: [FIRST, SECOND, third] });
    says("never above the order's total", () =>
      expect([above.hold, above.field]).toEqual(["totalsDiffer", "total_invoiced"]),
    );
  },
);

scenario(
  "PAY-04",
  "Bank transfer / cheque pending",
  "Bank transfer, order of 65.88 in state new, nothing paid; a week later the store marks it as paid.",
  ({ books, says }) => {
    const spec = before(SPEC, "payment", [[is("payment.method", "banktransfer")], { kind: "unpaid" }]);
    const ledger = books({ spec });
    const order = { ...CARD_ORDER, method: "banktransfer", state: "new" };
    ledger.post(order);
    const invoice = ledger.invoice();
    says("AmountDue = T: authorised, due by the terms, no payment", () =>
      expect([invoice.Status, invoice.AmountDue, day(invoice.DueDate)]).toEqual([
        "AUTHORISED",
        65.88,
        "2026-05-04",
      ]),
    );
    ledger.call("PUT", "Payments", {
      Invoice: { InvoiceID: invoice.InvoiceID },
      Account: { Code: ACCOUNT.bank },
      Date: "2026-05-10",
      Amount: 65.88,
    });
    ledger.post({ ...order, state: "processing", paid: 65.88 });
    says("when the store marks it as paid and the bank's payment is in Xero, there is no second one", () =>
      expect(ledger.call("GET", "Payments").Payments).toHaveLength(1),
    );
  },
);

scenario(
  "PAY-05",
  "Purchase order / net 30",
  "Company credit, purchase order PO-77, terms of 30 days from the end of the month; placed on 4 May.",
  ({ books, says }) => {
    const terms = before(SPEC, "terms", [
      [is("payment.method", "purchaseorder")],
      { kind: "terms", days: 30, from: "endOfMonth" },
    ]);
    const unpaid = before(terms, "payment", [[is("payment.method", "purchaseorder")], { kind: "unpaid" }]);
    const spec = {
      ...unpaid,
      fields: { ...unpaid.fields, invoiceReference: "{order.purchaseOrder|no purchase order}" },
    };
    const ledger = books({ spec });
    const plan = ledger.post({
      ...CARD_ORDER,
      method: "purchaseorder",
      more: { payment: { method: "purchaseorder", po_number: "PO-77" } },
    });
    const invoice = ledger.invoice();
    says("DueDate by the rule: 30 days after 31 May", () => expect(day(invoice.DueDate)).toBe("2026-06-30"));
    says("no payment", () =>
      expect(plan.documents.map(({ resource }) => resource)).toEqual(["Contacts", "Invoices"]),
    );
    says("the purchase order is the reference, the order the number", () =>
      expect([invoice.Reference, invoice.InvoiceNumber]).toEqual(["PO-77", "100000501"]),
    );
  },
);

scenario("PAY-07", "Overpayment", "Bank transfer of 100.00 for an order of 95.00.", ({ books, says }) => {
  const order = {
    method: "banktransfer",
    rows: [{ sku: "BIKE", rowTotal: 95, percent: 0 }],
    grandTotal: 95,
    paid: 100,
    transaction: "wire-1",
  };
  const spec = withSettings(SPEC, { overpayments: "overpayment" });
  const ledger = books({ spec });
  ledger.post(order);
  const [over] = ledger.call("GET", "Overpayments").Overpayments;
  says("the payment is 95.00, the overpayment's RemainingCredit 5.00", () =>
    expect([ledger.invoice().AmountPaid, ledger.invoice().AmountDue, over.RemainingCredit]).toEqual([
      95, 0, 5,
    ]),
  );
  says("the bank has the 100.00 that came", () => expect(ledger.balance(ACCOUNT.bank)).toBe(100));
  says("unless the mapping says so, money above the amount due waits for a person", () =>
    expect(books().held(order).hold).toBe("paidMoreThanTotal"),
  );
  const clearing = books({ spec }).held({ ...order, method: "stripe_payments" });
  says("an overpayment is money on a bank account: a clearing account of another type holds", () =>
    expect([clearing.hold, clearing.field]).toEqual(["accountNotUsable", "/receipts/0"]),
  );
});

scenario(
  "PAY-08",
  "Underpayment / short by bank charges",
  "Bank transfer of 94.00 for an order of 95.00.",
  ({ books, says }) => {
    const ledger = books();
    ledger.post({
      method: "banktransfer",
      rows: [{ sku: "BIKE", rowTotal: 95, percent: 0 }],
      grandTotal: 95,
      paid: 94,
    });
    const invoice = ledger.invoice();
    says("no automatic write-off: 94.00 is paid, 1.00 stays due, nothing else is posted", () => {
      expect([invoice.AmountPaid, invoice.AmountDue, invoice.Total]).toEqual([94, 1, 95]);
      expect(ledger.call("GET", "CreditNotes").CreditNotes).toEqual([]);
      expect(invoice.LineItems).toHaveLength(1);
    });
  },
);

outOfScope(
  "PAY-09",
  "Deposit before invoice",
  "Magento has no deposits: total_paid grows by store invoices only, so money before one is not in its data (facts/magento.md section 3).",
);

outOfScope(
  "PAY-10",
  "Gateway fees, payout net",
  "Fees and payouts are settlement data of the gateway; Magento has none of it.",
);

scenario(
  "PAY-15",
  "Surcharge / COD fee",
  "Cash on delivery, a module's total cod_fee of 3.00 + tax 0.60 beside goods of 60.00; charged 63.60.",
  ({ books, says }) => {
    const order = {
      method: "banktransfer",
      rows: [{ sku: "BOX", rowTotal: 50, tax: 10, percent: 20 }],
      grandTotal: 63.6,
      tax: 10.6,
      extension: { total_segments: [{ code: "cod_fee", value: 3, tax_amount: 0.6 }] },
    };
    const unmapped = books().held(order);
    says("an unmapped segment is held with its code, and the next action", () => {
      expect([unmapped.hold, unmapped.detail]).toEqual(["ruleHolds", expect.stringContaining('"cod_fee"')]);
      expect(unmapped.action).toMatch(/rule/);
    });
    const cod = is("fee.code", "cod_fee");
    const spec = before(
      before(SPEC, "feeAccount", [[cod], { kind: "account", code: ACCOUNT.surcharge }]),
      "feeTaxType",
      [[cod], { kind: "taxType", taxType: "OUTPUT2" }],
    );
    const ledger = books({ spec });
    ledger.post(order);
    const invoice = ledger.invoice();
    const fee = invoice.LineItems.find(
      (line: { AccountCode: string }) => line.AccountCode === ACCOUNT.surcharge,
    );
    says("mapped it is a line of its own with its tax, not rounding", () =>
      expect([fee.LineAmount, fee.TaxAmount, fee.TaxType, invoice.Total]).toEqual([
        3.6,
        0.6,
        "OUTPUT2",
        63.6,
      ]),
    );
  },
);

outOfScope(
  "PAY-16",
  "Cash rounding at collection",
  "What was handed over in cash at a till is not in Magento, which knows the order's total alone.",
);

scenario(
  "PAY-18",
  "BNPL (Klarna, Afterpay)",
  "One order by Klarna in GBP, one by Klarna in EUR, one by card, and one by a method that nobody mapped.",
  ({ books, says }) => {
    const klarna = is("payment.method", "klarna_kp");
    const spec = withTables(SPEC, {
      payment: only(
        hold("No account is set for this payment method."),
        [[klarna, is("order.currency", "GBP")], payment(ACCOUNT.paypal)],
        [[klarna, is("order.currency", "EUR")], payment(ACCOUNT.euroClearing)],
        [[is("payment.method", "stripe_payments")], payment(ACCOUNT.stripe)],
      ),
    });
    const ledger = books({ spec });
    const order = (id: number, method: string, currency: string, amount: number) => ({
      id,
      number: `100000${id}`,
      method,
      currency,
      rows: [{ sku: "COAT", rowTotal: amount, percent: 0 }],
      grandTotal: amount,
      paid: amount,
    });
    ledger.post(order(501, "klarna_kp", "GBP", 40));
    ledger.post(order(502, "klarna_kp", "EUR", 117));
    ledger.post(order(503, "stripe_payments", "GBP", 25));
    says("one clearing account per method and settlement currency", () =>
      expect([
        ledger.balance(ACCOUNT.paypal),
        ledger.balance(ACCOUNT.euroClearing),
        ledger.balance(ACCOUNT.stripe),
      ]).toEqual([40, 100, 25]),
    );
    const other = ledger.held(order(504, "afterpay", "GBP", 30));
    says("a method without an account is held, never booked to another's", () =>
      expect([other.hold, invoiceNumbered(ledger, "100000503").AmountDue]).toEqual(["ruleHolds", 0]),
    );
    const first = books().held(order(501, "afterpay", "GBP", 30));
    says("the first mapping that setup proposes holds it as well, with a next action", () => {
      expect(first.hold).toBe("ruleHolds");
      expect(first.action).toMatch(/add a rule/);
    });
  },
);

outOfScope(
  "PAY-20",
  "Payout with a reserve or negative payout",
  "Payouts and reserves are settlement data of the gateway; Magento has none of it.",
);

/** "/Date(1777852800000+0000)/" or an ISO text to its calendar day. */
function day(date: string): string {
  const ms = /\/Date\((\d+)/.exec(date)?.[1];
  return ms === undefined ? date.slice(0, 10) : new Date(Number(ms)).toISOString().slice(0, 10);
}

endChapter("04-money-in", "Money in");
