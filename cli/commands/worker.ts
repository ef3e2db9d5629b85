import type { Command } from "../command.ts";
import { serverNeeds } from "../server/needs.ts";
import { reportFailure } from "../terminal.ts";

export const worker: Command = {
  usage: "",
  about:
    "Delivers documents of the database in DATABASE_URL, and sweeps. Any number of workers on any number of machines share one database; a killed one's work is taken over. Accounts come from MAGENTO_* and XERO_*, else from the demo servers of the data folder. Log lines go to stderr.",
  options: {},
  words: { min: 0, max: 0, named: "nothing" },
  examples: ["worker", "worker --data .data"],
  run: async (call, context) => {
    const needs = await serverNeeds(context);
    if (!needs.ok) return reportFailure(context.terminal, needs.error, call.json);
    const { runWorker } = await import("../server/worker.ts");
    return runWorker(call, context, needs.value);
  },
};
