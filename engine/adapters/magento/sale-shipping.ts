/** Shipping of an order, and the part of it that an invoice charges or a credit memo gives back. */
import { absOf, e4Of, formatE4, sumOf } from "../../core/money.ts";
import type { PartLine, SaleLine, SaleShipping } from "../../core/sale.ts";
import { isMemo, type MoneyDocument } from "./documents.ts";
import type { MagentoExtension, MagentoOrder } from "./order.ts";
import { spreadE4 } from "./spread.ts";

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

/**
 * A document states neither its discount on shipping nor, in all versions, the tax inside it: the header's discount covers
 * items and shipping (facts/magento.md section 4, E1 and E5), so shipping's is what the rows leave of it.
 */
export function partShipping(
  document: MoneyDocument,
  lines: readonly PartLine[],
  whole: SaleShipping | null,
): SaleShipping | null {
  const inRows = (name: "discount" | "discountTax"): bigint => sumOf(lines.map((line) => e4Of(line[name])));
  const discountE4 = absOf(e4Of(document.discount_amount)) - inRows("discount");
  const stated = isMemo(document) ? null : document.shipping_discount_tax_compensation_amount;
  const compensationE4 =
    stated === null
      ? e4Of(document.discount_tax_compensation_amount ?? "0") - inRows("discountTax")
      : e4Of(stated);
  const charge = {
    net: document.shipping_amount,
    tax: document.shipping_tax_amount,
    discount: within(discountE4, whole?.discount),
    discountTax: within(compensationE4, whole?.discountTax),
  };
  if (Object.values(charge).every((amount) => e4Of(amount) === 0n)) return null;
  const taxes = whole?.appliedTaxes ?? [];
  const shares = spreadE4(
    e4Of(charge.tax),
    taxes.map(({ amount }) => e4Of(amount)),
  );
  return {
    method: whole?.method ?? null,
    title: whole?.title ?? null,
    ...charge,
    taxRate: whole?.taxRate ?? null,
    appliedTaxes: taxes.map((tax, index) => ({ ...tax, amount: formatE4(shares[index] ?? 0n) })),
  };
}

/** A part has no more of it than the order's shipping has, of which Magento's rounding can make a cent less than nothing. */
function within(amountE4: bigint, limit = "0"): string {
  const wholeE4 = e4Of(limit);
  if (wholeE4 === 0n || amountE4 < 0n !== wholeE4 < 0n) return "0.00";
  return formatE4(absOf(amountE4) > absOf(wholeE4) ? wholeE4 : amountE4);
}

type ItemTaxes = MagentoExtension["item_applied_taxes"][number];

export const appliedTaxes = (
  order: MagentoOrder,
  matches: (taxes: ItemTaxes) => boolean,
): SaleLine["appliedTaxes"] =>
  order.extension_attributes.item_applied_taxes
    .filter(matches)
    .flatMap(({ applied_taxes }) =>
      applied_taxes.map(({ code, percent, amount }) => ({ code: code ?? "", percent, amount })),
    );

/** Discounts are negative on headers and positive on items; here they are always positive. */
const positive = (amount: string): string => formatE4(absOf(e4Of(amount)));
