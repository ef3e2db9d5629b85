import type { Side } from "./cart.ts";
import { fieldOf } from "./fields.ts";
import type { JsonObject } from "./json.ts";
import { numberAt, textAt } from "./json.ts";
import { stored4 } from "./php.ts";
import type { Rounder } from "./prorate.ts";

type Applied = Record<string, number | string>;

const appliedOf = (item: JsonObject): Applied[] => {
  const text = textAt(item, "weee_tax_applied");
  if (text === "") return [];
  const parsed: unknown = JSON.parse(text);
  return Array.isArray(parsed) ? parsed : [];
};

/** Tax on the fixed product taxes of an order item (accounting.md 1.2 point 6). */
function weeeTax(item: JsonObject, side: Side): number {
  const prefix = side === "base" ? "base_" : "";
  return appliedOf(item).reduce(
    (sum, fpt) =>
      sum + Number(fpt[`${prefix}row_amount_incl_tax`] ?? 0) - Number(fpt[`${prefix}row_amount`] ?? 0),
    0,
  );
}

/**
 * The fixed product tax of some pieces (Weee\Total\Invoice\Weee): by quantity, the last pieces take the rest.
 * What earlier documents took is kept in hidden columns of the order item, as Magento does inside the JSON.
 */
export function weeeShare(input: {
  item: JsonObject;
  side: Side;
  quantity: number;
  round: Rounder;
  last: boolean;
}): { amount: number; tax: number; text: string } | undefined {
  const { item, side, quantity, round } = input;
  const applied = appliedOf(item);
  if (applied.length === 0) return undefined;
  const ordered = numberAt(item, "qty_ordered");
  const ratio = ordered === 0 ? 0 : quantity / ordered;
  const row = numberAt(item, fieldOf(side, "weee_tax_applied_row_amount"));
  const kind = side === "base" ? "base" : "regular";
  const whole = quantity === ordered;
  const amount = whole ? stored4(row) : round(row * ratio, kind);
  const tax = whole ? stored4(weeeTax(item, side)) : round(weeeTax(item, side) * ratio, kind);
  return { amount, tax, text: JSON.stringify(applied.map((fpt) => scaled(fpt, ratio))) };
}

function scaled(fpt: Applied, ratio: number): Applied {
  const result: Applied = { ...fpt };
  for (const name of ["row_amount", "base_row_amount", "row_amount_incl_tax", "base_row_amount_incl_tax"]) {
    result[name] = stored4(Number(fpt[name] ?? 0) * ratio);
  }
  return result;
}
