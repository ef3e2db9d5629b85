/** Steps 3 to 5 of the line algorithm (facts/accounting.md 4.2): the shapes that a document may have, in whole cents. */
import type { Component } from "./components.ts";
import { onePiece, stockPieces } from "./exact-pieces.ts";
import type { Held } from "./hold.ts";
import type { Booked, Draft, ExtraLine, LineSettings, LineTarget } from "./line-shapes.ts";
import {
  allocateCents,
  centsToE4,
  compareText,
  divideHalfUp,
  formatCents,
  HUNDRED_PERCENT_E4,
  sumOf,
} from "./money.ts";
import { err, ok, type Result } from "./result.ts";
import type { LineAmountTypes } from "./xero-arithmetic.ts";

const ONE_E4 = 10_000n;
/** Xero keeps quantities to 13 characters with four decimals. */
const QUANTITY_MAX_E4 = 10n ** 12n;

/** The price after discount on each line. */
export function netDrafts(booked: readonly Booked[], target: LineTarget, settings: LineSettings): Draft[] {
  const shares = booked.map(({ component }) => ({
    key: component.key,
    amountE4: bookedAmountE4(component, settings.mode),
  }));
  const cents = allocateCents(linesTotal(target, settings.mode), shares);
  return booked.flatMap((entry, index) => draftsOf(entry, cents[index] ?? 0n));
}

/** List price lines and, for what they exceed the booked amounts, one negative line per tax type (or one untaxed). */
export function visibleDrafts(
  booked: readonly Booked[],
  target: LineTarget,
  settings: LineSettings,
  discount: { readonly account: string; readonly outsideTaxType: string | null },
): Draft[] {
  const lists = booked.map(({ component, rateE4 }) => listAmountE4(component, rateE4, settings.mode));
  const groups = discountGroups(booked, lists, settings.mode, discount.outsideTaxType);
  const shares = [
    ...booked.map(({ component }, index) => ({ key: component.key, amountE4: lists[index] ?? 0n })),
    ...groups.map(({ taxType, amountE4 }) => ({ key: `discount-${taxType}`, amountE4 })),
  ];
  const cents = allocateCents(linesTotal(target, settings.mode), shares);
  return [
    ...booked.flatMap((entry, index) => draftsOf(entry, cents[index] ?? 0n)),
    ...groups.flatMap(({ taxType, members }, index) => {
      const amountCents = cents[booked.length + index] ?? 0n;
      const [first] = members;
      if (first === undefined || amountCents === 0n) return [];
      return [
        oneOf({
          ...baseOf(first),
          key: `discount-${taxType}`,
          kind: "discount",
          paths: members.map(({ component }) => component.path),
          tracked: false,
          amountCents,
          accountCode: discount.account,
          taxType,
          rateE4: discount.outsideTaxType === null ? first.rateE4 : 0n,
        }),
      ];
    }),
  ];
}

type DiscountGroup = {
  readonly taxType: string;
  readonly amountE4: bigint;
  readonly members: readonly Booked[];
};

function discountGroups(
  booked: readonly Booked[],
  lists: readonly bigint[],
  mode: LineAmountTypes,
  outsideTaxType: string | null,
): DiscountGroup[] {
  const typeOf = (entry: Booked) => outsideTaxType ?? entry.taxType;
  const discounted = booked.flatMap((entry, index) =>
    entry.component.discounted ? [{ entry, list: lists[index] ?? 0n }] : [],
  );
  return [...new Set(discounted.map(({ entry }) => typeOf(entry)))].sort(compareText).map((taxType) => {
    const members = discounted.filter(({ entry }) => typeOf(entry) === taxType);
    return {
      taxType,
      members: members.map(({ entry }) => entry),
      amountE4: sumOf(members.map(({ entry, list }) => bookedAmountE4(entry.component, mode) - list)),
    };
  });
}

/** The line for an unnamed rest of the total within the limit; none for no rest. */
export function roundingDraft(amountCents: bigint, { rounding }: LineSettings): Result<Draft[], Held> {
  if (amountCents === 0n) return ok([]);
  if (rounding.account === null || rounding.taxType === null) return err(roundingAccountMissing(amountCents));
  const line = {
    kind: "rounding",
    key: "rounding",
    amountCents,
    accountCode: rounding.account,
    taxType: rounding.taxType,
  } as const;
  return ok([oneOf({ ...LONE, ...line, extra: null, paths: ["/totals/grandTotal"] })]);
}

export const extraDraft = (extra: ExtraLine): Draft => {
  const { key, amountCents, accountCode, taxType, inputs } = extra;
  return oneOf({ ...LONE, kind: "extra", key, amountCents, accountCode, taxType, extra, paths: inputs });
};

/** A line that no component stands for. */
const LONE = { component: null, count: 1, rateE4: 0n, tracked: false, trackingKey: "" } as const;

/**
 * Lines of nothing that need not be there: shipping that its discount took back, and others where the mapping drops them. An
 * item that is kept in stock stays, and so does a line that carries tax.
 */
export function withoutZeroLines(drafts: readonly Draft[], { zeroLines }: LineSettings): readonly Draft[] {
  const kept = drafts.filter(
    ({ amountCents, component, kind, tracked }) =>
      amountCents !== 0n ||
      tracked ||
      component === null ||
      component.taxE4 !== 0n ||
      (zeroLines === "keep" && kind !== "shipping"),
  );
  return kept.length === 0 ? drafts : kept;
}

export type Taxed = { readonly draft: Draft; readonly taxCents: bigint };

/** Lines beyond what an invoice can show: added up per account, tax type and tracking; items kept in stock stay apart. */
export function collapsed(lines: readonly Taxed[], { linesMax }: LineSettings): readonly Taxed[] {
  if (lines.length <= linesMax) return lines;
  const groups = new Map<string, Taxed[]>();
  for (const line of lines) {
    const { accountCode, taxType, trackingKey, tracked, extra, key } = line.draft;
    const sum = JSON.stringify([accountCode, taxType, trackingKey, tracked || extra !== null ? key : null]);
    groups.set(sum, [...(groups.get(sum) ?? []), line]);
  }
  return [...groups.values()].flatMap((members) => {
    const [first] = members;
    return first === undefined || members.length === 1 ? members : [added(first.draft, members)];
  });
}

function added(first: Draft, members: readonly Taxed[]): Taxed {
  const amountCents = sumOf(members.map(({ draft }) => draft.amountCents));
  const paths = [...new Set(members.flatMap(({ draft }) => draft.paths))];
  const draft = { ...oneOf({ ...first, amountCents }), keepsQuantity: true, count: members.length, paths };
  return { draft, taxCents: sumOf(members.map(({ taxCents }) => taxCents)) };
}

/** Gross on inclusive documents, net on exclusive ones; both after discount. */
const bookedAmountE4 = ({ grossE4, taxE4 }: Component, mode: LineAmountTypes): bigint =>
  mode === "Inclusive" ? grossE4 : grossE4 - taxE4;

const linesTotal = (
  { totalCents, taxCents, residualCents, extras }: LineTarget,
  mode: LineAmountTypes,
): bigint =>
  totalCents -
  residualCents -
  sumOf(extras.map(({ amountCents }) => amountCents)) -
  (mode === "Exclusive" ? taxCents : 0n);

function listAmountE4(component: Component, rateE4: bigint, mode: LineAmountTypes): bigint {
  if (!component.discounted) return bookedAmountE4(component, mode);
  if (mode !== "Inclusive") return component.listNetE4;
  return (
    component.listGrossE4 ??
    divideHalfUp(component.listNetE4 * (HUNDRED_PERCENT_E4 + rateE4), HUNDRED_PERCENT_E4)
  );
}

type Unpriced = Omit<Draft, "quantityE4" | "unitE4" | "keepsQuantity">;

const baseOf = ({ component, accountCode, taxType, rateE4, tracked, trackingKey }: Booked) => ({
  key: component.key,
  kind: component.kind,
  component,
  extra: null,
  count: 1,
  paths: [component.path],
  accountCode,
  taxType,
  rateE4,
  tracked,
  trackingKey,
});

/** Step 5: quantity × unit amount where that gives the amount, else 1 × amount, or two lines for an item kept in stock. */
function draftsOf(booked: Booked, amountCents: bigint): Draft[] {
  const base: Unpriced = { ...baseOf(booked), amountCents };
  const { quantityE4 } = booked.component;
  if (quantityE4 <= 0n || quantityE4 > QUANTITY_MAX_E4 || amountCents < 0n) return [oneOf(base)];
  const one = onePiece(quantityE4, amountCents);
  const pieces = booked.tracked ? stockPieces(quantityE4, amountCents) : one && [one];
  if (pieces === undefined) return [oneOf(base)];
  return pieces.map((piece, index) => ({
    ...base,
    ...piece,
    key: index === 0 ? base.key : `${base.key}-last`,
    keepsQuantity: true,
  }));
}

/** 1 × amount; a negative line carries a negative unit amount, since Xero refuses negative quantities. */
function oneOf(base: Unpriced): Draft {
  const wasOne = base.component === null || base.kind === "discount" || base.component.quantityE4 === ONE_E4;
  return { ...base, quantityE4: ONE_E4, unitE4: centsToE4(base.amountCents), keepsQuantity: wasOne };
}

const roundingAccountMissing = (amountCents: bigint): Held => ({
  hold: "noRule",
  field: "/settings/roundingAccount",
  detail: `An unnamed rest of ${formatCents(amountCents)} needs a rounding line, but no rounding account and tax type are set.`,
  action: "Set the rounding account and its tax type in the mapping.",
});
