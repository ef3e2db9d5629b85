/** Sends a frozen batch and settles each of its elements by the ledger's answer. */
import { never } from "../core/assert.ts";
import type { Batch, ElementAnswer, Move, WriteAnswer } from "../ports.ts";
import { type Sent, sentOf } from "./look-up.ts";
import { refusalOf } from "./refusals.ts";
import { pauseFor, type Run } from "./run.ts";
import { requeue, setBack, settle, settleDuplicates } from "./settle.ts";

/** A token that was revoked is renewed by a person; asking every minute costs little. */
const UNAUTHORISED_WAIT_MS = 60_000;

export async function sendBatch(run: Run, batch: Batch): Promise<void> {
  const { outbox, clock, settings, log } = run.context;
  if (!(await outbox.markSent(batch.id, clock.now()))) {
    log("delivery.fenced", { connection: run.connection, batch: batch.id });
    return;
  }
  const answer = await run.ledger.create({
    resource: batch.resource,
    bodies: batch.bodies,
    // A timeout repeats the key, an answer does not (facts/xero.md section 3).
    idempotencyKey: `${batch.id}:${batch.answered}`,
    timeoutMs: settings.callTimeoutMs,
  });
  log("delivery.answered", {
    connection: run.connection,
    batch: batch.id,
    resource: batch.resource,
    size: batch.members.length,
    answer: answer.kind,
  });
  await settleAnswer(run, batch, answer);
}

async function settleAnswer(run: Run, batch: Batch, answer: WriteAnswer): Promise<void> {
  switch (answer.kind) {
    case "answered":
      return settleElements(run, batch, answer.elements);
    case "refused":
      return settleWholeRefusal(run, batch, answer.messages);
    case "rateLimited":
      return requeue(run, batch, pauseFor(run, answer.retryAfterSeconds * 1_000));
    case "unauthorised":
      return requeue(run, batch, pauseFor(run, UNAUTHORISED_WAIT_MS));
    case "unavailable":
      return setBack(run, batch);
    case "outcomeUnknown":
      return settleUnknown(run, batch);
    default:
      return never(answer);
  }
}

async function settleElements(run: Run, batch: Batch, elements: readonly ElementAnswer[]): Promise<void> {
  // An answer that does not fit the request says nothing about any element of it.
  if (elements.length !== batch.members.length) return settleUnknown(run, batch);
  const moves: Move[] = [];
  const duplicates: Sent[] = [];
  for (const [index, sent] of sentOf(batch).entries()) {
    const element = elements[index];
    if (element?.ok) {
      moves.push({ to: "delivered", id: sent.document.id, document: element.document });
      continue;
    }
    const error = refusalOf(element?.messages ?? []);
    if (error.kind === "duplicate") duplicates.push(sent);
    else moves.push({ to: "failed", id: sent.document.id, error });
  }
  await settleDuplicates(run, batch, moves, duplicates);
}

/** The whole write was refused, so that nothing of it is in the ledger: alone, each shows whether it is the bad one. */
async function settleWholeRefusal(run: Run, batch: Batch, messages: readonly string[]): Promise<void> {
  if (batch.members.length === 1) return settleElements(run, batch, [{ ok: false, messages }]);
  run.singly = batch.members.length;
  return requeue(run, batch, run.context.clock.now());
}

/** No answer: nothing is sent again before the batch's time is over and the ledger has been asked. */
async function settleUnknown(run: Run, batch: Batch): Promise<void> {
  pauseFor(run, run.context.settings.retryMs);
  const moves = batch.members.map(({ id }): Move => ({ to: "uncertain", id }));
  await settle(run, batch, { from: "delivering", moves, answered: false });
}
