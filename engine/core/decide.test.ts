import { describe, expect, test } from "vitest";
import { decide } from "./decide.ts";
import type { Condition, Facts } from "./facts.ts";
import type { DecisionTable } from "./mapping.ts";

const yes = { kind: "account", code: "1" } as const;
const no = { kind: "account", code: "2" } as const;

const tableOf = (...when: Condition[]): DecisionTable => ({
  rules: [{ id: "r", note: "", when, then: yes }],
  otherwise: no,
});

const matches = (condition: Condition, facts: Facts): boolean | string => {
  const decision = decide(tableOf(condition), facts);
  return decision.ok ? decision.value.outcome === yes : decision.error.fact;
};

describe("a condition", () => {
  test.each<[Condition, Facts, boolean | string]>([
    [{ op: "is", fact: "payment.method", value: "paypal" }, { "payment.method": "paypal" }, true],
    [{ op: "is", fact: "payment.method", value: "paypal" }, { "payment.method": "PayPal" }, false],
    [{ op: "is", fact: "payment.method", value: "paypal" }, { "payment.method": null }, false],
    [{ op: "isNot", fact: "payment.method", value: "paypal" }, { "payment.method": null }, true],
    [{ op: "startsWith", fact: "line.sku", value: "SUB-" }, { "line.sku": "SUB-1" }, true],
    [{ op: "startsWith", fact: "line.sku", value: "SUB-" }, { "line.sku": "XSUB-1" }, false],
    [{ op: "contains", fact: "line.sku", value: "SUB" }, { "line.sku": "XSUB-1" }, true],
    [{ op: "oneOf", fact: "order.shipCountry", values: ["US", "CA"] }, { "order.shipCountry": "CA" }, true],
    [{ op: "oneOf", fact: "order.shipCountry", values: ["US", "CA"] }, { "order.shipCountry": null }, false],
    [{ op: "isEmpty", fact: "order.coupon" }, { "order.coupon": null }, true],
    [{ op: "isEmpty", fact: "order.coupon" }, { "order.coupon": "X" }, false],
    [{ op: "includes", fact: "line.categories", value: "A" }, { "line.categories": ["B", "A"] }, true],
    [{ op: "includes", fact: "line.categories", value: "A" }, { "line.categories": [] }, false],
    [{ op: "equals", fact: "line.taxRate", value: "20" }, { "line.taxRate": 200_000n }, true],
    [{ op: "atLeast", fact: "order.grandTotal", value: "100" }, { "order.grandTotal": 1_000_000n }, true],
    [{ op: "above", fact: "order.grandTotal", value: "100" }, { "order.grandTotal": 1_000_000n }, false],
    [{ op: "below", fact: "order.grandTotal", value: "100" }, { "order.grandTotal": 999_999n }, true],
    [{ op: "atMost", fact: "order.grandTotal", value: "100" }, { "order.grandTotal": 1_000_001n }, false],
    [{ op: "before", fact: "order.placedOn", value: "2026-01-01" }, { "order.placedOn": "2025-12-31" }, true],
    [
      { op: "onOrAfter", fact: "order.placedOn", value: "2026-01-01" },
      { "order.placedOn": "2026-01-01" },
      true,
    ],
    [{ op: "isTrue", fact: "order.guest" }, { "order.guest": false }, false],
    [{ op: "isFalse", fact: "order.vatIdValid" }, { "order.vatIdValid": null }, true],
    [{ op: "includes", fact: "line.categories", value: "A" }, {}, "line.categories"],
  ])("$0.op of $0.fact, case %#", (condition, facts, expected) =>
    expect(matches(condition, facts)).toBe(expected),
  );
});

describe("a table", () => {
  test("takes the first rule whose conditions all hold", () => {
    const table: DecisionTable = {
      rules: [
        {
          id: "both",
          note: "",
          when: [
            { op: "is", fact: "order.storeView", value: "uk" },
            { op: "isTrue", fact: "order.guest" },
          ],
          then: no,
        },
        { id: "uk", note: "", when: [{ op: "is", fact: "order.storeView", value: "uk" }], then: yes },
      ],
      otherwise: no,
    };
    expect(decide(table, { "order.storeView": "uk", "order.guest": false })).toMatchObject({
      value: { ruleId: "uk" },
    });
    expect(decide(table, { "order.storeView": "uk", "order.guest": true })).toMatchObject({
      value: { ruleId: "both" },
    });
    expect(decide(table, { "order.storeView": "de", "order.guest": true })).toMatchObject({
      value: { ruleId: "otherwise" },
    });
  });

  test("does not stop at an unknown fact when another condition of the rule fails anyway", () => {
    const table = tableOf(
      { op: "includes", fact: "line.categories", value: "A" },
      { op: "isTrue", fact: "order.guest" },
    );
    expect(decide(table, { "order.guest": false })).toMatchObject({
      ok: true,
      value: { ruleId: "otherwise" },
    });
    expect(decide(table, { "order.guest": true })).toMatchObject({
      ok: false,
      error: { fact: "line.categories", ruleId: "r" },
    });
  });
});
