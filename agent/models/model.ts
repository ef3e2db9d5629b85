/** The port of a language model: messages and tools in, streamed text and tool calls out. Claude and the built-in model implement it. */
import type { JsonSchema } from "../../tools/json-schema.ts";

/** `raw` is the provider's own block: it goes back verbatim, since the provider checks that its history is unaltered. */
export type TextBlock = { readonly type: "text"; readonly text: string; readonly raw?: unknown };
export type ToolUseBlock = {
  readonly type: "tool_use";
  readonly id: string;
  readonly name: string;
  readonly input: unknown;
  readonly raw?: unknown;
};
export type ToolResultBlock = {
  readonly type: "tool_result";
  readonly tool_use_id: string;
  /** JSON text of the tool's output, or of its failure */
  readonly content: string;
  readonly is_error: boolean;
};
/** Blocks that only the provider understands (thinking ...). */
export type OpaqueBlock = { readonly type: "opaque"; readonly block: unknown };

export type AssistantBlock = TextBlock | ToolUseBlock | OpaqueBlock;
export type UserBlock = TextBlock | ToolResultBlock;
export type Message =
  | { readonly role: "user"; readonly content: readonly UserBlock[] }
  | { readonly role: "assistant"; readonly content: readonly AssistantBlock[] };

export type ToolSpec = {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: JsonSchema;
};

/** Why a message ended. `length`: it was cut off, so its tool calls must not run. `pause`: send it back to go on. */
export type Stop = "end" | "toolUse" | "length" | "refusal" | "pause";

/** Tokens of one answer or, summed, of a conversation. Zero for a model that has none. */
export type Usage = {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
};

export type ModelAnswer = {
  readonly content: readonly AssistantBlock[];
  readonly stop: Stop;
  readonly usage: Usage;
};

export type ModelFailure = {
  readonly kind:
    | "unauthorised"
    | "rateLimited"
    | "overloaded"
    | "refused"
    | "unreachable"
    | "aborted"
    | "tokenCap";
  /** ours, safe to show; the provider's text is not passed through */
  readonly message: string;
  readonly retryable: boolean;
};

export type ModelRequest = {
  readonly system: string;
  readonly tools: readonly ToolSpec[];
  readonly messages: readonly Message[];
  readonly signal: AbortSignal;
};

export type ModelEvent =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "answer"; readonly answer: ModelAnswer }
  | { readonly kind: "failed"; readonly failure: ModelFailure };

/** Streams text as it comes and ends with exactly one `answer` or `failed`. Never throws for what the world does. */
export type Model = {
  readonly id: string;
  stream(request: ModelRequest): AsyncIterable<ModelEvent>;
};
