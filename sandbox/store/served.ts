import { SIDES } from "./cart.ts";
import { fieldOf } from "./fields.ts";
import type { JsonObject } from "./json.ts";
import { isObject, objects } from "./json.ts";

/** What the tables keep of a document and the REST API of 2.4.8 has no name for (OpenAPI). */
const KEPT_ONLY = SIDES.map((side) => fieldOf(side, "shipping_discount_tax_compensation_refunded"));
const KEPT_ONLY_EXTENSIONS = SIDES.flatMap((side) =>
  ["reward_currency_invoiced", "reward_currency_refunded"].map((name) => fieldOf(side, name)),
);
/** Points are shown on the order alone: extension attributes of invoices and credit memos have none. */
const ON_ORDERS_ONLY = SIDES.map((side) => fieldOf(side, "reward_currency_amount"));
/** Rows of orders and credit memos have fixed product taxes, rows of invoices have not. */
const FIXED_TAXES = [
  "weee_tax_applied",
  ...SIDES.flatMap((side) =>
    ["weee_tax_applied_amount", "weee_tax_applied_row_amount"].map((name) => fieldOf(side, name)),
  ),
];

export function served(row: JsonObject): JsonObject {
  const answer = without(row, KEPT_ONLY);
  const { extension_attributes: extension, items } = answer;
  const isOrder = answer.order_id === undefined;
  if (isObject(extension))
    answer.extension_attributes = without(extension, isOrder ? KEPT_ONLY_EXTENSIONS : ON_ORDERS_ONLY);
  const isInvoice = answer.can_void_flag !== undefined;
  if (isInvoice) answer.items = objects(items).map((item) => without(item, FIXED_TAXES));
  return answer;
}

function without(row: JsonObject, names: readonly string[]): JsonObject {
  const rest = { ...row };
  for (const name of names) delete rest[name];
  return rest;
}
