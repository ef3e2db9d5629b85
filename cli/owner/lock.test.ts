import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Folder, folderAt } from "./folder.ts";
import { type Holder, lockHolder, takeLock } from "./lock.ts";
import { isSameProcess, startOf } from "./process-identity.ts";

const clock = { now: () => new Date() };
let folder: Folder;
const children: ChildProcess[] = [];

beforeEach(async () => {
  folder = folderAt(await mkdtemp(join(tmpdir(), "counterfoil-lock-")));
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  await rm(folder.path, { recursive: true, force: true });
});

const LOCK = fileURLToPath(new URL("./lock.ts", import.meta.url));
const FOLDER = fileURLToPath(new URL("./folder.ts", import.meta.url));

/** Another process that tries to take the lock, says what came of it, and stays. */
async function taker(): Promise<{ child: ChildProcess; said: string }> {
  const program = `
    const { takeLock } = await import(${JSON.stringify(LOCK)});
    const { folderAt } = await import(${JSON.stringify(FOLDER)});
    const taken = await takeLock(folderAt(${JSON.stringify(folder.path)}), "test", { now: () => new Date() });
    console.log(taken.ok ? "taken" : "held by " + taken.error.pid);
    setInterval(() => undefined, 1_000);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  const [bytes] = (await once(child.stdout ?? child, "data")) as [Buffer];
  return { child, said: bytes.toString().trim() };
}

test("a second opener is refused and told who owns the folder, and may open it after the first has let go", async () => {
  const first = await takeLock(folder, "counterfoil start", clock);
  expect(first.ok).toBe(true);
  expect((await taker()).said).toBe(`held by ${process.pid}`);
  expect(await lockHolder(folder, clock)).toMatchObject({ pid: process.pid, command: "counterfoil start" });
  if (first.ok) await first.value.release();
  expect(await lockHolder(folder, clock)).toBeUndefined();
  expect((await taker()).said).toBe("taken");
});

test("the lock of a killed owner is free at once", async () => {
  const { child, said } = await taker();
  expect(said).toBe("taken");
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(await lockHolder(folder, clock)).toBeUndefined();
  const taken = await takeLock(folder, "test", clock);
  expect(taken.ok).toBe(true);
});

test("a process that got the number of a dead owner is not the owner", async () => {
  const holder: Holder = { pid: process.pid, start: "1", host: hostname(), command: "counterfoil start" };
  await writeFile(folder.lock, JSON.stringify(holder));
  expect(startOf(process.pid)).not.toBe("1");
  expect(isSameProcess(holder)).toBe(false);
  expect((await takeLock(folder, "test", clock)).ok).toBe(true);
});

test("of many that find a dead owner's lock at once, exactly one takes it", async () => {
  await writeFile(
    folder.lock,
    JSON.stringify({ pid: 2 ** 22 + 7, start: "1", host: hostname(), command: "x" }),
  );
  const takers = await Promise.all(Array.from({ length: 6 }, taker));
  expect(takers.filter(({ said }) => said === "taken")).toHaveLength(1);
}, 120_000);

test("an owner on another host lives while it touches its lock", async () => {
  await writeFile(
    folder.lock,
    JSON.stringify({ pid: 1, start: "1", host: "elsewhere", command: "counterfoil start" }),
  );
  expect((await takeLock(folder, "test", clock)).ok).toBe(false);
  const longAgo = new Date(Date.now() - 60_000);
  await utimes(folder.lock, longAgo, longAgo);
  expect((await takeLock(folder, "test", clock)).ok).toBe(true);
});

test("half a lock file is nobody's", async () => {
  await writeFile(folder.lock, '{"pid": 1');
  expect((await takeLock(folder, "test", clock)).ok).toBe(true);
  expect(JSON.parse(await readFile(folder.lock, "utf8"))).toMatchObject({ pid: process.pid });
});
