import { expect } from "vitest";
import type { Outcome } from "../../engine/core/mapping.ts";
import { withSettings, withTables } from "../../engine/core/testing.ts";
import type { Body } from "../../sandbox/ledger/testing.ts";
import { endChapter, readSale, scenario } from "./harness.ts";
import { ACCOUNT } from "./organisation.ts";
import { only, payment, specOf } from "./rules.ts";
import { ofAccount, typesOf } from "./seen.ts";

scenario(
  "TAX-12",
  "US state + county stacked",
  "New York, 4 % + 4.875 %: an item of 119.99 with tax 10.65, shipping 9.95 with tax 0.89; charged 141.48, tax 11.54.",
  ({ books, says }) => {
    const org = { ...AMERICA, taxRates: [{ taxType: "TAX001", name: "NY NYC 8.875%", rate: 8.875 }, NO_TAX] };
    const ledger = books({ spec: withSettings(specOf(org), { lineAmountTypes: "Exclusive" }), org });
    const order = {
      currency: "USD",
      country: "US",
      rows: [
        {
          sku: "COAT",
          rowTotal: 119.99,
          tax: 10.65,
          percent: 8.875,
          taxes: [
            { code: "US-NY", percent: 4, amount: 4.8 },
            { code: "US-NY-NYC", percent: 4.875, amount: 5.85 },
          ],
        },
      ],
      shipping: {
        amount: 9.95,
        tax: 0.89,
        taxes: [
          { code: "US-NY", percent: 4, amount: 0.4 },
          { code: "US-NY-NYC", percent: 4.875, amount: 0.49 },
        ],
      },
      grandTotal: 141.48,
      tax: 11.54,
    };
    ledger.post(order);
    const invoice = ledger.invoice();
    says("Total = 141.48", () => expect([invoice.Total, invoice.TotalTax]).toEqual([141.48, 11.54]));
    says("one stacked type on both lines, the cent stated on the largest line", () =>
      expect(invoice.LineItems.map((line: Body) => [line.TaxType, line.TaxAmount])).toEqual([
        ["TAX001", 10.66],
        ["TAX001", 0.88],
      ]),
    );
    const sale = readSale(order);
    const byAuthority = [...sale.lines, sale.shipping].flatMap((part) => part?.appliedTaxes ?? []);
    says("the split per authority is kept in the sale", () =>
      expect(byAuthority.map(({ code, amount }) => [code, Number(amount)])).toEqual([
        ["US-NY", 4.8],
        ["US-NY-NYC", 5.85],
        ["US-NY", 0.4],
        ["US-NY-NYC", 0.49],
      ]),
    );
  },
);

const NO_TAX = { taxType: "NONE", name: "Tax Exempt", rate: 0 };
const AMERICA = {
  country: "US",
  baseCurrency: "USD",
  currencies: ["USD"],
  timezone: "America/New_York",
  dayRates: {},
  taxRates: [{ taxType: "OUTPUT", name: "Tax on Sales", rate: 8.25 }, NO_TAX],
};

const treated = (outcome: Outcome) =>
  withTables(specOf(AMERICA), {
    taxTreatment: only(outcome),
    payment: only(payment(ACCOUNT.stripe)),
  });

scenario(
  "TAX-13",
  "US: tax as a liability line",
  "Texas, a tax engine with thousands of jurisdictions: goods 74.99, shipping 10.00, tax 6.19; charged 91.18.",
  ({ books, says }) => {
    const spec = treated({ kind: "taxLiability", account: ACCOUNT.taxPayable, taxType: "NONE" });
    const ledger = books({ spec, org: AMERICA });
    const order = {
      currency: "USD",
      country: "US",
      rows: [{ sku: "HAT", rowTotal: 74.99, tax: 6.19, percent: 8.25 }],
      shipping: { amount: 10 },
      grandTotal: 91.18,
      tax: 6.19,
      paid: 91.18,
    };
    ledger.post({
      ...order,
      extension: {
        shipping_assignments: [
          { shipping: { method: "ups_GND", address: { country_id: "US", region: "Texas" } }, items: [] },
        ],
      },
    });
    const invoice = ledger.invoice();
    const liability = ofAccount(invoice, ACCOUNT.taxPayable);
    says("the liability lines sum to t, named by the state", () =>
      expect(liability.map(({ Description, LineAmount }) => [Description, LineAmount])).toEqual([
        ["Sales tax Texas", 6.19],
      ]),
    );
    says("Total = T, and it is paid", () => expect([invoice.Total, invoice.AmountDue]).toEqual([91.18, 0]));
    says("no tax types with it: the invoice is NoTax, all lines at 0 %", () =>
      expect([invoice.LineAmountTypes, invoice.TotalTax, new Set(typesOf(invoice))]).toEqual([
        "NoTax",
        0,
        new Set(["NONE"]),
      ]),
    );
    says("sales hold the goods without tax", () =>
      expect([ledger.balance(ACCOUNT.sales), ledger.balance(ACCOUNT.taxPayable)]).toEqual([-74.99, -6.19]),
    );
  },
);

scenario(
  "TAX-14",
  "Marketplace facilitator",
  "An order of a marketplace that collected and remitted its tax of 6.19 itself: goods 74.99, grand total 81.18.",
  ({ books, says }) => {
    const spec = treated({ kind: "marketplaceTax", account: ACCOUNT.marketplaceTax, taxType: "NONE" });
    const ledger = books({ spec, org: AMERICA });
    ledger.post({
      currency: "USD",
      country: "US",
      method: "marketplace",
      rows: [{ sku: "HAT", rowTotal: 74.99, tax: 6.19, percent: 8.25 }],
      grandTotal: 81.18,
      tax: 6.19,
      paid: 81.18,
    });
    const invoice = ledger.invoice();
    says("the account of the marketplace's tax nets to 0 for the order, with both lines shown", () => {
      expect(ledger.balance(ACCOUNT.marketplaceTax)).toBe(0);
      expect(ofAccount(invoice, ACCOUNT.marketplaceTax).map(({ LineAmount }) => LineAmount)).toEqual([
        6.19, -6.19,
      ]);
    });
    says("Total = 74.99", () => expect(invoice.Total).toBe(74.99));
    says("what is paid out is 74.99: nothing stays due and nothing is owed to the tax office", () =>
      expect([invoice.AmountDue, ledger.balance(ACCOUNT.stripe), ledger.balance(ACCOUNT.taxPayable)]).toEqual(
        [0, 74.99, 0],
      ),
    );
  },
);

endChapter("01-tax-e", "Tax: United States");
