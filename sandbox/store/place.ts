import type { Scenario } from "../shared/scenario.ts";
import { cancelOrder } from "./actions.ts";
import type { CartItem, DiscountRule, Money } from "./cart.ts";
import type { Article } from "./catalogue.ts";
import { articleOf, classIdOf, priceIn } from "./catalogue.ts";
import { MagentoError } from "./errors.ts";
import type { JsonObject } from "./json.ts";
import { cloneJson, textAt } from "./json.ts";
import type { OrderLine } from "./order-items.ts";
import type { Address, StoredValue } from "./order-json.ts";
import { orderJson, storedTotal } from "./order-json.ts";
import type { OrderRequest } from "./order-request.ts";
import { nextIncrement } from "./order-save.ts";
import { paymentTitle } from "./payments.ts";
import type { Place } from "./people.ts";
import { addressIn } from "./people.ts";
import { round2 } from "./php.ts";
import { regionOf } from "./regions.ts";
import { shareCopies } from "./share-copies.ts";
import type { Shop, StoreView } from "./shop.ts";
import { exchangeRate, ratesAt } from "./shop.ts";
import type { Transaction } from "./state.ts";
import type { TaxAddress } from "./tax-rules.ts";
import { computeTotals } from "./totals.ts";

export type PlaceInput = {
  transaction: Transaction;
  shop: Shop;
  scenario: Scenario;
  request: OrderRequest;
  now: string;
};

/** Runs a cart through the totals engine and makes the order, new and unpaid. Puts it into the transaction. */
export function placeOrder(input: PlaceInput): JsonObject {
  const { transaction, shop, request } = input;
  const view = viewOf(shop, request.storeView);
  const rate = exchangeRate(input.scenario, shop.baseCurrency, view.currency);
  const { lines, totals, shipping } = priceCart(shop, request, rate);
  const customer = request.customer ?? GUEST;
  const due = { base: totals.base.grandTotal, order: totals.order.grandTotal };
  const storedValue = storedValueOf(shop, request, due, rate);
  // With nothing left to pay Magento allows no method but "free".
  const covered = storedTotal(storedValue, "base") >= round2(due.base);
  const method = covered ? "free" : (request.paymentMethod ?? shop.paymentMethods[0] ?? "checkmo");
  const edited = editedFrom(transaction, request.edits);
  const address = addressOf(customer, placeOf(shop, request));
  const info = request.paymentInfo;
  const placed = orderJson({
    entityId: transaction.nextId("orders"),
    incrementId: request.incrementId ?? edited?.increment ?? nextIncrement(transaction, view.id),
    createdAt: request.createdAt ?? input.now,
    store: { id: view.id, name: `Main Website\nMain Website Store\n${view.name}` },
    currencies: {
      base: shop.baseCurrency,
      order: view.currency,
      global: shop.baseCurrency,
      baseToOrderRate: rate,
    },
    customer: toCustomer(customer),
    billing: address,
    ...(shipping ? { shipping: address, shippingMethod: shipping } : {}),
    lines,
    totals,
    payment: { method, title: paymentTitle(method), ...(info ? { info } : {}) },
    ...(request.coupon === undefined
      ? {}
      : { coupon: { code: request.coupon, description: request.coupon } }),
    ...(storedValue ? { storedValue } : {}),
    ...(edited ? { edited: edited.link } : {}),
    nextItemId: () => transaction.nextId("orders.items"),
  });
  shareCopies(placed);
  const order = cloneJson(placed);
  transaction.put("orders", order);
  if (edited) replaceEdited(input, order, edited.link.parentId);
  return order;
}

/** The edited order is cancelled and points to its successor. */
function replaceEdited({ transaction, shop, now }: PlaceInput, successor: JsonObject, oldId: number): void {
  if (!cancelOrder({ transaction, shop, now }, oldId)) {
    throw new MagentoError(
      400,
      "edits: the order is invoiced, closed or on hold and cannot be edited any more",
    );
  }
  transaction.put("orders", {
    ...transaction.get("orders", oldId),
    relation_child_id: textAt(successor, "entity_id"),
    relation_child_real_id: textAt(successor, "increment_id"),
  });
}

const GUEST = { groupId: 0, email: "guest@example.com", firstname: "Guesta", lastname: "Walkin" };
const CARRIAGE = { code: "flatrate_flatrate", description: "Flat Rate - Fixed", amount: 4.95 };

/** The cart's lines and totals; shipping is absent when nothing has to be shipped. */
function priceCart(shop: Shop, request: OrderRequest, rate: number) {
  const { country, region, postcode } = placeOf(shop, request);
  const to: TaxedTo = {
    address: { country, postcode, ...(region ? { region: region.code } : {}) },
    groupId: request.customer?.groupId ?? 0,
  };
  const drawn = request.items
    .flatMap((item) => ungroup(shop, item))
    .map((item, index) => toLine({ shop, item, index, to, rate }));
  const virtual = drawn.every(({ line }) => line.isVirtual);
  const shipping = virtual ? undefined : (request.shipping ?? CARRIAGE);
  const shippingClass = classIdOf(shop, "standard");
  const totals = computeTotals(
    {
      items: drawn.map(({ item }) => item),
      baseToOrderRate: rate,
      rules: request.discounts.map(toRule),
      wrapping: {
        rates: ratesAt(shop, to.address, shippingClass, to.groupId),
        ...optionalMoney("order", request.wrapping.order, rate),
        ...optionalMoney("card", request.wrapping.card, rate),
      },
      ...(shipping === undefined
        ? {}
        : {
            shipping: {
              price: money(shipping.amount, rate),
              rates: ratesAt(shop, to.address, shippingClass, to.groupId),
              storePercent: ratesAt(shop, shop.country, shippingClass).percent,
            },
          }),
    },
    { ...shop.settings, ...withoutUndefined(request.settings ?? {}) },
  );
  return { lines: drawn.map(({ line }) => line), totals, shipping };
}

/** The address of the request, or the usual one of its country. */
function placeOf(shop: Shop, request: OrderRequest): Place {
  const country = request.country ?? shop.country;
  if (request.address === undefined) return addressIn(country);
  const { region: code, ...address } = request.address;
  const region = regionOf(country, code);
  return { ...address, country, ...(region ? { region } : {}) };
}

/** Where goods go and to whom, as far as tax looks at it. */
type TaxedTo = { address: TaxAddress; groupId: number };

const addressOf = (customer: NonNullable<OrderRequest["customer"]>, place: Place): Address => ({
  ...place,
  firstname: customer.firstname,
  lastname: customer.lastname,
  ...(customer.company === undefined ? {} : { company: customer.company }),
  ...(customer.taxvat === undefined ? {} : { vatId: customer.taxvat }),
});

const withoutUndefined = <T extends object>(members: T): { [K in keyof T]: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };

/** Each tender takes at most what is left to pay, in the order Commerce applies them, on both sides. */
function storedValueOf(shop: Shop, request: OrderRequest, due: Money, rate: number): StoredValue | undefined {
  const wrapped =
    Object.keys(request.wrapping).length > 0 || request.items.some((item) => item.wrapping !== undefined);
  const asked =
    wrapped ||
    request.giftCards.length > 0 ||
    request.customerBalance !== undefined ||
    request.reward !== undefined;
  if (!asked && !shop.commerce) return undefined;
  const left = { base: round2(due.base), order: round2(due.order) };
  const take = (amount: number): Money => {
    const base = Math.min(amount, left.base);
    // What pays the rest in base currency pays the rest in the order's, whatever the conversion's cents say.
    const order = base === left.base ? left.order : Math.min(round2(base * rate), left.order);
    left.base = round2(left.base - base);
    left.order = round2(left.order - order);
    return { base, order };
  };
  const giftCards = request.giftCards.map(({ code, amount }, index) => ({
    id: index + 1,
    code,
    amount: take(amount),
  }));
  const { customerBalance, reward } = request;
  return {
    giftCards: giftCards.filter(({ amount }) => amount.base > 0),
    ...(customerBalance === undefined ? {} : { customerBalance: take(customerBalance) }),
    ...(reward === undefined ? {} : { reward: { points: reward.points, amount: take(reward.amount) } }),
  };
}

function toCustomer(customer: NonNullable<OrderRequest["customer"]>) {
  return {
    groupId: customer.groupId,
    email: customer.email,
    firstname: customer.firstname,
    lastname: customer.lastname,
    ...(customer.id === undefined ? {} : { id: customer.id }),
    ...(customer.taxvat === undefined ? {} : { taxvat: customer.taxvat }),
  };
}

function viewOf(shop: Shop, code: string | undefined): StoreView {
  const view = code === undefined ? shop.views[0] : shop.views.find((own) => own.code === code);
  if (view === undefined) throw new MagentoError(400, "storeView: there is no store view %1", [code ?? ""]);
  return view;
}

/** An edit cancels the old order and makes a new one with a suffix; both point to each other. */
function editedFrom(transaction: Transaction, increment: string | undefined) {
  if (increment === undefined) return undefined;
  const old = transaction.withIncrement("orders", increment);
  if (old === undefined) throw new MagentoError(400, "edits: there is no order %1", [increment]);
  const number = Number(old.edit_increment ?? 0) + 1;
  const original = textAt(old, "original_increment_id") || increment;
  return {
    increment: `${original}-${number}`,
    link: { original, number, parentId: Number(old.entity_id), parentIncrement: increment },
  };
}

const toRule = (rule: OrderRequest["discounts"][number], index: number): DiscountRule => ({
  id: index + 1,
  action: rule.action,
  amount: rule.amount,
  toShipping: rule.toShipping,
  stop: rule.stop,
  ...(rule.step === undefined ? {} : { step: rule.step }),
  ...(rule.maxQuantity === undefined ? {} : { maxQuantity: rule.maxQuantity }),
});

const money = (base: number, rate: number): Money => ({
  base,
  order: rate === 1 ? base : round2(base * rate),
});

const optionalMoney = <Name extends string>(
  name: Name,
  amount: number | undefined,
  rate: number,
): { [K in Name]?: Money } =>
  amount === undefined ? {} : ({ [name]: money(amount, rate) } as { [K in Name]?: Money });

type Drawn = { item: CartItem; line: OrderLine };
type RequestItem = OrderRequest["items"][number] & { fromGroup?: boolean };

/** A grouped product has no row: each part is a top-level row of product_type "grouped" (magento.md 3). */
function ungroup(shop: Shop, item: RequestItem): RequestItem[] {
  const own = articleOf(shop, item.sku);
  if (own?.type !== "grouped") return [item];
  return (own.parts ?? []).map(({ sku, quantity }) => ({ sku, qty: item.qty * quantity, fromGroup: true }));
}

function toLine(input: { shop: Shop; item: RequestItem; index: number; to: TaxedTo; rate: number }): Drawn {
  const own = articleOf(input.shop, input.item.sku);
  if (own === undefined)
    throw new MagentoError(400, "items: there is no product with sku %1", [input.item.sku]);
  const key = `i${input.index + 1}`;
  const drawn = drawOne({ ...input, own, key, quantity: input.item.qty, price: input.item.price });
  const wrapped = { ...drawn.item, ...optionalMoney("wrapping", input.item.wrapping, input.rate) };
  const single: Drawn = { ...drawn, item: wrapped };
  if (own.type === "configurable") return configurable(input.shop, single, own, input.item.variant);
  if (own.type === "bundle") return bundle(single, own, input);
  if (input.item.fromGroup) return { ...single, line: { ...single.line, productType: "grouped" } };
  return single;
}

function drawOne(input: {
  shop: Shop;
  own: Article;
  key: string;
  quantity: number;
  price: number | undefined;
  to: TaxedTo;
  rate: number;
}): Drawn {
  const { shop, own, key, quantity, to, rate } = input;
  const classId = classIdOf(shop, own.kind);
  const list = priceIn(shop, own.price);
  const virtual = own.type === "virtual" || own.type === "downloadable" || own.type === "giftcard";
  return {
    item: {
      key,
      quantity,
      price: money(input.price ?? list, rate),
      rates: ratesAt(shop, to.address, classId, to.groupId),
      storePercent: ratesAt(shop, shop.country, classId).percent,
      ...(own.fpt ? { fpt: [{ title: own.fpt.title, amount: money(own.fpt.amount, rate) }] } : {}),
    },
    line: {
      key,
      productId: own.id,
      sku: own.sku,
      name: own.name,
      productType: own.type,
      isVirtual: virtual,
      isQtyDecimal: !Number.isInteger(quantity),
      quantity,
      weight: own.weight,
      originalPrice: money(list, rate),
      children: [],
    },
  };
}

/** The parent's row bears the variant's sku and the configurable's product id and name (magento.md 3). */
function configurable(shop: Shop, { item, line }: Drawn, own: Article, variant: string | undefined): Drawn {
  const chosen = articleOf(shop, variant ?? own.parts?.[0]?.sku ?? "");
  if (chosen === undefined)
    throw new MagentoError(400, "items: %1 has no variant %2", [own.sku, variant ?? ""]);
  const child: OrderLine = {
    ...line,
    key: `${line.key}-variant`,
    productId: chosen.id,
    sku: chosen.sku,
    name: chosen.name,
    productType: "simple",
    quantity: 1,
    weight: chosen.weight,
    children: [],
  };
  const position = (own.parts ?? []).findIndex(({ sku }) => sku === chosen.sku);
  const productOption = {
    extension_attributes: {
      configurable_item_options: [{ option_id: "144", option_value: 166 + position }],
    },
  };
  return { item, line: { ...line, sku: chosen.sku, productOption, children: [child] } };
}

function bundle({ item, line }: Drawn, own: Article, input: Parameters<typeof toLine>[0]): Drawn {
  const parts = (own.parts ?? []).map(({ sku, quantity }, index) => {
    const child = articleOf(input.shop, sku);
    if (child === undefined) throw new MagentoError(400, "items: %1 has an unknown part %2", [own.sku, sku]);
    return drawOne({ ...input, own: child, key: `${line.key}-${index + 1}`, quantity, price: undefined });
  });
  // A dynamic bundle's sku is its own and its parts' (invoice-01: 24-WG080-24-WG084-...).
  const sku = own.dynamic ? [own.sku, ...parts.map((one) => one.line.sku)].join("-") : own.sku;
  return {
    item: own.dynamic ? { ...item, children: parts.map((one) => one.item) } : item,
    line: { ...line, sku, children: parts.map((one) => one.line) },
  };
}
