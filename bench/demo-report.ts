/** The table and the files that the measurement of the demo servers ends in. */
import { mkdirSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Measured, Spread } from "./measure.ts";
import { machine } from "./measure.ts";
import type { Running } from "./processes.ts";

const REPORTS = resolve(import.meta.dirname, "reports");
const LIMITS = { pageMs: 100, startMs: 2_000 };

export type Sizes = { orders: number; invoices: number; requests: number };
export type Fact = { name: string; value: string };
export type Part = { pages: Measured[]; facts: Fact[] };
/** Milliseconds to both ready lines, and of the busier of the two main threads. */
export type Start = { wall: number; busy: number };

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
export const megabytes = (running: Running): string => `${running.residentMb() ?? "?"} MB`;
export const fileSize = (path: string): string => `${Math.round(statSync(path).size / 2 ** 20)} MB`;

const ms = ({ p50, p95, max }: Spread): string[] => [p50, p95, max].map((time) => time.toFixed(1));
const padded = (spread: Spread): string =>
  ms(spread)
    .map((text) => text.padStart(7))
    .join(" ");

export const renderRow = (row: Measured | undefined): string =>
  row === undefined
    ? ""
    : `${row.name.padEnd(50)} wall ${padded(row.wall)}  busy ${padded(row.busy)} ms  ${Math.round(row.bytes / 1024)} kB`;

export type Outcome = {
  before: ReturnType<typeof machine>;
  sizes: Sizes;
  starts: Start[];
  store: Part;
  ledger: Part;
};

export function report({ before, sizes, starts, store, ledger }: Outcome): void {
  const wall = starts.map((start) => start.wall).sort((a, b) => a - b);
  const busy = starts.map((start) => start.busy).sort((a, b) => a - b);
  const startFacts = [
    {
      name: "both servers with 50 orders, to both ready lines, median",
      value: `${seconds(wall[wall.length >> 1] ?? 0)} (busy ${seconds(busy[busy.length >> 1] ?? 0)})`,
    },
    {
      name: "the same, slowest",
      value: `${seconds(wall.at(-1) ?? 0)} (busy ${seconds(busy.at(-1) ?? 0)})`,
    },
  ];
  const facts = [...startFacts, ...store.facts, ...ledger.facts];
  const pages = [...store.pages, ...ledger.pages];
  const over = pages.filter(({ wall }) => wall.p95 > LIMITS.pageMs).map(({ name }) => name);
  const busyOver = pages.filter(({ busy }) => busy.p95 > LIMITS.pageMs).map(({ name }) => name);
  const holds = {
    pagesUnder100MsP95: over.length === 0,
    busyUnder100MsP95: busyOver.length === 0,
    startUnder2Seconds: (wall.at(-1) ?? 0) < LIMITS.startMs,
    startBusyUnder2Seconds: (busy.at(-1) ?? 0) < LIMITS.startMs,
  };
  const command = ["node bench/demo-servers.ts", ...process.argv.slice(2)].join(" ");
  const after = machine();
  const whole = {
    date: new Date().toISOString(),
    command,
    machine: before,
    loadAfter: after.loadAverage,
    sizes,
    holds,
    over,
    busyOver,
    starts,
    facts,
    pages,
  };
  mkdirSync(REPORTS, { recursive: true });
  writeFileSync(join(REPORTS, "demo-servers.json"), `${JSON.stringify(whole, null, 2)}\n`);
  writeFileSync(join(REPORTS, "demo-servers.md"), renderMarkdown(whole));
  for (const { name, value } of facts) process.stdout.write(`${name}: ${value}\n`);
  process.stdout.write(`${JSON.stringify({ holds, over, busyOver })}\n`);
}

function renderMarkdown(whole: {
  date: string;
  command: string;
  machine: ReturnType<typeof machine>;
  loadAfter: number[];
  sizes: Sizes;
  over: string[];
  busyOver: string[];
  facts: Fact[];
  pages: Measured[];
}): string {
  const { machine: on, sizes } = whole;
  return [
    "# The demo servers at size",
    "",
    `${whole.date}, \`${whole.command}\`: ${sizes.orders} orders, ${sizes.invoices} invoices, ${sizes.requests} requests each.`,
    `Node ${on.node}, ${on.platform}, ${on.cores} cores of ${on.cpu}, ${on.memoryGb} GB; load average ${on.loadAverage.join(", ")} before and ${whole.loadAfter.join(", ")} after.`,
    "Milliseconds, the first request included: wall from sending to the last byte, busy on the server's main thread, which is what is left of it on a machine of one's own.",
    "",
    "| request | wall p50 | p95 | max | busy p50 | p95 | max | kB |",
    "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ...whole.pages.map(
      ({ name, wall, busy, bytes }) =>
        `| ${[name, ...ms(wall), ...ms(busy), Math.round(bytes / 1024)].join(" | ")} |`,
    ),
    "",
    "| fact | value |",
    "| --- | ---: |",
    ...whole.facts.map(({ name, value }) => `| ${name} | ${value} |`),
    "",
    `Over 100 ms at p95: wall ${listed(whole.over)}; busy ${listed(whole.busyOver)}.`,
    "",
  ].join("\n");
}

const listed = (names: readonly string[]): string => (names.length === 0 ? "none" : names.join(", "));

/** How long a server took to its ready line, and how much of that its main thread worked. */
export const readiness = (running: Running): string =>
  `${seconds(running.readyMs)} (busy ${seconds(running.busyMs() ?? 0)})`;
