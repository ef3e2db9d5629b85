import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";

const ROOT = resolve(import.meta.dirname, "..");

/** A demo server as a process of its own, and how long it took from spawn to its ready line. */
export type Running = {
  line: Record<string, unknown>;
  readyMs: number;
  /** Resident memory now; only Linux tells. */
  residentMb(): number | undefined;
  /**
   * Milliseconds its main thread has been on a processor: what a request costs whoever else uses the machine. Only Linux
   * tells.
   */
  busyMs(): number | undefined;
  /** kill -9: what a restart finds is what was confirmed. */
  kill(): Promise<void>;
};

export async function startServer(which: "store" | "ledger", args: readonly string[]): Promise<Running> {
  const startedMs = performance.now();
  const main = resolve(ROOT, "sandbox", which, "main.ts");
  const child = spawn(process.execPath, [main, "--port", "0", ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const line = await new Promise<string>((done, fail) => {
    child.stdout.once("data", (chunk: Buffer) => done(chunk.toString()));
    child.once("exit", (code) => fail(new Error(`${which} ended with ${code}`)));
  });
  return {
    line: JSON.parse(line),
    readyMs: performance.now() - startedMs,
    residentMb: () => residentMb(child),
    busyMs: () => busyMs(child),
    kill: () =>
      new Promise((done) => {
        child.once("exit", () => done());
        child.kill("SIGKILL");
      }),
  };
}

function residentMb({ pid }: ChildProcess): number | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/status`, "utf8");
    return Math.round(Number(/VmRSS:\s+(\d+) kB/.exec(text)?.[1]) / 1024);
  } catch {
    return undefined;
  }
}

function busyMs({ pid }: ChildProcess): number | undefined {
  try {
    return Number(readFileSync(`/proc/${pid}/task/${pid}/schedstat`, "utf8").split(" ")[0]) / 1e6;
  } catch {
    return undefined;
  }
}
