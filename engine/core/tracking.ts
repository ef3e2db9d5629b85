/** Tracking categories of a line: two at most, each option decided by its table. */
import type { Facts } from "./facts.ts";
import type { Held } from "./hold.ts";
import type { MappingSpec } from "./mapping.ts";
import type { Node } from "./plan.ts";
import { decideFor, fromSetting } from "./plan-input.ts";
import { ok, type Result } from "./result.ts";

const CATEGORIES = [
  { setting: "tracking1Category", table: "tracking1" },
  { setting: "tracking2Category", table: "tracking2" },
] as const;

export function trackingNodes(spec: MappingSpec, facts: Facts, about: string): Result<Node[], Held> {
  const nodes: Node[] = [];
  for (const { setting, table } of CATEGORIES) {
    const category = spec.settings[setting];
    if (category === null) continue;
    const decided = decideFor(spec, table, facts, about, ["option", "noOption"]);
    if (!decided.ok) return decided;
    if (decided.value.outcome.kind === "noOption") continue;
    nodes.push({
      Name: fromSetting(category, setting),
      Option: { leaf: decided.value.outcome.option, from: decided.value.from },
    });
  }
  return ok(nodes);
}
