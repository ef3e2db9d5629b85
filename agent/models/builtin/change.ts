/** What a request wants, before it becomes typed edits on the current mapping. */
import { applyEdits, type Edit } from "../../../engine/core/edits.ts";
import type { Condition } from "../../../engine/core/facts.ts";
import type {
  FieldName,
  MappingSpec,
  Outcome,
  Rule,
  SettingName,
  TableName,
} from "../../../engine/core/mapping.ts";
import type { Span } from "./text.ts";

/** One thing to change. `when` of a rule is a conjunction; `note` says in words whom it concerns. */
export type Change =
  | {
      readonly op: "rule";
      readonly table: TableName;
      readonly when: readonly Condition[];
      readonly outcome: Outcome;
      readonly note: string;
      readonly why: string;
    }
  | { readonly op: "otherwise"; readonly table: TableName; readonly outcome: Outcome; readonly why: string }
  /** every rule of the table, and otherwise, whatever they said before */
  | { readonly op: "always"; readonly table: TableName; readonly outcome: Outcome; readonly why: string }
  | {
      readonly op: "setting";
      readonly setting: SettingName;
      readonly value: string | null;
      readonly why: string;
    }
  | { readonly op: "field"; readonly field: FieldName; readonly template: string; readonly why: string }
  | { readonly op: "remove"; readonly table: TableName; readonly ruleId: string; readonly why: string };

/**
 * What an intent made of a part of a request. `ask` may be answered: the answer takes the place of the words at `drop`, or is
 * added at the end; a plain yes adds `yes` instead. `key` says what is decided, so that two readings of one thing are seen as such.
 */
export type Wish =
  | {
      readonly kind: "change";
      readonly key: string;
      readonly title: string;
      readonly changes: readonly Change[];
      /** what the person should know besides */
      readonly remarks: readonly string[];
      readonly scoped: boolean;
      /** what a following "and Marketplace for eu_en" leaves unsaid; the table's own words when absent */
      readonly head?: string;
    }
  | {
      readonly kind: "ask";
      readonly key: string;
      readonly question: string;
      readonly drop?: Span;
      readonly yes?: string;
      /** how an answer is put into the request, with % for the answer; as it stands when absent */
      readonly as?: string;
    }
  | { readonly kind: "refuse"; readonly key: string; readonly text: string };

/** The edits that bring the spec where the changes want it; none for what is already so. Later edits build on earlier ones. */
export function editsFor(spec: MappingSpec, changes: readonly Change[]): Edit[] {
  const edits: Edit[] = [];
  let current = spec;
  for (const change of changes) {
    const next = compile(current, change);
    const applied = next.length === 0 ? undefined : applyEdits(current, next);
    // An edit that does not apply stays in the list: the engine names what is wrong with it.
    if (applied?.ok) current = applied.value;
    edits.push(...next);
  }
  return edits;
}

function compile(spec: MappingSpec, change: Change): Edit[] {
  const { why } = change;
  switch (change.op) {
    case "rule":
      return ruleEdits(spec, change);
    case "otherwise": {
      const same = sameJson(spec.tables[change.table].otherwise, change.outcome);
      return same ? [] : [{ op: "setOtherwise", table: change.table, outcome: change.outcome, why }];
    }
    case "always":
      return alwaysEdits(spec, change.table, change.outcome, why);
    case "setting": {
      const { setting, value } = change;
      const now = spec.settings[setting];
      const same = (Array.isArray(now) ? now.join(",") : now) === value;
      return same ? [] : [{ op: "setSetting", setting, value, why }];
    }
    case "field": {
      const { field, template } = change;
      return spec.fields[field] === template ? [] : [{ op: "setField", field, template, why }];
    }
    case "remove":
      return [{ op: "removeRule", table: change.table, ruleId: change.ruleId, why }];
  }
}

/** A rule with the very same conditions is replaced, where it stands first among its like; else the new rule goes on top. */
function ruleEdits(spec: MappingSpec, change: Extract<Change, { op: "rule" }>): Edit[] {
  const { table, why, outcome, note } = change;
  const { rules } = spec.tables[table];
  const when = [...change.when];
  const existing = rules.find((rule) => sameConditions(rule.when, when));
  if (existing === undefined) {
    const id = freeId(ruleId(when, outcome), rules);
    return [
      {
        op: "addRule",
        table,
        position: "first",
        rule: { id, note: note.slice(0, 200), when, then: outcome },
        why,
      },
    ];
  }
  if (sameJson(existing.then, outcome)) return [];
  const rule: Rule = { ...existing, note: note.slice(0, 200), then: outcome };
  return [{ op: "replaceRule", table, ruleId: existing.id, rule, why }];
}

function alwaysEdits(spec: MappingSpec, table: TableName, outcome: Outcome, why: string): Edit[] {
  const { rules, otherwise } = spec.tables[table];
  const replaced = rules
    .filter((rule) => rule.then.kind !== "hold" && !sameJson(rule.then, outcome))
    .map(
      (rule): Edit => ({ op: "replaceRule", table, ruleId: rule.id, rule: { ...rule, then: outcome }, why }),
    );
  const rest: Edit[] = sameJson(otherwise, outcome) ? [] : [{ op: "setOtherwise", table, outcome, why }];
  return [...replaced, ...rest];
}

const sameJson = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

const sameConditions = (a: readonly Condition[], b: readonly Condition[]): boolean => {
  const sorted = (list: readonly Condition[]) =>
    list.map((one) => JSON.stringify(orderedKeys(one))).toSorted();
  return sameJson(sorted(a), sorted(b));
};
const orderedKeys = (value: object) => Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));

const ID_MAX = 56;

/** "wholesale-205", "sku-sub-260": the values that decide and what they decide, readable in an audit. */
export function ruleId(when: readonly Condition[], outcome: Outcome): string {
  const conditions = when.map((condition) => {
    const subject = condition.fact.replace(/^.*\./, "");
    if ("values" in condition) return condition.values.length > 3 ? subject : condition.values.join("-");
    if (!("value" in condition)) return condition.op === "isTrue" ? subject : `not-${subject}`;
    const word = { isNot: "not-", startsWith: "starts-", contains: "has-" }[condition.op as string] ?? "";
    const plain = ["order.customerGroup", "payment.method", "line.categories", "order.storeView"].includes(
      condition.fact,
    );
    return `${plain ? "" : `${subject}-`}${word}${condition.value}`;
  });
  const slug = [...conditions, outcomeWord(outcome)]
    .join("-")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
  return slug.slice(0, ID_MAX) || "rule";
}

function outcomeWord(outcome: Outcome): string {
  switch (outcome.kind) {
    case "account":
      return outcome.code;
    case "payment":
      return outcome.account;
    case "taxType":
      return outcome.taxType;
    case "terms":
      return `${outcome.days}-days`;
    case "status":
      return outcome.status;
    case "option":
      return outcome.option;
    case "sharedContact":
      return outcome.name;
    default:
      return outcome.kind;
  }
}

function freeId(id: string, rules: readonly Rule[]): string {
  const taken = new Set(rules.map((rule) => rule.id));
  if (!taken.has(id)) return id;
  let number = 2;
  while (taken.has(`${id}-${number}`)) number += 1;
  return `${id}-${number}`;
}
