/** What every planner needs, and how a decision becomes a value with its lineage or a hold. */

import { decide } from "./decide.ts";
import type { FactName, Facts } from "./facts.ts";
import type { Held } from "./hold.ts";
import type { FieldName, MappingSpec, Outcome, OutcomeKind, SettingName, TableName } from "./mapping.ts";
import type { Org } from "./org.ts";
import type { Leaf, Lineage, PlannedDocument } from "./plan.ts";
import { err, ok, type Result } from "./result.ts";
import type { CanonicalSale } from "./sale.ts";
import { pointerOf } from "./shapes.ts";

/** A document that is in the ledger: it is corrected by others and never planned anew, whatever the mapping says now. */
export type PostedDocument = Pick<PlannedDocument, "step" | "resource" | "identity" | "body" | "lineage"> & {
  readonly ledgerId: string;
  /** The rate that the ledger gave a document whose body states none: units of its currency for one of the ledger's. */
  readonly currencyRate?: string | null;
  /** Of a day's summary: the invoice that the order would have had alone, which is what it has in the sums. */
  readonly share?: Pick<PlannedDocument, "body" | "lineage">;
};

/** An item of the ledger, by its code. `onHand` is text with up to four decimals, null when it is not tracked. */
export type LedgerItem = {
  readonly code: string;
  readonly tracked: boolean;
  readonly onHand: string | null;
  /** The store's product that we made it for; unknown of items that others made. */
  readonly product?: string | null;
};

export type PlanInput = {
  readonly sale: CanonicalSale;
  readonly spec: MappingSpec;
  readonly org: Org;
  /** What the ledger has of this sale already. */
  readonly posted?: readonly PostedDocument[];
  /** The ledger's items, by code; without them no line is linked to one. */
  readonly items?: ReadonlyMap<string, LedgerItem>;
};

export type Decided<Kind extends OutcomeKind> = {
  readonly outcome: Extract<Outcome, { kind: Kind }>;
  readonly from: Lineage;
  readonly ruleId: string;
};

/** Decides a table, or says which fact, rule or account is missing. `about` is the pointer of the part that is decided. */
export function decideFor<Kind extends OutcomeKind>(
  spec: MappingSpec,
  table: TableName,
  facts: Facts,
  about: string,
  kinds: readonly Kind[],
): Result<Decided<Kind>, Held> {
  const decision = decide(spec.tables[table], facts);
  if (!decision.ok) return err(factUnknown(table, about, decision.error.fact, decision.error.ruleId));
  const { outcome, ruleId } = decision.value;
  if (outcome?.kind === "hold") return err(ruleHolds(table, about, ruleId, outcome.reason));
  if (outcome === null || !kinds.some((kind) => kind === outcome.kind)) return err(noRule(table, about));
  return ok({
    outcome: outcome as Extract<Outcome, { kind: Kind }>,
    from: { from: "rule", table, ruleId },
    ruleId,
  });
}

/** Whether the rule that decided asks for one of these facts by name; "isNot" and `otherwise` ask for nothing. */
export const ruleNames = (
  spec: MappingSpec,
  table: TableName,
  ruleId: string,
  facts: readonly FactName[],
): boolean =>
  spec.tables[table].rules
    .find(({ id }) => id === ruleId)
    ?.when.some(({ op, fact }) => op !== "isNot" && op !== "isEmpty" && facts.includes(fact)) ?? false;

export const fixed = (value: Leaf["leaf"], why: string): Leaf => ({
  leaf: value,
  from: { from: "fixed", why },
});
export const fromSource = (value: Leaf["leaf"], path: string): Leaf => ({
  leaf: value,
  from: { from: "source", path },
});
export const fromSetting = (value: Leaf["leaf"], setting: SettingName): Leaf => ({
  leaf: value,
  from: { from: "spec", path: pointerOf("settings", setting) },
});
export const fromField = (value: Leaf["leaf"], field: FieldName): Leaf => ({
  leaf: value,
  from: { from: "spec", path: pointerOf("fields", field) },
});
export const computed = (value: Leaf["leaf"], by: string, inputs: readonly string[]): Leaf => ({
  leaf: value,
  from: { from: "computed", by, inputs: [...inputs] },
});
export const fromReceipt = (step: string, field: string): Leaf => ({
  leaf: null,
  from: { from: "receipt", step, field },
});

const factUnknown = (table: TableName, about: string, fact: string, ruleId: string): Held => ({
  hold: "factUnknown",
  field: about,
  detail: `Rule "${ruleId}" of ${table} looks at ${fact}, which is not known for ${about}.`,
  action: "Refresh the catalogue so that the store's product or list is known, then sync the order again.",
});

const ruleHolds = (table: TableName, about: string, ruleId: string, reason: string): Held => ({
  hold: "ruleHolds",
  field: about,
  detail: `${ruleId === "otherwise" ? "No rule" : `Rule "${ruleId}"`} of ${table}: ${reason}`,
  action: "Look at the order; add a rule that covers it, or correct the order, then sync it again.",
});

const noRule = (table: TableName, about: string): Held => ({
  hold: "noRule",
  field: about,
  detail: `No rule of ${table} decides ${about}.`,
  action: `Add a rule to ${table} or set what happens otherwise.`,
});
