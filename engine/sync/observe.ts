/** Reads an order of the store and saves it as a record: the raw JSON, the canonical sale, or why it cannot be read. */
import type { Held } from "../core/hold.ts";
import { ok, type Result } from "../core/result.ts";
import type { CanonicalSale } from "../core/sale.ts";
import type { Json } from "../core/shapes.ts";
import type { Catalogue, Observation, RawSale, SalesSource, SourceRecord, Unreachable } from "../ports.ts";
import type { SyncContext } from "./context.ts";
import { contentHash } from "./delivery-key.ts";
import { bindingOf } from "./mirrors.ts";

export type ReadOrder = { readonly raw: RawSale; readonly sale: Result<CanonicalSale, Held> };

export async function observe(
  context: SyncContext,
  connection: string,
  number: string,
): Promise<Result<SourceRecord, Unreachable>> {
  const read = await readOrder(context, connection, number);
  if (!read.ok) return read;
  const observation = observationOf(number, read.value);
  const { record, changed } = await context.records.save(connection, observation, context.clock.now());
  context.log("record.observed", { connection, record: record.id, changed, held: record.hold?.hold ?? null });
  return ok(record);
}

export async function readOrder(
  context: SyncContext,
  connection: string,
  number: string,
): Promise<Result<ReadOrder, Unreachable>> {
  const { source } = await context.ends(await bindingOf(context, connection));
  const raw = await source.fetchOrder(number);
  if (!raw.ok) return raw;
  const sale = await readSale(context, connection, source, raw.value);
  return sale.ok ? ok({ raw: raw.value, sale: sale.value }) : sale;
}

/** Reads once to learn the products, and again with what the catalogue knows of them; reading is pure and cheap. */
async function readSale(
  { mirrors }: SyncContext,
  connection: string,
  source: SalesSource,
  raw: RawSale,
): Promise<Result<Result<CanonicalSale, Held>, Unreachable>> {
  const lists = await mirrors.profile(connection);
  if (!lists.ok) return lists;
  const bare: Catalogue = { products: new Map(), profile: lists.value.content };
  const first = source.readSale(raw, bare);
  if (!first.ok) return ok(first);
  const keys = first.value.lines.flatMap(({ sku, productAbove }) => [sku ?? "", productAbove ?? ""]);
  const wanted = [...new Set(keys)].filter((key) => key !== "");
  if (wanted.length === 0) return ok(first);
  const catalogue = await mirrors.catalogue(connection, wanted);
  return catalogue.ok ? ok(source.readSale(raw, catalogue.value)) : catalogue;
}

function observationOf(number: string, { raw, sale }: ReadOrder): Observation {
  const base = { sourceType: "order", raw } as const;
  if (sale.ok) {
    const { id, revision } = sale.value.source;
    return {
      ...base,
      sourceId: id,
      number: sale.value.source.number,
      revision,
      sale: sale.value,
      hold: null,
    };
  }
  return {
    ...base,
    sourceId: entityIdOf(raw.order) ?? `number-${number}`,
    number,
    revision: contentHash([raw.order, ...raw.invoices, ...raw.creditMemos, ...raw.shipments]),
    sale: null,
    hold: sale.error,
  };
}

/** An order that cannot be read still has the identity that it will have once it can. */
function entityIdOf(order: Json): string | undefined {
  if (order === null || typeof order !== "object" || Array.isArray(order)) return undefined;
  const id = order.entity_id;
  return typeof id === "string" || typeof id === "number" ? String(id) : undefined;
}
