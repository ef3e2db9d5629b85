/** Which account a request means: by code, by name, or by part of a name; what it is moved away from is not it. */
import type { Mention } from "./mentions.ts";
import type { Account, Shop } from "./shop.ts";
import { similarity } from "./similarity.ts";
import { findAll, overlaps, type Reading, rawOf, type Span, stem, textAfter, textBefore } from "./text.ts";

/** `line`: income, shipping, discounts. `payment`: where money arrives. */
export type Use = "line" | "payment";

export type AccountSlot =
  | { readonly kind: "found"; readonly account: Account }
  | { readonly kind: "several"; readonly accounts: readonly Account[] }
  | { readonly kind: "unknown"; readonly text: string; readonly at: Span }
  | { readonly kind: "missing" };

const DETERMINERS =
  "the|our|my|its|their|an?|account|code|nominal|number|gl|ledger|called|named|xero|income|own|new";
const TARGET_BEFORE = new RegExp(
  `(?:→|\\b(?:to|in|into|under|onto|on|against|as|at|using|use|hits?|accounts?|code|coded|nominal|through|be))(?: (?:${DETERMINERS}))* $`,
);
const TARGET_AFTER =
  /^(?:account\b|is (?:the|where|our|my)\b|as (?:the|our|an?) (?:\w+ )?account\b|should (?:take|receive|get|hold)\b)/;
const PHRASE_END =
  /^(?:[.,;:!?)]|$|account|please|pls|instead|from|rather|and|not|when|whenever|if|for|thanks)/;

/** Account mentions by code or by name that may be meant, and those that are only moved away from. */
export type AccountMentions = { readonly targets: readonly Mention[]; readonly others: readonly Mention[] };

export function accountMentions(reading: Reading, mentions: readonly Mention[], shop: Shop): AccountMentions {
  const coded = codeMentions(reading, shop);
  const named = mentions.filter(
    (mention) => mention.kind === "account" && !coded.some((code) => overlaps(code, mention)),
  );
  const all = [...coded, ...named.filter((mention) => mention.negated || isTarget(reading, mention, shop))];
  const isSource = (mention: Mention) =>
    mention.negated || (/\bfrom (?:account )?$/.test(textBefore(reading, mention)) && all.length > 1);
  return {
    targets: all.filter((mention) => !isSource(mention)),
    others: all.filter(isSource),
  };
}

/** A figure is an account code unless it counts something else. */
const COUNTS_SOMETHING =
  /^(?:days?|weeks?|months?|years?|%|percent|pounds?|quid|gbp|eur|euros?|usd|dollars?|orders?|invoices?|customers?|lines?|pence|p\b|k\b|(?:or|and) (?:more|over|above))/;
const COUNTED_BEFORE =
  /\b(?:net|above|over|under|below|than|least|most|order|orders|number|last|next|first|top|within|after|up to|exceeds?|exceeding|sku|version|proposal|£|\$|€) (?:£ )?$/;
const MONTH_AFTER =
  /^(?:january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sep|oct|nov|dec)\b/;

/** "goes under 202" names an account, "orders under 202" an amount. */
const BOOKED_UNDER =
  /\b(?:go|goes|going|put|book(?:ed)?|post(?:ed)?|show(?:n|s)?|sits?|falls?|lands?|comes?|coded?|record(?:ed)?|belongs?|up|it|them|that|be|in) under $/;

function isCodePosition(reading: Reading, span: Span): boolean {
  const before = textBefore(reading, span);
  const after = textAfter(reading, span);
  if (BOOKED_UNDER.test(before)) return !COUNTS_SOMETHING.test(after);
  return !COUNTS_SOMETHING.test(after) && !COUNTED_BEFORE.test(before) && !MONTH_AFTER.test(after);
}

function codeMentions(reading: Reading, { accounts }: Shop): Mention[] {
  return reading.tokens.flatMap(({ raw }, from): Mention[] => {
    const span = { from, to: from + 1 };
    const account = accounts.find(({ code }) => code.toLowerCase() === raw.toLowerCase());
    if (account === undefined || !/\d/.test(raw) || !isCodePosition(reading, span)) return [];
    const negated =
      /\b(?:not|instead of|rather than|no longer)(?: (?:to|in|into|on|under|account|code|the|just))* $/.test(
        textBefore(reading, span),
      );
    return [{ ...span, kind: "account", value: account.code, quoted: false, negated }];
  });
}

const PLAIN_TARGET = new RegExp(`(?:→|\\b(?:to|into|under|as|use|accounts?))(?: (?:${DETERMINERS}))* $`);

/** A name is an account where something is booked to it; a name of one everyday word must stand there alone. */
function isTarget(reading: Reading, mention: Mention, shop: Shop): boolean {
  if (TARGET_AFTER.test(textAfter(reading, mention))) return true;
  if (!TARGET_BEFORE.test(textBefore(reading, mention))) return false;
  const name = shop.accounts.find(({ code }) => code === mention.value)?.name ?? "";
  // "netting discounts against sales" names no account; "into Sales" does.
  if (!name.includes(" ") && !mention.quoted && !PLAIN_TARGET.test(textBefore(reading, mention)))
    return false;
  return name.includes(" ") || mention.quoted || PHRASE_END.test(textAfter(reading, mention));
}

export function accountSlot(
  reading: Reading,
  { targets }: AccountMentions,
  shop: Shop,
  use: Use,
): AccountSlot {
  const codes = [...new Set(targets.map(({ value }) => value))];
  const named = shop.accounts.filter(({ code }) => codes.includes(code));
  const usable = named.filter((account) => account.use.includes(use));
  const best = usable.length > 0 ? usable : named;
  const [only] = best;
  if (only !== undefined)
    return best.length === 1 ? { kind: "found", account: only } : severalOf(best, targets);
  const unknown = unknownCode(reading);
  if (unknown !== undefined) return { kind: "unknown", text: rawOf(reading, unknown), at: unknown };
  return byPartOfName(reading, shop, use);
}

/** A code and a name that do not agree are two readings; so are two codes. */
const severalOf = (accounts: readonly Account[], _: readonly Mention[]): AccountSlot => ({
  kind: "several",
  accounts,
});

const CODE_CUE = new RegExp(
  `(?:→|\\b(?:to|in|into|under|onto|on|against|as|use|using|hits?|accounts?|code|coded|nominal))(?: (?:${DETERMINERS}))* $`,
);

/** A code that no account has: "account 999", "over to 4711", "goes in 999". */
function unknownCode(reading: Reading): Span | undefined {
  const candidates = findAll(reading, /(?<![\w£$€.,-])(?:\d{3,6}|\d{2,5}[a-z]|[a-z]{1,3}\d{2,5})(?![\w%-])/);
  return candidates.find(
    (span) =>
      isCodePosition(reading, span) &&
      (CODE_CUE.test(textBefore(reading, span)) || TARGET_AFTER.test(textAfter(reading, span))),
  );
}

const TARGET_PHRASE = new RegExp(
  `\\b(?:to|into|under|onto|in|against|account|as|on|use)(?: (?:${DETERMINERS}))* ((?:[\\p{L}-]+ ?){1,4})`,
  "gu",
);
const PART_SCORE_MIN = 0.6;

/** "into its clearing account", "under discounts": words of a name where the target stands; the rest of the name may stand elsewhere. */
function byPartOfName(reading: Reading, shop: Shop, use: Use): AccountSlot {
  const everywhere = new Set(reading.tokens.map(({ word }) => stem(word)));
  const phrases = [...reading.text.matchAll(TARGET_PHRASE)].map(([, phrase = ""]) => phrase.trim());
  const scored = shop.accounts
    .filter((account) => account.use.includes(use))
    .map((account) => ({
      account,
      score: Math.max(0, ...phrases.map((phrase) => partScore(phrase, account, everywhere))),
    }))
    .filter(({ score }) => score >= PART_SCORE_MIN)
    .toSorted((a, b) => b.score - a.score);
  const top = scored.filter(({ score }) => score === scored[0]?.score).map(({ account }) => account);
  const [only] = top;
  if (only === undefined) return { kind: "missing" };
  return top.length === 1 ? { kind: "found", account: only } : { kind: "several", accounts: top };
}

const NAME_FILLER = new Set(["account", "and", "of", "the", "income", "other"]);

function partScore(phrase: string, account: Account, everywhere: ReadonlySet<string>): number {
  const wanted = account.name
    .toLowerCase()
    .split(/[^\p{L}\d]+/u)
    .map(stem)
    .filter((word) => word !== "" && !NAME_FILLER.has(word));
  const given = phrase
    .split(" ")
    .map(stem)
    .filter((word) => !NAME_FILLER.has(word));
  if (wanted.length < 2 || given.length === 0) return 0;
  const atTarget = wanted.filter((word) => given.some((one) => one === word || similarity(one, word) > 0.75));
  const elsewhere = wanted.filter((word) => !atTarget.includes(word) && everywhere.has(word));
  return atTarget.length === 0 ? 0 : (atTarget.length + 0.8 * elsewhere.length) / wanted.length;
}

/** The accounts to name in a question: by the topic's words and the code that was given, of the right use, nearest first. */
export function nearestAccounts(shop: Shop, use: Use, topic: RegExp, given: string, count = 3): Account[] {
  return shop.accounts
    .filter((account) => account.use.includes(use))
    .map((account) => ({
      account,
      score:
        (topic.test(account.name.toLowerCase()) ? 1 : 0) +
        similarity(given, account.code) +
        typeScore(account, use),
    }))
    .toSorted((a, b) => b.score - a.score)
    .slice(0, count)
    .map(({ account }) => account);
}

const INCOME = /REVENUE|SALES|INCOME/;
const typeScore = ({ type }: Account, use: Use): number =>
  (use === "line" ? INCOME.test(type) : type === "BANK") ? 1.2 : 0;
