/** The conversation as the built-in model sees it: this turn's request with its tool calls, and what was said before. */
import type { Message, ToolUseBlock } from "../model.ts";

export type Called = {
  readonly name: string;
  readonly input: unknown;
  readonly ok: boolean;
  /** the tool's output, or its failure { kind, message, next } */
  readonly value: unknown;
};

export type Exchange = {
  readonly said: string;
  readonly called: readonly Called[];
  /** the last thing that the model said in this exchange */
  readonly answered: string;
};

/** Every message of the person with what followed it, oldest first; the last one is the turn that is under way. */
export function exchangesOf(messages: readonly Message[]): Exchange[] {
  const starts = messages.flatMap((message, index) => (saidIn(message) === undefined ? [] : [index]));
  return starts.map((start, index) => exchangeOf(messages.slice(start, starts[index + 1])));
}

function exchangeOf(messages: readonly Message[]): Exchange {
  const [first, ...rest] = messages;
  const results = new Map(
    rest.flatMap((message) =>
      message.role === "user"
        ? message.content.flatMap((block) =>
            block.type === "tool_result" ? [[block.tool_use_id, block] as const] : [],
          )
        : [],
    ),
  );
  const called = rest.flatMap(usesIn).flatMap((use): Called[] => {
    const result = results.get(use.id);
    if (result === undefined) return [];
    return [{ name: use.name, input: use.input, ok: !result.is_error, value: parsed(result.content) }];
  });
  const texts = rest.flatMap((message) =>
    message.role === "assistant"
      ? message.content.flatMap((block) => (block.type === "text" ? [block.text] : []))
      : [],
  );
  return { said: (first && saidIn(first)) ?? "", called, answered: texts.at(-1) ?? "" };
}

/** A message of the person; one that only carries tool results is none. */
function saidIn(message: Message): string | undefined {
  if (message.role !== "user") return undefined;
  const texts = message.content.flatMap((block) => (block.type === "text" ? [block.text] : []));
  return texts.length === 0 ? undefined : texts.join("\n");
}

const usesIn = (message: Message): ToolUseBlock[] =>
  message.role === "assistant" ? message.content.filter((block) => block.type === "tool_use") : [];

function parsed(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return null;
  }
}

/** How many tool calls the conversation has had, so that ids never repeat. */
export const callsIn = (messages: readonly Message[]): number => messages.flatMap(usesIn).length;
