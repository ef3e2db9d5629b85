import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Budget } from "../../ports.ts";
import { type BudgetLimits, createBudget, endAllLeases, XERO_LIMITS } from "./budget.ts";
import { openDatabase } from "./open.ts";
import { budgetCalls } from "./schema.ts";
import { DATABASE_KINDS, openTestDatabase, type TestDatabase } from "./testing.ts";

const ids = { next: () => crypto.randomUUID() };
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe.each(DATABASE_KINDS)("the call budget on the %s database", (kind) => {
  let opened: TestDatabase;
  beforeAll(async () => {
    opened = await openTestDatabase(kind, process.env);
  });
  afterAll(() => opened.drop());

  const budgetOf = (limits: Partial<BudgetLimits>): Budget =>
    createBudget(opened.database.db, { ids, limits: () => ({ ...XERO_LIMITS, ...limits }) });
  const grant = async (budget: Budget, organisation: string): Promise<string> => {
    const answer = await budget.acquire(organisation, "live");
    if (answer.kind !== "granted") throw new Error(`expected a lease, was told to wait by ${answer.by}`);
    await budget.release(answer.lease);
    return answer.lease;
  };

  test("sixty of seventy calls fit in a minute, and the others are told how long to wait", async () => {
    const budget = budgetOf({ inFlightLimit: 100 });
    const answers = await Promise.all(Array.from({ length: 70 }, () => budget.acquire("sixty", "live")));
    const waits = answers.flatMap((answer) => (answer.kind === "wait" ? [answer] : []));
    expect(waits).toHaveLength(10);
    for (const { by, waitMs } of waits) {
      expect(by).toBe("minute");
      expect(waitMs).toBeGreaterThan(0);
      expect(waitMs).toBeLessThanOrEqual(XERO_LIMITS.minuteMs);
    }
  });

  test("many callers at once never get more than the limit within any window", async () => {
    const windowMs = 1_000;
    const budget = budgetOf({ minuteMs: windowMs, minuteLimit: 10, inFlightLimit: 100 });
    const caller = async () => {
      const endMs = Date.now() + 2_500;
      while (Date.now() < endMs) {
        const answer = await budget.acquire("rolling", "live");
        if (answer.kind === "wait") await sleep(Math.min(answer.waitMs, 200));
      }
    };
    await Promise.all([caller(), caller(), caller(), caller()]);
    // By the database's clock: ours is read whenever this process gets its turn.
    const calls = await opened.database.db
      .select({ at: budgetCalls.at })
      .from(budgetCalls)
      .where(eq(budgetCalls.organisationId, "rolling"))
      .orderBy(budgetCalls.at);
    const granted = calls.map(({ at }) => at.getTime());
    expect(granted.length).toBeGreaterThan(15);
    for (const [index, at] of granted.entries()) {
      const eleventh = granted[index + 10];
      if (eleventh !== undefined) expect(eleventh - at).toBeGreaterThanOrEqual(windowMs);
    }
  });

  test("the day is rolling and its length is data", async () => {
    const budget = budgetOf({ minuteMs: 100, dayMs: 1_500, dayLimit: 2 });
    await grant(budget, "day");
    await grant(budget, "day");
    const refused = await budget.acquire("day", "live");
    expect(refused).toMatchObject({ kind: "wait", by: "day" });
    if (refused.kind === "wait") await sleep(refused.waitMs + 5);
    await grant(budget, "day");
  });

  test("only so many calls are in flight, and a release frees a place", async () => {
    const budget = budgetOf({ inFlightLimit: 2 });
    const [first] = [await budget.acquire("flight", "live"), await budget.acquire("flight", "live")];
    expect(await budget.acquire("flight", "live")).toMatchObject({ kind: "wait", by: "concurrent" });
    if (first.kind === "granted") await budget.release(first.lease);
    await grant(budget, "flight");
  });

  test("the place of a worker that was killed in a call is free when its lease ends", async () => {
    const limits = () => ({ ...XERO_LIMITS, inFlightLimit: 1 });
    const budget = createBudget(opened.database.db, { ids, limits, leaseMs: 300 });
    expect((await budget.acquire("killed", "live")).kind).toBe("granted");
    expect(await budget.acquire("killed", "live")).toMatchObject({ kind: "wait", by: "concurrent" });
    await sleep(350);
    await grant(budget, "killed");
  });

  test("the owner of an embedded database frees all places at its start", async () => {
    const budget = budgetOf({ inFlightLimit: 1 });
    expect((await budget.acquire("owner", "live")).kind).toBe("granted");
    await endAllLeases(opened.database.db);
    await grant(budget, "owner");
  });

  test("background work leaves the reserve to live orders", async () => {
    const budget = budgetOf({ minuteLimit: 3, reserve: 1 });
    await grant(budget, "reserve");
    await grant(budget, "reserve");
    expect(await budget.acquire("reserve", "background")).toMatchObject({ kind: "wait", by: "minute" });
    await grant(budget, "reserve");
  });

  test("a block that the ledger told holds for everybody, and ends", async () => {
    const budget = budgetOf({});
    await grant(budget, "told");
    await budget.told("told", { blockedSeconds: 0.4, by: "minute" });
    const refused = await budget.acquire("told", "live");
    expect(refused).toMatchObject({ kind: "wait", by: "blocked" });
    expect((await budget.left("told")).blockedUntil).not.toBeNull();
    await sleep(450);
    await grant(budget, "told");
    expect((await budget.left("told")).blockedUntil).toBeNull();
  });

  test("what the ledger says is left of its day counts when it is less than ours", async () => {
    const budget = budgetOf({ dayLimit: 1_000 });
    await grant(budget, "headers");
    await budget.told("headers", { dayLeft: 2 });
    expect((await budget.left("headers")).dayLeft).toBe(2);
    await grant(budget, "headers");
    expect((await budget.left("headers")).dayLeft).toBe(1);
    await grant(budget, "headers");
    expect(await budget.acquire("headers", "live")).toMatchObject({ kind: "wait", by: "day" });
  });

  test("a read of five calls counts five", async () => {
    const budget = budgetOf({ minuteLimit: 10 });
    const answer = await budget.acquire("five", "live", 5);
    expect(answer.kind).toBe("granted");
    expect((await budget.left("five")).minuteLeft).toBe(5);
    await grant(budget, "five");
    expect(await budget.acquire("five", "live", 5)).toMatchObject({ kind: "wait", by: "minute" });
  });

  test("an organisation that was never called has everything left", async () => {
    expect(await budgetOf({}).left("new")).toEqual({ minuteLeft: 60, dayLeft: 1_000, blockedUntil: null });
  });

  if (kind === "server")
    test("two processes share one budget", async () => {
      const other = await openDatabase(opened.url === null ? {} : { url: opened.url });
      const limits = () => ({ ...XERO_LIMITS, minuteLimit: 6 });
      const [one, two] = [opened.database, other].map(({ db }) => createBudget(db, { ids, limits }));
      const turns = Array.from({ length: 10 }, (_, turn) => (turn % 2 === 0 ? one : two));
      const answers = await Promise.all(turns.map((budget) => budget?.acquire("shared", "live")));
      expect(answers.filter((answer) => answer?.kind === "granted").length).toBe(5);
      await other.close();
    });
});
