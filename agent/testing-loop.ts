/** A conversation for tests: the real loop, gate and tools, with a model of the test's choice. */
import type { Actor } from "../engine/api.ts";
import { type Registry, registry } from "../tools/registry.ts";
import type { ChatEvent, ProposalCard } from "./events.ts";
import type { TurnLimits } from "./gate.ts";
import { converse } from "./loop.ts";
import { builtinModel } from "./models/builtin.ts";
import type { AssistantBlock, Model, ModelAnswer, ModelRequest } from "./models/model.ts";
import { type Conversation, NO_USAGE, openConversation } from "./session.ts";
import { type DemoEngine, demoContext } from "./testing.ts";

/** What came of one message: the text, the tools that were called, and the proposals that were made. */
export type Said = {
  readonly text: string;
  readonly tools: readonly string[];
  readonly proposals: readonly ProposalCard[];
  readonly events: readonly ChatEvent[];
};

type More = {
  readonly model?: Model;
  readonly conversation?: Conversation;
  readonly limits?: TurnLimits;
  readonly signal?: AbortSignal;
  readonly actor?: Actor;
  readonly registry?: Registry;
};

export async function ask(engine: DemoEngine, text: string, more: More = {}): Promise<Said> {
  const events: ChatEvent[] = [];
  const { session: _session, ...context } = demoContext(engine, {
    ...(more.actor !== undefined && { actor: more.actor }),
    ...(more.signal !== undefined && { signal: more.signal }),
  });
  const turn = converse({
    model: more.model ?? builtinModel(),
    registry: more.registry ?? registry,
    conversation: more.conversation ?? openConversation(),
    context,
    text,
    clock: { now: () => new Date(0) },
    log: () => undefined,
    ...(more.limits !== undefined && { limits: more.limits }),
  });
  for await (const event of turn) events.push(event);
  return {
    events,
    text: events.flatMap((event) => (event.t === "text" ? [event.s] : [])).join(""),
    tools: events.flatMap((event) => (event.t === "tool" ? [event.v.name] : [])),
    proposals: events.flatMap((event) => (event.t === "proposal" ? [event.v] : [])),
  };
}

type Step = (request: ModelRequest, index: number) => Partial<ModelAnswer> & Pick<ModelAnswer, "content">;

/** A model that says what the test wrote down; after the last step it repeats it. */
export function scripted(...steps: readonly Step[]): Model {
  let index = 0;
  return {
    id: "scripted",
    stream: async function* (request) {
      const step = steps[Math.min(index, steps.length - 1)];
      if (step === undefined) throw new Error("the script is empty");
      const answer = step(request, index);
      index += 1;
      for (const block of answer.content) if (block.type === "text") yield { kind: "text", text: block.text };
      const calls = answer.content.some((block) => block.type === "tool_use");
      yield { kind: "answer", answer: { stop: calls ? "toolUse" : "end", usage: NO_USAGE, ...answer } };
    },
  };
}

let uses = 0;
export const use = (name: string, input: unknown = {}): AssistantBlock => {
  uses += 1;
  return { type: "tool_use", id: `use-${uses}`, name, input };
};
export const text = (words: string): AssistantBlock => ({ type: "text", text: words });
