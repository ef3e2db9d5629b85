/**
 * How Magento spells values: amounts as numbers or decimal text, ids as text or numbers, booleans as 0/1/"1", empty objects
 * as [] and empty lists as {} (facts/magento.md sections 2 and 3). Null or absent means zero for amounts, never for ids.
 */
import { z } from "zod";
import { formatE4, parseE4 } from "../../core/money.ts";
import { Decimal } from "../../core/shapes.ts";

const EXPECTED_AMOUNT = "a decimal number such as 12.50";
const EXPECTED_ID = "an id: a number or text";

const scalar = z.union([z.string(), z.number(), z.boolean()]);

/** Decimal text with up to four decimals, or an issue; what was found is never repeated. */
function toAmount(value: string | number, context: z.RefinementCtx): string {
  const e4 = parseE4(String(value));
  const text = e4 === undefined ? "" : formatE4(e4);
  if (Decimal.safeParse(text).success) return text;
  context.addIssue({ code: "custom", message: EXPECTED_AMOUNT });
  return z.NEVER;
}

const given = z.union([z.string(), z.number()], { error: EXPECTED_AMOUNT });

/** An amount that must be there. */
export const RequiredAmount = given.transform(toAmount);

/** Zero where it is null or absent. */
export const Amount = given.nullish().transform((value, context) => toAmount(value ?? "0", context));

/** Null where it is null or absent: percentages and rates, for which zero would be a statement. */
export const MaybeAmount = given
  .nullish()
  .transform((value, context) => (value === null || value === undefined ? null : toAmount(value, context)));

/** Adobe Commerce writes gift wrap as text, "" for none. */
export const TextAmount = given
  .nullish()
  .transform((value, context) =>
    toAmount(value === null || value === undefined || value === "" ? "0" : value, context),
  );

/** `undefined` where it is absent, null or empty; an id is never zero by default. */
export const Id = z
  .union([z.string(), z.number()], { error: EXPECTED_ID })
  .nullish()
  .transform((value) => (value === null || value === undefined || value === "" ? undefined : String(value)));

/** Null where it is absent or empty. */
export const Text = scalar
  .nullish()
  .transform((value) => (value === null || value === undefined || value === "" ? null : String(value)));

/** Null where it is not said. */
export const Flag = scalar.nullish().transform((value): boolean | null => {
  if (value === null || value === undefined || value === "") return null;
  return value === true || value === 1 || value === "1" || value === "true";
});

/** PHP's empty array stands for an empty object too. */
export const orEmpty = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (isRecord(value) ? value : {}), schema);

/** A list; an object is the list of its members, anything else is empty. */
export const listOf = <T extends z.ZodType>(schema: T) =>
  z.preprocess(
    (value) => (Array.isArray(value) ? value : isRecord(value) ? Object.values(value) : []),
    z.array(schema),
  );

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
