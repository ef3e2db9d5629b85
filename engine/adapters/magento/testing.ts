/** A hand-made order for tests, in the shape of GET /V1/orders/:id: two items at 20 %, one discounted, and postage. */
import type { StoreProfile } from "../../core/org.ts";
import type { Json } from "../../core/shapes.ts";
import type { Catalogue } from "../../ports.ts";

export type JsonObject = { [key: string]: Json };

export const profile: StoreProfile = {
  storeViews: [{ id: "3", code: "uk_en", name: "UK", website: "base", currency: "GBP" }],
  customerGroups: [{ id: "2", name: "Wholesale", taxClass: "Retail Customer" }],
  taxClasses: [{ id: "2", name: "Taxable Goods" }],
  categories: [],
  attributeSets: [],
  paymentMethods: [],
  pricesIncludeTax: null,
};

export const catalogue: Catalogue = {
  products: new Map([
    [
      "JAR-1",
      {
        sku: "JAR-1",
        type: "simple",
        taxClass: "Taxable Goods",
        attributeSet: "Default",
        categories: ["Jars"],
      },
    ],
  ]),
  profile,
};

export const itemOf = (item: JsonObject): JsonObject => ({
  item_id: 71,
  sku: "JAR-1",
  name: "Glass jar",
  product_type: "simple",
  qty_ordered: 2,
  price: 10,
  row_total: 20,
  tax_amount: 4,
  tax_percent: 20,
  discount_amount: 0,
  discount_tax_compensation_amount: 0,
  ...item,
});

/** 20.00 + 10.00 − 2.00 + 5.00 = 33.00 net, 6.60 tax, 39.60 in all. */
export const orderOf = (order: JsonObject = {}): JsonObject => ({
  entity_id: 501,
  increment_id: "000000501",
  store_id: 3,
  state: "processing",
  status: "processing",
  created_at: "2026-10-31 23:30:00",
  updated_at: "2026-11-01 08:00:00",
  order_currency_code: "GBP",
  base_currency_code: "GBP",
  base_to_order_rate: 1,
  is_virtual: 0,
  customer_id: 9,
  customer_group_id: 2,
  customer_email: "ada@example.com",
  customer_firstname: "Ada",
  customer_lastname: "Example",
  grand_total: "39.6",
  subtotal: 30,
  tax_amount: "6.6",
  discount_amount: -2,
  shipping_amount: 5,
  shipping_tax_amount: 1,
  shipping_description: "Flat rate",
  items: [
    itemOf({}),
    itemOf({ item_id: 72, sku: "LID-1", row_total: 10, tax_amount: "1.6", discount_amount: 2 }),
  ],
  billing_address: {
    address_type: "billing",
    firstname: "Ada",
    lastname: "Example",
    street: ["1 Example Street", "Flat 2"],
    city: "Exampleton",
    postcode: "EX1 1EX",
    country_id: "GB",
  },
  payment: { method: "stripe_payments", additional_information: ["Card"] },
  extension_attributes: {
    shipping_assignments: [
      {
        shipping: { method: "flatrate_flatrate", address: { firstname: "Ada", country_id: "IE" } },
        items: [],
      },
    ],
  },
  ...order,
});

/** A row of an invoice or credit memo over the whole of an item of `orderOf`. */
export const rowOf = (orderItemId: number, row: JsonObject = {}): JsonObject => ({
  order_item_id: orderItemId,
  qty: orderItemId === 71 ? 2 : 1,
  row_total: orderItemId === 71 ? 20 : 10,
  tax_amount: orderItemId === 71 ? "4.00" : "1.60",
  discount_amount: orderItemId === 71 ? 0 : 2,
  ...row,
});

/** An invoice or a credit memo of the whole of it, in the shape of GET /V1/invoices/:id and /V1/creditmemo/:id. */
export const documentOf = (document: JsonObject = {}): JsonObject => ({
  entity_id: 31,
  increment_id: "000000031",
  order_id: 501,
  state: 2,
  created_at: "2026-11-02 09:00:00",
  grand_total: "39.60",
  subtotal: 30,
  tax_amount: "6.60",
  discount_amount: -2,
  discount_tax_compensation_amount: 0,
  shipping_amount: 5,
  shipping_tax_amount: 1,
  items: [rowOf(71), rowOf(72)],
  ...document,
});
