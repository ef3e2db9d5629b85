/** Finds the owner of the data folder, or starts one in the background, and says so. */
import { spawn } from "node:child_process";
import { open, readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { err, ok, type Result } from "../../engine/core/result.ts";
import { type Client, createClient } from "../client.ts";
import type { Context } from "../command.ts";
import { type Failure, failed } from "../exit.ts";
import { type Folder, folderAt, makeFolder } from "./folder.ts";
import { lockHolder } from "./lock.ts";
import { type RunFile, readRunFile } from "./run-file.ts";

const READY_WITHIN_MS = 120_000;
const LOOK_AGAIN_MS = 50;

/** A client of the owner, as the person who may read the data folder. */
export async function reachOwner(context: Context): Promise<Result<Client, Failure>> {
  const { environment } = context;
  if (environment.url !== undefined) {
    return ok(createClient({ url: environment.url, token: environment.token ?? "", signal: context.stop }));
  }
  const owner = await findOrStartOwner(context);
  if (!owner.ok) return owner;
  const { url, token } = owner.value;
  return ok(createClient({ url, token, signal: context.stop }));
}

export async function findOrStartOwner(context: Context): Promise<Result<RunFile, Failure>> {
  const folder = folderAt(context.dataFolder);
  const running = await runningOwner(folder, context);
  if (running !== undefined) return ok(running);
  if ((await lockHolder(folder, context.clock)) !== undefined)
    return waitForOwner(context, folder, () => false);
  return startInBackground(context, folder);
}

/** `run.json` of the process that holds the lock now; a file that a killed owner left behind does not count. */
async function runningOwner(folder: Folder, { clock }: Pick<Context, "clock">): Promise<RunFile | undefined> {
  const holder = await lockHolder(folder, clock);
  if (holder === undefined) return undefined;
  const run = await readRunFile(folder);
  return run?.pid === holder.pid ? run : undefined;
}

async function startInBackground(context: Context, folder: Folder): Promise<Result<RunFile, Failure>> {
  const { program, terminal, dataFolder } = context;
  await makeFolder(folder);
  const log = await open(folder.log, "a", 0o600);
  const child = spawn(program.node, [program.starter, "start", "--quiet", "--data", dataFolder], {
    detached: true,
    stdio: ["ignore", log.fd, log.fd],
  });
  await log.close();
  let isOver = false;
  child.once("exit", () => {
    isOver = true;
  });
  child.once("error", () => {
    isOver = true;
  });
  child.unref();
  terminal.note(`Starting Counterfoil for ${dataFolder} in the background (process ${child.pid ?? "?"}).`);
  const started = await waitForOwner(context, folder, () => isOver);
  if (started.ok) terminal.note(`It runs at ${started.value.url}; \`kill ${started.value.pid}\` stops it.`);
  return started;
}

/** Waits until the owner answers. Somebody else's start counts as well: whoever got the lock is the owner. */
async function waitForOwner(
  context: Context,
  folder: Folder,
  isOver: () => boolean,
): Promise<Result<RunFile, Failure>> {
  for (let waited = 0; waited < READY_WITHIN_MS && !context.stop.aborted; waited += LOOK_AGAIN_MS) {
    const running = await runningOwner(folder, context);
    if (running !== undefined && (await isReady(running))) return ok(running);
    const nobody = isOver() && (await lockHolder(folder, context.clock)) === undefined;
    if (nobody) break;
    await sleep(LOOK_AGAIN_MS);
  }
  const last = (await readFile(folder.log, "utf8").catch(() => "")).trim().split("\n").at(-1) ?? "";
  return err(
    failed(
      "notStarted",
      `Counterfoil did not start for ${folder.path}. ${last}`.trim(),
      `Its log: ${folder.log}`,
    ),
  );
}

async function isReady({ url }: RunFile): Promise<boolean> {
  try {
    return (await fetch(new URL("/readyz", url))).ok;
  } catch {
    return false;
  }
}
