/** Decision table + facts -> an outcome and the rule that gave it, or the reason why nothing can be decided. */
import { assert, never } from "./assert.ts";
import type { Condition, FactName, Facts, FactValue } from "./facts.ts";
import type { DecisionTable, Outcome } from "./mapping.ts";
import { e4Of } from "./money.ts";
import { err, ok, type Result } from "./result.ts";

export type Decision = { readonly outcome: Outcome | null; readonly ruleId: string };
export type Undecided = { readonly kind: "factUnknown"; readonly fact: FactName; readonly ruleId: string };

/** First match wins. A rule that could match, but for a fact that is not known, decides nothing: guessing is not allowed. */
export function decide(table: DecisionTable, facts: Facts): Result<Decision, Undecided> {
  for (const rule of table.rules) {
    const verdicts = rule.when.map((condition) => ({
      condition,
      holds: test(condition, facts[condition.fact]),
    }));
    if (verdicts.some(({ holds }) => holds === false)) continue;
    const unknown = verdicts.find(({ holds }) => holds === undefined);
    if (unknown !== undefined)
      return err({ kind: "factUnknown", fact: unknown.condition.fact, ruleId: rule.id });
    return ok({ outcome: rule.then, ruleId: rule.id });
  }
  return ok({ outcome: table.otherwise, ruleId: "otherwise" });
}

/** `undefined` when the fact is not known. */
function test(condition: Condition, value: FactValue): boolean | undefined {
  if (value === undefined) return undefined;
  switch (condition.op) {
    case "is":
      return value === condition.value;
    case "isNot":
      return value !== condition.value;
    case "startsWith":
      return value !== null && textOf(value).startsWith(condition.value);
    case "contains":
      return value !== null && textOf(value).includes(condition.value);
    case "oneOf":
      return value !== null && condition.values.includes(textOf(value));
    case "isEmpty":
      return value === null || value === "";
    case "includes":
      return Array.isArray(value) && value.includes(condition.value);
    case "equals":
    case "atLeast":
    case "atMost":
    case "above":
    case "below":
      return value !== null && compare(condition.op, amountOf(value), e4Of(condition.value));
    case "before":
      return value !== null && textOf(value) < condition.value;
    case "onOrAfter":
      return value !== null && textOf(value) >= condition.value;
    case "isTrue":
      return value === true;
    case "isFalse":
      return value === false || value === null;
    default:
      return never(condition);
  }
}

function compare(
  op: "equals" | "atLeast" | "atMost" | "above" | "below",
  left: bigint,
  right: bigint,
): boolean {
  switch (op) {
    case "equals":
      return left === right;
    case "atLeast":
      return left >= right;
    case "atMost":
      return left <= right;
    case "above":
      return left > right;
    case "below":
      return left < right;
    default:
      return never(op);
  }
}

function textOf(value: NonNullable<FactValue>): string {
  assert(typeof value === "string", "a text condition reads a text fact");
  return value;
}

function amountOf(value: NonNullable<FactValue>): bigint {
  assert(typeof value === "bigint", "a number condition reads a number fact");
  return value;
}
