import type { Cart, DiscountRule, Money } from "./cart.ts";
import { SIDES } from "./cart.ts";
import { round2, viaText } from "./php.ts";

/** What the subtotal pass tells about an item that can be discounted. */
export type Discountable = {
  key: string;
  /** Of a bundle's child: a rule for the bundle is a rule for all of it. */
  parentKey?: string;
  totalQuantity: number;
  /** The price the discount is computed on: with tax when discount_tax is on. */
  unitPrice: Money;
  rowTotal: Money;
  rowTotalInclTax: Money;
  noDiscount: boolean;
};

export type ItemDiscount = { amount: Money; percent: number; ruleIds: number[] };

export type Discounts = {
  items: Map<string, ItemDiscount>;
  /** To be called after shipping is priced; the cart-fixed rest may go to shipping. */
  onShipping(amount: Money): { amount: Money; ruleIds: number[] };
};

/** Applies the cart rules as SalesRule\Quote\Discount does since 2.4: rule by rule, each over all items left to it. */
export function discountItems(cart: Cart, items: readonly Discountable[]): Discounts {
  const cartFixed = cartFixedLedger(cart, items);
  const roundingRests = new Map<string, number>();
  const found = new Map<string, ItemDiscount>();
  for (const item of items) found.set(item.key, { amount: { base: 0, order: 0 }, percent: 0, ruleIds: [] });
  const stopped = new Set<string>();
  for (const rule of cart.rules) {
    for (const item of items) {
      const discount = found.get(item.key);
      if (discount === undefined || item.noDiscount || stopped.has(item.key) || !appliesTo(rule, item))
        continue;
      const raw = rawDiscount({ rule, item, discount, cart, cartFixed });
      deltaRoundingFix(raw, item, discount.percent, roundingRests);
      for (const side of SIDES) {
        const most = item.unitPrice[side] * item.totalQuantity;
        discount.amount[side] = Math.min(discount.amount[side] + raw[side], most);
      }
      discount.ruleIds.push(rule.id);
      if (rule.stop) stopped.add(item.key);
    }
  }
  return { items: found, onShipping: (amount) => discountShipping(cart, cartFixed, amount) };
}

type CartFixed = {
  left: Map<number, number>;
  take(rule: DiscountRule, item: Discountable, quantity: number): Money;
};

const appliesTo = (rule: DiscountRule, item: Discountable): boolean =>
  rule.only === undefined ||
  rule.only.includes(item.key) ||
  (item.parentKey !== undefined && rule.only.includes(item.parentKey));

function rawDiscount(input: {
  rule: DiscountRule;
  item: Discountable;
  discount: ItemDiscount;
  cart: Cart;
  cartFixed: CartFixed;
}): Money {
  const { rule, item, discount, cart } = input;
  const limited = rule.maxQuantity ? Math.min(item.totalQuantity, rule.maxQuantity) : item.totalQuantity;
  const stepped =
    rule.step && rule.action !== "buy_x_get_y" && rule.action !== "cart_fixed"
      ? Math.floor(limited / rule.step) * rule.step
      : limited;
  switch (rule.action) {
    case "by_percent": {
      const percent = Math.min(100, rule.amount);
      const of = (side: "base" | "order"): number => {
        const already =
          stepped < item.totalQuantity
            ? (discount.amount[side] / item.totalQuantity) * stepped
            : discount.amount[side];
        return round2(viaText((stepped * item.unitPrice[side] - already) * (percent / 100)));
      };
      const amount = { base: of("base"), order: of("order") };
      if (!rule.maxQuantity || rule.maxQuantity >= stepped) {
        discount.percent = Math.min(100, discount.percent + percent);
      }
      return amount;
    }
    case "by_fixed":
      return { base: stepped * rule.amount, order: stepped * rule.amount * cart.baseToOrderRate };
    case "buy_x_get_y": {
      const free = freePieces(limited, rule.step ?? 0, rule.amount);
      return { base: free * item.unitPrice.base, order: free * item.unitPrice.order };
    }
    case "cart_fixed":
      return input.cartFixed.take(rule, item, limited);
  }
}

function freePieces(quantity: number, buy: number, get: number): number {
  if (buy <= 0 || get > buy) return 0;
  const periods = Math.floor(quantity / (buy + get));
  const rest = quantity - periods * (buy + get);
  return periods * get + Math.max(0, rest - buy);
}

/** A fixed amount for the whole cart is shared by price; the last item takes what is left. */
function cartFixedLedger(cart: Cart, items: readonly Discountable[]): CartFixed {
  const left = new Map<number, number>();
  const totals = new Map<number, { price: number; count: number }>();
  const rests = new Map<number, number>();
  for (const rule of cart.rules) {
    if (rule.action !== "cart_fixed") continue;
    left.set(rule.id, rule.amount);
    const total = { price: 0, count: 0 };
    for (const item of items) {
      if (item.noDiscount || !appliesTo(rule, item)) continue;
      const quantity = rule.maxQuantity ? Math.min(item.totalQuantity, rule.maxQuantity) : item.totalQuantity;
      total.price += item.unitPrice.base * quantity;
      total.count += 1;
    }
    totals.set(rule.id, total);
  }
  return {
    left,
    take: (rule, item, quantity) => {
      const available = left.get(rule.id) ?? 0;
      const total = totals.get(rule.id);
      if (available <= 0 || total === undefined) return { base: 0, order: 0 };
      const most = { base: item.unitPrice.base * quantity, order: item.unitPrice.order * quantity };
      let share = available;
      if (total.count > 1) {
        const exact = total.price === 0 ? 0 : rule.amount * (most.base / total.price);
        const carried = exact === 0 ? 0 : exact + (rests.get(rule.id) ?? 0.000001);
        share = round2(carried);
        if (exact !== 0) rests.set(rule.id, carried - share);
        total.count -= 1;
      }
      const base = round2(Math.min(most.base, share));
      left.set(rule.id, available - base);
      return { base, order: round2(Math.min(most.order, share * cart.baseToOrderRate)) };
    },
  };
}

/** SalesRule\Utility::deltaRoundingFix: the rounding rest of a percentage goes to the next item. */
function deltaRoundingFix(raw: Money, item: Discountable, percent: number, rests: Map<string, number>): void {
  for (const side of SIDES) {
    let amount = raw[side];
    if (percent !== 0 && item.rowTotal.order > 0) {
      const key = `${side}/${percent}`;
      amount += rests.get(key) ?? 0;
      rests.set(key, amount - round2(amount));
    }
    if (percent === 100) amount = Math.min(amount, item.rowTotalInclTax[side]);
    raw[side] = round2(amount);
  }
}

/** SalesRule\Validator::processShippingAmount. Core does not round here: half cents are real (magento.md 4). */
function discountShipping(
  cart: Cart,
  cartFixed: CartFixed,
  shipping: Money,
): { amount: Money; ruleIds: number[] } {
  const amount: Money = { base: 0, order: 0 };
  const ruleIds: number[] = [];
  for (const rule of cart.rules) {
    if (!rule.toShipping) continue;
    const add: Money = { base: 0, order: 0 };
    if (rule.action === "by_percent") {
      const percent = Math.min(100, rule.amount);
      for (const side of SIDES) add[side] = ((shipping[side] - amount[side]) * percent) / 100;
    } else if (rule.action === "by_fixed") {
      add.base = rule.amount;
      add.order = rule.amount * cart.baseToOrderRate;
    } else if (rule.action === "cart_fixed") {
      const available = cartFixed.left.get(rule.id) ?? 0;
      if (available > 0) {
        add.base = Math.min(shipping.base - amount.base, available);
        add.order = Math.min(shipping.order - amount.order, available * cart.baseToOrderRate);
        cartFixed.left.set(rule.id, available - add.base);
      }
    }
    for (const side of SIDES) amount[side] = Math.min(amount[side] + add[side], shipping[side]);
    ruleIds.push(rule.id);
    if (rule.stop) break;
  }
  return { amount, ruleIds };
}
