/** Conditions about products: SKU, category, product type, tax class, attribute set, rate of tax. Each is an alternative. */
import type { Mention } from "./mentions.ts";
import { near, type Part } from "./scope-parts.ts";
import type { Segment } from "./segment.ts";
import { findAll, overlaps, type Reading, type Span, says, textAfter, textBefore } from "./text.ts";

const SKU =
  /\b(?:skus?|stock (?:codes?|numbers?)|item (?:codes?|numbers?)|product (?:codes?|numbers?)|part (?:codes?|numbers?)|article (?:codes?|numbers?))\b/;
const BEGINS =
  /\b(?:start(?:s|ing|ed)?|begin(?:s|ning)?|prefix(?:ed)?|lead(?:s|ing)?|(?:at|in) (?:the )?(?:front|start|beginning))\b/;
/** A code as shops spell them: capitals, digits or a hyphen, or in quotes. */
const CODE = /^(?=.*[\p{Lu}\d-])[\p{L}\d][\p{L}\d_.-]*$/u;

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
    ...rateParts(plain),
  ];
}

const unique = (mentions: readonly Mention[]): string[] => [...new Set(mentions.map(({ value }) => value))];

const PRODUCT_WORD =
  /\b(?:categor(?:y|ies)|range|collection|department|products?|goods|items?|catalog(?:ue)?|lines?|everything in|anything (?:in|from))\b/;
const EVERYDAY_CATEGORY =
  /^(?:sale|sales|new|default|default category|gifts?|shop|store|web|online|accessories|all)$/i;

/** Verbs of the trade: "book shipping" is not about the category Books, "gift boxes" may be about Gift Boxes. */
const VERB = /^(?:book|post|code|order|ship|sale|track|tag|hold|return|gift|offer|set|box|pack)$/;

/** A category of one everyday word counts only beside a word for products; so does one that a group or an option shares. */
function isCategory({ plain, mentions }: Segment, mention: Mention): boolean {
  if (/^default category$|^root/i.test(mention.value) && !mention.quoted) return false;
  const said = plain.tokens[mention.from]?.word ?? "";
  const besideNoun = near(plain, mention, /\b(?:categor(?:y|ies)|range|collection|department)\b/);
  if (besideNoun || mention.quoted) return true;
  if (mention.to - mention.from === 1 && VERB.test(said)) return false;
  const shared = mentions.some(
    (other) => other !== mention && other.kind !== "category" && overlaps(other, mention),
  );
  return !shared && (!EVERYDAY_CATEGORY.test(mention.value) || near(plain, mention, PRODUCT_WORD));
}

function skuParts({ plain, reading }: Segment, covered: readonly Span[]): Part[] {
  const cues = findAll(plain, SKU);
  if (cues.length === 0) return [];
  const candidates = reading.tokens.flatMap(({ raw, quoted, word }, from) => {
    const span = { from, to: from + 1 };
    const isCode = (quoted || CODE.test(raw)) && raw.length > 1 && !/^[£$€]?\d[\d,.]*[%k]?$/.test(raw);
    const taken = covered.some((one) => overlaps(one, span)) || plain.tokens[from]?.word === "_account_";
    const isCue =
      cues.some((cue) => overlaps(cue, span)) || /^(?:sku|skus|xero|vat|uk|us|eu|i'd|i'm|i)$/.test(word);
    const opensSentence = /^\p{Lu}\p{Ll}*$/u.test(raw);
    return isCode && !taken && !isCue && !opensSentence ? [{ span, raw }] : [];
  });
  const nearest = candidates.toSorted((a, b) => distance(a.span, cues) - distance(b.span, cues))[0];
  if (nearest === undefined) return [];
  const prefix = says(plain, BEGINS) || nearest.raw.endsWith("-");
  return [
    {
      when: [{ op: prefix ? "startsWith" : "is", fact: "line.sku", value: nearest.raw }],
      words: prefix ? `SKUs that start with ${nearest.raw}` : `SKU ${nearest.raw}`,
    },
  ];
}

const distance = (span: Span, cues: readonly Span[]): number =>
  Math.min(...cues.map(({ from, to }) => Math.abs((from + to) / 2 - (span.from + span.to) / 2)));

/** "sales taxed at 5%", "5% items": which lines, not which tax type. */
function rateParts(reading: Reading): Part[] {
  const [found] = findAll(reading, /(?<![\w.])(\d{1,2}(?:\.\d{1,2})?)(?:%| percent| per cent)/);
  const value = found?.groups[1];
  if (found === undefined || value === undefined) return [];
  const isScope =
    /\b(?:taxed|charged|rated|vat|tax|gst) at $|\bat $/.test(textBefore(reading, found)) ||
    /^(?:vat |tax |gst )?(?:rated |rate )?(?:sales|items?|lines?|products?|goods|orders?)\b/.test(
      textAfter(reading, found),
    );
  return isScope
    ? [{ when: [{ op: "equals", fact: "line.taxRate", value }], words: `lines taxed at ${value} %` }]
    : [];
}
