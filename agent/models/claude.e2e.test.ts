/**
 * Claude's adapter against a scripted Messages server on loopback: the real SDK, real HTTP, real server-sent events. It shows
 * the mechanics (streaming, tools, caching, failures); it says nothing about any model.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { openConversation } from "../session.ts";
import { demoEngine, plainSpec } from "../testing.ts";
import { ask } from "../testing-loop.ts";
import { CLAUDE_DEFAULT_MODEL, claudeModel } from "./claude.ts";
import type { Model, ModelEvent } from "./model.ts";
import { withTokenCap } from "./token-cap.ts";

type Json = { readonly [key: string]: unknown };
type Seen = {
  readonly body: Json & { readonly messages: readonly Json[] };
  readonly headers: IncomingMessage["headers"];
};
type Reply = (response: ServerResponse, seen: Seen) => void;

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** Serves the replies one after the other, the last one for good. */
async function messagesServer(...replies: readonly Reply[]): Promise<{ url: string; seen: Seen[] }> {
  const seen: Seen[] = [];
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const one: Seen = { body: JSON.parse(Buffer.concat(chunks).toString("utf8")), headers: request.headers };
    seen.push(one);
    replies[Math.min(seen.length, replies.length) - 1]?.(response, one);
  });
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

type Block = { readonly start: Json; readonly deltas: readonly Json[] };
const textBlock = (...parts: readonly string[]): Block => ({
  start: { type: "text", text: "", citations: null },
  deltas: parts.map((text) => ({ type: "text_delta", text })),
});
const toolBlock = (name: string, input: unknown, cut = 0): Block => {
  const json = JSON.stringify(input);
  return {
    start: { type: "tool_use", id: `toolu_${name}`, name, input: {}, caller: { type: "direct" } },
    deltas: [json.slice(0, 5), json.slice(5, json.length - cut)].map((partial_json) => ({
      type: "input_json_delta",
      partial_json,
    })),
  };
};
const thinkingBlock: Block = {
  start: { type: "thinking", thinking: "", signature: "" },
  deltas: [
    { type: "thinking_delta", thinking: "hm" },
    { type: "signature_delta", signature: "sig-1" },
  ],
};

const streamed =
  (stop: string, ...blocks: readonly Block[]): Reply =>
  (response) => {
    const send = (type: string, more: Json) =>
      response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`);
    response.writeHead(200, { "content-type": "text/event-stream" });
    send("message_start", {
      message: {
        id: "msg_1",
        type: "message",
        role: "assistant",
        model: CLAUDE_DEFAULT_MODEL,
        content: [],
        stop_reason: null,
        stop_sequence: null,
        usage: {
          input_tokens: 100,
          output_tokens: 1,
          cache_read_input_tokens: 40,
          cache_creation_input_tokens: 7,
        },
      },
    });
    for (const [index, { start, deltas }] of blocks.entries()) {
      send("content_block_start", { index, content_block: start });
      for (const delta of deltas) send("content_block_delta", { index, delta });
      send("content_block_stop", { index });
    }
    send("message_delta", {
      delta: { stop_reason: stop, stop_sequence: null },
      usage: { output_tokens: 30 },
    });
    send("message_stop", {});
    response.end();
  };

const refused =
  (status: number, type: string): Reply =>
  (response) => {
    response.writeHead(status, { "content-type": "application/json", "retry-after-ms": "1" });
    response.end(
      JSON.stringify({ type: "error", error: { type, message: "the customer Ada Example said so" } }),
    );
  };

const claudeAt = (baseUrl: string, timeoutMs = 5_000): Model =>
  claudeModel({ apiKey: "test-key", baseUrl, timeoutMs });

async function eventsOf(model: Model, signal = new AbortController().signal): Promise<ModelEvent[]> {
  const events: ModelEvent[] = [];
  const request = {
    system: "s",
    tools: [],
    messages: [{ role: "user" as const, content: [{ type: "text" as const, text: "hi" }] }],
    signal,
  };
  for await (const event of model.stream(request)) events.push(event);
  return events;
}

const edits = [
  {
    op: "setOtherwise",
    table: "shippingAccount",
    outcome: { kind: "account", code: "202" },
    why: "asked for",
  },
];

describe("Claude through the loop", () => {
  it("reads, proposes and reports, and history goes back as it came", async () => {
    const { url, seen } = await messagesServer(
      streamed(
        "tool_use",
        thinkingBlock,
        textBlock("Let me ", "look."),
        toolBlock("get_mapping", { version: null, table: "shippingAccount" }),
      ),
      streamed("tool_use", toolBlock("propose_mapping", { title: "Shipping to 202", edits })),
      streamed("end_turn", textBlock("Proposed.")),
    );
    const engine = demoEngine({ spec: plainSpec() });
    const conversation = openConversation();
    const said = await ask(engine, "shipping to 202", { model: claudeAt(url), conversation });
    expect(said.tools).toEqual(["get_mapping", "propose_mapping"]);
    expect(said.text).toBe("Let me look.Proposed.");
    expect(engine.made.get("p-1")?.candidate?.tables.shippingAccount.otherwise).toEqual({
      kind: "account",
      code: "202",
    });
    expect(said.events.at(-1)).toMatchObject({
      t: "done",
      usage: { inputTokens: 300, outputTokens: 90, cacheReadTokens: 120, cacheWriteTokens: 21 },
    });
    const history = seen[1]?.body.messages ?? [];
    expect(history[1]).toMatchObject({
      role: "assistant",
      content: [
        { type: "thinking", thinking: "hm", signature: "sig-1" },
        { type: "text", text: "Let me look." },
        { type: "tool_use", caller: { type: "direct" } },
      ],
    });
    expect(history[2]).toMatchObject({
      role: "user",
      content: [{ type: "tool_result", tool_use_id: "toolu_get_mapping", is_error: false }],
    });
  });

  it("offers every tool with its schema, and none that approves", async () => {
    const { url, seen } = await messagesServer(streamed("end_turn", textBlock("Hello.")));
    await ask(demoEngine(), "hello", { model: claudeAt(url) });
    const tools = (seen[0]?.body.tools ?? []) as readonly { name: string; input_schema: Json }[];
    expect(tools.map(({ name }) => name)).toContain("propose_mapping");
    expect(tools.filter(({ name }) => /approve|decide/.test(name))).toEqual([]);
    expect(tools.every(({ input_schema }) => input_schema.type === "object")).toBe(true);
    expect(seen[0]?.headers.authorization).toBe("Bearer test-key");
  });

  it("runs nothing of a message that ran into its token limit", async () => {
    const { url } = await messagesServer(
      streamed("max_tokens", toolBlock("propose_mapping", { title: "cut", edits }, 12)),
      streamed("end_turn", textBlock("Again, shorter.")),
    );
    const engine = demoEngine({ spec: plainSpec() });
    const said = await ask(engine, "go", { model: claudeAt(url) });
    expect(engine.asked).toEqual([]);
    expect(said.events.find((event) => event.t === "result")).toMatchObject({ out: { kind: "truncated" } });
    expect(said.text).toBe("Again, shorter.");
  });

  it("goes on after pause_turn and stops at a refusal", async () => {
    const { url, seen } = await messagesServer(
      streamed("pause_turn", textBlock("Wait. ")),
      streamed("end_turn", textBlock("Done.")),
    );
    expect((await ask(demoEngine(), "go", { model: claudeAt(url) })).text).toBe("Wait. Done.");
    expect(seen).toHaveLength(2);
    server?.close();
    const declined = await messagesServer(streamed("refusal"));
    const said = await ask(demoEngine(), "go", { model: claudeAt(declined.url) });
    expect(said.events.at(-1)).toMatchObject({ t: "error", code: "refusal" });
  });
});

describe("Claude's failures", () => {
  const CASES: readonly (readonly [number, string, string, boolean])[] = [
    [400, "invalid_request_error", "refused", false],
    [401, "authentication_error", "unauthorised", false],
    [402, "billing_error", "unauthorised", false],
    [403, "permission_error", "unauthorised", false],
    [413, "request_too_large", "refused", false],
    [429, "rate_limit_error", "rateLimited", true],
    [500, "api_error", "overloaded", true],
    [529, "overloaded_error", "overloaded", true],
  ];

  it.each(CASES)("%i %s is %s", async (status, type, kind, retryable) => {
    const { url } = await messagesServer(refused(status, type));
    const events = await eventsOf(claudeAt(url));
    expect(events).toMatchObject([{ kind: "failed", failure: { kind, retryable } }]);
    expect(JSON.stringify(events)).not.toContain("Ada");
  });

  it("are retried where waiting helps", async () => {
    const { url, seen } = await messagesServer(
      refused(529, "overloaded_error"),
      streamed("end_turn", textBlock("Here.")),
    );
    expect((await eventsOf(claudeAt(url))).at(-1)).toMatchObject({ kind: "answer", answer: { stop: "end" } });
    expect(seen).toHaveLength(2);
  });

  it("include a host that is not there, one that never answers, and a stop by the person", async () => {
    expect(await eventsOf(claudeAt("http://127.0.0.1:9"))).toMatchObject([
      { failure: { kind: "unreachable" } },
    ]);
    const silent = await messagesServer(() => undefined);
    expect(await eventsOf(claudeAt(silent.url, 50))).toMatchObject([{ failure: { kind: "unreachable" } }]);
    const stopping = new AbortController();
    setTimeout(() => stopping.abort(), 30);
    expect(await eventsOf(claudeAt(silent.url), stopping.signal)).toMatchObject([
      { failure: { kind: "aborted" } },
    ]);
  });

  it("include an answer that breaks off", async () => {
    const { url } = await messagesServer((response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write('event: message_start\ndata: {"type":"message_start","message":{}}\n\n');
      response.destroy();
    });
    expect((await eventsOf(claudeAt(url))).at(-1)).toMatchObject({ kind: "failed" });
  });
});

describe("the token cap", () => {
  it("counts what was used and asks no more once it is used up", async () => {
    const { url, seen } = await messagesServer(streamed("end_turn", textBlock("Hi.")));
    const capped = withTokenCap(claudeAt(url), 200);
    await eventsOf(capped);
    expect(capped.used()).toEqual({
      inputTokens: 100,
      outputTokens: 30,
      cacheReadTokens: 40,
      cacheWriteTokens: 7,
    });
    await eventsOf(capped);
    expect((await eventsOf(capped)).at(-1)).toMatchObject({ failure: { kind: "tokenCap" } });
    expect(seen).toHaveLength(2);
  });
});

describe("prompt caching", () => {
  it("is asked of Anthropic and of no other host", async () => {
    const { url, seen } = await messagesServer(streamed("end_turn", textBlock("Hi.")));
    await eventsOf(claudeAt(url));
    expect(JSON.stringify(seen[0]?.body)).not.toContain("cache_control");
    // The caller says which host is Anthropic's; the SDK still goes to the address that it is given.
    await eventsOf(claudeModel({ apiKey: "k", baseUrl: url, caching: true }));
    expect(seen[1]?.body).toMatchObject({
      cache_control: { type: "ephemeral" },
      system: [{ cache_control: { type: "ephemeral", ttl: "1h" } }],
    });
  });
});
