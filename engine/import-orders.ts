/** Puts orders into the demo store and reads them back as records, so that they are seen at once. */
import type { EngineError, Outcome } from "./api.ts";
import { type Context, connectionOf, upstreamError } from "./context.ts";
import { err, ok } from "./core/result.ts";
import type { Json } from "./core/shapes.ts";
import type { ImportRefusal } from "./demo-import.ts";

const ORDERS_MAX = 1_000;

export async function importOrders(
  context: Context,
  connection: string,
  orders: readonly Json[],
): Outcome<{ readonly imported: readonly string[] }> {
  const known = connectionOf(context, connection);
  if (!known.ok) return known;
  const { importOrders: importInto, info } = known.value;
  if (importInto === null || info.environment !== "sandbox") {
    const message = `Only a demo store takes orders; ${info.name} is a ${info.environment} connection.`;
    return err({ kind: "forbidden", message });
  }
  if (orders.length === 0) return ok({ imported: [] });
  if (orders.length > ORDERS_MAX) return err(refused(`At most ${ORDERS_MAX} orders are taken at once.`));
  const imported = await importInto(orders);
  if (!imported.ok) return err(importError(imported.error));
  for (const number of new Set(imported.value)) {
    const record = await context.sync.observe(connection, number);
    if (!record.ok) return err(upstreamError(record.error, `Order ${number}`));
  }
  context.log("orders.imported", { connection, count: imported.value.length });
  return ok({ imported: imported.value });
}

const importError = (refusal: ImportRefusal): EngineError =>
  refusal.kind === "refused" ? refused(refusal.detail) : upstreamError(refusal, "The demo store");

const refused = (message: string): EngineError => ({
  kind: "invalid",
  message,
  problems: [{ path: "/orders", message, nearest: [] }],
});
