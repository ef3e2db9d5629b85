import { createHash, randomUUID } from "node:crypto";
import type { Books } from "./books.ts";

/** A GUID that depends on its words only: accounts, rates and the tenant keep their ids from run to run. */
export function guidFrom(...words: string[]): string {
  const hex = createHash("sha256").update(words.join("\u0000")).digest("hex");
  const variant = ((Number.parseInt(hex[16] ?? "0", 16) & 0x3) | 0x8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    variant + hex.slice(17, 20),
    hex.slice(20, 32),
  ].join("-");
}

/** New document ids: random, or a repeatable sequence that survives a restart when a seed is given. */
export function createIds(books: Books, seed: string | undefined): () => string {
  if (seed === undefined) return randomUUID;
  return () => guidFrom("seed", seed, String(books.next("ids")));
}
