import { parseArgs } from "node:util";
import { readScenario } from "../shared/scenario.ts";
import { startStore } from "./server.ts";

const HELP = `node sandbox/store/main.ts --scenario FILE [--port P] [--data DIR] [--orders N] [--seed S]

Serves a demo Magento 2 store on 127.0.0.1. Prints one line of JSON with its address and integration keys.
  --scenario FILE  the scenario file (contract.md)
  --port P         0 takes a free port (default 4311)
  --data DIR       keeps every change in DIR/store.jsonl; without it the store lives in memory
  --orders N       orders to seed an empty store with (default 50)
  --seed S         seed of the orders and of the demo keys (default 1)
`;

const BAD_INPUT = 2;
const PORT_DEFAULT = "4311";

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      scenario: { type: "string" },
      port: { type: "string", default: PORT_DEFAULT },
      data: { type: "string" },
      orders: { type: "string" },
      seed: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  if (values.scenario === undefined)
    throw new Error("--scenario is missing: the path of a scenario file was expected");
  const store = await startStore({
    scenario: readScenario(values.scenario),
    port: wholeNumber("port", values.port),
    ...(values.data === undefined ? {} : { dataDir: values.data }),
    ...(values.orders === undefined ? {} : { orders: wholeNumber("orders", values.orders) }),
    ...(values.seed === undefined ? {} : { seed: wholeNumber("seed", values.seed) }),
  });
  process.stdout.write(`${JSON.stringify({ store: store.url, integration: store.integration })}\n`);
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      void store.close().then(() => process.exit(0));
    });
  }
}

function wholeNumber(name: string, text: string): number {
  if (!/^\d+$/.test(text)) throw new Error(`--${name} ${text}: a whole number was expected`);
  return Number(text);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = BAD_INPUT;
});
