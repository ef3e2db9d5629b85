/**
 * Which exchanges are worth keeping: a test suite repeats the same few a hundred thousand times. Anything that was not seen
 * before is kept: a member, a type, a word where an enumeration may stand, a length, a combination of members.
 */
import { createHash } from "node:crypto";
import type { RecordedExchange } from "./exchanges.ts";

/** Exchanges of one combination of members. */
const REPEATS_MAX = 20;
/** Words of one member; then they count as any text. No enumeration that is used here has more values in use. */
const WORDS_MAX = 60;
/** Beyond it repeats are dropped, and news is still kept. */
const BYTES_OF_REPEATS_MAX = 4 * 1024 * 1024;

export function createSelection(): (exchange: RecordedExchange, bytes: number) => boolean {
  const seen = new Set<string>();
  const wordsOf = new Map<string, number>();
  const repeats = new Map<string, number>();
  let bytesOfRepeats = 0;
  const isNewWord = (member: string, word: string): boolean => {
    const count = wordsOf.get(member) ?? 0;
    if (count >= WORDS_MAX || seen.has(word)) return false;
    wordsOf.set(member, count + 1);
    seen.add(word);
    return true;
  };
  return (exchange, bytes) => {
    const { traits, words } = traitsOf(exchange);
    const operation = `${exchange.method} ${patternOf(exchange.path)} ${exchange.answer?.status ?? "none"} `;
    const shape = createHash("sha256")
      .update(operation)
      .update([...traits].sort().join("\n"))
      .digest("base64");
    const count = repeats.get(shape) ?? 0;
    repeats.set(shape, count + 1);
    let isNews = count === 0;
    for (const { member, word } of words) {
      if (isNewWord(operation + member, `${operation + member} ${word}`)) isNews = true;
    }
    if (isNews) return true;
    if (count >= REPEATS_MAX || bytesOfRepeats + bytes > BYTES_OF_REPEATS_MAX) return false;
    bytesOfRepeats += bytes;
    return true;
  };
}

/** Identifiers leave the path: a segment with a digit is one, but for the versions of the APIs. */
const patternOf = (path: string): string =>
  path
    .split("/")
    .map((segment) => (/\d|%/.test(segment) && segment !== "V1" && segment !== "2.0" ? "{}" : segment))
    .join("/");

type Traits = { traits: Set<string>; words: { member: string; word: string }[] };

function traitsOf({ headers, query, body, fault, answer }: RecordedExchange): Traits {
  const found: Traits = { traits: new Set(), words: [] };
  const { traits } = found;
  for (const name of Object.keys(headers)) traits.add(`header ${name}`);
  for (const [name, value] of new URLSearchParams(query)) collect(value, `query ${name}`, found);
  traits.add(`fault ${fault ?? ""}`);
  traits.add(`type ${answer?.contentType ?? ""}`);
  collect(jsonOrText(body), "request", found);
  collect(jsonOrText(answer?.body ?? null), "answer", found);
  return found;
}

function jsonOrText(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    return text;
  }
}

const WORD = /^[A-Za-z]+([-_]?[A-Za-z]+)*\d{0,2}$/;
const FORMATS = [
  /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
  /^\/Date\(-?\d+(\+\d{4})?\)\/$/,
  /^-?\d+(\.\d+)?$/,
];

function collect(value: unknown, member: string, found: Traits): void {
  const { traits, words } = found;
  if (Array.isArray(value)) {
    traits.add(`${member} []`);
    for (const element of value) collect(element, `${member}/*`, found);
  } else if (typeof value === "object" && value !== null) {
    traits.add(`${member} {}`);
    for (const [name, inner] of Object.entries(value)) collect(inner, `${member}/${name}`, found);
  } else if (typeof value === "string") {
    const format = FORMATS.findIndex((pattern) => pattern.test(value));
    // The length matters where the API limits it.
    traits.add(`${member} string ${format} ${value === "" ? "" : Math.floor(Math.log2(value.length) / 3)}`);
    if (format < 0 && value.length <= 40 && WORD.test(value)) words.push({ member, word: value });
  } else
    traits.add(`${member} ${Number.isInteger(value) ? "integer" : value === null ? "null" : typeof value}`);
}
