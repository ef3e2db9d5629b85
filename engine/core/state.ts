/** A document's life. The table is the state machine; a record's state is derived from its documents. */
import { z } from "zod";

export const TRANSITIONS = {
  queued: ["delivering", "cancelled", "held"],
  delivering: ["delivered", "queued", "uncertain", "failed", "held"],
  // Unknown outcome: looked up in the ledger, never resent blind. There is no road to `failed`.
  uncertain: ["delivered", "queued", "held"],
  failed: ["queued", "cancelled"],
  held: ["queued", "cancelled"],
  delivered: ["reconciled", "drifted", "reversed"],
  reconciled: ["drifted", "reversed"],
  drifted: ["reconciled", "reversed"],
  cancelled: [],
  reversed: [],
} as const satisfies Record<string, readonly string[]>;

export type DocumentState = keyof typeof TRANSITIONS;
export const DocumentState = z.enum(Object.keys(TRANSITIONS) as [DocumentState, ...DocumentState[]]);

export const RecordState = z.enum([
  "received",
  "held",
  "queued",
  "delivering",
  "uncertain",
  "failed",
  "posted",
  "drifted",
  "skipped",
]);
export type RecordState = z.infer<typeof RecordState>;

/** Worst first: a record is as far as its least advanced document. */
const WORST_FIRST: readonly (readonly [DocumentState, RecordState])[] = [
  ["held", "held"],
  ["failed", "failed"],
  ["uncertain", "uncertain"],
  ["drifted", "drifted"],
  ["delivering", "delivering"],
  ["queued", "queued"],
];

export function recordStateOf(documents: readonly DocumentState[]): RecordState {
  if (documents.length === 0) return "received";
  const worst = WORST_FIRST.find(([state]) => documents.includes(state));
  return worst?.[1] ?? "posted";
}
