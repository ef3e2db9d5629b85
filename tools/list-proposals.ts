import { z } from "zod";
import { ok } from "../engine/core/result.ts";
import { defineTool } from "./define.ts";
import { failed } from "./failure.ts";
import { capped } from "./untrusted.ts";
import { Cursor, limitOf, NextCursor } from "./views.ts";

export const ProposalList = z.object({
  proposals: z.array(
    z.object({
      proposal: z.string().describe("id"),
      kind: z.string(),
      title: z.string(),
      state: z.string(),
      proposedBy: z.string(),
      proposedAt: z.string(),
      replayed: z.int().nullable().describe("past orders in the replay"),
      changed: z.int().nullable().describe("of these, how many would change"),
    }),
  ),
  total: z.int(),
  nextCursor: NextCursor,
});

export const listProposals = defineTool({
  name: "list_proposals",
  title: "List proposals",
  description:
    "Proposals, newest first: what waits for a person (state open) and what was decided. Use it when someone asks what is waiting " +
    "or what became of a request. Next: preview_proposal for one in full, request_approval for its link.",
  effect: "read",
  input: z.object({
    state: z
      .enum(["open", "approved", "rejected", "stale"])
      .nullable()
      .default(null)
      .describe("only this state; leave out for all"),
    limit: limitOf(100, 20),
    cursor: Cursor,
  }),
  output: ProposalList,
  run: async ({ state, limit, cursor }, { engine, connection }) => {
    const page = await engine.proposals(connection, {
      limit,
      ...(state !== null && { state }),
      ...(cursor !== null && { cursor }),
    });
    if (!page.ok) return failed(page.error);
    const proposals = page.value.items.map((item) => ({
      proposal: item.id,
      kind: item.kind,
      title: capped(item.title, 70),
      state: item.state,
      proposedBy: capped(item.proposedBy, 40),
      proposedAt: item.proposedAt,
      replayed: item.replay?.orders ?? null,
      changed: item.replay?.changed ?? null,
    }));
    return ok({ proposals, total: page.value.total, nextCursor: page.value.nextCursor });
  },
});
