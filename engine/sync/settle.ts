/** The moves of a batch's members, counted, logged and fenced; and the look-ups that decide some of them. */
import type { Held } from "../core/hold.ts";
import { ok } from "../core/result.ts";
import type { Batch, Move } from "../ports.ts";
import { contactNameTaken, numberHidden } from "./adopt.ts";

import { type Found, lookUp, type Sent, sentOf } from "./look-up.ts";
import { pauseAfter, pauseFor, type Run } from "./run.ts";

type Settlement = {
  readonly from: "delivering" | "uncertain";
  readonly moves: readonly Move[];
  readonly answered: boolean;
};

export async function settle(run: Run, batch: Batch, { from, moves, answered }: Settlement): Promise<void> {
  const { outbox, clock, log } = run.context;
  const at = clock.now();
  const moved = await outbox.settle({ batch: batch.id, sends: batch.sends, from, moves, answered, at });
  if (moved < moves.length) {
    // Another worker took this batch over while we were away; what it did stands.
    log("delivery.fenced", { connection: run.connection, batch: batch.id, lost: moves.length - moved });
    return;
  }
  const count = (to: Move["to"]) => moves.filter((move) => move.to === to).length;
  run.counts.delivered += count("delivered");
  run.counts.refused += count("failed");
  run.counts.held += count("held");
  if (moves.some((move) => move.to === "failed" && move.error.kind === "mapping")) await refreshOrg(run);
}

/** The mirror let a document pass that the ledger refuses for its accounts or tax types: it is stale. */
async function refreshOrg({ context, connection }: Run): Promise<void> {
  const refreshed = await context.mirrors.org(connection, { refresh: true });
  if (!refreshed.ok) context.log("mirror.stale", { connection, kind: "org", cause: refreshed.error.kind });
}

export const requeue = (run: Run, batch: Batch, notBefore: Date): Promise<void> =>
  settle(run, batch, {
    from: "delivering",
    moves: batch.members.map(({ id, setbacks }): Move => ({ to: "queued", id, notBefore, setbacks })),
    answered: true,
  });

/** The ledger was away and has nothing of the batch: wait, longer every time. */
export async function setBack(run: Run, batch: Batch): Promise<void> {
  const { settings } = run.context;
  const setbacks = Math.max(...batch.members.map((member) => member.setbacks)) + 1;
  const notBefore = pauseFor(run, Math.min(settings.retryMaxMs, settings.retryMs * 2 ** (setbacks - 1)));
  const moves = batch.members.map(({ id }): Move => ({ to: "queued", id, notBefore, setbacks }));
  await settle(run, batch, { from: "delivering", moves, answered: true });
}

/**
 * Before a batch is sent: members that the ledger has already are delivered, and then the others go in a batch of their own.
 * True when there are none and the batch may go.
 */
export async function lookUpFirst(run: Run, batch: Batch): Promise<boolean> {
  const sent = sentOf(batch);
  const found = await lookUp(run.ledger, batch.resource, sent);
  if (!found.ok) {
    await requeue(run, batch, pauseAfter(run, found.error));
    return false;
  }
  if (found.value.every(({ kind }) => kind === "absent")) return true;
  await settle(run, batch, {
    from: "delivering",
    moves: movesOf(run, sent, found.value),
    answered: true,
  });
  return false;
}

/** Where a look-up sends each of them; what the ledger does not have is queued again. */
export function movesOf(run: Run, sent: readonly Sent[], found: readonly Found[]): Move[] {
  const notBefore = run.context.clock.now();
  return sent.map(({ document: { id, setbacks } }, index): Move => {
    const one = found[index] ?? { kind: "absent" };
    if (one.kind === "found") return { to: "delivered", id, document: one.document };
    if (one.kind === "different") return { to: "held", id, hold: one.hold };
    return { to: "queued", id, notBefore, setbacks };
  });
}

/**
 * Elements refused because the ledger has their number or name already: the look-up says whether it is the same document.
 * All moves of the batch are one settlement, so that a crash in between leaves it open and it is looked up as a whole.
 */
export async function settleDuplicates(
  run: Run,
  batch: Batch,
  moves: readonly Move[],
  duplicates: readonly Sent[],
): Promise<void> {
  const found = duplicates.length === 0 ? ok([]) : await lookUp(run.ledger, batch.resource, duplicates);
  if (!found.ok) pauseAfter(run, found.error);
  const further = duplicates.map(({ document: { id } }, index): Move => {
    if (!found.ok) return { to: "uncertain", id };
    const one = found.value[index] ?? { kind: "absent" };
    if (one.kind === "found") return { to: "delivered", id, document: one.document };
    return { to: "held", id, hold: one.kind === "different" ? one.hold : heldElsewhere(batch) };
  });
  await settle(run, batch, { from: "delivering", moves: [...moves, ...further], answered: true });
}

/** Refused as a duplicate, and not found by our number: a contact whose name another one has, or a number we cannot see. */
const heldElsewhere = ({ resource }: Batch): Held =>
  resource === "Contacts" ? contactNameTaken : numberHidden;
