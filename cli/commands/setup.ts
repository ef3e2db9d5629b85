import { ProposalView } from "../../api/schemas/proposals.ts";
import { err, ok, type Result } from "../../engine/core/result.ts";
import { pathWith } from "../client.ts";
import type { Call, Command } from "../command.ts";
import { badInput, EXIT, type Failure } from "../exit.ts";
import { proposalText } from "../proposal-text.ts";
import { withOwner } from "./with-owner.ts";

export const setup: Command = {
  usage: "[--answer QUESTION=VALUE,...]",
  about:
    "Proposes the first mapping from the ledger's accounts and tax rates and the store's settings, says what it took for granted, and asks what it cannot know. Nothing is posted until a person has approved it. Give answers and run it again as often as you like.",
  options: { answer: { value: "Q=V,...", help: "answers, by the question's id; several with commas" } },
  words: { min: 0, max: 0, named: "nothing" },
  examples: ["setup", "setup --answer revenueAccount=200,payment.checkmo=090"],
  run: (call, context) =>
    withOwner(call, context, async (client) => {
      const answers = answersOf(call);
      if (!answers.ok) return answers;
      const path = pathWith("/api/setup", { connection: call.connection });
      const proposal = await client.post(path, { answers: answers.value }, ProposalView);
      if (!proposal.ok) return proposal;
      if (call.json) context.terminal.json(proposal.value);
      else context.terminal.print(proposalText(context.terminal, proposal.value));
      return ok(EXIT.done);
    }),
};

function answersOf(call: Call): Result<Readonly<Record<string, string>>, Failure> {
  const parts = call
    .texts("answer")
    .join(",")
    .split(",")
    .filter((part) => part !== "");
  const pairs: [string, string][] = [];
  for (const part of parts) {
    const at = part.indexOf("=");
    if (at < 1)
      return err(badInput(`--answer ${part}: QUESTION=VALUE was expected.`, "See: counterfoil setup"));
    pairs.push([part.slice(0, at).trim(), part.slice(at + 1).trim()]);
  }
  return ok(Object.fromEntries(pairs));
}
