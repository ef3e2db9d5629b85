/**
 * Orders as a Magento store answers them, for the accounting scenarios: what an entry of facts/accounting.md states is given,
 * what follows from it is derived. They are read by the same adapter as any order.
 */
import { parseExactJson } from "../../engine/adapters/magento/json.ts";
import type { Json } from "../../engine/core/shapes.ts";
import type { Catalogue, CatalogueProduct, RawSale } from "../../engine/ports.ts";
import { PROFILE } from "./organisation.ts";

type Amount = number | string;

/** One row of an order; amounts are the store's, so that nothing is computed twice. */
export type Row = {
  readonly sku?: string;
  readonly name?: string;
  readonly type?: string;
  readonly qty?: Amount;
  readonly rowTotal: Amount;
  readonly tax?: Amount;
  readonly percent?: Amount;
  readonly discount?: Amount;
  readonly discountTax?: Amount;
  /** Code and percent of each applied tax; one of the row's percent unless it is said. */
  readonly taxes?: readonly { readonly code: string; readonly percent: Amount; readonly amount?: Amount }[];
  readonly taxClass?: string;
  readonly categories?: readonly string[];
  readonly attributeSet?: string;
  readonly children?: readonly Omit<Row, "children">[];
  /** Further members of the item, as Magento spells them. */
  readonly more?: { readonly [key: string]: Json };
};

export type Shipping = {
  readonly amount: Amount;
  readonly tax?: Amount;
  readonly discount?: Amount;
  readonly discountTax?: Amount;
  readonly taxes?: Row["taxes"];
  readonly method?: string;
};

export type StoreOrder = {
  readonly number?: string;
  readonly id?: number;
  readonly currency?: string;
  readonly baseCurrency?: string;
  readonly rate?: Amount;
  readonly placedAt?: string;
  readonly state?: string;
  readonly status?: string;
  readonly method?: string;
  readonly rows: readonly Row[];
  readonly shipping?: Shipping;
  readonly grandTotal: Amount;
  readonly tax?: Amount;
  readonly paid?: Amount;
  readonly transaction?: string;
  readonly country?: string;
  readonly email?: string;
  readonly customerId?: number | null;
  readonly name?: readonly [first: string, last: string];
  /** Further members of the order and of its extension attributes, as Magento spells them. */
  readonly more?: { readonly [key: string]: Json };
  readonly extension?: { readonly [key: string]: Json };
  readonly invoices?: readonly { readonly [key: string]: Json }[];
  readonly creditMemos?: readonly { readonly [key: string]: Json }[];
  readonly shipments?: readonly { readonly [key: string]: Json }[];
};

export type StoreRead = { readonly raw: RawSale; readonly catalogue: Catalogue };

export function storeOrder(order: StoreOrder): StoreRead {
  const id = order.id ?? 501;
  const items = order.rows.flatMap((row, index) => itemsOf(row, id * 100 + index * 10 + 1));
  const json = {
    entity_id: id,
    increment_id: order.number ?? "100000501",
    store_id: 1,
    state: order.state ?? "processing",
    status: order.status ?? order.state ?? "processing",
    created_at: order.placedAt ?? "2026-05-04 10:00:00",
    order_currency_code: order.currency ?? "GBP",
    base_currency_code: order.baseCurrency ?? order.currency ?? "GBP",
    base_to_order_rate: order.rate ?? 1,
    customer_id: order.customerId === undefined ? 77 : order.customerId,
    customer_is_guest: order.customerId === null ? 1 : 0,
    customer_group_id: 1,
    customer_email: order.email ?? "jane.doe@example.org",
    customer_firstname: order.name?.[0] ?? "Jane",
    customer_lastname: order.name?.[1] ?? "Doe",
    grand_total: order.grandTotal,
    subtotal: sum(order.rows.map(({ rowTotal }) => rowTotal)),
    tax_amount: order.tax ?? 0,
    total_paid: order.paid ?? 0,
    ...shippingMembers(order.shipping),
    items,
    billing_address: addressOf(order),
    payment: { method: order.method ?? "stripe_payments", last_trans_id: order.transaction ?? null },
    extension_attributes: {
      item_applied_taxes: [...items.flatMap(appliedTaxesOf), ...shippingTaxes(order.shipping)],
      ...order.extension,
    },
    ...order.more,
  };
  return {
    raw: {
      order: exact(json),
      invoices: (order.invoices ?? []).map(exact),
      creditMemos: (order.creditMemos ?? []).map(exact),
      shipments: (order.shipments ?? []).map(exact),
    },
    catalogue: { products: productsOf(order.rows), profile: PROFILE },
  };
}

/** The item ids that `storeOrder` gives the rows of an order, for its invoices and credit memos. */
export const itemId = (row: number, id = 501): number => id * 100 + row * 10 + 1;

type Item = { readonly item_id: number; readonly applied: Row["taxes"]; readonly [key: string]: unknown };

function itemsOf(row: Row, id: number, parent?: number): Item[] {
  const item: Item = {
    item_id: id,
    ...(parent === undefined ? {} : { parent_item_id: parent }),
    sku: row.sku ?? `SKU-${id}`,
    name: row.name ?? `Product ${id}`,
    product_type: row.type ?? "simple",
    qty_ordered: row.qty ?? 1,
    row_total: row.rowTotal,
    tax_amount: row.tax ?? 0,
    tax_percent: row.percent ?? 0,
    discount_amount: row.discount ?? 0,
    discount_tax_compensation_amount: row.discountTax ?? 0,
    applied: row.taxes ?? (Number(row.percent ?? 0) === 0 ? [] : [taxOf(row)]),
    ...row.more,
  };
  return [item, ...(row.children ?? []).flatMap((child, index) => itemsOf(child, id + index + 1, id))];
}

const taxOf = ({ percent, tax }: Row) => ({
  code: `VAT ${percent}`,
  percent: percent ?? 0,
  amount: tax ?? 0,
});

const appliedTaxesOf = ({ item_id, applied }: Item) =>
  applied === undefined || applied.length === 0
    ? []
    : [{ type: "product", item_id, applied_taxes: applied.map(withAmount) }];

const shippingTaxes = (shipping: Shipping | undefined) =>
  shipping?.taxes === undefined ? [] : [{ type: "shipping", applied_taxes: shipping.taxes.map(withAmount) }];

const withAmount = <Tax extends { amount?: Amount }>(tax: Tax) => ({ ...tax, amount: tax.amount ?? 0 });

const shippingMembers = (shipping: Shipping | undefined) =>
  shipping === undefined
    ? {}
    : {
        shipping_method: shipping.method ?? "flatrate_flatrate",
        shipping_description: "Flat rate",
        shipping_amount: shipping.amount,
        shipping_tax_amount: shipping.tax ?? 0,
        shipping_discount_amount: shipping.discount ?? 0,
        shipping_discount_tax_compensation_amount: shipping.discountTax ?? 0,
      };

const addressOf = ({ country, name, email }: StoreOrder) => ({
  address_type: "billing",
  firstname: name?.[0] ?? "Jane",
  lastname: name?.[1] ?? "Doe",
  street: ["1 Example Street"],
  city: "Exampleton",
  postcode: "EX1 1EX",
  country_id: country ?? "GB",
  email: email ?? "jane.doe@example.org",
});

function productsOf(rows: readonly Row[]): ReadonlyMap<string, CatalogueProduct> {
  const all = rows.flatMap((row) => [row, ...(row.children ?? [])]);
  return new Map(
    all.flatMap((row) =>
      row.sku === undefined
        ? []
        : [
            [
              row.sku,
              {
                sku: row.sku,
                type: row.type ?? "simple",
                taxClass: row.taxClass ?? "Taxable Goods",
                attributeSet: row.attributeSet ?? "Default",
                categories: row.categories ?? [],
              },
            ] as const,
          ],
    ),
  );
}

/** Through the text of the JSON, as from the wire: numbers keep their digits. */
function exact(value: unknown): Json {
  const json = parseExactJson(JSON.stringify(value));
  if (!json.ok) throw new Error(json.error.message);
  return json.value;
}

/** Of amounts with at most four decimals, without a float. */
const sum = (amounts: readonly Amount[]): string => {
  const total = amounts.reduce((left: number, amount) => left + Math.round(Number(amount) * 10_000), 0);
  return (total / 10_000).toFixed(4);
};
