/** Fills the ids that only the ledger could give into a body, just before it is frozen. */
import { assert } from "../core/assert.ts";
import type { Json } from "../core/shapes.ts";
import type { OutboxDocument } from "../ports.ts";

/** The body to send: every leaf with a receipt lineage has the ledger's id of the document that it names. */
export function fillReceipts({ body, lineage, receipts, step }: OutboxDocument): Json {
  const filled = structuredClone(body);
  for (const [pointer, from] of Object.entries(lineage)) {
    if (from.from !== "receipt") continue;
    const ledgerId = receipts[from.step];
    assert(ledgerId !== undefined, `${step} is sent after ${from.step} has its receipt`);
    setLeaf(filled, pointer, ledgerId);
  }
  return filled;
}

function setLeaf(body: Json, pointer: string, value: string): void {
  const path = pointer
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
  const last = path.pop();
  let parent: Json | undefined = body;
  for (const part of path) parent = memberOf(parent, part);
  assert(
    last !== undefined && parent !== null && typeof parent === "object",
    "a receipt's leaf is in the body",
  );
  assert(memberOf(parent, last) === null, "a leaf that a receipt fills is null before");
  (parent as { [key: string]: Json })[last] = value;
}

function memberOf(value: Json | undefined, part: string): Json | undefined {
  return value !== null && typeof value === "object" ? (value as { [key: string]: Json })[part] : undefined;
}
