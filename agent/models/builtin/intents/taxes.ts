/** "Orders to the USA are zero-rated": which tax type lines get. */
import type { TableName } from "../../../../engine/core/mapping.ts";
import { SHIPPING } from "../lexicon.ts";
import { isNegated } from "../mentions.ts";
import { hasLineConditions, isEverything, type Scope } from "../scope.ts";
import type { Segment } from "../segment.ts";
import { type TaxRate, taxLabel } from "../shop.ts";
import { findAll, type Span, says, textAfter, textBefore } from "../text.ts";
import { ASK_SCORE, decisions, forWhom, type Intent, scopeIn, scopeQuestion } from "./intent.ts";

export const taxIntent: Intent = (segment, inherited) => {
  const { shop } = segment;
  const wanted = wantedRates(segment);
  if (wanted === undefined) return undefined;
  const scope = scopeIn(segment, inherited, wanted.spans);
  const tables = tablesOf(segment, scope);
  const key = `${tables[0]}:${JSON.stringify(scope.alternatives)}`;
  const [rate, ...others] = wanted.rates;
  if (rate === undefined || others.length > 0) {
    const list = (wanted.rates.length > 0 ? wanted.rates : shop.taxRates).map(taxLabel).join(", ");
    const question = `Which tax type do you mean${forWhom(scope)}? The ledger has: ${list}.`;
    return { score: ASK_SCORE, wish: { kind: "ask", key, question } };
  }
  const blocked = scopeQuestion(key, scope, shop);
  if (blocked !== undefined) return { score: ASK_SCORE + 0.1, wish: blocked };
  if (isShippingTo(segment) && !hasLineConditions(scope)) {
    const question = `Do you mean the shipping charge only, or the whole order${forWhom(scope)}? Say "whole order" or "shipping charge".`;
    return { score: ASK_SCORE, wish: { kind: "ask", key, question } };
  }
  if (isEverything(scope)) {
    const question = `Which orders or products get tax type ${taxLabel(rate)}? Name a country, a category, a group or a store view.`;
    return { score: ASK_SCORE, wish: { kind: "ask", key, question } };
  }
  const why = `tax type ${taxLabel(rate)}`;
  return {
    score: 0.9,
    wish: {
      kind: "change",
      key,
      title: `Tax type ${rate.taxType}${forWhom(scope)}`,
      changes: decisions({
        tables,
        scope,
        outcome: { kind: "taxType", taxType: rate.taxType },
        why,
        universal: false,
      }),
      remarks: ["An order that was charged another rate in the store is held, not altered."],
      scoped: true,
    },
  };
};

type Wanted = { readonly rates: readonly TaxRate[]; readonly spans: readonly Span[] };

/** By name or TaxType first, then by what bookkeepers call it, then by percentage. `undefined`: the text is not about a rate. */
function wantedRates(segment: Segment): Wanted | undefined {
  const { mentions, shop, plain } = segment;
  const named = mentions.filter(({ kind, negated }) => kind === "taxRate" && !negated);
  if (named.length > 0) {
    const values = new Set(named.map(({ value }) => value));
    // "No VAT, use Zero Rated Income" describes the second with the first.
    const plain = shop.taxRates.filter(
      ({ taxType, name }) => values.has(taxType) && /^no (?:vat|tax|gst)$/i.test(name),
    );
    if (values.size > plain.length) for (const { taxType } of plain) values.delete(taxType);
    return { rates: shop.taxRates.filter(({ taxType }) => values.has(taxType)), spans: named };
  }
  for (const { words, fits } of CALLED) {
    const spans = findAll(plain, words).filter((span) => !isNegated(plain, span));
    if (spans.length > 0) return { rates: shop.taxRates.filter(fits), spans };
  }
  const percents = findAll(plain, /(?<![\w.])(\d{1,2}(?:\.\d{1,2})?)(?:%| percent| per cent)/).filter(
    (span) => !isNegated(plain, span) && isOutcome(segment, span),
  );
  const [percent] = percents;
  if (percent !== undefined && !segment.accounts.targets.length) {
    const value = Number(percent.groups[1]);
    return { rates: shop.taxRates.filter(({ rate }) => Number(rate) === value), spans: percents };
  }
  return says(plain, /\b(?:tax|vat|gst) (?:type|rate|code)\b/) &&
    says(plain, /\b(?:change|different|another|wrong|use|set)\b/)
    ? { rates: [], spans: [] }
    : undefined;
}

/** "taxed at 5%" says which lines; "should be at 5%", "use 5%", "charge 5%" says what they get. */
const isOutcome = ({ plain }: Segment, span: Span): boolean =>
  /(?:^|[,:] |\b(?:be|use|using|to|charge|charged|apply|get|gets|as|at|on|is|are)(?: at| the| a| on)* )$/.test(
    textBefore(plain, span),
  ) && !/^(?:sales|items?|products?|goods|lines?)\b/.test(textAfter(plain, span));

const isZero = ({ rate }: TaxRate): boolean => Number(rate) === 0;
const describes = (rate: TaxRate, pattern: RegExp): boolean =>
  pattern.test(`${rate.taxType} ${rate.name}`.toLowerCase());

/** Rates for goods or services within the EC are never what "zero-rated" alone means; they are chosen by name. */
const SPECIAL = /\bec\b|^ec|services/;

const CALLED: readonly { readonly words: RegExp; readonly fits: (rate: TaxRate) => boolean }[] = [
  {
    words: /\bzero[- ]?rat(?:ed|e|ing)\b|\b(?:at|on) zero\b|\bzero (?:percent|vat|tax|gst)\b|(?<![\d.])0 ?%/,
    fits: (rate) => isZero(rate) && describes(rate, /zero|gst free|free income/) && !describes(rate, SPECIAL),
  },
  { words: /\bexempt(?:ed)?\b/, fits: (rate) => isZero(rate) && describes(rate, /exempt/) },
  {
    words:
      /\b(?:no (?:vat|tax|gst)|outside (?:the scope|of scope)|out of scope|without (?:vat|tax|gst)|not (?:vat|tax)able)\b/,
    fits: (rate) => isZero(rate) && describes(rate, /\bnone\b|no vat|no tax|no gst|basexcluded|outside/),
  },
  { words: /\breduced rate\b/, fits: (rate) => !isZero(rate) && describes(rate, /rroutput|reduced|\b5%/) },
  {
    words: /\bstandard[- ]rate(?:d)?\b/,
    fits: (rate) => !isZero(rate) && describes(rate, /^output2? |standard/),
  },
];

const WHOLE =
  /\b(?:orders?|invoices?|parcels?|everything|whole|entire|lines?|sales|goods|customers?|exports?|packages?|consignments?|deliveries|shipments?)\b/;

/** "Shipping to the US is zero-rated" may be about the charge or about what is shipped. */
const isShippingTo = ({ plain }: Segment): boolean =>
  says(plain, /\b(?:shipping|delivery|postage|freight) (?:to|outside)\b/) &&
  !says(plain, WHOLE) &&
  !says(plain, SHIPPING);

/** Products get their own tax type; a whole order also its shipping and its other charges. */
function tablesOf({ plain }: Segment, scope: Scope): readonly TableName[] {
  if (hasLineConditions(scope)) return ["taxType"];
  return says(plain, SHIPPING) && !says(plain, WHOLE)
    ? ["shippingTaxType"]
    : ["taxType", "shippingTaxType", "feeTaxType"];
}
