/**
 * An order as REST, an event or a model dump spells it (facts/magento.md section 3), read into one shape. Field names stay
 * Magento's, so that a mistake can be named by them. Unknown fields are left out.
 */
import { z } from "zod";
import { EXTENSION_NAMES, StoredValueAmounts, WrapAmounts, withExtension } from "./extension.ts";
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
  product_id: Id,
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
  /** What the buyer chose: REST has `product_option`, a dump `product_options`. It is decoration and read with care. */
  product_option: z.unknown().optional(),
  product_options: z.unknown().optional(),
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

/** A fee of Adobe's own custom fees; it is charged by one invoice and given back by one credit memo. */
const CustomFee = z.object({
  custom_fee_code: Text,
  custom_fee_amount: Amount,
  custom_fee_amount_invoiced: Amount,
  custom_fee_amount_refunded: Amount,
  invoice_id: Id,
  creditmemo_id: Id,
});

const Extension = z.object({
  shipping_assignments: listOf(ShippingAssignment),
  payment_additional_info: listOf(z.object({ key: Text, value: Text })),
  item_applied_taxes: listOf(ItemAppliedTaxes),
  custom_fees: listOf(CustomFee),
  ...StoredValueAmounts,
  ...WrapAmounts,
});
export type MagentoExtension = z.infer<typeof Extension>;

const Payment = z.object({
  method: Text,
  last_trans_id: Text,
  po_number: Text,
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
  applied_rule_ids: Text,
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
  total_online_refunded: TextAmount,
  total_offline_refunded: TextAmount,
  total_canceled: Amount,
  subtotal_refunded: TextAmount,
  shipping_refunded: TextAmount,
  adjustment_positive: TextAmount,
  subtotal_canceled: TextAmount,
  original_increment_id: Text,
  relation_parent_real_id: Text,
  relation_child_real_id: Text,
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

export const MagentoOrder = z.preprocess(withExtension(EXTENSION_NAMES), OrderFields);
export type MagentoOrder = z.infer<typeof OrderFields>;

/** One fixed product tax of a row, out of `weee_tax_applied`. */
export const FixedTax = z.object({ row_amount: Amount, row_amount_incl_tax: MaybeAmount });
export type FixedTax = z.infer<typeof FixedTax>;
