/** The small shapes that everything else is made of. */
import { z } from "zod";

export const Decimal = z
  .string()
  .regex(/^-?\d{1,15}(\.\d{1,4})?$/)
  .describe("decimal text with at most four decimals, never a float");
export const Currency = z.string().regex(/^[A-Z]{3}$/, "three capital letters, e.g. GBP");
export const CalendarDate = z.iso.date().describe("calendar date YYYY-MM-DD");
export const Instant = z.iso.datetime().describe("UTC instant");
export const Pointer = z
  .string()
  .regex(/^(\/[^/]*)*$/)
  .describe("JSON Pointer, RFC 6901");
export const AccountCode = z.string().min(1).max(10).describe("code in the Xero chart of accounts");
export const TaxType = z.string().min(1).max(50).describe("Xero TaxType, e.g. OUTPUT2");
export const RuleId = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, "lower-case letters, digits, - and _");

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** `/a/0/b` from its parts, escaped as RFC 6901 says. */
export const pointerOf = (...parts: readonly (string | number)[]): string =>
  parts.map((part) => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
