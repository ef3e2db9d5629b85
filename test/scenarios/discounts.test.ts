import { expect } from "vitest";
import { withSettings } from "../../engine/core/testing.ts";
import type { Body } from "../../sandbox/ledger/testing.ts";
import { endChapter, readSale, scenario } from "./harness.ts";
import { ACCOUNT, SPEC } from "./organisation.ts";
import { account, before, is } from "./rules.ts";
import { invoiceNumbered, keepInStock, linesOf, ofAccount, sumOf, typesOf } from "./seen.ts";

const VAT20 = [{ code: "VAT 20", percent: 20 }];
const exclusive = withSettings(SPEC, { lineAmountTypes: "Exclusive" });
const visible = withSettings(SPEC, { discounts: "visible" });
const visibleExclusive = withSettings(exclusive, { discounts: "visible" });
const taxAmounts = (invoice: Body): number[] => invoice.LineItems.map((line: Body) => line.TaxAmount);

scenario(
  "DISC-01",
  "Cart coupon, percent, excl.",
  "UK, prices without tax: 100.00 with a coupon of 10 %, shipping 10.00; tax 18 + 2, charged 120.00.",
  ({ books, says }) => {
    const order = {
      rows: [{ sku: "VASE", rowTotal: 100, tax: 18, percent: 20, discount: 10 }],
      shipping: { amount: 10, tax: 2, taxes: VAT20 },
      grandTotal: 120,
      tax: 20,
      more: { coupon_code: "SUMMER10", discount_amount: -10 },
    };
    const [net, shown] = [exclusive, visibleExclusive].map((spec) => {
      const ledger = books({ spec });
      ledger.post(order);
      return ledger.invoice();
    });
    says("both shapes: total 120.00, tax 20.00", () =>
      expect([net, shown].map((invoice) => [invoice.Total, invoice.TotalTax])).toEqual([
        [120, 20],
        [120, 20],
      ]),
    );
    says("net: 1 x 90.00; visible: 100.00 and -10.00 of the same tax type on the discount account", () =>
      expect([linesOf(net), linesOf(shown)]).toEqual([
        [
          [1, 90, 90, "OUTPUT2", ACCOUNT.sales],
          [1, 10, 10, "OUTPUT2", ACCOUNT.shipping],
        ],
        [
          [1, 100, 100, "OUTPUT2", ACCOUNT.sales],
          [1, 10, 10, "OUTPUT2", ACCOUNT.shipping],
          [1, -10, -10, "OUTPUT2", ACCOUNT.discount],
        ],
      ]),
    );
  },
);

scenario(
  "DISC-02",
  "Percent, incl. prices, DTC",
  "UK, 3 x 19.99 with tax, 15 % off: discount 9.00 of which 1.50 is tax, row total 49.97, tax 8.50; shipping 4.99; charged 55.96.",
  ({ books, says }) => {
    const order = {
      rows: [{ sku: "JAR", qty: 3, rowTotal: 49.97, tax: 8.5, percent: 20, discount: 9, discountTax: 1.5 }],
      shipping: { amount: 4.16, tax: 0.83, taxes: VAT20 },
      grandTotal: 55.96,
      tax: 9.33,
    };
    const posted = (spec: typeof SPEC) => {
      const ledger = books({ spec });
      ledger.post(order);
      return ledger.invoice();
    };
    const [net, shown, shownNet] = [SPEC, visible, visibleExclusive].map(posted);
    says("net discount = discount_amount - dtc: without tax the discount line is 7.50, not 9.00", () =>
      expect(ofAccount(shownNet, ACCOUNT.discount).map(({ LineAmount }) => LineAmount)).toEqual([-7.5]),
    );
    says("with tax: 3 x 16.99, or 3 x 19.99 and -9.00", () =>
      expect([linesOf(net)[0], linesOf(shown)[0], linesOf(shown)[2]]).toEqual([
        [3, 16.99, 50.97, "OUTPUT2", ACCOUNT.sales],
        [3, 19.99, 59.97, "OUTPUT2", ACCOUNT.sales],
        [1, -9, -9, "OUTPUT2", ACCOUNT.discount],
      ]),
    );
    says("all three come to the charge and its tax", () =>
      expect([net, shown, shownNet].map((invoice) => [invoice.Total, invoice.TotalTax])).toEqual([
        [55.96, 9.33],
        [55.96, 9.33],
        [55.96, 9.33],
      ]),
    );
  },
);

scenario(
  "DISC-03",
  "Fixed amount on the cart, spread",
  "UK, 10.00 off 19.99 at 20 %, 29.99 at 20 % and 9.99 at 0 %: 3.33 + 5.00 + 1.67, of which tax 0.55 + 0.83; charged 49.97.",
  ({ books, says }) => {
    const order = {
      rows: [
        { sku: "CUP", rowTotal: 16.66, tax: 2.78, percent: 20, discount: 3.33, discountTax: 0.55 },
        { sku: "POT", rowTotal: 24.99, tax: 4.17, percent: 20, discount: 5, discountTax: 0.83 },
        { sku: "BOOK", rowTotal: 9.99, percent: 0, discount: 1.67 },
      ],
      grandTotal: 49.97,
      tax: 6.95,
    };
    const shown = books({ spec: visible });
    shown.post(order);
    const discounts = ofAccount(shown.invoice(), ACCOUNT.discount);
    says("one discount line for each tax type", () =>
      expect(discounts.map(({ LineAmount, TaxType }) => [LineAmount, TaxType])).toEqual([
        [-8.33, "OUTPUT2"],
        [-1.67, "ZERORATEDOUTPUT"],
      ]),
    );
    says("they sum to -discount_amount", () => expect(sumOf(discounts, "LineAmount")).toBe(-10));
    const net = books();
    net.post(order);
    says("net: 16.66, 24.99 and 8.32, the same total and tax", () => {
      expect(net.invoice().LineItems.map((line: Body) => line.LineAmount)).toEqual([16.66, 24.99, 8.32]);
      expect([net.invoice(), shown.invoice()].map((one) => [one.Total, one.TotalTax])).toEqual([
        [49.97, 6.95],
        [49.97, 6.95],
      ]);
    });
  },
);

scenario(
  "DISC-04",
  "Per-item rule",
  "1.50 off each, 5.99 with 21 %, shipping 5.95: charged 10.44, of the discount 0.26 is tax.",
  ({ books, says }) => {
    const spec = { ...SPEC, tables: { ...SPEC.tables } };
    const org = {
      taxRates: [
        { taxType: "OUTPUT2", name: "21%", rate: 21 },
        { taxType: "NONE", name: "No VAT", rate: 0 },
      ],
    };
    const at21 = [{ op: "equals", fact: "line.taxRate", value: "21" }] as const;
    const rated = before(
      before(spec, "taxType", [at21, { kind: "taxType", taxType: "OUTPUT2" }]),
      "shippingTaxType",
      [at21, { kind: "taxType", taxType: "OUTPUT2" }],
    );
    const ledger = books({ spec: rated, org });
    ledger.post({
      rows: [{ sku: "SOAP", rowTotal: 4.95, tax: 0.78, percent: 21, discount: 1.5, discountTax: 0.26 }],
      shipping: { amount: 4.92, tax: 1.03, taxes: [{ code: "NL 21", percent: 21, amount: 1.03 }] },
      grandTotal: 10.44,
      tax: 1.81,
    });
    const invoice = ledger.invoice();
    says("the line = row_total_incl_tax - discount_amount: 5.99 - 1.50", () =>
      expect(linesOf(invoice)[0]).toEqual([1, 4.49, 4.49, "OUTPUT2", ACCOUNT.sales]),
    );
    says("no cent is missed", () => expect([invoice.Total, invoice.TotalTax]).toEqual([10.44, 1.81]));
  },
);

scenario(
  "DISC-05",
  "Buy 2 get 1",
  "UK, 3 x 15.00 with tax, discount 15.00 of which 2.50 is tax; charged 30.00.",
  ({ books, says }) => {
    const ledger = books();
    ledger.post({
      rows: [{ sku: "SOCK", qty: 3, rowTotal: 37.5, tax: 5, percent: 20, discount: 15, discountTax: 2.5 }],
      grandTotal: 30,
      tax: 5,
    });
    const invoice = ledger.invoice();
    says("the quantities sum to what was invoiced: 3", () =>
      expect(sumOf(invoice.LineItems, "Quantity")).toBe(3),
    );
    says("3 x 10.00 is the charge", () =>
      expect([linesOf(invoice), invoice.Total]).toEqual([[[3, 10, 30, "OUTPUT2", ACCOUNT.sales]], 30]),
    );
  },
);

scenario(
  "DISC-06",
  "Free shipping",
  "UK, goods of 50.00 + 20 %; shipping of 0.00, or shipping of 10.00 with a shipping discount of 10.00.",
  ({ books, says }) => {
    const rows = [{ sku: "LAMP", rowTotal: 50, tax: 10, percent: 20 }];
    const discounted = {
      rows,
      shipping: { amount: 10, discount: 10, taxes: VAT20 },
      grandTotal: 60,
      tax: 10,
      more: { discount_amount: -10 },
    };
    const free = books({ spec: exclusive });
    free.post({ rows, shipping: { amount: 0 }, grandTotal: 60, tax: 10 });
    const net = books({ spec: exclusive });
    net.post(discounted);
    says("no shipping line where nothing is charged for it, in both cases", () => {
      const goods = [[1, 50, 50, "OUTPUT2", ACCOUNT.sales]];
      expect([linesOf(free.invoice()), linesOf(net.invoice())]).toEqual([goods, goods]);
    });
    const shown = books({ spec: visibleExclusive });
    shown.post(discounted);
    says("visible: 10.00 and -10.00", () =>
      expect(linesOf(shown.invoice()).slice(1)).toEqual([
        [1, 10, 10, "OUTPUT2", ACCOUNT.shipping],
        [1, -10, -10, "OUTPUT2", ACCOUNT.discount],
      ]),
    );
    const sale = readSale(discounted);
    const charges = [...sale.lines, sale.shipping];
    says("|discount_amount| = the items' discounts + shipping_discount_amount", () => {
      expect(charges.reduce((sum, charge) => sum + Number(charge?.discount), 0)).toBe(10);
      expect([net.invoice().Total, shown.invoice().Total]).toEqual([60, 60]);
    });
  },
);

scenario(
  "DISC-07",
  "Discount on shipping with DTC",
  "UK, 50.00 + shipping 10.00 with tax, 10 % off both: 5.00 (tax 0.83) and 1.00 (tax 0.17); charged 54.00.",
  ({ books, says }) => {
    const ledger = books();
    ledger.post({
      rows: [{ sku: "RUG", rowTotal: 41.67, tax: 7.5, percent: 20, discount: 5, discountTax: 0.83 }],
      shipping: { amount: 8.33, tax: 1.5, discount: 1, discountTax: 0.17, taxes: VAT20 },
      grandTotal: 54,
      tax: 9,
    });
    const invoice = ledger.invoice();
    says("residual = 0: no rounding line, 45.00 and 9.00 at 20 %", () =>
      expect(linesOf(invoice)).toEqual([
        [1, 45, 45, "OUTPUT2", ACCOUNT.sales],
        [1, 9, 9, "OUTPUT2", ACCOUNT.shipping],
      ]),
    );
    says("the total is the charge", () => expect([invoice.Total, invoice.TotalTax]).toEqual([54, 9]));
  },
);

scenario(
  "DISC-08",
  "Tax computed before the discount",
  "Tax on the full price: 100.00, discount 10.00, tax 20.00, charged 110.00.",
  ({ books, says }) => {
    const order = {
      rows: [{ sku: "CAN", rowTotal: 100, tax: 20, percent: 20, discount: 10 }],
      grandTotal: 110,
      tax: 20,
    };
    const ledger = books({ spec: exclusive });
    const plan = ledger.post(order);
    const invoice = ledger.invoice();
    says("the shape with the least stated tax: 100.00 taxed in full and -10.00 outside of tax", () => {
      expect(linesOf(invoice)).toEqual([
        [1, 100, 100, "OUTPUT2", ACCOUNT.sales],
        [1, -10, -10, "NONE", ACCOUNT.discount],
      ]);
      expect(taxAmounts(invoice)).toEqual([20, 0]);
    });
    says("Total 110.00, TotalTax 20.00", () => expect([invoice.Total, invoice.TotalTax]).toEqual([110, 20]));
    const american = books({ spec: exclusive, org: { country: "US" } }).post(order);
    says("a warning outside of the US, none there", () =>
      expect([plan.warnings, american.warnings]).toEqual([[expect.stringMatching(/^taxBeforeDiscount/)], []]),
    );
  },
);

scenario(
  "DISC-09",
  "100 % coupon",
  "UK, goods of 60.00 with tax, discount 60.00 of which 10.00 is tax; charged 0.00.",
  ({ books, says }) => {
    const order = {
      rows: [{ sku: "GIFT", rowTotal: 50, percent: 20, discount: 60, discountTax: 10 }],
      grandTotal: 0,
      method: "free",
    };
    const ledger = books();
    const plan = ledger.post(order);
    const invoice = ledger.invoice();
    says("an invoice of 0.00 that is paid by being so, and no payment", () => {
      expect([invoice.Total, invoice.Status, linesOf(invoice)]).toEqual([
        0,
        "PAID",
        [[1, 0, 0, "OUTPUT2", ACCOUNT.sales]],
      ]);
      expect(plan.documents.map(({ resource }) => resource)).toEqual(["Contacts", "Invoices"]);
    });
    const skipping = withSettings(SPEC, { zeroTotals: "skip" });
    const skipped = books({ spec: skipping }).held(order);
    says("or nothing, where the mapping skips such orders", () => expect(skipped.hold).toBe("nothingToPost"));
    const kept = books({
      spec: withSettings(skipping, { items: "link" }),
      items: [{ code: "GIFT", tracked: true, onHand: "5" }],
    });
    keepInStock(kept, "GIFT", 5);
    kept.post(order);
    says("stock decremented: an item that is kept in stock is invoiced all the same", () => {
      expect(linesOf(kept.invoice())).toEqual([[1, 0, 0, "OUTPUT2", ACCOUNT.sales]]);
      expect(kept.call("GET", "Items/GIFT").Items[0].QuantityOnHand).toBe(4);
    });
    const dear = books().post({
      ...order,
      rows: [{ sku: "GIFT", rowTotal: 50.01, percent: 20, discount: 60.01, discountTax: 10 }],
    });
    says("a warning for gifts above the UK's limit of 50.00, on both sides of it", () =>
      expect([plan.warnings, dear.warnings]).toEqual([[], [expect.stringMatching(/^giftValue/)]]),
    );
  },
);

scenario(
  "DISC-10",
  "Two stacked rules, staff discount to another account",
  "UK, 20.00 off 120.00; cart price rule 30 is the staff discount, or rules 12 and 30 applied together.",
  ({ books, says }) => {
    const spec = before(visible, "discountAccount", [
      [is("order.discountRule", "30")],
      account(ACCOUNT.refundAdjustment),
    ]);
    const ledger = books({ spec });
    const order = {
      rows: [{ sku: "DESK", rowTotal: 100, tax: 16.67, percent: 20, discount: 20, discountTax: 3.33 }],
      grandTotal: 100,
      tax: 16.67,
    };
    ledger.post({ ...order, more: { applied_rule_ids: "30" } });
    ledger.post({ ...order, id: 502, number: "100000502", more: { applied_rule_ids: "12,30" } });
    const accounts = ["100000501", "100000502"].map(
      (number) => invoiceNumbered(ledger, number).LineItems[1].AccountCode,
    );
    says("by rule when exactly one applied", () => expect(accounts[0]).toBe(ACCOUNT.refundAdjustment));
    says("else the discount account: the store keeps only the sum, and no split is invented", () => {
      expect(accounts[1]).toBe(ACCOUNT.discount);
      expect(invoiceNumbered(ledger, "100000502").LineItems).toHaveLength(2);
    });
  },
);

scenario(
  "DISC-11",
  "Catalogue price rule / special price",
  "UK, price 80.00, original price 100.00, discount 0.",
  ({ books, says }) => {
    const ledger = books({ spec: visibleExclusive });
    ledger.post({
      rows: [{ sku: "CHAIR", rowTotal: 80, tax: 16, percent: 20, more: { price: 80, original_price: 100 } }],
      grandTotal: 96,
      tax: 16,
    });
    const invoice = ledger.invoice();
    says("original_price never enters an amount: one line of 80.00, no discount line", () =>
      expect(linesOf(invoice)).toEqual([[1, 80, 80, "OUTPUT2", ACCOUNT.sales]]),
    );
    says("the total is the charge", () =>
      expect([invoice.Total, typesOf(invoice)]).toEqual([96, ["OUTPUT2"]]),
    );
  },
);

scenario(
  "DISC-12",
  "Discount larger than one line (Magento bug family)",
  "Prices without tax, a discount of 100 % on the price with tax: a row of 100.00 with a discount of 120.00, beside one of 50.00.",
  ({ books, says }) => {
    const ledger = books();
    const held = ledger.held({
      rows: [
        { sku: "A", rowTotal: 100, percent: 20, discount: 120 },
        { sku: "B", rowTotal: 50, tax: 10, percent: 20 },
      ],
      grandTotal: 40,
      tax: 10,
    });
    says("no document: the line is negative", () => {
      expect([held.hold, held.field]).toEqual(["negativeLine", "/lines/0"]);
      expect(ledger.call("GET", "Invoices").Invoices).toEqual([]);
    });
    says("the message names the three config flags", () =>
      expect(held.action).toMatch(/price_includes_tax.*apply_after_discount.*discount_tax/),
    );
  },
);

endChapter("02-discounts", "Discounts");
