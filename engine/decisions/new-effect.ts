/** Between proposing and approving new orders come in. Do they show an effect that nobody has seen? */
import type { MappingSpec } from "../core/mapping.ts";
import type { Org } from "../core/org.ts";
import { planAlone } from "../core/plan-sale.ts";
import { type Replay, replaySpecs } from "../core/replay.ts";
import type { CanonicalSale } from "../core/sale.ts";

export type NewEffectInput = {
  /** The mapping that is live; null before the first one, when nothing was posted and so nothing can change. */
  readonly base: MappingSpec | null;
  readonly candidate: MappingSpec;
  readonly sales: readonly CanonicalSale[];
  readonly org: Org;
  /** What the approver was shown. */
  readonly shown: Replay;
};

/** The first effect of a new kind, in words; undefined when the newer orders only show more of the same. */
export function newEffect({ base, candidate, sales, org, shown }: NewEffectInput): string | undefined {
  if (base === null) return undefined;
  // A sale that is held today as well is no effect of the change.
  const posted = sales.filter((sale) => planAlone({ sale, spec: base, org }).ok);
  const now = replaySpecs({ base, candidate, sales: posted, org });
  return newHold(shown, now) ?? newTotals(shown, now) ?? newField(shown, now);
}

function newHold(shown: Replay, now: Replay): string | undefined {
  const known = shown.newlyHeld === 0 ? [] : shown.heldBy.map(({ hold }) => hold);
  const fresh = now.heldBy.find(({ hold }) => !known.includes(hold));
  return fresh && `${count(fresh.orders, "order")} would now be held (${fresh.hold})`;
}

function newTotals(shown: Replay, now: Replay): string | undefined {
  if (now.totalsChanged === 0) return undefined;
  if (shown.totalsChanged === 0) return `${count(now.totalsChanged, "total")} would now change`;
  const known = shown.difference.map(({ currency }) => currency);
  const fresh = now.difference.find(({ currency }) => !known.includes(currency));
  return fresh && `totals in ${fresh.currency} would now change`;
}

function newField(shown: Replay, now: Replay): string | undefined {
  const known = new Set(shown.changes.map(({ field }) => field));
  const fresh = now.changes.find(({ field }) => !known.has(field));
  return fresh && `"${fresh.field}" would now change on ${count(fresh.orders, "order")}`;
}

const count = (many: number, what: string): string => `${many} ${what}${many === 1 ? "" : "s"}`;
