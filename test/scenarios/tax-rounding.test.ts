import { expect } from "vitest";
import { withSettings } from "../../engine/core/testing.ts";
import type { Body } from "../../sandbox/ledger/testing.ts";
import { statedShare, tieDifferences } from "./generated.ts";
import { endChapter, scenario } from "./harness.ts";
import { ACCOUNT, SPEC } from "./organisation.ts";
import { specOf } from "./rules.ts";
import { keepInStock, linesOf, ofAccount, sumOf, taxesOf } from "./seen.ts";

const exclusive = withSettings(SPEC, { lineAmountTypes: "Exclusive" });
const stated = (invoice: Body): number[] => invoice.LineItems.map((line: Body) => line.TaxAmount);

const AMERICA = {
  country: "US",
  taxRates: [
    { taxType: "OUTPUT", name: "Tax on Sales", rate: 8.25 },
    { taxType: "NONE", name: "Tax Exempt", rate: 0 },
  ],
};

scenario(
  "TAX-16",
  "Tax per unit",
  "8.25 %, 7 x 1.29 and 3 x 2.49, tax rounded on each piece: 0.77 + 0.63 = 1.40, charged 17.90.",
  ({ books, says }) => {
    const ledger = books({
      spec: withSettings(specOf(AMERICA), { lineAmountTypes: "Exclusive" }),
      org: AMERICA,
    });
    ledger.post({
      rows: [
        { sku: "PEN", qty: 7, rowTotal: 9.03, tax: 0.77, percent: 8.25 },
        { sku: "INK", qty: 3, rowTotal: 7.47, tax: 0.63, percent: 8.25 },
      ],
      grandTotal: 17.9,
      tax: 1.4,
      paid: 17.9,
    });
    const invoice = ledger.invoice();
    says("Total = 17.90, nothing stays due", () =>
      expect([invoice.Total, invoice.TotalTax, invoice.AmountDue]).toEqual([17.9, 1.4, 0]),
    );
    says("0.78 is stated on the larger line, 0.62 is left on the other", () =>
      expect(stated(invoice)).toEqual([0.78, 0.62]),
    );
    const many = books({ spec: exclusive });
    const plan = many.post({
      rows: [{ sku: "CLIP", qty: 500, rowTotal: 235, tax: 45, percent: 20 }],
      grandTotal: 280,
      tax: 45,
    });
    says("500 x 0.47 at 20 % has the 45.00 that was charged, where Xero computes 47.00, and is flagged", () =>
      expect([many.invoice().TotalTax, many.invoice().Total, plan.warnings]).toEqual([
        45,
        280,
        ["taxAdjusted: tax is stated on lines, 2.00 in all"],
      ]),
    );
  },
);

scenario(
  "TAX-17",
  "Tax per row",
  "UK, the same basket with 20 % in the price, tax rounded on each row: 1.51 + 1.25 = 2.76.",
  ({ books, says }) => {
    const ledger = books();
    const plan = ledger.post({
      rows: [
        { sku: "PEN", qty: 7, rowTotal: 7.52, tax: 1.51, percent: 20 },
        { sku: "INK", qty: 3, rowTotal: 6.22, tax: 1.25, percent: 20 },
      ],
      grandTotal: 16.5,
      tax: 2.76,
    });
    says("Xero's own tax is the store's", () =>
      expect([stated(ledger.invoice()), plan.warnings]).toEqual([[1.51, 1.25], []]),
    );
    const share = statedShare(300);
    says(
      "by row, with tax in the price and whole quantities, at least 97 % of orders need no other tax than Xero's",
      () => expect(share).toBeLessThanOrEqual(0.03),
    );
  },
);

scenario(
  "TAX-18",
  "Tax on the total",
  "UK, the same basket, tax rounded once over the whole: 1.51 + 1.24 = 2.75.",
  ({ books, says }) => {
    const ledger = books();
    ledger.post({
      rows: [
        { sku: "PEN", qty: 7, rowTotal: 7.52, tax: 1.51, percent: 20 },
        { sku: "INK", qty: 3, rowTotal: 6.23, tax: 1.24, percent: 20 },
      ],
      grandTotal: 16.5,
      tax: 2.75,
    });
    const invoice = ledger.invoice();
    says("per TaxType the tax = Magento's sum", () => expect(taxesOf(invoice)).toEqual({ OUTPUT2: 2.75 }));
    says("1.50 on the larger line, 1.25 on the other: not copied row by row", () =>
      expect(stated(invoice)).toEqual([1.5, 1.25]),
    );
  },
);

/** Five pieces of 2.00 whose tax was rounded up on each: Xero computes 2.00. */
const roundedUp = (tax: number) => ({
  rows: [{ sku: "NUT", qty: 5, rowTotal: 10, tax, percent: 20 }],
  grandTotal: 10 + tax,
  tax,
});

scenario(
  "TAX-19",
  "TaxAmount override and its limits",
  "Five pieces for 10.00 at 20 %: the store charged 2.00, 2.05 or 2.06 of tax, Xero computes 2.00.",
  ({ books, says }) => {
    const warningsOf = (tax: number) => books({ spec: exclusive }).post(roundedUp(tax)).warnings;
    says("stated cents up to 0.05 are quiet, above they are flagged: both sides of the border", () =>
      expect([warningsOf(2), warningsOf(2.05), warningsOf(2.06)]).toEqual([
        [],
        [],
        ["taxAdjusted: tax is stated on lines, 0.06 in all"],
      ]),
    );
    const org = { behaviour: { taxOverrideLimit: 0 } };
    says("where the ledger takes no stated tax, it refuses the document", () =>
      expect(() => books({ spec: exclusive, org }).post(roundedUp(2.05))).toThrow(/^invoice: 400/),
    );
    const ledger = books({ spec: withSettings(SPEC, { taxAmounts: "never" }), org });
    const plan = ledger.post(roundedUp(2.05));
    const tax = plan.checks.find(({ name }) => name === "tax");
    says("then tax is left to Xero on inclusive lines: the total stays exact and the drift is shown", () =>
      expect([ledger.invoice().Total, tax?.expected, tax?.actual]).toEqual([12.05, "2.05", "2.01"]),
    );
  },
);

scenario(
  "TAX-20",
  "Penny rounding line and its limits",
  "A module rounds the total to 0.05: the parts come to 20.03, the grand total is 20.05.",
  ({ books, says }) => {
    const ledger = books();
    const rounded = (grandTotal: number, more = {}) => ({
      rows: [{ sku: "TEA", rowTotal: 20.03, percent: 0 }],
      grandTotal,
      ...more,
    });
    ledger.post(rounded(20.05));
    const lines = ofAccount(ledger.invoice(), ACCOUNT.rounding);
    says("one line to the rounding account, its amount = the residual, outside of tax", () =>
      expect(lines.map(({ LineAmount, TaxType }) => [LineAmount, TaxType])).toEqual([[0.02, "NONE"]]),
    );
    ledger.post({ ...rounded(20.08), id: 502, number: "100000502" });
    says("|amount| up to 0.05 is taken", () => expect(ledger.balance(ACCOUNT.rounding)).toBe(-0.07));
    const above = ledger.held({ ...rounded(20.09), id: 503, number: "100000503" });
    says("0.06 is held, with what is unexplained", () =>
      expect([above.hold, above.detail]).toEqual(["unmappedTotal", expect.stringContaining("0.06")]),
    );
    const named = ledger.held({
      ...rounded(20.09, { extension: { total_segments: [{ code: "cash_rounding", value: 0.06 }] } }),
      id: 504,
      number: "100000504",
    });
    says("a named segment is never rounding: it is held with its code", () =>
      expect([named.hold, named.detail]).toEqual(["ruleHolds", expect.stringContaining('"cash_rounding"')]),
    );
  },
);

scenario(
  "TAX-21",
  "Four-decimal unit prices",
  "UK, 250 screws at 0.1234 with 20 %, tax per unit: row with tax 30.85, tax 5.00.",
  ({ books, says }) => {
    const ledger = books();
    ledger.post({
      rows: [{ sku: "SCREW", qty: 250, rowTotal: 25.85, tax: 5, percent: 20 }],
      grandTotal: 30.85,
      tax: 5,
    });
    const invoice = ledger.invoice();
    says("read with unitdp=4 the unit price is 0.1234", () =>
      expect(linesOf(invoice)).toEqual([[250, 0.1234, 30.85, "OUTPUT2", ACCOUNT.sales]]),
    );
    says("the tax is the 5.00 that was charged, where Xero computes 5.14", () =>
      expect([invoice.TotalTax, invoice.Total]).toEqual([5, 30.85]),
    );
  },
);

scenario(
  "TAX-22",
  "Unit price that 4 dp cannot carry",
  "UK, 3000 pieces for 183.51 with 20 % (0.06117 each); the item is kept in stock by the ledger, or it is not.",
  ({ books, says }) => {
    const order = {
      rows: [{ sku: "BOLT", name: "Bolt", qty: 3000, rowTotal: 152.92, tax: 30.59, percent: 20 }],
      grandTotal: 183.51,
      tax: 30.59,
    };
    const plain = books();
    plain.post(order);
    says("untracked: 1 x 183.51 with the quantity in the text", () => {
      expect(linesOf(plain.invoice())).toEqual([[1, 183.51, 183.51, "OUTPUT2", ACCOUNT.sales]]);
      expect(plain.invoice().LineItems[0].Description).toBe("3000 x Bolt");
    });
    const kept = books({
      spec: withSettings(SPEC, { items: "link" }),
      items: [{ code: "BOLT", tracked: true, onHand: "5000" }],
    });
    keepInStock(kept, "BOLT", 5000);
    kept.post(order);
    const { LineItems } = kept.invoice();
    says("the lines sum to 183.51", () => expect(sumOf(LineItems, "LineAmount")).toBe(183.51));
    says("tracked: two lines whose quantities sum to 3000, none negative", () =>
      expect(linesOf(kept.invoice()).map((line: unknown[]) => line.slice(0, 3))).toEqual([
        [2999, 0.0611, 183.24],
        [1, 0.27, 0.27],
      ]),
    );
    says("and the stock of the ledger falls by 3000", () =>
      expect(kept.call("GET", "Items/BOLT").Items[0].QuantityOnHand).toBe(2000),
    );
  },
);

scenario(
  "TAX-30",
  "Negative rounding tie",
  "UK, a discount of 0.75 with 20 % in the price, whose tax of 0.125 lies on half a cent; the ledger rounds ties up, to even or down.",
  ({ books, says }) => {
    const spec = withSettings(SPEC, { discounts: "visible", taxAmounts: "everyLine" });
    const order = {
      rows: [{ sku: "PAD", rowTotal: 12.5, tax: 2.38, percent: 20, discount: 0.75, discountTax: 0.12 }],
      grandTotal: 14.25,
      tax: 2.38,
    };
    const seen = ["up", "even", "down"].map((ties) => {
      const ledger = books({ spec, org: { behaviour: { ties } } });
      ledger.post(order);
      const { Total, TotalTax, LineItems } = ledger.invoice();
      return [Total, TotalTax, LineItems.map((line: Body) => [line.LineAmount, line.TaxAmount])];
    });
    const [up] = seen;
    says("with every tax stated the document is the same whichever way ties go", () =>
      expect(seen).toEqual([up, up, up]),
    );
    says("total and tax are the store's", () => expect(up?.slice(0, 2)).toEqual([14.25, 2.38]));
    const { judged, different } = tieDifferences(200);
    says("and so are hundreds of generated orders, under all three rounding modes", () => {
      expect(judged).toBeGreaterThan(180);
      expect(different).toBe(0);
    });
  },
);

endChapter("01-tax-c", "Tax: rounding");
