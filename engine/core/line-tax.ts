/** Step 6 of the line algorithm (facts/accounting.md 4.2): the store's tax of each TaxType, with the fewest stated cents. */
import { collapsed } from "./line-drafts.ts";
import type { Booked, BookedLine, BookedLines, Draft, LineSettings, LineTarget } from "./line-shapes.ts";
import { absOf, allocateCents, compareText, minOf, sumOf } from "./money.ts";
import { evaluate, isTaxUncertain, taxCents } from "./xero-arithmetic.ts";

const OVERRIDE_CAP_CENTS = 5n;

/** Keeps Xero's tax on every line and puts only the difference per TaxType on the largest lines of that type. */
export function reconcileTax(
  drafts: readonly Draft[],
  booked: readonly Booked[],
  target: LineTarget,
  settings: LineSettings,
): Omit<BookedLines, "discountOutside"> {
  const { mode, taxAmounts } = settings;
  const ownTax = ({ amountCents, rateE4 }: Draft) => taxCents(amountCents, rateE4, mode);
  const computed = drafts.map(ownTax);
  const isLeft = taxAmounts === "never";
  const stated = isLeft ? computed : statedTax(drafts, computed, taxByType(booked, target.taxCents));
  const shown = collapsed(
    drafts.map((draft, index) => ({ draft, taxCents: stated[index] ?? 0n })),
    settings,
  );
  const lines = shown.map(({ draft, taxCents: sum }): BookedLine => {
    const { key: _, rateE4, tracked: __, trackingKey: ___, ...line } = draft;
    const own = ownTax(draft);
    const tax = isLeft ? own : sum;
    const isUncertain = isTaxUncertain(draft.amountCents, rateE4, mode);
    const sendsTax =
      taxAmounts === "everyLine" || (taxAmounts === "whereDifferent" && (tax !== own || isUncertain));
    return { ...line, taxCents: tax, sendsTax };
  });
  const overrideCents = sumOf(
    shown.map(({ draft }, index) => absOf((lines[index]?.taxCents ?? 0n) - ownTax(draft))),
  );
  return { mode, lines, overrideCents, ...evaluate(lines, mode) };
}

/** The store's tax of each TaxType in cents, by largest remainder to the order's tax; untaxed types stay at zero. */
function taxByType(booked: readonly Booked[], totalTaxCents: bigint): ReadonlyMap<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const { taxType, component } of booked) sums.set(taxType, (sums.get(taxType) ?? 0n) + component.taxE4);
  const taxed = [...sums].filter(([, taxE4]) => taxE4 !== 0n).sort(([a], [b]) => compareText(a, b));
  if (taxed.length === 0) return new Map();
  const cents = allocateCents(
    totalTaxCents,
    taxed.map(([key, amountE4]) => ({ key, amountE4 })),
  );
  return new Map(taxed.map(([taxType], index) => [taxType, cents[index] ?? 0n]));
}

function statedTax(
  drafts: readonly Draft[],
  computed: readonly bigint[],
  targets: ReadonlyMap<string, bigint>,
): bigint[] {
  const stated = [...computed];
  for (const taxType of new Set(drafts.map((draft) => draft.taxType))) {
    const members = drafts
      .map((draft, index) => ({ draft, index }))
      .filter(({ draft }) => draft.taxType === taxType)
      .sort(
        (a, b) =>
          Number(absOf(b.draft.amountCents) - absOf(a.draft.amountCents)) ||
          compareText(a.draft.key, b.draft.key),
      );
    let gap = (targets.get(taxType) ?? 0n) - sumOf(members.map(({ index }) => computed[index] ?? 0n));
    for (let capCents = OVERRIDE_CAP_CENTS; gap !== 0n; capCents *= 2n) {
      for (const { index } of members) {
        const moved = absOf((stated[index] ?? 0n) - (computed[index] ?? 0n));
        const room = capCents - moved;
        const step = minOf(absOf(gap), room);
        stated[index] = (stated[index] ?? 0n) + (gap < 0n ? -step : step);
        gap += gap < 0n ? step : -step;
      }
    }
  }
  return stated;
}
