/** The program as a user runs it: a process of its own, in a data folder of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const ROOT = join(import.meta.dirname, "..");
const STARTER = join(ROOT, "cli", "counterfoil.mjs");
const GONE_WITHIN_MS = 15_000;

/** What the developer's shell says of databases, keys and folders is not for these tests. */
const FOREIGN = /^(DATABASE_URL|COUNTERFOIL_|ANTHROPIC_|MAGENTO_|XERO_|LOG_LEVEL)/;
const OWN_ENVIRONMENT = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !FOREIGN.test(name)),
);

export type Ran = { readonly exit: number | null; readonly stdout: string; readonly stderr: string };

export type Home = {
  readonly data: string;
  /** Runs a command to its end. */
  run(...args: string[]): Promise<Ran>;
  /** Runs a command that reads what a person types. */
  type(command: string, input: string): Promise<Ran>;
  /** The same with `--json`; fails the test when the exit code is another. */
  json<T>(exit: number, ...args: string[]): Promise<T>;
  /** `start` in a process that stays; resolves when it has printed its link. */
  start(...args: string[]): Promise<Started>;
  /** Where the demo servers are, from sandbox.json. */
  servers(): Servers;
  /** Ends whatever still runs and removes the folder. */
  remove(): Promise<void>;
};

export type Started = {
  readonly child: ChildProcess;
  readonly link: string;
  readonly url: string;
  readonly pid: number;
};
type Servers = {
  readonly store: { readonly store: string; readonly pid: number };
  readonly ledger: { readonly ledger: string; readonly pid: number };
};

export async function openHome(): Promise<Home> {
  const data = await mkdtemp(join(tmpdir(), "counterfoil-home-"));
  const children: ChildProcess[] = [];
  const spawnOne = (args: readonly string[], stdin: "ignore" | "pipe" = "ignore"): ChildProcess => {
    const child = spawn(process.execPath, [STARTER, ...args, "--data", data], {
      cwd: ROOT,
      env: OWN_ENVIRONMENT,
      stdio: [stdin, "pipe", "pipe"],
    });
    children.push(child);
    return child;
  };
  const run = async (...args: string[]): Promise<Ran> => ended(spawnOne(args));
  const ended = async (child: ChildProcess): Promise<Ran> => {
    const [stdout, stderr, [exit]] = await Promise.all([
      textOf(child.stdout),
      textOf(child.stderr),
      once(child, "exit") as Promise<[number | null]>,
    ]);
    return { exit, stdout, stderr };
  };
  return {
    data,
    run,
    type(command, input) {
      const child = spawnOne([command], "pipe");
      child.stdin?.end(input);
      return ended(child);
    },
    async json<T>(exit: number, ...args: string[]): Promise<T> {
      const ran = await run(...args, "--json");
      if (ran.exit !== exit)
        throw new Error(`${args.join(" ")}: exit ${ran.exit}\n${ran.stdout}${ran.stderr}`);
      return JSON.parse(ran.stdout) as T;
    },
    async start(...args) {
      const child = spawnOne(["start", "--port", "0", "--json", ...args]);
      return { child, ...(await firstJson(child)) };
    },
    servers: () => JSON.parse(readFileSync(join(data, "sandbox.json"), "utf8")) as Servers,
    async remove() {
      for (const pid of await runningPids(data)) killQuietly(pid);
      for (const child of children) child.kill("SIGKILL");
      await rm(data, { recursive: true, force: true });
    },
  };
}

/** Until the process is gone, however it ends. */
export async function untilGone(pid: number): Promise<void> {
  for (let waited = 0; waited < GONE_WITHIN_MS; waited += 50) {
    if (!isAlive(pid)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`process ${pid} is still there`);
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A killed child that nobody has waited for yet has ended as well.
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

async function textOf(stream: ChildProcess["stdout"]): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of stream ?? []) parts.push(part as Buffer);
  return Buffer.concat(parts).toString("utf8");
}

/** The first JSON document on stdout; a process that ends before it has printed one fails the test with its words. */
async function firstJson(child: ChildProcess): Promise<{ link: string; url: string; pid: number }> {
  let [text, errors] = ["", ""];
  child.stderr?.on("data", (part) => {
    errors += String(part);
  });
  for await (const part of child.stdout ?? []) {
    text += String(part);
    if (text.trimEnd().endsWith("}")) break;
  }
  if (text === "") throw new Error(`start printed nothing: ${errors}`);
  return JSON.parse(text) as { link: string; url: string; pid: number };
}

/** By the numbers that the folder itself has written down, so that nothing else is ever ended. */
async function runningPids(data: string): Promise<number[]> {
  const files = ["run.json", "owner.lock", "sandbox.json"].map((name) => join(data, name));
  const texts = files.filter((path) => existsSync(path)).map((path) => readFileSync(path, "utf8"));
  return texts.flatMap((text) => [...text.matchAll(/"pid":\s*(\d+)/g)].map(([, pid]) => Number(pid)));
}

function killQuietly(pid: number): void {
  if (isAlive(pid)) process.kill(pid, "SIGKILL");
}
