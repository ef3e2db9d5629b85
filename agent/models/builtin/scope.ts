/** Whom or what a request is about: conditions over the closed list of facts, from the names that it mentions. */
import type { Condition } from "../../../engine/core/facts.ts";
import { countryName, EU_COUNTRIES } from "./countries.ts";
import { hasException, isExcepted, type Mention } from "./mentions.ts";
import type { NameKind } from "./names.ts";
import { comparisonOf, dateOf } from "./quantities.ts";
import { near, type Part } from "./scope-parts.ts";
import { productConditions } from "./scope-products.ts";
import { type Unknown, unknownIn } from "./scope-unknown.ts";
import type { Segment } from "./segment.ts";
import { findAll, overlaps, type Reading, type Span, says, textAfter, textBefore } from "./text.ts";

/** `when` is a conjunction; several alternatives become several rules. `words` says it in English. */
export type Scope = {
  readonly alternatives: readonly (readonly Condition[])[];
  readonly words: string;
  /** countries that are meant but not named: "overseas", "abroad" */
  readonly vague: boolean;
  /** whom or what the request names and the shop does not have */
  readonly unknown: Unknown | null;
};

export const EVERYTHING: Scope = { alternatives: [[]], words: "", vague: false, unknown: null };
export const isEverything = ({ alternatives }: Scope): boolean =>
  alternatives.every((when) => when.length === 0);

/** Conditions about single lines; tables that decide once per order cannot use them. */
export const hasLineConditions = ({ alternatives }: Scope): boolean =>
  alternatives.some((when) => when.some(({ fact }) => fact.startsWith("line.")));

/** `ignore`: spans that an intent has used for its own value, such as the option of a tracking category. */
export function scopeOf(segment: Segment, ignore: readonly Span[] = []): Scope {
  const places = storesByPlace(segment);
  const free = [
    ...segment.mentions.filter((mention) => ![...ignore, ...places].some((span) => overlaps(span, mention))),
    ...places,
  ];
  const parts: Part[] = [
    ...namedParts(segment, free),
    ...countryParts(segment, free),
    ...customerParts(segment.plain),
    ...totalParts(segment),
    ...dateParts(segment.plain),
  ];
  const lines = productConditions(segment, free, ignore);
  const order = parts.flatMap(({ when }) => when);
  const alternatives = lines.length === 0 ? [order] : lines.map(({ when }) => [...order, ...when]);
  const named = parts.some(({ when }) => when.some(({ fact }) => /Country/.test(fact)));
  return {
    alternatives,
    words: [...parts, ...(lines.length > 0 ? [{ words: lines.map(({ words }) => words).join(" or ") }] : [])]
      .map(({ words }) => words)
      .join(", "),
    vague: !named && says(segment.plain, OVERSEAS),
    unknown:
      exceptionIn(segment, order) ??
      unknownIn(segment, free, ignore, order.length === 0 && lines.length === 0),
  };
}

/** "except Dublin" and "except Gift Boxes": what no condition leaves out must not be lost. */
const exceptionIn = ({ plain }: Segment, conditions: readonly Condition[]): Unknown | null =>
  hasException(plain) && !conditions.some(({ op }) => op === "isNot") ? { kind: "exception" } : null;

export const OVERSEAS =
  /\b(?:overseas|abroad|foreign|international(?:ly)?|exports?|exported|non-domestic|outside (?:of )?(?:the |this |our |my )?(?:home )?country|other countries)\b/;

/** Facts that are named by one of the shop's lists. */
function namedParts(segment: Segment, free: readonly Mention[]): Part[] {
  const { plain } = segment;
  const named = (kind: NameKind, allowed: (mention: Mention) => boolean) =>
    free.filter((mention) => mention.kind === kind && allowed(mention));
  const groups = named("group", (mention) => isGroup(plain, mention));
  const views = named("view", (mention) => isView(plain, mention));
  const websites = named("website", (mention) => near(plain, mention, /\b(?:website|site)\b/));
  const methods = named("method", (mention) => !isTrackingOnly(free, mention));
  const currencies = named("currency", (mention) => isCurrencyScope(plain, mention));
  return [
    ...textPart("order.customerGroup", groups, plain, "customer group"),
    ...textPart("order.storeView", views, plain, "store view"),
    ...textPart("order.website", views.length > 0 ? [] : websites, plain, "website"),
    ...textPart("payment.method", methods, plain, "payment method"),
    ...textPart("order.currency", currencies, plain, "currency"),
  ];
}

type TextFact =
  | "order.customerGroup"
  | "order.storeView"
  | "order.website"
  | "payment.method"
  | "order.currency";

function textPart(fact: TextFact, mentions: readonly Mention[], reading: Reading, noun: string): Part[] {
  const wanted = values(mentions.filter((mention) => !isExcepted(reading, mention)));
  const excepted = values(mentions.filter((mention) => isExcepted(reading, mention)));
  return [...among(fact, wanted, noun), ...notAmong(fact, excepted, noun)];
}

function among(
  fact: TextFact | "order.shipCountry" | "order.billCountry",
  wanted: readonly string[],
  noun: string,
): Part[] {
  const [first] = wanted;
  if (first === undefined) return [];
  const words = `${noun} ${wanted.join(" or ")}`;
  return wanted.length === 1
    ? [{ when: [{ op: "is", fact, value: first }], words }]
    : [{ when: [{ op: "oneOf", fact, values: [...wanted] }], words }];
}

const notAmong = (
  fact: TextFact | "order.shipCountry" | "order.billCountry",
  excepted: readonly string[],
  noun: string,
): Part[] =>
  excepted.length === 0
    ? []
    : [
        {
          when: excepted.map((value): Condition => ({ op: "isNot", fact, value })),
          words: `${noun} other than ${excepted.join(" or ")}`,
        },
      ];

const values = (mentions: readonly Mention[]): string[] => [...new Set(mentions.map(({ value }) => value))];

const GROUP_WORD = /\b(?:customer groups?|groups?|customers?|clients?|buyers?|members?|tier)\b/;
/** Names of groups and views that are also everyday words count only beside the word that says what they are. */
const EVERYDAY_NAME =
  /^(?:general|default|main|new|standard|web|retail|trade|staff|vip|not logged in|store|sale|sales|admin)$/;

function isGroup(reading: Reading, mention: Mention): boolean {
  const name = reading.text.slice(reading.starts[mention.from]).slice(0, mention.value.length);
  return mention.quoted || !EVERYDAY_NAME.test(name) || near(reading, mention, GROUP_WORD);
}

function isView(reading: Reading, mention: Mention): boolean {
  const first = reading.tokens[mention.from]?.word ?? "";
  if (first.includes("_") || mention.quoted) return true;
  return near(reading, mention, /\b(?:store views?|storefronts?|shop|store|views?|site)\b/);
}

const PLACE_STORE = /\b([a-z]{2,}) (?:store views?|storefronts?|shop|store|webshop|website|site)\b/;

/** "the UK store" is a store view that begins so, where there is just one; it is not a shipping address. */
function storesByPlace({ reading, mentions, shop }: Segment): Mention[] {
  return findAll(reading, PLACE_STORE).flatMap(({ from, to, groups }): Mention[] => {
    const word = groups[1] ?? "";
    const isPlace = word === "eu" || mentions.some(({ kind, from: at }) => kind === "country" && at === from);
    const views = shop.lists.storeViews.filter(
      ({ code, name }) => code.toLowerCase().startsWith(`${word}_`) || name.toLowerCase().startsWith(word),
    );
    const [only] = views;
    if (!isPlace || only === undefined || views.length > 1) return [];
    return [{ kind: "view", value: only.code, from, to, quoted: true, negated: false }];
  });
}

/** "orders in USD", "euro orders", "paid in dollars"; not the unit of an amount. */
function isCurrencyScope(reading: Reading, mention: Mention): boolean {
  if (/[\d,.]+k? (?:or more )?$|\b(?:hundred|thousand|grand) $/.test(textBefore(reading, mention)))
    return false;
  return (
    /\b(?:in|currency|priced in|paid in|placed in|charged in)(?: the)? $/.test(
      textBefore(reading, mention),
    ) || /^(?:orders?|sales|invoices?|payments?|transactions?|customers?)\b/.test(textAfter(reading, mention))
  );
}

const isTrackingOnly = (mentions: readonly Mention[], method: Mention): boolean =>
  mentions.some(({ kind, from, to }) => kind === "trackingOption" && from < method.from && to > method.to);

/** "EU orders", "to the EU"; not an option "EU" of a tracking category and not the store "EU English". */
function europeIn({ plain, mentions }: Segment, free: readonly Mention[]): Span[] {
  return findAll(plain, /\b(?:eu|europe|european union|european)\b(?! ?_)/).filter((span) => {
    const isOther = mentions.some(
      (mention) =>
        overlaps(mention, span) &&
        (mention.kind === "view" || (mention.kind !== "country" && !free.includes(mention))),
    );
    const placed =
      /\b(?:the|in|to|within|inside|across|outside|from|and|or) (?:the )?$/.test(textBefore(plain, span)) ||
      /^(?:orders?|sales|customers?|countries|buyers?|deliveries|shipments?|member|consumers?|invoices?)\b/.test(
        textAfter(plain, span),
      );
    return placed && !isOther;
  });
}

function countryParts(segment: Segment, free: readonly Mention[]): Part[] {
  const { plain } = segment;
  const mentioned = free.filter(({ kind }) => kind === "country");
  const europe = europeIn(segment, free);
  const fact = says(plain, /\b(?:bill(?:ed|ing)?|invoice address|billing address)\b(?! us)/)
    ? ("order.billCountry" as const)
    : ("order.shipCountry" as const);
  const noun = fact === "order.billCountry" ? "orders billed to" : "orders shipped to";
  const outside = mentioned.filter((mention) => isExcepted(plain, mention));
  const inside = values(mentioned.filter((mention) => !outside.includes(mention)));
  const excepted = values(outside);
  const [euSpan] = europe;
  const eu = euSpan === undefined ? [] : [...EU_COUNTRIES];
  const euOutside = euSpan !== undefined && isExcepted(plain, euSpan);
  const wanted = [...inside, ...(euOutside ? [] : eu)];
  const unwanted = [...excepted, ...(euOutside ? eu : [])];
  const words = (codes: readonly string[]) => (codes.length > 5 ? ["the EU"] : codes.map(countryName));
  return [
    ...among(fact, wanted, noun).map((part) => ({ ...part, words: `${noun} ${words(wanted).join(" or ")}` })),
    ...notAmong(fact, unwanted, noun).map((part) => ({
      // Eight conditions are the most that a rule takes, so a long list of exceptions is refused by the engine.
      ...part,
      words: `${noun} other countries than ${words(unwanted).join(" or ")}`,
    })),
  ];
}

const GUEST =
  /\bguests?\b|\bwithout (?:an |a |any |having an |creating an |making an )?(?:customer )?(?:accounts?|login|logging in|registering|signing up)\b|\b(?:no|don't have an?|doesn't have an?|haven't got an?) (?:customer )?accounts?\b|\bnot (?:logged in|registered|signed in)\b|\b(?:unregistered|anonymous|not logged in)\b/;
const REGISTERED = /\bregistered (?:customers?|users?|shoppers?)\b|\bcustomers? with an account\b/;
const BUSINESS = /\b(?:business customers?|companies|b2b|business buyers?|business orders?)\b/;
const CONSUMER = /\b(?:consumers?|private customers?|b2c|private individuals?)\b/;
const VAT_VALID = /\bvalid (?:eu )?vat (?:id|ids|number|numbers|registration)\b/;

function customerParts(reading: Reading): Part[] {
  const flag = (
    op: "isTrue" | "isFalse",
    fact: "order.guest" | "order.business" | "order.vatIdValid",
    words: string,
  ): Part => ({
    when: [{ op, fact }],
    words,
  });
  return [
    ...(says(reading, GUEST) ? [flag("isTrue", "order.guest", "guest orders")] : []),
    ...(says(reading, REGISTERED) ? [flag("isFalse", "order.guest", "registered customers")] : []),
    ...(says(reading, BUSINESS) ? [flag("isTrue", "order.business", "business customers")] : []),
    ...(says(reading, CONSUMER) ? [flag("isFalse", "order.business", "consumers")] : []),
    ...(says(reading, VAT_VALID) ? [flag("isTrue", "order.vatIdValid", "a valid VAT id")] : []),
  ];
}

/** "orders placed before 1 October 2026", "from 2026-11-01 on". */
function dateParts(reading: Reading): Part[] {
  const found = dateOf(reading);
  if (found === undefined) return [];
  const before = textBefore(reading, found);
  if (/\b(?:before|until|up to|prior to|older than) $/.test(before))
    return [
      {
        when: [{ op: "before", fact: "order.placedOn", value: found.date }],
        words: `orders placed before ${found.date}`,
      },
    ];
  if (/\b(?:from|since|after|as of|on or after|starting|as from) $/.test(before))
    return [
      {
        when: [{ op: "onOrAfter", fact: "order.placedOn", value: found.date }],
        words: `orders placed from ${found.date} on`,
      },
    ];
  return [];
}

/** "above £5,000"; the currency is a condition of its own where the shop sells in more than one. */
function totalParts({ plain, shop }: Segment): Part[] {
  const comparison = comparisonOf(plain);
  if (comparison === undefined) return [];
  const { op, amount, currency } = comparison;
  const several = shop.spec.settings.currencies.length > 1;
  const words = { above: "above", atLeast: "of at least", below: "below", atMost: "of at most" }[op];
  return [
    {
      when: [
        { op, fact: "order.grandTotal", value: amount },
        ...(currency !== null && several
          ? [{ op: "is" as const, fact: "order.currency" as const, value: currency }]
          : []),
      ],
      words: `orders with a total ${words} ${amount}${currency === null ? "" : ` ${currency}`}`,
    },
  ];
}
