/** One demo server as a detached child process: found again, ended, or started. */
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { err, ok, type Result } from "../../engine/core/result.ts";
import type { Program } from "../command.ts";
import { type Failure, failed } from "../exit.ts";
import { type Folder, readJsonFile, readText } from "./folder.ts";
import { isSameProcess, startOf } from "./process-identity.ts";

export const ServerProcess = z.object({ pid: z.int(), start: z.string().nullable() });
export type ServerProcess = z.infer<typeof ServerProcess>;

export type DemoServer<Ready> = {
  readonly name: "store" | "ledger";
  /** Undefined: the one that it had before, else any free one. */
  readonly port: number | undefined;
  readonly args: readonly string[];
  /** The line that it prints when it is ready. */
  readonly schema: z.ZodType<Ready>;
  addressOf(ready: Ready): string;
};
export type Place = { readonly folder: Folder; readonly program: Program; readonly stop: AbortSignal };

const READY_WITHIN_MS = 60_000;
const GONE_WITHIN_MS = 5_000;
const LOOK_AGAIN_MS = 25;

/** The one that runs already, or a new one. One that an owner left half started is ended first: two would share its files. */
export async function runServer<Ready>(
  place: Place,
  server: DemoServer<Ready>,
): Promise<Result<Ready & ServerProcess, Failure>> {
  const files = filesOf(place.folder, server.name);
  const known = await readJsonFile(files.process, ServerProcess);
  const ready = await readJsonFile(files.ready, server.schema);
  const port = ready === undefined ? undefined : Number(new URL(server.addressOf(ready)).port);
  if (known !== undefined && isSameProcess(known)) {
    if (ready !== undefined && (server.port ?? port) === port) return ok({ ...ready, ...known });
    await endServer(known);
  }
  if (server.port !== undefined) return spawnServer(place, server, server.port);
  // Addresses that stay the same keep links and notes alive; when somebody else took the port, any free one does.
  const again = port === undefined ? undefined : await spawnServer(place, server, port);
  return again?.ok === true ? again : spawnServer(place, server, 0);
}

/** Ends it and waits until it is gone: what it has answered is in its files. */
export async function endServer(server: ServerProcess): Promise<void> {
  if (!isSameProcess(server)) return;
  process.kill(server.pid, "SIGTERM");
  for (let waited = 0; waited < GONE_WITHIN_MS; waited += LOOK_AGAIN_MS) {
    if (!isSameProcess(server)) return;
    await sleep(LOOK_AGAIN_MS);
  }
  process.kill(server.pid, "SIGKILL");
}

const filesOf = ({ sandbox }: Folder, name: string) => ({
  process: join(sandbox, `${name}.process.json`),
  ready: join(sandbox, `${name}.ready.json`),
  log: join(sandbox, `${name}.log`),
});

async function spawnServer<Ready>(
  { folder, program, stop }: Place,
  { name, args, schema }: DemoServer<Ready>,
  port: number,
): Promise<Result<Ready & ServerProcess, Failure>> {
  const files = filesOf(folder, name);
  const main = join(program.root, "sandbox", name, `main${program.extension}`);
  // Files and no pipes: a pipe to an owner that is gone would end the server at its next word.
  const [out, errors] = await Promise.all([open(files.ready, "w", 0o600), open(files.log, "a", 0o600)]);
  const child = spawn(program.node, [main, ...args, "--port", String(port)], {
    detached: true,
    stdio: ["ignore", out.fd, errors.fd],
  });
  let isOver = false;
  const end = (): void => {
    isOver = true;
  };
  child.once("exit", end).once("error", end);
  child.unref();
  const { pid } = child;
  const started = pid === undefined ? undefined : { pid, start: startOf(pid) ?? null };
  // At once and in one go: an owner that is killed now must be able to find it again.
  if (started !== undefined) writeFileSync(files.process, JSON.stringify(started), { mode: 0o600 });
  await Promise.all([out.close(), errors.close()]);
  for (let waited = 0; waited < READY_WITHIN_MS && !isOver && !stop.aborted; waited += LOOK_AGAIN_MS) {
    const ready = await readJsonFile(files.ready, schema);
    if (ready !== undefined && started !== undefined) return ok({ ...ready, ...started });
    await sleep(LOOK_AGAIN_MS);
  }
  if (started !== undefined) await endServer(started);
  return err(notStarted(name, files.log, (await readText(files.log)) ?? ""));
}

function notStarted(name: string, log: string, text: string): Failure {
  const why = text.trim().split("\n").at(-1) ?? "";
  return failed(
    "demoServer",
    `The demo ${name} did not start${why === "" ? "." : `: ${why}`}`,
    `Its log: ${log}`,
  );
}
