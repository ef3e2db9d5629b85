/** Who may be asked about whose books: a provider's model only about the demo company, until consent is recorded. */
import { expect, test } from "vitest";
import { demoEngine } from "../agent/testing.ts";
import { scripted, text } from "../agent/testing-loop.ts";
import { ann } from "../engine/testing.ts";
import { registry } from "../tools/registry.ts";
import { createChat } from "./chat.ts";

const says = (words: string) => scripted(() => ({ content: [text(words)] }));

async function answerOf(environment: "sandbox" | "production", model?: "builtin" | "claude") {
  const engine = demoEngine();
  const connection = { id: "demo", name: "Demo", storeUrl: "http://localhost", ledgerName: "Demo" };
  const claude = says("from the provider");
  const chat = createChat({
    engine: { ...engine, connections: async () => [{ ...connection, environment }] },
    registry,
    models: { builtin: says("from this machine"), claude, usual: claude },
    clock: { now: () => new Date(0) },
    log: () => undefined,
    links: { proposal: (id) => new URL(`http://localhost/?proposal=${id}`) },
  });
  const turn = {
    connection: connection.id,
    session: "s",
    text: "hello",
    actor: ann,
    signal: new AbortController().signal,
  };
  const events = [];
  for await (const event of chat.run({ ...turn, ...(model !== undefined && { model }) })) events.push(event);
  return JSON.stringify(events);
}

test("a provider's model is asked about the demo company", async () => {
  expect(await answerOf("sandbox")).toContain("from the provider");
});

test.each([undefined, "claude"] as const)(
  "nothing of a real company is sent to a provider (%s)",
  async (model) => {
    const said = await answerOf("production", model);
    expect(said).toContain("noConsent");
    expect(said).not.toContain("from the provider");
  },
);

test("the built-in model needs no consent", async () => {
  expect(await answerOf("production", "builtin")).toContain("from this machine");
});
