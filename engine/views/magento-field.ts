/** The Magento field behind a path of the canonical sale, as it is spelled in the order's JSON (facts/magento.md section 3). */
import { assert } from "../core/assert.ts";
import type { CanonicalSale } from "../core/sale.ts";

/** Order fields by path; a path below one of them is explained by it. */
const ORDER_FIELDS: Readonly<Record<string, string>> = {
  "/source/id": "entity_id",
  "/source/number": "increment_id",
  "/store": "store_id",
  "/state": "state",
  "/status": "status",
  "/placedAt": "created_at",
  "/currency": "order_currency_code",
  "/baseCurrency": "base_currency_code",
  "/storeRate": "base_to_order_rate",
  "/virtual": "is_virtual",
  "/coupon": "coupon_code",
  "/customer/key": "customer_id (guests: a hash of customer_email)",
  "/customer/groupId": "customer_group_id",
  "/customer/group": "customer_group_id",
  "/customer/email": "customer_email",
  "/customer/firstName": "customer_firstname",
  "/customer/lastName": "customer_lastname",
  "/customer/vatId": "customer_taxvat",
  "/customer": "customer_id",
  "/payment/method": "payment.method",
  "/payment/title": "payment.additional_information",
  "/shipping/method": "extension_attributes.shipping_assignments[0].shipping.method",
  "/shipping/title": "shipping_description",
  "/shipping": "shipping_amount",
  "/totals/grandTotal": "grand_total",
  "/totals/tax": "tax_amount",
  "/totals/subtotal": "subtotal",
  "/totals/paid": "total_paid",
  "/totals/refunded": "total_refunded",
  "/totals/cancelled": "total_canceled",
};

const ADDRESS_FIELDS: Readonly<Record<string, string>> = {
  firstName: "firstname",
  lastName: "lastname",
  country: "country_id",
  phone: "telephone",
  vatId: "vat_id",
  vatIdValid: "vat_is_valid",
};

const TENDER_FIELDS = {
  giftCard: "extension_attributes.gift_cards_amount",
  storeCredit: "extension_attributes.customer_balance_amount",
  rewardPoints: "extension_attributes.reward_currency_amount",
} as const;

/** `sale` names items, captures and totals by their own ids; without it their position has to do. */
export function magentoField(path: string, sale: CanonicalSale | null): string {
  const [, head = "", index = "", ...rest] = path.split("/");
  const at = Number(index);
  switch (head) {
    case "lines":
      return index === "" ? "items" : itemField(sale?.lines[at]?.id, at, rest[0]);
    case "receipts": {
      const key = sale?.receipts[at]?.key;
      return key === undefined ? `captured payment ${at + 1}` : `captured payment ${key}`;
    }
    case "fees": {
      const code = sale?.fees[at]?.code;
      return code === undefined ? `named total ${at + 1}` : `named total ${code}`;
    }
    case "tenders": {
      const kind = sale?.tenders[at]?.kind;
      return kind === undefined ? `stored value ${at + 1}` : TENDER_FIELDS[kind];
    }
    case "billing":
      return addressField("billing_address", index, rest);
    case "shipTo":
      return addressField("extension_attributes.shipping_assignments[0].shipping.address", index, rest);
    default:
      return orderField(path);
  }
}

function orderField(path: string): string {
  for (let at = path; at !== ""; at = at.slice(0, at.lastIndexOf("/"))) {
    assert(at.startsWith("/"), "a path is a JSON Pointer");
    const field = ORDER_FIELDS[at];
    if (field !== undefined) return field;
  }
  return path;
}

const ITEM_FIELDS: Readonly<Record<string, string>> = {
  sku: "sku",
  name: "name",
  quantity: "qty_ordered",
  net: "row_total",
  tax: "tax_amount",
  discount: "discount_amount",
  discountTax: "discount_tax_compensation_amount",
  taxRate: "tax_percent",
};

function itemField(id: string | undefined, at: number, member: string | undefined): string {
  const item = id === undefined ? `items[${at}]` : `items[item_id ${id}]`;
  const field = member === undefined ? undefined : ITEM_FIELDS[member];
  return field === undefined ? item : `${item}.${field}`;
}

function addressField(address: string, member: string, rest: readonly string[]): string {
  if (member === "") return address;
  const line = member === "street" && rest[0] !== undefined ? `[${rest[0]}]` : "";
  return `${address}.${ADDRESS_FIELDS[member] ?? member}${line}`;
}
