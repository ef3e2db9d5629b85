import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import type { Cart, DiscountRule, TotalsSettings } from "./cart.ts";
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
    address_data: Record<string, number | Record<string, { percent: number; amount: number }>>;
    items_data: Record<string, Record<string, number>>;
  };
};

const FILE = resolve(import.meta.dirname, "../../../shared/data/magento/core-tax-scenarios.json");
const present = existsSync(FILE);

/** Scenarios that the engine cannot express, with the reason. None is left out today. */
const LEFT_OUT: Record<string, string> = {};

if (!present && process.env.REQUIRE_ALL === "1") throw new Error(`REQUIRE_ALL=1, but ${FILE} is not there.`);
if (!present) console.warn(`SKIPPED: Magento's own tax scenarios are not at ${FILE}.`);

describe.skipIf(!present)("the totals agree with Magento's own integration scenarios", () => {
  const scenarios: Record<string, Scenario> = present ? JSON.parse(readFileSync(FILE, "utf8")) : {};
  for (const [name, scenario] of Object.entries(scenarios)) {
    test.skipIf(name in LEFT_OUT)(name, () => {
      const { cart, settings } = cartOf(scenario);
      const totals = computeTotals(cart, settings);
      const { address_data: address, items_data: items } = scenario.expected_results;
      const actual = {
        subtotal: totals.order.subtotal,
        base_subtotal: totals.base.subtotal,
        subtotal_incl_tax: totals.order.subtotalInclTax,
        tax_amount: totals.order.tax,
        base_tax_amount: totals.base.tax,
        shipping_amount: totals.order.shipping,
        shipping_incl_tax: totals.order.shippingInclTax,
        shipping_tax_amount: totals.order.shippingTax,
        discount_amount: -totals.order.discount,
        discount_tax_compensation_amount: totals.order.compensation,
        shipping_discount_tax_compensation_amount: totals.order.shippingCompensation,
        grand_total: totals.order.grandTotal,
        base_grand_total: totals.base.grandTotal,
      };
      for (const [key, value] of Object.entries(actual)) {
        expect(value, `${name} ${key}`).toBeCloseTo(Number(address[key]), 6);
      }
      for (const item of totals.items) {
        const expected = items[item.key] ?? {};
        const side = item.order;
        const found = {
          row_total: side.rowTotal,
          tax_percent: side.percent ?? 0,
          price: side.price,
          price_incl_tax: side.priceInclTax,
          row_total_incl_tax: side.rowTotalInclTax,
          tax_amount: side.tax,
          discount_amount: side.discount,
          discount_percent: item.discountPercent,
          discount_tax_compensation_amount: side.compensation,
        };
        for (const [key, value] of Object.entries(found)) {
          expect(value, `${name} ${item.key} ${key}`).toBeCloseTo(Number(expected[key]), 6);
        }
      }
      const applied = address.applied_taxes;
      if (typeof applied !== "object") return;
      for (const [id, expected] of Object.entries(applied)) {
        const amounts = [
          ...totals.items.map((item) => item.order.applied),
          totals.order.shippingApplied,
        ].flat();
        const amount = amounts.filter(({ step }) => step.id === id).reduce((sum, tax) => sum + tax.amount, 0);
        expect(amount, `${name} applied ${id}`).toBeCloseTo(expected.amount, 6);
      }
    });
  }
});

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
