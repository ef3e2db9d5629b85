import type { CartItem, DiscountRule, TotalsSettings } from "./cart.ts";
import { stored4 } from "./php.ts";
import type { Rates, RuleRate } from "./rates.ts";
import { combineRates, NO_TAX } from "./rates.ts";
import { computeTotals } from "./totals.ts";

/** Baskets as the scenario catalogue tells them, for the tests of its measured amounts. */

export const rate = (percent: number, more: Partial<RuleRate> = {}): RuleRate => ({
  code: `${percent}%`,
  title: `${percent}%`,
  percent,
  priority: 0,
  onSubtotalOnly: false,
  ...more,
});
export const at = (percent: number): Rates => (percent === 0 ? NO_TAX : combineRates([rate(percent)]));

type Line = {
  qty?: number;
  price: number;
  tax: Rates;
  storePercent?: number;
  fpt?: number;
};
type Basket = Partial<TotalsSettings> & {
  lines: Line[];
  shipping?: { price: number; tax: Rates; storePercent?: number };
  rules?: Partial<DiscountRule>[];
};

export const INCLUSIVE = {
  pricesIncludeTax: true,
  shippingIncludesTax: true,
  discountOnInclusive: true,
} as const;

const PLAIN_SETTINGS = {
  algorithm: "ROW_BASE_CALCULATION",
  pricesIncludeTax: false,
  shippingIncludesTax: false,
  taxAfterDiscount: true,
  discountOnInclusive: false,
  crossBorder: false,
  fptTaxed: true,
  fptInSubtotal: false,
  fptRounding: "plain",
} as const;

/** Prices a basket in one currency and names the results as Magento's columns; ROW and prices without tax unless told. */
export function priced({ lines, shipping, rules = [], ...settings }: Basket) {
  const same = (amount: number) => ({ base: amount, order: amount });
  const items = lines.map(
    ({ qty = 1, price, tax, storePercent = tax.percent, fpt }, index): CartItem => ({
      key: `i${index}`,
      quantity: qty,
      price: same(price),
      rates: tax,
      storePercent,
      ...(fpt === undefined ? {} : { fpt: [{ title: "eco", amount: same(fpt) }] }),
    }),
  );
  const totals = computeTotals(
    {
      items,
      baseToOrderRate: 1,
      ...(shipping === undefined
        ? {}
        : {
            shipping: {
              price: same(shipping.price),
              rates: shipping.tax,
              storePercent: shipping.storePercent ?? shipping.tax.percent,
            },
          }),
      rules: rules.map(
        (rule, index): DiscountRule => ({
          id: index + 1,
          action: "by_percent",
          amount: 0,
          toShipping: false,
          stop: false,
          ...rule,
        }),
      ),
    },
    { ...PLAIN_SETTINGS, ...settings },
  );
  const { order } = totals;
  return {
    subtotal: stored4(order.subtotal),
    shipping_amount: stored4(order.shipping),
    shipping_tax_amount: stored4(order.shippingTax),
    discount_amount: stored4(-order.discount),
    dtc: stored4(order.compensation),
    shipping_dtc: stored4(order.shippingCompensation),
    shipping_discount_amount: stored4(order.shippingDiscount),
    tax_amount: stored4(order.tax),
    grand_total: stored4(order.grandTotal),
    items: totals.items.map(({ order: own }) => ({
      price: stored4(own.price),
      row_total: stored4(own.rowTotal),
      row_total_incl_tax: stored4(own.rowTotalInclTax),
      tax_amount: stored4(own.tax),
      discount_amount: stored4(own.discount),
      dtc: stored4(own.compensation),
      weee: stored4(own.fpt.reduce((sum, fpt) => sum + fpt.rowAmount, 0)),
    })),
  };
}
