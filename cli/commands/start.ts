import { appendFileSync } from "node:fs";
import { resolve } from "node:path";
import { ok, type Result } from "../../engine/core/result.ts";
import type { Call, Command, Context } from "../command.ts";
import { EXIT, type Failure } from "../exit.ts";
import { createLog } from "../log.ts";
import { numbersOf } from "../numbers.ts";
import { folderAt } from "../owner/folder.ts";
import { type Owner, type OwnerOptions, startOwner } from "../owner/owner.ts";
import { untilStopped } from "../stopping.ts";
import { reportFailure, type Terminal } from "../terminal.ts";

export const start: Command = {
  usage: "[--port P] [--scenario FILE] [--quiet]",
  about:
    "Starts everything on embedded defaults and stays: database, demo store, demo ledger, delivery worker, API and page. Needs no account and no key. Prints one link that signs you in once. One process owns a data folder; every other command talks to it. Ctrl-C stops it and the demo servers.",
  options: {
    port: {
      value: "P",
      help: "port of the page and the API (default 4310, or a free one when that is taken)",
    },
    scenario: {
      value: "FILE",
      help: "accounts, tax rates and store of a new data folder (default: scenarios/demo-gb.json)",
    },
    orders: { value: "N", help: "orders that a new demo store begins with (default 50)" },
    seed: { value: "S", help: "makes other demo orders" },
    "store-port": { value: "P", help: "port of the demo store (default: a free one)" },
    "ledger-port": { value: "P", help: "port of the demo ledger (default: a free one)" },
    "keep-sandbox": { help: "leave the demo servers running when this stops" },
    quiet: { help: "print the link and nothing else" },
  },
  words: { min: 0, max: 0, named: "nothing" },
  examples: ["start", "start --data ./try --port 4400"],
  run: async (call, context) => {
    const { terminal } = context;
    const options = optionsOf(call, context);
    if (!options.ok) return reportFailure(terminal, options.error, call.json);
    const owner = await startOwner(context, options.value, ownerLog(context));
    if (!owner.ok) return reportFailure(terminal, owner.error, call.json);
    announce(call, context, owner.value);
    await untilStopped(context.stop);
    if (!call.has("quiet")) terminal.note("Stopping: what is in flight is finished first.");
    await owner.value.stop();
    return EXIT.done;
  },
};

function optionsOf(call: Call, { cwd }: Context): Result<OwnerOptions, Failure> {
  const numbers = numbersOf(call, ["port", "orders", "seed", "store-port", "ledger-port"]);
  if (!numbers.ok) return numbers;
  const { port, orders, seed } = numbers.value;
  const scenario = call.text("scenario");
  return ok({
    port,
    orders,
    seed,
    storePort: numbers.value["store-port"],
    ledgerPort: numbers.value["ledger-port"],
    scenario: scenario === undefined ? undefined : resolve(cwd, scenario),
    keepSandbox: call.has("keep-sandbox"),
  });
}

/** Where a person looks at the terminal, log lines go to the folder's file; else they go to stderr. */
function ownerLog(context: Context) {
  const { log: path } = folderAt(context.dataFolder);
  const { terminal } = context;
  return createLog(
    context,
    terminal.interactive ? (line) => appendFileSync(path, `${line}\n`) : terminal.note,
  );
}

function announce(
  call: Call,
  { terminal, program, dataFolder }: Context,
  { link, run, ledgerName }: Owner,
): void {
  const { port, url, pid } = run;
  if (call.json) terminal.json({ link, url, port, pid, data: dataFolder });
  else if (call.has("quiet")) terminal.print(link);
  else
    terminal.print(welcome(terminal, [`${program.name} ${program.version}`, dataFolder, ledgerName, link]));
}

function welcome(
  { tone }: Terminal,
  [name, folder, ledger, link]: readonly [string, string, string, string],
): string {
  const done = tone("green", "✓");
  return [
    "",
    `  ${tone("bold", name)}  sandbox`,
    "",
    `  ${done} Database      ${folder}`,
    `  ${done} Demo store    with orders to post`,
    `  ${done} Demo ledger   ${ledger}`,
    `  ${done} Page          ${tone(["bold", "cyan"], link)}`,
    "",
    "  Next",
    "    open the link                      it signs you in once",
    "    npx counterfoil setup              see the first mapping, then approve it",
    '    npx counterfoil ask "..."          change it in plain English',
    "",
    "  Ctrl-C stops it.",
    "",
  ].join("\n");
}
