/** What was sold: which items carry the money, their fixed product taxes, shipping, fees and tenders. */
import type { Held } from "../../core/hold.ts";
import { absOf, e4Of, formatE4, sumOf } from "../../core/money.ts";
import { err, ok, type Result } from "../../core/result.ts";
import type { CanonicalSale, SaleFee, SaleLine, SaleShipping } from "../../core/sale.ts";
import type { CatalogueProduct } from "../../ports.ts";
import { listOf } from "./fields.ts";
import { parseExactJson } from "./json.ts";
import { FixedTax, type MagentoExtension, type MagentoItem, type MagentoOrder } from "./order.ts";
import { fieldInvalid, fieldMissing, itemsMissing } from "./order-holds.ts";

/** A cent between the items and the subtotal is Magento's own rounding; the planner's check of the total decides on it. */
const CENT_E4 = 100n;

const isChild = (item: MagentoItem): boolean =>
  item.parent_item_id !== undefined || item.parent_item !== null;
const parentOf = (item: MagentoItem): string | undefined => item.parent_item_id ?? item.parent_item?.item_id;

/**
 * The order's items, or those of its shipment where something on the way cut the list: the list whose top-level rows sum to
 * the subtotal (facts/magento.md section 4, E3). Fixed product tax may be part of the subtotal, by a setting.
 */
export function wholeItems(order: MagentoOrder): Result<readonly MagentoItem[], Held> {
  const lists = [order.items, order.extension_attributes.shipping_assignments.flatMap(({ items }) => items)];
  const whole = lists.find((items) => explainsSubtotal(items, order.subtotal));
  if (whole !== undefined && (whole.length > 0 || order.items.length === 0)) return ok(whole);
  return err(itemsMissing(sumOf(topLevel(order.items).map(rowOf)), order.subtotal ?? "0.00"));
}

function explainsSubtotal(items: readonly MagentoItem[], subtotal: string | null): boolean {
  if (subtotal === null) return items.length > 0;
  const top = topLevel(items);
  const gapE4 = e4Of(subtotal) - sumOf(top.map(rowOf));
  const fixedTaxE4 = sumOf(items.map((item) => e4Of(item.weee_tax_applied_row_amount)));
  return absOf(gapE4) <= CENT_E4 || absOf(gapE4 - fixedTaxE4) <= CENT_E4;
}

const topLevel = (items: readonly MagentoItem[]): MagentoItem[] => items.filter((item) => !isChild(item));
const rowOf = (item: MagentoItem): bigint => e4Of(item.row_total);

/**
 * The items that carry the money (facts/magento.md section 3, "Items and parents"): a parent, except where its children have
 * row totals of their own. No flag tells a bundle of dynamic price from one of fixed price.
 */
export function moneyItems(items: readonly MagentoItem[]): MagentoItem[] {
  return topLevel(items).flatMap((parent) => {
    if (parent.product_type === "configurable") return [parent];
    const children = items.filter((item) => isChild(item) && parentOf(item) === parent.item_id);
    return sumOf(children.map(rowOf)) > 0n ? children : [parent];
  });
}

type LineInput = {
  readonly order: MagentoOrder;
  readonly products: ReadonlyMap<string, CatalogueProduct>;
};

export function toLines(items: readonly MagentoItem[], input: LineInput): Result<SaleLine[], Held> {
  const lines: SaleLine[] = [];
  for (const item of moneyItems(items)) {
    // Named by its place in the order, not by its text, so that the hold repeats nothing of the buyer's.
    const place = `items[${items.indexOf(item)}]`;
    if (item.item_id === undefined) return err(fieldMissing(`${place}.item_id`, "the item's id"));
    const fixedTax = fixedTaxOf(item);
    if (fixedTax === undefined) {
      return err(fieldInvalid(`${place}.weee_tax_applied`, "JSON text with a list of fixed product taxes"));
    }
    lines.push({ ...toLine(item, item.item_id, input), ...fixedTax });
  }
  return ok(lines);
}

function toLine(item: MagentoItem, id: string, { order, products }: LineInput) {
  const product = item.sku === null ? undefined : products.get(item.sku);
  return {
    id,
    sku: item.sku,
    name: item.name,
    productType: item.product_type,
    quantity: item.qty_ordered,
    net: item.row_total,
    tax: item.tax_amount,
    discount: positive(item.discount_amount),
    discountTax: item.discount_tax_compensation_amount,
    taxRate: item.tax_percent,
    parts: [],
    options: [],
    appliedTaxes: appliedTaxes(order, (taxes) => taxes.type === "product" && taxes.item_id === id),
    product:
      product === undefined
        ? null
        : {
            taxClass: product.taxClass,
            attributeSet: product.attributeSet,
            categories: [...product.categories],
          },
  };
}

/** Tax on a fixed product tax is in the order's tax but in no item's (facts/accounting.md 1.2, point 6). */
function fixedTaxOf(item: MagentoItem): Pick<SaleLine, "fixedTaxNet" | "fixedTaxTax"> | undefined {
  const json = parseExactJson(item.weee_tax_applied ?? "[]");
  const taxes = json.ok ? listOf(FixedTax).safeParse(json.value) : undefined;
  if (taxes?.success !== true) return undefined;
  if (taxes.data.length === 0) return { fixedTaxNet: item.weee_tax_applied_row_amount, fixedTaxTax: "0.00" };
  const netE4 = sumOf(taxes.data.map((tax) => e4Of(tax.row_amount)));
  const taxE4 = sumOf(
    taxes.data.map((tax) => e4Of(tax.row_amount_incl_tax ?? tax.row_amount) - e4Of(tax.row_amount)),
  );
  return { fixedTaxNet: formatE4(netE4), fixedTaxTax: formatE4(taxE4) };
}

export function toShipping(order: MagentoOrder): SaleShipping | null {
  const assignment = order.extension_attributes.shipping_assignments[0]?.shipping;
  const charge = {
    net: order.shipping_amount,
    tax: order.shipping_tax_amount,
    discount: positive(order.shipping_discount_amount),
    discountTax: order.shipping_discount_tax_compensation_amount,
  };
  const method = order.shipping_method ?? assignment?.method ?? null;
  const isFree = Object.values(charge).every((amount) => e4Of(amount) === 0n);
  if (isFree && method === null && order.shipping_description === null) return null;
  const taxes = appliedTaxes(order, ({ type }) => type === "shipping");
  return {
    method,
    title: order.shipping_description,
    ...charge,
    taxRate: taxes.length === 0 ? null : formatE4(sumOf(taxes.map(({ percent }) => e4Of(percent)))),
    appliedTaxes: taxes,
  };
}

type ItemTaxes = MagentoExtension["item_applied_taxes"][number];

const appliedTaxes = (
  order: MagentoOrder,
  matches: (taxes: ItemTaxes) => boolean,
): SaleLine["appliedTaxes"] =>
  order.extension_attributes.item_applied_taxes
    .filter(matches)
    .flatMap(({ applied_taxes }) =>
      applied_taxes.map(({ code, percent, amount }) => ({ code: code ?? "", percent, amount })),
    );

/** Named totals that are neither items nor shipping. A total that no field names stays a difference, for the planner to hold. */
export function toFees({ extension_attributes: own }: MagentoOrder): SaleFee[] {
  const wrapNet = [own.gw_price, own.gw_items_price, own.gw_card_price];
  const wrapTax = [own.gw_tax_amount, own.gw_items_tax_amount, own.gw_card_tax_amount];
  const taxE4 = sumOf(wrapTax.map(e4Of));
  const grossE4 = sumOf(wrapNet.map(e4Of)) + taxE4;
  const giftWrap = { code: "giftWrap", gross: formatE4(grossE4), tax: formatE4(taxE4) };
  const custom = own.custom_fees.map((fee) => ({
    code: fee.custom_fee_code ?? "customFee",
    gross: fee.custom_fee_amount,
    tax: "0.00",
  }));
  return [giftWrap, ...custom].filter(({ gross, tax }) => e4Of(gross) !== 0n || e4Of(tax) !== 0n);
}

/** What lowered the grand total without being a discount (facts/magento.md section 3). */
export function toTenders({ extension_attributes: own }: MagentoOrder): CanonicalSale["tenders"] {
  const tenders = [
    { kind: "giftCard", amount: positive(own.gift_cards_amount) },
    { kind: "storeCredit", amount: positive(own.customer_balance_amount) },
    { kind: "rewardPoints", amount: positive(own.reward_currency_amount) },
  ] as const;
  return tenders.filter(({ amount }) => e4Of(amount) !== 0n);
}

/** Discounts are negative on headers and positive on items; here they are always positive. */
const positive = (amount: string): string => formatE4(absOf(e4Of(amount)));
