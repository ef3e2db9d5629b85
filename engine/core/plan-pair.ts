/** What two mappings make of an order, for replays: waiting for the day's summary is no hold. */
import type { MappingSpec } from "./mapping.ts";
import type { PlanInput } from "./plan-input.ts";
import type { Planned } from "./plan-outcome.ts";
import { planAlone } from "./plan-sale.ts";
import { planDaySummary } from "./plan-summary.ts";
import { ok } from "./result.ts";
import { belongsInSummary, summaryDay } from "./summary-member.ts";

/**
 * The order's own documents, line by line as the rules decide them. Where only one of the mappings sums the order, that side
 * shows a summary of this order alone, so that the change of documents is seen.
 */
export function planPair(
  input: Pick<PlanInput, "sale" | "org">,
  base: MappingSpec,
  candidate: MappingSpec,
): { readonly before: Planned; readonly after: Planned } {
  const [before, after] = [sideOf({ ...input, spec: base }), sideOf({ ...input, spec: candidate })];
  const isSame = before.isSummed === after.isSummed;
  return { before: isSame ? before.alone : shownOf(before), after: isSame ? after.alone : shownOf(after) };
}

type Side = { readonly input: PlanInput; readonly alone: Planned; readonly isSummed: boolean };

function sideOf(input: PlanInput): Side {
  const alone = planAlone(input);
  return { input, alone, isSummed: alone.ok && belongsInSummary(input, alone.value) };
}

function shownOf({ input: { spec, org, sale }, alone, isSummed }: Side): Planned {
  if (!alone.ok || !isSummed) return alone;
  const { currency, store } = sale;
  const day = summaryDay(alone.value);
  return ok(
    planDaySummary({ spec, org, store: store.id, day, currency, sequence: 1, members: [alone.value] }),
  );
}
