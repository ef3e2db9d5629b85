import { z } from "zod";
import { ok } from "../engine/core/result.ts";
import { defineTool } from "./define.ts";
import { failed } from "./failure.ts";
import { ProposalView, proposalView } from "./proposal-view.ts";

const ANSWERS_MAX = 40;

export const proposeSetup = defineTool({
  name: "propose_setup",
  title: "Propose the first mapping",
  description:
    "Proposes the first mapping from the chart of accounts, tax rates, store settings and past orders. Use it when get_mapping " +
    "fails with noMapping, or when a person asks to set up or to start afresh. What it cannot know comes back under `questions` " +
    "with options: ask the person, then call it again with all answers so far. For a change of one thing use propose_mapping.",
  effect: "propose",
  input: z.object({
    answers: z
      .array(
        z.object({
          id: z.string().min(1).max(80).describe("id of the question"),
          value: z.string().min(1).max(200).describe("value of the chosen option"),
        }),
      )
      .max(ANSWERS_MAX)
      .default([])
      .describe("answers to the questions of an earlier call; leave out at first"),
  }),
  output: ProposalView,
  taintFault: async () => ({
    kind: "tainted",
    message: "This session has read text that strangers wrote; a whole mapping is never proposed from it.",
    next: "Ask the person to start a new conversation for the set-up.",
  }),
  run: async ({ answers }, context) => {
    const { engine, connection, actor } = context;
    const given = Object.fromEntries(answers.map(({ id, value }) => [id, value]));
    const proposed = await engine.proposeSetup(connection, given, actor);
    return proposed.ok ? ok(proposalView(proposed.value, context)) : failed(proposed.error);
  },
});
