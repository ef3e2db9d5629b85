/**
 * An order as REST, an event or a model dump spells it (facts/magento.md section 3), read into one shape. Field names stay
 * Magento's, so that a mistake can be named by them. Unknown fields are left out.
 */
import { z } from "zod";
import {
  Amount,
  Flag,
  Id,
  isRecord,
  listOf,
  MaybeAmount,
  orEmpty,
  RequiredAmount,
  Text,
  TextAmount,
} from "./fields.ts";

export const MagentoAddress = z.object({
  address_type: Text,
  firstname: Text,
  lastname: Text,
  company: Text,
  /** REST sends lines, a dump one text with line breaks. */
  street: z.preprocess(
    (value) => (typeof value === "string" ? value.split("\n") : Array.isArray(value) ? value : []),
    z.array(Text),
  ),
  city: Text,
  /** A customer's address nests the name: {"region": {"region": "Ontario"}}. */
  region: z.preprocess((value) => (isRecord(value) ? value.region : value), Text),
  postcode: Text,
  country_id: Text,
  telephone: Text,
  vat_id: Text,
  vat_is_valid: Flag,
});
export type MagentoAddress = z.infer<typeof MagentoAddress>;

const AppliedTax = z.object({ code: Text, percent: Amount, amount: Amount });

const ItemAppliedTaxes = z.object({
  type: Text,
  item_id: Id,
  associated_item_id: Id,
  applied_taxes: listOf(AppliedTax),
});

export const MagentoItem = z.object({
  item_id: Id,
  parent_item_id: Id,
  /** REST repeats the whole parent here, a dump leaves it empty; either way it marks a child. */
  parent_item: z.preprocess(
    (value) => (isRecord(value) ? value : null),
    z.object({ item_id: Id }).nullable(),
  ),
  sku: Text,
  name: Text,
  product_type: Text,
  qty_ordered: Amount,
  row_total: Amount,
  tax_amount: Amount,
  tax_percent: MaybeAmount,
  discount_amount: Amount,
  discount_tax_compensation_amount: Amount,
  /** JSON inside the JSON: "[]" or a list of fixed product taxes. */
  weee_tax_applied: Text,
  weee_tax_applied_row_amount: Amount,
});
export type MagentoItem = z.infer<typeof MagentoItem>;

const ShippingAssignment = z.object({
  shipping: orEmpty(
    z.object({
      method: Text,
      address: z.preprocess((value) => (isRecord(value) ? value : null), MagentoAddress.nullable()),
    }),
  ),
  items: listOf(MagentoItem),
});

const Extension = z.object({
  shipping_assignments: listOf(ShippingAssignment),
  payment_additional_info: listOf(z.object({ key: Text, value: Text })),
  item_applied_taxes: listOf(ItemAppliedTaxes),
  custom_fees: listOf(z.object({ custom_fee_code: Text, custom_fee_amount: Amount })),
  gift_cards_amount: TextAmount,
  customer_balance_amount: TextAmount,
  reward_currency_amount: TextAmount,
  gw_price: TextAmount,
  gw_tax_amount: TextAmount,
  gw_items_price: TextAmount,
  gw_items_tax_amount: TextAmount,
  gw_card_price: TextAmount,
  gw_card_tax_amount: TextAmount,
});
export type MagentoExtension = z.infer<typeof Extension>;

/** Amounts that a dump keeps on the order itself where REST has them among the extension attributes. */
const EXTENSION_AMOUNTS = [
  "gift_cards_amount",
  "customer_balance_amount",
  "reward_currency_amount",
  "gw_price",
  "gw_tax_amount",
  "gw_items_price",
  "gw_items_tax_amount",
  "gw_card_price",
  "gw_card_tax_amount",
] as const;

const Payment = z.object({
  method: Text,
  last_trans_id: Text,
  /** REST sends values without keys, a dump an object with them. */
  additional_information: z.preprocess(
    (value) => (isRecord(value) ? [value.method_title] : Array.isArray(value) ? value : []),
    z.array(z.unknown()),
  ),
});

const OrderFields = z.object({
  entity_id: Id,
  increment_id: Id,
  store_id: Id,
  state: Text,
  status: Text,
  created_at: z.string(),
  order_currency_code: z.string(),
  base_currency_code: Text,
  base_to_order_rate: MaybeAmount,
  is_virtual: Flag,
  coupon_code: Text,
  customer_id: Id,
  customer_group_id: Id,
  customer_email: Text,
  customer_firstname: Text,
  customer_lastname: Text,
  customer_taxvat: Text,
  grand_total: RequiredAmount,
  subtotal: MaybeAmount,
  tax_amount: Amount,
  total_paid: Amount,
  total_refunded: Amount,
  total_canceled: Amount,
  subtotal_refunded: TextAmount,
  subtotal_canceled: TextAmount,
  shipping_method: Text,
  shipping_description: Text,
  shipping_amount: Amount,
  shipping_tax_amount: Amount,
  shipping_discount_amount: Amount,
  shipping_discount_tax_compensation_amount: Amount,
  items: listOf(MagentoItem),
  billing_address: z.preprocess((value) => (isRecord(value) ? value : null), MagentoAddress.nullable()),
  shipping_address: z.preprocess((value) => (isRecord(value) ? value : null), MagentoAddress.nullable()),
  addresses: listOf(MagentoAddress),
  payment: orEmpty(Payment),
  extension_attributes: orEmpty(Extension),
});

export const MagentoOrder = z.preprocess(withExtensionAmounts, OrderFields);
export type MagentoOrder = z.infer<typeof OrderFields>;

/** A store invoice: what it captured, when, and under which transaction. */
export const MagentoInvoice = z.object({
  entity_id: Id,
  order_id: Id,
  state: Id,
  created_at: z.string(),
  transaction_id: Text,
  grand_total: RequiredAmount,
});
export type MagentoInvoice = z.infer<typeof MagentoInvoice>;

/** One fixed product tax of a row, out of `weee_tax_applied`. */
export const FixedTax = z.object({ row_amount: Amount, row_amount_incl_tax: MaybeAmount });

function withExtensionAmounts(order: unknown): unknown {
  if (!isRecord(order)) return order;
  const extension = isRecord(order.extension_attributes) ? order.extension_attributes : {};
  const own = EXTENSION_AMOUNTS.filter((name) => order[name] !== undefined && extension[name] === undefined);
  if (own.length === 0) return order;
  const moved = Object.fromEntries(own.map((name) => [name, order[name]]));
  return { ...order, extension_attributes: { ...extension, ...moved } };
}
