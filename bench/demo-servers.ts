/**
 * Measures the demo servers at size: `node bench/demo-servers.ts [--orders N] [--invoices N] [--requests N]`.
 * Prints a table and writes bench/reports/demo-servers.json and .md.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { authorization } from "../sandbox/store/test-client.ts";
import type { Part, Sizes, Start } from "./demo-report.ts";
import { fileSize, megabytes, readiness, renderRow, report, seconds } from "./demo-report.ts";
import type { LedgerClient } from "./ledger-invoices.ts";
import { connectLedger, fillLedger, numberOf } from "./ledger-invoices.ts";
import type { Measured, Probe } from "./measure.ts";
import { get, machine, measure } from "./measure.ts";
import type { Running } from "./processes.ts";
import { startServer } from "./processes.ts";

const SCENARIO = resolve(import.meta.dirname, "../scenarios/demo-gb.json");
const STARTS = 5;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      orders: { type: "string", default: "100000" },
      invoices: { type: "string", default: "100000" },
      requests: { type: "string", default: "25" },
    },
  });
  const sizes = {
    orders: Number(values.orders),
    invoices: Number(values.invoices),
    requests: Number(values.requests),
  };
  const before = machine();
  const folder = mkdtempSync(join(tmpdir(), "demo-servers-"));
  try {
    const starts = await measureStarts();
    const store = await measureStore(folder, sizes);
    const ledger = await measureLedger(folder, sizes);
    report({ before, sizes, starts, store, ledger });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Both processes at once, as `npm start` needs them, with the default fifty orders. */
async function measureStarts(): Promise<Start[]> {
  const times: Start[] = [];
  for (let turn = 0; turn < STARTS; turn += 1) {
    const startedMs = performance.now();
    const both = await Promise.all([
      startServer("store", ["--scenario", SCENARIO]),
      startServer("ledger", ["--scenario", SCENARIO]),
    ]);
    const wall = performance.now() - startedMs;
    times.push({ wall, busy: Math.max(...both.map((running) => running.busyMs() ?? 0)) });
    for (const running of both) await running.kill();
  }
  return times;
}

async function measureStore(folder: string, sizes: Sizes): Promise<Part> {
  const args = ["--scenario", SCENARIO, "--orders", String(sizes.orders)];
  const inMemory = await startServer("store", args);
  const facts = [
    {
      name: `store: seeding ${sizes.orders} orders in memory, to the ready line`,
      value: readiness(inMemory),
    },
    { name: "store: memory after seeding", value: megabytes(inMemory) },
  ];
  const pages = await measureAll(await storeProbes(inMemory, sizes), sizes.requests, inMemory);
  facts.push({ name: "store: memory after the requests", value: megabytes(inMemory) });
  await inMemory.kill();
  const data = join(folder, "store");
  const filled = await startServer("store", [...args, "--data", data]);
  const filledReadiness = readiness(filled);
  await filled.kill();
  const restarted = await startServer("store", [...args, "--data", data]);
  facts.push(
    { name: "store: seeding with --data", value: filledReadiness },
    { name: "store: size of its journal", value: fileSize(join(data, "store.jsonl")) },
    { name: "store: restart from its journal", value: readiness(restarted) },
    { name: "store: memory after the restart", value: megabytes(restarted) },
  );
  await restarted.kill();
  return { pages, facts };
}

type Filter = { field: string; condition: string; value: string };

function criteria(input: {
  filters?: Filter[];
  sort?: string;
  size: number;
  page?: number;
  fields?: string;
}): string {
  const pairs = [
    ...(input.filters ?? []).flatMap(({ field, condition, value }, index) => {
      const start = `searchCriteria[filter_groups][${index}][filters][0]`;
      return [
        [`${start}[field]`, field],
        [`${start}[condition_type]`, condition],
        [`${start}[value]`, value],
      ];
    }),
    ...(input.sort === undefined
      ? []
      : [
          ["searchCriteria[sortOrders][0][field]", input.sort],
          ["searchCriteria[sortOrders][0][direction]", "ASC"],
          ["searchCriteria[sortOrders][1][field]", "entity_id"],
          ["searchCriteria[sortOrders][1][direction]", "ASC"],
        ]),
    ["searchCriteria[pageSize]", String(input.size)],
    ["searchCriteria[currentPage]", String(input.page ?? 1)],
    ...(input.fields === undefined ? [] : [["fields", input.fields]]),
  ];
  return pairs.map((pair) => pair.map(encodeURIComponent).join("=")).join("&");
}

const FIELDS = "items[entity_id,increment_id,updated_at,grand_total,state],total_count";

async function storeProbes({ line }: Running, { orders }: Sizes): Promise<Probe[]> {
  const url = String(line.store);
  const store = { url, integration: line.integration } as Parameters<typeof authorization>[0]["store"];
  const headers = (target: string) => ({
    authorization: authorization({ store, method: "GET", url: target, now: () => new Date() }),
  });
  const list = (resource: string, query: string): string => `${url}/rest/V1/${resource}?${query}`;
  // The keyset starts in the middle: as many rows before it as behind.
  const middle = list(
    "orders",
    criteria({ sort: "updated_at", size: 1, page: Math.ceil(orders / 2), fields: FIELDS }),
  );
  const found = JSON.parse((await get(middle, headers(middle))).text);
  const since: string = found.items[0].updated_at;
  const newer: Filter = { field: "updated_at", condition: "gteq", value: since };
  const increment = (turn: number): string => String(1001 + ((turn * 7919) % orders)).padStart(9, "0");
  const probe = (name: string, target: (turn: number) => string): Probe => ({ name, url: target, headers });
  const query = (name: string, resource: string, input: Parameters<typeof criteria>[0]): Probe =>
    probe(name, () => list(resource, criteria(input)));
  return [
    query("store: orders updated since, keyset, 100 a page", "orders", {
      filters: [newer],
      sort: "updated_at",
      size: 100,
    }),
    query("store: orders updated since, keyset, 300 a page", "orders", {
      filters: [newer],
      sort: "updated_at",
      size: 300,
    }),
    query("store: the same with fields", "orders", {
      filters: [newer],
      sort: "updated_at",
      size: 300,
      fields: FIELDS,
    }),
    query("store: orders, page 1 of 100", "orders", { size: 100 }),
    query("store: orders, page 500 of 100", "orders", { size: 100, page: 500 }),
    query("store: orders, page 500 of 100, by created_at", "orders", {
      size: 100,
      page: 500,
      sort: "created_at",
    }),
    query("store: orders, page 1 of 300", "orders", { size: 300 }),
    probe("store: orders by increment_id", (turn) =>
      list(
        "orders",
        criteria({ filters: [{ field: "increment_id", condition: "eq", value: increment(turn) }], size: 1 }),
      ),
    ),
    probe("store: one order", (turn) => `${url}/rest/V1/orders/${1001 + ((turn * 7919) % orders)}`),
    query("store: invoices updated since, 300 a page", "invoices", {
      filters: [newer],
      sort: "updated_at",
      size: 300,
    }),
    query("store: credit memos updated since, 300 a page", "creditmemos", {
      filters: [newer],
      sort: "updated_at",
      size: 300,
    }),
  ];
}

async function measureLedger(folder: string, sizes: Sizes): Promise<Part> {
  const scenario = JSON.parse(readFileSync(SCENARIO, "utf8"));
  const unlimited = { dayLimit: 10_000_000, minuteLimit: 10_000_000, appMinuteLimit: 10_000_000 };
  const file = join(folder, "ledger-scenario.json");
  writeFileSync(file, JSON.stringify({ ...scenario, org: { ...scenario.org, ...unlimited } }));
  const data = join(folder, "ledger");
  const args = ["--scenario", file, "--data", data];
  const filling = await startServer("ledger", args);
  const startedMs = performance.now();
  const ids = await fillLedger(await connectLedger(String(filling.line.ledger)), sizes.invoices, new Date());
  const filledMs = performance.now() - startedMs;
  await filling.kill();
  const running = await startServer("ledger", args);
  const client = await connectLedger(String(running.line.ledger));
  const facts = [
    {
      name: `ledger: ${sizes.invoices} invoices and half as many payments put through the API`,
      value: seconds(filledMs),
    },
    { name: "ledger: size of its journal", value: fileSize(join(data, "ledger.jsonl")) },
    { name: "ledger: restart from its journal", value: readiness(running) },
    { name: "ledger: memory after the restart", value: megabytes(running) },
  ];
  const pages = await measureAll(await ledgerProbes(client, ids, sizes), sizes.requests, running);
  facts.push({ name: "ledger: memory after the requests", value: megabytes(running) });
  await running.kill();
  return { pages, facts };
}

async function ledgerProbes(
  { url, headers }: LedgerClient,
  ids: readonly string[],
  { invoices }: Sizes,
): Promise<Probe[]> {
  const resource = `${url}/api.xro/2.0/Invoices`;
  const query = (pairs: Record<string, string>): string => `${resource}?${new URLSearchParams(pairs)}`;
  const probe = (
    name: string,
    target: (turn: number) => string,
    more: Record<string, string> = {},
  ): Probe => ({
    name,
    url: target,
    headers: () => ({ ...headers, ...more }),
  });
  const list = (name: string, pairs: Record<string, string>, more: Record<string, string> = {}): Probe =>
    probe(name, () => query(pairs), more);
  const monthAgo = new Date(Date.now() - 30 * 86_400_000);
  const day = `DateTime(${monthAgo.getUTCFullYear()},${monthAgo.getUTCMonth() + 1},${monthAgo.getUTCDate()})`;
  const numbers = (turn: number): string =>
    Array.from({ length: 50 }, (_, index) => numberOf((turn * 977 + index * 1013) % invoices)).join(",");
  const newest = JSON.parse(
    (await get(query({ order: "UpdatedDateUTC DESC", page: "1", pageSize: "1000" }), headers)).text,
  );
  const since = new Date(Number(/\d+/.exec(newest.Invoices.at(-1).UpdatedDateUTC)?.[0]))
    .toISOString()
    .slice(0, 19);
  return [
    list("ledger: invoices, page 1 of 100", { page: "1" }),
    list("ledger: invoices, page 500 of 100", { page: "500" }),
    list("ledger: invoices, page 1 of 1000", { page: "1", pageSize: "1000" }),
    list("ledger: where Date in the last month, 100", {
      where: `Type=="ACCREC" AND Date>=${day}`,
      page: "1",
    }),
    list("ledger: where Date in the last month, 1000", {
      where: `Date>=${day}`,
      page: "1",
      pageSize: "1000",
    }),
    probe("ledger: 50 InvoiceNumbers", (turn) => query({ InvoiceNumbers: numbers(turn), page: "1" })),
    list("ledger: 50 IDs", { IDs: ids.slice(0, 50).join(","), page: "1" }),
    list("ledger: Statuses=AUTHORISED, 100", { Statuses: "AUTHORISED", page: "1" }),
    list("ledger: summaryOnly, 1000", { summaryOnly: "true", pageSize: "1000" }),
    list("ledger: If-Modified-Since, 100", { page: "1" }, { "if-modified-since": since }),
    list("ledger: If-Modified-Since, 1000", { page: "1", pageSize: "1000" }, { "if-modified-since": since }),
    list("ledger: order by Date DESC, 100", { order: "Date DESC", page: "1" }),
    probe("ledger: one invoice by id", (turn) => `${resource}/${ids[(turn * 31) % ids.length]}`),
    probe("ledger: one invoice by number", (turn) => `${resource}/${numberOf((turn * 977) % invoices)}`),
  ];
}

async function measureAll(probes: readonly Probe[], requests: number, server: Running): Promise<Measured[]> {
  const measured: Measured[] = [];
  for (const probe of probes) {
    measured.push(await measure(probe, requests, server));
    process.stdout.write(`${renderRow(measured.at(-1))}\n`);
  }
  return measured;
}

await main();
