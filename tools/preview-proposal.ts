import { z } from "zod";
import { ok } from "../engine/core/result.ts";
import { defineTool } from "./define.ts";
import { failed } from "./failure.ts";
import { ProposalView, proposalView } from "./proposal-view.ts";
import { ProposalId } from "./views.ts";

export const previewProposal = defineTool({
  name: "preview_proposal",
  title: "Show a proposal",
  description:
    "One proposal in full: its edits or its document, the replay over past orders that was frozen with it, and its state. Use it " +
    "to explain what approving would do. It changes nothing. Next: request_approval, or propose_mapping with better edits.",
  effect: "read",
  input: z.object({ proposal: ProposalId }),
  output: ProposalView,
  run: async ({ proposal }, context) => {
    const found = await context.engine.proposal(context.connection, proposal);
    return found.ok ? ok(proposalView(found.value, context)) : failed(found.error);
  },
});
