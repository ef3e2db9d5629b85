/** Where each number of an order's documents came from: every leaf with its value, its lineage and a sentence. */
import { and, eq, inArray } from "drizzle-orm";
import { specs } from "../adapters/postgres/schema.ts";
import type { EngineError, Explanation, Outcome } from "../api.ts";
import { type Context, connectionOf } from "../context.ts";
import { assert } from "../core/assert.ts";
import { nearestOf } from "../core/nearest.ts";
import { leafPointers } from "../core/plan.ts";
import { err, ok } from "../core/result.ts";
import type { CanonicalSale } from "../core/sale.ts";
import type { Json } from "../core/shapes.ts";
import { nearOrders } from "./near-orders.ts";
import { type DocumentRow, documentsOf } from "./record-views.ts";
import { type Approval, renderSentence } from "./sentence.ts";

/**
 * `field` is a JSON Pointer, in all documents (`/LineItems/0/AccountCode`) or in one (`invoice/LineItems/0/AccountCode`);
 * one that names a part of a document explains every leaf below it. Without it everything is explained.
 */
export async function explain(
  context: Context,
  connection: string,
  order: string,
  field?: string,
): Outcome<readonly Explanation[]> {
  const known = connectionOf(context, connection);
  if (!known.ok) return known;
  const record = await context.records.find(connection, { number: order });
  if (record === undefined) return err(await nearOrders(context, connection, order));
  const documents = (await documentsOf(context, [record.id])).map(({ document }) => document);
  if (documents.length === 0) return err(nothingToExplain(order));
  const approvals = await approvalsOf(context, connection, documents);
  const all = documents.flatMap((document) =>
    explainDocument({ document, documents, approvals, sale: record.sale }),
  );
  if (field === undefined) return ok(all);
  const asked = all.filter((explanation) => isAsked(explanation, field));
  return asked.length > 0 ? ok(asked) : err(unknownField(order, field, all));
}

type Explained = {
  readonly document: DocumentRow;
  /** All documents of the order: a receipt leaf takes its value from another one. */
  readonly documents: readonly DocumentRow[];
  readonly approvals: ReadonlyMap<number, Approval>;
  readonly sale: CanonicalSale | null;
};

function explainDocument({ document, documents, approvals, sale }: Explained): Explanation[] {
  const { step, resource, body, specVersion } = document;
  return leafPointers(body).map((field) => {
    const lineage = document.lineage[field];
    assert(lineage !== undefined, `lineage of ${step} is total`);
    const value =
      lineage.from === "receipt"
        ? (documents.find((other) => other.step === lineage.step)?.ledgerDocumentId ?? null)
        : leafAt(body, field);
    const approval = approvals.get(specVersion) ?? null;
    const sentence = renderSentence({ field, value, lineage, specVersion, approval, sale });
    return { step, resource, field, value, lineage, sentence };
  });
}

function leafAt(body: Json, pointer: string): Json {
  const parts = pointer.split("/").slice(1);
  const names = parts.map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
  return names.reduce<Json>((node, name) => {
    assert(node !== null && typeof node === "object", `${pointer} leads to a leaf`);
    return (node as { [key: string]: Json })[name] ?? null;
  }, body);
}

async function approvalsOf(
  { db }: Context,
  connection: string,
  documents: readonly DocumentRow[],
): Promise<ReadonlyMap<number, Approval>> {
  const versions = [...new Set(documents.map(({ specVersion }) => specVersion))];
  const rows = await db
    .select()
    .from(specs)
    .where(and(eq(specs.connectionId, connection), inArray(specs.version, versions)));
  return new Map(
    rows.map(({ version, publishedBy, publishedAt, spec }) => [
      version,
      { version, publishedBy, publishedAt: publishedAt.toISOString(), spec },
    ]),
  );
}

function isAsked({ step, field }: Explanation, asked: string): boolean {
  const whole = asked.startsWith("/") ? field : step + field;
  return whole === asked || whole.startsWith(`${asked}/`);
}

function unknownField(order: string, field: string, all: readonly Explanation[]): EngineError {
  const names = all.map(({ step, field: pointer }) => (field.startsWith("/") ? pointer : step + pointer));
  const near = nearestOf(field, [...new Set(names)]);
  const hint = near.length === 0 ? "" : ` Near it: ${near.join(", ")}.`;
  return {
    kind: "notFound",
    message: `No document of order ${order} has a field ${field.slice(0, 200)}.${hint}`,
  };
}

const nothingToExplain = (order: string): EngineError => ({
  kind: "notFound",
  message: `Order ${order} has no documents yet. Preview it to see what it would become, or sync it.`,
});
