/** What a part of a request says and no change has used: accounts, days and percentages. */
import type { Change } from "./change.ts";
import { daysOf } from "./quantities.ts";
import type { Segment } from "./segment.ts";
import { rawOf } from "./text.ts";

export function leftovers({ reading, plain, accounts }: Segment, changes: readonly Change[]): string[] {
  const used = new Set(changes.flatMap(valuesOf));
  const booked = accounts.targets.filter(({ value }) => !used.has(value)).map((span) => rawOf(reading, span));
  const days = daysOf(plain);
  const decidesTerms = changes.some((change) => "table" in change && change.table === "terms");
  return [...new Set([...booked, ...(days === undefined || decidesTerms ? [] : [rawOf(reading, days)])])];
}

function valuesOf(change: Change): string[] {
  if (change.op === "setting") return change.value === null ? [] : [change.value];
  if (!("outcome" in change)) return [];
  const { outcome } = change;
  if (outcome.kind === "account") return [outcome.code];
  return outcome.kind === "payment" ? [outcome.account] : [];
}
