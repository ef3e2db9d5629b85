/**
 * The loop: prepare, gate, run, record. It streams what the model says, runs the tools that the gates let through, and
 * hands their results back until the model has nothing more to call. It decides nothing itself.
 */
import type { Clock, Log } from "../engine/ports.ts";
import { callTool, type ToolOutcome } from "../tools/call.ts";
import type { ToolContext } from "../tools/define.ts";
import { inputSchemaOf } from "../tools/json-schema.ts";
import type { Registry } from "../tools/registry.ts";
import type { ChatEvent } from "./events.ts";
import { callRefusal, TURN_LIMITS, type TurnLimits } from "./gate.ts";
import type {
  Model,
  ModelAnswer,
  ModelFailure,
  ToolResultBlock,
  ToolSpec,
  ToolUseBlock,
} from "./models/model.ts";
import { labelOf, proposalCard } from "./present.ts";
import { SYSTEM_PROMPT } from "./prompt.ts";
import { addUsage, type Conversation, tokensOf } from "./session.ts";

export type Turn = {
  readonly model: Model;
  readonly registry: Registry;
  readonly conversation: Conversation;
  /** everything a tool needs but the session, which is the conversation's */
  readonly context: Omit<ToolContext, "session" | "log">;
  /** what the person says */
  readonly text: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly limits?: TurnLimits;
};

/** Runs one message of a person to its end. The last event is `done` or `error`; the conversation stays usable after both. */
export async function* converse(turn: Turn): AsyncGenerator<ChatEvent> {
  const { conversation, text } = turn;
  conversation.messages.push({ role: "user", content: [{ type: "text", text }] });
  try {
    yield* rounds(turn, turn.limits ?? TURN_LIMITS);
  } finally {
    // A reader that goes away stops the loop at any yield; a call without a result would spoil the next message.
    answerOpenCalls(conversation);
  }
}

async function* rounds(turn: Turn, limits: TurnLimits): AsyncGenerator<ChatEvent> {
  const { conversation, context } = turn;
  const before = conversation.messages.length - 1;
  let calls = 0;
  for (let round = 0; round < limits.turnsMax; round += 1) {
    if (tokensOf(conversation.usage) >= limits.tokensMax) return yield stopped("tokenCap", limits.tokensMax);
    const spoken = yield* speak(turn);
    if ("failure" in spoken) return yield errorOf(spoken.failure);
    const { content, stop } = spoken.answer;
    if (stop === "refusal") {
      // A refused message has no content to go on from, and what led to it would be refused again.
      conversation.messages.length = before;
      return yield DECLINED;
    }
    if (content.length > 0) conversation.messages.push({ role: "assistant", content });
    if (stop === "pause") continue;
    const uses = content.filter((block) => block.type === "tool_use");
    if (uses.length === 0) return yield { t: "done", stop, usage: conversation.usage };
    const refusalAt = (index: number) => callRefusal(stop, calls + index, limits);
    const results = yield* runCalls(turn, uses, refusalAt);
    calls += uses.length;
    conversation.messages.push({ role: "user", content: results });
    if (context.signal.aborted) return yield errorOf(ABORTED);
  }
  yield stopped("tooManyTurns", limits.turnsMax);
}

function answerOpenCalls({ messages }: Conversation): void {
  const last = messages.at(-1);
  if (last?.role !== "assistant") return;
  const open = last.content.filter((block) => block.type === "tool_use");
  if (open.length === 0) return;
  const content = JSON.stringify({ kind: "aborted", message: "Stopped before it ran to its end.", next: "" });
  messages.push({
    role: "user",
    content: open.map(({ id }) => ({ type: "tool_result", tool_use_id: id, content, is_error: true })),
  });
}

async function* speak(
  turn: Turn,
): AsyncGenerator<ChatEvent, { readonly answer: ModelAnswer } | { readonly failure: ModelFailure }> {
  const { model, registry, conversation, context, log } = turn;
  const request = {
    system: SYSTEM_PROMPT,
    tools: [...registry.values()].map(toolSpec),
    messages: conversation.messages,
    signal: context.signal,
  };
  for await (const event of model.stream(request)) {
    if (event.kind === "text") yield { t: "text", s: event.text };
    if (event.kind === "failed") {
      log("agent.modelFailed", { model: model.id, kind: event.failure.kind });
      return { failure: event.failure };
    }
    if (event.kind === "answer") {
      conversation.usage = addUsage(conversation.usage, event.answer.usage);
      return { answer: event.answer };
    }
  }
  return { failure: SILENT };
}

const toolSpec = (tool: Parameters<typeof inputSchemaOf>[0]): ToolSpec => ({
  name: tool.name,
  description: tool.description,
  inputSchema: inputSchemaOf(tool),
});

type Settled = { readonly use: ToolUseBlock; readonly outcome: ToolOutcome; readonly ms: number };

/** Neighbouring reads run at the same time; everything else runs alone and in order. Every call gets a result. */
async function* runCalls(
  turn: Turn,
  uses: readonly ToolUseBlock[],
  refusalAt: (index: number) => ReturnType<typeof callRefusal>,
): AsyncGenerator<ChatEvent, ToolResultBlock[]> {
  const results: ToolResultBlock[] = [];
  for (const group of groupsOf(uses, turn.registry)) {
    for (const { use } of group)
      yield {
        t: "tool",
        v: { id: use.id, name: use.name, label: labelOf(turn.registry, use), args: use.input },
      };
    const settled = await Promise.all(
      group.map(async ({ use, index }): Promise<Settled> => {
        const startedMs = turn.clock.now().getTime();
        const refusal = refusalAt(index);
        const outcome = refusal === undefined ? await run(turn, use) : { ok: false as const, error: refusal };
        return { use, outcome, ms: turn.clock.now().getTime() - startedMs };
      }),
    );
    for (const { use, outcome, ms } of settled) {
      const out = outcome.ok ? outcome.value : outcome.error;
      yield { t: "result", id: use.id, ok: outcome.ok, out, ms };
      const card = outcome.ok ? proposalCard(turn.registry, use, outcome.value) : undefined;
      if (card !== undefined) yield { t: "proposal", v: card };
      results.push({
        type: "tool_result",
        tool_use_id: use.id,
        content: JSON.stringify(out),
        is_error: !outcome.ok,
      });
    }
  }
  return results;
}

const run = ({ registry, context, conversation, log }: Turn, use: ToolUseBlock): Promise<ToolOutcome> =>
  callTool(registry, use.name, use.input, { ...context, session: conversation.tools, log });

type Indexed = { readonly use: ToolUseBlock; readonly index: number };

function groupsOf(uses: readonly ToolUseBlock[], registry: Registry): Indexed[][] {
  const groups: Indexed[][] = [];
  const isRead = (use: ToolUseBlock) => registry.get(use.name)?.effect === "read";
  for (const [index, use] of uses.entries()) {
    const last = groups.at(-1);
    const joins = last !== undefined && isRead(use) && last.every((member) => isRead(member.use));
    if (joins) last.push({ use, index });
    else groups.push([{ use, index }]);
  }
  return groups;
}

const ABORTED: ModelFailure = { kind: "aborted", message: "Stopped.", retryable: true };
const SILENT: ModelFailure = { kind: "unreachable", message: "The model gave no answer.", retryable: true };

const DECLINED: ChatEvent = {
  t: "error",
  code: "refusal",
  message: "The model declined this request.",
  retryable: false,
};

const errorOf = ({ kind, message, retryable }: ModelFailure): ChatEvent => ({
  t: "error",
  code: kind,
  message,
  retryable,
});

const stopped = (code: "tokenCap" | "tooManyTurns", max: number): ChatEvent => ({
  t: "error",
  code,
  message:
    code === "tokenCap"
      ? `This conversation has used its ${max} tokens. Start a new one.`
      : `The assistant stopped after ${max} steps without an answer. Ask again in smaller parts.`,
  retryable: false,
});
