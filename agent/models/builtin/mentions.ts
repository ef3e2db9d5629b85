/** Where a request names an entry of the shop's lists. Longest name wins within a kind; kinds may overlap and are weighed later. */
import { isCountryCode } from "./countries.ts";
import type { Named, NameKind } from "./names.ts";
import { overlaps, type Reading, read, type Span, stem, textBefore } from "./text.ts";

export type Mention = Span & {
  readonly kind: NameKind;
  readonly value: string;
  readonly of?: string;
  readonly quoted: boolean;
  /** "not 200", "rather than the Sales account", "instead of 20%" */
  readonly negated: boolean;
};

type Entry = { readonly named: Named; readonly stems: readonly string[] };
/** Entries by the stem of their first word. */
export type NameIndex = ReadonlyMap<string, readonly Entry[]>;

export function indexOf(names: readonly Named[]): NameIndex {
  const entries = names.flatMap((named) =>
    named.phrases.map(
      (phrase): Entry => ({ named, stems: read(phrase).tokens.map(({ word }) => stem(word)) }),
    ),
  );
  return Map.groupBy(entries, ({ stems }) => stems[0] ?? "");
}

export function findMentions(reading: Reading, index: NameIndex): Mention[] {
  const stems = reading.tokens.map(({ word }) => stem(word));
  const found = stems.flatMap((first, from) =>
    (index.get(first) ?? []).flatMap(({ named, stems: wanted }): Mention[] => {
      const to = from + wanted.length;
      const matches = wanted.every((word, offset) => stems[from + offset] === word);
      return matches ? [mentionOf(reading, named, { from, to })] : [];
    }),
  );
  return longest([...found, ...countryCodes(reading)]);
}

const mentionOf = (reading: Reading, named: Named, span: Span): Mention => ({
  ...span,
  kind: named.kind,
  value: named.value,
  ...(named.of !== undefined && { of: named.of }),
  quoted: reading.tokens.slice(span.from, span.to).every(({ quoted }) => quoted),
  negated: isNegated(reading, span),
});

/** Two capital letters are a country only where the request is not written in capitals throughout. */
function countryCodes(reading: Reading): Mention[] {
  const letters = reading.tokens.map(({ raw }) => raw).join("");
  if (letters === letters.toUpperCase()) return [];
  return reading.tokens.flatMap(({ raw }, from): Mention[] =>
    isCountryCode(raw)
      ? [mentionOf(reading, { kind: "country", value: raw, phrases: [] }, { from, to: from + 1 })]
      : [],
  );
}

/** Within a kind, a name inside a longer one is no mention of its own; equal spans are kept, since they are two readings. */
function longest(mentions: readonly Mention[]): Mention[] {
  const length = ({ from, to }: Span) => to - from;
  const unique = mentions.filter(
    (one, index) =>
      mentions.findIndex(
        (other) =>
          other.kind === one.kind &&
          other.value === one.value &&
          other.of === one.of &&
          other.from === one.from &&
          other.to === one.to,
      ) === index,
  );
  return unique.filter(
    (one) =>
      !unique.some((other) => other.kind === one.kind && overlaps(one, other) && length(other) > length(one)),
  );
}

const FILLER =
  "to|in|into|on|onto|under|from|as|at|the|our|my|their|its|normal|usual|ordinary|standard|regular|general|default|current|account|code|business|any|just|for|per|of";
const NEGATION = new RegExp(
  `\\b(?:instead of|rather than|not|no longer|and not|away from|out of|never|other than|in place of)(?: going| being| landing| hitting)? (?:(?:${FILLER}) ){0,4}$`,
);

/** Only words of direction may stand between the negation and the name: "not paid by PayPal" does not negate PayPal. */
export const isNegated = (reading: Reading, span: Span): boolean => NEGATION.test(textBefore(reading, span));

const LEFT_OUT =
  "(?:except|excluding(?! (?:vat|tax|gst))|exclude|apart from|other than(?! that)|but not|unless (?:they|it|he|she|the \\w+)(?:'re| is| are| was| were))";
/** A few words may stand in between, but no verb that begins the rest of the sentence. */
const FAR_EXCEPTION = new RegExp(`\\b${LEFT_OUT}(?: (?!goes?\\b|should\\b|to\\b|gets?\\b)[^ .;!?]+){0,5} $`);
const NEAR_EXCEPTION = /\b(?:outside(?: of)?|not (?:in|from|to)|non)(?: (?:the|our))* $/;

/** "everyone except Wholesale", "outside the UK". */
export const isExcepted = (reading: Reading, span: Span): boolean =>
  FAR_EXCEPTION.test(textBefore(reading, span)) || NEAR_EXCEPTION.test(textBefore(reading, span));

/** Someone or something is left out of the wish. */
export const hasException = (reading: Reading): boolean => new RegExp(`\\b${LEFT_OUT}`).test(reading.text);
