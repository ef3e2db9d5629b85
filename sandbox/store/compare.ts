import type { Json } from "./json.ts";

/** How MySQL compares column values as they stand in the JSON. */

/** Columns of text: "000000012" is not 12 there. Numbers in dumps are text too, so the name has to tell. */
export const isTextColumn = (field: string): boolean =>
  /(increment_id|real_id|sku|name|email|code|txn_id|status|state|_ids|transaction_id|type|type_id|postcode|taxvat)$/.test(
    field,
  );

export const isNumeric = (value: Json): boolean =>
  typeof value === "number" ||
  (typeof value === "string" && value.trim() !== "" && Number.isFinite(Number(value)));

export const isMissing = (value: Json | undefined): value is null | undefined =>
  value === undefined || value === null;

/** Numbers compare as numbers, also when a dump sent them as text; text without case, as utf8_general_ci. */
export function comparerTo(wanted: string, text: boolean): (value: Json) => number {
  const right = wanted === "true" ? "1" : wanted === "false" ? "0" : wanted;
  const [rightNumber, rightIsNumeric, two] = [Number(right), isNumeric(right), right.toLowerCase()];
  return (value) => {
    const left = typeof value === "boolean" ? Number(value) : value;
    if (rightIsNumeric && isNumeric(left) && !(text && typeof left === "string"))
      return Number(left) - rightNumber;
    const one = String(left).toLowerCase();
    return one < two ? -1 : one > two ? 1 : 0;
  };
}

/** Missing values come first. */
export function compareForSort(a: Json | undefined, b: Json | undefined, text: boolean): number {
  // Most columns are one of these two, and a sort compares a hundred thousand rows many times.
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (isTime(a) && isTime(b)) return a < b ? -1 : a > b ? 1 : 0;
  if (isMissing(a) || isMissing(b)) return Number(isMissing(b)) - Number(isMissing(a));
  return comparerTo(String(b), text)(a);
}

const [DASH, SPACE] = ["-".charCodeAt(0), " ".charCodeAt(0)];

/** "2026-11-20 12:00:00" is text that sorts as it stands. */
export const isTime = (value: Json | undefined): value is string =>
  typeof value === "string" &&
  value.length === 19 &&
  value.charCodeAt(4) === DASH &&
  value.charCodeAt(10) === SPACE;
