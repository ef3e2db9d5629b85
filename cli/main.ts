/** The one place that reads the environment, the clock and the arguments; everything below gets them as values. */
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { dirname, extname } from "node:path";
import { fileURLToPath } from "node:url";
import type { Context } from "./command.ts";
import { readEnvironment } from "./environment.ts";
import { reportBug, run } from "./program.ts";
import { createTerminal } from "./terminal.ts";

const here = fileURLToPath(import.meta.url);
const root = dirname(dirname(here));
const manifest = JSON.parse(readFileSync(`${root}/package.json`, "utf8")) as { version: string };

const stop = new AbortController();
/** Ctrl-C reaches a process twice when npm or the starter passes it on as well: only a later one means "now". */
const SAME_SIGNAL_MS = 1_000;
let stoppedAtMs = 0;
const stopBy = (reason: string): void => {
  if (stop.signal.aborted && Date.now() - stoppedAtMs > SAME_SIGNAL_MS) process.exit(1);
  if (!stop.signal.aborted) stoppedAtMs = Date.now();
  stop.abort(reason);
};
process.on("SIGINT", () => stopBy("SIGINT"));
process.on("SIGTERM", () => stopBy("SIGTERM"));
if (process.channel !== undefined) {
  // Started by the starter on an older Node: when that one is gone, however it went, so is this one.
  process.once("disconnect", () => stopBy("disconnect"));
  process.channel?.unref();
}
// A reader that has seen enough (`| head`) is no failure of ours.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

const context: Omit<Context, "dataFolder"> = {
  terminal: createTerminal(process),
  environment: readEnvironment(process.env),
  cwd: process.cwd(),
  clock: { now: () => new Date() },
  ids: { next: () => randomUUID() },
  stop: stop.signal,
  program: {
    name: "counterfoil",
    version: manifest.version,
    node: process.execPath,
    starter: process.argv[1] ?? here,
    root,
    extension: extname(here) === ".ts" ? ".ts" : ".js",
  },
};

const args = process.argv.slice(2);
try {
  process.exitCode = await run(args, context);
} catch (error) {
  process.exitCode = reportBug(error, context, args.includes("--json"));
}
