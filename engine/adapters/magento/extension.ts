/**
 * What Adobe Commerce adds to orders, invoices and credit memos: REST has it among the extension attributes, a model dump on
 * the document itself (facts/magento.md section 3).
 */
import { z } from "zod";
import { isRecord, TextAmount } from "./fields.ts";

/** Gift wrapping of the order, of its items and of its greeting card; text, "" for none. */
export const WrapAmounts = {
  gw_price: TextAmount,
  gw_tax_amount: TextAmount,
  gw_items_price: TextAmount,
  gw_items_tax_amount: TextAmount,
  gw_card_price: TextAmount,
  gw_card_tax_amount: TextAmount,
};

/** What lowered the total without being a discount, or was given back so. */
export const StoredValueAmounts = {
  gift_cards_amount: TextAmount,
  customer_balance_amount: TextAmount,
  reward_currency_amount: TextAmount,
};

const Stored = z.object(StoredValueAmounts);
export type StoredValue = z.infer<typeof Stored>;

/** Moves the named members from the document into its extension attributes, where they are not there. */
export const withExtension =
  (names: readonly string[]) =>
  (document: unknown): unknown => {
    if (!isRecord(document)) return document;
    const extension = isRecord(document.extension_attributes) ? document.extension_attributes : {};
    const own = names.filter((name) => document[name] !== undefined && extension[name] === undefined);
    if (own.length === 0) return document;
    const moved = Object.fromEntries(own.map((name) => [name, document[name]]));
    return { ...document, extension_attributes: { ...extension, ...moved } };
  };

export const EXTENSION_NAMES: readonly string[] = [
  ...Object.keys(WrapAmounts),
  ...Object.keys(StoredValueAmounts),
];
