/**
 * A sku of the store -> an item code of the ledger, the same for ever (facts/accounting.md PROD-12). Magento's skus have up to
 * 64 characters of any kind, Xero's codes 30, and they are looked up inside quotes.
 */
import { cutText } from "./sale-facts.ts";

export const ITEM_CODE_MAX = 30;

const HASH_DIGITS = 8;
const SHORTENED = /~[0-9a-f]{8}$/;
/** What a code may be as it stands: nothing invisible, no quotes, and spaces only one at a time between words. */
const PLAIN = /^(?:[^\p{C}\p{Z}"\\<>]|(?<=\S) (?=\S))+$/u;
const NOT_PLAIN = /[\p{C}\p{Z}"\\<>]/gu;

/** Answers the sku where it is a code. Capitals and spaces tell skus apart, so that one that is no code gets a hash of all of it. */
export const itemCodeOf = (sku: string): string =>
  sku.length <= ITEM_CODE_MAX && PLAIN.test(sku) && !SHORTENED.test(sku)
    ? sku
    : shortened(sku, sku, ITEM_CODE_MAX);

/** The code of a product whose sku belonged to another product before: its sales are never those of the old one (INV-10). */
export const reusedItemCode = (sku: string, productId: string): string =>
  shortened(sku, JSON.stringify([productId, sku]), ITEM_CODE_MAX);

/** The beginning of a text and a hash of `whole`, at most `max` characters. */
export const shortened = (text: string, whole: string, max: number): string =>
  `${cutText(text.replace(NOT_PLAIN, "_"), max - HASH_DIGITS - 1)}~${hashOf(whole)}`;

/** FNV-1a over the bytes of the UTF-16 units, with the last step of MurmurHash3 so that every digit depends on all of them. */
function hashOf(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    hash = Math.imul(hash ^ (unit & 0xff), 0x01000193);
    hash = Math.imul(hash ^ (unit >>> 8), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0).toString(16).padStart(HASH_DIGITS, "0");
}
