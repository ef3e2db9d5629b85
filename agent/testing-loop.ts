/** A conversation for tests: the real loop, gate and tools, with a model of the test's choice. */
import type { Actor } from "../engine/api.ts";
import { registry } from "../tools/registry.ts";
import type { ChatEvent, ProposalCard } from "./events.ts";
import type { TurnLimits } from "./gate.ts";
import { converse } from "./loop.ts";
import { builtinModel } from "./models/builtin.ts";
import type { Model } from "./models/model.ts";
import { type Conversation, openConversation } from "./session.ts";
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
};

export async function ask(engine: DemoEngine, text: string, more: More = {}): Promise<Said> {
  const events: ChatEvent[] = [];
  const { session: _session, ...context } = demoContext(engine, {
    ...(more.actor !== undefined && { actor: more.actor }),
    ...(more.signal !== undefined && { signal: more.signal }),
  });
  const turn = converse({
    model: more.model ?? builtinModel(),
    registry,
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
