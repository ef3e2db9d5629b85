/**
 * Steps 3 to 8 of the line algorithm (facts/accounting.md 4.2): cents by largest remainder to the document's total, tax
 * reconciled per TaxType, amounts that never lie on a half cent. The total is exact by construction.
 */
import { assert } from "./assert.ts";
import type { Component } from "./components.ts";
import type { Held } from "./hold.ts";
import {
  absOf,
  allocateCents,
  centsToE4,
  compareText,
  divideHalfUp,
  formatCents,
  HUNDRED_PERCENT_E4,
  minOf,
  parseE4,
  sumOf,
} from "./money.ts";
import { err, ok, type Result } from "./result.ts";
import {
  evaluate,
  isLineTie,
  isTaxUncertain,
  type LineAmountTypes,
  lineCents,
  taxCents,
} from "./xero-arithmetic.ts";

/** A component with what the rules decided for it. */
export type Booked = {
  readonly component: Component;
  readonly accountCode: string;
  readonly taxType: string;
  readonly rateE4: bigint;
};

export type BookedLine = {
  readonly kind: Component["kind"] | "discount";
  /** The component it came from; the first of its tax type for a discount line, absent for rounding. */
  readonly component: Component | null;
  readonly quantityE4: bigint;
  readonly unitE4: bigint;
  /** False when the quantity could not be kept on the line and belongs into the description. */
  readonly keepsQuantity: boolean;
  readonly amountCents: bigint;
  readonly taxCents: bigint;
  readonly sendsTax: boolean;
  readonly accountCode: string;
  readonly taxType: string;
};

export type LineSettings = {
  readonly mode: LineAmountTypes;
  readonly taxAmounts: "whereDifferent" | "everyLine" | "never";
  readonly discounts: "net" | "visible";
  readonly discountAccount: string | null;
  readonly rounding: {
    readonly account: string | null;
    readonly taxType: string | null;
    readonly limit: string;
  };
};

export type LineTarget = {
  readonly totalCents: bigint;
  readonly taxCents: bigint;
  readonly residualCents: bigint;
};

export type BookedLines = {
  readonly lines: readonly BookedLine[];
  /** Sum of the differences between the tax that we state and the tax that Xero would compute, in cents. */
  readonly overrideCents: bigint;
  readonly totalCents: bigint;
  readonly taxCents: bigint;
};

const ONE_E4 = 10_000n;
const OVERRIDE_CAP_CENTS = 5n;
/** Xero keeps quantities to 13 characters with four decimals. */
const QUANTITY_MAX_E4 = 10n ** 12n;

export function bookLines(
  booked: readonly Booked[],
  target: LineTarget,
  settings: LineSettings,
): Result<BookedLines, Held> {
  const drafts = draftsOf(booked, target, settings);
  if (!drafts.ok) return drafts;
  const candidates = drafts.value.map((lines) => reconcileTax(lines, booked, target, settings));
  const best = candidates.reduce((left, right) => (right.overrideCents < left.overrideCents ? right : left));
  return checkTotals(best, target, settings);
}

/** A line before its tax is settled. */
type Draft = Omit<BookedLine, "taxCents" | "sendsTax"> & { readonly key: string; readonly rateE4: bigint };

/** The possible shapes: one for net discounts; for visible ones the discount taxed as its lines are, or outside of tax. */
function draftsOf(
  booked: readonly Booked[],
  target: LineTarget,
  settings: LineSettings,
): Result<Draft[][], Held> {
  const rounding = roundingDraft(target.residualCents, settings);
  if (!rounding.ok) return rounding;
  const discounted = settings.discounts === "visible" && booked.some(({ component }) => component.discounted);
  if (!discounted) return ok([[...netDrafts(booked, target, settings), ...rounding.value]]);
  if (settings.discountAccount === null) return err(discountAccountMissing);
  const account = settings.discountAccount;
  const shapes = [visibleDrafts(booked, target, settings, account, null)];
  if (settings.rounding.taxType !== null) {
    shapes.push(visibleDrafts(booked, target, settings, account, settings.rounding.taxType));
  }
  return ok(shapes.map((drafts) => [...drafts, ...rounding.value]));
}

function netDrafts(booked: readonly Booked[], target: LineTarget, settings: LineSettings): Draft[] {
  const shares = booked.map(({ component }) => ({
    key: component.key,
    amountE4: bookedAmountE4(component, settings.mode),
  }));
  const cents = allocateCents(linesTotal(target, settings.mode), shares);
  return booked.map((entry, index) => draftOf(entry, cents[index] ?? 0n));
}

/** Gross on inclusive documents, net on exclusive ones; both after discount. */
const bookedAmountE4 = ({ grossE4, taxE4 }: Component, mode: LineAmountTypes): bigint =>
  mode === "Inclusive" ? grossE4 : grossE4 - taxE4;

const linesTotal = (
  { totalCents, taxCents: tax, residualCents }: LineTarget,
  mode: LineAmountTypes,
): bigint => totalCents - residualCents - (mode === "Inclusive" ? 0n : tax);

/** List price lines and, for what they exceed the booked amounts, one negative line per tax type (or one untaxed). */
function visibleDrafts(
  booked: readonly Booked[],
  target: LineTarget,
  settings: LineSettings,
  account: string,
  outsideTaxType: string | null,
): Draft[] {
  const lists = booked.map(({ component, rateE4 }) => listAmountE4(component, rateE4, settings.mode));
  const groupOf = ({ taxType }: Booked) => outsideTaxType ?? taxType;
  const groups = [...new Set(booked.filter(({ component }) => component.discounted).map(groupOf))].sort(
    compareText,
  );
  const discounts = groups.map((group) => {
    const members = booked.flatMap((entry, index) =>
      entry.component.discounted && groupOf(entry) === group ? [{ entry, list: lists[index] ?? 0n }] : [],
    );
    const amountE4 = sumOf(
      members.map(({ entry, list }) => bookedAmountE4(entry.component, settings.mode) - list),
    );
    return { group, amountE4, first: members[0]?.entry };
  });
  const shares = [
    ...booked.map(({ component }, index) => ({ key: component.key, amountE4: lists[index] ?? 0n })),
    ...discounts.map(({ group, amountE4 }) => ({ key: `discount-${group}`, amountE4 })),
  ];
  const cents = allocateCents(linesTotal(target, settings.mode), shares);
  return [
    ...booked.map((entry, index) => draftOf(entry, cents[index] ?? 0n)),
    ...discounts.flatMap(({ group, first }, index) => {
      const amountCents = cents[booked.length + index] ?? 0n;
      if (first === undefined || amountCents === 0n) return [];
      const rateE4 = outsideTaxType === null ? first.rateE4 : 0n;
      return [
        oneOf({
          key: `discount-${group}`,
          kind: "discount",
          component: first.component,
          amountCents,
          accountCode: account,
          taxType: group,
          rateE4,
        }),
      ];
    }),
  ];
}

function listAmountE4(component: Component, rateE4: bigint, mode: LineAmountTypes): bigint {
  if (!component.discounted) return bookedAmountE4(component, mode);
  if (mode === "Exclusive") return component.listNetE4;
  return divideHalfUp(component.listNetE4 * (HUNDRED_PERCENT_E4 + rateE4), HUNDRED_PERCENT_E4);
}

function draftOf({ component, accountCode, taxType, rateE4 }: Booked, amountCents: bigint): Draft {
  const base = {
    key: component.key,
    kind: component.kind,
    component,
    amountCents,
    accountCode,
    taxType,
    rateE4,
  };
  const quantityE4 = component.quantityE4;
  if (quantityE4 <= 0n || quantityE4 > QUANTITY_MAX_E4 || amountCents < 0n) return oneOf(base);
  const unitE4 = divideHalfUp(centsToE4(amountCents) * ONE_E4, quantityE4);
  const exact = lineCents(quantityE4, unitE4) === amountCents && !isLineTie(quantityE4, unitE4);
  return exact ? { ...base, quantityE4, unitE4, keepsQuantity: true } : oneOf(base);
}

/** 1 × amount; a negative line carries a negative unit amount, since Xero refuses negative quantities. */
function oneOf(base: Omit<Draft, "quantityE4" | "unitE4" | "keepsQuantity">): Draft {
  const wasOne = base.component === null || base.kind === "discount" || base.component.quantityE4 === ONE_E4;
  return { ...base, quantityE4: ONE_E4, unitE4: centsToE4(base.amountCents), keepsQuantity: wasOne };
}

function roundingDraft(amountCents: bigint, { rounding }: LineSettings): Result<Draft[], Held> {
  if (amountCents === 0n) return ok([]);
  if (rounding.account === null || rounding.taxType === null) return err(roundingAccountMissing(amountCents));
  return ok([
    oneOf({
      key: "rounding",
      kind: "rounding",
      component: null,
      amountCents,
      accountCode: rounding.account,
      taxType: rounding.taxType,
      rateE4: 0n,
    }),
  ]);
}

/** Step 6: keeps Xero's tax on every line and puts only the difference per TaxType on the largest lines of that type. */
function reconcileTax(
  drafts: readonly Draft[],
  booked: readonly Booked[],
  target: LineTarget,
  settings: LineSettings,
): BookedLines {
  const computed = drafts.map(({ amountCents, rateE4 }) => taxCents(amountCents, rateE4, settings.mode));
  const stated =
    settings.taxAmounts === "never"
      ? computed
      : statedTax(drafts, computed, taxByType(booked, target.taxCents));
  const lines = drafts.map((draft, index): BookedLine => {
    const { key: _, rateE4, ...line } = draft;
    const tax = stated[index] ?? 0n;
    const uncertain = isTaxUncertain(draft.amountCents, rateE4, settings.mode);
    const sendsTax =
      settings.taxAmounts === "everyLine" ||
      (settings.taxAmounts === "whereDifferent" && (tax !== computed[index] || uncertain));
    return { ...line, taxCents: tax, sendsTax };
  });
  const overrideCents = sumOf(stated.map((tax, index) => absOf(tax - (computed[index] ?? 0n))));
  return { lines, overrideCents, ...evaluate(lines, settings.mode) };
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
    ({ key: _, rateE4: __, ...line }): BookedLine => ({ ...line, taxCents: 0n, sendsTax: false }),
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

const roundingAccountMissing = (amountCents: bigint): Held => ({
  hold: "noRule",
  field: "/settings/roundingAccount",
  detail: `An unnamed rest of ${formatCents(amountCents)} needs a rounding line, but no rounding account and tax type are set.`,
  action: "Set the rounding account and its tax type in the mapping.",
});

const taxWouldDiffer = (gapCents: bigint): Held => ({
  hold: "totalsDiffer",
  field: "tax_amount",
  detail: `Without stated tax amounts Xero's tax would be off by ${formatCents(gapCents)}, more than the rounding limit.`,
  action: "Allow tax amounts where they differ.",
});
