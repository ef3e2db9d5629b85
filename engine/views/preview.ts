/** What an order would become: the same planSale as sync and replay, and nothing is saved (style.md rule 8). */
import type { Outcome, PlanOutcome } from "../api.ts";
import { type Context, upstreamError } from "../context.ts";
import type { MappingSpec } from "../core/mapping.ts";
import { planSale } from "../core/plan-sale.ts";
import { err, ok } from "../core/result.ts";
import { order } from "./orders.ts";
import { currentSpec } from "./specs.ts";

export async function preview(
  context: Context,
  connection: string,
  number: string,
  candidate?: MappingSpec,
): Outcome<PlanOutcome> {
  const spec = candidate === undefined ? await currentSpec(context, connection) : ok({ spec: candidate });
  if (!spec.ok) return spec;
  const found = await order(context, connection, number);
  if (!found.ok) return found;
  const { sale, hold } = found.value;
  if (sale === null) {
    return hold === null
      ? err({ kind: "notFound", message: `Order ${number} has not been read.` })
      : ok({ status: "held", order: number, held: hold });
  }
  const record = await context.records.find(connection, { number });
  const input = await context.sync.planInput(connection, {
    sale,
    spec: spec.value.spec,
    record: record?.id ?? null,
  });
  if (!input.ok) return err(upstreamError(input.error, "The ledger's lists"));
  const plan = planSale(input.value);
  return ok(
    plan.ok
      ? { status: "planned", order: number, plan: plan.value }
      : { status: "held", order: number, held: plan.error },
  );
}
