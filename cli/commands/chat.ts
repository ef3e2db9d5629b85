import { createInterface } from "node:readline/promises";
import type { ModelChoice } from "../../api/ports.ts";
import { ok } from "../../engine/core/result.ts";
import { askAssistant, modelChoice, proposalsText } from "../assistant.ts";
import type { Client } from "../client.ts";
import type { Call, Command, Context } from "../command.ts";
import { EXIT } from "../exit.ts";
import { reportFailure } from "../terminal.ts";
import { withOwner } from "./with-owner.ts";

export const chat: Command = {
  usage: "[--session NAME] [--model builtin|claude]",
  about:
    "A conversation with the assistant: a line is a message, an empty end (Ctrl-D) or `exit` ends it. It proposes; you approve with `counterfoil proposals`.",
  options: {
    session: { value: "NAME", help: "go on with a conversation (letters, digits, - and _)" },
    model: { value: "NAME", help: "builtin or claude (default: claude when the server has a key)" },
  },
  words: { min: 0, max: 0, named: "nothing" },
  examples: ["chat"],
  run: (call, context) =>
    withOwner(call, context, async (client) => {
      const model = modelChoice(call);
      if (!model.ok) return model;
      await converse(client, call, context, model.value);
      return ok(EXIT.done);
    }),
};

async function converse(
  client: Client,
  call: Call,
  context: Context,
  model: ModelChoice | undefined,
): Promise<void> {
  const { terminal, stop } = context;
  const session = call.text("session") ?? context.ids.next();
  const lines = createInterface({ input: process.stdin, output: process.stderr, prompt: "> " });
  stop.addEventListener("abort", () => lines.close(), { once: true });
  let isClosed = false;
  lines.once("close", () => {
    isClosed = true;
  });
  // Input that comes from a pipe can be over while an answer still streams.
  const prompt = (): void => {
    if (!isClosed) lines.prompt();
  };
  prompt();
  for await (const line of lines) {
    const text = line.trim();
    if (text === "exit" || text === "quit") break;
    if (text !== "") {
      const answer = await askAssistant({
        client,
        terminal,
        connection: call.connection,
        session,
        text,
        model,
        stream: true,
      });
      terminal.print("");
      if (!answer.ok) reportFailure(terminal, answer.error, false);
      else if (answer.value.proposals.length > 0) terminal.print(proposalsText(answer.value.proposals));
    }
    if (stop.aborted) break;
    prompt();
  }
  lines.close();
}
