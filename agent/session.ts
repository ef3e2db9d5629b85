/** One conversation: its messages, what the gate remembers of it, and the tokens it has used. */
import { openSession, type SessionState, type ToolSession } from "../tools/session.ts";
import type { Message, Usage } from "./models/model.ts";

export const NO_USAGE: Usage = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 };

export type Conversation = {
  readonly messages: Message[];
  readonly tools: ToolSession;
  usage: Usage;
};

/** A conversation as it is stored: plain JSON. */
export type StoredConversation = {
  readonly messages: readonly Message[];
  readonly tools: SessionState;
  readonly usage: Usage;
};

export const openConversation = (stored?: StoredConversation): Conversation => ({
  messages: [...(stored?.messages ?? [])],
  tools: openSession(stored?.tools),
  usage: stored?.usage ?? NO_USAGE,
});

export const storeConversation = ({ messages, tools, usage }: Conversation): StoredConversation => ({
  messages: [...messages],
  tools: { tainted: tools.tainted, proposals: tools.proposals, acts: tools.acts },
  usage,
});

export const addUsage = (a: Usage, b: Usage): Usage => ({
  inputTokens: a.inputTokens + b.inputTokens,
  outputTokens: a.outputTokens + b.outputTokens,
  cacheReadTokens: a.cacheReadTokens + b.cacheReadTokens,
  cacheWriteTokens: a.cacheWriteTokens + b.cacheWriteTokens,
});

/** What counts against the cap: cached reads cost a tenth and are left out. */
export const tokensOf = ({ inputTokens, outputTokens, cacheWriteTokens }: Usage): number =>
  inputTokens + outputTokens + cacheWriteTokens;
