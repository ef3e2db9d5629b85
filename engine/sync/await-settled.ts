/** Waits for the delivery of a record, for commands and requests that show its outcome. */
import type { DocumentState } from "../core/state.ts";
import type { SyncContext } from "./context.ts";

const POLL_MS = 50;
const POLL_MAX_MS = 500;

/** True once nothing of the record is on its way: everything is posted, or waits for a person. */
export async function awaitSettled(
  { outbox, sleep }: Pick<SyncContext, "outbox" | "sleep">,
  record: string,
  waitMs: number,
): Promise<boolean> {
  let [leftMs, pollMs] = [waitMs, POLL_MS];
  for (;;) {
    if (isSettled(await outbox.states(record))) return true;
    if (leftMs <= 0) return false;
    const turnMs = Math.min(pollMs, leftMs);
    await sleep(turnMs);
    leftMs -= turnMs;
    pollMs = Math.min(POLL_MAX_MS, pollMs * 1.5);
  }
}

/** A queued document behind a refused one does not move by itself. */
export function isSettled(states: readonly DocumentState[]): boolean {
  if (states.includes("delivering") || states.includes("uncertain")) return false;
  return !states.includes("queued") || states.includes("failed") || states.includes("held");
}
