/**
 * One contact, one invoice and one payment, counted in the demo ledger's own books: with two worker processes, with two calls
 * at once, with answers lost on the wire, and with a worker that is killed at twenty moments.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from "vitest";
import { seededRandom } from "../../sandbox/store/random.ts";
import { createDelivery, enqueueOrder, SHOP, type WorkerTask } from "../../test/sync-worker.ts";
import { openDatabase } from "../adapters/postgres/open.ts";
import {
  createServerDatabase,
  type DatabaseKind,
  openTestDatabase,
  seedConnection,
  template,
} from "../adapters/postgres/testing.ts";
import { orgGb } from "../core/testing.ts";

const ORDERS = [1, 2, 3];
const KILL_SEED = 20_261_124;
/** A worker tells about a dozen events of two orders: a kill comes after one of them, and within the time of a call. */
const KILL_EVENTS_MAX = 12;
const LATENCY_MS = 50;
/** How many orders each worker is given: what a killed one has left is met by the next. */
const ORDERS_PER_ROUND = 2;
/** About a minute on an idle machine with two cores. */
const KILL_TEST_MS_MAX = 600_000;

let folder = "";
let ledger: ChildProcess;
let ledgerUrl = "";
let tenant = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "counterfoil-once-"));
  await writeFile(join(folder, "scenario.json"), JSON.stringify(scenario()));
  ledger = spawn(process.execPath, ["sandbox/ledger/main.ts", "--scenario", join(folder, "scenario.json")], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  ledgerUrl = (await lineOf(ledger)).ledger ?? "";
});
afterAll(async () => {
  ledger.kill();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  await control("reset", {});
  tenant = await tenantOf(ledgerUrl);
});

test("two worker processes that are given the same orders", async () => {
  const opened = await openTestDatabase("server", process.env);
  try {
    await seedConnection(opened.database, { id: SHOP });
    const task = { ...taskOf(ORDERS), url: opened.url ?? "" };
    const workers = [startWorker(), startWorker()];
    for (const { give } of workers) give(task);
    await Promise.all(workers.map((worker) => worker.ended));
    for (const { child, events } of workers) {
      expect(child.exitCode).toBe(0);
      expect(events.at(-1)).toBe("settled");
    }
    expect(await posted()).toEqual({ contacts: 1, invoices: ORDERS.length, payments: ORDERS.length });
  } finally {
    await opened.drop();
  }
});

test("the same order by two calls at once, on the embedded database", async () => {
  const database = await openDatabase({ template: await template() });
  await seedConnection(database, { id: SHOP });
  const { sync, stop } = await createDelivery(database, taskOf([1]));
  await sync.start();
  const records = await Promise.all([enqueueOrder(sync, 1), enqueueOrder(sync, 1)]);
  expect(new Set(records).size).toBe(1);
  await Promise.all([sync.deliverNow(SHOP), sync.deliverNow(SHOP)]);
  expect(await sync.awaitSettled(records[0], 20_000)).toBe(true);
  await stop();
  expect(await posted()).toEqual({ contacts: 1, invoices: 1, payments: 1 });
});

test.each(["timeout-after", "timeout-before", "reset"])(
  "every answer lost once on the wire: %s",
  async (kind) => {
    for (const path of ["Contacts", "Invoices", "Payments"])
      await control("faults", { match: { method: "PUT", path }, kind, times: 1 });
    const database = await openDatabase({ template: await template() });
    await seedConnection(database, { id: SHOP });
    const { sync, stop } = await createDelivery(database, taskOf([1]));
    await sync.start();
    const record = await enqueueOrder(sync, 1);
    expect(await sync.awaitSettled(record, 60_000)).toBe(true);
    await stop();
    expect(await posted()).toEqual({ contacts: 1, invoices: 1, payments: 1 });
  },
);

test.each([
  ["embedded", 5],
  ["server", 15],
] as const)(
  "a worker on the %s database that is killed at %i moments",
  async (kind, kills) => {
    const { task, drop } = await databaseFor(kind);
    onTestFinished(drop);
    const random = seededRandom(KILL_SEED + kills);
    const rounds = Array.from({ length: kills }, (_, index) => index + 1);
    let killed = 0;
    let next = startWorker();
    for (const round of rounds) {
      const worker = next;
      next = startWorker();
      const orders = rounds.slice(Math.max(0, round - ORDERS_PER_ROUND), round);
      worker.give({ ...taskOf(orders), ...task });
      await worker.told(random.int(1, KILL_EVENTS_MAX));
      await new Promise((resolve) => setTimeout(resolve, random.next() * LATENCY_MS));
      if (!worker.events.includes("settled")) killed += 1;
      worker.child.kill("SIGKILL");
      await worker.ended;
    }
    next.give({ ...taskOf(rounds), ...task });
    await next.ended;
    expect(next.events.at(-1)).toBe("settled");
    // A kill after everything has settled would show nothing.
    expect(killed).toBeGreaterThanOrEqual(kills / 2);
    expect(await posted()).toEqual({ contacts: 1, invoices: kills, payments: kills });
  },
  KILL_TEST_MS_MAX,
);

/** A seeded database that worker processes open themselves. */
async function databaseFor(kind: DatabaseKind) {
  if (kind === "server") {
    const { url, drop } = await createServerDatabase(process.env);
    const database = await openDatabase({ url });
    await seedConnection(database, { id: SHOP });
    await database.close();
    return { task: { url, direct: true }, drop };
  }
  const dir = join(folder, "data");
  const database = await openDatabase({ dir, template: await template() });
  await seedConnection(database, { id: SHOP });
  await database.close();
  return { task: { dir }, drop: async () => {} };
}

const taskOf = (orders: readonly number[]): WorkerTask => ({
  ledger: ledgerUrl,
  tenant,
  orders: [...orders],
});

/** A worker process that waits for its task, and the events that it has told so far. */
function startWorker() {
  const child = spawn(process.execPath, ["test/sync-worker.ts"], { stdio: ["pipe", "pipe", "inherit"] });
  const events: string[] = [];
  let heard = () => {};
  createInterface({ input: child.stdout }).on("line", (event) => {
    events.push(event);
    heard();
  });
  const ended = once(child, "close");
  /** Once it has told so many events, or is done. */
  const told = async (count: number): Promise<void> => {
    while (events.length < count && !events.includes("settled")) {
      const more = new Promise<boolean>((resolve) => {
        heard = () => resolve(true);
      });
      const isAlive = await Promise.race([more, ended.then(() => false)]);
      expect(isAlive, "the worker lives until it is killed or done").toBe(true);
    }
  };
  const give = (task: WorkerTask): void => void child.stdin.end(`${JSON.stringify(task)}\n`);
  return { child, events, ended, told, give };
}

async function lineOf(child: ChildProcess): Promise<Record<string, string>> {
  if (child.stdout === null) throw new Error("the ledger prints to a pipe");
  const [line] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
  return JSON.parse(line) as Record<string, string>;
}

async function control(action: string, body: object): Promise<void> {
  const answer = await fetch(`${ledgerUrl}/__sandbox/${action}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  expect(answer.ok).toBe(true);
}

/** What the ledger's own books hold. */
async function posted(): Promise<{ contacts: number; invoices: number; payments: number }> {
  const state = (await (await fetch(`${ledgerUrl}/__sandbox/state`)).json()) as Record<string, unknown[]>;
  const count = (list: string) => state[list]?.length ?? -1;
  return { contacts: count("contacts"), invoices: count("invoices"), payments: count("payments") };
}

async function tenantOf(url: string): Promise<string> {
  const form = new URLSearchParams({
    grant_type: "client_credentials",
    client_id: "counterfoil",
    client_secret: "secret",
  });
  const granted = await fetch(`${url}/connect/token`, { method: "POST", body: form });
  const { access_token } = (await granted.json()) as { access_token: string };
  const answer = await fetch(`${url}/connections`, { headers: { authorization: `Bearer ${access_token}` } });
  const [connection] = (await answer.json()) as { tenantId: string }[];
  return connection?.tenantId ?? "";
}

/** The organisation of the core's tests, slow enough that a kill can hit a call. */
const scenario = () => ({
  org: {
    country: orgGb.country,
    baseCurrency: orgGb.baseCurrency,
    currencies: orgGb.currencies,
    timezone: orgGb.timezone,
    accounts: orgGb.accounts,
    taxRates: orgGb.taxRates.map(({ taxType, name, rate }) => ({ taxType, name, rate: Number(rate) })),
    tracking: orgGb.tracking.map(({ name, options }) => ({ category: name, options })),
    minuteLimit: 10_000,
    dayLimit: 100_000,
    latencyMs: LATENCY_MS,
  },
});
