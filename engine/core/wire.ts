/** Plan bodies hold amounts as text; on the wire Xero takes JSON numbers with the same digits. */
import type { Json } from "./shapes.ts";

const AMOUNT_FIELDS = new Set([
  "Quantity",
  "UnitAmount",
  "LineAmount",
  "TaxAmount",
  "Amount",
  "CurrencyRate",
  "UnitPrice",
]);

/** Text of a body's JSON: amounts are printed as the very digits of the plan, so no float is ever made. */
export function wireText(body: Json, indent = 0): string {
  return JSON.stringify(withRawAmounts(body), null, indent);
}

/** The same body for a JSON.stringify further up: amounts become raw JSON numbers. */
export function withRawAmounts(value: Json, key = ""): unknown {
  if (typeof value === "string" && AMOUNT_FIELDS.has(key)) return rawJson(value);
  if (Array.isArray(value)) return value.map((member) => withRawAmounts(member));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, withRawAmounts(member, name)]),
  );
}

/** The same body with amounts as JavaScript numbers, for clients that only take those (xero-node). */
export function withNumbers(value: Json, key = ""): Json {
  if (typeof value === "string" && AMOUNT_FIELDS.has(key)) return Number(value);
  if (Array.isArray(value)) return value.map((member) => withNumbers(member));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withNumbers(member, name)]));
}

const rawJson = (text: string): unknown =>
  (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(text);
