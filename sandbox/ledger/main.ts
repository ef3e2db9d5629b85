import { parseArgs } from "node:util";
import { parseScenario, readScenarioFile } from "./books/scenario.ts";
import { startLedger } from "./server.ts";

const USAGE = `Serves the demo ledger (the Xero Accounting API) on 127.0.0.1.

  node sandbox/ledger/main.ts --port P --scenario FILE [--data DIR] [--seed S]

  --port P          the port; 0 takes a free one
  --scenario FILE   a scenario file; its "org" part is used
  --data DIR        keeps all state in DIR; without it everything is in memory
  --seed S          repeatable document ids and rate window phases

Prints one JSON line {"ledger":"http://127.0.0.1:P"} when it is ready.
`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      port: { type: "string", default: "0" },
      scenario: { type: "string" },
      data: { type: "string" },
      seed: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help || values.scenario === undefined) {
    process.stderr.write(USAGE);
    return values.help ? 0 : 2;
  }
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Error(`--port: "${values.port}" is not a port`);
  const scenario = readScenarioFile(values.scenario);
  parseScenario(scenario);
  const running = await startLedger({
    scenario,
    port,
    ...(values.data === undefined ? {} : { dataDir: values.data }),
    ...(values.seed === undefined ? {} : { seed: values.seed }),
  });
  process.stdout.write(`${JSON.stringify({ ledger: running.url })}\n`);
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => void running.close().then(() => process.exit(0)));
  }
  return 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  // 1 is a failure of the machine, 2 bad input (contract.md, "The outside").
  process.exitCode = error instanceof Error && "syscall" in error && error.syscall === "listen" ? 1 : 2;
}
