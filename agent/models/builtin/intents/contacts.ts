/** One shared contact for guests (or any others), or a contact of its own for each customer. */
import { isEverything } from "../scope.ts";
import { cover, findAll, type Reading, rawOf, type Span, says, textBefore } from "../text.ts";
import {
  ASK_SCORE,
  decisions,
  forWhom,
  type Intent,
  scopeIn,
  scopeQuestion,
  tableRefusal,
} from "./intent.ts";

const SHARED =
  /\b(?:one|single|shared|common|same|generic|catch-?all|collective|joint|dummy) (?:\w+ ){0,2}(?:contacts?|customers?|cards?|name|record)\b|\blump(?:ed)?\b|\btogether (?:under|on|in)\b|\ball (?:\w+ )?(?:go(?:es)?|come|sit|live|be) (?:\w+ )?(?:under|on)\b|\bunder one\b|\bshare(?:s|d)? (?:a|one) (?:\w+ )?contact\b|\b(?:to|into|on|onto|under|use|using) (?:the |a )?(?:xero )?contact\b|[→>] contact\b/;
const OWN =
  /\b(?:contacts?|cards?) (?:per|for each|for every) (?:\w+ )?(?:customer|shopper|buyer|guest)\b|\b(?:each|every) (?:\w+ ){0,6}(?:own|separate|individual) (?:\w+ )?(?:contact|card)s?\b|\b(?:own|separate|individual) (?:contact|card)s? (?:for|per) (?:each|every)\b/;
const NOT = /(?:\b(?:not|no|never|stop|without)|n't)(?: \w+){0,6} $/;
const CONTACT = /\b(?:contacts?|cards?|customer record|customers?|guests?)\b/;

export const contactIntent: Intent = (segment, inherited) => {
  const { reading, plain, shop } = segment;
  const each = findAll(plain, OWN);
  const own = each.some((span) => !NOT.test(textBefore(plain, span)));
  const shared = !own && (each.length > 0 || says(plain, SHARED)) && says(plain, CONTACT);
  if (!own && !shared) return undefined;
  const name = shared ? nameIn(reading) : undefined;
  const covered = name === undefined ? segment : { ...segment, plain: cover(plain, [name], "_name_") };
  const scope = scopeIn(covered, inherited, name === undefined ? [] : [name]);
  const key = `contact${isEverything(scope) ? "" : `:${JSON.stringify(scope.alternatives)}`}`;
  const blocked = scopeQuestion(key, scope, shop) ?? tableRefusal(key, ["contact"], scope);
  if (blocked !== undefined) return { score: ASK_SCORE, wish: blocked };
  if (shared && name === undefined) {
    const question = `What should the shared contact${forWhom(scope)} be called? For example "Web customers".`;
    return { score: ASK_SCORE, wish: { kind: "ask", key, question, as: 'called "%"' } };
  }
  const called = name === undefined ? "" : rawOf(reading, name);
  const why = own
    ? "each customer gets a contact of their own"
    : `invoices are made out to the shared contact "${called}"`;
  return {
    score: 0.92,
    wish: {
      kind: "change",
      key,
      title: own
        ? `A contact for each customer${forWhom(scope)}`
        : `One contact "${called}"${forWhom(scope)}`,
      changes: decisions({
        tables: ["contact"],
        scope,
        outcome: own ? { kind: "perCustomer" } : { kind: "sharedContact", name: called },
        why,
        universal: false,
      }),
      remarks: [],
      scoped: !isEverything(scope),
    },
  };
};

const NAME_CUE =
  /\b(?:called|named|name (?:it|this|that|them)|call (?:it|this|that|them)|under the name(?: of)?|by the name(?: of)?|titled|labelled)\b(?: as| of)?/;
const NAME_PLACE =
  /\b(?:under|on|onto|to|as|use|using|contact)\b(?: [,:])?(?: (?:the|a|an|one|contact|shared|single|customer|in|xero))*/;
const NAME_STOP =
  /^(?:please|pls|thanks|thank|cheers|and|or|so|instead|in|for|when|if|rather|from|with|that|which|ta|[.,;:!?()])$/;
const NAME_WORDS_MAX = 5;

/** The quoted name, else the words after "called", else the capitalised words after "under". */
function nameIn(reading: Reading): Span | undefined {
  const from = reading.tokens.findIndex(({ quoted }) => quoted);
  if (from >= 0) {
    const end = reading.tokens.findIndex(({ quoted }, index) => index > from && !quoted);
    return { from, to: end < 0 ? reading.tokens.length : end };
  }
  const cue = findAll(reading, NAME_CUE)[0];
  if (cue !== undefined) return run(reading, cue.to, false);
  for (const place of findAll(reading, NAME_PLACE)) {
    // "contact Web sales": a name that begins with a capital right behind the noun goes on to the end of the phrase.
    const isNoun = /^contact/.test(place.groups[0] ?? "") || / contact$/.test(place.groups[0] ?? "");
    const span = run(reading, place.to, true);
    if (span !== undefined) return isNoun ? run(reading, place.to, false) : span;
  }
  return undefined;
}

function run({ tokens }: Reading, from: number, capitals: boolean): Span | undefined {
  let to = from;
  for (const { raw, word } of tokens.slice(from, from + NAME_WORDS_MAX)) {
    if (NAME_STOP.test(word) || (capitals && !/^\p{Lu}/u.test(raw))) break;
    to += 1;
  }
  return to > from ? { from, to } : undefined;
}
