/**
 * Batches without an answer. Once their time is over the ledger is asked for every member: what is there and equal is
 * delivered, what is there and different is held, what is not there goes out again.
 */
import type { Batch } from "../ports.ts";
import { lookUp, sentOf } from "./look-up.ts";
import { pauseAfter, type Run } from "./run.ts";
import { sendBatch } from "./send.ts";
import { movesOf, settle } from "./settle.ts";

/** Xero forgets keys after about six minutes (facts/xero.md section 3); a younger batch may go again under its own key. */
const KEY_LIFE_MS = 300_000;

export async function recover(run: Run): Promise<void> {
  const { outbox, clock } = run.context;
  for (const batch of await outbox.doubtful(run.connection, clock.now())) {
    if (run.pausedUntil !== null) return;
    await recoverBatch(run, batch);
  }
}

async function recoverBatch(run: Run, batch: Batch): Promise<void> {
  const { outbox, clock, log } = run.context;
  const sent = sentOf(batch);
  const found = await lookUp(run.ledger, batch.resource, sent);
  if (!found.ok) {
    pauseAfter(run, found.error);
    return;
  }
  const absent = found.value.filter(({ kind }) => kind === "absent").length;
  log("delivery.lookedUp", { connection: run.connection, batch: batch.id, size: sent.length, absent });
  const age = clock.now().getTime() - batch.createdAt.getTime();
  if (absent === sent.length && age < KEY_LIFE_MS) {
    // The first request may still arrive: under the same key the ledger answers both with one document.
    const reopened = await outbox.reopen(batch.id, clock.now());
    if (reopened !== undefined) return sendBatch(run, reopened);
  }
  await settle(run, batch, {
    from: "uncertain",
    moves: movesOf(run, sent, found.value),
    answered: false,
  });
}
