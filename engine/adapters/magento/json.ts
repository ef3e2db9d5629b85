/**
 * JSON without floats: an amount such as 12.3456 becomes the text "12.3456", digit for digit as the store wrote it
 * (facts/magento.md section 3: "parse decimal from the text, never via float arithmetic"). Whole numbers stay numbers.
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

type ReviverContext = { readonly source?: string };

export function parseExactJson(text: string): Result<Json, InvalidJson> {
  const body = text.startsWith("\uFEFF") ? text.slice(1) : text;
  try {
    return ok(JSON.parse(body, exact as (key: string, value: unknown) => unknown) as Json);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return err(mistakeIn(body));
  }
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
