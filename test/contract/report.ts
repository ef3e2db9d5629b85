/** What a run of the contract tests says: how much was checked, and every fault once, with how often it was seen. */
import type { RecordedExchange } from "../../sandbox/shared/exchanges.ts";
import type { Checked, Violation } from "./check.ts";
import { EXCEPTIONS, type Exception, excuseOf } from "./exceptions.ts";

export type Verdict = {
  readonly exchanges: number;
  /** Exchanges by operation, `xero createInvoices`. */
  readonly operations: ReadonlyMap<string, number>;
  readonly faults: readonly Violation[];
  readonly usesOf: ReadonlyMap<Exception, number>;
};

export function judge(
  exchanges: readonly RecordedExchange[],
  check: (exchange: RecordedExchange) => Checked,
  exceptions: readonly Exception[] = EXCEPTIONS,
): Verdict {
  const operations = new Map<string, number>();
  const usesOf = new Map<Exception, number>();
  const faults: Violation[] = [];
  for (const exchange of exchanges) {
    const { operation, violations } = check(exchange);
    if (operation !== undefined) {
      const name = `${operation.api} ${operation.id}`;
      operations.set(name, (operations.get(name) ?? 0) + 1);
    }
    for (const violation of violations) {
      const excuse = excuseOf(violation, exceptions);
      if (excuse === undefined) faults.push(violation);
      else usesOf.set(excuse, (usesOf.get(excuse) ?? 0) + 1);
    }
  }
  return { exchanges: exchanges.length, operations, faults, usesOf };
}

/** One line for each operation and place. */
export function renderFaults(faults: readonly Violation[]): string[] {
  const seen = new Map<string, { count: number; found: string }>();
  for (const { api, operation, part, pointer, keyword, message, found } of faults) {
    const line = `${api} ${operation}, ${part} ${pointer}: ${message} (${keyword})`;
    seen.set(line, { count: (seen.get(line)?.count ?? 0) + 1, found: seen.get(line)?.found ?? found });
  }
  return [...seen].map(([line, { count, found }]) => `${line}, ${count} times, such as ${found}`).sort();
}

export function renderSummary({ exchanges, operations, faults, usesOf }: Verdict): string {
  const covered = (api: string): number =>
    [...operations.keys()].filter((name) => name.startsWith(`${api} `)).length;
  return [
    `${exchanges} recorded exchanges; operations covered: ${["xero", "identity", "magento"].map((api) => `${api} ${covered(api)}`).join(", ")}`,
    `${faults.length} violations; exceptions used: ${[...usesOf].map(([{ id }, count]) => `${id} ${count}`).join(", ") || "none"}`,
  ].join("\n");
}
