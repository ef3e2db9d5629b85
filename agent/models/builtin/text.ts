/**
 * A request as tokens. Patterns run over `text`, the lower-case words with one space between them (punctuation stands as a
 * word of its own); `raw` keeps the person's own spelling, since SKUs and names are case-sensitive.
 */

export type Token = { readonly raw: string; readonly word: string; readonly quoted: boolean };

export type Reading = {
  readonly tokens: readonly Token[];
  readonly text: string;
  /** where each token begins in `text` */
  readonly starts: readonly number[];
};

/** Tokens `from` up to, not including, `to`. */
export type Span = { readonly from: number; readonly to: number };
export type Found = Span & { readonly groups: readonly (string | undefined)[] };

const TOKEN =
  /\d{4}-\d{2}-\d{2}|[£$€]?\d+(?:,\d{3})*(?:\.\d+)?(?:%|k)?(?![\p{L}\d_-])|[\p{L}\d]+(?:[-_.'&/][\p{L}\d]+)*[-_]?(?![\p{L}\d])|[^\s]/gu;
const QUOTED = /"([^"]{1,80})"|(?<![\p{L}\d])'([^']{1,80})'(?![\p{L}\d])/gu;
const REQUEST_CHARACTERS_MAX = 4_000;

/** Splits a request; `spell` may correct a lower-case word that is neither quoted nor a code. */
export function read(request: string, spell: (word: string) => string = (word) => word): Reading {
  const plain = request
    .slice(0, REQUEST_CHARACTERS_MAX)
    .normalize("NFKC")
    .replace(/[‘’`´]/g, "'")
    .replace(/[“”«»]/g, '"')
    .replace(/[–—]/g, "-")
    .replace(/[-=]+>/g, " → ")
    .replace(/ & /g, " and ")
    .replace(/\bnon[- ](uk|us|eu|gb)\b/gi, "outside the $1");
  const tokens: Token[] = [];
  let at = 0;
  for (const match of plain.matchAll(QUOTED)) {
    tokens.push(...tokenise(plain.slice(at, match.index), false, spell));
    tokens.push(...tokenise(match[1] ?? match[2] ?? "", true, (word) => word));
    at = match.index + match[0].length;
  }
  tokens.push(...tokenise(plain.slice(at), false, spell));
  return readingOf(tokens);
}

function tokenise(text: string, quoted: boolean, spell: (word: string) => string): Token[] {
  return [...text.matchAll(TOKEN)].map(([raw]) => {
    const word = raw.toLowerCase();
    return { raw, word: quoted ? word : spell(word), quoted };
  });
}

export function readingOf(tokens: readonly Token[]): Reading {
  const starts: number[] = [];
  let text = "";
  for (const { word } of tokens) {
    if (text !== "") text += " ";
    starts.push(text.length);
    text += word;
  }
  return { tokens, text, starts };
}

export const slice = ({ tokens }: Reading, { from, to }: Span): Reading => readingOf(tokens.slice(from, to));

/** The same reading with tokens covered by a word that no pattern knows, so that a name is not read as a request. */
export function cover({ tokens }: Reading, spans: readonly Span[], as: string): Reading {
  const covered = tokens.map((token, index) =>
    spans.some(({ from, to }) => index >= from && index < to) ? { ...token, word: as } : token,
  );
  return readingOf(covered);
}

/** Where a pattern matches, in tokens. */
export function findAll(reading: Reading, pattern: RegExp): Found[] {
  const flags = pattern.flags.includes("g") ? pattern.flags : `${pattern.flags}g`;
  return [...reading.text.matchAll(new RegExp(pattern.source, flags))].map((match) => ({
    from: tokenAt(reading, match.index),
    to: tokenAt(reading, match.index + Math.max(match[0].trimEnd().length - 1, 0)) + 1,
    groups: [...match],
  }));
}

function tokenAt({ starts }: Reading, offset: number): number {
  const after = starts.findIndex((start) => start > offset);
  return (after < 0 ? starts.length : after) - 1;
}

export const says = (reading: Reading, pattern: RegExp): boolean => pattern.test(reading.text);

/** The text before and after a span, for patterns that end in `$` or begin with `^`. */
export const textBefore = ({ text, starts }: Reading, { from }: Span): string =>
  text.slice(0, starts[from] ?? text.length);
export const textAfter = ({ text, starts }: Reading, { to }: Span): string =>
  to >= starts.length ? "" : text.slice(starts[to]);

/** The person's own spelling of a span. */
export const rawOf = ({ tokens }: Reading, { from, to }: Span): string =>
  tokens
    .slice(from, to)
    .map(({ raw }) => raw)
    .join(" ")
    .replace(/ ([.,;:!?)])/g, "$1");

export const overlaps = (a: Span, b: Span): boolean => a.from < b.to && b.from < a.to;

/** "boxes" and "box", "category" and "categories", "wholesaler's" and "wholesaler" are the same word. */
export function stem(word: string): string {
  const base = word.replace(/'s?$/, "");
  if (base.length < 4 || /(?:ss|us|is)$/.test(base)) return base;
  if (base.endsWith("ies")) return `${base.slice(0, -3)}y`;
  if (/(?:s|x|z|ch|sh)es$/.test(base)) return base.slice(0, -2);
  return base.endsWith("s") ? base.slice(0, -1) : base;
}
