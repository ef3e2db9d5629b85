/**
 * Plan bodies -> xero-node's models. Plans spell fields as the wire does (PascalCase) with amounts as text; xero-node wants
 * camelCase and numbers, and drops every key that it does not know without a word (facts/xero.md section 8).
 */
import { isDeepStrictEqual } from "node:util";
import { Contact, Invoice, ObjectSerializer, Payment } from "xero-node";
import { assert } from "../../core/assert.ts";
import { leafPointers } from "../../core/plan.ts";
import type { Json } from "../../core/shapes.ts";
import { withNumbers } from "../../core/wire.ts";

export const toContacts = (bodies: readonly Json[]): Contact[] =>
  bodies.map((body) => toModel(body, Contact));
export const toInvoices = (bodies: readonly Json[]): Invoice[] =>
  bodies.map((body) => toModel(body, Invoice));
export const toPayments = (bodies: readonly Json[]): Payment[] =>
  bodies.map((body) => toModel(body, Payment));

type Model<T> = { readonly name: string; new (): T };

/** A body that would not arrive leaf for leaf is a bug: what was approved must be what is sent. */
function toModel<T>(body: Json, model: Model<T>): T {
  const numbered = withNumbers(body);
  const built: T = ObjectSerializer.deserialize(numbered, model.name);
  const wire = JSON.parse(JSON.stringify(ObjectSerializer.serialize(built, model.name))) as Json;
  assert(
    isDeepStrictEqual(wire, numbered),
    `xero-node changes ${model.name}: ${differences(numbered, wire)}`,
  );
  return built;
}

/** Names the fields only: a body holds customer data. */
function differences(sent: Json, wire: Json): string {
  const arrived = new Set(leafPointers(wire));
  const lost = leafPointers(sent).filter((pointer) => !arrived.has(pointer));
  return lost.length === 0 ? "a value differs" : `${lost.join(", ")} would be lost`;
}
