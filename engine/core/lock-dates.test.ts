import { describe, expect, test } from "vitest";
import type { MappingSpec } from "./mapping.ts";
import { specGb, withSettings, withTables } from "./testing.ts";
import { bodyOf, type Given, held, memoOf, planned, postedOf, refunded, stepsOf } from "./testing-refunds.ts";

describe("a locked period", () => {
  const late = memoOf({ at: "2026-11-10T10:00:00Z" });
  const given = (lockedPeriod: MappingSpec["settings"]["lockedPeriod"]): Given => ({
    sale: refunded(late),
    spec: withSettings(specGb, { lockedPeriod }),
    posted: postedOf(planned({})),
    lock: "2026-11-30",
  });

  test("holds a credit note by default, although its invoice is locked away with it", () => {
    expect(held(given("hold")).hold).toBe("periodLocked");
  });

  test("moves note and money to the first open day, with the day that they belong to in the reference", () => {
    const plan = planned(given("firstOpenDay"));
    expect(bodyOf(plan, "credit-note-71")).toMatchObject({
      Date: "2026-12-01",
      Reference: "000000017 000000071 (dated 2026-11-10)",
    });
    expect(bodyOf(plan, "refund-71")).toMatchObject({
      Date: "2026-12-01",
      Reference: "000000017 re_1 (dated 2026-11-10)",
    });
    const note = plan.documents.find(({ step }) => step === "credit-note-71");
    expect(note?.lineage["/Date"]).toMatchObject({ by: expect.stringContaining("moved from 2026-11-10") });
  });

  test("makes the note a draft that waits for a person", () => {
    const plan = planned(given("draft"));
    expect(bodyOf(plan, "credit-note-71")).toMatchObject({ Status: "DRAFT", Date: "2026-12-01" });
    expect(stepsOf(plan)).not.toContain("refund-71");
  });

  test("does the same to invoices: the payment of a draft waits, and terms count from the sale", () => {
    const spec = withSettings(
      withTables(specGb, {
        terms: { rules: [], otherwise: { kind: "terms", days: 60, from: "invoiceDate" } },
      }),
      { lockedPeriod: "firstOpenDay" },
    );
    const moved = bodyOf(planned({ spec, lock: "2026-11-30" }), "invoice");
    expect(moved).toMatchObject({
      Date: "2026-12-01",
      DueDate: "2026-12-30",
      Reference: "000000017 (dated 2026-10-31)",
    });
    const draft = planned({ spec: withSettings(specGb, { lockedPeriod: "draft" }), lock: "2026-11-30" });
    expect([bodyOf(draft, "invoice").Status, stepsOf(draft)]).toEqual(["DRAFT", ["contact", "invoice"]]);
    expect(draft.warnings).toEqual([expect.stringContaining("lockedPeriod")]);
  });
});
