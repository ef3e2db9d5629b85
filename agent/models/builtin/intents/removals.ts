/** "Remove the rule for Wholesale", "stop holding large orders": a rule of the mapping goes. */
import { type MappingSpec, TABLES, TableName } from "../../../../engine/core/mapping.ts";
import type { Wish } from "../change.ts";
import { isEverything, type Scope } from "../scope.ts";
import type { Segment } from "../segment.ts";
import { similarity } from "../similarity.ts";
import { says, stem } from "../text.ts";
import { type Intent, scopeIn } from "./intent.ts";

const REMOVE =
  /\b(?:remove|delete|drop|scrap|undo|cancel|get rid of|take (?:out|away|off)|revoke|lift|forget)\b/;
const RULE = /\b(?:rules?|exceptions?|special (?:treatment|case|handling)|holds?|mapping for)\b/;
const STOP_HOLDING =
  /\b(?:stop|no longer|don't)(?: \w+){0,2} (?:hold|holding|park|parking|flag|flagging|block|blocking)\b/;
const LISTED_MAX = 8;
/** Someone who wants a rule gone wants nothing else of the sentence done before it is clear which. */
const ASKED_SCORE = 0.9;

type Listed = {
  readonly table: TableName;
  readonly id: string;
  readonly note: string;
  readonly when: string;
};

export const removeIntent: Intent = (segment, inherited) => {
  const { plain, shop } = segment;
  const unhold = says(plain, STOP_HOLDING);
  if (!unhold && !(says(plain, REMOVE) && says(plain, RULE))) return undefined;
  const rules = listed(shop.spec).filter(({ table }) => !unhold || table === "acceptOrder");
  const scope = scopeIn(segment, inherited);
  const found = matching(segment, rules, scope);
  const [rule] = found;
  if (rule === undefined || found.length > 1)
    return { score: ASKED_SCORE, wish: which(found.length > 1 ? found : rules) };
  return {
    score: 0.94,
    wish: {
      kind: "change",
      key: `remove:${rule.table}:${rule.id}`,
      title: `Remove the rule ${rule.id} of ${TABLES[rule.table].about}`,
      changes: [
        {
          op: "remove",
          table: rule.table,
          ruleId: rule.id,
          why: `Asked to remove: ${rule.note || rule.id}`.slice(0, 300),
        },
      ],
      remarks: [`What that rule decided is decided by the rules after it.`],
      scoped: true,
    },
  };
};

const listed = (spec: MappingSpec): Listed[] =>
  TableName.options.flatMap((table) =>
    spec.tables[table].rules.map(({ id, note, when }) => ({ table, id, note, when: JSON.stringify(when) })),
  );

/** By id, then by the same conditions, then by the words of its note. */
function matching({ plain, reading }: Segment, rules: readonly Listed[], scope: Scope): readonly Listed[] {
  const byId = rules.filter(({ id }) => reading.tokens.some(({ raw }) => raw.toLowerCase() === id));
  if (byId.length > 0) return byId;
  const wanted = scope.alternatives.map((when) => JSON.stringify(when));
  const byWhen = isEverything(scope) ? [] : rules.filter(({ when }) => wanted.includes(when));
  const pool = byWhen.length > 0 ? byWhen : rules;
  const words = new Set(plain.tokens.map(({ word }) => stem(word)).filter((word) => word.length > 3));
  const scored = pool
    .map((rule) => ({ rule, score: wordScore(rule, words) }))
    .toSorted((a, b) => b.score - a.score);
  const best = scored[0]?.score ?? 0;
  if (byWhen.length > 0)
    return best === 0 ? byWhen : scored.filter(({ score }) => score === best).map(({ rule }) => rule);
  return best < 1 ? [] : scored.filter(({ score }) => score === best).map(({ rule }) => rule);
}

function wordScore({ id, note, table }: Listed, words: ReadonlySet<string>): number {
  const own = `${id} ${note} ${TABLES[table].about}`
    .toLowerCase()
    .split(/[^\p{L}\d]+/u)
    .map(stem);
  return [...words].filter((word) => own.some((one) => one === word || similarity(one, word) > 0.8)).length;
}

function which(rules: readonly Listed[]): Wish {
  if (rules.length === 0)
    return {
      kind: "refuse",
      key: "remove",
      text: "The mapping has no such rule, so there is nothing to remove.",
    };
  const list = rules
    .slice(0, LISTED_MAX)
    .map(({ id, table }) => `${id} (${TABLES[table].about})`)
    .join("; ");
  const more = rules.length > LISTED_MAX ? ` and ${rules.length - LISTED_MAX} more` : "";
  return { kind: "ask", key: "remove", question: `Which rule should go: ${list}${more}?` };
}
