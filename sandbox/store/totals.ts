import type {
  Cart,
  CartItem,
  FptLine,
  ItemTotals,
  Money,
  Side,
  SideItem,
  SideTotals,
  Totals,
  TotalsSettings,
} from "./cart.ts";
import type { Discountable, ItemDiscount } from "./discounts.ts";
import { discountItems } from "./discounts.ts";
import { phpRound, round2 } from "./php.ts";
import { NO_TAX } from "./rates.ts";
import type { Taxable, Taxed } from "./tax-calculator.ts";
import { taxCalculator } from "./tax-calculator.ts";

/**
 * An order's totals in Magento's order of collection: subtotal, fixed product tax, item discounts, shipping,
 * discount on shipping, tax, tax on fixed product tax, grand total. Doubles throughout, as Magento has them;
 * the columns round to four places only when they are stored.
 */
export function computeTotals(cart: Cart, settings: TotalsSettings): Totals {
  const lines = cart.items.map(toLine);
  const noDiscounts: DiscountOf = () => 0;
  const first = {
    base: taxPass({ cart, settings, lines, side: "base", discountOf: noDiscounts }),
    order: taxPass({ cart, settings, lines, side: "order", discountOf: noDiscounts }),
  };
  // Since 2.4 rules apply to a dynamic bundle's children, never to the bundle (SalesRule\RulesApplier::applyRule).
  const leaves = lines.flatMap((line) => (line.children.length > 0 ? line.children : [line]));
  const discounts = discountItems(
    cart,
    leaves.map((line) => toDiscountable(line, first, settings)),
  );
  const shippingForDiscount = shippingPrice(first, settings);
  const onShipping = cart.shipping
    ? discounts.onShipping(shippingForDiscount)
    : { amount: { base: 0, order: 0 }, ruleIds: [] };
  const pass = (side: Side): SidePass => {
    const discountOf: DiscountOf = (code) =>
      code === SHIPPING_CODE ? onShipping.amount[side] : (discounts.items.get(code)?.amount[side] ?? 0);
    return {
      taxed: taxPass({ cart, settings, lines, side, discountOf, withFpt: true }),
      first: first[side],
      discountOf,
    };
  };
  const passes = { base: pass("base"), order: pass("order") };
  const items = lines.map((line) => toItemTotals(line, passes, settings, discounts.items));
  const ruleIds = new Set([
    ...[...discounts.items.values()].flatMap((item) => item.ruleIds),
    ...onShipping.ruleIds,
  ]);
  return {
    items,
    base: sideTotals({ items, pass: passes.base, side: "base", settings }),
    order: sideTotals({ items, pass: passes.order, side: "order", settings }),
    ruleIds: [...ruleIds],
  };
}

const SHIPPING_CODE = "shipping";

/** An item with the quantity it has in the whole cart (a bundle's child: times the bundle's). */
type Line = { item: CartItem; totalQuantity: number; parentKey?: string; children: Line[] };
type DiscountOf = (code: string) => number;
type TaxedByCode = Map<string, Taxed>;
type SidePass = { taxed: TaxedByCode; first: TaxedByCode; discountOf: DiscountOf };

const toLine = (item: CartItem): Line => ({
  item,
  totalQuantity: item.quantity,
  children: (item.children ?? []).map((child) => ({
    item: child,
    totalQuantity: child.quantity * item.quantity,
    parentKey: item.key,
    children: [],
  })),
});

/** One run of a fresh calculator over everything taxable, in cart order, shipping last. */
function taxPass(input: {
  cart: Cart;
  settings: TotalsSettings;
  lines: readonly Line[];
  side: Side;
  discountOf: DiscountOf;
  withFpt?: boolean;
}): TaxedByCode {
  const { cart, settings, side } = input;
  const calculate = taxCalculator(settings);
  const taxed: TaxedByCode = new Map();
  const runLine = (line: Line): Taxed => {
    const result = calculate(productTaxable(line, settings, side, input.discountOf(line.item.key)));
    taxed.set(line.item.key, result);
    if (input.withFpt && settings.fptTaxed) {
      for (const fpt of fptTaxables(line, side)) taxed.set(fpt.code, calculate(fpt));
    }
    return result;
  };
  for (const line of input.lines) {
    if (line.children.length === 0) runLine(line);
    else taxed.set(line.item.key, sumOfChildren(line, line.children.map(runLine)));
    const { key, wrapping } = line.item;
    if (!input.withFpt || wrapping === undefined) continue;
    const parts = { code: wrappingCode(key), price: wrapping[side], quantity: line.totalQuantity, of: key };
    taxed.set(parts.code, calculate(wrappingTaxable(cart, parts)));
  }
  if (cart.shipping) {
    // The shipping pass before the discount has a calculator of its own, so it starts without a remainder.
    const run = input.withFpt ? calculate : taxCalculator(settings);
    const { price, rates, storePercent } = cart.shipping;
    taxed.set(
      SHIPPING_CODE,
      run({
        code: SHIPPING_CODE,
        type: "shipping",
        unitPrice: price[side],
        quantity: 1,
        rates,
        storePercent,
        includesTax: settings.shippingIncludesTax,
        discount: input.discountOf(SHIPPING_CODE),
      }),
    );
  }
  // What belongs to the whole order comes after its shipping (Tax\Total\Quote\Tax).
  for (const [kind, price] of input.withFpt ? orderWrapping(cart) : []) {
    const code = wrappingCode(kind);
    taxed.set(code, calculate(wrappingTaxable(cart, { code, price: price[side], quantity: 1, of: "quote" })));
  }
  return taxed;
}

const wrappingCode = (key: string): string => `gw/${key}`;

const orderWrapping = ({ wrapping }: Cart): ["gw" | "gw_card", Money][] => [
  ...(wrapping?.order === undefined ? [] : [["gw", wrapping.order] satisfies ["gw", Money]]),
  ...(wrapping?.card === undefined ? [] : [["gw_card", wrapping.card] satisfies ["gw_card", Money]]),
];

function wrappingTaxable(
  cart: Cart,
  { code, price, quantity, of }: { code: string; price: number; quantity: number; of: string },
): Taxable {
  const rates = cart.wrapping?.rates ?? NO_TAX;
  return {
    code,
    type: "wrapping",
    unitPrice: price,
    quantity,
    rates,
    storePercent: rates.percent,
    includesTax: false,
    discount: 0,
    associatedCode: of,
  };
}

function productTaxable(line: Line, settings: TotalsSettings, side: Side, discount: number): Taxable {
  const { item } = line;
  return {
    code: item.key,
    type: "product",
    unitPrice: item.price[side],
    quantity: line.totalQuantity,
    rates: item.rates,
    storePercent: item.storePercent,
    includesTax: settings.pricesIncludeTax,
    discount,
    ...(item.priceForTax ? { priceForTax: item.priceForTax[side] } : {}),
  };
}

const fptCode = (key: string, index: number): string => `weee/${key}/${index}`;

const fptTaxables = (line: Line, side: Side): Taxable[] =>
  (line.item.fpt ?? []).map((fpt, index) => ({
    code: fptCode(line.item.key, index),
    type: "weee",
    unitPrice: fpt.amount[side],
    quantity: line.totalQuantity,
    rates: line.item.rates,
    storePercent: line.item.storePercent,
    includesTax: false,
    discount: 0,
    associatedCode: line.item.key,
  }));

/** Tax\Model\TaxCalculation::calculateParent: a dynamic bundle has sums, and no tax percent of its own. */
function sumOfChildren(line: Line, children: readonly Taxed[]): Taxed {
  const sum = (of: (child: Taxed) => number): number =>
    children.reduce((total, child) => total + of(child), 0);
  const rowTotal = sum((child) => child.rowTotal);
  const rowTotalInclTax = sum((child) => child.rowTotalInclTax);
  return {
    code: line.item.key,
    type: "product",
    price: round2(rowTotal / line.totalQuantity),
    priceInclTax: round2(rowTotalInclTax / line.totalQuantity),
    rowTotal,
    rowTotalInclTax,
    rowTax: sum((child) => child.rowTax),
    compensation: sum((child) => child.compensation),
    percent: undefined,
    applied: [],
    associatedCode: undefined,
  };
}

const taxedOf = (taxed: TaxedByCode, code: string): Taxed => {
  const found = taxed.get(code);
  if (found === undefined) throw new Error(`Nothing was taxed under ${code}.`);
  return found;
};

function toDiscountable(
  line: Line,
  first: { base: TaxedByCode; order: TaxedByCode },
  settings: TotalsSettings,
): Discountable {
  const base = taxedOf(first.base, line.item.key);
  const order = taxedOf(first.order, line.item.key);
  const unit = (taxed: Taxed): number => (settings.discountOnInclusive ? taxed.priceInclTax : taxed.price);
  return {
    key: line.item.key,
    ...(line.parentKey === undefined ? {} : { parentKey: line.parentKey }),
    totalQuantity: line.totalQuantity,
    unitPrice: { base: unit(base), order: unit(order) },
    rowTotal: { base: base.rowTotal, order: order.rowTotal },
    rowTotalInclTax: { base: base.rowTotalInclTax, order: order.rowTotalInclTax },
    noDiscount: line.item.noDiscount === true,
  };
}

function shippingPrice(first: { base: TaxedByCode; order: TaxedByCode }, settings: TotalsSettings): Money {
  const of = (taxed: TaxedByCode): number => {
    const shipping = taxed.get(SHIPPING_CODE);
    if (shipping === undefined) return 0;
    return settings.discountOnInclusive ? shipping.rowTotalInclTax : shipping.rowTotal;
  };
  return { base: of(first.base), order: of(first.order) };
}

function toItemTotals(
  line: Line,
  passes: { base: SidePass; order: SidePass },
  settings: TotalsSettings,
  discounts: ReadonlyMap<string, ItemDiscount>,
): ItemTotals {
  const discount = discounts.get(line.item.key);
  return {
    key: line.item.key,
    totalQuantity: line.totalQuantity,
    discountPercent: discount?.percent ?? 0,
    ruleIds: discount?.ruleIds ?? [],
    base: sideItem(line, passes.base, "base", settings),
    order: sideItem(line, passes.order, "order", settings),
    children: line.children.map((child) => toItemTotals(child, passes, settings, discounts)),
  };
}

function sideItem(line: Line, pass: SidePass, side: Side, settings: TotalsSettings): SideItem {
  const taxed = taxedOf(pass.taxed, line.item.key);
  return {
    price: taxed.price,
    priceInclTax: taxed.priceInclTax,
    rowTotal: taxed.rowTotal,
    rowTotalInclTax: taxed.rowTotalInclTax,
    tax: taxed.rowTax,
    taxBeforeDiscount: taxedOf(pass.first, line.item.key).rowTax,
    compensation: taxed.compensation,
    discount: pass.discountOf(line.item.key),
    percent: taxed.percent,
    applied: taxed.applied,
    fpt: (line.item.fpt ?? []).map((fpt, index) => {
      const own = settings.fptTaxed ? pass.taxed.get(fptCode(line.item.key, index)) : undefined;
      return own ? taxedFpt(fpt.title, own) : untaxedFpt(fpt.title, fpt.amount[side], line.totalQuantity);
    }),
    wrapping: wrappingOf(pass.taxed.get(wrappingCode(line.item.key))),
  };
}

const wrappingOf = (taxed: Taxed | undefined): SideItem["wrapping"] => ({
  price: taxed?.rowTotal ?? 0,
  tax: taxed?.rowTax ?? 0,
  applied: taxed?.applied ?? [],
});

const taxedFpt = (title: string, taxed: Taxed): FptLine => ({
  title,
  amount: taxed.price,
  rowAmount: taxed.rowTotal,
  amountInclTax: taxed.priceInclTax,
  rowAmountInclTax: taxed.rowTotalInclTax,
  tax: taxed.rowTax,
  applied: taxed.applied,
});

function untaxedFpt(title: string, amount: number, quantity: number): FptLine {
  const unit = round2(amount);
  const rowAmount = round2(unit * quantity);
  return {
    title,
    amount: unit,
    rowAmount,
    amountInclTax: unit,
    rowAmountInclTax: rowAmount,
    tax: 0,
    applied: [],
  };
}

function sideTotals(input: {
  items: readonly ItemTotals[];
  pass: SidePass;
  side: Side;
  settings: TotalsSettings;
}): SideTotals {
  const { items, pass, side, settings } = input;
  const wrapping = wrappingTotals(items, pass, side);
  const wrappingSum = (of: (own: SideItem["wrapping"]) => number): number =>
    of(wrapping.gw) + of(wrapping.gw_items) + of(wrapping.gw_card);
  const leaves = items.flatMap((item) => (item.children.length > 0 ? item.children : [item]));
  const sum = (of: (item: SideItem) => number): number =>
    leaves.reduce((total, leaf) => total + of(leaf[side]), 0);
  const fptSum = (of: (fpt: FptLine) => number): number =>
    sum((item) => item.fpt.reduce((total, fpt) => total + of(fpt), 0));
  const shipping = pass.taxed.get(SHIPPING_CODE);
  const fptExclusive = sum((item) => round2(item.fpt.reduce((total, fpt) => total + fpt.rowAmount, 0)));
  const shippingDiscount = pass.discountOf(SHIPPING_CODE);
  const totals = {
    subtotal: sum((item) => item.rowTotal) + (settings.fptInSubtotal ? fptExclusive : 0),
    subtotalInclTax: sum((item) => item.rowTotalInclTax) + fptSum((fpt) => fpt.rowAmountInclTax),
    discount: sum((item) => item.discount) + shippingDiscount,
    compensation: sum((item) => item.compensation),
    shipping: shipping?.rowTotal ?? 0,
    shippingInclTax: shipping?.rowTotalInclTax ?? 0,
    shippingTax: shipping?.rowTax ?? 0,
    shippingDiscount,
    shippingCompensation: shipping?.compensation ?? 0,
    shippingApplied: shipping?.applied ?? [],
    tax:
      sum((item) => item.tax) +
      fptSum((fpt) => fpt.tax) +
      (shipping?.rowTax ?? 0) +
      wrappingSum(({ tax }) => tax),
    fpt: settings.fptInSubtotal ? 0 : fptExclusive,
    wrapping,
  };
  const grandTotal =
    totals.subtotal +
    totals.shipping +
    totals.tax +
    totals.fpt -
    totals.discount +
    totals.compensation +
    totals.shippingCompensation +
    wrappingSum(({ price }) => price);
  // Quote/Address/Total/Grand rounds to four places, not to two.
  return { ...totals, grandTotal: phpRound(grandTotal, 4) };
}

/** Bundles are wrapped as a whole, so the wrapped rows are the top rows. */
function wrappingTotals(items: readonly ItemTotals[], pass: SidePass, side: Side): SideTotals["wrapping"] {
  const ofItems = items.map((item) => item[side].wrapping);
  return {
    gw: wrappingOf(pass.taxed.get(wrappingCode("gw"))),
    gw_items: {
      price: ofItems.reduce((sum, own) => sum + own.price, 0),
      tax: ofItems.reduce((sum, own) => sum + own.tax, 0),
      applied: [],
    },
    gw_card: wrappingOf(pass.taxed.get(wrappingCode("gw_card"))),
  };
}
