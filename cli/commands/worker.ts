import type { Command } from "../command.ts";

export const worker: Command = {
  usage: "",
  about:
    "Delivers documents of the database in DATABASE_URL, and sweeps. Any number of workers on any number of machines share one database; a killed one's work is taken over. Accounts come from MAGENTO_* and XERO_*, else from the demo servers of the data folder. Log lines go to stderr.",
  options: {},
  words: { min: 0, max: 0, named: "nothing" },
  examples: ["worker", "worker --data .data"],
  run: async (call, context) => (await import("../server/worker.ts")).runWorker(call, context),
};
