/** The parts of which a scope is made. */
import type { Condition } from "../../../engine/core/facts.ts";
import type { Reading, Span } from "./text.ts";

export type Part = { readonly when: readonly Condition[]; readonly words: string };

/** Within three words on either side. */
export function near(reading: Reading, { from, to }: Span, pattern: RegExp): boolean {
  const around = { from: Math.max(0, from - 4), to: Math.min(reading.tokens.length, to + 3) };
  const words = reading.tokens
    .slice(around.from, around.to)
    .map(({ word }) => word)
    .join(" ");
  return pattern.test(words);
}
