/** M1 to M5 of facts/accounting.md section 5: what a change of the order or of the mapping must leave as it was. */
import { expect, test } from "vitest";
import { generatedOrg } from "../../test/generated-orders.ts";
import { holdsFor, planOf } from "../../test/invariants-cases.ts";
import { allocateParts, e4Of, formatE4 } from "./money.ts";
import type { DocumentPlan } from "./plan.ts";
import type { CanonicalSale, SaleLine } from "./sale.ts";
import { lineOf } from "./testing.ts";

const TIMEOUT_MS = 600_000;
const ONE_E4 = 10_000n;

const invariant = (name: string, property: Parameters<typeof holdsFor>[1]) =>
  test(name, () => holdsFor(name.slice(0, 2), property), TIMEOUT_MS);

const totalsOf = (planned: ReturnType<typeof planOf>) =>
  planned && [planned.seen.total, planned.seen.totalTax];

invariant("M1 splitting a row in two leaves the total and the tax", ({ sale, mapping, seen }) => {
  const index = sale.lines.findIndex(({ quantity }) => e4Of(quantity) >= 2n * ONE_E4);
  const line = sale.lines[index];
  if (line === undefined) return;
  const split: CanonicalSale = { ...sale, lines: sale.lines.toSpliced(index, 1, ...twoOf(line)) };
  expect(totalsOf(planOf(split, mapping))).toEqual([seen.total, seen.totalTax]);
});

/** One piece and the others, with their shares of every amount. */
function twoOf(line: SaleLine): SaleLine[] {
  const quantityE4 = e4Of(line.quantity);
  const weights = [ONE_E4, quantityE4 - ONE_E4];
  const shares = (amount: string) => allocateParts(e4Of(amount), weights).map(formatE4);
  return weights.map((weight, part) => {
    const of = (amount: string) => shares(amount)[part] ?? "0";
    return {
      ...line,
      id: `${line.id}-${part}`,
      quantity: formatE4(weight),
      net: of(line.net),
      tax: of(line.tax),
      discount: of(line.discount),
      discountTax: of(line.discountTax),
      fixedTaxNet: of(line.fixedTaxNet),
      fixedTaxTax: of(line.fixedTaxTax),
    };
  });
}

invariant("M2 adding a line that costs nothing leaves the total and the tax", ({ sale, mapping, seen }) => {
  const sample = lineOf({ id: "sample", net: "0", tax: "0", taxRate: "0" });
  const more = { ...sale, lines: [...sale.lines, sample] };
  const [kept, dropped] = (["keep", "drop"] as const).map((zeroLines) =>
    planOf(more, { ...mapping, zeroLines }),
  );
  expect([totalsOf(kept), totalsOf(dropped)]).toEqual([
    [seen.total, seen.totalTax],
    [seen.total, seen.totalTax],
  ]);
  const has = (planned: typeof kept) => planned?.lines.some(({ Description }) => Description === sample.name);
  expect([has(kept), has(dropped)]).toEqual([true, false]);
});

invariant("M3 renaming SKUs leaves the total and the tax", ({ sale, mapping, seen, lines }) => {
  const renamed = { ...sale, lines: sale.lines.map((line) => ({ ...line, sku: `X-${line.sku}` })) };
  const planned = planOf(renamed, mapping);
  expect(totalsOf(planned)).toEqual([seen.total, seen.totalTax]);
  expect(planned?.lines).toEqual(lines);
});

invariant("M4 the mode of line amounts leaves the total and the tax", ({ sale, mapping, seen }) => {
  const lineAmountTypes = mapping.lineAmountTypes === "Inclusive" ? "Exclusive" : "Inclusive";
  expect(totalsOf(planOf(sale, { ...mapping, lineAmountTypes }))).toEqual([seen.total, seen.totalTax]);
});

invariant("M5 the organisation's time zone moves dates only", ({ sale, mapping, plan }) => {
  const elsewhere = planOf(sale, mapping, { org: { ...generatedOrg, timezone: "Pacific/Auckland" } });
  expect(elsewhere && undated(elsewhere.plan)).toEqual(undated(plan));
});

const undated = ({ documents, checks }: DocumentPlan) => ({
  checks,
  bodies: documents.map(({ body }) => ({ ...body, Date: null, DueDate: null })),
});
