/**
 * The demo store and the demo ledger of a data folder: child processes with their own files. They are detached, so that
 * they survive a kill of the owner, and the folder says where they are, so that the next owner uses them again.
 */
import { copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { err, ok, type Result } from "../../engine/core/result.ts";
import { badInput, type Failure } from "../exit.ts";
import { endServer, type Place, runServer, ServerProcess } from "./demo-server.ts";
import { type Folder, readJsonFile, readText, writeJsonFile } from "./folder.ts";
import { isSameProcess } from "./process-identity.ts";

const Integration = z.object({
  consumerKey: z.string(),
  consumerSecret: z.string(),
  accessToken: z.string(),
  accessTokenSecret: z.string(),
});
const StoreReady = z.object({ store: z.url(), integration: Integration });
const LedgerReady = z.object({ ledger: z.url() });

const DemoServers = z.object({
  store: StoreReady.extend(ServerProcess.shape),
  ledger: LedgerReady.extend(ServerProcess.shape),
});
export type DemoServers = z.infer<typeof DemoServers>;

export type DemoOptions = Place & {
  /** A scenario file; the folder keeps a copy, so that it stays the same for as long as the folder lives. */
  readonly scenario: string | undefined;
  readonly orders: number | undefined;
  readonly seed: number | undefined;
  readonly storePort: number | undefined;
  readonly ledgerPort: number | undefined;
};

/** The servers that run already, or new ones; each is looked at alone, so one that died comes back. */
export async function startDemoServers(options: DemoOptions): Promise<Result<DemoServers, Failure>> {
  const { folder, storePort, ledgerPort, orders, seed } = options;
  await mkdir(folder.sandbox, { recursive: true });
  const scenario = await settleScenario(options);
  if (!scenario.ok) return scenario;
  const common = ["--scenario", folder.scenario, "--data", folder.sandbox, ...optionOf("--seed", seed)];
  const [store, ledger] = await Promise.all([
    runServer(options, {
      name: "store",
      port: storePort,
      args: [...common, ...optionOf("--orders", orders)],
      schema: StoreReady,
      addressOf: (ready) => ready.store,
    }),
    runServer(options, {
      name: "ledger",
      port: ledgerPort,
      args: common,
      schema: LedgerReady,
      addressOf: (ready) => ready.ledger,
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

export async function stopDemoServers({ store, ledger }: DemoServers): Promise<void> {
  await Promise.all([endServer(store), endServer(ledger)]);
}

const optionOf = (name: string, value: number | undefined): string[] =>
  value === undefined ? [] : [name, String(value)];

/** Orders and accounts of one scenario make no sense with another: a folder keeps the one that it began with. */
async function settleScenario({ folder, program, scenario }: DemoOptions): Promise<Result<void, Failure>> {
  const kept = await readText(folder.scenario);
  if (kept !== undefined && scenario === undefined) return ok(undefined);
  const source = scenario ?? join(program.root, "scenarios", "demo-gb.json");
  const text = await readText(source);
  if (text === undefined) return err(noScenario(source));
  if (kept !== undefined) return text === kept ? ok(undefined) : err(otherScenario(folder, source));
  await copyFile(source, folder.scenario);
  return ok(undefined);
}

const noScenario = (path: string): Failure =>
  badInput(
    `${path}: there is no such file; a scenario file was expected.`,
    "Scenarios that come with Counterfoil are in scenarios/.",
  );

const otherScenario = (folder: Folder, scenario: string): Failure =>
  badInput(
    `The demo servers of ${folder.path} were made from another scenario than ${scenario}.`,
    "Use another data folder (--data DIR) for another scenario.",
  );
