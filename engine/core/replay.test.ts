import { describe, expect, test } from "vitest";
import { applyEdits, type Edit } from "./edits.ts";
import type { MappingSpec } from "./mapping.ts";
import { Replay, replaySpecs } from "./replay.ts";
import type { CanonicalSale } from "./sale.ts";
import { orgGb, saleGb, specGb } from "./testing.ts";

const why = "asked for";

const saleOf = (number: number, group: string): CanonicalSale => ({
  ...saleGb,
  source: { ...saleGb.source, id: String(number), number: String(number) },
  customer: { ...saleGb.customer, group },
});

const sales = [saleOf(1, "General"), saleOf(2, "Wholesale"), saleOf(3, "Wholesale")];

const candidateOf = (...edits: Edit[]): MappingSpec => {
  const outcome = applyEdits(specGb, edits);
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.error));
  return outcome.value;
};

const wholesale: Edit = {
  op: "addRule",
  table: "revenueAccount",
  position: "first",
  rule: {
    id: "wholesale",
    note: "",
    when: [{ op: "is", fact: "order.customerGroup", value: "Wholesale" }],
    then: { kind: "account", code: "260" },
  },
  why,
};

describe("a replay", () => {
  test("counts the orders that change and shows what changes, with every total kept", () => {
    const replay = replaySpecs({ base: specGb, candidate: candidateOf(wholesale), sales, org: orgGb });
    expect(Replay.parse(replay)).toMatchObject({
      orders: 3,
      changed: 2,
      totalsChanged: 0,
      difference: [],
      newlyHeld: 0,
      changes: [{ field: "invoice AccountCode", before: "200", after: "260", orders: 2 }],
      sentence:
        "2 of 3 past orders change, every total stays the same, none would be held that was not before.",
    });
    expect(replay.examples.map(({ order }) => order)).toEqual(["2", "3"]);
  });

  test("of the same spec changes nothing", () => {
    const replay = replaySpecs({ base: specGb, candidate: specGb, sales, org: orgGb });
    expect(replay).toMatchObject({ changed: 0, newlyHeld: 0, stillHeld: 0 });
  });

  test("says which orders would now be held, and why", () => {
    const candidate = candidateOf({ op: "setSetting", setting: "currencies", value: "EUR", why });
    const replay = replaySpecs({ base: specGb, candidate, sales, org: orgGb });
    expect(replay).toMatchObject({
      newlyHeld: 3,
      heldBy: [{ hold: "currencyNotAllowed", orders: 3 }],
      changed: 0,
    });
  });

  test("before the first mapping counts what can be posted now", () => {
    const replay = replaySpecs({ base: null, candidate: specGb, sales, org: orgGb });
    expect(replay).toMatchObject({
      newlyPlanned: 3,
      changed: 0,
      stillHeld: 0,
      sentence: "3 of 3 past orders can be posted with this mapping, none would be held.",
    });
  });

  test("of payments that fall away names the document", () => {
    const candidate = candidateOf(
      { op: "setOtherwise", table: "payment", outcome: { kind: "unpaid" }, why },
      { op: "removeRule", table: "payment", ruleId: "pay-stripe-payments", why },
    );
    const replay = replaySpecs({ base: specGb, candidate, sales, org: orgGb });
    expect(replay.changes).toContainEqual({ field: "payment Code", before: "092", after: null, orders: 3 });
  });

  test("shows summed orders with what the summary has of them, never as held", () => {
    const byDay: Edit = {
      op: "setOtherwise",
      table: "documentUnit",
      outcome: { kind: "unit", unit: "daySummary" },
      why,
    };
    const toDays = replaySpecs({ base: specGb, candidate: candidateOf(byDay), sales, org: orgGb });
    expect(toDays).toMatchObject({ orders: 3, changed: 3, totalsChanged: 0, newlyHeld: 0, stillHeld: 0 });
    expect(toDays.changes.map(({ field }) => field)).toContain("invoice InvoiceNumber");
    const inDays = replaySpecs({
      base: candidateOf(byDay),
      candidate: candidateOf(byDay, wholesale),
      sales,
      org: orgGb,
    });
    expect(inDays).toMatchObject({ changed: 2, totalsChanged: 0, newlyHeld: 0, stillHeld: 0 });
    expect(inDays.changes).toContainEqual({
      field: "invoice AccountCode",
      before: "200",
      after: "260",
      orders: 2,
    });
  });
});
