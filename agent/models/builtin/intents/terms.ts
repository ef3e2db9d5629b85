/** "30 days for Wholesale", "end of the next month", "the 20th of the month after": when an invoice is due. */
import type { Outcome } from "../../../../engine/core/mapping.ts";
import { daysOf } from "../quantities.ts";
import { isEverything } from "../scope.ts";
import { findAll, type Reading, type Span, says } from "../text.ts";
import {
  ASK_SCORE,
  decisions,
  forWhom,
  type Intent,
  isUniversal,
  remarksOnRules,
  scopeIn,
  scopeQuestion,
  tableRefusal,
} from "./intent.ts";

const CUE =
  /\b(?:due|terms?|net \d+|days? (?:to pay|credit)|credit (?:period|terms)|pay(?:s|able|ment)?|settles?|settle up|fall(?:s)? due|owe)\b/;
/** "Give Retailer 14 days", "Wholesale: 30 days", "14 days for Retailer". */
const GIVEN_DAYS =
  /\b(?:give|gives|allow|allows|get|gets|have|has|:)(?: \w+){0,4} \w+[ -]?(?:days?|weeks?)\b|\bdays? (?:for|to)\b|: \w+ (?:days?|weeks?)\b/;
const NOT_GIVEN =
  /(?:\b(?:not|never|no longer)|n't)(?: \w+){0,2} (?:get|gets|have|has|give|given|allow|allowed|due|pay)\b/;
const NOT_TERMS =
  /\b(?:clearing|paid with|paid by|pay(?:ing)? with|pay(?:ing)? by(?! (?:the|end|month|\d)))\b/;

export const termsIntent: Intent = (segment, inherited) => {
  const { plain, shop } = segment;
  const given = says(plain, GIVEN_DAYS);
  if (!says(plain, CUE) && !given) return undefined;
  const due = dueOf(plain);
  if (due === undefined) return vagueTerms(plain);
  if (says(plain, NOT_TERMS) && !says(plain, /\bdue\b/)) return undefined;
  if (says(plain, NOT_GIVEN))
    return {
      score: ASK_SCORE,
      wish: { kind: "ask", key: "terms", question: "When should such invoices be due instead?" },
    };
  const scope = scopeIn(segment, inherited, due.spans);
  const key = `terms${isEverything(scope) ? "" : `:${JSON.stringify(scope.alternatives)}`}`;
  const blocked = scopeQuestion(key, scope, shop) ?? tableRefusal(key, ["terms"], scope);
  if (blocked !== undefined) return { score: ASK_SCORE, wish: blocked };
  const changes = decisions({
    tables: ["terms"],
    scope,
    outcome: due.outcome,
    why: `invoices are due ${due.words}`,
    universal: isUniversal(plain) && isEverything(scope),
  });
  return {
    score: says(plain, CUE) ? 0.9 : 0.75,
    wish: {
      kind: "change",
      key,
      title: `Due ${due.words}${forWhom(scope)}`,
      changes,
      remarks: remarksOnRules(shop, changes),
      scoped: !isEverything(scope),
    },
  };
};

type Due = {
  readonly outcome: Extract<Outcome, { kind: "terms" }>;
  readonly words: string;
  readonly spans: readonly Span[];
};

const NEXT_MONTH_END =
  /\b(?:last day|end|close) of (?:the )?(?:next|following|coming) month\b|\b(?:last day|end|close) of the month (?:following|after)\b|\b(?:next|following) month(?:'s)?[ -]end\b|\bend of month following\b|\bmonth[- ]end following\b/;
const MONTH_END =
  /\b(?:last day|end|close) of (?:the |that |this |same |its |each |every )*(?:invoice |invoicing |current )?month\b|\bmonth[- ]end\b|\beom\b/;
const DAY_OF_NEXT =
  /\b(?:the )?(\d{1,2})(?:st|nd|rd|th) (?:day )?of (?:the )?(?:next|following|coming) month\b|\b(\d{1,2})(?:st|nd|rd|th) (?:day )?of the month (?:following|after)\b/;
const AT_ONCE =
  /\b(?:immediately|straight away|on receipt|at once|same day|on the invoice date|the day (?:it is|they are|they're) invoiced|right away)\b/;
/** Every month has this many days. */
const DAY_OF_MONTH_MAX = 28;

function dueOf(reading: Reading): Due | undefined {
  const [nextDay] = findAll(reading, DAY_OF_NEXT);
  const day = Number(nextDay?.groups[1] ?? nextDay?.groups[2]);
  if (nextDay !== undefined && day >= 1 && day <= DAY_OF_MONTH_MAX)
    return due(day, "endOfMonth", `on day ${day} of the month after the invoice`, [nextDay]);
  const [nextEnd] = findAll(reading, NEXT_MONTH_END);
  const days = daysOf(reading);
  if (nextEnd !== undefined && days === undefined)
    return due(0, "endOfNextMonth", "on the last day of the month after the invoice", [nextEnd]);
  const [monthEnd] = findAll(reading, MONTH_END);
  if (monthEnd !== undefined)
    return days === undefined
      ? due(0, "endOfMonth", "at the end of the month of the invoice", [monthEnd])
      : due(days.days, "endOfMonth", `${days.days} days after the end of the month`, [monthEnd, days]);
  if (days !== undefined)
    return due(days.days, "invoiceDate", `${days.days} days after the invoice date`, [days]);
  const [once] = says(reading, /\bdue\b/) ? findAll(reading, AT_ONCE) : [];
  return once === undefined ? undefined : due(0, "invoiceDate", "on the invoice date", [once]);
}

const due = (
  days: number,
  from: Extract<Outcome, { kind: "terms" }>["from"],
  words: string,
  spans: readonly Span[],
): Due => ({ outcome: { kind: "terms", days, from }, words, spans });

function vagueTerms(reading: Reading) {
  const asks =
    says(reading, /\b(?:longer|more time|payment terms|credit terms|due dates?)\b/) &&
    says(reading, /\b(?:give|gets?|need|want|set|change|longer|extend|should)\b/);
  if (!asks) return undefined;
  const question =
    "How many days after the invoice date should such invoices be due? For example 14 or 30 days, or the end of a month.";
  return { score: ASK_SCORE - 0.1, wish: { kind: "ask" as const, key: "terms", question } };
}
