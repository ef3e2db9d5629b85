/** The starter on a Node that cannot run TypeScript, such as Debian 12's own. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isAlive, ROOT, untilGone } from "../test/counterfoil.ts";

const PLACES = ["/usr/bin/node", "/usr/local/bin/node", "/bin/node"];
const OLDEST_FITTING = 22;
const old = PLACES.find((path) => {
  const major = Number(
    /^v(\d+)/.exec(spawnSync(path, ["--version"], { encoding: "utf8" }).stdout ?? "")?.[1],
  );
  return major >= 18 && major < OLDEST_FITTING;
});
if (old === undefined) console.warn(`SKIPPED: none of ${PLACES.join(", ")} is a Node from 18 to 21`);
const STARTER = join(ROOT, "cli", "counterfoil.mjs");
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "counterfoil-starter-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.skipIf(old === undefined)("on an older Node", () => {
  const run = (script: string, ...args: string[]) =>
    spawnSync(old ?? "", [script, ...args], { cwd: folder, encoding: "utf8" });

  test("the program runs on the Node of the installation, with the same exit codes", () => {
    const help = run(STARTER, "--help");
    expect([help.status, help.stderr]).toEqual([0, ""]);
    expect(help.stdout).toContain("counterfoil COMMAND");
    expect(run(STARTER, "nonsense").status).toBe(2);
    expect(run(STARTER, "plan", "--order", join(ROOT, "fixtures/order.json")).status).toBe(0);
  });

  test("without such a Node it says what to do", async () => {
    await cp(STARTER, join(folder, "counterfoil.mjs"));
    const { status, stderr, stdout } = run(join(folder, "counterfoil.mjs"), "start");
    expect([status, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(/needs Node 22\.18 or newer.*npm ci.*Node 24/s);
  });

  test("when the starter is killed, the program stops too and lets go of its servers", async () => {
    const child = spawn(old ?? "", [STARTER, "sandbox", "--orders", "1", "--data", folder], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = (await once(child.stdout, "data")) as [Buffer];
    const { store } = JSON.parse(line.toString()) as { store: string };
    expect((await fetch(store)).status).toBeGreaterThan(0);
    const { pid } = JSON.parse(await readLock()) as { pid: number };
    expect(isAlive(pid)).toBe(true);
    child.kill("SIGKILL");
    await untilGone(pid);
    await expect(fetch(store)).rejects.toThrow();
  });
});

const readLock = (): Promise<string> => readFile(join(folder, "owner.lock"), "utf8");
