/**
 * Plan bodies -> xero-node's models. Plans spell fields as the wire does (PascalCase) with amounts as text; xero-node wants
 * camelCase and numbers, and drops every key that it does not know without a word (facts/xero.md section 8).
 */
import { isDeepStrictEqual } from "node:util";
import {
  Allocation,
  BankTransaction,
  Contact,
  CreditNote,
  Invoice,
  Item,
  ObjectSerializer,
  Payment,
} from "xero-node";
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

export const toCreditNotes = (bodies: readonly Json[]): CreditNote[] =>
  bodies.map((body) => toModel(body, CreditNote));
export const toBankTransactions = (bodies: readonly Json[]): BankTransaction[] =>
  bodies.map((body) => toModel(body, BankTransaction));
export const toItems = (bodies: readonly Json[]): Item[] => bodies.map((body) => toModel(body, Item));

/** An allocation's body names its credit note, which is part of the address and not of what is sent. */
export function toAllocation(body: Json): { readonly creditNoteId: string; readonly allocation: Allocation } {
  assert(body !== null && typeof body === "object" && !Array.isArray(body), "a body is an object");
  const { CreditNote: note, ...rest } = body;
  const id =
    note !== null && typeof note === "object" && !Array.isArray(note) ? note?.CreditNoteID : undefined;
  assert(typeof id === "string", "an allocation names its credit note");
  return { creditNoteId: id, allocation: toModel(rest, Allocation) };
}

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
