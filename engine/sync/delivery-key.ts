/** The lasting identity of a document: unique in the outbox, whatever its content, its spec or its workflow. */
import { createHash } from "node:crypto";
import type { Identity } from "../core/plan.ts";
import type { Json } from "../core/shapes.ts";
import type { Binding } from "../ports.ts";

export function deliveryKey({ storeId, organisationId }: Binding, identity: Identity): string {
  const { kind, sourceType, sourceId, part, generation } = identity;
  return sha256([storeId, organisationId, kind, sourceType, sourceId, part, generation].join("/"));
}

/** The same content gives the same hash, whatever the order of its keys. */
export const contentHash = (content: Json): string => sha256(JSON.stringify(sorted(content)));

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, member]) => [key, sorted(member)]));
}
