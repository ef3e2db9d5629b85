/** What every intent has in common: how sure it is, whom the wish is about, and how that becomes rules. */
import type { Outcome, TableName } from "../../../../engine/core/mapping.ts";
import { TABLES } from "../../../../engine/core/mapping.ts";
import type { Change, Wish } from "../change.ts";
import { hasLineConditions, isEverything, type Scope, scopeOf } from "../scope.ts";
import { WITHOUT_EXCEPTION } from "../scope-unknown.ts";
import type { Segment } from "../segment.ts";
import type { Shop } from "../shop.ts";
import { nearest } from "../similarity.ts";
import { type Reading, type Span, says } from "../text.ts";

/** `score` from 0 to 1: how much of the text speaks for this reading. A whole wish is above 0.6, a question below. */
export type Candidate = { readonly score: number; readonly wish: Wish };
/** `inherited` is whom an earlier part of the sentence was about ("for Wholesale: this, and that"). */
export type Intent = (segment: Segment, inherited: Scope) => Candidate | undefined;

export const ASK_SCORE = 0.5;
/** As many as a rule takes (Rule in engine/core/mapping.ts). */
const CONDITIONS_MAX = 8;

const UNIVERSAL =
  /\b(?:all|every|each|any|everything|everybody|everyone|always|whatever|whenever|regardless|across the board|no matter)\b/;
export const isUniversal = (reading: Reading): boolean => says(reading, UNIVERSAL);

/** The segment's own scope; where it has none, the inherited one. */
export function scopeIn(segment: Segment, inherited: Scope, ignore: readonly Span[] = []): Scope {
  const own = scopeOf(segment, ignore);
  const inherits = isEverything(own) && !own.vague && own.unknown === null && !isUniversal(segment.plain);
  return inherits && !isEverything(inherited) ? inherited : own;
}

/** What has to be asked about a scope before anything can be decided by it; `undefined` when it is clear. */
export function scopeQuestion(key: string, scope: Scope, shop: Shop): Wish | undefined {
  if (scope.unknown?.kind === "exception") {
    const question =
      "I can leave out customer groups, store views, countries, currencies and payment methods by name, but not what this leaves " +
      "out. Could you say it as whom it concerns?";
    return { kind: "ask", key, question };
  }
  if (scope.unknown?.kind === "qualifier") {
    const { text, noun } = scope.unknown;
    const question = `Does "${text}" mean only some ${noun}? I find no list of the shop that says which. Say yes if it means all ${noun}, or say whom it concerns.`;
    return { kind: "ask", key, question, yes: WITHOUT_EXCEPTION };
  }
  if (scope.alternatives.some((when) => when.length > CONDITIONS_MAX)) {
    const text = `A rule takes at most ${CONDITIONS_MAX} conditions, and this needs more. The nearest I can do: name the countries or groups that are meant instead of those that are not.`;
    return { kind: "refuse", key, text };
  }
  if (scope.unknown?.kind === "time") {
    const question = `A rule can only look at the date of an order, and "${scope.unknown.text}" is none. Could you name it, as in: orders placed from 1 October 2026?`;
    return { kind: "ask", key, question };
  }
  if (scope.unknown?.kind === "name") {
    const { noun, text, known, from, to } = scope.unknown;
    const near = nearest(text, known, (name) => name).join(", ");
    return {
      kind: "ask",
      key,
      question: `The shop has no ${noun} called "${text}". The nearest are: ${near}. Which one do you mean?`,
      drop: { from, to },
    };
  }
  if (!scope.vague) return undefined;
  const { country } = shop.lists.organisation;
  return {
    kind: "ask",
    key,
    question: `Which countries do you mean, by shipping address? Say yes for every country other than ${country}, or name them.`,
    yes: `outside ${country}`,
  };
}

/** Tables that decide once per order cannot look at a product. */
export function tableRefusal(key: string, tables: readonly TableName[], scope: Scope): Wish | undefined {
  const table = tables.find((name) => TABLES[name].facts !== "line");
  if (table === undefined || !hasLineConditions(scope)) return undefined;
  return {
    kind: "refuse",
    key,
    text:
      `That (${TABLES[table].about}) is decided once per order, so it cannot depend on ${scope.words}. ` +
      "The nearest I can do: decide it by customer group, store view, country, payment method or order total.",
  };
}

type Decision = {
  readonly tables: readonly TableName[];
  readonly scope: Scope;
  readonly outcome: Outcome;
  readonly why: string;
  /** true: replace what rules say now; false: rules stay first */
  readonly universal: boolean;
};

/** One rule per table and alternative; without conditions, what happens otherwise. */
export function decisions({ tables, scope, outcome, why, universal }: Decision): Change[] {
  return tables.flatMap((table): Change[] => {
    if (isEverything(scope)) return [{ op: universal ? "always" : "otherwise", table, outcome, why }];
    return scope.alternatives.map((when) => ({
      op: "rule",
      table,
      when,
      outcome,
      note: capital(`${scope.words}: ${why}`),
      why: capital(`${scope.words}: ${why}`),
    }));
  });
}

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

export const forWhom = (scope: Scope): string => (scope.words === "" ? "" : ` for ${scope.words}`);

/** Rules that stay in front of a new otherwise are named, since they go on deciding. */
export function remarksOnRules(shop: Shop, changes: readonly Change[]): string[] {
  return changes.flatMap((change) => {
    if (change.op !== "otherwise") return [];
    const { rules } = shop.spec.tables[change.table];
    return rules.length === 0
      ? []
      : [
          `These rules stay in front of it: ${rules
            .slice(0, 5)
            .map(({ id }) => id)
            .join(", ")}.`,
        ];
  });
}
