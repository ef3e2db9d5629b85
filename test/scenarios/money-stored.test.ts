import { expect } from "vitest";
import { paidOutside } from "../../engine/core/paid-outside.ts";
import type { DocumentPlan } from "../../engine/core/plan.ts";
import { withTables } from "../../engine/core/testing.ts";
import { endChapter, scenario } from "./harness.ts";
import { ACCOUNT, SPEC } from "./organisation.ts";
import { account, before, CARD_ORDER, is, payment, taxType } from "./rules.ts";
import { linesOf, typesOf } from "./seen.ts";

const named = (method: string) => [is("payment.method", method)];

/** Gift cards that are sold are a debt outside of tax; what is redeemed reduces it. */
const SOLD = [is("line.productType", "giftcard")];
const giftCards = before(
  before(before(SPEC, "payment", [named("giftCard"), payment(ACCOUNT.giftCards)]), "revenueAccount", [
    SOLD,
    account(ACCOUNT.giftCards),
  ]),
  "taxType",
  [SOLD, taxType("NONE")],
);

const resources = (plan: DocumentPlan) => plan.documents.map(({ resource }) => resource);

/** A mapping that says nothing of gift cards, store credit and points, as setup's own does where the chart names no account. */
const UNNAMED = withTables(SPEC, {
  revenueAccount: { ...SPEC.tables.revenueAccount, rules: [] },
  payment: {
    ...SPEC.tables.payment,
    rules: SPEC.tables.payment.rules.filter(({ id }) => !/giftcard|storecredit|rewardpoints/.test(id)),
  },
});

scenario(
  "PAY-06",
  "Two payment methods",
  "Goods of 65.88, 20.00 of it by gift card; Magento's grand total is 45.88, charged to a card.",
  ({ books, says }) => {
    const order = {
      ...CARD_ORDER,
      grandTotal: 45.88,
      paid: 45.88,
      transaction: "ch_1",
      extension: { gift_cards_amount: 20 },
    };
    const ledger = books({ spec: giftCards });
    ledger.post(order);
    const invoice = ledger.invoice();
    says("the document = grand_total + gift cards + store credit + points: 65.88, with its whole tax", () =>
      expect([invoice.Total, invoice.TotalTax]).toEqual([65.88, 10.98]),
    );
    says("the payments sum to it: 20.00 out of the liability, 45.88 to clearing", () =>
      expect([invoice.AmountDue, ledger.balance(ACCOUNT.giftCards), ledger.balance(ACCOUNT.stripe)]).toEqual([
        0, 20, 45.88,
      ]),
    );
    says("without a rule that names gift cards the order is held", () =>
      expect(books({ spec: UNNAMED }).held(order).hold).toBe("noRule"),
    );
  },
);

const soldCard = {
  rows: [{ sku: "CARD-50", type: "giftcard", rowTotal: 50, percent: 0 }],
  grandTotal: 50,
  paid: 50,
  transaction: "ch_1",
};

scenario(
  "PAY-11",
  "Gift card sold",
  "A gift card of 50.00, tax 0, for use on anything in the shop.",
  ({ books, says }) => {
    const ledger = books({ spec: giftCards });
    ledger.post(soldCard);
    says("liability +50.00", () => expect(ledger.balance(ACCOUNT.giftCards)).toBe(-50));
    says("revenue 0, no tax", () =>
      expect([ledger.balance(ACCOUNT.sales), ledger.invoice().TotalTax, typesOf(ledger.invoice())]).toEqual([
        0,
        0,
        ["NONE"],
      ]),
    );
    says("without a rule for gift cards the sale is held, never booked as revenue", () =>
      expect(books({ spec: UNNAMED }).held(soldCard).hold).toBe("noRule"),
    );
  },
);

scenario(
  "PAY-12",
  "Gift card redeemed",
  "The card of 50.00 is redeemed on an order of 80.00 with tax 13.33; grand total 30.00.",
  ({ books, says }) => {
    const ledger = books({ spec: giftCards });
    ledger.post(soldCard);
    ledger.post({
      id: 502,
      number: "100000502",
      rows: [{ sku: "LAMP", rowTotal: 66.67, tax: 13.33, percent: 20 }],
      grandTotal: 30,
      tax: 13.33,
      paid: 30,
      transaction: "ch_2",
      extension: { gift_cards_amount: 50 },
    });
    const invoice = ledger.invoice();
    says("TotalTax = t, on the whole 80.00", () =>
      expect([invoice.Total, invoice.TotalTax, invoice.AmountDue]).toEqual([80, 13.33, 0]),
    );
    says("liability -50.00: issued less redeemed = 0, never below", () =>
      expect(ledger.balance(ACCOUNT.giftCards)).toBe(0),
    );
    says("clearing has what was charged", () => expect(ledger.balance(ACCOUNT.stripe)).toBe(80));
  },
);

scenario(
  "PAY-13",
  "Store credit used",
  "A customer with store credit of 30.00 uses 12.00 of it on an order of 65.88; Magento's balance is 18.00 then.",
  ({ books, says }) => {
    const spec = before(SPEC, "payment", [named("storeCredit"), payment(ACCOUNT.storeCredit)]);
    const ledger = books({ spec });
    ledger.call("PUT", "ManualJournals", {
      Narration: "Opening balance of store credit",
      Date: "2026-05-01",
      Status: "POSTED",
      JournalLines: [
        { LineAmount: 30, AccountCode: ACCOUNT.refundAdjustment },
        { LineAmount: -30, AccountCode: ACCOUNT.storeCredit },
      ],
    });
    ledger.post({
      ...CARD_ORDER,
      grandTotal: 53.88,
      paid: 53.88,
      extension: { customer_balance_amount: 12 },
    });
    says("the liability = Magento's balance of the customer: 18.00", () =>
      expect(ledger.balance(ACCOUNT.storeCredit)).toBe(-18),
    );
    says("a payment, no discount: the sale is 65.88 with all its tax", () =>
      expect([ledger.invoice().Total, ledger.invoice().TotalTax, ledger.invoice().AmountDue]).toEqual([
        65.88, 10.98, 0,
      ]),
    );
  },
);

scenario(
  "PAY-14",
  "Reward points",
  "Points worth 5.00 on an order of 65.88 with tax 10.98; grand total 60.88.",
  ({ books, says }) => {
    const order = { ...CARD_ORDER, grandTotal: 60.88, paid: 60.88, extension: { reward_currency_amount: 5 } };
    says("no silent default: without a rule that names points the order is held", () =>
      expect(books({ spec: UNNAMED }).held(order)).toMatchObject({ hold: "noRule", field: "/tenders/0" }),
    );
    const lowering = books({ spec: before(SPEC, "payment", [named("rewardPoints"), { kind: "discount" }]) });
    const plan = lowering.post(order);
    const invoice = lowering.invoice();
    says("as a discount: a line of -5.00, TotalTax follows Magento's t", () => {
      expect(linesOf(invoice).at(-1)).toEqual([1, -5, -5, "NONE", ACCOUNT.discount]);
      expect([invoice.Total, invoice.TotalTax, invoice.AmountDue]).toEqual([60.88, 10.98, 0]);
      expect([resources(plan), plan.warnings]).toEqual([["Contacts", "Invoices", "Payments"], []]);
    });
    const funded = books({
      spec: before(SPEC, "payment", [named("rewardPoints"), payment(ACCOUNT.points)]),
    });
    funded.post(order);
    says("as a payment: 5.00 out of the liability, the sale stays 65.88", () =>
      expect([
        funded.invoice().Total,
        funded.invoice().TotalTax,
        funded.invoice().AmountDue,
        funded.balance(ACCOUNT.points),
      ]).toEqual([65.88, 10.98, 0, 5]),
    );
    const card = books({ spec: before(SPEC, "payment", [named("giftCard"), { kind: "discount" }]) });
    says("only points may be a discount, gift cards never", () =>
      expect(card.held({ ...order, extension: { gift_cards_amount: 5 } }).hold).toBe("noRule"),
    );
  },
);

scenario(
  "PAY-17",
  "Payment in Xero by a person first",
  "A card order of 65.88; a bookkeeper pays the invoice in Xero before the engine does.",
  ({ books, says }) => {
    const ledger = books();
    const order = { ...CARD_ORDER, transaction: "ch_1" };
    ledger.post(order);
    const paidBy = (code: string, date: string) =>
      ledger.call("PUT", "Payments", {
        Invoice: { InvoiceID: ledger.invoice().InvoiceID },
        Account: { Code: code },
        Date: date,
        Amount: 65.88,
      }).Payments[0];
    const made = paidBy(ACCOUNT.stripe, "2026-05-06");
    const planned = ledger.plan({ ...order, paid: 65.88 });
    const body = planned.ok ? planned.value.documents.find(({ step }) => step === "payment-1")?.body : {};
    const own = { amount: String(body?.Amount), date: String(body?.Date), account: ACCOUNT.stripe };
    const due = String(ledger.invoice().AmountDue);
    const seen = { id: made.PaymentID, amount: "65.88", date: "2026-05-06", account: ACCOUNT.stripe };
    says("the retried payment never exceeds AmountDue: sent all the same it would be refused", () => {
      expect(due).toBe("0");
      expect(() => ledger.post({ ...order, paid: 65.88 })).toThrow(/^payment-1: 400/);
    });
    says("it is linked where amount, account and date (3 days) agree: paid outside, nothing is sent", () =>
      expect(paidOutside(own, due, [seen])).toEqual({ kind: "linked", id: made.PaymentID }),
    );
    says("else it is held, with what to look at", () =>
      expect(paidOutside(own, due, [{ ...seen, account: ACCOUNT.bank }])).toMatchObject({
        kind: "held",
        hold: { hold: "paidOutside", action: expect.stringContaining("Xero") },
      }),
    );
  },
);

scenario(
  "PAY-19",
  "Failed / voided capture",
  "A card order in payment review: cancelled before a capture, or after one whose payment is in the ledger already.",
  ({ books, says }) => {
    const ledger = books();
    const review = { ...CARD_ORDER, state: "payment_review" };
    says("no payment while it is reviewed", () =>
      expect(resources(ledger.post(review))).toEqual(["Contacts", "Invoices"]),
    );
    const taken = books();
    taken.post({ ...CARD_ORDER, paid: 65.88, transaction: "ch_1" });
    const held = taken.held({ ...CARD_ORDER, transaction: "ch_1" });
    says(
      "a payment in the ledger that the store no longer shows is held: to be deleted unless reconciled",
      () => {
        expect([held.hold, held.detail]).toEqual(["paymentWithdrawn", expect.stringContaining("65.88")]);
        expect(held.action).toMatch(/Delete the payment in Xero unless it is reconciled/);
      },
    );
    says("reconciled payments are never deleted: the engine deletes none by itself", () =>
      expect(taken.call("GET", "Payments").Payments.map(({ Status }: { Status: string }) => Status)).toEqual([
        "AUTHORISED",
      ]),
    );
  },
);

scenario(
  "PROD-16",
  "Gift card product in a mixed basket",
  "A gift card of 50.00 without tax, a book of 8.00 at 0 %, a mug of 12.00 with 20 % inside; charged 70.00.",
  ({ books, says }) => {
    const ledger = books({ spec: giftCards });
    ledger.post({
      rows: [
        { sku: "CARD-50", type: "giftcard", rowTotal: 50 },
        { sku: "BOOK", rowTotal: 8 },
        { sku: "MUG", rowTotal: 10, tax: 2, percent: 20 },
      ],
      grandTotal: 70,
      tax: 2,
      paid: 70,
    });
    const booked = ledger
      .invoice()
      .LineItems.map((line: { LineAmount: number; TaxType: string; AccountCode: string }) => [
        line.LineAmount,
        line.TaxType,
        line.AccountCode,
      ]);
    says(
      "role by product type first, then by rate: the card outside of tax, the book zero rated, the mug taxed",
      () =>
        expect(booked).toEqual([
          [50, "NONE", ACCOUNT.giftCards],
          [8, "ZERORATEDOUTPUT", ACCOUNT.sales],
          [12, "OUTPUT2", ACCOUNT.sales],
        ]),
    );
    says("revenue = 20.00 less 2.00 of VAT", () => expect(ledger.balance(ACCOUNT.sales)).toBe(-18));
    says("the card is a debt of 50.00", () => expect(ledger.balance(ACCOUNT.giftCards)).toBe(-50));
    says("the card's tax type is not the book's, though both are 0 %", () =>
      expect(booked[0]?.[1]).not.toBe(booked[1]?.[1]),
    );
  },
);

endChapter("04-money-in-b", "Money in: stored value and other hands");
