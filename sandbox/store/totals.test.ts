import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import type { Cart, DiscountRule, ItemTotals, Totals, TotalsSettings } from "./cart.ts";
import { SIDES } from "./cart.ts";
import type { RuleRate } from "./rates.ts";
import { combineRates, NO_TAX } from "./rates.ts";
import type { Algorithm } from "./tax-calculator.ts";
import { computeTotals } from "./totals.ts";

type Scenario = {
  config_data: {
    config_overrides: Record<string, string | number>;
    tax_rate_overrides: Record<string, number>;
    tax_rule_overrides: {
      code: string;
      product_tax_class_ids: string[];
      tax_rate_ids?: string[];
      priority?: number;
      calculate_subtotal?: number;
    }[];
  };
  quote_data: {
    items: { sku: string; price: number; qty: number }[];
    update_items?: Record<string, { custom_price: number }>;
    shipping_method?: string;
    shopping_cart_rules?: { discount_amount: number; apply_to_shipping?: number }[];
  };
  expected_results: {
    address_data: { [field: string]: unknown; applied_taxes?: Record<string, Applied> };
    items_data: Record<string, { [field: string]: unknown; applied_taxes?: Applied[] }>;
  };
};

type Applied = {
  id?: string;
  percent: number;
  amount: number;
  base_amount: number;
  rates: { code: string; title: string; percent: number }[];
};

const FILE = resolve(import.meta.dirname, "../../../shared/data/magento/core-tax-scenarios.json");
const present = existsSync(FILE);

if (!present && process.env.REQUIRE_ALL === "1") throw new Error(`REQUIRE_ALL=1, but ${FILE} is not there.`);
if (!present) console.warn(`SKIPPED: Magento's own tax scenarios are not at ${FILE}.`);

describe.skipIf(!present)(
  "the totals agree with Magento's own integration scenarios, in every expected value",
  () => {
    const scenarios: Record<string, Scenario> = present ? JSON.parse(readFileSync(FILE, "utf8")) : {};
    test("there are 23 of them", () => {
      expect(Object.keys(scenarios)).toHaveLength(23);
    });
    for (const [name, scenario] of Object.entries(scenarios)) {
      test(name, () => {
        const { cart, settings } = cartOf(scenario);
        const totals = computeTotals(cart, settings);
        const { address_data: address, items_data: items } = scenario.expected_results;
        const { applied_taxes: applied, ...amounts } = address;
        assertAll(amounts, addressOf(totals), name);
        expect(totals.items.map(({ key }) => key)).toEqual(Object.keys(items));
        for (const item of totals.items) {
          const { applied_taxes: ownTaxes, ...own } = items[item.key] ?? {};
          const entered = cart.items.find(({ key }) => key === item.key)?.price.order ?? Number.NaN;
          assertAll(own, itemOf(item, entered), `${name} ${item.key}`);
          if (ownTaxes !== undefined) assertApplied(ownTaxes, appliedOf([item], undefined), name);
        }
        if (applied !== undefined) assertApplied(byRate(applied), appliedOf(totals.items, totals), name);
      });
    }
  },
);

/** Walks what is expected, so that a value nobody computes fails instead of being passed over. */
function assertAll(expected: Record<string, unknown>, actual: Record<string, number>, where: string): void {
  for (const [key, value] of Object.entries(expected)) {
    expect(actual[key] ?? Number.NaN, `${where} ${key}`).toBeCloseTo(Number(value), 6);
  }
}

const SIDE_PREFIX = { order: "", base: "base_" } as const;

function addressOf(totals: Totals): Record<string, number> {
  const found: Record<string, number> = {};
  for (const side of SIDES) {
    const own = totals[side];
    const values = {
      subtotal: own.subtotal,
      subtotal_incl_tax: own.subtotalInclTax,
      tax_amount: own.tax,
      shipping_amount: own.shipping,
      shipping_incl_tax: own.shippingInclTax,
      shipping_tax_amount: own.shippingTax,
      shipping_taxable: own.shippingApplied.length === 0 ? 0 : own.shipping,
      discount_amount: -own.discount,
      discount_tax_compensation_amount: own.compensation,
      shipping_discount_tax_compensation_amount: own.shippingCompensation,
      grand_total: own.grandTotal,
    };
    for (const [name, value] of Object.entries(values)) found[SIDE_PREFIX[side] + name] = value;
  }
  return found;
}

function itemOf(item: ItemTotals, entered: number): Record<string, number> {
  const found: Record<string, number> = {
    tax_percent: item.order.percent ?? 0,
    discount_percent: item.discountPercent,
    // A custom price is kept as it was entered and as it came out without tax.
    custom_price: item.order.price,
    original_custom_price: entered,
  };
  for (const side of SIDES) {
    const own = item[side];
    const values = {
      row_total: own.rowTotal,
      row_total_incl_tax: own.rowTotalInclTax,
      price: own.price,
      price_incl_tax: own.priceInclTax,
      tax_amount: own.tax,
      discount_amount: own.discount,
      discount_tax_compensation_amount: own.compensation,
    };
    for (const [name, value] of Object.entries(values)) found[SIDE_PREFIX[side] + name] = value;
  }
  return found;
}

/** The steps of some items, and of shipping when the whole order is asked for, added up by rate. */
function appliedOf(items: readonly ItemTotals[], totals: Totals | undefined): Applied[] {
  const found = new Map<string, Applied>();
  for (const side of SIDES) {
    const taxes = [...items.flatMap((item) => item[side].applied), ...(totals?.[side].shippingApplied ?? [])];
    for (const { step, amount } of taxes) {
      const { id, percent, rates } = step;
      const row = found.get(id) ?? { id, percent, amount: 0, base_amount: 0, rates: [...rates] };
      row[side === "order" ? "amount" : "base_amount"] += amount;
      found.set(id, row);
    }
  }
  return [...found.values()];
}

const byRate = (applied: Record<string, Applied>): Applied[] =>
  Object.entries(applied).map(([id, tax]) => ({ ...tax, id }));

function assertApplied(expected: readonly Applied[], actual: readonly Applied[], where: string): void {
  expect(actual, where).toHaveLength(expected.length);
  for (const [index, tax] of expected.entries()) {
    const own = actual[index];
    expect(own?.amount, `${where} applied ${index}`).toBeCloseTo(tax.amount, 6);
    expect(own?.base_amount, `${where} applied ${index} base`).toBeCloseTo(tax.base_amount, 6);
    expect(own?.percent, `${where} applied ${index} percent`).toBeCloseTo(tax.percent, 6);
    expect(own?.rates, `${where} applied ${index} rates`).toEqual(tax.rates);
    if (tax.id !== undefined) expect(own?.id).toBe(tax.id);
  }
}

/** The defaults of Magento's test fixture: rates of its set-up, a flat rate of 5 a piece. */
function cartOf(scenario: Scenario): { cart: Cart; settings: TotalsSettings } {
  const overrides = scenario.config_data.config_overrides;
  const flag = (path: string, fallback: boolean): boolean =>
    overrides[path] === undefined ? fallback : Number(overrides[path]) === 1;
  const settings: TotalsSettings = {
    algorithm: (overrides["tax/calculation/algorithm"] ?? "TOTAL_BASE_CALCULATION") as Algorithm,
    pricesIncludeTax: flag("tax/calculation/price_includes_tax", false),
    shippingIncludesTax: flag("tax/calculation/shipping_includes_tax", false),
    taxAfterDiscount: flag("tax/calculation/apply_after_discount", true),
    discountOnInclusive: flag("tax/calculation/discount_tax", false),
    crossBorder: flag("tax/calculation/cross_border_trade_enabled", false),
    fptTaxed: false,
    fptInSubtotal: false,
    fptRounding: "plain",
  };
  const product = combineRates(ratesFor(scenario, "product_tax_class_1"));
  const percents = { tax_rate_tx: 8.25, tax_store_rate: 9.6, ...scenario.config_data.tax_rate_overrides };
  const shippingClass = String(overrides["tax/classes/shipping_tax_class"] ?? "");
  const quantity = scenario.quote_data.items.reduce((sum, item) => sum + item.qty, 0);
  const flatRate = scenario.quote_data.shipping_method ? quantity * 5 : 0;
  const rates = shippingClass === "" ? NO_TAX : combineRates(ratesFor(scenario, shippingClass));
  return {
    settings,
    cart: {
      baseToOrderRate: 1,
      items: scenario.quote_data.items.map(({ sku, price, qty }) => {
        const charged = scenario.quote_data.update_items?.[sku]?.custom_price ?? price;
        const onOriginal = flag("tax/calculation/apply_tax_on", false) && charged !== price;
        return {
          key: sku,
          quantity: qty,
          price: { base: charged, order: charged },
          ...(onOriginal ? { priceForTax: { base: price, order: price } } : {}),
          rates: product,
          storePercent: percents.tax_store_rate,
        };
      }),
      shipping: {
        price: { base: flatRate, order: flatRate },
        rates,
        storePercent: rates.percent,
      },
      rules: (scenario.quote_data.shopping_cart_rules ?? []).map(
        (rule, index): DiscountRule => ({
          id: index + 1,
          action: "by_percent",
          amount: rule.discount_amount,
          toShipping: rule.apply_to_shipping === 1,
          stop: false,
        }),
      ),
    },
  };
}

function ratesFor(scenario: Scenario, taxClass: string): RuleRate[] {
  const percents: Record<string, number> = {
    tax_rate_tx: 8.25,
    tax_rate_shipping: 7.5,
    ...scenario.config_data.tax_rate_overrides,
  };
  const rules = scenario.config_data.tax_rule_overrides;
  const matching = rules.filter((rule) => rule.product_tax_class_ids.includes(taxClass));
  const chosen =
    rules.length === 0 ? [{ tax_rate_ids: ["tax_rate_tx"], priority: 0, calculate_subtotal: 0 }] : matching;
  return chosen.flatMap((rule) =>
    (rule.tax_rate_ids ?? ["tax_rate_tx"]).map((code) => ({
      code,
      title: code,
      percent: percents[code] ?? 0,
      priority: rule.priority ?? 0,
      onSubtotalOnly: rule.calculate_subtotal === 1,
    })),
  );
}
