/** Old spec, new spec, past sales -> what would change. The proof that comes before an approval. */
import { z } from "zod";
import { Hold } from "./hold.ts";
import type { MappingSpec } from "./mapping.ts";
import { compareText, formatCents, parseE4 } from "./money.ts";
import type { Org } from "./org.ts";
import type { DocumentPlan } from "./plan.ts";
import { type Difference, differencesOf, type Planned } from "./plan-outcome.ts";
import { planPair } from "./plan-pair.ts";
import { planAlone } from "./plan-sale.ts";
import type { CanonicalSale } from "./sale.ts";

export const ReplayChange = z.strictObject({
  field: z.string().describe("e.g. invoice AccountCode, payment document"),
  before: z.string().nullable(),
  after: z.string().nullable(),
  orders: z.int(),
});

export const ReplayExample = z.strictObject({
  order: z.string(),
  currency: z.string(),
  total: z.string(),
  differences: z.array(
    z.strictObject({
      step: z.string(),
      field: z.string(),
      before: z.string().nullable(),
      after: z.string().nullable(),
    }),
  ),
});

export const Replay = z.strictObject({
  orders: z.int().describe("past orders replayed"),
  from: z.string().nullable(),
  to: z.string().nullable(),
  changed: z.int(),
  totalsChanged: z.int().describe("orders whose invoice total would differ"),
  difference: z
    .array(z.strictObject({ currency: z.string(), amount: z.string() }))
    .describe("sum of the differences of invoice totals"),
  newlyHeld: z.int(),
  newlyPlanned: z.int(),
  stillHeld: z.int(),
  heldBy: z
    .array(z.strictObject({ hold: Hold, orders: z.int() }))
    .describe("reasons of the orders that would be held"),
  changes: z.array(ReplayChange).describe("kinds of change with the number of orders, most first"),
  examples: z.array(ReplayExample).max(20),
  sentence: z.string(),
});
export type Replay = z.infer<typeof Replay>;

const EXAMPLES_MAX = 5;
const EXAMPLE_DIFFERENCES_MAX = 20;
const CHANGES_MAX = 50;
const NO_ORDERS = "There are no past orders to replay yet.";

export type ReplayInput = {
  /** `null` before the first mapping: every sale counts as not planned. */
  readonly base: MappingSpec | null;
  readonly candidate: MappingSpec;
  readonly sales: readonly CanonicalSale[];
  readonly org: Org;
};

/** One past sale under both specs. */
type Replayed = {
  readonly sale: CanonicalSale;
  readonly before: Planned | null;
  readonly after: Planned;
  readonly differences: readonly Difference[];
};

export function replaySpecs({ base, candidate, sales, org }: ReplayInput): Replay {
  const replayed = sales.map((sale): Replayed => {
    const { before, after } =
      base === null
        ? { before: null, after: planAlone({ sale, spec: candidate, org }) }
        : planPair({ sale, org }, base, candidate);
    const differences = before?.ok && after.ok ? differencesOf(before.value, after.value) : [];
    return { sale, before, after, differences };
  });
  return summarise(replayed, base === null);
}

function summarise(replayed: readonly Replayed[], isFirst: boolean): Replay {
  const changed = replayed.filter(({ differences }) => differences.length > 0);
  const totals = replayed.map(totalChangeOf).filter(({ cents }) => cents !== 0n);
  const held = replayed.filter(({ after }) => !after.ok);
  const dates = replayed.map(({ sale }) => sale.placedAt).sort(compareText);
  const counts = {
    orders: replayed.length,
    changed: changed.length,
    totalsChanged: totals.length,
    newlyHeld: held.filter(({ before }) => before?.ok === true).length,
    newlyPlanned: replayed.filter(({ before, after }) => after.ok && before?.ok !== true).length,
    stillHeld: held.filter(({ before }) => before?.ok !== true).length,
  };
  const difference = sumByCurrency(totals);
  return {
    ...counts,
    from: dates[0] ?? null,
    to: dates.at(-1) ?? null,
    difference,
    heldBy: heldBy(held),
    changes: changesOf(changed),
    examples: changed.slice(0, EXAMPLES_MAX).map(exampleOf),
    sentence: isFirst ? firstSentenceOf(counts) : sentenceOf(counts, difference),
  };
}

function totalChangeOf({ sale, before, after }: Replayed): { currency: string; cents: bigint } {
  if (!before?.ok || !after.ok) return { currency: sale.currency, cents: 0n };
  return { currency: sale.currency, cents: totalCents(after.value) - totalCents(before.value) };
}

const totalCents = (plan: DocumentPlan): bigint =>
  (parseE4(plan.checks.find(({ name }) => name === "total")?.actual ?? "0") ?? 0n) / 100n;

function sumByCurrency(totals: readonly { currency: string; cents: bigint }[]): Replay["difference"] {
  const sums = new Map<string, bigint>();
  for (const { currency, cents } of totals) sums.set(currency, (sums.get(currency) ?? 0n) + cents);
  return [...sums]
    .sort(([a], [b]) => compareText(a, b))
    .map(([currency, cents]) => ({ currency, amount: formatCents(cents) }));
}

function heldBy(held: readonly Replayed[]): Replay["heldBy"] {
  const counts = new Map<Hold, number>();
  for (const { after } of held)
    if (!after.ok) counts.set(after.error.hold, (counts.get(after.error.hold) ?? 0) + 1);
  return [...counts]
    .sort(([a, m], [b, n]) => n - m || compareText(a, b))
    .map(([hold, orders]) => ({ hold, orders }));
}

/** Kinds of change: the field without its line number, with what it was and what it becomes; texts only by their field. */
function changesOf(changed: readonly Replayed[]): Replay["changes"] {
  const kinds = new Map<
    string,
    { field: string; before: string | null; after: string | null; orders: number }
  >();
  for (const { differences } of changed) {
    for (const kind of new Map(
      differences.map((difference) => [JSON.stringify(kindOf(difference)), kindOf(difference)]),
    ).entries()) {
      const [key, value] = kind;
      kinds.set(key, { ...value, orders: (kinds.get(key)?.orders ?? 0) + 1 });
    }
  }
  return [...kinds.values()]
    .sort((a, b) => b.orders - a.orders || compareText(a.field, b.field))
    .slice(0, CHANGES_MAX);
}

/** Leaves whose values come from a closed list and are the same for many orders; others are counted by field alone. */
const CLOSED = new Set([
  "AccountCode",
  "TaxType",
  "LineAmountTypes",
  "Status",
  "Option",
  "Name",
  "Code",
  "Type",
]);

function kindOf({ step, field, before, after }: Difference): {
  field: string;
  before: string | null;
  after: string | null;
} {
  const name = field.split("/").at(-1) ?? "";
  const isContactText = step === "contact" || (name === "Name" && !field.includes("/Tracking/"));
  const label = `${step.replace(/-\d+$/, "")} ${name}`;
  return CLOSED.has(name) && !isContactText
    ? { field: label, before, after }
    : { field: label, before: null, after: null };
}

function exampleOf({ sale, after, differences }: Replayed): Replay["examples"][number] {
  const total = after.ok
    ? (after.value.checks.find(({ name }) => name === "total")?.actual ?? "0.00")
    : "0.00";
  return {
    order: sale.source.number,
    currency: sale.currency,
    total,
    differences: differences.slice(0, EXAMPLE_DIFFERENCES_MAX).map((difference) => ({ ...difference })),
  };
}

type Counts = Pick<
  Replay,
  "orders" | "changed" | "totalsChanged" | "newlyHeld" | "newlyPlanned" | "stillHeld"
>;

/** Before any mapping nothing changes: what matters is how many orders it can post. */
function firstSentenceOf({ orders, newlyPlanned, stillHeld }: Counts): string {
  if (orders === 0) return NO_ORDERS;
  const held = stillHeld === 0 ? "none would be held" : `${stillHeld} would be held`;
  return `${newlyPlanned} of ${orders} past orders can be posted with this mapping, ${held}.`;
}

function sentenceOf(counts: Counts, difference: Replay["difference"]): string {
  if (counts.orders === 0) return NO_ORDERS;
  const moved = difference.map(({ currency, amount }) => `${amount} ${currency}`).join(", ");
  const totals =
    counts.totalsChanged === 0
      ? "every total stays the same"
      : `${counts.totalsChanged} totals change (${moved})`;
  const held =
    counts.newlyHeld === 0
      ? "none would be held that was not before"
      : `${counts.newlyHeld} would now be held`;
  const planned = counts.newlyPlanned === 0 ? "" : `, ${counts.newlyPlanned} could now be posted`;
  const still = counts.stillHeld === 0 ? "" : `, ${counts.stillHeld} stay held`;
  return `${counts.changed} of ${counts.orders} past orders change, ${totals}, ${held}${planned}${still}.`;
}
