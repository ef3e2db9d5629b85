/**
 * DocumentPlan: the exact bodies to send and, for every leaf, where it came from. Amounts are decimal text here; the wire
 * prints the same digits as JSON numbers (wire.ts). Ids that only the ledger can give are `null` with a receipt lineage.
 */
import { z } from "zod";
import { assert } from "./assert.ts";
import { TableName } from "./mapping.ts";
import { SourceRef } from "./sale.ts";
import { type Json, Pointer, pointerOf } from "./shapes.ts";

/** Paths of `source` and `computed` point into the canonical sale, those of `spec` into the MappingSpec. */
export const Lineage = z.discriminatedUnion("from", [
  z.strictObject({ from: z.literal("source"), path: Pointer }),
  z.strictObject({ from: z.literal("rule"), table: TableName, ruleId: z.string() }),
  z.strictObject({ from: z.literal("spec"), path: Pointer }),
  z.strictObject({ from: z.literal("computed"), by: z.string(), inputs: z.array(Pointer).min(1) }),
  z.strictObject({ from: z.literal("fixed"), why: z.string() }),
  z.strictObject({ from: z.literal("receipt"), step: z.string(), field: z.string() }),
]);
export type Lineage = z.infer<typeof Lineage>;

export const Resource = z.enum([
  "Contacts",
  "Invoices",
  "CreditNotes",
  "Allocations",
  "Payments",
  "Items",
  "BankTransactions",
]);
export type Resource = z.infer<typeof Resource>;

/** What makes a document itself: never its content, never the workflow. The shell adds store and ledger and hashes it. */
export const Identity = z.strictObject({
  kind: z.string().min(1),
  sourceType: z.enum([
    "order",
    "invoice",
    "creditmemo",
    "shipment",
    "customer",
    "guest",
    "company",
    "shared",
    "product",
    "day",
  ]),
  sourceId: z.string().min(1),
  part: z.string(),
  generation: z.int().min(1),
});
export type Identity = z.infer<typeof Identity>;

/** How to find the document after an unknown outcome; `null` means by reading its parent (payments). */
export const Lookup = z.strictObject({
  by: z.enum(["ContactNumber", "InvoiceNumber", "CreditNoteNumber", "Code", "Reference"]),
  value: z.string().min(1).max(255),
});

export const JsonValue: z.ZodType<Json> = z.json() as z.ZodType<Json>;

export const PlannedDocument = z.strictObject({
  step: z.string().min(1),
  after: z.array(z.string()).describe("steps that must be delivered first"),
  resource: Resource,
  method: z.enum(["PUT", "POST"]),
  identity: Identity,
  lookup: Lookup.nullable(),
  body: z.record(z.string(), JsonValue),
  lineage: z.record(z.string(), Lineage),
});
export type PlannedDocument = z.infer<typeof PlannedDocument>;

/** What a document comes to, or what was paid on it: `expected` is the store's figure, `actual` the plan's. */
export const Check = z.strictObject({
  step: z.string(),
  name: z.enum(["total", "tax", "paid"]),
  expected: z.string(),
  actual: z.string(),
  currency: z.string(),
});
export type Check = z.infer<typeof Check>;

export const DocumentPlan = z.strictObject({
  format: z.literal(1),
  source: SourceRef,
  documents: z.array(PlannedDocument).min(1).max(50),
  checks: z.array(Check).min(1),
  warnings: z.array(z.string()),
});
export type DocumentPlan = z.infer<typeof DocumentPlan>;

/** A value of a body with its lineage; bodies are composed of these, so that no leaf can lack one. */
export type Leaf = { readonly leaf: string | number | boolean | null; readonly from: Lineage };
export type Node = Leaf | readonly Node[] | { readonly [key: string]: Node | undefined };

const isLeaf = (node: Node): node is Leaf => "leaf" in node && "from" in node;

/** Splits a composed tree into the body and its lineage. `undefined` members are left out. */
export function compose(tree: {
  readonly [key: string]: Node | undefined;
}): Pick<PlannedDocument, "body" | "lineage"> {
  const lineage: Record<string, Lineage> = {};
  const walk = (node: Node, path: string): Json => {
    if (isLeaf(node)) {
      lineage[path] = node.from;
      return node.leaf;
    }
    if (Array.isArray(node)) return node.map((member, index) => walk(member, `${path}/${index}`));
    const members = Object.entries(node as { [key: string]: Node | undefined }).flatMap(([key, member]) =>
      member === undefined ? [] : [[key, walk(member, path + pointerOf(key))] as const],
    );
    return Object.fromEntries(members);
  };
  const body = walk(tree, "");
  assert(typeof body === "object" && body !== null && !Array.isArray(body), "a body is an object");
  return { body, lineage };
}

/** The pointers of all leaves; their set equals the keys of the lineage. */
export function leafPointers(value: Json, path = ""): string[] {
  if (value === null || typeof value !== "object") return [path];
  return Object.entries(value).flatMap(([key, member]) => leafPointers(member, path + pointerOf(key)));
}
