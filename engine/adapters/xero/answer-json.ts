/** Xero's JSON as it is on the wire: numbers stay their own digits, dates are the organisation's calendar dates. */
import { z } from "zod";
import { formatE4, parseE4 } from "../../core/money.ts";
import type { Json } from "../../core/shapes.ts";

type ReviverContext = { readonly source?: string };

/** `undefined` where the text is not JSON (404 and maintenance answer HTML). Every number becomes text. */
export function parseAnswer(text: string): Json | undefined {
  const exact = (_key: string, value: unknown, context?: ReviverContext): unknown =>
    typeof value === "number" ? (context?.source ?? String(value)) : value;
  try {
    return JSON.parse(text, exact as (key: string, value: unknown) => unknown) as Json;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Decimal text with two to four decimals: 12.5 on the wire is "12.50"; null where there is none. */
export const WireAmount = z
  .string()
  .nullish()
  .transform((text) => {
    const e4 = text === null || text === undefined ? undefined : parseE4(text);
    return e4 === undefined ? null : formatE4(e4);
  });

/** Text, or null where it is absent or empty. */
export const WireText = z
  .string()
  .nullish()
  .transform((text) => text || null);

export const WireFlag = z
  .boolean()
  .nullish()
  .transform((flag) => flag ?? false);

const MICROSOFT_DATE = /^\/Date\((-?\d+)(?:[+-]\d{4})?\)\/$/;

/**
 * YYYY-MM-DD. Dates are the organisation's calendar dates told as midnight in UTC, so no time zone is applied
 * (facts/xero.md section 4, "Common").
 */
export const WireDate = z
  .string()
  .nullish()
  .transform((text) => {
    if (text === null || text === undefined) return null;
    const ms = MICROSOFT_DATE.exec(text)?.[1];
    if (ms !== undefined) return new Date(Number(ms)).toISOString().slice(0, 10);
    return /^\d{4}-\d{2}-\d{2}/.exec(text)?.[0] ?? null;
  });

/** A list, empty where it is absent or null. */
export const listOf = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => value ?? [], z.array(schema));
