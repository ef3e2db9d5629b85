import { describe, expect, test } from "vitest";
import { z } from "zod";
import { pageOf } from "../schemas/common.ts";
import { ProposalView, Spec } from "../schemas/proposals.ts";
import { Explanation, OrderRow, OrderView, PlanOutcome, RecordView } from "../schemas/records.ts";
import { Connections, Me, Profile, Status, Tool } from "../schemas/system.ts";
import { openBench, PEOPLE } from "../testing.ts";

type Who = keyof typeof PEOPLE;
const everybody = Object.keys(PEOPLE) as Who[];
const decision = { digest: "digest-of-p1" };

/** Each change with the people who may make it; everybody else gets 403. */
const CHANGES: readonly (readonly [path: string, body: unknown, may: readonly Who[]])[] = [
  ["/api/proposals/p1/approve", decision, ["approver", "admin"]],
  ["/api/proposals/p1/reject", decision, ["approver", "admin"]],
  ["/api/records/100000415/sync", {}, ["operator", "approver", "admin", "model"]],
  ["/api/records/100000414/retry", {}, ["operator", "approver", "admin", "model"]],
  ["/api/setup", { answers: {} }, ["operator", "approver", "admin", "model"]],
  ["/api/import", [{ increment_id: "1" }], ["operator", "approver", "admin"]],
  ["/api/chat", { text: "hello" }, ["operator", "approver", "admin"]],
  ["/api/links", {}, ["admin"]],
];

describe.each(CHANGES)("POST %s", (path, body, may) => {
  test.each(everybody)("by %s", async (who) => {
    const { ask } = await openBench();
    const response = await ask(who, path, body);
    expect(response.status).toBe(may.includes(who) ? 200 : 403);
    if (may.includes(who)) await response.body?.cancel();
    else expect(await response.json()).toMatchObject({ kind: "forbidden" });
  });
});

test.each([
  "/api/me",
  "/api/status",
  "/api/connections",
  "/api/profile",
  "/api/specs",
  "/api/specs/1",
  "/api/specs/current",
  "/api/orders",
  "/api/orders/100000412",
  "/api/orders/100000412/preview",
  "/api/records",
  "/api/records/100000412",
  "/api/records/100000412/explain",
  "/api/proposals",
  "/api/proposals/p1",
  "/api/tools",
  "/metrics",
])("everybody who is signed in may read %s", async (path) => {
  const { ask, app } = await openBench();
  expect((await ask("viewer", path)).status).toBe(200);
  expect((await ask("model", path)).status).toBe(200);
  expect((await app.request(path)).status).toBe(401);
});

test.each<readonly [path: string, shape: z.ZodType]>([
  ["/api/me", Me],
  ["/api/status", Status],
  ["/api/connections", Connections],
  ["/api/profile", Profile],
  ["/api/specs", pageOf(Spec)],
  ["/api/orders", pageOf(OrderRow)],
  ["/api/orders/100000414", OrderView],
  ["/api/orders/100000414/preview", PlanOutcome],
  ["/api/records", pageOf(RecordView)],
  ["/api/records/100000412/explain", z.array(Explanation)],
  ["/api/proposals", pageOf(ProposalView)],
  ["/api/tools", z.array(Tool)],
])("what %s answers is what its document says, with no key more", async (path, shape) => {
  const { ask } = await openBench();
  expect(shape.safeParse(await (await ask("viewer", path)).json()).error).toBeUndefined();
});

test("a model that is refused is told that people decide, and the engine is never asked", async () => {
  const { ask, shop } = await openBench();
  const response = await ask("model", "/api/proposals/p1/approve", decision);
  expect(await response.json()).toMatchObject({
    detail: "A language model may not approve or reject proposals.",
    next: expect.stringContaining("A person"),
  });
  expect(shop.decidedBy).toEqual([]);
  expect(shop.proposals[0]?.state).toBe("open");
});
