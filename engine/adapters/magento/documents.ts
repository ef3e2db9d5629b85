/**
 * Store invoices, credit memos and shipments as REST or a model dump spells them (facts/magento.md section 3, "Credit memo",
 * "Invoice", "Shipment"). Field names stay Magento's. Rows link to the order by order_item_id and name no parent.
 */
import { z } from "zod";
import { EXTENSION_NAMES, StoredValueAmounts, WrapAmounts, withExtension } from "./extension.ts";
import { Amount, Flag, Id, listOf, MaybeAmount, orEmpty, RequiredAmount, Text } from "./fields.ts";

export const DocumentRow = z.object({
  order_item_id: Id,
  qty: Amount,
  row_total: MaybeAmount,
  tax_amount: Amount,
  discount_amount: Amount,
  discount_tax_compensation_amount: Amount,
  /** REST leaves these two out of invoices. */
  weee_tax_applied: Text,
  weee_tax_applied_row_amount: MaybeAmount,
  back_to_stock: Flag,
  extension_attributes: orEmpty(z.object({ back_to_stock: Flag })),
});
export type DocumentRow = z.infer<typeof DocumentRow>;

const HEAD = {
  entity_id: Id,
  increment_id: Id,
  order_id: Id,
  created_at: z.string(),
};

const MONEY = {
  ...HEAD,
  state: Id,
  transaction_id: Text,
  grand_total: RequiredAmount,
  base_to_order_rate: MaybeAmount,
  subtotal: MaybeAmount,
  tax_amount: Amount,
  /** Negative, and with the discount on shipping. */
  discount_amount: Amount,
  discount_tax_compensation_amount: MaybeAmount,
  shipping_amount: Amount,
  shipping_tax_amount: Amount,
  shipping_discount_tax_compensation_amount: MaybeAmount,
  items: listOf(DocumentRow),
};

const InvoiceFields = z.object({
  ...MONEY,
  extension_attributes: orEmpty(z.object({ ...WrapAmounts, ...StoredValueAmounts })),
});
export const MagentoInvoice = z.preprocess(withExtension(EXTENSION_NAMES), InvoiceFields);
export type MagentoInvoice = z.infer<typeof InvoiceFields>;

const CREDIT_NAMES = ["customer_bal_total_refunded", "bs_customer_bal_total_refunded"];

const CreditMemoFields = z.object({
  ...MONEY,
  invoice_id: Id,
  adjustment: MaybeAmount,
  adjustment_positive: MaybeAmount,
  adjustment_negative: MaybeAmount,
  extension_attributes: orEmpty(
    z.object({
      ...WrapAmounts,
      ...StoredValueAmounts,
      /** Credited to the customer's balance in all; `bs_` is the same in the base currency. */
      customer_bal_total_refunded: MaybeAmount,
      bs_customer_bal_total_refunded: MaybeAmount,
      /** The request of a refund names the rows that went back to the shelf here. */
      return_to_stock_items: listOf(Id),
    }),
  ),
});
export const MagentoCreditMemo = z.preprocess(
  withExtension([...EXTENSION_NAMES, ...CREDIT_NAMES]),
  CreditMemoFields,
);
export type MagentoCreditMemo = z.infer<typeof CreditMemoFields>;

export const MagentoShipment = z.object({
  ...HEAD,
  items: listOf(z.object({ order_item_id: Id, qty: Amount })),
  tracks: listOf(z.object({ carrier_code: Text, title: Text, track_number: Text })),
  extension_attributes: orEmpty(
    z.object({
      source_code: Text,
      // No document names these: a label or courier module writes them so, for SHIP-02 and SHIP-03.
      label_cost: MaybeAmount,
      label_cost_tax: Amount,
      shipping_fee: MaybeAmount,
      shipping_fee_tax: Amount,
    }),
  ),
});
export type MagentoShipment = z.infer<typeof MagentoShipment>;

export type MoneyDocument = MagentoInvoice | MagentoCreditMemo;

export const isMemo = (document: MoneyDocument): document is MagentoCreditMemo =>
  "adjustment_positive" in document;
