import { describe, expect, it } from "vitest";
import { z } from "zod";
import { ok } from "../engine/core/result.ts";
import { defineTool, type Tool } from "../tools/define.ts";
import { registry } from "../tools/registry.ts";
import { TURN_LIMITS } from "./gate.ts";
import { converse } from "./loop.ts";
import type { Message, ToolResultBlock } from "./models/model.ts";
import { openConversation, storeConversation } from "./session.ts";
import { demoContext, demoEngine } from "./testing.ts";
import { ask, scripted, text, use } from "./testing-loop.ts";

const resultsIn = (messages: readonly Message[]): ToolResultBlock[] =>
  messages.flatMap((message) =>
    message.role === "user" ? message.content.filter((block) => block.type === "tool_result") : [],
  );

describe("the loop", () => {
  it("runs the calls, hands the results back and ends with done", async () => {
    const conversation = openConversation();
    const model = scripted(
      () => ({ content: [text("Let me look."), use("get_sync_status")] }),
      (request) => {
        expect(resultsIn(request.messages)).toHaveLength(1);
        return { content: [text("41 are posted.")] };
      },
    );
    const said = await ask(demoEngine(), "how many?", { model, conversation });
    expect(said.events.map((event) => event.t)).toEqual(["text", "tool", "result", "text", "done"]);
    expect(said.events[1]).toMatchObject({ v: { name: "get_sync_status", label: "Read the sync status" } });
    expect(said.events[2]).toMatchObject({ ok: true, out: { mappingVersion: 1 } });
    expect(conversation.messages.map(({ role }) => role)).toEqual(["user", "assistant", "user", "assistant"]);
  });

  it("refuses every call of a message that was cut off", async () => {
    const engine = demoEngine();
    const edits = [{ op: "removeRule", table: "payment", ruleId: "pay-banktransfer", why: "cut" }];
    const model = scripted(
      () => ({ content: [use("propose_mapping", { title: "cut", edits })], stop: "length" }),
      () => ({ content: [text("Sorry.")] }),
    );
    const said = await ask(engine, "do it", { model });
    expect(engine.asked).toEqual([]);
    expect(said.events.find((event) => event.t === "result")).toMatchObject({
      ok: false,
      out: { kind: "truncated" },
    });
    expect(said.events.at(-1)).toMatchObject({ t: "done" });
  });

  it("runs neighbouring reads at the same time and everything else alone", async () => {
    const log: string[] = [];
    const slow = (name: string, effect: Tool["effect"]): Tool =>
      defineTool({
        name,
        title: name,
        description: name,
        effect,
        input: z.object({}),
        output: z.object({}),
        run: async () => {
          log.push(`${name} begins`);
          await new Promise((resolve) => setTimeout(resolve, 10));
          log.push(`${name} ends`);
          return ok({});
        },
      });
    const tools = new Map(
      [slow("a", "read"), slow("b", "read"), slow("c", "act")].map((tool) => [tool.name, tool]),
    );
    const model = scripted(
      () => ({ content: [use("a"), use("b"), use("c"), use("a")] }),
      () => ({ content: [text("ok")] }),
    );
    await ask(demoEngine(), "go", { model, registry: tools });
    expect(log.slice(0, 2)).toEqual(["a begins", "b begins"]);
    expect(log.slice(4)).toEqual(["c begins", "c ends", "a begins", "a ends"]);
  });

  it("stops a model that never stops calling", async () => {
    const model = scripted(() => ({ content: [use("get_sync_status")] }));
    const said = await ask(demoEngine(), "loop", { model, limits: { ...TURN_LIMITS, turnsMax: 3 } });
    expect(said.tools).toHaveLength(3);
    expect(said.events.at(-1)).toMatchObject({ t: "error", code: "tooManyTurns" });
  });

  it("refuses calls beyond the limit of a turn", async () => {
    const model = scripted(
      () => ({ content: [use("get_sync_status"), use("get_sync_status"), use("get_sync_status")] }),
      () => ({ content: [text("ok")] }),
    );
    const said = await ask(demoEngine(), "many", { model, limits: { ...TURN_LIMITS, callsMax: 2 } });
    const results = said.events.filter((event) => event.t === "result");
    expect(results.map(({ ok: fine }) => fine)).toEqual([true, true, false]);
  });

  it("stops when the conversation has used its tokens", async () => {
    const usage = { inputTokens: 60, outputTokens: 50, cacheReadTokens: 1_000, cacheWriteTokens: 0 };
    const model = scripted(() => ({ content: [use("get_sync_status")], usage }));
    const said = await ask(demoEngine(), "spend", { model, limits: { ...TURN_LIMITS, tokensMax: 200 } });
    expect(said.tools).toHaveLength(2);
    expect(said.events.at(-1)).toMatchObject({ t: "error", code: "tokenCap" });
  });

  it("tells the model when a tool or its input does not exist", async () => {
    const model = scripted(
      () => ({ content: [use("approve_proposal", { id: "p-1" }), use("get_order", { nummer: 1 })] }),
      (request) => {
        const results = resultsIn(request.messages);
        expect(results.every(({ is_error }) => is_error)).toBe(true);
        expect(results[0]?.content).toContain("There is no tool");
        expect(results[1]?.content).toContain("order");
        return { content: [text("I see.")] };
      },
    );
    const said = await ask(demoEngine(), "approve", { model });
    expect(said.events.at(-1)).toMatchObject({ t: "done" });
  });

  it("forgets a turn that the model refused, so that the next one is not refused with it", async () => {
    const conversation = openConversation();
    const model = scripted(
      () => ({ content: [], stop: "refusal" }),
      () => ({ content: [text("Hello.")] }),
    );
    const refused = await ask(demoEngine(), "something", { model, conversation });
    expect(refused.events.at(-1)).toMatchObject({ t: "error", code: "refusal" });
    expect(conversation.messages).toEqual([]);
    expect((await ask(demoEngine(), "hello", { model, conversation })).text).toBe("Hello.");
  });

  it("goes on after a pause with the same conversation", async () => {
    const model = scripted(
      () => ({ content: [text("Thinking ")], stop: "pause" }),
      () => ({ content: [text("done.")] }),
    );
    expect((await ask(demoEngine(), "think", { model })).text).toBe("Thinking done.");
  });

  it("runs nothing more once the person has stopped it", async () => {
    const engine = demoEngine();
    const stopping = new AbortController();
    const model = scripted(() => {
      stopping.abort();
      return { content: [use("propose_setup")] };
    });
    const said = await ask(engine, "set up", { model, signal: stopping.signal });
    expect(engine.asked).toEqual([]);
    expect(said.events.at(-1)).toMatchObject({ t: "error", code: "aborted" });
  });

  it("leaves no call without a result when its reader goes away", async () => {
    const conversation = openConversation();
    const { session: _, ...context } = demoContext(demoEngine());
    const turn = converse({
      model: scripted(() => ({ content: [use("get_sync_status"), use("get_mapping")] })),
      registry,
      conversation,
      context,
      text: "look",
      clock: { now: () => new Date(0) },
      log: () => undefined,
    });
    for await (const event of turn) if (event.t === "tool") break;
    expect(resultsIn(conversation.messages)).toHaveLength(2);
    const again = openConversation(storeConversation(conversation));
    expect(again.messages).toEqual(conversation.messages);
  });
});
