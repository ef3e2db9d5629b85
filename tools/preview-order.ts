import { z } from "zod";
import { ok } from "../engine/core/result.ts";
import { defineTool } from "./define.ts";
import { failed } from "./failure.ts";
import { HeldView, heldView, OrderNumber, PlanView, ProposalId, planView } from "./views.ts";

export const OrderPreview = z.object({
  order: z.string(),
  status: z.enum(["planned", "held"]),
  plan: PlanView.nullable(),
  hold: HeldView.nullable(),
});

export const previewOrder = defineTool({
  name: "preview_order",
  title: "Preview what an order becomes",
  description:
    "Plans one order by the approved mapping, or by the candidate of a proposal, and saves nothing: the ledger documents with " +
    'accounts, tax types, amounts and dates, or the reason why it would be held. Use it for "what would order X become?". ' +
    "The figures are the engine's; repeat them, never compute any.",
  effect: "read",
  input: z.object({
    order: OrderNumber,
    proposal: ProposalId.nullable()
      .default(null)
      .describe("plan by this proposal's candidate; leave out for the approved mapping"),
  }),
  output: OrderPreview,
  run: async ({ order, proposal }, { engine, connection }) => {
    const found = proposal === null ? undefined : await engine.proposal(connection, proposal);
    if (found !== undefined && !found.ok) return failed(found.error);
    const candidate = found?.value.candidate ?? undefined;
    const outcome = await engine.preview(connection, order, candidate);
    if (!outcome.ok) return failed(outcome.error);
    if (outcome.value.status === "held")
      return ok({ order, status: "held" as const, plan: null, hold: heldView(outcome.value.held) });
    return ok({ order, status: "planned" as const, plan: planView(outcome.value.plan), hold: null });
  },
});
