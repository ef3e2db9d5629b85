import { expect, test } from "vitest";
import { applyEdits, type Edit } from "../../engine/core/edits.ts";
import type { MappingSpec } from "../../engine/core/mapping.ts";
import { ORG, SPEC } from "../testing-data.ts";
import { changesOf } from "./changes.ts";

const why = "asked for";
const edited = (edits: readonly Edit[], base: MappingSpec = SPEC): MappingSpec => {
  const applied = applyEdits(base, edits);
  if (!applied.ok) throw new Error(JSON.stringify(applied.error));
  return applied.value;
};
const changes = (edits: readonly Edit[], base: MappingSpec = SPEC) =>
  changesOf({ proposal: { edits, candidate: edited(edits, base), document: null }, base, names: ORG });

const ruleTo = (id: string, code: string, group: string): Edit => ({
  op: "addRule",
  table: "revenueAccount",
  position: "last",
  rule: {
    id,
    note: "",
    when: [{ op: "is", fact: "order.customerGroup", value: group }],
    then: { kind: "account", code },
  },
  why,
});
const WITH_RULES = edited([ruleTo("trade", "200", "Trade"), ruleTo("staff", "202", "Staff")]);

test("a setting and a field say what they were and what they become", () => {
  const edits: Edit[] = [
    { op: "setSetting", setting: "trigger", value: "complete", why },
    { op: "setSetting", setting: "currencies", value: "GBP, EUR", why },
    { op: "setSetting", setting: "cutOverDate", value: "2026-11-01", why },
    { op: "setField", field: "invoiceReference", template: "Web {order.number}", why },
  ];
  expect(changes(edits)).toEqual([
    { what: "Currencies", before: "GBP", after: "GBP, EUR", why },
    { what: "Orders placed from", before: null, after: "2026-11-01", why },
    { what: "An order is posted when", before: "it is paid", after: "it is complete", why },
    { what: "Invoice reference", before: "{order.number}", after: "Web {order.number}", why },
  ]);
});

test("a removed rule goes away, a replaced one shows both", () => {
  const edits: Edit[] = [
    { op: "removeRule", table: "revenueAccount", ruleId: "trade", why },
    {
      op: "replaceRule",
      table: "revenueAccount",
      ruleId: "staff",
      rule: {
        id: "staff",
        note: "",
        when: [{ op: "oneOf", fact: "order.shipCountry", values: ["DE", "FR"] }],
        then: { kind: "hold", reason: "ask first" },
      },
      why,
    },
  ];
  expect(changes(edits, WITH_RULES)).toEqual([
    { what: "Sales account, rule trade", before: "customer group is “Trade”: 200 Sales", after: null, why },
    {
      what: "Sales account, rule staff",
      before: "customer group is “Staff”: 202 Shipping income",
      after: "ship country is one of “DE”, “FR”: held: ask first",
      why,
    },
  ]);
});

test("a new order among the same rules is a change, since the first match wins", () => {
  const edits: Edit[] = [{ op: "moveRule", table: "revenueAccount", ruleId: "staff", position: 0, why }];
  expect(changes(edits, WITH_RULES)).toEqual([
    { what: "Sales account, order of rules", before: "trade, staff", after: "staff, trade", why: null },
  ]);
});

test("edits that undo each other change nothing, whatever they say", () => {
  const edits: Edit[] = [
    { op: "setSetting", setting: "trigger", value: "placed", why },
    { op: "setSetting", setting: "trigger", value: "paid", why },
  ];
  expect(changes(edits)).toEqual([]);
});

test("without the ledger's lists the codes stand alone", () => {
  const edits: Edit[] = [
    { op: "setOtherwise", table: "shippingAccount", outcome: { kind: "account", code: "202" }, why },
  ];
  const proposal = { edits, candidate: edited(edits), document: null };
  expect(changesOf({ proposal, base: SPEC, names: null })).toEqual([
    { what: "Shipping account", before: "account 200", after: "account 202", why },
  ]);
});
