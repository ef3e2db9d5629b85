/** Tax types of the first spec: one rule for each rate that the organisation has for sales. */
import type { DecisionTable, Rule } from "./mapping.ts";
import { compareText, e4Of, formatE4 } from "./money.ts";
import type { LedgerTaxRate, Org } from "./org.ts";
import { hold, type Notes } from "./setup-notes.ts";

export type SetupTax = {
  readonly table: DecisionTable /** For lines outside of tax, e.g. rounding. */;
  readonly untaxed: string | null;
};

/** Xero's own sales types in the order in which they are the plain choice for their rate. */
const PLAIN = [
  /^OUTPUT2?$/,
  /^OUTPUT/,
  /^RROUTPUT$/,
  /^ZERORATEDOUTPUT$/,
  /^ZERORATED$/,
  /^EXEMPTOUTPUT$/,
  /^NONE$/,
];
const UNTAXED = ["NONE", "BASEXCLUDED", "EXEMPTOUTPUT", "ZERORATED"];

export function setupTax(org: Org, notes: Notes): SetupTax {
  const rates = org.taxRates.filter(
    ({ status, appliesToRevenue }) => status === "ACTIVE" && appliesToRevenue,
  );
  const byRate = new Map<bigint, LedgerTaxRate[]>();
  for (const rate of rates) byRate.set(e4Of(rate.rate), [...(byRate.get(e4Of(rate.rate)) ?? []), rate]);
  const rules = [...byRate]
    .sort(([a], [b]) => (a < b ? 1 : -1))
    .map(([rateE4, candidates]): Rule => ruleFor(rateE4, candidates, notes));
  const untaxed = UNTAXED.find((taxType) =>
    rates.some((rate) => rate.taxType === taxType && e4Of(rate.rate) === 0n),
  );
  return {
    table: { rules, otherwise: hold("The organisation has no tax rate for sales of this percentage.") },
    untaxed: untaxed ?? rates.find(({ rate }) => e4Of(rate) === 0n)?.taxType ?? null,
  };
}

function ruleFor(rateE4: bigint, candidates: readonly LedgerTaxRate[], notes: Notes): Rule {
  const percent = formatE4(rateE4).replace(/\.?0+$/, "");
  const ranked = candidates.toSorted((a, b) => rankOf(a) - rankOf(b) || compareText(a.taxType, b.taxType));
  const [first] = ranked;
  const plain = first?.taxType ?? "";
  // Zero rated, exempt and outside of tax give the same total and a different return: only a person knows which it is.
  const chosen =
    ranked.length === 1
      ? plain
      : (notes.ask({
          id: `taxType.${percent}`,
          question: `Which tax type do sales at ${percent} % get?`,
          options: ranked.map(({ taxType, name }) => ({ value: taxType, label: `${taxType} ${name}` })),
          assumed: plain,
        }) ?? plain);
  notes.because(`/tables/taxType/rate-${percent}`, `${chosen} is the organisation's rate of ${percent} %`);
  return {
    id: `rate-${percent.replace(".", "-")}`,
    note: `sales taxed at ${percent} %`,
    when: [{ op: "equals", fact: "line.taxRate", value: formatE4(rateE4) }],
    then: { kind: "taxType", taxType: chosen },
  };
}

function rankOf({ taxType }: LedgerTaxRate): number {
  const rank = PLAIN.findIndex((pattern) => pattern.test(taxType));
  return rank < 0 ? PLAIN.length : rank;
}
