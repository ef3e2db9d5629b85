/** What the API needs of the world besides the engine. The command line builds these and hands them to `createApp`. */
import type { Actor, Engine } from "../engine/api.ts";
import type { Clock, Ids, Log } from "../engine/ports.ts";
import type { Registry } from "../tools/registry.ts";

/** What came of a one-time link. `used` and `expired` are told apart so that the page can say which. */
export type LinkTaken =
  | { readonly kind: "taken"; readonly actor: Actor }
  | { readonly kind: "used" }
  | { readonly kind: "expired" }
  | { readonly kind: "unknown" };

/** A secret's SHA-256 with whom it stands for. The secret itself is never stored. */
export type Credential = {
  readonly hash: string;
  readonly actor: Actor;
  /** UTC instant; null never expires (API tokens only). */
  readonly expiresAt: string | null;
};

/** Who may come in. Every look-up is by SHA-256 hex; an expired credential is as good as none. */
export type AuthStore = {
  addToken(token: Credential): Promise<void>;
  tokenActor(hash: string, now: Date): Promise<Actor | null>;
  addLink(link: Credential): Promise<void>;
  /** Compare-and-set: of two callers with the same link exactly one gets `taken`. */
  takeLink(hash: string, now: Date): Promise<LinkTaken>;
  addSession(session: Credential): Promise<void>;
  sessionActor(hash: string, now: Date): Promise<Actor | null>;
  endSession(hash: string): Promise<void>;
  /** How many different people may decide: with two or more, nobody approves their own production change. */
  deciders(now: Date): Promise<number>;
};

/**
 * What a chat run tells while it happens, in its wire form (facts/ui.md 2.6; the assistant's agent/events.ts fits it).
 * `label` is a sentence for people, `name` is for experts.
 */
export type ChatEvent =
  /** Appends to the last text. */
  | { readonly t: "text"; readonly s: string }
  | {
      readonly t: "tool";
      readonly v: {
        readonly id: string;
        readonly name: string;
        readonly label: string;
        readonly args: unknown;
      };
    }
  | {
      readonly t: "result";
      readonly id: string;
      readonly ok: boolean;
      readonly out: unknown;
      readonly ms: number;
    }
  | {
      readonly t: "proposal";
      readonly v: { readonly id: string; readonly title: string; readonly impact: string | null };
    }
  | { readonly t: "done"; readonly stop: string; readonly usage: unknown }
  | { readonly t: "error"; readonly code: string; readonly message: string; readonly retryable: boolean };

export const MODEL_CHOICES = ["builtin", "claude"] as const;
export type ModelChoice = (typeof MODEL_CHOICES)[number];

/** The assistant. It ends with `done` or `error`; when `signal` aborts it stops at the next step. */
export type Chat = {
  run(request: {
    readonly connection: string;
    readonly session: string;
    readonly text: string;
    /** Which model thinks; the process's own choice when left out. */
    readonly model?: ModelChoice;
    readonly actor: Actor;
    readonly signal: AbortSignal;
  }): AsyncIterable<ChatEvent>;
};

export type Links = {
  /** The address people use when it is not localhost, such as https://books.example.com; null for localhost alone. */
  readonly publicUrl: string | null;
  /** Where a person looks at a proposal and decides. */
  proposal(id: string): URL | string;
  /** What a person does to get another one-time link, as a sentence. */
  readonly newLink: string;
};

export type AppConfig = {
  readonly engine: Engine;
  /** Every capability as a tool (tools/registry.ts). */
  readonly registry: Registry;
  readonly chat: Chat;
  readonly auth: AuthStore;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly links: Links;
  readonly version: string;
  /** The folder with index.html. */
  readonly webRoot: string;
  /** Ends the streams that would keep a stopping server open. */
  readonly stopping?: AbortSignal;
  readonly timing?: Partial<Timing>;
};

/** How long things take; only tests change it. */
export type Timing = {
  readonly heartbeatMs: number;
  readonly pollMs: number;
  /** A run whose reader went away goes on for so long, so that a reload can come back to it. */
  readonly unreadMs: number;
};
