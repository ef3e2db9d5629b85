import { describe, expect, test } from "vitest";
import { z } from "zod";
import { checkSpec } from "./check-spec.ts";
import { applyEdits, type Edit, Edits } from "./edits.ts";
import type { Rule } from "./mapping.ts";
import { MappingSpec } from "./mapping.ts";
import { orgGb, specGb } from "./testing.ts";

const why = "the bookkeeper asked for it";
const rule = (id: string, code = "260"): Rule => ({
  id,
  note: "",
  when: [{ op: "is", fact: "order.customerGroup", value: "Wholesale" }],
  then: { kind: "account", code },
});

const applied = (...edits: Edit[]): MappingSpec => {
  const outcome = applyEdits(specGb, edits);
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.error));
  return outcome.value;
};

describe("edits", () => {
  test("set settings, fields and what happens otherwise", () => {
    const spec = applied(
      { op: "setSetting", setting: "currencies", value: "GBP, USD", why },
      { op: "setField", field: "invoiceReference", template: "Web {order.number}", why },
      { op: "setOtherwise", table: "shippingAccount", outcome: { kind: "account", code: "260" }, why },
    );
    expect(spec.settings.currencies).toEqual(["GBP", "USD"]);
    expect(spec.fields.invoiceReference).toBe("Web {order.number}");
    expect(spec.tables.shippingAccount.otherwise).toEqual({ kind: "account", code: "260" });
    expect(MappingSpec.safeParse(spec).success).toBe(true);
  });

  test("add, replace, move and remove rules", () => {
    const spec = applied(
      { op: "addRule", table: "revenueAccount", position: "last", rule: rule("a"), why },
      { op: "addRule", table: "revenueAccount", position: "last", rule: rule("b"), why },
      { op: "addRule", table: "revenueAccount", position: "first", rule: rule("c"), why },
      { op: "replaceRule", table: "revenueAccount", ruleId: "b", rule: rule("b2", "200"), why },
      { op: "moveRule", table: "revenueAccount", ruleId: "b2", position: 0, why },
      { op: "removeRule", table: "revenueAccount", ruleId: "c", why },
    );
    expect(spec.tables.revenueAccount.rules.map(({ id }) => id)).toEqual(["b2", "a"]);
  });

  test("leave the base as it was", () => {
    const before = JSON.stringify(specGb);
    applied({ op: "addRule", table: "revenueAccount", position: "last", rule: rule("a"), why });
    expect(JSON.stringify(specGb)).toBe(before);
  });

  test.each<[string, Edit, RegExp]>([
    [
      "an outcome that the table does not take",
      { op: "setOtherwise", table: "revenueAccount", outcome: { kind: "unpaid" }, why },
      /decides account or hold, not unpaid/,
    ],
    [
      "a fact out of the table's sight",
      {
        op: "addRule",
        table: "payment",
        position: "last",
        rule: {
          id: "x",
          note: "",
          when: [{ op: "is", fact: "line.sku", value: "A" }],
          then: { kind: "unpaid" },
        },
        why,
      },
      /cannot look at line.sku/,
    ],
    [
      "a rule that is not there",
      { op: "removeRule", table: "revenueAccount", ruleId: "nope", why },
      /no rule "nope"/,
    ],
    [
      "an otherwise of nothing",
      { op: "setOtherwise", table: "revenueAccount", outcome: null, why },
      /needs an otherwise/,
    ],
    [
      "a setting of another kind",
      { op: "setSetting", setting: "lineAmountTypes", value: "Both", why },
      /lineAmountTypes/,
    ],
    [
      "a template with an unknown field",
      { op: "setField", field: "invoiceReference", template: "{order.secret}", why },
      /order.secret/,
    ],
    ["a stray brace", { op: "setField", field: "invoiceReference", template: "{order.number", why }, /brace/],
  ])("refuse %s", (_, edit, message) => {
    const outcome = applyEdits(specGb, [edit]);
    expect(outcome.ok).toBe(false);
    if (!outcome.ok) expect(outcome.error[0]?.message).toMatch(message);
  });

  test("refuse two rules of one id", () => {
    const edit: Edit = { op: "addRule", table: "revenueAccount", position: "last", rule: rule("a"), why };
    expect(applyEdits(specGb, [edit, edit])).toMatchObject({ ok: false, error: [{ path: "/edits/1" }] });
  });

  test("have a schema that a model can fill in: closed objects, nothing optional, no recursion", () => {
    const walk = (node: unknown): void => {
      if (node === null || typeof node !== "object") return;
      const schema = node as {
        type?: string;
        properties?: object;
        required?: string[];
        additionalProperties?: unknown;
      };
      if (schema.type === "object") {
        expect(schema.additionalProperties).toBe(false);
        expect(new Set(schema.required)).toEqual(new Set(Object.keys(schema.properties ?? {})));
      }
      for (const member of Object.values(node)) walk(member);
    };
    walk(z.toJSONSchema(Edits));
  });
});

describe("the check of a spec", () => {
  test("finds nothing wrong with the first spec", () => expect(checkSpec(specGb, orgGb)).toEqual([]));

  test.each<[string, Edit, string, string[]]>([
    [
      "an account that does not exist",
      { op: "setOtherwise", table: "shippingAccount", outcome: { kind: "account", code: "203" }, why },
      "account 203 does not exist",
      ["202 Shipping income"],
    ],
    [
      "a bank account on a line",
      { op: "setOtherwise", table: "shippingAccount", outcome: { kind: "account", code: "090" }, why },
      "account 090 is a bank account",
      [],
    ],
    [
      "a payment into an account that takes none",
      { op: "setOtherwise", table: "payment", outcome: { kind: "payment", account: "200" }, why },
      "account 200 takes no payments",
      [],
    ],
    [
      "a tax type for purchases",
      { op: "setOtherwise", table: "taxType", outcome: { kind: "taxType", taxType: "INPUT2" }, why },
      "tax type INPUT2 is not for sales",
      [],
    ],
    [
      "an option without a category",
      { op: "setOtherwise", table: "tracking1", outcome: { kind: "option", option: "Web" }, why },
      "names no tracking category",
      ["Channel"],
    ],
    [
      "a currency without subscription",
      { op: "setSetting", setting: "currencies", value: "GBP,USD", why },
      "not subscribed to USD",
      [],
    ],
    [
      "drafts that would be paid",
      { op: "setOtherwise", table: "invoiceStatus", outcome: { kind: "status", status: "DRAFT" }, why },
      "draft invoices cannot take payments",
      [],
    ],
    [
      "a rounding line that is taxed",
      { op: "setSetting", setting: "roundingTaxType", value: "OUTPUT2", why },
      "needs a tax type of 0 %",
      [],
    ],
  ])("names %s", (_, edit, message, nearest) => {
    const problems = checkSpec(applied(edit), orgGb);
    expect(problems.map((problem) => problem.message).join("\n")).toContain(message);
    for (const label of nearest) expect(problems.flatMap((problem) => problem.nearest)).toContain(label);
  });
});
