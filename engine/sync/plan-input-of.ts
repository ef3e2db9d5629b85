/** What `planSale` is given for a record: one place, so that preview, sync and proposals plan the very same thing. */
import type { MappingSpec } from "../core/mapping.ts";
import type { LedgerItem, PlanInput } from "../core/plan-input.ts";
import { ok, type Result } from "../core/result.ts";
import type { CanonicalSale } from "../core/sale.ts";
import type { Unreachable } from "../ports.ts";
import type { SyncContext } from "./context.ts";

export type PlanRequest = {
  readonly sale: CanonicalSale;
  readonly spec: MappingSpec;
  /** Null for an order that was never observed: nothing of it is in the ledger. */
  readonly record: string | null;
};

export async function planInputOf(
  context: Pick<SyncContext, "mirrors" | "outbox">,
  connection: string,
  { sale, spec, record }: PlanRequest,
): Promise<Result<PlanInput, Unreachable>> {
  const org = await context.mirrors.org(connection);
  if (!org.ok) return org;
  const items = await itemsOf(context, connection, spec);
  if (!items.ok) return items;
  const posted = record === null ? [] : await context.outbox.posted(record);
  return ok({ sale, spec, org: org.value.content, posted, ...(items.value && { items: items.value }) });
}

/** The ledger's items by code; not read where the mapping uses none. */
async function itemsOf(
  { mirrors }: Pick<SyncContext, "mirrors">,
  connection: string,
  { settings }: MappingSpec,
): Promise<Result<ReadonlyMap<string, LedgerItem> | undefined, Unreachable>> {
  if (settings.items === "none") return ok(undefined);
  const items = await mirrors.items(connection);
  return items.ok ? ok(new Map(items.value.content.map((item) => [item.code, item]))) : items;
}
