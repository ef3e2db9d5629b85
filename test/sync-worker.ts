/**
 * A worker process for tests that kill it: opens the database, delivers to a real demo ledger, and enqueues the given orders
 * of a made-up store. It is ready before it is given its task, one line of JSON on stdin, since loading the program takes longer
 * than delivering. Prints a line for each thing that happens: `started`, `enqueued`, `calling` and `answered` for each call to
 * the ledger, and at last `settled`.
 */
import { createInterface } from "node:readline";
import type { Database } from "../engine/adapters/postgres/open.ts";
import { openDatabase } from "../engine/adapters/postgres/open.ts";
import { createStorage } from "../engine/adapters/postgres/storage.ts";
import { createTokenSource } from "../engine/adapters/xero/auth.ts";
import { createXeroLedger } from "../engine/adapters/xero/ledger.ts";
import { assert } from "../engine/core/assert.ts";
import type { Ledger } from "../engine/ports.ts";
import { createSync, SYNC_SETTINGS, type Sync } from "../engine/sync/index.ts";
import { createStore, saleOf } from "../engine/sync/testing.ts";

export const SHOP = "shop";
/** All orders are of one customer, so that they share a contact. */
const CUSTOMER = 1;
const SETTLED_WAIT_MS = 90_000;
const DIRECT_EVERY_MS = 50;
/** Longer than a call may take here; the places of killed workers are free again soon. */
const LEASE_MS = 3_000;

export type WorkerTask = {
  readonly url?: string;
  readonly dir?: string;
  readonly ledger: string;
  readonly tenant: string;
  readonly orders: readonly number[];
  /** Delivers without waiting for a job: on a server the job of a killed worker is free only after its heartbeat, 10 s later. */
  readonly direct?: boolean;
};

export type Delivery = { readonly sync: Sync; stop(): Promise<void> };

/** The shell over a database and a demo ledger, with timeouts short enough to wait for. `say` hears of every call. */
export async function createDelivery(
  database: Database,
  { ledger: apiUrl, tenant, orders }: WorkerTask,
  say: (event: string) => void = () => {},
): Promise<Delivery> {
  const clock = { now: () => new Date() };
  const ids = { next: () => crypto.randomUUID() };
  const log = () => {};
  const storage = await createStorage(database, {
    ids,
    log,
    leaseMs: LEASE_MS,
    limits: () => ({
      minuteMs: 60_500,
      dayMs: 86_400_000,
      minuteLimit: 5_000,
      dayLimit: 50_000,
      inFlightLimit: 5,
      reserve: 0,
    }),
  });
  const tokens = createTokenSource({
    identityUrl: apiUrl,
    clientId: "counterfoil",
    clientSecret: "secret",
    grant: { kind: "clientCredentials" },
    clock,
  });
  const ledger = overheard(createXeroLedger({ apiUrl, tokens, tenantId: tenant, log }), say);
  const source = createStore(orders.map((order) => saleOf(order, CUSTOMER)));
  const sync = createSync({
    ...storage,
    clock,
    ids,
    log,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    ends: async () => ({ source, ledger }),
    settings: { ...SYNC_SETTINGS, callTimeoutMs: 1_500, budgetWaitMs: 200, tickMs: 100, retryMs: 200 },
  });
  return {
    sync,
    stop: async () => {
      await sync.stop();
      await database.close();
    },
  };
}

/** Says when a call to the ledger begins and when its answer is there. */
function overheard(ledger: Ledger, say: (event: string) => void): Ledger {
  const around = async <T>(call: () => Promise<T>): Promise<T> => {
    say("calling");
    const answer = await call();
    say("answered");
    return answer;
  };
  return {
    fetchItems: () => ledger.fetchItems(),
    fetchOrg: () => around(() => ledger.fetchOrg()),
    find: (query) => around(() => ledger.find(query)),
    create: (write) => around(() => ledger.create(write)),
  };
}

/** Reads, plans and enqueues one order, as `sync ORDER` does, and answers its record. */
export async function enqueueOrder(sync: Sync, order: number): Promise<string> {
  const record = await sync.observe(SHOP, saleOf(order).source.number);
  assert(record.ok, "the store has the order");
  const enqueued = await sync.enqueue(record.value, { retry: true });
  assert(enqueued.ok, "the order is planned");
  return record.value.id;
}

async function main(task: WorkerTask): Promise<void> {
  const { url, dir } = task;
  const database = await openDatabase({
    ...(url === undefined ? {} : { url }),
    ...(dir === undefined ? {} : { dir }),
  });
  const { sync, stop } = await createDelivery(database, task, say);
  await sync.start();
  say("started");
  const enqueued: string[] = [];
  for (const order of task.orders) {
    enqueued.push(await enqueueOrder(sync, order));
    say("enqueued");
  }
  if (task.direct) await deliverUntilSettled(sync, enqueued);
  for (const record of enqueued)
    assert(await sync.awaitSettled(record, SETTLED_WAIT_MS), "every order settles");
  say("settled");
  await stop();
}

async function deliverUntilSettled(sync: Sync, enqueued: readonly string[]): Promise<void> {
  for (const record of enqueued)
    while (!(await sync.awaitSettled(record, DIRECT_EVERY_MS))) await sync.deliverNow(SHOP);
}

const say = (event: string): void => {
  process.stdout.write(`${event}\n`);
};

if (import.meta.main) {
  const lines = createInterface({ input: process.stdin });
  lines.once("line", (line) => {
    // An open stdin would keep the process alive when it is done.
    process.stdin.destroy();
    void main(JSON.parse(line) as WorkerTask);
  });
}
