import { stored4 } from "./php.ts";
import type { Rates, RuleRate } from "./rates.ts";
import { combineRates, NO_TAX } from "./rates.ts";

/** The product tax classes of every generated shop, with Magento's usual names. */
export const TAX_CLASSES = ["Taxable Goods", "Reduced Rate", "Zero Rated"] as const;
export type TaxClass = (typeof TAX_CLASSES)[number];

export type Regime = {
  code: string;
  country: string;
  region?: { name: string; code: string; id: number };
  postcode: string;
  currency: string;
  /** One list of rates per class; a missing class is not taxed. */
  classes: Partial<Record<TaxClass, readonly RuleRate[]>>;
};

const rate = (code: string, percent: number, priority = 0, onSubtotalOnly = true): RuleRate => ({
  code,
  title: code,
  percent,
  priority,
  onSubtotalOnly,
});

const REGIONS: Record<string, Regime["region"]> = {
  "US-NY": { name: "New York", code: "NY", id: 43 },
  "US-TX": { name: "Texas", code: "TX", id: 57 },
  "US-VA": { name: "Virginia", code: "VA", id: 61 },
  "CA-QC": { name: "Quebec", code: "QC", id: 76 },
  "CA-COMPOUND": { name: "Quebec", code: "QC", id: 76 },
};

const regime = (code: string, currency: string, postcode: string, classes: Regime["classes"]): Regime => {
  const region = REGIONS[code];
  // Export goes to a country the shop has no rule for.
  const country = code === "EXPORT" ? "JP" : code.slice(0, 2);
  return { code, country, currency, postcode, classes, ...(region ? { region } : {}) };
};

/** The tax regimes the stress generator draws from: single, stacked, grouped and compound rates (accounting.md 4.3). */
export const REGIMES: readonly [Regime, ...Regime[]] = [
  regime("GB", "GBP", "EX4 3SB", {
    "Taxable Goods": [rate("VAT 20%", 20)],
    "Reduced Rate": [rate("VAT 5%", 5)],
  }),
  regime("DE", "EUR", "10115", {
    "Taxable Goods": [rate("MwSt 19%", 19)],
    "Reduced Rate": [rate("MwSt 7%", 7)],
  }),
  regime("FR", "EUR", "75002", {
    "Taxable Goods": [rate("TVA 20%", 20)],
    "Reduced Rate": [rate("TVA 5,5%", 5.5)],
  }),
  regime("IE", "EUR", "D02 XY45", {
    "Taxable Goods": [rate("VAT 23%", 23)],
    "Reduced Rate": [rate("VAT 13.5%", 13.5)],
  }),
  regime("AU", "AUD", "3000", { "Taxable Goods": [rate("GST 10%", 10)] }),
  regime("NZ", "NZD", "6011", { "Taxable Goods": [rate("GST 15%", 15)] }),
  regime("CH", "CHF", "8001", {
    "Taxable Goods": [rate("MwSt 8.1%", 8.1)],
    "Reduced Rate": [rate("MwSt 2.6%", 2.6)],
  }),
  regime("NO", "NOK", "0150", {
    "Taxable Goods": [rate("MVA 25%", 25)],
    "Reduced Rate": [rate("MVA 15%", 15)],
  }),
  regime("SG", "SGD", "018956", { "Taxable Goods": [rate("GST 9%", 9)] }),
  // Two jurisdictions on the same price, each rounded on its own: New York City.
  regime("US-NY", "USD", "10001", {
    "Taxable Goods": [rate("US-NY-STATE", 4, 0), rate("US-NY-CITY", 4.875, 1)],
    "Reduced Rate": [rate("US-NY-CITY-CLOTHING", 4.875)],
  }),
  // Two jurisdictions of one priority: added up first and rounded once.
  regime("US-TX", "USD", "78701", { "Taxable Goods": [rate("US-TX-STATE", 6.25), rate("US-TX-LOCAL", 2)] }),
  regime("US-VA", "USD", "23219", { "Taxable Goods": [rate("US-VA-STATE", 4.3), rate("US-VA-LOCAL", 1)] }),
  // Stacked: GST and QST both on the price.
  regime("CA-QC", "CAD", "H2Y 1C6", { "Taxable Goods": [rate("CA-GST", 5, 0), rate("CA-QST", 9.975, 1)] }),
  // Compound: the second tax is charged on price and first tax, as Quebec did before 2013 (5 % + 7.5 % of 105 %).
  regime("CA-COMPOUND", "CAD", "H2Y 1C6", {
    "Taxable Goods": [rate("CA-GST", 5, 0), rate("CA-QST-COMPOUND", 7.5, 1, false)],
  }),
  regime("EXPORT", "USD", "00000", {}),
];

/** What a class is taxed in a regime. */
export const ratesOf = (from: Regime, taxClass: TaxClass): Rates => {
  const rules = from.classes[taxClass];
  return rules === undefined ? NO_TAX : combineRates(rules);
};

/** Every percentage an order item can end with: a ledger scenario needs one tax rate for each. */
export const COMBINED_PERCENTAGES: readonly number[] = [
  ...new Set(
    REGIMES.flatMap((from) => TAX_CLASSES.map((taxClass) => stored4(ratesOf(from, taxClass).percent))),
  ),
].sort((a, b) => a - b);
