import { ok } from "../../engine/core/result.ts";
import { askAssistant, modelChoice, proposalsText } from "../assistant.ts";
import type { Command } from "../command.ts";
import { EXIT } from "../exit.ts";
import { withOwner } from "./with-owner.ts";

const WORDS_MAX = 1_000;

export const ask: Command = {
  usage: "TEXT [--session NAME] [--model builtin|claude]",
  about:
    "Asks the assistant for one thing in plain English and prints its answer; what it looked up goes to stderr, proposals come at the end. It proposes, and you approve with `counterfoil proposals`. When it asks back, answer in the same --session.",
  options: {
    session: { value: "NAME", help: "go on with a conversation (letters, digits, - and _)" },
    model: { value: "NAME", help: "builtin or claude (default: claude when the server has a key)" },
  },
  words: { min: 1, max: WORDS_MAX, named: "what you want, in quotes" },
  examples: [
    'ask "put shipping on its own line in account 202"',
    'ask "why is order 000000012 held?" --json',
  ],
  run: (call, context) =>
    withOwner(call, context, async (client) => {
      const { terminal } = context;
      const model = modelChoice(call);
      if (!model.ok) return model;
      const session = call.text("session") ?? context.ids.next();
      const text = call.words.join(" ");
      const stream = !call.json;
      const answer = await askAssistant({
        client,
        terminal,
        connection: call.connection,
        session,
        text,
        model: model.value,
        stream,
      });
      if (!answer.ok) return answer;
      if (call.json) terminal.json({ session, ...answer.value });
      else {
        terminal.print("");
        const { proposals } = answer.value;
        if (proposals.length > 0) terminal.print(`\n${proposalsText(proposals)}`);
        terminal.note(`To go on: counterfoil ask --session ${session} "..."`);
      }
      return ok(EXIT.done);
    }),
};
