/**
 * JSON without floats: an amount such as 12.3456 becomes the text "12.3456" (facts/magento.md section 3: "parse decimal from
 * the text, never via float arithmetic"). Whole numbers stay numbers.
 */
import { err, ok, type Result } from "../../core/result.ts";
import type { Json } from "../../core/shapes.ts";
import { firstMistake } from "./json-mistake.ts";

/** `line` and `column` count from 1; `message` is ours and repeats nothing of the text. */
export type InvalidJson = {
  readonly kind: "invalidJson";
  readonly line: number;
  readonly column: number;
  readonly message: string;
};

/**
 * A literal of at most 15 digits reads back from a double as the same decimal (IEEE 754), so that only texts with a longer run
 * of digits need the digits of the text itself, which costs ten times as much.
 */
const LONG_NUMBER = /[\d.]{16}/;

type ReviverContext = { readonly source?: string };

export function parseExactJson(text: string): Result<Json, InvalidJson> {
  const body = text.startsWith("\uFEFF") ? text.slice(1) : text;
  try {
    if (LONG_NUMBER.test(body))
      return ok(JSON.parse(body, exact as (key: string, value: unknown) => unknown) as Json);
    return ok(withDecimalText(JSON.parse(body) as Json));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return err(mistakeIn(body));
  }
}

/** Numbers that are no integers become their digits, in place: the tree is ours alone. */
function withDecimalText(value: Json): Json {
  if (typeof value === "number") return Number.isSafeInteger(value) ? value : String(value);
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index += 1)
      value[index] = withDecimalText(value[index] as Json);
    return value;
  }
  for (const key in value) value[key] = withDecimalText(value[key] as Json);
  return value;
}

/** A number that a double cannot hold, or that is no integer, is kept as its own digits. */
function exact(_key: string, value: unknown, context?: ReviverContext): unknown {
  if (typeof value !== "number" || Number.isSafeInteger(value)) return value;
  return context?.source ?? String(value);
}

function mistakeIn(body: string): InvalidJson {
  const { at, expected } = firstMistake(body);
  const before = body.slice(0, at).split("\n");
  const line = before.length;
  const column = (before.at(-1)?.length ?? 0) + 1;
  const place = `line ${line}, column ${column}`;
  const what =
    at >= body.length ? `the text ends where ${expected} was expected` : `${expected} was expected`;
  return { kind: "invalidJson", line, column, message: `${place}: not valid JSON; ${what}.` };
}
