/** "Orders of uk_en get option Web of Channel on every line": tracking categories, two at most. */
import type { TableName } from "../../../../engine/core/mapping.ts";
import type { Change, Wish } from "../change.ts";
import { TRACK } from "../lexicon.ts";
import { isExcepted, type Mention } from "../mentions.ts";
import { isEverything } from "../scope.ts";
import type { Segment } from "../segment.ts";
import { overlaps, says, textAfter, textBefore } from "../text.ts";
import {
  ASK_SCORE,
  decisions,
  forWhom,
  type Intent,
  isUniversal,
  remarksOnRules,
  scopeIn,
  scopeQuestion,
} from "./intent.ts";

export const trackingIntent: Intent = (segment, inherited) => {
  const { plain, reading, mentions, shop } = segment;
  const categories = mentions.filter(({ kind }) => kind === "trackingCategory");
  if (!says(plain, TRACK) && !(categories.length > 0 && says(plain, /\boption\b/)) && !pairOf(segment))
    return undefined;
  const named = [...new Set(categories.map(({ value }) => value))];
  if (named.length > 1) return ask(`One tracking category at a time, please: ${named.join(" or ")}?`);
  const none = says(
    plain,
    /\b(?:no|without(?: any)?|stop|don't|remove)(?: \w+){0,2} (?:track(?:ing)?|tag(?:ging|s)?)\b/,
  );
  const option = none ? undefined : optionOf(segment, named[0]);
  if (!none && option === undefined) return optionQuestion(segment, named[0]);
  if (Array.isArray(option)) return ask(`Which option do you mean: ${option.join(" or ")}?`);
  const category = named[0] ?? (option as Mention | undefined)?.of;
  if (category === undefined) return undefined;
  const { tracking1Category, tracking2Category } = shop.spec.settings;
  if (none && category !== tracking1Category && category !== tracking2Category)
    return {
      score: 0.8,
      wish: {
        kind: "change",
        key: "tracking",
        title: `No tracking by ${category}`,
        changes: [],
        remarks: [],
        scoped: false,
      },
    };
  const slot = slotOf(segment, category);
  if (slot === undefined) return { score: ASK_SCORE, wish: bothTaken(segment, category) };
  const chosen = option as Mention | undefined;
  const scope = scopeIn(segment, inherited, [...categories, ...(chosen === undefined ? [] : [chosen])]);
  const key = `${slot.table}${isEverything(scope) ? "" : `:${JSON.stringify(scope.alternatives)}`}`;
  const blocked = scopeQuestion(key, scope, shop);
  if (blocked !== undefined) return { score: ASK_SCORE, wish: blocked };
  const why = chosen === undefined ? `no option of ${category}` : `option ${chosen.value} of ${category}`;
  const changes = decisions({
    tables: [slot.table],
    scope,
    outcome: chosen === undefined ? { kind: "noOption" } : { kind: "option", option: chosen.value },
    why,
    universal: isUniversal(reading) && isEverything(scope),
  });
  return {
    score: 0.95,
    wish: {
      kind: "change",
      key,
      title: `Tracking ${category}${chosen === undefined ? " off" : ` = ${chosen.value}`}${forWhom(scope)}`,
      changes: [...slot.opens, ...changes],
      remarks: remarksOnRules(shop, changes),
      scoped: !isEverything(scope),
      head: `tracking ${category}`,
    },
  };
};

const ask = (question: string) => ({
  score: ASK_SCORE,
  wish: { kind: "ask" as const, key: "tracking", question },
});

const OPTION_BEFORE =
  /\b(?:as|with|to|say|says|options?|be|is|set|under|gets?|wants?|carry|carries|into|show|shows|put|=|:)(?: the| to| option| a)* $/;
const OPTION_AFTER = /^option\b/;

/** "region EU", "EU as its Region": a category beside one of its options is about tracking even without the word. */
const pairOf = ({ mentions, plain }: Segment): boolean =>
  mentions.some(
    (option) =>
      option.kind === "trackingOption" &&
      mentions.some(
        (category) =>
          category.kind === "trackingCategory" &&
          category.value === option.of &&
          !overlaps(category, option) &&
          Math.min(Math.abs(category.to - option.from), Math.abs(option.to - category.from)) <= 3,
      ) &&
      says(plain, /\b(?:lines?|orders?|invoices?|sales|sold|set)\b|→|(?<= )[:=](?= )/),
  );

/** The option that is meant, several when the text leaves two, none when it names none of the category. */
function optionOf(segment: Segment, category: string | undefined): Mention | string[] | undefined {
  const { mentions, reading } = segment;
  const options = mentions.filter(
    (mention) =>
      mention.kind === "trackingOption" &&
      !mention.negated &&
      !isExcepted(segment.plain, mention) &&
      (category === undefined || mention.of === category),
  );
  const placed = options.filter((option) => isPlaced(segment, option));
  const best = placed.length > 0 ? placed : options;
  const distinct = [...new Map(best.map((option) => [`${option.of}/${option.value}`, option])).values()];
  const [only] = distinct;
  if (distinct.length <= 1) return only;
  const quoted = distinct.filter((option) => option.quoted);
  const [said] = quoted;
  if (quoted.length === 1) return said;
  const upper = distinct.filter((option) => /^\p{Lu}/u.test(reading.tokens[option.from]?.raw ?? ""));
  const [capital] = upper;
  if (upper.length === 1) return capital;
  return distinct.map(({ of, value }) => `${of}: ${value}`);
}

function isPlaced({ reading, mentions }: Segment, option: Mention): boolean {
  const categoryBefore = mentions.some(({ kind, to }) => kind === "trackingCategory" && to === option.from);
  const after = textAfter(reading, option);
  const categoryAfter = mentions.some(
    ({ kind, from }) =>
      kind === "trackingCategory" &&
      from > option.to &&
      from - option.to <= 3 &&
      /^(?:as|under|in|for|on|of)\b/.test(after),
  );
  return (
    option.quoted ||
    categoryBefore ||
    categoryAfter ||
    OPTION_BEFORE.test(textBefore(reading, option)) ||
    OPTION_AFTER.test(after)
  );
}

function optionQuestion({ shop, plain }: Segment, category: string | undefined) {
  const known = shop.tracking.find(({ name }) => name === category);
  if (known !== undefined)
    return ask(
      `Which option of ${known.name} do you mean? It has: ${known.options.slice(0, 12).join(", ")}. A new one is made in Xero first.`,
    );
  if (shop.tracking.length === 0)
    return {
      score: ASK_SCORE,
      wish: {
        kind: "refuse" as const,
        key: "tracking",
        text: "The ledger has no tracking categories. Create one in Xero first; then I can assign its options.",
      },
    };
  const list = shop.tracking
    .map(({ name, options }) => `${name} (${options.slice(0, 8).join(", ")})`)
    .join("; ");
  return says(plain, TRACK)
    ? ask(`Which tracking category and option do you mean? The ledger has: ${list}.`)
    : undefined;
}

type Slot = { readonly table: TableName; readonly opens: readonly Change[] };

function slotOf({ shop }: Segment, category: string): Slot | undefined {
  const { tracking1Category: first, tracking2Category: second } = shop.spec.settings;
  const opens = (setting: "tracking1Category" | "tracking2Category"): Change => ({
    op: "setting",
    setting,
    value: category,
    why: `Lines carry tracking category ${category}`,
  });
  if (first === category) return { table: "tracking1", opens: [] };
  if (second === category) return { table: "tracking2", opens: [] };
  if (first === null) return { table: "tracking1", opens: [opens("tracking1Category")] };
  if (second === null) return { table: "tracking2", opens: [opens("tracking2Category")] };
  return undefined;
}

const bothTaken = ({ shop }: Segment, category: string): Wish => ({
  kind: "refuse",
  key: "tracking",
  text:
    `Xero takes two tracking categories per line, and both are in use (${shop.spec.settings.tracking1Category} and ` +
    `${shop.spec.settings.tracking2Category}), so ${category} cannot be added. The nearest I can do: rules for those two.`,
});
