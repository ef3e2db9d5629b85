import type { ItemTotals, Money, Side, SideTotals, Totals } from "./cart.ts";
import { SIDES } from "./cart.ts";
import { fieldOf } from "./fields.ts";
import { orderWrappingJson } from "./gift-wrapping.ts";
import type { JsonObject } from "./json.ts";
import { compact } from "./json.ts";
import type { ItemContext, OrderLine } from "./order-items.ts";
import { appliedTaxes, buildItems } from "./order-items.ts";
import { stored4 } from "./php.ts";

export type Address = {
  firstname: string;
  lastname: string;
  company?: string;
  street: string[];
  city: string;
  region?: { name: string; code: string; id: number };
  postcode: string;
  country: string;
  telephone: string;
  vatId?: string;
};

/** Tenders of Adobe Commerce that lower grand_total without being discounts (magento.md 3). */
export type StoredValue = {
  giftCards: { id: number; code: string; amount: Money }[];
  customerBalance?: Money;
  reward?: { points: number; amount: Money };
};

export type OrderInput = {
  entityId: number;
  incrementId: string;
  createdAt: string;
  store: { id: number; name: string };
  currencies: { base: string; order: string; global: string; baseToOrderRate: number };
  customer: {
    id?: number;
    groupId: number;
    email: string;
    firstname: string;
    lastname: string;
    taxvat?: string;
  };
  billing: Address;
  /** Absent for an order with nothing to ship. */
  shipping?: Address;
  shippingMethod?: { code: string; description: string };
  lines: readonly OrderLine[];
  totals: Totals;
  payment: { method: string; title: string; info?: Record<string, string> };
  coupon?: { code: string; description: string };
  storedValue?: StoredValue;
  /** Present when this order replaces another one by edit (accounting.md 1.2 point 9). */
  edited?: { original: string; number: number; parentId: number; parentIncrement: string };
  nextItemId(): number;
};

/** A complete order as GET /V1/orders/:id answers it, new and unpaid. */
export function orderJson(input: OrderInput): JsonObject {
  const totalsByKey = new Map<string, ItemTotals>();
  for (const item of input.totals.items) {
    totalsByKey.set(item.key, item);
    for (const child of item.children) totalsByKey.set(child.key, child);
  }
  const context: ItemContext = {
    orderId: input.entityId,
    storeId: input.store.id,
    createdAt: input.createdAt,
    nextItemId: input.nextItemId,
    totalsOf: (key) => totalsByKey.get(key),
  };
  const built = buildItems(input.lines, context);
  const items = built.map(({ json }) => json);
  const { totals } = input;
  const taxes = appliedTaxes(built, context, [
    { type: "shipping", side: (side) => totals[side].shippingApplied },
    { type: "quote_gw", side: (side) => totals[side].wrapping.gw.applied },
    { type: "printed_card_gw", side: (side) => totals[side].wrapping.gw_card.applied },
  ]);
  const due = { base: dueOf(input, "base"), order: dueOf(input, "order") };
  const tops = built.filter(({ json }) => json.parent_item_id === undefined);
  return {
    ...identityOf(input, due),
    ...moneyOf(input.totals, due),
    total_item_count: tops.length,
    total_qty_ordered: stored4(tops.reduce((sum, { json }) => sum + Number(json.qty_ordered), 0)),
    weight: stored4(tops.reduce((sum, { json }) => sum + Number(json.row_weight), 0)),
    items,
    billing_address: addressJson(input, input.billing, "billing"),
    payment: paymentJson(input, due),
    status_histories: [],
    extension_attributes: {
      ...(input.shipping ? { shipping_assignments: [assignment(input, input.shipping, items)] } : {}),
      payment_additional_info: [
        { key: "method_title", value: input.payment.title },
        ...Object.entries(input.payment.info ?? {}).map(([key, value]) => ({ key, value })),
      ],
      applied_taxes: taxes.perRate,
      item_applied_taxes: taxes.perItem,
      converting_from_quote: true,
      taxes: taxes.taxes,
      ...storedValueJson(input),
    },
  };
}

export function storedTotal(stored: StoredValue | undefined, side: Side): number {
  const cards = (stored?.giftCards ?? []).reduce((sum, card) => sum + card.amount[side], 0);
  return cards + (stored?.customerBalance?.[side] ?? 0) + (stored?.reward?.amount[side] ?? 0);
}

const dueOf = (input: OrderInput, side: Side): number =>
  stored4(input.totals[side].grandTotal - storedTotal(input.storedValue, side));

function identityOf(input: OrderInput, due: Record<Side, number>): JsonObject {
  const { customer, currencies, edited } = input;
  return compact({
    applied_rule_ids: input.totals.ruleIds.length > 0 ? input.totals.ruleIds.join(",") : undefined,
    base_currency_code: currencies.base,
    base_to_global_rate: 1,
    base_to_order_rate: currencies.baseToOrderRate,
    billing_address_id: input.entityId * 2,
    coupon_code: input.coupon?.code,
    created_at: input.createdAt,
    customer_email: customer.email,
    customer_firstname: customer.firstname,
    customer_group_id: customer.groupId,
    customer_id: customer.id,
    customer_is_guest: customer.id === undefined ? 1 : 0,
    customer_lastname: customer.lastname,
    customer_note_notify: 1,
    customer_taxvat: customer.taxvat,
    discount_description: input.coupon?.description,
    edit_increment: edited?.number,
    email_sent: 1,
    entity_id: input.entityId,
    global_currency_code: currencies.global,
    increment_id: input.incrementId,
    is_virtual: input.shipping ? 0 : 1,
    order_currency_code: currencies.order,
    original_increment_id: edited?.original,
    protect_code: protectCode(input.incrementId),
    quote_id: input.entityId + 1000,
    relation_parent_id: edited === undefined ? undefined : String(edited.parentId),
    relation_parent_real_id: edited?.parentIncrement,
    remote_ip: "198.51.100.7",
    shipping_description: input.shippingMethod?.description,
    // Magento: a zero-total order is paid by the method "free" and starts in processing (Sales\Order\Payment::place).
    state: due.order === 0 && input.payment.method === "free" ? "processing" : "new",
    status: due.order === 0 && input.payment.method === "free" ? "processing" : "pending",
    store_currency_code: currencies.base,
    store_id: input.store.id,
    store_name: input.store.name,
    store_to_base_rate: 0,
    store_to_order_rate: 0,
    updated_at: input.createdAt,
  });
}

/** A stable stand-in for Magento's random protect code. */
const protectCode = (incrementId: string): string =>
  [...incrementId]
    .reduce((hash, char) => Math.imul(hash ^ char.charCodeAt(0), 0x01000193) >>> 0, 0x811c9dc5)
    .toString(16)
    .padStart(8, "0")
    .repeat(4);

function moneyOf(totals: Totals, due: Record<Side, number>): JsonObject {
  const json: JsonObject = {};
  for (const side of SIDES) {
    const own: SideTotals = totals[side];
    const put = (name: string, value: number): void => {
      json[fieldOf(side, name)] = stored4(value);
    };
    put("discount_amount", own.discount === 0 ? 0 : -own.discount);
    put("discount_tax_compensation_amount", own.compensation);
    put("grand_total", due[side]);
    put("shipping_amount", own.shipping);
    put("shipping_discount_amount", own.shippingDiscount);
    put("shipping_discount_tax_compensation_amount", own.shippingCompensation);
    put("shipping_incl_tax", own.shippingInclTax);
    put("shipping_tax_amount", own.shippingTax);
    put("subtotal", own.subtotal);
    put("subtotal_incl_tax", own.subtotalInclTax);
    put("tax_amount", own.tax);
    put("total_due", due[side]);
  }
  return json;
}

function addressJson(input: OrderInput, address: Address, type: "billing" | "shipping"): JsonObject {
  return compact({
    address_type: type,
    city: address.city,
    company: address.company,
    country_id: address.country,
    customer_address_id: input.customer.id === undefined ? undefined : input.customer.id * 10 + 1,
    email: input.customer.email,
    entity_id: input.entityId * 2 - (type === "shipping" ? 1 : 0),
    firstname: address.firstname,
    lastname: address.lastname,
    parent_id: input.entityId,
    postcode: address.postcode,
    region: address.region?.name,
    region_code: address.region?.code,
    region_id: address.region?.id,
    street: address.street,
    telephone: address.telephone,
    vat_id: address.vatId,
  });
}

function paymentJson(input: OrderInput, due: Record<Side, number>): JsonObject {
  const json: JsonObject = {
    account_status: null,
    additional_information: [input.payment.title, ...Object.values(input.payment.info ?? {})],
    amount_ordered: due.order,
    base_amount_ordered: due.base,
    base_shipping_amount: stored4(input.totals.base.shipping),
    cc_last4: null,
    entity_id: input.entityId,
    method: input.payment.method,
    parent_id: input.entityId,
    shipping_amount: stored4(input.totals.order.shipping),
  };
  return json;
}

function assignment(input: OrderInput, address: Address, items: JsonObject[]): JsonObject {
  const total: JsonObject = {};
  for (const side of SIDES) {
    const own = input.totals[side];
    total[fieldOf(side, "shipping_amount")] = stored4(own.shipping);
    total[fieldOf(side, "shipping_discount_amount")] = stored4(own.shippingDiscount);
    total[fieldOf(side, "shipping_discount_tax_compensation_amount")] = stored4(own.shippingCompensation);
    total[fieldOf(side, "shipping_incl_tax")] = stored4(own.shippingInclTax);
    total[fieldOf(side, "shipping_tax_amount")] = stored4(own.shippingTax);
  }
  return {
    shipping: {
      address: addressJson(input, address, "shipping"),
      method: input.shippingMethod?.code ?? "flatrate_flatrate",
      total,
    },
    items,
  };
}

/** Commerce answers these on every order, as order-19 shows; wrapping amounts are texts there. */
function storedValueJson(input: OrderInput): JsonObject {
  const stored = input.storedValue;
  if (stored === undefined) return {};
  const json: JsonObject = {
    gift_cards: stored.giftCards.map(({ id, code, amount }) => ({
      id,
      code,
      amount: amount.order,
      base_amount: amount.base,
    })),
  };
  for (const side of SIDES) {
    const cards = stored.giftCards.reduce((sum, { amount }) => sum + amount[side], 0);
    json[fieldOf(side, "gift_cards_amount")] = stored4(cards);
    if (stored.customerBalance) json[fieldOf(side, "customer_balance_amount")] = stored.customerBalance[side];
    if (stored.reward) json[fieldOf(side, "reward_currency_amount")] = stored.reward.amount[side];
  }
  if (stored.reward) json.reward_points_balance = stored.reward.points;
  return { ...json, ...orderWrappingJson((kind, side) => input.totals[side].wrapping[kind]) };
}
