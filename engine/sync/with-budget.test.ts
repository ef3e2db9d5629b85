import { expect, test } from "vitest";
import type { Budget, Ledger } from "../ports.ts";
import { createScriptedLedger } from "./testing.ts";
import { withBudget } from "./with-budget.ts";

type Answer = Awaited<ReturnType<Budget["acquire"]>>;

function shell(answers: Answer[], ledger: Ledger = createScriptedLedger()) {
  const acquired: (number | undefined)[] = [];
  const released: string[] = [];
  const told: object[] = [];
  const sleeps: number[] = [];
  let nowMs = 0;
  const budgeted = withBudget(ledger, {
    budget: {
      acquire: async (_, __, calls) => {
        acquired.push(calls);
        return answers.shift() ?? { kind: "granted", lease: `lease-${acquired.length}` };
      },
      release: async (lease) => void released.push(lease),
      told: async (_, news) => void told.push(news),
      left: async () => ({ minuteLeft: 0, dayLeft: 0, blockedUntil: null }),
    },
    organisation: "o1",
    priority: "live",
    waitMs: 5_000,
    clock: { now: () => new Date(nowMs) },
    sleep: async (ms) => {
      sleeps.push(ms);
      nowMs += ms;
    },
    log: () => {},
  });
  const stall = (ms: number) => {
    nowMs += ms;
  };
  return { budgeted, acquired, released, told, sleeps, stall };
}

const write = { resource: "Contacts", bodies: [], idempotencyKey: "k", timeoutMs: 1 } as const;
const wait = (waitMs: number): Answer => ({ kind: "wait", waitMs, by: "minute" });

test("every call takes a lease and gives it back; reading the organisation is five calls", async () => {
  const { budgeted, acquired, released } = shell([]);
  await budgeted.create(write);
  await budgeted.find({ resource: "Contacts", by: "ContactNumber", values: [] });
  await budgeted.fetchOrg();
  expect(acquired).toEqual([1, 1, 5]);
  expect(released).toEqual(["lease-1", "lease-2", "lease-3"]);
});

test("a short wait is slept, a long one is given back at once", async () => {
  const short = shell([wait(2_000), wait(2_000)]);
  expect((await short.budgeted.create(write)).kind).toBe("answered");
  expect(short.sleeps).toEqual([2_000, 2_000]);
  const long = shell([wait(30_500)]);
  expect(await long.budgeted.create(write)).toEqual({
    kind: "rateLimited",
    retryAfterSeconds: 31,
    problem: "budget:minute",
  });
  expect(long.sleeps).toEqual([]);
  const several = shell([wait(3_000), wait(3_000)]);
  expect((await several.budgeted.create(write)).kind).toBe("rateLimited");
  expect(several.sleeps).toEqual([3_000]);
});

test("what the ledger says about limits is told to all workers, from reads and from writes", async () => {
  const ledger = createScriptedLedger();
  ledger.script.push({ kind: "rateLimited", retryAfterSeconds: 22 });
  const limited = {
    ok: false,
    error: { kind: "rateLimited", retryAfterSeconds: 7, problem: "day" },
  } as const;
  const { budgeted, told, released } = shell([], { ...ledger, find: async () => limited });
  await budgeted.create(write);
  await budgeted.find({ resource: "Contacts", by: "ContactNumber", values: [] });
  expect(told).toEqual([
    { blockedSeconds: 22, by: "minute" },
    { blockedSeconds: 7, by: "day" },
  ]);
  expect(released).toHaveLength(2);
});

test("a process that was stopped while it waited sends nothing", async () => {
  const ledger = createScriptedLedger();
  const { budgeted, released, stall } = shell([], ledger);
  const acquire = budgeted.create(write);
  // The clock has moved on by the time that the lease is granted.
  stall(60_000);
  expect(await acquire).toMatchObject({ kind: "rateLimited", problem: "budget:stalled" });
  expect(ledger.writes).toHaveLength(0);
  expect(released).toHaveLength(1);
});

test("a lease is given back when the call throws", async () => {
  const ledger = createScriptedLedger();
  ledger.onWrite = async () => {
    throw new Error("a bug");
  };
  const { budgeted, released } = shell([], ledger);
  await expect(budgeted.create(write)).rejects.toThrow("a bug");
  expect(released).toEqual(["lease-1"]);
});
