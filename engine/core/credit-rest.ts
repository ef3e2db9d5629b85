/**
 * What is left of the invoices of a sale after its credit notes, per account and tax type, and lines that never take more than
 * that. The last credit note takes all of it, so that invoices less credit notes are nothing (L3, L11, REF-02, REF-19).
 */
import type { BookedLine } from "./line-shapes.ts";
import { absOf, centsToE4, compareText, divideHalfUp, minOf, sumOf } from "./money.ts";
import type { DocumentLine, DocumentRead } from "./read-document.ts";
import { isLineTie, type LineAmountTypes, lineCents, taxCents } from "./xero-arithmetic.ts";

/** An account with a tax type; `netCents` is what the account is posted, without tax. */
type Bucket = {
  readonly line: DocumentLine;
  readonly netCents: bigint;
  readonly amountCents: bigint;
};

export type Rest = {
  readonly buckets: ReadonlyMap<string, Bucket>;
  readonly taxes: ReadonlyMap<string, bigint>;
};

export type FitInput = {
  readonly lines: readonly BookedLine[];
  readonly rest: Rest;
  readonly mode: LineAmountTypes;
  /** False where the organisation takes no stated tax amounts: then only amounts can be made to fit. */
  readonly statesTax: boolean;
  /** Nothing is left after this credit note. */
  readonly isLast: boolean;
};

const ONE_E4 = 10_000n;

/** Adjustments of credit memos are in accounts of their own and take nothing of what was invoiced. */
export function restOf(invoices: readonly DocumentRead[], notes: readonly DocumentRead[]): Rest {
  const buckets = new Map<string, Bucket>();
  const taxes = new Map<string, bigint>();
  const take = (line: DocumentLine, sign: bigint): void => {
    if (line.kind === "adjustment") return;
    const key = bucketKey(line);
    const before = buckets.get(key) ?? { line, netCents: 0n, amountCents: 0n };
    buckets.set(key, {
      line: before.line,
      netCents: before.netCents + sign * line.netCents,
      amountCents: before.amountCents + sign * line.amountCents,
    });
    taxes.set(line.taxType, (taxes.get(line.taxType) ?? 0n) + sign * line.taxCents);
  };
  for (const { lines } of invoices) for (const line of lines) take(line, 1n);
  for (const { lines } of notes) for (const line of lines) take(line, -1n);
  return { buckets, taxes };
}

/** The lines with what each account and tax type may still give back; unchanged where they fit, as they nearly always do. */
export function fitToRest(input: FitInput): readonly BookedLine[] {
  if (!input.statesTax) return fitAmounts(input);
  const taxed = fitTaxes(input);
  const shared = input.mode === "Inclusive" ? shareTaxes({ ...input, lines: taxed }) : taxed;
  return fitNets({ ...input, lines: shared });
}

const bucketKey = ({ accountCode, taxType }: Pick<BookedLine, "accountCode" | "taxType">): string =>
  JSON.stringify([accountCode, taxType]);

const netOf = (line: BookedLine, mode: LineAmountTypes): bigint =>
  mode === "Inclusive" ? line.amountCents - line.taxCents : line.amountCents;

/** All that is left for the last, else no more than that, whichever sign it has. */
function wanted(current: bigint, left: bigint, isLast: boolean): bigint {
  if (isLast) return left;
  if (left >= 0n) return minOf(current, left);
  return -minOf(-current, -left);
}

function fitTaxes({ lines, rest, isLast, mode }: FitInput): readonly BookedLine[] {
  let fitted = lines;
  for (const [taxType, left] of rest.taxes) {
    const current = sumOf(lines.flatMap((line) => (line.taxType === taxType ? [line.taxCents] : [])));
    const gap = wanted(current, left, isLast) - current;
    if (gap === 0n) continue;
    const largest = largestOf(fitted.filter((line) => line.taxType === taxType));
    const bucket = [...rest.buckets.values()].find(({ line }) => line.taxType === taxType);
    if (largest !== undefined)
      fitted = fitted.map((line) => (line === largest ? withTax(line, line.taxCents + gap) : line));
    else if (bucket !== undefined)
      fitted = [...fitted, { ...restLine(bucket.line, mode === "Inclusive" ? gap : 0n), taxCents: gap }];
  }
  return fitted;
}

/** Cents of tax that one account has too many of and another of the same tax type too few are exchanged between them. */
function shareTaxes(input: FitInput): readonly BookedLine[] {
  let fitted = input.lines;
  for (const taxType of input.rest.taxes.keys()) {
    const gaps = netGaps({ ...input, lines: fitted }).filter(({ bucket }) => bucket.line.taxType === taxType);
    for (const over of gaps.filter(({ gap }) => gap > 0n)) {
      let open = over.gap;
      for (const under of gaps.filter(({ gap }) => gap < 0n)) {
        const [from, to] = [largestIn(fitted, over.key), largestIn(fitted, under.key)];
        const room = minOf(open, -under.gap);
        if (from === undefined || to === undefined || room <= 0n) continue;
        fitted = fitted.map((line) => {
          if (line === from) return withTax(line, line.taxCents - room);
          return line === to ? withTax(line, line.taxCents + room) : line;
        });
        open -= room;
        under.gap += room;
      }
    }
  }
  return fitted;
}

const fitNets = (input: FitInput): readonly BookedLine[] =>
  netGaps(input).reduce<readonly BookedLine[]>(
    (lines, { key, bucket, gap }) => (gap === 0n ? lines : withGap(lines, key, bucket.line, gap)),
    input.lines,
  );

type Gap = { readonly key: string; readonly bucket: Bucket; gap: bigint };

/** By how much what the accounts are posted must still change. */
function netGaps({ lines, rest, mode, isLast }: FitInput): Gap[] {
  return [...rest.buckets].map(([key, bucket]) => {
    const current = sumOf(lines.flatMap((line) => (bucketKey(line) === key ? [netOf(line, mode)] : [])));
    return { key, bucket, gap: wanted(current, bucket.netCents, isLast) - current };
  });
}

/** Without stated tax the ledger computes it, so that the amounts are all there is to fit. */
function fitAmounts({ lines, rest, mode, isLast }: FitInput): readonly BookedLine[] {
  let fitted = lines;
  for (const [key, { line: sample, amountCents: left }] of rest.buckets) {
    const current = sumOf(fitted.flatMap((line) => (bucketKey(line) === key ? [line.amountCents] : [])));
    const gap = wanted(current, left, isLast) - current;
    if (gap === 0n) continue;
    fitted = withGap(fitted, key, sample, gap).map((line) =>
      bucketKey(line) === key
        ? { ...line, taxCents: taxCents(line.amountCents, sample.rateE4, mode), sendsTax: false }
        : line,
    );
  }
  return fitted;
}

const largestIn = (lines: readonly BookedLine[], key: string): BookedLine | undefined =>
  largestOf(lines.filter((line) => bucketKey(line) === key));

const largestOf = (lines: readonly BookedLine[]): BookedLine | undefined =>
  lines.toSorted(
    (a, b) =>
      Number(absOf(b.amountCents) - absOf(a.amountCents)) ||
      compareText(a.component?.key ?? "", b.component?.key ?? ""),
  )[0];

const withTax = (line: BookedLine, cents: bigint): BookedLine => ({
  ...line,
  taxCents: cents,
  sendsTax: true,
});

/**
 * Another amount; the tax stays as it is and is stated, since the ledger would compute it anew. `undefined` where the quantity
 * could not stay.
 */
function withAmount(line: BookedLine, amountCents: bigint): BookedLine | undefined {
  const { quantityE4 } = line;
  const unitE4 = divideHalfUp(centsToE4(amountCents) * ONE_E4, quantityE4);
  const isExact = lineCents(quantityE4, unitE4) === amountCents && !isLineTie(quantityE4, unitE4);
  return isExact ? { ...line, amountCents, unitE4, sendsTax: true } : undefined;
}

/** Adds to the largest line of an account and tax type, or as a line of its own where none can take it. */
function withGap(
  lines: readonly BookedLine[],
  key: string,
  sample: DocumentLine,
  gap: bigint,
): readonly BookedLine[] {
  const largest = largestIn(lines, key);
  const changed = largest && withAmount(largest, largest.amountCents + gap);
  if (changed === undefined) return [...lines, restLine(sample, gap)];
  return lines.map((line) => (line === largest ? changed : line));
}

/** What is left in an account that no line of this credit note is in: cents of the rounding of others. */
const restLine = (of: DocumentLine, amountCents: bigint): BookedLine => ({
  ...lineOfOne(amountCents, {
    key: `rest-${of.accountCode}-${of.taxType}`,
    text: "Rounding of earlier credit notes",
    amountCents,
    accountCode: of.accountCode,
    taxType: of.taxType,
    account: of.account,
    tax: of.tax,
    inputs: of.paths.length > 0 ? of.paths : ["/totals/grandTotal"],
  }),
});

/** One line with an amount and tax of its own, which is stated. */
export const lineOfOne = (
  amountCents: bigint,
  extra: NonNullable<BookedLine["extra"]>,
  tax = 0n,
): BookedLine => ({
  kind: "extra",
  component: null,
  extra,
  count: 1,
  paths: extra.inputs,
  quantityE4: ONE_E4,
  unitE4: centsToE4(amountCents),
  keepsQuantity: true,
  amountCents,
  taxCents: tax,
  sendsTax: true,
  accountCode: extra.accountCode,
  taxType: extra.taxType,
});
