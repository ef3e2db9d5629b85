/** Names that the shop does not have. Without this, "shipping for Dealers to 202" would be read as shipping for everybody. */
import type { Mention } from "./mentions.ts";
import type { Segment } from "./segment.ts";
import { isTradeWord } from "./spelling.ts";
import { overlaps, type Reading, type Span, stem, textAfter, textBefore } from "./text.ts";

export type Unknown =
  | (Span & {
      readonly kind: "name";
      readonly text: string;
      readonly noun: string;
      /** what there is instead */
      readonly known: readonly string[];
    })
  /** a time that is no date: "in January" */
  | { readonly kind: "time"; readonly text: string }
  /** a word in front of the noun that may limit it: "heavy products" */
  | { readonly kind: "qualifier"; readonly text: string; readonly noun: string }
  /** something is left out that no condition can leave out */
  | { readonly kind: "exception" };

/** `bare`: the request has named nobody and nothing that it is about, so that what is left over may be just that. */
export function unknownIn(
  segment: Segment,
  free: readonly Mention[],
  ignore: readonly Span[],
  bare: boolean,
): Unknown | null {
  return (
    unknownName(segment, free, ignore) ??
    absentMethod(segment, free) ??
    (bare ? (leftOver(segment, ignore) ?? qualifier(segment, ignore)) : null)
  );
}

type Noun = "customer group" | "category" | "store view";

const NAMED_BEFORE =
  /\b(?:customer )?(group|category|store view|storefront)(?: (?:called|named|the|our|is|=|:))* $/;
const NAMED_AFTER = /^(?:customer )?(group|category|store view|storefront)\b/;
const NOUNS: Readonly<Record<string, { readonly noun: Noun; readonly kind: Mention["kind"] }>> = {
  group: { noun: "customer group", kind: "group" },
  category: { noun: "category", kind: "category" },
  "store view": { noun: "store view", kind: "view" },
  storefront: { noun: "store view", kind: "view" },
};
const NO_NAME =
  /^(?:the|our|my|a|an|this|that|each|every|any|all|whole|customer|same|other|which|product|tracking|in|of|for|to|is|and|set|into|on|by|from|with|its|their|goods?|use|book|put|[.,;:!?()])$/;

/** "group Dealers", "the Toys category". */
function unknownName(
  { plain, mentions, shop }: Segment,
  free: readonly Mention[],
  ignore: readonly Span[],
): Unknown | null {
  for (const [index, { word, quoted, raw }] of plain.tokens.entries()) {
    const span = { from: index, to: index + 1 };
    if (NO_NAME.test(word) || word === "_account_" || ignore.some((used) => overlaps(used, span))) continue;
    const said =
      NAMED_BEFORE.exec(textBefore(plain, span))?.[1] ?? NAMED_AFTER.exec(textAfter(plain, span))?.[1];
    const meant = said === undefined ? undefined : NOUNS[said];
    if (meant === undefined) continue;
    const isName = quoted || /^\p{Lu}/u.test(raw) || raw.includes("_");
    const known =
      free.some(({ kind }) => kind === meant.kind) || mentions.some((mention) => overlaps(mention, span));
    if (isName && !known)
      return { kind: "name", ...span, text: raw, noun: meant.noun, known: listOf(meant.noun, shop) };
  }
  return null;
}

function listOf(noun: Noun, { lists }: Segment["shop"]): readonly string[] {
  if (noun === "customer group") return lists.customerGroups;
  return noun === "category" ? lists.categories : lists.storeViews.map(({ code }) => code);
}

function absentMethod({ shop }: Segment, free: readonly Mention[]): Unknown | null {
  const absent = free.find((mention) => mention.kind === "absentMethod");
  const isOther =
    absent !== undefined && free.some((mention) => mention !== absent && overlaps(mention, absent));
  if (absent === undefined || isOther) return null;
  const { from, to, value } = absent;
  return { kind: "name", from, to, text: value, noun: "payment method", known: shop.lists.paymentMethods };
}

const WHEN_WORDS =
  /^(?:january|february|march|april|june|july|august|september|october|november|december|today|yesterday|weekends?|mondays?|sundays?|christmas|quarter|week)$/;
const WHEN = /\b(?:in|on|during|since|until|of|at|this|last|next) (?:the )*$/;
const WHOM = /\b(?:for|from|by) (?:(?:the|our|my|all|any|every|each|those|these|whole) )*$/;
const HARMLESS = new Set(
  `us me you them it this that these those now example good free once sure both whom which what when while all any every
  each everyone everybody anyone someone somebody review everything anything something others rest line lines sale goods
  revenue income money cash web online webshop internet shop store magento xero hand default ever here there today scratch
  start beginning bank business company books ledger accountant bookkeeper team finance office convenience clarity purpose
  reason reporting report month year quarter week day time price total net gross tax vat gst rate amount value people
  shopper buyer client user visitor home new late good approval approving sign sign-off check checking go-live post
  themselves itself ourselves him her certain some most no not being having using doing`
    .split(/\s+/)
    .map(stem),
);

/** "for Dealers", "from Amazon": a word after for, from or by that is neither the trade's nor the shop's. */
function leftOver({ plain, mentions, shop }: Segment, ignore: readonly Span[]): Unknown | null {
  for (const [index, { word, raw }] of plain.tokens.entries()) {
    const span = { from: index, to: index + 1 };
    const before = textBefore(plain, span);
    const isTime = WHEN.test(before) && WHEN_WORDS.test(word);
    if (!isTime && (!WHOM.test(before) || isPlainWord(word))) continue;
    const used = [...mentions, ...ignore].some((one) => overlaps(one, span));
    if (isTime) return { kind: "time", text: raw };
    if (!used && !isVerbPhrase(plain, span))
      return {
        kind: "name",
        ...span,
        text: raw,
        noun: "customer group, category, store view or country",
        known: shop.lists.customerGroups,
      };
  }
  return null;
}

/** Said with a plain yes to the question whether everything is meant. */
export const WITHOUT_EXCEPTION = "without any exception";

const NOUN =
  /^(?:shipping|postage|delivery|freight|carriage|sales?|revenue|income|products?|items?|goods|orders?|customers?|discounts?|payments?|fees?|surcharges?|charges?)$/;
const NEUTRAL = new Set(
  `a an the our my their its his her your this that these those all any every each no other more most much many whatever
  and or but if when whenever where while so because as than then also only just even still again always from to in into on
  onto of for with without by at under over about per between after before through via until is are was were be been being
  do does did don't doesn't have has had get gets got want wants need needs like likes see sees show shows book books post
  posts put puts code codes record records move moves send sends use uses make makes keep keeps set sets leave leaves take
  takes give gives treat treats call calls charge charges assign assigns map maps change changes switch let lets separate
  separates separated split splits list lists add adds hold holds park parks stop stops sell sells sold buy buys bought pay
  pays paid should must can could would will may might shall please pls now today usual normal regular ordinary standard
  total overall whole entire net gross web online shop store webshop website e-commerce ecommerce magento xero line invoice
  invoices order customer product item shipping delivery sales payment what which who whom how why not never me us you them
  it we they i he she everyone everybody people _account_ _quote_ _country_ visible separate any future new domestic
  negative gross netting showing listing hiding burying reducing wanting having getting booking posting putting coding recording moving sending using making keeping setting leaving
  taking giving treating charging selling buying paying giving hi hello thanks ok okay yes actually really simply quite
  → : ; , . ! ? ( ) - = + /`.split(/\s+/),
);

/** "heavy products", "express shipping", "big customers": no fact says so, and everything would be too much. */
function qualifier({ plain, mentions }: Segment, ignore: readonly Span[]): Unknown | null {
  if (plain.text.includes(WITHOUT_EXCEPTION)) return null;
  for (const [index, { word }] of plain.tokens.entries()) {
    const before = plain.tokens[index - 1];
    if (before === undefined || !NOUN.test(word) || NEUTRAL.has(before.word) || NOUN.test(before.word))
      continue;
    const span = { from: index - 1, to: index };
    const used = [...mentions, ...ignore].some((one) => overlaps(one, span));
    const isOrdinary = !/^\p{L}[\p{L}-]+$/u.test(before.word) || (isPlainWord(before.word) && !used);
    if (!isOrdinary) return { kind: "qualifier", text: before.raw, noun: word };
  }
  return null;
}

const isPlainWord = (word: string): boolean =>
  !/^\p{L}{3,}/u.test(word) || HARMLESS.has(stem(word)) || isTradeWord(word) || isTradeWord(stem(word));

/** "by using", "for being", "from now": no name follows. */
const isVerbPhrase = (reading: Reading, span: Span): boolean =>
  /ing$/.test(reading.tokens[span.from]?.word ?? "");
