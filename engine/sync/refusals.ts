/** The ledger's own words -> the class by which a refusal is repaired (core/ledger-messages.ts). */
import { ledgerMessageOf, type RefusalKind } from "../core/ledger-messages.ts";
import type { DocumentError } from "../ports.ts";

/** Several messages can come at once: what decides the repair goes first. */
const DECISIVE: readonly RefusalKind[] = ["duplicate", "lock", "maths", "state", "shape", "mapping"];

export function refusalOf(messages: readonly string[]): DocumentError {
  const kinds = messages.map((message) => ledgerMessageOf(message)?.kind ?? "other");
  return { kind: DECISIVE.find((kind) => kinds.includes(kind)) ?? "other", messages };
}
