/** The assistant as the API's chat: one conversation a session, kept while the process lives. */

import { converse } from "../agent/loop.ts";
import { type Conversation, openConversation } from "../agent/session.ts";
import type { Chat, Links } from "../api/ports.ts";
import type { Engine } from "../engine/api.ts";
import type { Clock, Log } from "../engine/ports.ts";
import type { Registry } from "../tools/registry.ts";
import type { Models } from "./models.ts";

const CONVERSATIONS_MAX = 500;

export type ChatConfig = {
  readonly engine: Engine;
  readonly registry: Registry;
  readonly models: Models;
  readonly clock: Clock;
  readonly log: Log;
  readonly links: Pick<Links, "proposal">;
};

export function createChat({ engine, registry, models, clock, log, links }: ChatConfig): Chat {
  const conversations = new Map<string, Conversation>();
  return {
    async *run({ connection, session, text, actor, signal, model: choice }) {
      const model = choice === undefined ? models.usual : models[choice];
      if (model === null) return yield NO_CLAUDE;
      const conversation = kept(conversations, `${connection}/${session}`);
      // The model acts for the person who asks, with the person's role and never with the person's right to decide.
      const context = { engine, connection, actor: { ...actor, model: true }, links, signal };
      yield* converse({ model, registry, conversation, context, text, clock, log });
    },
  };
}

/** The conversation that was used longest ago is forgotten first. */
function kept(conversations: Map<string, Conversation>, key: string): Conversation {
  const conversation = conversations.get(key) ?? openConversation();
  conversations.delete(key);
  conversations.set(key, conversation);
  const oldest = conversations.keys().next();
  if (conversations.size > CONVERSATIONS_MAX && oldest.done !== true) conversations.delete(oldest.value);
  return conversation;
}

const NO_CLAUDE = {
  t: "error",
  code: "noModel",
  message: "Claude is not set up: start Counterfoil with ANTHROPIC_API_KEY. The built-in model needs no key.",
  retryable: false,
} as const;
