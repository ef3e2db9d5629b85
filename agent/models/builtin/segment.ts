/** A part of a request with what it mentions: what every intent looks at. */
import { type AccountMentions, accountMentions } from "./accounts.ts";
import { findMentions, type Mention, type NameIndex } from "./mentions.ts";
import type { Shop } from "./shop.ts";
import { cover, overlaps, type Reading, type Span, slice } from "./text.ts";

export type Segment = {
  readonly shop: Shop;
  readonly reading: Reading;
  /** the same tokens with account names, countries and quoted text covered, so that they are not read as wishes */
  readonly plain: Reading;
  readonly accounts: AccountMentions;
  /** of every kind but accounts */
  readonly mentions: readonly Mention[];
};

export function segmentOf(whole: Reading, span: Span, shop: Shop, index: NameIndex): Segment {
  const reading = slice(whole, span);
  const found = findMentions(reading, index);
  const accounts = accountMentions(reading, found, shop);
  const accountSpans = [...accounts.targets, ...accounts.others];
  const quotes = reading.tokens.flatMap(({ quoted }, from) => (quoted ? [{ from, to: from + 1 }] : []));
  const countries = found.filter(({ kind }) => kind === "country");
  return {
    shop,
    reading,
    plain: cover(cover(cover(reading, countries, "_country_"), quotes, "_quote_"), accountSpans, "_account_"),
    accounts,
    mentions: found.filter(
      (mention) => mention.kind !== "account" && !accountSpans.some((span) => overlaps(span, mention)),
    ),
  };
}
