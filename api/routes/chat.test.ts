import { expect, test } from "vitest";
import type { ChatEvent } from "../ports.ts";
import { DONE, openBench, scriptedChat } from "../testing.ts";

const SCRIPT: readonly ChatEvent[] = [
  { t: "text", s: "I look it up." },
  { t: "tool", v: { id: "t1", name: "get_mapping", label: "Read the mapping", args: {} } },
  { t: "result", id: "t1", ok: true, out: { version: 1 }, ms: 12 },
  { t: "proposal", v: { id: "p1", title: "Shipping on account 202", impact: null } },
  DONE,
];

type Sent = { id: string; event: string; data: unknown };
const eventsOf = (text: string): Sent[] =>
  text
    .split("\n\n")
    .filter((block) => block.startsWith("event:"))
    .map((block) => {
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, "m").exec(block)?.[1] ?? "";
      return { id: field("id"), event: field("event"), data: JSON.parse(field("data")) };
    });

/** Reads a stream until it has seen `count` events, then goes away. */
async function readSome(response: Response, count: number): Promise<Sent[]> {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (reader !== undefined && eventsOf(text).length < count) {
    const { value, done } = await reader.read();
    if (done) break;
    text += value;
  }
  await reader?.cancel();
  return eventsOf(text);
}

test("the answer streams as numbered events and ends with done", async () => {
  const { ask } = await openBench({ chat: scriptedChat(SCRIPT) });
  const response = await ask("operator", "/api/chat", { text: "Put shipping on 202" });
  expect(response.headers.get("content-type")).toBe("text/event-stream");
  const events = eventsOf(await response.text());
  expect(events.map(({ id, event }) => `${id} ${event}`)).toEqual([
    "1 text",
    "2 tool",
    "3 result",
    "4 proposal",
    "5 done",
  ]);
  expect(events[1]?.data).toEqual(SCRIPT[1]);
});

test("a reader that went away resumes after the last event it saw, also while the run goes on", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const bench = await openBench({
    chat: scriptedChat(SCRIPT, promise),
    timing: { heartbeatMs: 15_000, unreadMs: 60_000 },
  });
  const first = await bench.ask("operator", "/api/chat", { text: "go" });
  const run = first.headers.get("counterfoil-run");
  expect((await readSome(first, 2)).at(-1)?.id).toBe("2");

  const again = bench.ask("operator", `/api/chat/${run}/events?after=2`);
  resolve();
  const events = eventsOf(await (await again).text());
  expect(events.map(({ id }) => id)).toEqual(["3", "4", "5"]);

  const byHeader = await bench.app.request(`/api/chat/${run}/events`, {
    headers: { authorization: `Bearer ${bench.tokens.operator}`, "last-event-id": "4" },
  });
  expect(eventsOf(await byHeader.text()).map(({ event }) => event)).toEqual(["done"]);
});

test("a run belongs to the person who started it", async () => {
  const { ask } = await openBench({ chat: scriptedChat(SCRIPT) });
  const response = await ask("operator", "/api/chat", { text: "go" });
  const run = response.headers.get("counterfoil-run");
  await response.text();
  expect((await ask("admin", `/api/chat/${run}/events`)).status).toBe(404);
  expect((await ask("admin", `/api/chat/${run}/stop`, {})).status).toBe(404);
});

function endlessChat() {
  const stopped = Promise.withResolvers<void>();
  const chat = scriptedChat([...SCRIPT.slice(0, 1), DONE], new Promise(() => undefined));
  return {
    stopped: stopped.promise,
    chat: {
      run(request: Parameters<typeof chat.run>[0]) {
        request.signal.addEventListener("abort", () => stopped.resolve());
        return chat.run(request);
      },
    },
  };
}

test("Stop ends the run and says so to its readers", async () => {
  const { chat, stopped } = endlessChat();
  const { ask } = await openBench({ chat });
  const response = await ask("operator", "/api/chat", { text: "go" });
  const run = response.headers.get("counterfoil-run");
  expect((await ask("operator", `/api/chat/${run}/stop`, {})).status).toBe(204);
  await stopped;
  expect(eventsOf(await response.text()).at(-1)).toMatchObject({ event: "error", data: { code: "stopped" } });
});

test("a run that nobody reads any more is stopped", async () => {
  const { chat, stopped } = endlessChat();
  const { ask } = await openBench({ chat, timing: { unreadMs: 10 } });
  await readSome(await ask("operator", "/api/chat", { text: "go" }), 1);
  await stopped;
});

test("an assistant that breaks keeps what it said and shows no inner text", async () => {
  const chat = {
    async *run(): AsyncIterable<ChatEvent> {
      yield { t: "text", s: "Half an ans" };
      throw new Error("key sk-secret was refused");
    },
  };
  const { ask, logged } = await openBench({ chat });
  const text = await (await ask("operator", "/api/chat", { text: "go" })).text();
  expect(eventsOf(text).map(({ event }) => event)).toEqual(["text", "error"]);
  expect(text).not.toContain("sk-secret");
  expect(logged).toContain("chat.failed");
});

test("one person has at most three runs under way", async () => {
  const { ask } = await openBench({ chat: endlessChat().chat, timing: { unreadMs: 60_000 } });
  for (const _ of [1, 2, 3]) await ask("operator", "/api/chat", { text: "go" });
  const fourth = await ask("operator", "/api/chat", { text: "go" });
  expect(fourth.status).toBe(429);
  expect((await ask("admin", "/api/chat", { text: "go" })).status).toBe(200);
});

test("a quiet stream carries a comment now and then", async () => {
  const { ask } = await openBench({ chat: endlessChat().chat, timing: { heartbeatMs: 5 } });
  const response = await ask("operator", "/api/chat", { text: "go" });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!text.includes(": still here")) text += (await reader?.read())?.value ?? "";
  await reader?.cancel();
});

test("the live stream sends the status at once and again only when it changes", async () => {
  const { ask, shop } = await openBench();
  const response = await ask("viewer", "/api/events");
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  const first = (await reader?.read())?.value ?? "";
  expect(eventsOf(first)[0]).toMatchObject({ event: "status", data: { openProposals: 1 } });
  await new Promise((resolve) => setTimeout(resolve, 100));
  shop.proposals = [];
  const second = (await reader?.read())?.value ?? "";
  expect(eventsOf(second)[0]).toMatchObject({ id: "2", event: "status", data: { openProposals: 0 } });
  shop.failing = { kind: "notFound", message: "gone" };
  const third = (await reader?.read())?.value ?? "";
  expect(eventsOf(third)[0]).toMatchObject({ event: "trouble", data: { kind: "notFound" } });
  await reader?.cancel();
});
