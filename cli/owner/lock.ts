/**
 * One process owns a data folder. PGlite takes no lock of its own, and two openers lose rows without an error
 * (facts/stack.md 2.1: 600 acknowledged inserts, 442 rows left), so this lock is a law.
 */
import { link, rename, stat, unlink, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { assert } from "../../engine/core/assert.ts";
import { err, ok, type Result } from "../../engine/core/result.ts";
import type { Clock } from "../../engine/ports.ts";
import { type Folder, isMissing, isThere, readText } from "./folder.ts";
import { isSameProcess, startOf } from "./process-identity.ts";

export const Holder = z.strictObject({
  pid: z.int(),
  start: z.string().nullable().describe("when the process started; null where the system does not say"),
  host: z.string(),
  command: z.string().describe("how it was started, such as counterfoil start"),
});
export type Holder = z.infer<typeof Holder>;

export type Lock = { release(): Promise<void> };

/** A holder on another host (a container beside ours) cannot be asked whether it lives; its lock's age says so. */
const TOUCH_MS = 5_000;
const UNTOUCHED_MS = 20_000;
/** Longer than a taker-over needs between moving a lock aside and putting it back. */
const SETTLE_MS = 50;
const ATTEMPTS_MAX = 20;

/** Takes the lock, over a dead holder too; the error is the holder that lives. */
export async function takeLock(folder: Folder, command: string, clock: Clock): Promise<Result<Lock, Holder>> {
  const own: Holder = { pid: process.pid, start: startOf(process.pid) ?? null, host: hostname(), command };
  const text = JSON.stringify(own);
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    if (await linkNew(folder.lock, text)) {
      await sleep(SETTLE_MS);
      if ((await readText(folder.lock)) === text) return ok(keep(folder.lock, text, clock));
      continue;
    }
    const found = await readText(folder.lock);
    if (found === undefined) continue;
    const holder = parseHolder(found);
    if (holder !== undefined && (await isHeld(folder.lock, holder, clock))) return err(holder);
    await removeStale(folder.lock, found);
  }
  const found = parseHolder((await readText(folder.lock)) ?? "");
  assert(found !== undefined, `the lock ${folder.lock} cannot be taken and nobody holds it`);
  return err(found);
}

/** Who owns the folder now; undefined when nobody does. */
export async function lockHolder(folder: Folder, clock: Clock): Promise<Holder | undefined> {
  const holder = parseHolder((await readText(folder.lock)) ?? "");
  return holder !== undefined && (await isHeld(folder.lock, holder, clock)) ? holder : undefined;
}

/** A hard link appears with all of its content or not at all, and never over another file. */
async function linkNew(lock: string, text: string): Promise<boolean> {
  const aside = `${lock}.${process.pid}.new`;
  await writeFile(aside, text, { mode: 0o600 });
  try {
    await link(aside, lock);
    return true;
  } catch (error) {
    if (isThere(error)) return false;
    throw error;
  } finally {
    await unlink(aside);
  }
}

/**
 * Two may find the same dead holder: the slower one would remove the lock that the quicker one has just taken. What was
 * moved aside is therefore looked at, and put back when it is not the one that was judged; a taker of the lock looks once
 * more after SETTLE_MS whether it still holds it.
 */
async function removeStale(lock: string, judged: string): Promise<void> {
  const aside = `${lock}.${process.pid}.stale`;
  try {
    await rename(lock, aside);
  } catch (error) {
    if (isMissing(error)) return;
    throw error;
  }
  try {
    if ((await readText(aside)) !== judged) await link(aside, lock);
  } catch (error) {
    if (!isThere(error)) throw error;
  } finally {
    await unlink(aside);
  }
}

async function isHeld(lock: string, holder: Holder, clock: Clock): Promise<boolean> {
  if (holder.host === hostname()) return isSameProcess(holder);
  const { mtimeMs } = await stat(lock);
  return clock.now().getTime() - mtimeMs < UNTOUCHED_MS;
}

function keep(lock: string, text: string, clock: Clock): Lock {
  const touching = setInterval(() => {
    const now = clock.now();
    utimes(lock, now, now).catch(() => undefined);
  }, TOUCH_MS);
  touching.unref();
  return {
    async release() {
      clearInterval(touching);
      if ((await readText(lock)) === text) await unlink(lock);
    },
  };
}

function parseHolder(text: string): Holder | undefined {
  try {
    return Holder.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
