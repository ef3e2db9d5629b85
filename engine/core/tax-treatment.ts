/** How the tax of an invoice is booked: by tax types, as one liability line, or as tax that a marketplace remits. */
import { never } from "./assert.ts";
import type { Component, Components } from "./components.ts";
import type { Facts } from "./facts.ts";
import type { Held } from "./hold.ts";
import type { ExtraLine } from "./line-shapes.ts";
import type { Lineage } from "./plan.ts";
import { type Decided, decideFor, type PlanInput } from "./plan-input.ts";
import { ok, type Result } from "./result.ts";
import type { CanonicalSale } from "./sale.ts";
import { cleanText } from "./sale-facts.ts";

/** The tax type of every line where tax is no part of them. */
export type Untaxed = { readonly taxType: string; readonly from: Lineage };

export type TaxTreatment = {
  readonly untaxed: Untaxed | null;
  readonly parts: Omit<Components, "residualCents">;
  readonly extras: readonly ExtraLine[];
  /** Tax that the customer paid and that never reaches the merchant. */
  readonly withheldCents: bigint;
};

export function treatTax(input: PlanInput, parts: Components, facts: Facts): Result<TaxTreatment, Held> {
  const decided = decideFor(input.spec, "taxTreatment", facts, "/totals/tax", [
    "taxTypes",
    "taxLiability",
    "marketplaceTax",
  ]);
  if (!decided.ok) return decided;
  const { outcome, from } = decided.value;
  switch (outcome.kind) {
    case "taxTypes":
      return ok({ untaxed: null, parts, extras: [], withheldCents: 0n });
    case "taxLiability": {
      const lines = taxLines(outcome, from, [
        { key: "liability", text: `Sales tax ${placeOf(input.sale)}`.trim(), amountCents: parts.taxCents },
      ]);
      return ok({ ...untaxedParts(parts, outcome.taxType, from), extras: lines, withheldCents: 0n });
    }
    case "marketplaceTax": {
      const { taxCents } = parts;
      const lines = taxLines(outcome, from, [
        { key: "marketplace-tax", text: "Tax collected by the marketplace", amountCents: taxCents },
        { key: "marketplace-remitted", text: "Tax remitted by the marketplace", amountCents: -taxCents },
      ]);
      const { untaxed, parts: rest } = untaxedParts(parts, outcome.taxType, from);
      const totalCents = parts.totalCents - taxCents;
      return ok({ untaxed, parts: { ...rest, totalCents }, extras: lines, withheldCents: taxCents });
    }
    default:
      return never(outcome);
  }
}

type LiabilityOutcome = Decided<"taxLiability" | "marketplaceTax">["outcome"];

const taxLines = (
  { account, taxType }: LiabilityOutcome,
  from: Lineage,
  lines: readonly Pick<ExtraLine, "key" | "text" | "amountCents">[],
): ExtraLine[] =>
  lines
    .filter(({ amountCents }) => amountCents !== 0n)
    .map((line) => ({
      ...line,
      accountCode: account,
      taxType,
      account: from,
      tax: from,
      inputs: ["/totals/tax"],
    }));

/** Sales tax is owed where the goods go. */
function placeOf(sale: CanonicalSale): string {
  const { region, country } = sale.shipTo ?? sale.billing ?? { region: null, country: null };
  return cleanText(region ?? country ?? "");
}

const untaxedParts = (
  { components, totalCents }: Components,
  taxType: string,
  from: Lineage,
): Pick<TaxTreatment, "untaxed" | "parts"> => ({
  untaxed: { taxType, from },
  parts: { components: components.map(withoutTax), totalCents, taxCents: 0n },
});

const withoutTax = (component: Component): Component => ({
  ...component,
  grossE4: component.grossE4 - component.taxE4,
  taxE4: 0n,
});
