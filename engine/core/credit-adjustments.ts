/**
 * Adjustments of a credit memo: goodwill given on top, a fee kept back. Magento stores no tax on them: it is split over the
 * tax types of the invoice, or the adjustment is outside of tax (setting adjustmentTax; facts/accounting.md REF-05, REF-06).
 */
import { lineOfOne } from "./credit-rest.ts";
import { chargedCents } from "./currencies.ts";
import type { Held } from "./hold.ts";
import type { BookedLine } from "./line-shapes.ts";
import { allocateCents, allocateParts, centsToE4, compareText, e4Of, parseE4 } from "./money.ts";
import { taxRateByType } from "./org.ts";
import type { Lineage } from "./plan.ts";
import { decideFor, type PlanInput } from "./plan-input.ts";
import type { DocumentRead } from "./read-document.ts";
import type { Reduction } from "./reductions.ts";
import { err, ok, type Result } from "./result.ts";
import { orderFacts } from "./sale-facts.ts";
import { type LineAmountTypes, taxCents } from "./xero-arithmetic.ts";

const ADJUSTMENTS = [
  { code: "adjustmentRefund", member: "adjustmentRefund", sign: 1n, text: "Adjustment refund" },
  { code: "adjustmentFee", member: "adjustmentFee", sign: -1n, text: "Adjustment fee" },
] as const;

/** Fee codes that the tables feeAccount and feeTaxType see for adjustments. */
export const ADJUSTMENT_CODES: readonly string[] = ADJUSTMENTS.map(({ code }) => code);

export function adjustmentLines(
  input: PlanInput,
  { memo, base }: Reduction,
  invoices: readonly DocumentRead[],
  mode: LineAmountTypes,
): Result<BookedLine[], Held> {
  const lines: BookedLine[] = [];
  if (memo === null) return ok(lines);
  for (const { code, member, sign, text } of ADJUSTMENTS) {
    const cents = sign * chargedCents(e4Of(memo[member]), input.sale.currency);
    if (cents === 0n) continue;
    const path = `${base}/${member}`;
    const facts = { ...orderFacts(input.sale, input.org.timezone), "fee.code": code };
    const account = decideFor(input.spec, "feeAccount", facts, path, ["account"]);
    if (!account.ok) return account;
    const parts = taxParts({ input, facts, path, cents, invoices, mode });
    if (!parts.ok) return parts;
    lines.push(
      ...parts.value.map(({ taxType, rateE4, grossCents, from }) => {
        const tax = taxCents(grossCents, rateE4, mode === "NoTax" ? "NoTax" : "Inclusive");
        const amountCents = mode === "Exclusive" ? grossCents - tax : grossCents;
        const accountCode = account.value.outcome.code;
        const key = `${code}-${taxType}`;
        const extra = {
          key,
          text,
          amountCents,
          accountCode,
          taxType,
          account: account.value.from,
          tax: from,
          inputs: [path],
        };
        return lineOfOne(amountCents, extra, tax);
      }),
    );
  }
  return ok(lines);
}

type TaxPart = {
  readonly taxType: string;
  readonly rateE4: bigint;
  readonly grossCents: bigint;
  readonly from: Lineage;
};

type TaxPartsInput = {
  readonly input: PlanInput;
  readonly facts: ReturnType<typeof orderFacts>;
  readonly path: string;
  readonly cents: bigint;
  readonly invoices: readonly DocumentRead[];
  readonly mode: LineAmountTypes;
};

/** The adjustment over the invoice's tax types, by what the invoice charged on each; or outside of tax as one. */
function taxParts({ input, facts, path, cents, invoices, mode }: TaxPartsInput): Result<TaxPart[], Held> {
  const shares =
    mode === "NoTax" || input.spec.settings.adjustmentTax === "outside" ? [] : chargedByType(invoices);
  if (shares.length === 0) return outside({ input, facts, path, cents });
  const weights = shares.map(({ grossCents }) => grossCents);
  const parts = splitCents(cents, weights);
  return ok(
    shares.flatMap(({ taxType, rateE4, from }, index) => {
      const grossCents = parts[index] ?? 0n;
      return grossCents === 0n ? [] : [{ taxType, rateE4, grossCents, from }];
    }),
  );
}

/** Largest remainder over the magnitude, so that a fee is split as a refund of the same amount is. */
function splitCents(cents: bigint, weights: readonly bigint[]): bigint[] {
  const sign = cents < 0n ? -1n : 1n;
  const magnitude = sign * cents;
  const exactE4 = allocateParts(centsToE4(magnitude), weights);
  return largestRemainder(magnitude, exactE4).map((part) => sign * part);
}

const largestRemainder = (total: bigint, sharesE4: readonly bigint[]): bigint[] =>
  allocateCents(
    total,
    sharesE4.map((amountE4, index) => ({ key: String(index).padStart(4, "0"), amountE4 })),
  );

function chargedByType(invoices: readonly DocumentRead[]): TaxPart[] {
  const sums = new Map<string, TaxPart>();
  for (const { lines } of invoices) {
    for (const { kind, taxType, rateE4, netCents, taxCents: tax, tax: from } of lines) {
      if (kind === "adjustment" || kind === "rounding") continue;
      const before = sums.get(taxType)?.grossCents ?? 0n;
      sums.set(taxType, { taxType, rateE4, from, grossCents: before + netCents + tax });
    }
  }
  return [...sums.values()]
    .filter(({ grossCents }) => grossCents > 0n)
    .toSorted((a, b) => compareText(a.taxType, b.taxType));
}

function outside({
  input,
  facts,
  path,
  cents,
}: Pick<TaxPartsInput, "input" | "facts" | "path" | "cents">): Result<TaxPart[], Held> {
  const decided = decideFor(input.spec, "feeTaxType", facts, path, ["taxType"]);
  if (!decided.ok) return decided;
  const { taxType } = decided.value.outcome;
  const rateE4 = parseE4(taxRateByType(input.org, taxType)?.rate ?? "0") ?? 0n;
  if (rateE4 !== 0n) return err(taxedOutside(path, taxType));
  return ok([{ taxType, rateE4, grossCents: cents, from: decided.value.from }]);
}

const taxedOutside = (field: string, taxType: string): Held => ({
  hold: "taxDiffersFromRate",
  field,
  detail: `Adjustments are to be outside of tax, but feeTaxType gives ${taxType}, which is taxed.`,
  action:
    "Add a rule to feeTaxType for the adjustment with a tax type of 0 %, or set adjustmentTax to proportional.",
});
