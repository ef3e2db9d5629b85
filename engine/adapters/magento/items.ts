/** Which items of an order carry its money, and which of them leave the shelf (facts/magento.md section 3, "Items and parents"). */
import type { Held } from "../../core/hold.ts";
import { absOf, e4Of, formatE4, sumOf } from "../../core/money.ts";
import { err, ok, type Result } from "../../core/result.ts";
import type { SaleLine } from "../../core/sale.ts";
import type { MagentoItem, MagentoOrder } from "./order.ts";
import { itemsMissing } from "./order-holds.ts";
import { spreadE4 } from "./spread.ts";

/** A cent between the items and the subtotal is Magento's own rounding; the planner's check of the total decides on it. */
const CENT_E4 = 100n;

const isChild = (item: MagentoItem): boolean =>
  item.parent_item_id !== undefined || item.parent_item !== null;
const parentIdOf = (item: MagentoItem): string | undefined =>
  item.parent_item_id ?? item.parent_item?.item_id;

/**
 * The order's items, or those of its shipment where something on the way cut the list: the list whose top-level rows sum to
 * the subtotal (facts/magento.md section 4, E3). Fixed product tax may be part of the subtotal, by a setting.
 */
export function wholeItems(order: MagentoOrder): Result<readonly MagentoItem[], Held> {
  const lists = [order.items, order.extension_attributes.shipping_assignments.flatMap(({ items }) => items)];
  const whole = lists.find((items) => explainsSubtotal(items, order.subtotal));
  if (whole !== undefined && (whole.length > 0 || order.items.length === 0)) return ok(whole);
  return err(itemsMissing("items", sumOf(topLevel(order.items).map(rowOf)), order.subtotal ?? "0.00"));
}

function explainsSubtotal(items: readonly MagentoItem[], subtotal: string | null): boolean {
  if (subtotal === null) return items.length > 0;
  const gapE4 = e4Of(subtotal) - sumOf(topLevel(items).map(rowOf));
  const fixedTaxE4 = sumOf(items.map((item) => e4Of(item.weee_tax_applied_row_amount)));
  return absOf(gapE4) <= CENT_E4 || absOf(gapE4 - fixedTaxE4) <= CENT_E4;
}

const topLevel = (items: readonly MagentoItem[]): MagentoItem[] => items.filter((item) => !isChild(item));
const rowOf = (item: MagentoItem): bigint => e4Of(item.row_total);

/** An item that is a line of the sale, the one above it and those below it. */
export type MoneyItem = {
  readonly item: MagentoItem;
  readonly parent: MagentoItem | null;
  readonly children: readonly MagentoItem[];
};

/**
 * A parent carries the money, except where its children have row totals of their own. No flag tells a bundle of dynamic price
 * from one of fixed price.
 */
export function moneyItems(items: readonly MagentoItem[]): MoneyItem[] {
  return topLevel(items).flatMap((parent): MoneyItem[] => {
    const children = items.filter((item) => isChild(item) && parentIdOf(item) === parent.item_id);
    const isPriced = parent.product_type !== "configurable" && sumOf(children.map(rowOf)) > 0n;
    if (!isPriced) return [{ item: parent, parent: null, children }];
    return withParentDiscount(children, parent).map((item) => ({ item, parent, children: [] }));
  });
}

type Discounted = {
  readonly row_total: string | null;
  readonly discount_amount: string;
  readonly discount_tax_compensation_amount: string;
};

/** Some versions keep the discount of a bundle on its parent although the children carry the rows: by largest remainder. */
export function withParentDiscount<Row extends Discounted>(rows: readonly Row[], parent: Discounted): Row[] {
  const weights = rows.map(({ row_total }) => e4Of(row_total ?? "0"));
  const shared = (name: "discount_amount" | "discount_tax_compensation_amount"): readonly string[] => {
    const own = rows.map((row) => row[name]);
    if (own.some((amount) => e4Of(amount) !== 0n)) return own;
    return spreadE4(e4Of(parent[name]), weights).map(formatE4);
  };
  const discounts = shared("discount_amount");
  const compensations = shared("discount_tax_compensation_amount");
  return rows.map((row, index) => ({
    ...row,
    discount_amount: discounts[index] ?? row.discount_amount,
    discount_tax_compensation_amount: compensations[index] ?? row.discount_tax_compensation_amount,
  }));
}

/** What leaves the shelf where that is not the line's own sku: the children of a bundle of fixed price. */
export const partsOf = ({ item, children }: MoneyItem): SaleLine["parts"] =>
  children.flatMap(({ sku, qty_ordered: quantity, product_id: productId }) =>
    sku === null || sku === item.sku
      ? []
      : [{ sku, quantity, ...(productId === undefined ? {} : { productId }) }],
  );

/** A configurable's row has the sku of its variant and the id of the product above it: the variant is what is sold. */
export const productIdOf = ({ item, children }: MoneyItem): string | undefined =>
  (children.find(({ sku }) => sku === item.sku) ?? item).product_id;
