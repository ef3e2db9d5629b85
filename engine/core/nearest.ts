/** The likeliest of a closed list for a text that is not on it, for messages that help. */
import { compareText } from "./money.ts";

const NEAREST_MAX = 3;

/** Up to three candidates, best first, by shared letter triples; none that shares nothing. */
export function nearestOf(text: string, candidates: readonly string[]): string[] {
  const wanted = triplesOf(text);
  return candidates
    .map((candidate) => ({ candidate, score: similarity(wanted, triplesOf(candidate)) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || compareText(a.candidate, b.candidate))
    .slice(0, NEAREST_MAX)
    .map(({ candidate }) => candidate);
}

function triplesOf(text: string): Set<string> {
  const padded = `  ${text.toLowerCase()} `;
  return new Set(Array.from({ length: padded.length - 2 }, (_, at) => padded.slice(at, at + 3)));
}

function similarity(a: Set<string>, b: Set<string>): number {
  const shared = [...a].filter((triple) => b.has(triple)).length;
  return shared / (a.size + b.size - shared);
}
