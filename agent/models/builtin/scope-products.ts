/** Conditions about products: SKU, category, product type, tax class, attribute set, rate of tax. Each is an alternative. */
import type { Mention } from "./mentions.ts";
import { near, type Part } from "./scope-parts.ts";
import { skuParts } from "./scope-skus.ts";
import type { Segment } from "./segment.ts";
import { findAll, overlaps, type Reading, type Span, textAfter, textBefore } from "./text.ts";

export function productConditions(
  segment: Segment,
  free: readonly Mention[],
  ignore: readonly Span[],
): Part[] {
  const { plain } = segment;
  const of = (kind: Mention["kind"]) => free.filter((mention) => mention.kind === kind);
  const categories = of("category").filter((mention) => isCategory(segment, mention));
  const classes = of("taxClass").filter((mention) => near(plain, mention, /\btax class\b/));
  const sets = of("attributeSet").filter((mention) => near(plain, mention, /\battribute set\b/));
  const covered = [...categories, ...classes, ...sets, ...ignore];
  return [
    ...skuParts(segment, covered),
    ...unique(categories).map(
      (value): Part => ({
        when: [{ op: "includes", fact: "line.categories", value }],
        words: `category ${value}`,
      }),
    ),
    ...unique(of("productType").filter((mention) => !covered.some((span) => overlaps(span, mention)))).map(
      (value): Part => ({
        when: [{ op: "is", fact: "line.productType", value }],
        words: `${value} products`,
      }),
    ),
    ...unique(classes).map(
      (value): Part => ({
        when: [{ op: "is", fact: "line.taxClass", value }],
        words: `tax class ${value}`,
      }),
    ),
    ...unique(sets).map(
      (value): Part => ({
        when: [{ op: "is", fact: "line.attributeSet", value }],
        words: `attribute set ${value}`,
      }),
    ),
    ...rateParts(plain).filter(({ at }) => !ignore.some((span) => overlaps(span, at))),
  ];
}

const unique = (mentions: readonly Mention[]): string[] => [...new Set(mentions.map(({ value }) => value))];

const PRODUCT_WORD =
  /\b(?:categor(?:y|ies)|range|collection|department|products?|goods|items?|catalog(?:ue)?|lines?|everything in|anything (?:in|from))\b/;
const EVERYDAY_CATEGORY =
  /^(?:sale|sales|new|default|default category|gifts?|shop|store|web|online|accessories|all)$/i;

/** Kinds that need no noun of their own beside them, so that the same word may mean one of these instead. */
const SHARING = new Set<Mention["kind"]>([
  "group",
  "view",
  "method",
  "trackingOption",
  "productType",
  "country",
]);

/** Verbs of the trade: "book shipping" is not about the category Books, "gift boxes" may be about Gift Boxes. */
const VERB = /^(?:book|post|code|order|ship|sale|track|tag|hold|return|gift|offer|set|box|pack)$/;

/** A category of one everyday word counts only beside a word for products; so does one that a group or an option shares. */
function isCategory({ plain, mentions }: Segment, mention: Mention): boolean {
  if (/^default category$|^root/i.test(mention.value) && !mention.quoted) return false;
  const said = plain.tokens[mention.from]?.word ?? "";
  const besideNoun = near(plain, mention, /\b(?:categor(?:y|ies)|range|collection|department)\b/);
  if (besideNoun || mention.quoted) return true;
  if (mention.to - mention.from === 1 && VERB.test(said)) return false;
  const length = ({ from, to }: Span) => to - from;
  const shared = mentions.some(
    (other) => SHARING.has(other.kind) && overlaps(other, mention) && length(other) >= length(mention),
  );
  return !shared && (!EVERYDAY_CATEGORY.test(mention.value) || near(plain, mention, PRODUCT_WORD));
}

const GOODS = "(?:sales|items?|lines?|products?|goods|orders?)";

/** "sales taxed at 5%", "5% items", "zero-rated products": which lines, not which tax type. */
function rateParts(reading: Reading): (Part & { readonly at: Span })[] {
  const [zero] = findAll(reading, new RegExp(`\\bzero[- ]rated ${GOODS}\\b`));
  if (zero !== undefined) return [ratePart("0", zero)];
  const [found] = findAll(reading, /(?<![\w.])(\d{1,2}(?:\.\d{1,2})?)(?:%| percent| per cent)/);
  const value = found?.groups[1];
  if (found === undefined || value === undefined) return [];
  const isScope =
    /\b(?:taxed|charged|rated|vat|tax|gst) at $|\bat $/.test(textBefore(reading, found)) ||
    new RegExp(`^(?:vat |tax |gst )?(?:rated |rate )?${GOODS}\\b`).test(textAfter(reading, found));
  return isScope ? [ratePart(value, found)] : [];
}

const ratePart = (value: string, at: Span) => ({
  at,
  when: [{ op: "equals" as const, fact: "line.taxRate" as const, value }],
  words: `lines taxed at ${value} %`,
});
