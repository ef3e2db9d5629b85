/**
 * Steps 3 to 8 of the line algorithm (facts/accounting.md 4.2): cents by largest remainder to the document's total, tax
 * reconciled per TaxType, amounts that never lie on a half cent. The total is exact by construction.
 */
import { assert } from "./assert.ts";
import type { Held } from "./hold.ts";
import { extraDraft, netDrafts, roundingDraft, visibleDrafts, withoutZeroLines } from "./line-drafts.ts";
import type { Booked, BookedLine, BookedLines, Draft, LineSettings, LineTarget } from "./line-shapes.ts";
import { reconcileTax } from "./line-tax.ts";
import { absOf, centsToE4, formatCents, parseE4 } from "./money.ts";
import { err, ok, type Result } from "./result.ts";
import { evaluate } from "./xero-arithmetic.ts";

/** Facts/accounting.md 4.2 step 9: from here on a stated tax is worth a warning on the record. */
export const OVERRIDE_QUIET_CENTS = 5n;

export function bookLines(
  booked: readonly Booked[],
  target: LineTarget,
  settings: LineSettings,
): Result<BookedLines, Held> {
  const rounding = roundingDraft(target.residualCents, settings);
  if (!rounding.ok) return rounding;
  const extra = [...target.extras.map(extraDraft), ...rounding.value];
  const shapes = shapesOf(booked, target, settings);
  if (!shapes.ok) return shapes;
  const [first, ...others] = shapes.value;
  assert(first !== undefined, "a document has a shape");
  const bookAs = ({ drafts, discountOutside }: Shape): BookedLines => {
    const all = withoutZeroLines([...drafts(), ...extra], settings);
    return { ...reconcileTax(all, booked, target, settings), discountOutside };
  };
  const plain = bookAs(first);
  // Where no tax is stated it is off instead.
  const offOf = (one: BookedLines): bigint => one.overrideCents + absOf(target.taxCents - one.taxCents);
  // A merchant who asked for net lines gets a discount line only where the tax could not be the store's without it.
  const isFine = offOf(plain) <= (settings.discounts === "net" ? OVERRIDE_QUIET_CENTS : 0n);
  const best = isFine
    ? plain
    : others.map(bookAs).reduce((left, right) => (offOf(right) < offOf(left) ? right : left), plain);
  return checkTotals(best, target, settings);
}

type Shape = { readonly drafts: () => Draft[]; readonly discountOutside: boolean };

/**
 * The possible shapes: the price after discount; where discounts are visible, the discount taxed as its lines are; and where
 * the store taxed the price before the discount, the discount outside of tax.
 */
function shapesOf(
  booked: readonly Booked[],
  target: LineTarget,
  settings: LineSettings,
): Result<Shape[], Held> {
  const { discountAccount: account, rounding } = settings;
  const isVisible = settings.discounts === "visible";
  const net = { drafts: () => netDrafts(booked, target, settings), discountOutside: false };
  if (!booked.some(({ component }) => component.discounted)) return ok([net]);
  if (account === null) return isVisible ? err(discountAccountMissing) : ok([net]);
  const visible = (outsideTaxType: string | null): Shape => ({
    drafts: () => visibleDrafts(booked, target, settings, { account, outsideTaxType }),
    discountOutside: outsideTaxType !== null,
  });
  const shapes = [
    isVisible ? visible(null) : net,
    ...(rounding.taxType === null ? [] : [visible(rounding.taxType)]),
  ];
  const given = shapes.filter(({ discountOutside }) => discountOutside === settings.discountOutside);
  return ok(given.length === 0 ? shapes : given);
}

/** Step 8: the document must come to the target by Xero's own arithmetic, or it is not sent. */
function checkTotals(
  booked: BookedLines,
  target: LineTarget,
  settings: LineSettings,
): Result<BookedLines, Held> {
  if (settings.taxAmounts !== "never") {
    assert(booked.totalCents === target.totalCents, "the lines come to the document's total");
    assert(booked.taxCents === target.taxCents, "the tax of the lines is the store's tax");
    return ok(booked);
  }
  const taxGap = target.taxCents - booked.taxCents;
  if (absOf(centsToE4(taxGap)) > (parseE4(settings.rounding.limit) ?? 0n)) return err(taxWouldDiffer(taxGap));
  const gap = target.totalCents - booked.totalCents;
  if (gap === 0n) return ok(booked);
  // Only exclusive documents come here: Xero's own tax moves their total.
  const rounding = roundingDraft(gap, settings);
  if (!rounding.ok) return rounding;
  const extra = rounding.value.map(
    ({ key: _, rateE4: __, tracked: ___, trackingKey: ____, ...line }): BookedLine => ({
      ...line,
      taxCents: 0n,
      sendsTax: false,
    }),
  );
  const lines = [...booked.lines, ...extra];
  return ok({ ...booked, lines, ...evaluate(lines, settings.mode) });
}

const discountAccountMissing: Held = {
  hold: "noRule",
  field: "/tables/discountAccount",
  detail: "Discounts are to be visible lines, but no account is set for them.",
  action: "Set the account of discount lines in the mapping.",
};

const taxWouldDiffer = (gapCents: bigint): Held => ({
  hold: "totalsDiffer",
  field: "tax_amount",
  detail: `Without stated tax amounts Xero's tax would be off by ${formatCents(gapCents)}, more than the rounding limit.`,
  action: "Allow tax amounts where they differ.",
});
