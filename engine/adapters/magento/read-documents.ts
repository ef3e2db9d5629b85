/** The documents of an order: each its own, each once, with an id and a time. Errors name the document's place and field. */
import type { z } from "zod";
import type { Held } from "../../core/hold.ts";
import { err, ok, type Result } from "../../core/result.ts";
import type { Json } from "../../core/shapes.ts";
import { toInstant } from "./instant.ts";
import type { MagentoOrder } from "./order.ts";
import { fieldHold, fieldInvalid, fieldMissing } from "./order-holds.ts";

type Head = {
  readonly entity_id?: string | undefined;
  readonly increment_id?: string | undefined;
  readonly order_id?: string | undefined;
  readonly created_at: string;
};

export type Read<Document> = {
  readonly document: Document;
  readonly json: Json;
  /** `creditMemos[0]`, for holds. */
  readonly place: string;
  readonly id: string;
  readonly number: string;
  readonly at: string;
};

export function readDocuments<Document extends Head>(
  rows: readonly Json[],
  { name, schema, order }: { name: string; schema: z.ZodType<Document>; order: MagentoOrder },
): Result<Read<Document>[], Held> {
  const read = new Map<string, Read<Document>>();
  for (const [index, json] of rows.entries()) {
    const place = `${name}[${index}]`;
    const parsed = schema.safeParse(json);
    if (!parsed.success) return err(fieldHold(json, parsed.error.issues, `${place}.`));
    const document = parsed.data;
    const { entity_id: id, order_id: orderId } = document;
    if (orderId !== undefined && orderId !== order.entity_id)
      return err(fieldInvalid(`${place}.order_id`, "the id of this order"));
    if (id === undefined) return err(fieldMissing(`${place}.entity_id`, "the document's id"));
    const at = toInstant(document.created_at);
    if (at === undefined) return err(fieldInvalid(`${place}.created_at`, "a UTC time"));
    // Some dumps leave the number out; the id tells the document as well.
    if (!read.has(id)) read.set(id, { document, json, place, id, number: document.increment_id ?? id, at });
  }
  return ok([...read.values()]);
}
