/**
 * The demo store and the demo ledger of a data folder: child processes with their own files. They are detached, so that
 * they survive a kill of the owner, and `sandbox.json` says where they are, so that the next owner uses them again.
 */
import { spawn } from "node:child_process";
import { copyFile, mkdir, open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { err, ok, type Result } from "../../engine/core/result.ts";
import type { Program } from "../command.ts";
import { EXIT, type Failure, failed } from "../exit.ts";
import { type Folder, isMissing, readJsonFile, writeJsonFile } from "./folder.ts";
import { isSameProcess, startOf } from "./process-identity.ts";

const Integration = z.object({
  consumerKey: z.string(),
  consumerSecret: z.string(),
  accessToken: z.string(),
  accessTokenSecret: z.string(),
});
const StoreReady = z.object({ store: z.url(), integration: Integration });
const LedgerReady = z.object({ ledger: z.url() });

const Process = { pid: z.int(), start: z.string().nullable() };
const DemoServers = z.object({
  store: StoreReady.extend(Process),
  ledger: LedgerReady.extend(Process),
});
export type DemoServers = z.infer<typeof DemoServers>;

const READY_WITHIN_MS = 60_000;
const LOOK_AGAIN_MS = 25;
const GONE_WITHIN_MS = 5_000;

export type DemoOptions = {
  readonly folder: Folder;
  readonly program: Program;
  /** A scenario file; the folder keeps a copy, so that it stays the same for as long as the folder lives. */
  readonly scenario: string | undefined;
  readonly orders: number | undefined;
  readonly seed: number | undefined;
  readonly storePort: number | undefined;
  readonly ledgerPort: number | undefined;
  readonly stop: AbortSignal;
};

/** The servers that run already, or new ones; each is looked at alone, so one that died comes back. */
export async function startDemoServers(options: DemoOptions): Promise<Result<DemoServers, Failure>> {
  const { folder, storePort, ledgerPort, orders, seed } = options;
  await mkdir(folder.sandbox, { recursive: true });
  const scenario = await settleScenario(options);
  if (!scenario.ok) return scenario;
  const known = await readJsonFile(folder.demoServers, DemoServers);
  const common = ["--scenario", scenario.value, "--data", folder.sandbox, ...optionOf("--seed", seed)];
  const [store, ledger] = await Promise.all([
    runOne(options, {
      name: "store",
      known: known?.store,
      port: storePort,
      args: [...common, ...optionOf("--orders", orders)],
      schema: StoreReady,
      addressOf: ({ store }) => store,
    }),
    runOne(options, {
      name: "ledger",
      known: known?.ledger,
      port: ledgerPort,
      args: common,
      schema: LedgerReady,
      addressOf: ({ ledger }) => ledger,
    }),
  ]);
  if (!store.ok) return store;
  if (!ledger.ok) return ledger;
  const servers = { store: store.value, ledger: ledger.value };
  await writeJsonFile(folder.demoServers, servers);
  return ok(servers);
}

/** Where the demo servers of a folder are, when both run. */
export async function findDemoServers(folder: Folder): Promise<DemoServers | undefined> {
  const known = await readJsonFile(folder.demoServers, DemoServers);
  return known !== undefined && isSameProcess(known.store) && isSameProcess(known.ledger) ? known : undefined;
}

/** Ends both and waits until they are gone: what they have answered is in their files. */
export async function stopDemoServers({ store, ledger }: DemoServers): Promise<void> {
  await Promise.all(
    [store, ledger].map(async (server) => {
      if (!isSameProcess(server)) return;
      process.kill(server.pid, "SIGTERM");
      for (let waited = 0; isSameProcess(server) && waited < GONE_WITHIN_MS; waited += LOOK_AGAIN_MS)
        await sleep(LOOK_AGAIN_MS);
      if (isSameProcess(server)) process.kill(server.pid, "SIGKILL");
    }),
  );
}

const optionOf = (name: string, value: number | undefined): string[] =>
  value === undefined ? [] : [name, String(value)];

/** Orders and accounts of one scenario make no sense with another: a folder keeps the one that it began with. */
async function settleScenario({ folder, program, scenario }: DemoOptions): Promise<Result<string, Failure>> {
  const kept = join(folder.sandbox, "scenario.json");
  const keptText = await readText(kept);
  if (keptText === undefined) {
    const source = scenario ?? join(program.root, "scenarios", "demo-gb.json");
    const text = await readText(source);
    if (text === undefined) return err(noScenario(source));
    await copyFile(source, kept);
    return ok(kept);
  }
  if (scenario === undefined) return ok(kept);
  const text = await readText(scenario);
  if (text === undefined) return err(noScenario(scenario));
  return text === keptText ? ok(kept) : err(otherScenario(folder, scenario));
}

type Server<Ready> = {
  readonly name: "store" | "ledger";
  readonly known: (Ready & { readonly pid: number; readonly start: string | null }) | undefined;
  readonly port: number | undefined;
  readonly args: readonly string[];
  readonly schema: z.ZodType<Ready>;
  addressOf(ready: Ready): string;
};
type Running<Ready> = Ready & { readonly pid: number; readonly start: string | null };

async function runOne<Ready>(
  options: DemoOptions,
  server: Server<Ready>,
): Promise<Result<Running<Ready>, Failure>> {
  const { known, port } = server;
  const knownPort = known === undefined ? undefined : Number(new URL(server.addressOf(known)).port);
  if (known !== undefined && isSameProcess(known) && (port === undefined || port === knownPort))
    return ok(known);
  if (known !== undefined && isSameProcess(known)) process.kill(known.pid, "SIGTERM");
  if (port !== undefined) return spawnOne(options, server, port);
  // Addresses that stay the same keep links and notes alive; when somebody else took the port, any free one does.
  const again = knownPort === undefined ? undefined : await spawnOne(options, server, knownPort);
  return again?.ok === true ? again : spawnOne(options, server, 0);
}

async function spawnOne<Ready>(
  { folder, program, stop }: DemoOptions,
  { name, args, schema }: Server<Ready>,
  port: number,
): Promise<Result<Running<Ready>, Failure>> {
  const said = join(folder.sandbox, `${name}.ready`);
  const log = join(folder.sandbox, `${name}.log`);
  const main = join(program.root, "sandbox", name, `main${program.extension}`);
  // Files and no pipes: a pipe to an owner that is gone would end the server at its next word.
  const [out, errors] = await Promise.all([open(said, "w", 0o600), open(log, "a", 0o600)]);
  const child = spawn(program.node, [main, ...args, "--port", String(port)], {
    detached: true,
    stdio: ["ignore", out.fd, errors.fd],
  });
  const ended = new Promise<void>((resolve) =>
    child.once("exit", () => resolve()).once("error", () => resolve()),
  );
  await Promise.all([out.close(), errors.close()]);
  child.unref();
  const { pid } = child;
  if (pid === undefined) return err(notStarted(name, log));
  const start = startOf(pid) ?? null;
  let isOver = false;
  void ended.then(() => {
    isOver = true;
  });
  for (let waited = 0; waited < READY_WITHIN_MS && !isOver && !stop.aborted; waited += LOOK_AGAIN_MS) {
    const ready = await readJsonFile(said, schema);
    if (ready !== undefined) return ok({ ...ready, pid, start });
    await sleep(LOOK_AGAIN_MS);
  }
  if (!isOver) child.kill();
  return err(notStarted(name, log, lastLine(await readText(log))));
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

const lastLine = (text: string | undefined): string => text?.trim().split("\n").at(-1) ?? "";

const notStarted = (name: string, log: string, why = ""): Failure =>
  failed("demoServer", `The demo ${name} did not start${why === "" ? "." : `: ${why}`}`, `Its log: ${log}`);

const noScenario = (path: string): Failure => ({
  exit: EXIT.badInput,
  kind: "badInput",
  message: `${path}: there is no such file; a scenario file was expected.`,
  next: "Scenarios that come with Counterfoil are in scenarios/.",
});

const otherScenario = (folder: Folder, scenario: string): Failure => ({
  exit: EXIT.badInput,
  kind: "badInput",
  message: `The demo servers of ${folder.path} were made from another scenario than ${scenario}.`,
  next: "Use another data folder (--data DIR) for another scenario.",
});
