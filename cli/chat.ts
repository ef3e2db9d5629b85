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
      if (model !== models.builtin && !(await isSandbox(engine, connection))) return yield NO_CONSENT;
      const conversation = kept(conversations, `${connection}/${session}`);
      // The model acts for the person who asks, with the person's role and never with the person's right to decide.
      const context = { engine, connection, actor: { ...actor, model: true }, links, signal };
      yield* converse({ model, registry, conversation, context, text, clock, log });
    },
  };
}

/**
 * Ledger data goes to a model provider only with the organisation's recorded consent (design.md section 7). Recording it is
 * not built yet, so that nobody has given it: only the demo company's made-up data may leave this machine.
 */
async function isSandbox(engine: Pick<Engine, "connections">, connection: string): Promise<boolean> {
  const found = (await engine.connections()).find(({ id }) => id === connection);
  return found?.environment === "sandbox";
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

const NO_CONSENT = {
  t: "error",
  code: "noConsent",
  message:
    "The organisation has not consented to sending ledger data to a model provider, so Claude is not asked about it. Use the built-in model: --model builtin, or COUNTERFOIL_MODEL=builtin.",
  retryable: false,
} as const;

const NO_CLAUDE = {
  t: "error",
  code: "noModel",
  message: "Claude is not set up: start Counterfoil with ANTHROPIC_API_KEY. The built-in model needs no key.",
  retryable: false,
} as const;
