import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Call, Command, Context } from "../command.ts";
import { EXIT, type Exit, failed } from "../exit.ts";
import { numbersOf } from "../numbers.ts";
import { startDemoServers, stopDemoServers } from "../owner/demo-servers.ts";
import { folderAt, makeFolder } from "../owner/folder.ts";
import { takeLock } from "../owner/lock.ts";
import { untilStopped } from "../stopping.ts";
import { reportFailure } from "../terminal.ts";

export const sandbox: Command = {
  usage: "[--scenario FILE] [--store-port P] [--ledger-port P] [--orders N] [--seed S]",
  about:
    "Serves the demo Magento store and the demo Xero ledger over plain HTTP and nothing else, for your own tests: any Magento REST client and any Xero client works against them. Prints one line of JSON with the addresses and the store's integration keys. Without --data everything is forgotten at the end.",
  options: {
    scenario: { value: "FILE", help: "accounts, tax rates and store (default: scenarios/demo-gb.json)" },
    "store-port": { value: "P", help: "port of the store (default: a free one)" },
    "ledger-port": { value: "P", help: "port of the ledger (default: a free one)" },
    orders: { value: "N", help: "orders that the store begins with (default 50)" },
    seed: { value: "S", help: "makes other orders" },
  },
  words: { min: 0, max: 0, named: "nothing" },
  examples: [
    "sandbox --store-port 4311 --ledger-port 4312",
    "sandbox --scenario scenarios/real.json --orders 0",
  ],
  run: async (call, context) => {
    const given = call.text("data") ?? context.environment.dataFolder;
    if (given !== undefined) return serveSandbox(call, context);
    const dataFolder = await mkdtemp(join(tmpdir(), "counterfoil-sandbox-"));
    try {
      return await serveSandbox(call, { ...context, dataFolder });
    } finally {
      await rm(dataFolder, { recursive: true, force: true });
    }
  },
};

async function serveSandbox(call: Call, context: Context): Promise<Exit> {
  const { terminal, program, stop, clock } = context;
  const numbers = numbersOf(call, ["store-port", "ledger-port", "orders", "seed"]);
  if (!numbers.ok) return reportFailure(terminal, numbers.error, call.json);
  const folder = folderAt(context.dataFolder);
  await makeFolder(folder);
  const lock = await takeLock(folder, `${program.name} sandbox`, clock);
  if (!lock.ok) {
    const { pid, command } = lock.error;
    const message = `${folder.path} is owned by process ${pid} (${command}).`;
    return reportFailure(terminal, failed("folderOwned", message, "Choose another --data DIR."), call.json);
  }
  try {
    const scenario = call.text("scenario");
    const servers = await startDemoServers({
      folder,
      program,
      stop,
      scenario: scenario === undefined ? undefined : resolve(context.cwd, scenario),
      orders: numbers.value.orders,
      seed: numbers.value.seed,
      storePort: numbers.value["store-port"],
      ledgerPort: numbers.value["ledger-port"],
    });
    if (!servers.ok) return reportFailure(terminal, servers.error, call.json);
    const { store, ledger } = servers.value;
    terminal.print(
      JSON.stringify({ store: store.store, ledger: ledger.ledger, integration: store.integration }),
    );
    await untilStopped(stop);
    await stopDemoServers(servers.value);
    return EXIT.done;
  } finally {
    await lock.value.release();
  }
}
