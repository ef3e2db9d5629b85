import { expect, test } from "vitest";
import { openBench } from "../testing.ts";

type Listed = { name: string; effect: string; inputSchema: unknown; annotations: unknown };

test("every tool is listed with its schemas and what it does", async () => {
  const { ask } = await openBench();
  const tools = (await (await ask("model", "/api/tools")).json()) as Listed[];
  expect(tools.find(({ name }) => name === "get_sync_status")).toMatchObject({
    effect: "read",
    inputSchema: { type: "object" },
    annotations: { readOnlyHint: true },
  });
  expect(tools.filter(({ name }) => /approve$|^approve|reject|decide/.test(name))).toEqual([]);
});

test("a tool runs with the caller as its actor", async () => {
  const { ask } = await openBench();
  const response = await ask("model", "/api/tools/get_sync_status", {});
  expect(await response.json()).toMatchObject({ ok: true, value: expect.any(Object) });
});

test("a tool's own refusal is an answer, an unknown tool is a problem", async () => {
  const { ask } = await openBench();
  const refused = await ask("viewer", "/api/tools/sync_order", { order: "100000415" });
  expect(refused.status).toBe(200);
  expect(await refused.json()).toMatchObject({ ok: false, error: { kind: "forbidden" } });
  const unknown = await ask("model", "/api/tools/approve_proposal", {});
  expect(unknown.status).toBe(404);
  expect(await unknown.json()).toMatchObject({ kind: "unknownTool" });
});

test("no tool that a model can call decides a proposal, whatever it sends", async () => {
  const { ask, shop } = await openBench();
  const tools = (await (await ask("model", "/api/tools")).json()) as Listed[];
  for (const { name } of tools) {
    await ask("model", `/api/tools/${name}`, {
      proposal: "p1",
      id: "p1",
      approve: true,
      digest: "digest-of-p1",
    });
  }
  expect(shop.decidedBy).toEqual([]);
  expect(shop.proposals.find(({ id }) => id === "p1")?.state).toBe("open");
});
