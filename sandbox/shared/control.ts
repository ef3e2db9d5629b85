import { z } from "zod";

/** The control plane both demo servers share (contract.md, "The demo servers"): faults, calls and the clock. */

export const FaultKind = z.enum([
  "429-minute",
  "429-day",
  "503",
  "timeout-before",
  "timeout-after",
  "reset",
  "slow",
  "validation",
]);
export type FaultKind = z.infer<typeof FaultKind>;

export const Fault = z.object({
  match: z.object({ method: z.string().optional(), path: z.string().optional() }).default({}),
  kind: FaultKind,
  times: z.number().int().min(1).default(1),
  seconds: z.number().min(0).default(5),
  message: z.string().default("A validation error asked for by the sandbox"),
});
export type Fault = z.infer<typeof Fault>;

/** `take` returns the oldest fault that fits the request and counts it; it is gone after `times` uses. */
export function createFaults() {
  const waiting: { fault: Fault; left: number }[] = [];
  return {
    add(fault: Fault): void {
      waiting.push({ fault, left: fault.times });
    },
    clear(): void {
      waiting.length = 0;
    },
    list: (): readonly Fault[] => waiting.map(({ fault, left }) => ({ ...fault, times: left })),
    take(method: string, path: string): Fault | undefined {
      const index = waiting.findIndex(({ fault }) => faultMatches(fault, method, path));
      const entry = waiting[index];
      if (entry === undefined) return undefined;
      entry.left -= 1;
      if (entry.left === 0) waiting.splice(index, 1);
      return entry.fault;
    },
  };
}

/**
 * A path with `*` is a glob over the whole path; without one it names a resource and everything below it, so
 * `/api.xro/2.0/Invoices` also fits `/api.xro/2.0/Invoices/{id}`. A path without a leading slash may start at any
 * segment, so `Invoices` is enough.
 */
export function faultMatches(fault: Fault, method: string, path: string): boolean {
  const { method: wantedMethod, path: wantedPath } = fault.match;
  if (
    wantedMethod !== undefined &&
    wantedMethod !== "*" &&
    wantedMethod.toUpperCase() !== method.toUpperCase()
  ) {
    return false;
  }
  if (wantedPath === undefined || wantedPath === "*") return true;
  const escaped = wantedPath.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*");
  const start = wantedPath.startsWith("/") || wantedPath.startsWith("*") ? "^" : "(^|/)";
  const end = wantedPath.includes("*") ? "$" : "(/|$)";
  return new RegExp(start + escaped + end, "i").test(path);
}

export type CallEntry = {
  at: string;
  method: string;
  path: string;
  query: string;
  status: number | null;
  fault?: FaultKind;
  idempotencyKey?: string;
  replayed?: boolean;
};

const CALLS_LOGGED_MAX = 10_000;
const GUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;

/** Counts every request by method and path pattern; the log keeps the newest entries. */
export function createCalls(pattern: (path: string) => string = defaultPattern) {
  const log: CallEntry[] = [];
  const counts = new Map<string, number>();
  return {
    record(entry: CallEntry): void {
      const key = `${entry.method} ${pattern(entry.path)}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
      log.push(entry);
      if (log.length > CALLS_LOGGED_MAX) log.shift();
    },
    summary: () => ({
      total: [...counts.values()].reduce((sum, count) => sum + count, 0),
      counts: Object.fromEntries(counts),
      log,
    }),
    clear(): void {
      log.length = 0;
      counts.clear();
    },
  };
}

const defaultPattern = (path: string): string =>
  path.replace(GUID, "{id}").replace(/\/\d+(?=\/|$)/g, "/{id}");

export const ClockChange = z.union([
  z.object({ advanceSeconds: z.number() }).strict(),
  z.object({ now: z.iso.datetime({ offset: true }) }).strict(),
]);
export type ClockChange = z.infer<typeof ClockChange>;

export type SandboxClock = {
  now(): Date;
  change(change: ClockChange): Date;
  /** The distance from the base clock, so that it can be stored and restored. */
  offsetMs(): number;
  restore(offsetMs: number): void;
};

/** A clock that runs at the pace of `base` and can be moved. */
export function createSandboxClock(base: () => Date): SandboxClock {
  let offsetMs = 0;
  const now = (): Date => new Date(base().getTime() + offsetMs);
  return {
    now,
    change(change) {
      offsetMs =
        "now" in change
          ? new Date(change.now).getTime() - base().getTime()
          : offsetMs + Math.round(change.advanceSeconds * 1000);
      return now();
    },
    offsetMs: () => offsetMs,
    restore(saved) {
      offsetMs = saved;
    },
  };
}
