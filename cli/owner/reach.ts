/** Finds the owner of the data folder, or starts one in the background, and says so. */
import { spawn } from "node:child_process";
import { open, readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { err, ok, type Result } from "../../engine/core/result.ts";
import { type Client, createClient } from "../client.ts";
import type { Context } from "../command.ts";
import { type Failure, failed } from "../exit.ts";
import { type Folder, folderAt, makeFolder } from "./folder.ts";
import { type Holder, lockHolder } from "./lock.ts";
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

/**
 * Whoever holds the lock is the owner, also one that somebody else has just started. One that is stopping still holds it for
 * a moment, so a new one is started only when the lock is free.
 */
export async function findOrStartOwner(context: Context): Promise<Result<RunFile, Failure>> {
  const folder = folderAt(context.dataFolder);
  let started: Background | undefined;
  for (let waited = 0; waited < READY_WITHIN_MS && !context.stop.aborted; waited += LOOK_AGAIN_MS) {
    const holder = await lockHolder(folder, context.clock);
    if (holder !== undefined && !holder.command.endsWith(" start")) return err(otherUse(folder, holder));
    const run = holder === undefined ? undefined : await readRunFile(folder);
    if (run !== undefined && run.pid === holder?.pid && (await isReady(run)))
      return ok(told(run, started, context));
    if (holder === undefined && started?.isOver() === true) break;
    if (holder === undefined) started ??= await startInBackground(context, folder);
    await sleep(LOOK_AGAIN_MS);
  }
  return err(await notStarted(folder));
}

type Background = { readonly pid: number | undefined; isOver(): boolean };

async function startInBackground(context: Context, folder: Folder): Promise<Background> {
  const { program, terminal, dataFolder } = context;
  await makeFolder(folder);
  const log = await open(folder.log, "a", 0o600);
  const child = spawn(program.node, [program.starter, "start", "--quiet", "--data", dataFolder], {
    detached: true,
    stdio: ["ignore", log.fd, log.fd],
  });
  await log.close();
  let isOver = false;
  const end = (): void => {
    isOver = true;
  };
  child.once("exit", end).once("error", end);
  child.unref();
  terminal.note(`Starting Counterfoil for ${dataFolder} in the background (process ${child.pid ?? "?"}).`);
  return { pid: child.pid, isOver: () => isOver };
}

function told(run: RunFile, started: Background | undefined, { terminal }: Context): RunFile {
  if (started !== undefined) terminal.note(`It runs at ${run.url}; \`kill ${run.pid}\` stops it.`);
  return run;
}

const otherUse = ({ path }: Folder, { pid, command }: Holder): Failure =>
  failed(
    "folderOwned",
    `${path} is owned by process ${pid} (${command}), which answers no commands.`,
    `Stop it with \`kill ${pid}\`, or choose another --data DIR.`,
  );

async function notStarted(folder: Folder): Promise<Failure> {
  const log = await readFile(folder.log, "utf8").catch(() => "");
  const last = log.trim().split("\n").at(-1) ?? "";
  return failed(
    "notStarted",
    `Counterfoil did not start for ${folder.path}. ${last}`.trim(),
    `Its log: ${folder.log}`,
  );
}

async function isReady({ url }: RunFile): Promise<boolean> {
  try {
    return (await fetch(new URL("/readyz", url))).ok;
  } catch {
    return false;
  }
}
