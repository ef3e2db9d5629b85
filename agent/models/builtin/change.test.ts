import { describe, expect, it } from "vitest";
import { applyEdits } from "../../../engine/core/edits.ts";
import { demoSpec, plainSpec } from "../../testing.ts";
import { type Change, editsFor, ruleId } from "./change.ts";

const paypal = [{ op: "is", fact: "payment.method", value: "paypal_express" }] as const;
const toPayPal: Change = {
  op: "rule",
  table: "payment",
  when: paypal,
  outcome: { kind: "payment", account: "092" },
  note: "PayPal to 092",
  why: "asked for",
};

describe("edits for a change", () => {
  it("add a rule on top where no rule has these conditions", () => {
    expect(editsFor(plainSpec(), [toPayPal])).toMatchObject([
      { op: "addRule", position: "first", rule: { id: "paypal-express-092" } },
    ]);
  });

  it("replace the rule that has the very same conditions, and keep its id", () => {
    expect(editsFor(demoSpec(), [toPayPal])).toMatchObject([
      {
        op: "replaceRule",
        ruleId: "pay-paypal-express",
        rule: { id: "pay-paypal-express", then: { account: "092" } },
      },
    ]);
  });

  it("are none for what is so already", () => {
    const spec = plainSpec();
    const applied = applyEdits(spec, editsFor(spec, [toPayPal]));
    if (!applied.ok) throw new Error("the edits apply");
    expect(editsFor(applied.value, [toPayPal])).toEqual([]);
  });

  it("never take an id twice", () => {
    const other: Change = { ...toPayPal, when: [...paypal, { op: "isTrue", fact: "order.guest" }] };
    const same: Change = { ...toPayPal, when: [...paypal, { op: "isFalse", fact: "order.guest" }] };
    const spec = plainSpec();
    const applied = applyEdits(spec, editsFor(spec, [toPayPal, other, same]));
    expect(applied.ok && new Set(applied.value.tables.payment.rules.map(({ id }) => id)).size).toBe(3);
  });

  it("for everybody replace what rules say, but leave holds alone", () => {
    const hold: Change = { ...toPayPal, outcome: { kind: "hold", reason: "look first" } };
    const spec = demoSpec();
    const held = applyEdits(spec, editsFor(spec, [hold]));
    if (!held.ok) throw new Error("the edits apply");
    const edits = editsFor(held.value, [
      { op: "always", table: "payment", outcome: { kind: "unpaid" }, why: "drafts" },
    ]);
    const applied = applyEdits(held.value, edits);
    const kinds = applied.ok ? applied.value.tables.payment.rules.map(({ then }) => then.kind) : [];
    expect(kinds.filter((kind) => kind === "hold")).toHaveLength(1);
    expect(new Set(kinds)).toEqual(new Set(["hold", "unpaid"]));
  });

  it("give ids that an auditor can read", () => {
    expect(
      ruleId([{ op: "startsWith", fact: "line.sku", value: "SUB-" }], { kind: "account", code: "260" }),
    ).toBe("sku-starts-sub-260");
    expect(
      ruleId([{ op: "isTrue", fact: "order.guest" }], { kind: "sharedContact", name: "Web Guests" }),
    ).toBe("guest-web-guests");
    expect(ruleId([{ op: "is", fact: "order.customerGroup", value: "日本" }], { kind: "unpaid" })).toBe(
      "unpaid",
    );
  });
});
