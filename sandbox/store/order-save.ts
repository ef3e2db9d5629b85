import type { RouteContext } from "./context.ts";
import { bodyParam } from "./context.ts";
import { MagentoError } from "./errors.ts";
import type { JsonObject } from "./json.ts";
import { isObject, objectAt, objects, textAt } from "./json.ts";
import { noAccessor } from "./no-accessor.ts";
import type { Transaction } from "./state.ts";

/**
 * POST V1/orders and PUT V1/orders/create: OrderRepository::save. An entity with an id is saved in part: what is not sent
 * stays, and no rule is asked whether the result makes sense (magento.md 7). One without an id is a new order, stored with
 * the amounts it brings: this is how orders are imported by REST.
 */
export function saveOrderEntity(context: RouteContext): JsonObject {
  const entity = bodyParam(context, "entity");
  const unknown = Object.keys(entity).find((name) => !ORDER_FIELDS.has(name));
  if (unknown !== undefined) throw noAccessor(unknown, "Magento\\Sales\\Api\\Data\\OrderInterface");
  const { transaction } = context;
  const before =
    entity.entity_id === undefined ? undefined : transaction.get("orders", textAt(entity, "entity_id"));
  const saved = before === undefined ? newOrder(context, entity) : partlySaved(before, entity, transaction);
  assertUnique(transaction, saved);
  saved.updated_at = context.now;
  transaction.put("orders", saved);
  return saved;
}

function partlySaved(before: JsonObject, entity: JsonObject, transaction: Transaction): JsonObject {
  const { items, payment, billing_address, extension_attributes, ...scalars } = entity;
  const saved: JsonObject = { ...before, ...scalars };
  if (isObject(payment)) saved.payment = { ...objectAt(before, "payment"), ...payment };
  if (isObject(billing_address)) {
    saved.billing_address = { ...objectAt(before, "billing_address"), ...billing_address };
  }
  if (isObject(extension_attributes)) {
    saved.extension_attributes = { ...objectAt(before, "extension_attributes"), ...extension_attributes };
  }
  if (items !== undefined) saved.items = mergedItems(before, objects(items), transaction);
  return saved;
}

function mergedItems(
  before: JsonObject,
  sent: readonly JsonObject[],
  transaction: Transaction,
): JsonObject[] {
  const items = new Map(objects(before.items).map((item) => [textAt(item, "item_id"), item]));
  for (const item of sent) {
    const id = textAt(item, "item_id") || String(transaction.nextId("orders.items"));
    items.set(id, { ...items.get(id), ...item, item_id: Number(id), order_id: before.entity_id ?? null });
  }
  return [...items.values()];
}

function newOrder({ transaction, shop, now }: RouteContext, entity: JsonObject): JsonObject {
  const entityId = Number(entity.entity_id ?? transaction.nextId("orders"));
  const storeId = Number(entity.store_id ?? shop.views[0]?.id ?? 1);
  const items = objects(entity.items).map((item) => ({
    ...item,
    item_id: Number(item.item_id ?? transaction.nextId("orders.items")),
    order_id: entityId,
  }));
  return {
    status_histories: [],
    ...entity,
    entity_id: entityId,
    increment_id: textAt(entity, "increment_id") || nextIncrement(transaction, storeId),
    store_id: storeId,
    created_at: textAt(entity, "created_at") || now,
    items,
    ...(isObject(entity.payment)
      ? {
          payment: {
            account_status: null,
            additional_information: [],
            cc_last4: null,
            entity_id: entityId,
            ...entity.payment,
            parent_id: entityId,
          },
        }
      : {}),
  };
}

/** Per store view, as Magento's sequences are; the second and later views put their id in front. */
export function nextIncrement(transaction: Transaction, storeId: number): string {
  const number = String(transaction.nextId(`orders.increment.${storeId}`)).padStart(9, "0");
  return storeId === 1 ? number : `${storeId}${number}`;
}

/** The unique key over increment_id and store_id. */
function assertUnique(transaction: Transaction, saved: JsonObject): void {
  const taken = transaction
    .all("orders")
    .some(
      (other) =>
        textAt(other, "increment_id") === textAt(saved, "increment_id") &&
        textAt(other, "store_id") === textAt(saved, "store_id") &&
        textAt(other, "entity_id") !== textAt(saved, "entity_id"),
    );
  if (taken) throw new MagentoError(400, "Unique constraint violation found");
}

/** Names with a base_ twin, and the others, of sales-data-order-interface in the OpenAPI of 2.4.8. */
const WITH_BASE = `adjustment_negative adjustment_positive currency_code discount_amount discount_canceled discount_invoiced
discount_refunded discount_tax_compensation_amount discount_tax_compensation_invoiced discount_tax_compensation_refunded
grand_total shipping_amount shipping_canceled shipping_discount_amount shipping_discount_tax_compensation_amnt
shipping_incl_tax shipping_invoiced shipping_refunded shipping_tax_amount shipping_tax_refunded subtotal subtotal_canceled
subtotal_incl_tax subtotal_invoiced subtotal_refunded tax_amount tax_canceled tax_invoiced tax_refunded to_global_rate
to_order_rate total_canceled total_due total_invoiced total_invoiced_cost total_offline_refunded total_online_refunded
total_paid total_qty_ordered total_refunded`;
const OTHERS = `applied_rule_ids billing_address billing_address_id can_ship_partially can_ship_partially_item coupon_code
created_at customer_dob customer_email customer_firstname customer_gender customer_group_id customer_id customer_is_guest
customer_lastname customer_middlename customer_note customer_note_notify customer_prefix customer_suffix customer_taxvat
discount_description edit_increment email_sent entity_id ext_customer_id ext_order_id extension_attributes
forced_shipment_with_invoice global_currency_code hold_before_state hold_before_status increment_id is_virtual items
order_currency_code original_increment_id payment payment_auth_expiration payment_authorization_amount protect_code
quote_address_id quote_id relation_child_id relation_child_real_id relation_parent_id relation_parent_real_id remote_ip
shipping_description shipping_discount_tax_compensation_amount state status status_histories store_currency_code store_id
store_name store_to_base_rate store_to_order_rate total_item_count updated_at weight x_forwarded_for`;

/** Of the names with a base_ twin these exist on the base side only. */
const BASE_ONLY = new Set([
  "currency_code",
  "shipping_discount_tax_compensation_amnt",
  "to_global_rate",
  "to_order_rate",
  "total_invoiced_cost",
]);
const withBase = WITH_BASE.split(/\s+/);
export const ORDER_FIELDS: ReadonlySet<string> = new Set([
  ...withBase.map((name) => `base_${name}`),
  ...withBase.filter((name) => !BASE_ONLY.has(name)),
  ...OTHERS.split(/\s+/),
]);
