/** One request to the assistant: its answer as it comes, its tool calls and the proposals that came of it. */
import { z } from "zod";
import { MODEL_CHOICES, type ModelChoice } from "../api/ports.ts";
import { err, ok, type Result } from "../engine/core/result.ts";
import { type Client, pathWith } from "./client.ts";
import type { Call } from "./command.ts";
import { badInput, type Failure, failed } from "./exit.ts";
import type { Terminal } from "./terminal.ts";

export type Question = {
  readonly client: Client;
  readonly terminal: Terminal;
  readonly connection: string | undefined;
  readonly session: string;
  readonly text: string;
  readonly model: ModelChoice | undefined;
  /** False where only the whole answer is wanted. */
  readonly stream: boolean;
};

export type Answer = {
  readonly text: string;
  readonly calls: readonly { readonly name: string; readonly ok: boolean }[];
  readonly proposals: readonly {
    readonly id: string;
    readonly title: string;
    readonly impact: string | null;
  }[];
};

/** The chat's events (api/ports.ts), as far as a terminal shows them; later ones are passed over. */
const Event = z.discriminatedUnion("t", [
  z.object({ t: z.literal("text"), s: z.string() }),
  z.object({ t: z.literal("tool"), v: z.object({ id: z.string(), name: z.string(), label: z.string() }) }),
  z.object({ t: z.literal("result"), id: z.string(), ok: z.boolean() }),
  z.object({
    t: z.literal("proposal"),
    v: z.object({ id: z.string(), title: z.string(), impact: z.string().nullable() }),
  }),
  z.object({ t: z.literal("done") }),
  z.object({ t: z.literal("error"), code: z.string(), message: z.string() }),
]);
type Tool = { readonly name: string; readonly label: string; ok: boolean };

export async function askAssistant(question: Question): Promise<Result<Answer, Failure>> {
  const { client, terminal, connection, session, text, model, stream } = question;
  const events = await client.stream(pathWith("/api/chat", { connection }), { text, session, model });
  if (!events.ok) return events;
  const said: string[] = [];
  const tools = new Map<string, Tool>();
  const proposals: Answer["proposals"][number][] = [];
  for await (const { data } of events.value) {
    const event = Event.safeParse(JSON.parse(data)).data;
    switch (event?.t) {
      case "text":
        said.push(event.s);
        if (stream) terminal.stream(event.s);
        break;
      case "tool":
        tools.set(event.v.id, { ...event.v, ok: false });
        break;
      case "result":
        noteResult(terminal, tools.get(event.id), event.ok);
        break;
      case "proposal":
        proposals.push(event.v);
        break;
      case "error":
        return err(failed(event.code, event.message, "Nothing was approved or posted by this request."));
      case "done": {
        const calls = [...tools.values()].map(({ name, ok }) => ({ name, ok }));
        return ok({ text: said.join(""), calls, proposals });
      }
    }
  }
  return err(failed("interrupted", "The answer ended before it was complete.", "Ask again."));
}

function noteResult(terminal: Terminal, tool: Tool | undefined, fine: boolean): void {
  if (tool === undefined) return;
  tool.ok = fine;
  terminal.note(`  ${fine ? "✓" : "✗"} ${tool.label}`);
}

/** `--model`, or undefined where the server's own choice is good. */
export function modelChoice(call: Call): Result<ModelChoice | undefined, Failure> {
  const text = call.text("model");
  const choice = MODEL_CHOICES.find((known) => known === text);
  if (text === undefined || choice !== undefined) return ok(choice);
  return err(badInput(`--model ${text}: ${MODEL_CHOICES.join(" or ")} was expected.`, "Nothing was asked."));
}

/** What a person does with the proposals of an answer. */
export const proposalsText = (proposals: Answer["proposals"]): string =>
  proposals.map(({ id, title }) => `Proposal ${id}: ${title}\n  counterfoil proposals show ${id}`).join("\n");
