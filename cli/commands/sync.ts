import { RecordView, SyncOutcome } from "../../api/schemas/records.ts";
import { err, ok, type Result } from "../../engine/core/result.ts";
import { type Client, pathWith } from "../client.ts";
import type { Call, Command, Context } from "../command.ts";
import { EXIT, type Exit, type Failure } from "../exit.ts";
import { reportFailure, type Terminal } from "../terminal.ts";
import { recordText } from "../words.ts";
import { withOwner } from "./with-owner.ts";

/** More than the ledger's minute, so that a batch that waits for its limit is still settled here. */
const WAIT_MS = 90_000;
const AT_ONCE_MAX = 25;
const ORDERS_MAX = 1_000;

export const sync: Command = {
  usage: "ORDER...",
  about:
    "Reads each order from the store, plans it by the approved mapping, posts its documents and waits until they are settled. An order that was posted before is not posted again. Exit 3 when one is held for a person, 1 when one failed.",
  options: {},
  words: { min: 1, max: ORDERS_MAX, named: "an order number (Magento increment_id)" },
  examples: ["sync 000000012", "sync 000000012 000000013 --json"],
  run: (call, context) => hasten("sync", call, context),
};

export const retry: Command = {
  usage: "ORDER...",
  about:
    "Tries orders again that were held or refused, after you have corrected the order, the ledger or the mapping. What was posted stays as it is.",
  options: {},
  words: { min: 1, max: ORDERS_MAX, named: "an order number (Magento increment_id)" },
  examples: ["retry 000000012"],
  run: (call, context) => hasten("retry", call, context),
};

export const accept: Command = {
  usage: "ORDER...",
  about:
    "Takes orders as they are that were held because they are unusual (a duplicate, an odd date, currency, tax or total), and posts them. Only a person who may approve does this; the audit log keeps who did.",
  options: {},
  words: { min: 1, max: ORDERS_MAX, named: "an order number (Magento increment_id)" },
  examples: ["accept 000000012"],
  run: (call, context) => hasten("accept", call, context),
};

/**
 * Several orders at a time: while one call to the ledger is in flight the documents of the others pile up, so that they go out
 * in batches. They are printed in the order in which they were named, one that cannot be synced stops no other, and the worst
 * end of them all is the command's.
 */
type Verb = "sync" | "retry" | "accept";

function hasten(verb: Verb, call: Call, context: Context): Promise<Exit> {
  const { terminal } = context;
  return withOwner(call, context, async (client) => {
    const underWay = startAll(call.words, (order) => hastenOne(client, verb, order, call.connection));
    const ended: Result<Ended, Failure>[] = [];
    for (const started of underWay) {
      const outcome = await started;
      ended.push(outcome);
      if (call.json) continue;
      if (outcome.ok) printEnded(context, outcome.value);
      else reportFailure(terminal, outcome.error, false);
    }
    const [first] = ended;
    if (call.json && ended.length === 1 && first !== undefined)
      return first.ok ? only(first.value, terminal) : first;
    if (call.json) terminal.json(ended.map((outcome, index) => shown(outcome, call.words[index] ?? "")));
    return ok(worstOf(ended.map((outcome) => (outcome.ok ? exitOf(outcome.value) : outcome.error.exit))));
  });
}

function only(ended: Ended, terminal: Terminal): Result<Exit, Failure> {
  terminal.json(ended);
  return ok(exitOf(ended));
}

/** A member of the list that `--json` prints for several orders. */
function shown(outcome: Result<Ended, Failure>, order: string): unknown {
  if (outcome.ok) return outcome.value;
  const { kind, message, next } = outcome.error;
  return { order, error: { kind, message, next } };
}

/** At most `AT_ONCE_MAX` run; each waits for the one that many places before it. */
function startAll<T>(orders: readonly string[], run: (order: string) => Promise<T>): Promise<T>[] {
  const started: Promise<T>[] = [];
  for (const [index, order] of orders.entries()) {
    const earlier = started[index - AT_ONCE_MAX] ?? Promise.resolve();
    started.push(earlier.then(() => run(order)));
  }
  return started;
}

type Ended = { readonly order: string; readonly record: RecordShape; readonly settled: boolean };
type RecordShape = NonNullable<(typeof RecordView)["_output"]>;

/** A held order is an answer with a record, not a failure: its record says why. */
async function hastenOne(
  client: Client,
  verb: Verb,
  order: string,
  connection: string | undefined,
): Promise<Result<Ended, Failure>> {
  const base = `/api/records/${encodeURIComponent(order)}`;
  const outcome = await client.post(
    pathWith(`${base}/${verb}`, { connection, waitMs: WAIT_MS }),
    {},
    SyncOutcome,
  );
  if (outcome.ok) return outcome;
  if (outcome.error.kind !== "held") return err(named(order, outcome.error));
  const record = await client.get(pathWith(base, { connection }), RecordView);
  return record.ok ? ok({ order, record: record.value, settled: true }) : err(named(order, outcome.error));
}

const named = (order: string, failure: Failure): Failure =>
  failure.message.includes(order) ? failure : { ...failure, message: `Order ${order}: ${failure.message}` };

function printEnded({ terminal }: Context, { record, settled }: Ended): void {
  terminal.print(recordText(terminal, record));
  if (!settled) terminal.note("Not settled yet: delivery goes on. `counterfoil status` shows the queue.");
}

function exitOf({ record, settled }: Ended): Exit {
  if (record.hold !== null || record.state === "held") return EXIT.held;
  return record.state === "failed" || !settled ? EXIT.failed : EXIT.done;
}

const WORST_FIRST = [EXIT.failed, EXIT.badInput, EXIT.held] as const;
const worstOf = (exits: readonly Exit[]): Exit =>
  WORST_FIRST.find((exit) => exits.includes(exit)) ?? EXIT.done;
