import { openJournal } from "../shared/journal.ts";

/** The nonces that have been used up; with a path they are used up for the next process too. */
export type Nonces = { has(nonce: string): boolean; add(nonce: string): void; close(): void };

const NONCES_KEPT = 200_000;

export function openNonces(path?: string): Nonces {
  const kept = new Set<string>();
  const keep = (nonce: string): void => {
    kept.add(nonce);
    if (kept.size > NONCES_KEPT) for (const oldest of kept) return void kept.delete(oldest);
  };
  const journal =
    path === undefined
      ? undefined
      : openJournal(path, (entry) => {
          if (typeof entry === "string") keep(entry);
        });
  return {
    has: (nonce) => kept.has(nonce),
    add: (nonce) => {
      journal?.append(nonce);
      keep(nonce);
    },
    close: () => journal?.close(),
  };
}
