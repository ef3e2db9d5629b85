/**
 * Claude behind the model port, over the Messages API: streaming, prompt caching, typed failures. Address, key and model are
 * arguments; any host that speaks the Messages API will do (facts/mcp-and-agent.md 4.4).
 */
import { Console } from "node:console";
import Anthropic, {
  APIConnectionError,
  APIError,
  APIUserAbortError,
  AuthenticationError,
  InternalServerError,
  PaymentRequiredError,
  PermissionDeniedError,
  RateLimitError,
} from "@anthropic-ai/sdk";
import type {
  AssistantBlock,
  Message,
  Model,
  ModelEvent,
  ModelFailure,
  ModelRequest,
  Stop,
  Usage,
} from "./model.ts";

export const CLAUDE_DEFAULT_MODEL = "claude-sonnet-5-5";
const TIMEOUT_MS = 120_000;
const RETRIES_MAX = 2;
const ANSWER_TOKENS_MAX = 8_000;

export type ClaudeConfig = {
  readonly apiKey: string;
  /** null: Anthropic's own */
  readonly baseUrl: string | null;
  readonly model?: string;
  readonly answerTokensMax?: number;
  readonly timeoutMs?: number;
  /** prompt caching; on for Anthropic's own address, off for others, which may refuse what they do not know */
  readonly caching?: boolean;
};

export function claudeModel(config: ClaudeConfig): Model {
  const client = new Anthropic({
    apiKey: config.apiKey,
    // Null, not absent: the SDK would look into the environment for what it is not told.
    authToken: null,
    baseURL: config.baseUrl,
    maxRetries: RETRIES_MAX,
    timeout: config.timeoutMs ?? TIMEOUT_MS,
    openTelemetry: false,
    // The SDK logs to stdout, which belongs to the protocol when the assistant runs inside an MCP process.
    logger: new Console(process.stderr),
  });
  const model = config.model ?? CLAUDE_DEFAULT_MODEL;
  return {
    id: model,
    stream: (request) => stream({ client, config, model }, request),
  };
}

type Given = { readonly client: Anthropic; readonly config: ClaudeConfig; readonly model: string };

async function* stream(given: Given, request: ModelRequest): AsyncGenerator<ModelEvent> {
  try {
    const answering = given.client.messages.stream(paramsOf(given, request), { signal: request.signal });
    for await (const event of answering) {
      if (event.type === "content_block_delta" && event.delta.type === "text_delta")
        yield { kind: "text", text: event.delta.text };
    }
    const message = await answering.finalMessage();
    yield {
      kind: "answer",
      answer: {
        content: message.content.map(blockOf),
        stop: stopOf(message.stop_reason),
        usage: usageOf(message.usage),
      },
    };
  } catch (error) {
    yield { kind: "failed", failure: failureOf(error, request.signal) };
  }
}

function paramsOf(
  { config, model }: Given,
  { system, tools, messages }: ModelRequest,
): Anthropic.MessageStreamParams {
  const caches = config.caching ?? config.baseUrl === null;
  return {
    model,
    max_tokens: config.answerTokensMax ?? ANSWER_TOKENS_MAX,
    // The tools and the system prompt never change, so they are one cached prefix; other hosts may not know caching.
    system: [
      { type: "text", text: system, ...(caches && { cache_control: { type: "ephemeral", ttl: "1h" } }) },
    ],
    ...(caches && { cache_control: { type: "ephemeral" } }),
    tools: tools.map(({ name, description, inputSchema }) => ({
      name,
      description,
      input_schema: inputSchema,
    })),
    messages: messages.map(messageParam),
  };
}

function messageParam(message: Message): Anthropic.MessageParam {
  if (message.role === "user")
    return {
      role: "user",
      content: message.content.map((block) =>
        block.type === "text"
          ? { type: "text", text: block.text }
          : {
              type: "tool_result",
              tool_use_id: block.tool_use_id,
              content: block.content,
              is_error: block.is_error,
            },
      ),
    };
  return { role: "assistant", content: message.content.map(assistantParam) };
}

function assistantParam(block: AssistantBlock): Anthropic.ContentBlockParam {
  if (block.type === "opaque") return block.block as Anthropic.ContentBlockParam;
  if (block.raw !== undefined) return block.raw as Anthropic.ContentBlockParam;
  if (block.type === "text") return { type: "text", text: block.text };
  return { type: "tool_use", id: block.id, name: block.name, input: block.input };
}

function blockOf(block: Anthropic.ContentBlock): AssistantBlock {
  if (block.type === "text") return { type: "text", text: block.text, raw: block };
  if (block.type === "tool_use")
    return { type: "tool_use", id: block.id, name: block.name, input: block.input, raw: block };
  return { type: "opaque", block };
}

function stopOf(reason: Anthropic.Message["stop_reason"]): Stop {
  switch (reason) {
    case "tool_use":
      return "toolUse";
    case "max_tokens":
    case "model_context_window_exceeded":
      return "length";
    case "refusal":
      return "refusal";
    case "pause_turn":
      return "pause";
    default:
      return "end";
  }
}

const usageOf = (usage: Anthropic.Usage): Usage => ({
  inputTokens: usage.input_tokens,
  outputTokens: usage.output_tokens,
  cacheReadTokens: usage.cache_read_input_tokens ?? 0,
  cacheWriteTokens: usage.cache_creation_input_tokens ?? 0,
});

/** The provider's own words stay out: they may quote the conversation. */
function failureOf(error: unknown, signal: AbortSignal): ModelFailure {
  if (signal.aborted || error instanceof APIUserAbortError)
    return { kind: "aborted", message: "Stopped.", retryable: true };
  if (error instanceof APIConnectionError)
    return { kind: "unreachable", message: "The model's provider cannot be reached.", retryable: true };
  if (
    error instanceof AuthenticationError ||
    error instanceof PermissionDeniedError ||
    error instanceof PaymentRequiredError
  )
    return {
      kind: "unauthorised",
      message: "The model's provider refused the API key or its account.",
      retryable: false,
    };
  if (error instanceof RateLimitError)
    return { kind: "rateLimited", message: "The model's provider asks us to wait.", retryable: true };
  if (error instanceof InternalServerError)
    return { kind: "overloaded", message: "The model's provider is overloaded.", retryable: true };
  if (error instanceof APIError)
    return {
      kind: "refused",
      message: `The model's provider refused the request (${error.status ?? "no status"}).`,
      retryable: false,
    };
  return { kind: "unreachable", message: "The model's answer could not be read.", retryable: true };
}
