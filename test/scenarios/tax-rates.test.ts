import { expect } from "vitest";
import { orgOfScenario } from "../../engine/adapters/xero/scenario.ts";
import { checkSpec } from "../../engine/core/check-spec.ts";
import type { Condition } from "../../engine/core/facts.ts";
import { withSettings } from "../../engine/core/testing.ts";
import type { Body } from "../../sandbox/ledger/testing.ts";
import { endChapter, readSale, scenario } from "./harness.ts";
import { ACCOUNT, orgJson, SPEC } from "./organisation.ts";
import { account, before, hold, is, rated, specOf, taxedBy, taxType } from "./rules.ts";
import { invoiceNumbered, linesOf, ofAccount, typesOf } from "./seen.ts";

/** Fixed product taxes on an account of their own, outside of tax where they are not taxed. */
const ecoFees = before(
  before(SPEC, "revenueAccount", [[is("line.part", "fixedTax")], account(ACCOUNT.ecoFee)]),
  "taxType",
  [[is("line.part", "fixedTax"), rated("0")], taxType("NONE")],
);

const withEcoFee = (rowAmount: number, withTax: number) => ({
  sku: "FRIDGE",
  qty: 4,
  rowTotal: 200,
  tax: 40,
  percent: 20,
  more: {
    weee_tax_applied_row_amount: rowAmount,
    weee_tax_applied: JSON.stringify([
      { title: "Eco fee", row_amount: rowAmount, row_amount_incl_tax: withTax },
    ]),
  },
});

scenario(
  "TAX-23",
  "Fixed product tax (eco fee), taxable",
  "UK, 4 x 50.00 and an eco fee of 1.25 each, 20 % on both: item tax 40.00, order tax 41.00, charged 246.00.",
  ({ books, says }) => {
    const ledger = books({ spec: withSettings(ecoFees, { lineAmountTypes: "Exclusive" }) });
    const order = { rows: [withEcoFee(5, 6)], grandTotal: 246, tax: 41 };
    ledger.post(order);
    const invoice = ledger.invoice();
    const [line] = readSale(order).lines;
    says("t = the items' tax + tax of shipping + tax of the fixed product taxes", () => {
      expect(Number(line?.tax) + Number(line?.fixedTaxTax)).toBe(41);
      expect([invoice.TotalTax, invoice.Total]).toEqual([41, 246]);
    });
    says("4 x 50.00 to sales and 4 x 1.25 to the eco fees, both taxed", () =>
      expect(linesOf(invoice)).toEqual([
        [4, 50, 200, "OUTPUT2", ACCOUNT.sales],
        [4, 1.25, 5, "OUTPUT2", ACCOUNT.ecoFee],
      ]),
    );
  },
);

scenario(
  "TAX-24",
  "FPT not taxable, or inside the subtotal",
  "UK, the same order with an untaxed eco fee; the store's subtotal contains it (205.00) or does not (200.00).",
  ({ books, says }) => {
    const ledger = books({ spec: withSettings(ecoFees, { lineAmountTypes: "Exclusive" }) });
    const order = { rows: [withEcoFee(5, 5)], grandTotal: 245, tax: 40 };
    ledger.post({ ...order, more: { subtotal: 205 } });
    ledger.post({ ...order, id: 502, number: "100000502", more: { subtotal: 200 } });
    const [inside, outside] = ["100000501", "100000502"].map((number) => invoiceNumbered(ledger, number));
    says("the lines come from the items, never from the subtotal: the same under both flags", () => {
      const expected = [
        [4, 50, 200, "OUTPUT2", ACCOUNT.sales],
        [4, 1.25, 5, "NONE", ACCOUNT.ecoFee],
      ];
      expect([linesOf(inside), linesOf(outside)]).toEqual([expected, expected]);
    });
    says("residual = 0 under both flags: no rounding line, the total is the charge", () =>
      expect(
        [inside, outside].map((invoice) => [invoice.Total, ofAccount(invoice, ACCOUNT.rounding).length]),
      ).toEqual([
        [245, 0],
        [245, 0],
      ]),
    );
  },
);

scenario(
  "TAX-25",
  "Compound tax",
  "5 %, then 9.5 % on top of it: 100.00 -> 5.00 + 9.98 = 14.98, effectively 14.975 %.",
  ({ books, says }) => {
    const org = {
      taxRates: [
        { taxType: "TAX001", name: "GST and QST", rate: 14.975 },
        { taxType: "TAX002", name: "14.5%", rate: 14.5 },
        { taxType: "NONE", name: "No tax", rate: 0 },
      ],
    };
    const mapped = (type: string) =>
      taxedBy(specOf(org), hold("No tax type."), [[rated("14.975")], taxType(type)]);
    const ledger = books({ spec: withSettings(mapped("TAX001"), { lineAmountTypes: "Exclusive" }), org });
    ledger.post({
      rows: [
        {
          sku: "SYRUP",
          rowTotal: 100,
          tax: 14.98,
          percent: 14.975,
          taxes: [
            { code: "GST", percent: 5, amount: 5 },
            { code: "QST", percent: 9.5, amount: 9.98 },
          ],
        },
      ],
      grandTotal: 114.98,
      tax: 14.98,
    });
    const invoice = ledger.invoice();
    says("total and tax are what was charged, at the compound rate", () =>
      expect([invoice.Total, invoice.TotalTax, typesOf(invoice)]).toEqual([114.98, 14.98, ["TAX001"]]),
    );
    const problemsOf = (type: string) => checkSpec(mapped(type), orgOfScenario(orgJson(org)));
    says("the type's effective rate = the compound percent, checked when the mapping is saved", () => {
      expect(problemsOf("TAX001")).toEqual([]);
      expect(problemsOf("TAX002")).toEqual(
        ["taxType", "shippingTaxType"].map((table) => ({
          path: `/tables/${table}/rules/r1`,
          message: "tax type TAX002 is 14.5 %, but the rule is about 14.975 %",
          nearest: ["TAX001"],
        })),
      );
    });
  },
);

scenario(
  "TAX-26",
  "Rate changed in Magento, not in Xero",
  "Germany cuts VAT from 19 % to 16 % on 1 July 2026; orders before and after.",
  ({ books, says }) => {
    const org = {
      timezone: "Europe/Berlin",
      taxRates: [
        { taxType: "TAX019", name: "USt 19%", rate: 19 },
        { taxType: "TAX016", name: "USt 16%", rate: 16 },
        { taxType: "NONE", name: "No tax", rate: 0 },
      ],
    };
    const july = "2026-07-01";
    const until: Condition = { op: "before", fact: "order.placedOn", value: july };
    const since: Condition = { op: "onOrAfter", fact: "order.placedOn", value: july };
    const goods = is("line.taxClass", "Taxable Goods");
    const old = [[goods, rated("19"), until], taxType("TAX019")] as const;
    const cut = [[goods, rated("16"), since], taxType("TAX016")] as const;
    const none = hold("No tax type for this rate on this day.");
    const bought = (placedAt: string, percent: number, id: number) => ({
      id,
      number: `100000${id}`,
      placedAt,
      rows: [{ sku: "BEER", rowTotal: 100, tax: percent, percent }],
      grandTotal: 100 + percent,
      tax: percent,
    });
    const ledger = books({ spec: taxedBy(specOf(org), none, old, cut), org });
    ledger.post(bought("2026-06-30 12:00:00", 19, 501));
    ledger.post(bought("2026-07-01 12:00:00", 16, 502));
    says("the type is a function of class, rate and date", () =>
      expect(["100000501", "100000502"].map((number) => typesOf(invoiceNumbered(ledger, number)))).toEqual([
        ["TAX019"],
        ["TAX016"],
      ]),
    );
    says("no tax is stated over another: both are Xero's own", () =>
      expect(
        ["100000501", "100000502"].map((number) =>
          invoiceNumbered(ledger, number).LineItems.map((line: Body) => line.TaxAmount),
        ),
      ).toEqual([[19], [16]]),
    );
    const unmapped = books({ spec: taxedBy(specOf(org), none, old), org }).held(
      bought("2026-07-01 12:00:00", 16, 503),
    );
    says("a rate that nobody mapped is held and named: 16 %", () =>
      expect([unmapped.hold, unmapped.detail]).toEqual(["ruleHolds", expect.stringContaining("16 %")]),
    );
    const wrong = books({
      spec: taxedBy(specOf(org), none, [[goods], taxType("TAX019")]),
      org,
    }).held(bought("2026-07-01 12:00:00", 16, 504));
    says("|tax_percent - EffectiveRate| < 0.0001, or it is held", () =>
      expect([wrong.hold, wrong.detail]).toEqual(["taxRateDiffers", expect.stringContaining("16.00 %")]),
    );
  },
);

endChapter("01-tax-d", "Tax: fixed product taxes and rates");
