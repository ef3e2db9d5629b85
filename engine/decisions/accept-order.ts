/** A person takes an unusual order as it is: recorded with who and what, then planned again. */
import type { Actor, Outcome, SyncOutcome } from "../api.ts";
import { type Context, connectionOf } from "../context.ts";
import { ANOMALIES } from "../core/anomalies.ts";
import { err } from "../core/result.ts";
import { retryOrder } from "../sync-order.ts";
import { nearOrders } from "../views/near-orders.ts";
import { appendAudit } from "./audit.ts";

export type Acceptance = { readonly number: string; readonly waitMs: number; readonly actor: Actor };

export async function acceptOrder(
  context: Context,
  connection: string,
  { number, waitMs, actor }: Acceptance,
): Outcome<SyncOutcome> {
  const known = connectionOf(context, connection);
  if (!known.ok) return known;
  if (actor.model || (actor.role !== "approver" && actor.role !== "admin"))
    return err({ kind: "forbidden", message: "Only a person who may approve accepts an unusual order." });
  const record = await context.records.find(connection, { number });
  if (record === undefined) return err(await nearOrders(context, connection, number));
  const hold = record.hold?.hold;
  if (hold === undefined || !ANOMALIES.includes(hold)) {
    const message = `Order ${number} does not wait because it is unusual; there is nothing to accept.`;
    return err({ kind: "invalid", message, problems: [] });
  }
  const at = context.clock.now();
  await appendAudit(context.db, {
    id: context.ids.next(),
    at,
    connection,
    actor,
    action: "record.accepted",
    subject: record.id,
    detail: { hold },
  });
  await context.records.accept(record.id, hold, at);
  return retryOrder(context, connection, { number, waitMs });
}
