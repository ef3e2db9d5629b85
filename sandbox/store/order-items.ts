import type { FptLine, ItemTotals, Money, Side, SideItem } from "./cart.ts";
import { SIDES } from "./cart.ts";
import { fieldOf } from "./fields.ts";
import { itemWrappingJson } from "./gift-wrapping.ts";
import type { JsonObject } from "./json.ts";
import { compact, objects } from "./json.ts";
import { stored4 } from "./php.ts";

/** What an order item says beyond money. Children of a configurable or a fixed bundle carry no money. */
export type OrderLine = {
  key: string;
  productId: number;
  sku: string;
  name: string;
  productType: string;
  isVirtual: boolean;
  isQtyDecimal: boolean;
  quantity: number;
  weight: number;
  originalPrice: Money;
  productOption?: JsonObject;
  children: readonly OrderLine[];
};

export type ItemContext = {
  orderId: number;
  storeId: number;
  createdAt: string;
  nextItemId(): number;
  totalsOf(key: string): ItemTotals | undefined;
};

export type BuiltItem = { line: OrderLine; id: number; json: JsonObject };

/** The rows of an order in Magento's order: each parent before its children. */
export function buildItems(lines: readonly OrderLine[], context: ItemContext): BuiltItem[] {
  return lines.flatMap((line) => {
    const parent = buildItem(line, context, line.quantity);
    const children = line.children.map((child) => {
      const built = buildItem(child, context, child.quantity * line.quantity);
      // The child holds a full copy of its parent (magento.md 3, configurable).
      const json = { ...built.json, parent_item_id: parent.id, parent_item: parent.json };
      return { ...built, json };
    });
    return [parent, ...children];
  });
}

function buildItem(line: OrderLine, context: ItemContext, totalQuantity: number): BuiltItem {
  const id = context.nextItemId();
  const totals = context.totalsOf(line.key);
  const json: JsonObject = {
    ...(totals ? moneyOf(totals, line) : NO_MONEY),
    applied_rule_ids: totals && totals.ruleIds.length > 0 ? totals.ruleIds.join(",") : "",
    created_at: context.createdAt,
    discount_percent: totals?.discountPercent ?? 0,
    free_shipping: 0,
    is_qty_decimal: line.isQtyDecimal ? 1 : 0,
    is_virtual: line.isVirtual ? 1 : 0,
    item_id: id,
    name: line.name,
    no_discount: 0,
    order_id: context.orderId,
    product_id: line.productId,
    product_type: line.productType,
    qty_canceled: 0,
    qty_invoiced: 0,
    qty_ordered: totalQuantity,
    qty_refunded: 0,
    qty_shipped: 0,
    quote_item_id: id + 1000,
    row_weight: stored4(line.weight * totalQuantity),
    sku: line.sku,
    store_id: context.storeId,
    updated_at: context.createdAt,
    weight: line.weight,
    ...compact({ product_option: line.productOption }),
    ...(totals && totals.order.wrapping.price !== 0
      ? { extension_attributes: wrappingJson(totals, totalQuantity) }
      : {}),
  };
  if (json.applied_rule_ids === "") delete json.applied_rule_ids;
  return { line, id, json };
}

const wrappingJson = (totals: ItemTotals, quantity: number): JsonObject =>
  itemWrappingJson((side) => {
    const { price, tax } = totals[side].wrapping;
    return { unitPrice: price / quantity, tax };
  });

/** A configurable's child: price 0 and no *_incl_tax keys at all (magento.md 3). */
const NO_MONEY: JsonObject = {
  amount_refunded: 0,
  base_amount_refunded: 0,
  base_discount_amount: 0,
  base_discount_invoiced: 0,
  base_price: 0,
  base_row_invoiced: 0,
  base_row_total: 0,
  base_tax_amount: 0,
  base_tax_invoiced: 0,
  discount_amount: 0,
  discount_invoiced: 0,
  original_price: 0,
  price: 0,
  row_invoiced: 0,
  row_total: 0,
  tax_amount: 0,
  tax_invoiced: 0,
  tax_percent: 0,
};

function moneyOf(totals: ItemTotals, line: OrderLine): JsonObject {
  const json: JsonObject = {};
  for (const side of SIDES) {
    const item = totals[side];
    const put = (name: string, value: number): void => {
      json[fieldOf(side, name)] = stored4(value);
    };
    put("amount_refunded", 0);
    put("discount_amount", item.discount);
    put("discount_invoiced", 0);
    put("discount_tax_compensation_amount", item.compensation);
    put("original_price", line.originalPrice[side]);
    put("price", item.price);
    put("price_incl_tax", item.priceInclTax);
    put("row_invoiced", 0);
    put("row_total", item.rowTotal);
    put("row_total_incl_tax", item.rowTotalInclTax);
    put("tax_amount", item.tax);
    put("tax_invoiced", 0);
    put(
      "weee_tax_applied_amount",
      sumFpt(item, (fpt) => fpt.amount),
    );
    put(
      "weee_tax_applied_row_amount",
      sumFpt(item, (fpt) => fpt.rowAmount),
    );
    put("weee_tax_disposition", 0);
    put("weee_tax_row_disposition", 0);
  }
  const percent = totals.order.percent;
  return {
    ...json,
    ...(percent === undefined ? {} : { tax_percent: stored4(percent) }),
    weee_tax_applied: weeeText(totals.base.fpt, totals.order.fpt),
  };
}

const sumFpt = (item: SideItem, of: (fpt: FptLine) => number): number =>
  item.fpt.reduce((sum, fpt) => sum + of(fpt), 0);

/** weee_tax_applied is JSON inside a JSON string (magento.md 3), with the unrounded doubles. */
function weeeText(base: readonly FptLine[], order: readonly FptLine[]): string {
  return JSON.stringify(
    order.map((fpt, index) => {
      const other = base[index] ?? fpt;
      return {
        title: fpt.title,
        base_amount: other.amount,
        amount: fpt.amount,
        row_amount: fpt.rowAmount,
        base_row_amount: other.rowAmount,
        base_amount_incl_tax: other.amountInclTax,
        amount_incl_tax: fpt.amountInclTax,
        row_amount_incl_tax: fpt.rowAmountInclTax,
        base_row_amount_incl_tax: other.rowAmountInclTax,
      };
    }),
  );
}

export type TaxSource = {
  type: string;
  itemId?: number;
  associatedId?: number;
  side(side: Side): SideItem["applied"];
};

/** item_applied_taxes and the order's applied_taxes and taxes: shares per rate, with four decimals. */
export function appliedTaxes(
  built: readonly BuiltItem[],
  context: ItemContext,
  ofOrder: readonly TaxSource[],
): { perItem: JsonObject[]; perRate: JsonObject[]; taxes: JsonObject[] } {
  const sources: TaxSource[] = [...ofOrder];
  for (const { line, id } of built) {
    const totals = context.totalsOf(line.key);
    if (totals === undefined) continue;
    sources.push({ type: "item_gw", associatedId: id, side: (side) => totals[side].wrapping.applied });
    if (totals.children.length > 0) continue;
    sources.push({ type: "product", itemId: id, side: (side) => totals[side].applied });
    totals.order.fpt.forEach((_, index) => {
      sources.push({
        type: "weee",
        associatedId: id,
        side: (side) => totals[side].fpt[index]?.applied ?? [],
      });
    });
  }
  const perRate = new Map<string, JsonObject>();
  const taxes = new Map<string, JsonObject>();
  const perItem: JsonObject[] = [];
  for (const source of sources) {
    const shares = sharesOf(source);
    if (shares.length === 0) continue;
    perItem.push(
      compact({
        type: source.type,
        item_id: source.itemId,
        associated_item_id: source.associatedId,
        applied_taxes: shares.map(({ share }) => share),
      }),
    );
    for (const { share, stepAmount, stepBase } of shares) {
      addTo(perRate, String(share.code), share, share);
      const total: JsonObject = { ...share, amount: stepAmount, base_amount: stepBase };
      // taxes[].amount repeats the total of the step on every rate; the share is base_real_amount (order-13).
      const row = addTo(taxes, String(share.code), total, total);
      row.base_real_amount = stored4(Number(row.base_real_amount ?? 0) + Number(share.base_amount));
      Object.assign(row, { order_id: context.orderId, priority: 0, position: 0, process: 0 });
    }
  }
  // A rate that came to nothing on the whole order is not saved (Quote address saveAppliedTaxes unsets it).
  const empty = new Set([...perRate].filter(([, row]) => isNothing(row)).map(([code]) => code));
  const kept = (rows: JsonObject[]): JsonObject[] => rows.filter((row) => !empty.has(String(row.code)));
  const lines = perItem
    .map((row) => ({ ...row, applied_taxes: kept(objects(row.applied_taxes)) }))
    .filter((row) => row.applied_taxes.length > 0);
  return { perItem: lines, perRate: kept([...perRate.values()]), taxes: kept([...taxes.values()]) };
}

const isNothing = (row: JsonObject): boolean => row.amount === 0 && row.base_amount === 0;

function addTo(into: Map<string, JsonObject>, code: string, first: JsonObject, add: JsonObject): JsonObject {
  const row = into.get(code);
  if (row === undefined) {
    const fresh = { ...first };
    into.set(code, fresh);
    return fresh;
  }
  for (const name of ["amount", "base_amount"]) row[name] = stored4(Number(row[name]) + Number(add[name]));
  return row;
}

function sharesOf(source: TaxSource): { share: JsonObject; stepAmount: number; stepBase: number }[] {
  const base = source.side("base");
  return source.side("order").flatMap((applied, index) =>
    applied.step.rates.map((rate) => {
      const part = applied.step.percent === 0 ? 0 : rate.percent / sumOfPercents(applied.step.rates);
      const baseAmount = base[index]?.amount ?? 0;
      return {
        share: {
          code: rate.code,
          title: rate.title,
          percent: rate.percent,
          amount: stored4(applied.amount * part),
          base_amount: stored4(baseAmount * part),
        },
        stepAmount: stored4(applied.amount),
        stepBase: stored4(baseAmount),
      };
    }),
  );
}

const sumOfPercents = (rates: readonly { percent: number }[]): number =>
  rates.reduce((sum, rate) => sum + rate.percent, 0) || 1;
