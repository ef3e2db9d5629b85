import type { Rates } from "./rates.ts";
import type { AppliedTax, CalculatorSettings } from "./tax-calculator.ts";

/** Magento computes everything twice: in the website's base currency and in the currency of the order. */
export type Side = "base" | "order";
export const SIDES = ["base", "order"] as const satisfies readonly Side[];
export type Money = { base: number; order: number };

/** Gift wrapping of the whole order, of its items, and the printed card (magento.md 3, gw_*). */
export const WRAPPINGS = ["gw", "gw_items", "gw_card"] as const;
export type Wrapping = (typeof WRAPPINGS)[number];
export type WrappingTotal = { price: number; tax: number };

/** The shop's tax settings by Magento's configuration paths (magento.md 4). */
export type TotalsSettings = CalculatorSettings & {
  /** tax/calculation/price_includes_tax */
  pricesIncludeTax: boolean;
  /** tax/calculation/shipping_includes_tax */
  shippingIncludesTax: boolean;
  /** tax/calculation/discount_tax: the discount applies to the price including tax. */
  discountOnInclusive: boolean;
  /** tax/weee/apply_vat: fixed product taxes are taxed themselves. */
  fptTaxed: boolean;
  /** tax/weee/include_in_subtotal */
  fptInSubtotal: boolean;
};

export type CartItem = {
  key: string;
  /** Of a bundle's child: per bundle. */
  quantity: number;
  /** Unit price as the shop keeps it: with tax when pricesIncludeTax. */
  price: Money;
  /** Tax is computed on this instead (a custom price with apply_tax_on = 1). */
  priceForTax?: Money;
  rates: Rates;
  storePercent: number;
  noDiscount?: boolean;
  /** Fixed product taxes ("weee"), per unit and without tax. */
  fpt?: readonly { title: string; amount: Money }[];
  /** Gift wrapping of each piece, without tax. */
  wrapping?: Money;
  /** Only of a bundle with dynamic price: its money is the sum of these. */
  children?: readonly CartItem[];
};

export type DiscountRule = {
  id: number;
  action: "by_percent" | "by_fixed" | "cart_fixed" | "buy_x_get_y";
  /** Percent, or money in base currency, or for buy_x_get_y the number of free pieces. */
  amount: number;
  /** Discount quantity step; for buy_x_get_y the number to buy. */
  step?: number;
  /** Maximum quantity the discount applies to. */
  maxQuantity?: number;
  toShipping: boolean;
  stop: boolean;
  /** Item keys the rule is limited to. */
  only?: readonly string[];
};

export type CartShipping = { price: Money; rates: Rates; storePercent: number };

export type Cart = {
  items: readonly CartItem[];
  baseToOrderRate: number;
  shipping?: CartShipping;
  rules: readonly DiscountRule[];
  /** Gift wrapping of the order and a printed card, without tax; the rates are those of all wrapping. */
  wrapping?: { order?: Money; card?: Money; rates: Rates };
};

export type FptLine = {
  title: string;
  amount: number;
  rowAmount: number;
  amountInclTax: number;
  rowAmountInclTax: number;
  /** What went into the order's tax_amount: with "plain" rounding it may differ from the row's inclusion. */
  tax: number;
  applied: AppliedTax[];
};

export type SideItem = {
  price: number;
  priceInclTax: number;
  rowTotal: number;
  rowTotalInclTax: number;
  tax: number;
  taxBeforeDiscount: number;
  compensation: number;
  discount: number;
  percent: number | undefined;
  applied: AppliedTax[];
  fpt: FptLine[];
  wrapping: WrappingTotal & { applied: AppliedTax[] };
};

export type ItemTotals = {
  key: string;
  totalQuantity: number;
  discountPercent: number;
  ruleIds: number[];
  base: SideItem;
  order: SideItem;
  children: ItemTotals[];
};

export type SideTotals = {
  subtotal: number;
  subtotalInclTax: number;
  /** Positive; includes the discount on shipping. */
  discount: number;
  compensation: number;
  shipping: number;
  shippingInclTax: number;
  shippingTax: number;
  shippingDiscount: number;
  shippingCompensation: number;
  shippingApplied: AppliedTax[];
  tax: number;
  /** Fixed product tax that is a total of its own, not part of the subtotal. */
  fpt: number;
  wrapping: Record<Wrapping, WrappingTotal & { applied: AppliedTax[] }>;
  grandTotal: number;
};

export type Totals = { items: ItemTotals[]; base: SideTotals; order: SideTotals; ruleIds: number[] };
