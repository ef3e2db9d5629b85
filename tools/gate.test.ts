import { describe, expect, it } from "vitest";
import { demoContext, demoEngine, demoShop, olive, vic } from "../agent/testing.ts";
import type { Edit } from "../engine/core/edits.ts";
import { callTool } from "./call.ts";
import { closedSetFault, TAINTED_EDITS_MAX } from "./closed-sets.ts";
import { registry } from "./registry.ts";
import { openSession, SESSION_LIMITS } from "./session.ts";

const unpaid: Edit = {
  op: "addRule",
  table: "payment",
  position: "first",
  why: "asked for",
  rule: {
    id: "checkmo-unpaid",
    note: "cheques stay open",
    when: [{ op: "is", fact: "payment.method", value: "checkmo" }],
    then: { kind: "unpaid" },
  },
};
const proposal = { title: "cheques stay open", edits: [unpaid] };

describe("roles", () => {
  const effects = [...registry.values()].map(({ name, effect }) => ({ name, effect }));

  it.each(effects.filter(({ effect }) => effect !== "read"))(
    "a viewer cannot call $name",
    async ({ name }) => {
      const input = name === "propose_mapping" ? proposal : { order: "000000001", proposal: "p-1" };
      const engine = demoEngine();
      const outcome = await callTool(registry, name, input, demoContext(engine, { actor: vic }));
      expect(outcome).toMatchObject({ ok: false, error: { kind: "forbidden" } });
      expect(engine.asked).toEqual([]);
    },
  );

  it("a viewer can read, an operator can propose", async () => {
    expect(
      await callTool(registry, "get_mapping", {}, demoContext(demoEngine(), { actor: vic })),
    ).toMatchObject({ ok: true });
    expect(
      await callTool(registry, "propose_mapping", proposal, demoContext(demoEngine(), { actor: olive })),
    ).toMatchObject({ ok: true });
  });
});

describe("limits of a session", () => {
  it("lets the last proposal through and not the next", async () => {
    const session = openSession({ proposals: SESSION_LIMITS.proposalsMax - 1 });
    const context = demoContext(demoEngine(), { session });
    expect(await callTool(registry, "propose_mapping", proposal, context)).toMatchObject({ ok: true });
    expect(await callTool(registry, "propose_mapping", proposal, context)).toMatchObject({
      error: { kind: "limitReached" },
    });
  });

  it("counts no call whose input is wrong", async () => {
    const session = openSession();
    await callTool(
      registry,
      "propose_mapping",
      { title: "", edits: [] },
      demoContext(demoEngine(), { session }),
    );
    expect(session.proposals).toBe(0);
  });

  it("never limits reads", async () => {
    const session = openSession({ proposals: 99, acts: 99, tainted: true });
    const context = demoContext(demoEngine(), { session });
    expect(await callTool(registry, "get_sync_status", {}, context)).toMatchObject({ ok: true });
  });
});

describe("a tainted session", () => {
  const rule = (more: object): Edit => ({ ...unpaid, rule: { ...unpaid.rule, ...more } }) as Edit;
  const ALLOWED: Record<string, Edit> = {
    "a rule over the shop's lists": unpaid,
    "an account of the chart": rule({ then: { kind: "payment", account: "091" } }),
    "a figure": rule({ when: [{ op: "above", fact: "order.grandTotal", value: "5000" }] }),
    "a flag": rule({ when: [{ op: "isTrue", fact: "order.guest" }] }),
    "a setting with a closed list": { op: "setSetting", setting: "discounts", value: "visible", why: "x" },
    "a tracking category of the ledger": {
      op: "setSetting",
      setting: "tracking1Category",
      value: "Channel",
      why: "x",
    },
    "removing a rule": { op: "removeRule", table: "payment", ruleId: "pay-checkmo", why: "x" },
  };
  const REFUSED: Record<string, Edit> = {
    "a template": { op: "setField", field: "invoiceReference", template: "{order.number}", why: "x" },
    "a prefix": { op: "setSetting", setting: "numberPrefix", value: "X-", why: "x" },
    "a rounding limit": { op: "setSetting", setting: "roundingLimit", value: "100", why: "x" },
    "a tracking category that does not exist": {
      op: "setSetting",
      setting: "tracking1Category",
      value: "Nope",
      why: "x",
    },
    "a currency that the organisation lacks": {
      op: "setSetting",
      setting: "currencies",
      value: "GBP,XXX",
      why: "x",
    },
    "a contact name": rule({ then: { kind: "sharedContact", name: "Evil" } }),
    "a reason of its own": rule({ then: { kind: "hold", reason: "call 555" } }),
    "an account that does not exist": rule({ then: { kind: "payment", account: "666" } }),
    "a group that does not exist": rule({ when: [{ op: "is", fact: "order.customerGroup", value: "Evil" }] }),
    "a condition on a buyer's text": rule({
      when: [{ op: "contains", fact: "order.shipPostcode", value: "EV" }],
    }),
    "one bad value among good ones": rule({
      when: [{ op: "oneOf", fact: "payment.method", values: ["checkmo", "evil"] }],
    }),
  };

  it.each(Object.entries(ALLOWED))("may propose %s", (_, edit) => {
    expect(closedSetFault([edit], demoShop())).toBeUndefined();
  });

  it.each(Object.entries(REFUSED))("may not propose %s", (_, edit) => {
    expect(closedSetFault([edit], demoShop())).toMatchObject({ kind: "tainted" });
  });

  it("may not propose in bulk", () => {
    const edits = Array.from({ length: TAINTED_EDITS_MAX }, () => unpaid);
    expect(closedSetFault(edits, demoShop())).toBeUndefined();
    expect(closedSetFault([...edits, unpaid], demoShop())).toMatchObject({ kind: "tainted" });
  });

  it("stays tainted", async () => {
    const session = openSession();
    const context = demoContext(demoEngine(), { session });
    await callTool(registry, "get_order", { order: "000000001", include: "text" }, context);
    expect(session.tainted).toBe(true);
    await callTool(registry, "get_order", { order: "000000001" }, context);
    expect(session.tainted).toBe(true);
    expect(await callTool(registry, "propose_setup", {}, context)).toMatchObject({
      error: { kind: "tainted" },
    });
  });
});
