/** SKUs by their beginning or in full. */
import type { Part } from "./scope-parts.ts";
import type { Segment } from "./segment.ts";
import { findAll, overlaps, type Span, says } from "./text.ts";

const SKU =
  /\b(?:skus?|stock (?:codes?|numbers?)|item (?:codes?|numbers?)|product (?:codes?|numbers?)|part (?:codes?|numbers?)|article (?:codes?|numbers?))\b/;
const BEGINS =
  /\b(?:start(?:s|ing|ed)?|begin(?:s|ning)?|prefix(?:ed)?|lead(?:s|ing)?|(?:at|in) (?:the )?(?:front|start|beginning))\b/;
/** A code as shops spell them: capitals, digits or a hyphen, or in quotes. */
const CODE = /^(?=.*[\p{Lu}\d-])[\p{L}\d][\p{L}\d_.-]*$/u;
const NO_SKU = /^(?:sku|skus|xero|vat|uk|us|eu|i'd|i'm|i)$/;
/** Between the members of a list. */
const LISTING = /^(?:and|or|,|\/)$/;

/** Every SKU of the list that stands nearest to the word for it; each is an alternative. */
export function skuParts({ plain, reading }: Segment, covered: readonly Span[]): Part[] {
  const cues = findAll(plain, SKU);
  if (cues.length === 0) return [];
  const candidates = reading.tokens.flatMap(({ raw, quoted, word }, from) => {
    const span = { from, to: from + 1 };
    const isCode = (quoted || CODE.test(raw)) && raw.length > 1 && !/^[£$€]?\d[\d,.]*[%k]?$/.test(raw);
    const taken = covered.some((one) => overlaps(one, span)) || plain.tokens[from]?.word === "_account_";
    const isCue = cues.some((cue) => overlaps(cue, span)) || NO_SKU.test(word);
    const opensSentence = /^\p{Lu}\p{Ll}*$/u.test(raw);
    return isCode && !taken && !isCue && !opensSentence ? [{ span, raw }] : [];
  });
  const [nearest] = candidates.toSorted((a, b) => distance(a.span, cues) - distance(b.span, cues));
  if (nearest === undefined) return [];
  const isBetween = (a: number, b: number) =>
    plain.tokens.slice(a, b).every(({ word }) => LISTING.test(word));
  const list = candidates.filter(({ span }) =>
    span.from === nearest.span.from
      ? true
      : span.from > nearest.span.from
        ? reaches(nearest.span.to, span.from, candidates, isBetween)
        : reaches(span.to, nearest.span.from, candidates, isBetween),
  );
  const begins = says(plain, BEGINS);
  return list.map(({ raw }) => partOf(raw, begins || raw.endsWith("-")));
}

type Candidate = { readonly span: Span; readonly raw: string };

/** Only members of the list and the words between them lie on the way. */
function reaches(
  from: number,
  to: number,
  candidates: readonly Candidate[],
  isBetween: (from: number, to: number) => boolean,
): boolean {
  const next = candidates.find(({ span }) => span.from >= from && span.from < to);
  if (next === undefined) return isBetween(from, to);
  return isBetween(from, next.span.from) && reaches(next.span.to, to, candidates, isBetween);
}

const partOf = (raw: string, begins: boolean): Part => ({
  when: [{ op: begins ? "startsWith" : "is", fact: "line.sku", value: raw }],
  words: begins ? `SKUs that start with ${raw}` : `SKU ${raw}`,
});

const distance = (span: Span, cues: readonly Span[]): number =>
  Math.min(...cues.map(({ from, to }) => Math.abs((from + to) / 2 - (span.from + span.to) / 2)));
