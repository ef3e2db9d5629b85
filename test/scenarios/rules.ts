/** Short forms for the mappings that scenarios change, and orders that many of them share. */

import { orgOfScenario } from "../../engine/adapters/xero/scenario.ts";
import type { Condition, FACTS } from "../../engine/core/facts.ts";
import type { DecisionTable, MappingSpec, Outcome } from "../../engine/core/mapping.ts";
import { proposeSpec } from "../../engine/core/setup.ts";
import { withTables } from "../../engine/core/testing.ts";
import { orgJson, PROFILE } from "./organisation.ts";

type Rule = readonly [when: readonly Condition[], then: Outcome];

/** Rules in their order, before those that the table has already. */
export const before = (spec: MappingSpec, name: keyof MappingSpec["tables"], ...rules: Rule[]): MappingSpec =>
  withTables(spec, {
    [name]: { ...spec.tables[name], rules: [...rules.map(ruleOf), ...spec.tables[name].rules] },
  });

export const only = (otherwise: Outcome, ...rules: Rule[]): DecisionTable => ({
  rules: rules.map(ruleOf),
  otherwise,
});

const ruleOf = ([when, then]: Rule, index: number) => ({
  id: `r${index + 1}`,
  note: "",
  when: [...when],
  then,
});

export const is = (fact: (typeof FACTS.text)[number], value: string): Condition => ({
  op: "is",
  fact,
  value,
});
export const rated = (percent: string): Condition => ({ op: "equals", fact: "line.taxRate", value: percent });
export const taxType = (type: string): Outcome => ({ kind: "taxType", taxType: type });
export const account = (code: string): Outcome => ({ kind: "account", code });
export const payment = (code: string): Outcome => ({ kind: "payment", account: code });
export const hold = (reason: string): Outcome => ({ kind: "hold", reason });

/** What setup proposes for another organisation than the usual one. */
export const specOf = (org: Record<string, unknown>, answers: Record<string, string> = {}): MappingSpec =>
  proposeSpec({ org: orgOfScenario(orgJson(org)), store: PROFILE, answers }).spec;

/** Item lines and shipping take their tax types from the same rules. */
export const taxedBy = (spec: MappingSpec, otherwise: Outcome, ...rules: Rule[]): MappingSpec =>
  withTables(spec, { taxType: only(otherwise, ...rules), shippingTaxType: only(otherwise, ...rules) });

/** 49.90 + 5.00 + 20 % = 65.88, by card. */
export const CARD_ORDER = {
  rows: [{ sku: "MUG", qty: 2, rowTotal: 49.9, tax: 9.98, percent: 20 }],
  shipping: { amount: 5, tax: 1, taxes: [{ code: "VAT 20", percent: 20, amount: 1 }] },
  grandTotal: 65.88,
  tax: 10.98,
} as const;
