/** What lies in a clearing account and for how long (facts/accounting.md REC-06): money leaves it in the order in which it came. */
import { daysBetween } from "./dates.ts";
import { compareText, formatCents, minOf, sumOf } from "./money.ts";

/** One posting of the account: what came in is positive. */
export type ClearingEntry = { readonly date: string; readonly cents: bigint; readonly reference: string };

export type OpenItem = {
  readonly date: string;
  readonly reference: string;
  /** What is left of it, as decimal text. */
  readonly open: string;
  readonly ageDays: number;
};

export type Clearing = {
  readonly balance: string;
  /** Oldest first; their sum is the balance, unless more went out than ever came in. */
  readonly items: readonly OpenItem[];
  /** What went out beyond all that came in: a fee or a payout that belongs elsewhere. */
  readonly overdrawn: string;
};

export function openItems(entries: readonly ClearingEntry[], today: string): Clearing {
  const balanceCents = sumOf(entries.map(({ cents }) => cents));
  let outCents = -sumOf(entries.flatMap(({ cents }) => (cents < 0n ? [cents] : [])));
  const items: OpenItem[] = [];
  const incoming = entries.filter(({ cents }) => cents > 0n);
  for (const { date, cents, reference } of incoming.toSorted((a, b) => compareText(a.date, b.date))) {
    const matched = minOf(outCents, cents);
    outCents -= matched;
    if (matched === cents) continue;
    items.push({ date, reference, open: formatCents(cents - matched), ageDays: daysBetween(date, today) });
  }
  return { balance: formatCents(balanceCents), items, overdrawn: formatCents(outCents) };
}
