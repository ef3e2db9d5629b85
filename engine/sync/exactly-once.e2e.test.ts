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
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { seededRandom } from "../../sandbox/store/random.ts";
import { createDelivery, enqueueOrder, SHOP, type WorkerTask } from "../../test/sync-worker.ts";
import { openDatabase } from "../adapters/postgres/open.ts";
import { openTestDatabase, seedConnection, template } from "../adapters/postgres/testing.ts";
import { orgGb } from "../core/testing.ts";

const ORDERS = [1, 2, 3];
const KILLS = 20;
const KILL_SEED = 20_261_124;
/** Longer than a delivery takes from its start, so that the moments lie in every part of it. */
const KILL_WITHIN_MS = 900;
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
      expect(events).toEqual(["started", "settled"]);
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

test(
  `a worker that is killed at ${KILLS} moments, on the embedded database`,
  async () => {
    const dir = join(folder, "data");
    const database = await openDatabase({ dir, template: await template() });
    await seedConnection(database, { id: SHOP });
    await database.close();
    const random = seededRandom(KILL_SEED);
    const orders: number[] = [];
    let killed = 0;
    let next = startWorker();
    for (let round = 1; round <= KILLS; round += 1) {
      const worker = next;
      next = startWorker();
      orders.push(round);
      worker.give({ ...taskOf(orders), dir });
      await worker.seen("started");
      await new Promise((resolve) => setTimeout(resolve, random.next() * KILL_WITHIN_MS));
      if (!worker.events.includes("settled")) killed += 1;
      worker.child.kill("SIGKILL");
      await worker.ended;
    }
    next.give({ ...taskOf(orders), dir });
    await next.ended;
    expect(next.events).toEqual(["started", "settled"]);
    // A kill after everything has settled would show nothing.
    expect(killed).toBeGreaterThanOrEqual(KILLS / 2);
    expect(await posted()).toEqual({ contacts: 1, invoices: KILLS, payments: KILLS });
  },
  KILL_TEST_MS_MAX,
);

const taskOf = (orders: readonly number[]): WorkerTask => ({
  ledger: ledgerUrl,
  tenant,
  orders: [...orders],
});

/** A worker process that waits for its task, and the events that it has told so far. */
function startWorker() {
  const child = spawn(process.execPath, ["test/sync-worker.ts"], { stdio: ["pipe", "pipe", "inherit"] });
  const events: string[] = [];
  const waiting = new Map<string, () => void>();
  createInterface({ input: child.stdout }).on("line", (event) => {
    events.push(event);
    waiting.get(event)?.();
  });
  const ended = once(child, "close");
  const seen = async (event: string): Promise<void> => {
    if (events.includes(event)) return;
    const told = new Promise<boolean>((resolve) => waiting.set(event, () => resolve(true)));
    const inTime = await Promise.race([told, ended.then(() => false)]);
    expect(inTime, `the worker has ${event}`).toBe(true);
  };
  const give = (task: WorkerTask): void => void child.stdin.write(`${JSON.stringify(task)}\n`);
  return { child, events, ended, seen, give };
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
    latencyMs: 50,
  },
});
