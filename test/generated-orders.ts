/**
 * Orders of the demo store's generator, in every tax mode of Magento, read by the store adapter; and what the demo ledger's own
 * arithmetic makes of the lines that are planned for them.
 */
import { toSale } from "../engine/adapters/magento/to-sale.ts";
import type { Hold } from "../engine/core/hold.ts";
import type { MappingSpec } from "../engine/core/mapping.ts";
import { e4Of, roundToCents } from "../engine/core/money.ts";
import type { Org } from "../engine/core/org.ts";
import type { CanonicalSale } from "../engine/core/sale.ts";
import { proposeSpec } from "../engine/core/setup.ts";
import type { Json } from "../engine/core/shapes.ts";
import { orgGb, storeGb } from "../engine/core/testing.ts";
import { priceLine, taxOf, totalsOf } from "../sandbox/ledger/books/arithmetic.ts";
import { parseDecimal, type Ties } from "../sandbox/ledger/wire/decimal.ts";
import { generateSettings, type StoreSettings } from "../sandbox/store/generate.ts";
import { stored4 } from "../sandbox/store/php.ts";
import type { Random } from "../sandbox/store/random.ts";
import { COMBINED_PERCENTAGES, ratesOf } from "../sandbox/store/regimes.ts";

export type Line = { [key: string]: Json };

const taxTypeOf = (percent: number): string =>
  percent === 0 ? "NONE" : `OUT${String(percent).replace(".", "_")}`;

/** One tax type for each rate that the generator's regimes know. */
export const generatedOrg: Org = {
  ...orgGb,
  currencies: ["GBP", "EUR", "USD", "AUD", "NZD", "CHF", "NOK", "SGD", "CAD", "PLN", "AED", "JPY"],
  taxRates: COMBINED_PERCENTAGES.map((percent) => ({
    taxType: taxTypeOf(percent),
    name: `${percent} %`,
    rate: String(percent),
    status: "ACTIVE",
    appliesToRevenue: true,
    appliesTo: { Assets: true, Equity: true, Expenses: true, Liabilities: true },
  })),
};

export const generatedSpec: MappingSpec = proposeSpec({
  org: generatedOrg,
  store: storeGb,
  answers: {},
}).spec;

const rateUnits = new Map(generatedOrg.taxRates.map(({ taxType, rate }) => [taxType, e4Of(rate)]));
export const generatedCatalogue = { products: new Map(), profile: storeGb };

/** As parseExactJson reads it: a number with decimals is text. Parsing 20,000 orders twice would only cost time. */
export function withDecimalText(value: unknown): Json {
  if (typeof value === "number") return Number.isInteger(value) ? value : String(value);
  if (Array.isArray(value)) return value.map(withDecimalText);
  if (value === null || typeof value !== "object") return value as Json;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withDecimalText(member)]));
}

export const generatedSale = (order: unknown): CanonicalSale | Hold => {
  const raw = { order: withDecimalText(order), invoices: [], creditMemos: [], shipments: [] };
  const sale = toSale(raw, generatedCatalogue);
  return sale.ok ? sale.value : sale.error.hold;
};

/**
 * Magento's admin warns of discounts on tax-inclusive prices where prices are entered without tax: they make negative lines.
 * Such shops are drawn, but as seldom as they are: one in eight of what the generator makes.
 */
export function drawSettings(random: Random): StoreSettings {
  for (;;) {
    const settings = generateSettings(random);
    const warned =
      settings.discountOnInclusive && !(settings.pricesIncludeTax && settings.shippingIncludesTax);
    if (!warned || random.chance(1 / 8)) return settings;
  }
}

/** The store's tax of each TaxType in ten-thousandths; the rate of shipping is the generator's own, not the engine's reading. */
export function storeTaxes(
  sale: CanonicalSale,
  { destination, shippingTaxClass }: StoreSettings,
): Map<string, bigint> {
  const taxes = new Map<string, bigint>();
  const add = (percent: number, taxE4: bigint) => {
    const type = taxTypeOf(percent);
    taxes.set(type, (taxes.get(type) ?? 0n) + taxE4);
  };
  for (const line of sale.lines) add(Number(line.taxRate ?? 0), e4Of(line.tax) + e4Of(line.fixedTaxTax));
  const shippingTax = e4Of(sale.shipping?.tax ?? "0");
  if (shippingTax !== 0n) add(stored4(ratesOf(destination, shippingTaxClass).percent), shippingTax);
  return taxes;
}

export type Judged = {
  readonly errors: readonly string[];
  readonly taxes: ReadonlyMap<string, bigint>;
  /** Lines whose stated tax is not the one that the ledger computes, and by how many cents in all. */
  readonly overridden: number;
  readonly overrideCents: bigint;
  readonly subTotal: bigint;
  readonly total: bigint;
  readonly totalTax: bigint;
};

/** What the demo ledger makes of the lines: the errors it would answer, the totals and the tax of each TaxType, in cents. */
export function judge(lines: readonly Line[], mode: "Inclusive" | "Exclusive", ties: Ties): Judged {
  const errors: string[] = [];
  const taxes = new Map<string, bigint>();
  let overridden = 0;
  let overrideCents = 0n;
  const priced = lines.map((line) => {
    const decimal = (field: string) =>
      line[field] === undefined ? undefined : parseDecimal(String(line[field]));
    const sent = {
      quantity: decimal("Quantity"),
      unitAmount: decimal("UnitAmount"),
      lineAmount: decimal("LineAmount"),
    };
    const result = priceLine(sent, { ties, unitDecimals: 4 });
    errors.push(...result.errors);
    const taxType = String(line.TaxType);
    const stated = line.TaxAmount === undefined ? undefined : roundToCents(e4Of(String(line.TaxAmount)));
    const own = taxOf(result.line.lineAmount, rateUnits.get(taxType) ?? 0n, mode, ties);
    const taxAmount = stated ?? own;
    if (taxAmount !== own) overridden += 1;
    overrideCents += taxAmount > own ? taxAmount - own : own - taxAmount;
    taxes.set(taxType, (taxes.get(taxType) ?? 0n) + taxAmount);
    return { lineAmount: result.line.lineAmount, taxAmount };
  });
  return { errors, taxes, overridden, overrideCents, ...totalsOf(priced, mode) };
}
