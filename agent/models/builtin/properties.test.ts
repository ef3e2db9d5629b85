/** Whatever is said: no crash, only values from the shop's lists, and edits that the mapping takes. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkSpec } from "../../../engine/core/check-spec.ts";
import { applyEdits, Edits } from "../../../engine/core/edits.ts";
import { callTool } from "../../../tools/call.ts";
import { registry } from "../../../tools/registry.ts";
import { demoContext, demoEngine, demoShop, demoSpec } from "../../testing.ts";
import { planRequest } from "./planner.ts";
import { routeOf } from "./router.ts";
import { SHOP_TOOLS, shopOf } from "./shop.ts";

const SEED = 20_261_124;
const RUNS = 400;

/** Words that mean something to the planner, and some that do not. */
const WORDS =
  `book put code move shipping postage sales goods discounts payments money invoices orders customers group category
  account tracking tax vat reference prefix draft approved due days contact guests hold above under 5000 £10 30 20% 202 205 260 480
  091 999 to into from for not instead of rather than and , . ; : all every except outside uk the us France EU Wholesale Retailer
  General Gift Boxes Kitchen Books uk_en eu_en trade Web Marketplace Channel Region PayPal Stripe cheque bank transfer zero rated
  exempt SKU SUB- WEB- "Web Guests" sku starts with order number customer name separate line net end month next remove rule
  stop don't please should never overseas paid unpaid when if only 1 October 2026 currency USD rounding pence`
    .split(/\s+/)
    .filter((word) => word !== "");

async function demo() {
  const context = demoContext(demoEngine());
  const results = new Map<string, unknown>();
  for (const tool of SHOP_TOOLS) {
    const outcome = await callTool(registry, tool, {}, context);
    if (outcome.ok) results.set(tool, outcome.value);
  }
  const shop = shopOf(results);
  if (shop === undefined) throw new Error("the shop's lists are incomplete");
  return shop;
}

describe("any sentence of the trade's words", () => {
  it("becomes edits that parse, apply and mean something in the organisation, or a question, or a refusal", async () => {
    const shop = await demo();
    const { org } = demoShop();
    const spec = demoSpec();
    const kinds = new Map<string, number>();
    const sentence = fc
      .array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 22 })
      .map((words) => words.join(" "));
    fc.assert(
      fc.property(sentence, (request) => {
        const plan = planRequest(request, shop);
        kinds.set(plan.kind, (kinds.get(plan.kind) ?? 0) + 1);
        if (plan.kind === "ask") {
          expect(plan.question.trim()).not.toBe("");
          planRequest(plan.answered("202"), shop);
        }
        if (plan.kind !== "edits") return;
        expect(Edits.safeParse(plan.edits).success).toBe(true);
        const applied = applyEdits(spec, plan.edits);
        expect(applied).toMatchObject({ ok: true });
        if (applied.ok) expect(checkSpec(applied.value, org)).toEqual([]);
      }),
      { seed: SEED, numRuns: RUNS },
    );
    // The property would be empty if hardly a sentence became a change.
    expect(kinds.get("edits") ?? 0).toBeGreaterThan(RUNS / 20);
  });
});

describe("any text at all", () => {
  it("is routed and planned without a crash", async () => {
    const shop = await demo();
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 300 }), (text) => {
        routeOf(text);
        planRequest(text, shop);
      }),
      { seed: SEED, numRuns: RUNS },
    );
    expect(planRequest("x".repeat(200_000), shop).kind).toBe("unclear");
  });
});
