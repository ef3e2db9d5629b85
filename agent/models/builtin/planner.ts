/**
 * A request -> wishes. Each part of a sentence is shown to every intent; the surest reading of a part wins, and the request is
 * cut where two parts are two whole wishes. Nothing is guessed: what is missing or has two readings becomes one question.
 */
import type { Edit } from "../../../engine/core/edits.ts";
import { editsFor, type Wish } from "./change.ts";
import { accountIntent } from "./intents/accounts.ts";
import { contactIntent } from "./intents/contacts.ts";
import { discountIntent } from "./intents/discounts.ts";
import { fieldIntent, prefixIntent } from "./intents/fields.ts";
import { holdIntent } from "./intents/holds.ts";
import type { Candidate, Intent } from "./intents/intent.ts";
import { unpaidIntent } from "./intents/payments.ts";
import { refusalIntent } from "./intents/refusals.ts";
import { removeIntent } from "./intents/removals.ts";
import {
  currencyIntent,
  cutOverIntent,
  exchangeIntent,
  roundingIntent,
  taxModeIntent,
  triggerIntent,
} from "./intents/settings.ts";
import { statusIntent } from "./intents/status.ts";
import { taxIntent } from "./intents/taxes.ts";
import { termsIntent } from "./intents/terms.ts";
import { trackingIntent } from "./intents/tracking.ts";
import { leftovers } from "./leftovers.ts";
import { UNCHANGED } from "./lexicon.ts";
import { indexOf, type NameIndex } from "./mentions.ts";
import { namesOf } from "./names.ts";
import { EVERYTHING, type Scope, scopeOf } from "./scope.ts";
import { type Segment, segmentOf } from "./segment.ts";
import { namesOfShop, type Shop } from "./shop.ts";
import { speller } from "./spelling.ts";
import { findAll, type Reading, read, readingOf, type Span, slice } from "./text.ts";

/** Of equal score, the earlier is the more specific. */
const INTENTS: readonly Intent[] = [
  removeIntent,
  prefixIntent,
  trackingIntent,
  discountIntent,
  fieldIntent,
  statusIntent,
  contactIntent,
  taxIntent,
  termsIntent,
  taxModeIntent,
  refusalIntent,
  holdIntent,
  unpaidIntent,
  accountIntent,
  roundingIntent,
  exchangeIntent,
  cutOverIntent,
  currencyIntent,
  triggerIntent,
];

export type Plan =
  | {
      readonly kind: "edits";
      readonly title: string;
      readonly edits: readonly Edit[];
      readonly remarks: readonly string[];
    }
  /** it is so already */
  | { readonly kind: "nothing"; readonly titles: readonly string[] }
  | { readonly kind: "ask"; readonly question: string; readonly answered: (answer: string) => string }
  | { readonly kind: "refuse"; readonly text: string }
  | { readonly kind: "unclear"; readonly topics: readonly string[] };

const TITLE_MAX = 120;

export function planRequest(request: string, shop: Shop): Plan {
  const whole = read(request, speller(namesOfShop(shop)));
  const wishes = wishesOf({ whole, shop, index: indexOf(namesOf(shop)) });
  const refusal = wishes.find((wish) => wish.kind === "refuse");
  if (refusal !== undefined) return { kind: "refuse", text: refusal.text };
  const question = wishes.find((wish) => wish.kind === "ask");
  if (question !== undefined)
    return {
      kind: "ask",
      question: question.question,
      answered: (answer) => joined(whole, question, answer),
    };
  const changes = wishes.filter((wish) => wish.kind === "change");
  if (changes.length === 0) return { kind: "unclear", topics: [] };
  const edits = editsFor(
    shop.spec,
    changes.flatMap((wish) => wish.changes),
  );
  const titles = changes.map(({ title }) => title);
  if (edits.length === 0) return { kind: "nothing", titles };
  return {
    kind: "edits",
    title: capped(titles.join("; ")),
    edits,
    remarks: [...new Set(changes.flatMap(({ remarks }) => remarks))],
  };
}

const capped = (title: string): string => {
  const text = title.charAt(0).toUpperCase() + title.slice(1);
  return text.length <= TITLE_MAX ? text : `${text.slice(0, TITLE_MAX - 1)}…`;
};

const YES = /^\s*(?:yes|yep|yeah|sure|right|correct|exactly|ok|okay|please do|all of them)\b/i;

/** The request with its open point answered, to be planned afresh. */
function joined(whole: Reading, wish: Extract<Wish, { kind: "ask" }>, answer: string): string {
  const spoken = (tokens: Reading["tokens"]) =>
    tokens
      .map(({ raw, quoted }) => (quoted ? `"${raw}"` : raw))
      .join(" ")
      .replaceAll('" "', " ");
  if (wish.drop !== undefined) {
    const { from, to } = wish.drop;
    return `${spoken(whole.tokens.slice(0, from))} ${answer} ${spoken(whole.tokens.slice(to))}`;
  }
  const said =
    wish.yes !== undefined && YES.test(answer)
      ? wish.yes
      : (wish.as ?? "%").replace("%", answer.replaceAll('"', ""));
  return `${spoken(whole.tokens)} , ${said}`;
}

/** Where a request may be cut: between sentences and at "and". */
const CUT = /[.!?;](?= |$)|(?:, )?\b(?:and also|and|also|as well as|plus)\b(?! then\b)|, /g;
const PARTS_MAX = 14;
/** What a cut costs, so that a sentence stays whole unless both sides are wishes of their own. */
const CUT_COST = 0.3;

/** What it costs to leave a part without a reading that names an account or somebody: "... outside the UK and EU". */
const LOSS = 0.5;

const WEIGHTY = new Set<string>([
  "country",
  "group",
  "category",
  "view",
  "method",
  "currency",
  "taxRate",
  "trackingOption",
]);

function saysSomething({ whole, shop, index }: Given, span: Span): boolean {
  const { accounts, mentions, plain } = segmentOf(whole, span, shop, index);
  const names = mentions.some(({ kind }) => WEIGHTY.has(kind)) || accounts.targets.length > 0;
  return names || /\beu\b/.test(plain.text);
}

type Piece = Span & { readonly candidate: Candidate | undefined };
type Cutting = { readonly score: number; readonly pieces: readonly Piece[] };
/** What a request is planned with. */
type Given = { readonly whole: Reading; readonly shop: Shop; readonly index: NameIndex };

export function wishesOf(given: Given): Wish[] {
  const bounds = boundsOf(given.whole);
  const evaluated = new Map<string, Candidate | undefined>();
  const evaluate = (span: Span, before: readonly Piece[]): Candidate | undefined => {
    const head = headOf(before.at(-1)?.candidate?.wish);
    const key = `${span.from}-${span.to}-${head}`;
    if (!evaluated.has(key))
      evaluated.set(
        key,
        bestOf(given, span, EVERYTHING) ?? (head === "" ? undefined : elliptic(given, span, head)),
      );
    return evaluated.get(key);
  };
  const best: Cutting[] = [{ score: 0, pieces: [] }];
  for (let end = 1; end < bounds.length; end += 1) {
    const options = Array.from({ length: end }, (_, start): Cutting => {
      const span = { from: bounds[start] ?? 0, to: bounds[end] ?? 0 };
      const before = best[start] ?? { score: 0, pieces: [] };
      const candidate = evaluate(span, before.pieces);
      const cost =
        (start === 0 ? 0 : CUT_COST) + (candidate === undefined && saysSomething(given, span) ? LOSS : 0);
      return {
        score: before.score + gain(candidate, before.pieces) - cost,
        pieces: [...before.pieces, { ...span, candidate }],
      };
    });
    best.push(options.reduce((a, b) => (b.score > a.score + 1e-9 ? b : a)));
  }
  return settled(given, best.at(-1)?.pieces ?? []);
}

const HEADS: Readonly<Partial<Record<string, string>>> = {
  revenueAccount: "sales",
  shippingAccount: "shipping charges",
  feeAccount: "fees",
  payment: "payments",
  terms: "invoices due",
  taxType: "tax type",
};

const headOf = (wish: Wish | undefined): string =>
  wish?.kind === "change" ? (wish.head ?? HEADS[wish.key.split(":")[0] ?? ""] ?? "") : "";

/** "... and Marketplace for eu_en": a part that is a wish only with what the part before it was about. */
function elliptic(given: Given, span: Span, head: string): Candidate | undefined {
  const whole = readingOf([...read(head).tokens, ...slice(given.whole, span).tokens]);
  const candidate = bestOf({ ...given, whole }, { from: 0, to: whole.tokens.length }, EVERYTHING);
  return candidate?.wish.kind === "change" && candidate.wish.scoped ? candidate : undefined;
}

/** A part that decides again what an earlier part decides is no wish of its own, so a cut in front of it is wrong. */
function gain(candidate: Candidate | undefined, before: readonly Piece[]): number {
  if (candidate === undefined) return 0;
  const wish = candidate.wish;
  const repeats = before.some(
    (piece) => piece.candidate !== undefined && sayTheSame(piece.candidate.wish, wish),
  );
  return repeats ? -1 : candidate.score;
}

function sayTheSame(a: Wish, b: Wish): boolean {
  if (a.key === b.key) return true;
  if (a.key.split(":")[0] !== b.key.split(":")[0]) return false;
  if (a.kind !== "change" || b.kind !== "change") return true;
  return (!a.scoped || !b.scoped) && outcomesOf(a) === outcomesOf(b);
}

const outcomesOf = ({ changes }: Extract<Wish, { kind: "change" }>): string =>
  JSON.stringify(changes.map((change) => ("outcome" in change ? change.outcome : change.op)));

function boundsOf(whole: Reading): number[] {
  const cuts = findAll(whole, CUT).map(({ from, to }) => ({
    at: isPunctuation(whole, from) ? to : from,
    isSentence: /^[.!?;]$/.test(whole.tokens[from]?.word ?? ""),
  }));
  const inner = cuts.filter(
    ({ at }, index) =>
      at > 0 &&
      at < whole.tokens.length &&
      !(whole.tokens[at]?.quoted && whole.tokens[at - 1]?.quoted) &&
      cuts.findIndex((cut) => cut.at === at) === index,
  );
  // In a long letter the ends of sentences matter more than its commas.
  const kept = inner.toSorted((a, b) => Number(b.isSentence) - Number(a.isSentence)).slice(0, PARTS_MAX);
  return [0, ...kept.map(({ at }) => at), whole.tokens.length].toSorted((a, b) => a - b);
}

const isPunctuation = ({ tokens }: Reading, at: number): boolean => /^[.!?;,]$/.test(tokens[at]?.word ?? "");

/** The wishes of the pieces; "for Wholesale: this, and that" lends its scope to the pieces that have none of their own. */
function settled(given: Given, pieces: readonly Piece[]): Wish[] {
  let inherited: Scope = EVERYTHING;
  return pieces.flatMap((piece) => {
    const candidate =
      inherited === EVERYTHING ? piece.candidate : (bestOf(given, piece, inherited) ?? piece.candidate);
    const segment = segmentOf(given.whole, piece, given.shop, given.index);
    if (/^(?:for|when|whenever|if|where) /.test(segment.reading.text)) inherited = scopeOf(segment);
    if (candidate === undefined) return [];
    return [withLeftovers(candidate.wish, segment)];
  });
}

/** A figure or an account that no change of the wish has used is named, so that half a request is never lost in silence. */
function withLeftovers(wish: Wish, segment: Segment): Wish {
  if (wish.kind !== "change") return wish;
  const unused = leftovers(segment, wish.changes);
  if (unused.length === 0) return wish;
  const remark = `I did not use this part of the request: ${unused.join(", ")}. If it is a wish of its own, say it in a sentence of its own.`;
  return { ...wish, remarks: [...wish.remarks, remark] };
}

function bestOf(given: Given, span: Span, inherited: Scope): Candidate | undefined {
  const reading = slice(given.whole, span);
  const unchanged = findAll(reading, UNCHANGED);
  // "everything else stays as it is" is no wish, and its "everything" makes no other wish universal.
  const tail =
    unchanged.length === 0 ? 0 : reading.tokens.length - Math.min(...unchanged.map(({ from }) => from));
  const segment = segmentOf(given.whole, { from: span.from, to: span.to - tail }, given.shop, given.index);
  const candidates = INTENTS.flatMap((intent) => intent(segment, inherited) ?? []);
  return candidates.reduce<Candidate | undefined>(
    (best, candidate) => (best === undefined || candidate.score > best.score ? candidate : best),
    undefined,
  );
}
