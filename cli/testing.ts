/** Runs the program in this process with a terminal that remembers, for tests of what a user sees. */
import { fileURLToPath } from "node:url";
import type { Context } from "./command.ts";
import { readEnvironment } from "./environment.ts";
import { run } from "./program.ts";
import type { Terminal } from "./terminal.ts";

export type Ran = { readonly exit: number; readonly stdout: string; readonly stderr: string };

export const ROOT = fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/, "");

/** `cwd` is the checkout, so that `scenarios/x.json` is found. */
export async function runProgram(
  args: readonly string[],
  { cwd = ROOT, variables = {} }: { readonly cwd?: string; readonly variables?: Record<string, string> } = {},
): Promise<Ran> {
  const [stdout, stderr]: [string[], string[]] = [[], []];
  const terminal: Terminal = {
    print: (text) => void stdout.push(`${text}\n`),
    json: (value) => void stdout.push(`${JSON.stringify(value, null, 2)}\n`),
    note: (text) => void stderr.push(`${text}\n`),
    stream: (text) => void stdout.push(text),
    tone: (_, text) => text,
    interactive: false,
  };
  const context: Omit<Context, "dataFolder"> = {
    terminal,
    environment: readEnvironment(variables),
    cwd,
    clock: { now: () => new Date("2026-11-23T12:00:00Z") },
    ids: { next: () => "id" },
    stop: new AbortController().signal,
    program: {
      name: "counterfoil",
      version: "0.0.0",
      node: process.execPath,
      starter: `${ROOT}/cli/counterfoil.mjs`,
      root: ROOT,
      extension: ".ts",
    },
  };
  const exit = await run(args, context);
  return { exit, stdout: stdout.join(""), stderr: stderr.join("") };
}
