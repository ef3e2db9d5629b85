/** What a store invoice or a credit memo is made of: rows of the order's lines, shipping and named totals. */
import type { Held } from "../../core/hold.ts";
import { absOf, e4Of, formatE4, sumOf } from "../../core/money.ts";
import { err, ok, type Result } from "../../core/result.ts";
import type { PartLine, SaleLine, SaleShipping } from "../../core/sale.ts";
import { type DocumentRow, isMemo, type MoneyDocument } from "./documents.ts";
import { fixedTaxOfRow } from "./fixed-tax.ts";
import { moneyItems, withParentDiscount } from "./items.ts";
import type { MagentoItem, MagentoOrder } from "./order.ts";
import { fieldInvalid, fieldMissing, itemsMissing } from "./order-holds.ts";
import type { Read } from "./read-documents.ts";
import { type Fees, partFees } from "./sale-fees.ts";
import { partShipping } from "./sale-shipping.ts";

/** The order that a document is part of, as it was read. */
export type Whole = {
  readonly order: MagentoOrder;
  readonly items: readonly MagentoItem[];
  readonly lines: readonly SaleLine[];
  readonly shipping: SaleShipping | null;
};

export type Parts = {
  readonly lines: PartLine[];
  readonly shipping: SaleShipping | null;
  readonly fees: Fees;
};

const CENT_E4 = 100n;

export function toParts(read: Read<MoneyDocument>, whole: Whole): Result<Parts, Held> {
  const lines = toPartLines(read, whole);
  if (!lines.ok) return lines;
  const shipping = partShipping(read.document, lines.value, whole.shipping);
  const fees = partFees(read, whole.order, { lines: lines.value, shipping });
  return ok({ lines: lines.value, shipping, fees });
}

function toPartLines({ document, place }: Read<MoneyDocument>, whole: Whole): Result<PartLine[], Held> {
  const known = new Set(whole.items.map(({ item_id }) => item_id));
  const stranger = document.items.findIndex((row) => !isEmpty(row) && !known.has(row.order_item_id));
  if (stranger >= 0)
    return err(fieldInvalid(`${place}.items[${stranger}].order_item_id`, "the id of an item of the order"));
  const lines: PartLine[] = [];
  for (const row of moneyRows(document.items, whole.items)) {
    const line = whole.lines.find(({ id }) => id === row.order_item_id);
    if (line === undefined || isEmpty(row)) continue;
    const at = `${place}.items[${document.items.findIndex((own) => own.order_item_id === row.order_item_id)}]`;
    if (row.row_total === null && e4Of(line.net) !== 0n)
      return err(fieldMissing(`${at}.row_total`, "what the row comes to"));
    const fixedTax = fixedTaxOfRow(row, line);
    if (fixedTax === undefined)
      return err(fieldInvalid(`${at}.weee_tax_applied`, "JSON text with a list of fixed product taxes"));
    lines.push({
      lineId: line.id,
      quantity: row.qty,
      net: row.row_total ?? "0.00",
      tax: row.tax_amount,
      discount: formatE4(absOf(e4Of(row.discount_amount))),
      discountTax: row.discount_tax_compensation_amount,
      ...fixedTax,
      backToStock: isBackToStock(row, document, whole.items),
    });
  }
  return explainsSubtotal(document, lines) ? ok(lines) : err(rowsMissing(document, place, lines));
}

/** The rows of the order's lines, in their order; a bundle's discount that stands on its parent is shared out among them. */
function moneyRows(rows: readonly DocumentRow[], items: readonly MagentoItem[]): DocumentRow[] {
  const rowsOf = (item: MagentoItem): DocumentRow[] =>
    rows.filter(({ order_item_id }) => order_item_id === item.item_id);
  const seen = new Set<MagentoItem>();
  return moneyItems(items).flatMap(({ item, parent }) => {
    if (parent === null) return rowsOf(item);
    if (seen.has(parent)) return [];
    seen.add(parent);
    const below = moneyItems(items).filter((other) => other.parent === parent);
    const own = below.flatMap((other) => rowsOf(other.item));
    const [above] = rowsOf(parent);
    return above === undefined ? own : withParentDiscount(own, above);
  });
}

const isEmpty = ({ qty, row_total, tax_amount, discount_amount }: DocumentRow): boolean =>
  [qty, row_total ?? "0", tax_amount, discount_amount].every((amount) => e4Of(amount) === 0n);

/** Nothing is back on the shelf unless the store says so; it may say so on the variant below the line. */
function isBackToStock(row: DocumentRow, document: MoneyDocument, items: readonly MagentoItem[]): boolean {
  if (!isMemo(document)) return false;
  const family = new Set([
    row.order_item_id,
    ...items.filter((item) => item.parent_item_id === row.order_item_id).map(({ item_id }) => item_id),
  ]);
  return (
    document.extension_attributes.return_to_stock_items.some((id) => family.has(id)) ||
    document.items.some(
      (own) =>
        family.has(own.order_item_id) &&
        (own.back_to_stock ?? own.extension_attributes.back_to_stock ?? false),
    )
  );
}

/** E3 for a document that says its subtotal and has rows; fixed product tax may be part of it, by a setting. */
function explainsSubtotal({ subtotal, items }: MoneyDocument, lines: readonly PartLine[]): boolean {
  if (subtotal === null || items.length === 0) return true;
  const gapE4 = e4Of(subtotal) - netOf(lines);
  const fixedTaxE4 = sumOf(lines.map(({ fixedTaxNet }) => e4Of(fixedTaxNet)));
  const allowedE4 = CENT_E4 * BigInt(Math.max(lines.length, 1));
  return absOf(gapE4) <= allowedE4 || absOf(gapE4 - fixedTaxE4) <= allowedE4;
}

const netOf = (lines: readonly PartLine[]): bigint => sumOf(lines.map(({ net }) => e4Of(net)));

const rowsMissing = ({ subtotal }: MoneyDocument, place: string, lines: readonly PartLine[]): Held =>
  itemsMissing(`${place}.items`, netOf(lines), subtotal ?? "0.00");
