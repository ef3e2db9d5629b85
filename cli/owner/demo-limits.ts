/** How many calls the demo ledger allows: the scenario's own numbers (contract.md, "Scenario file"), Xero's where it has none. */
import { z } from "zod";
import type { BudgetLimits } from "../../engine/index.ts";
import { type Folder, readJsonFile } from "./folder.ts";

const Limits = z.object({
  org: z.object({
    minuteLimit: z.int().positive().default(60),
    dayLimit: z.int().positive().default(5_000),
    concurrentLimit: z.int().positive().default(5),
    minuteSeconds: z.number().positive().default(60),
    daySeconds: z.number().positive().default(86_400),
  }),
});

/** The other side's clock starts when it receives a call, not when we send it. */
const CLOCK_MS = 500;
/** Calls of each minute that background work leaves to live orders. */
const RESERVE_MAX = 5;

export async function demoLimits(folder: Folder): Promise<BudgetLimits | undefined> {
  const scenario = await readJsonFile(folder.scenario, Limits);
  if (scenario === undefined) return undefined;
  const { minuteLimit, dayLimit, concurrentLimit, minuteSeconds, daySeconds } = scenario.org;
  return {
    minuteMs: minuteSeconds * 1_000 + CLOCK_MS,
    dayMs: daySeconds * 1_000,
    minuteLimit,
    dayLimit,
    inFlightLimit: concurrentLimit,
    reserve: Math.min(RESERVE_MAX, Math.floor(minuteLimit / 2)),
  };
}
