/** Invoice number prefix and the text fields that a template fills: reference, descriptions, contact name. */
import { type FieldName, type TemplateFact, templateFaults } from "../../../../engine/core/mapping.ts";
import type { Segment } from "../segment.ts";
import { type Found, findAll, type Reading, readingOf, type Span, says } from "../text.ts";
import { ASK_SCORE, type Intent } from "./intent.ts";

const NUMBERS =
  /\b(?:invoice|their|the|all|our|xero) numbers?\b|\bnumbers? (?:of|on|for) (?:the |our |all )*(?:\w+ )?invoices?\b|\binvoice numbering\b|\bnumber prefix\b|\bprefix(?:ed)? (?:all |the |our |every |each )*(?:\w+ )?invoices?\b/;
const PREFIX =
  /\b(?:in front of|front of|begin(?:s|ning)?|start(?:s|ing)?|prefix(?:ed)?|look(?:s)? like|preceded|before|lead(?:s|ing)?)\b/;
const NO_PREFIX = /\b(?:no|without(?: a| any)?|remove the|drop the|get rid of the) prefix\b/;
const PREFIX_MAX = 10;

export const prefixIntent: Intent = ({ plain, reading }) => {
  if (!says(plain, /\binvoices?\b/) || !says(plain, NUMBERS)) return undefined;
  if (says(plain, NO_PREFIX)) return prefixWish("");
  if (!says(plain, PREFIX)) return undefined;
  const prefix = prefixIn(plain, reading);
  if (prefix === undefined) {
    const question =
      'Which prefix should invoice numbers get? Up to 10 characters without spaces, for example "WEB-".';
    return { score: ASK_SCORE, wish: { kind: "ask", key: "numberPrefix", question, as: 'prefix "%"' } };
  }
  return prefixWish(prefix);
};

const prefixWish = (prefix: string) => ({
  score: 0.95,
  wish: {
    kind: "change" as const,
    key: "numberPrefix",
    title: prefix === "" ? "Invoice numbers without a prefix" : `Invoice numbers start with ${prefix}`,
    changes: [
      {
        op: "setting" as const,
        setting: "numberPrefix" as const,
        value: prefix,
        why: `Invoice numbers are ${prefix === "" ? "" : `"${prefix}" and `}the store's order number`,
      },
    ],
    remarks: [],
    scoped: false,
  },
});

/** In quotes, else a word that ends in a joint (WEB-), else a short word in capitals. */
function prefixIn(plain: Reading, reading: Reading): string | undefined {
  const fits = (raw: string) => raw.length <= PREFIX_MAX && /^[\x21-\x7e]+$/.test(raw);
  const tokens = reading.tokens.filter((_, index) => plain.tokens[index]?.word !== "_account_");
  const quoted = tokens.filter((token) => token.quoted).map(({ raw }) => raw);
  if (quoted.length > 0) return [quoted.join("")].find(fits);
  const jointed = tokens.find(({ raw }) => /[\p{L}\d][-_/#]$/u.test(raw) && fits(raw));
  const capitals = tokens.find(
    ({ raw }) => /^[A-Z][A-Z0-9]{1,7}$/.test(raw) && !/^(?:VAT|UK|US|EU|SKU|ID|PO)$/.test(raw),
  );
  return jointed?.raw ?? capitals?.raw;
}

const FIELDS: readonly { readonly field: FieldName; readonly noun: RegExp; readonly words: string }[] = [
  {
    field: "paymentReference",
    noun: /\b(?:payment|receipt) references?\b|\breferences? (?:of|on|for) (?:the |each |every |our )?payments?\b/,
    words: "payment reference",
  },
  {
    field: "invoiceReference",
    noun: /\b(?:invoice )?references?(?: field| text)?(?: (?:of|on|for) (?:the |each |every |all |our )*(?:\w+ )?invoices?)?\b/,
    words: "invoice reference",
  },
  {
    field: "shippingDescription",
    noun: /\b(?:shipping|delivery|postage|freight) (?:line )?(?:description|text)s?\b/,
    words: "shipping description",
  },
  {
    field: "lineDescription",
    noun: /\b(?:line|item|product|invoice line)(?:'s)? (?:description|text)s?\b|\bdescriptions?(?: (?:of|on) (?:the |each |every |invoice )*(?:lines?|items?))?\b/,
    words: "line description",
  },
  {
    field: "contactName",
    noun: /\bcontact(?:'s)? names?\b|\bnames? of (?:the )?contacts?\b/,
    words: "contact name",
  },
];

export const fieldIntent: Intent = (segment) => {
  const { plain } = segment;
  const hit = FIELDS.map((entry) => ({ ...entry, found: findAll(plain, entry.noun)[0] })).find(
    ({ found }) => found !== undefined,
  );
  if (hit?.found === undefined) return undefined;
  const template = templateIn(segment, hit.found);
  if (template === undefined) {
    if (!says(plain, /\b(?:set|should|change|make|put|want|say|read|show|add|include)\b/)) return undefined;
    const question = `What should the ${hit.words} say? For example: Web order followed by the order number.`;
    return {
      score: ASK_SCORE - 0.1,
      wish: { kind: "ask", key: hit.field, question, as: "to %" },
    };
  }
  return {
    score: 0.93,
    wish: {
      kind: "change",
      key: hit.field,
      title: `${hit.words}: ${template}`.slice(0, 110),
      changes: [
        {
          op: "field",
          field: hit.field,
          template,
          why: `The ${hit.words} is composed as asked: ${template}`,
        },
      ],
      remarks: [],
      scoped: false,
    },
  };
};

/** What people call the facts that a template may hold. */
const FACTS: readonly (readonly [TemplateFact, string])[] = [
  ["customer.number", "(?:customer|contact) numbers?"],
  ["payment.transaction", "transaction (?:id|number|reference|code)s?"],
  [
    "order.number",
    "(?:(?:web|shop|store|magento|customer|sales|original) ){0,3}order (?:numbers?|no|id|ids)|(?:magento|that|order's|its) numbers?|order #",
  ],
  ["customer.company", "company(?: names?)?"],
  ["customer.name", "(?:customer(?:'s)?|buyer(?:'s)?|full) names?|name of the (?:customer|buyer)"],
  ["order.customerGroup", "customer groups?"],
  ["order.storeView", "store views?|name of the store"],
  ["order.coupon", "(?:coupon|voucher)(?: codes?)?"],
  ["order.placedOn", "order dates?|date of the order"],
  ["order.shippingMethod", "(?:shipping|delivery) methods?"],
  ["payment.method", "payment methods?"],
  ["line.sku", "skus?|stock codes?|item codes?|product codes?"],
  ["line.name", "(?:product|item) names?|name of the (?:product|item)"],
  ["line.quantity", "quantit(?:y|ies)"],
];

const SAYS =
  /^(?:to|say|says|saying|read|reads|be|is|are|as|show|shows|contain|contains|hold|holds|carry|with|start with|like|=|:|should|must|please|the|just|have|has|set|put|use|uses|it|could|would|always|field|now|then|also)\b/;
const JOINS = /^(?:followed by|and then|then|plus|and|with|\+|,|before|next to|after that|in front of|-) /;
const ENDS =
  /^(?:please|pls|thanks|cheers|so that|because|when|if|instead|rather|for all|for every|on all|on every|from now|at the|in xero|[.?!;]) /;

/** "Web order followed by the order number" -> "Web order {order.number}". `undefined` when nothing is said that could fill it. */
function templateIn({ reading, plain }: Segment, noun: Found): string | undefined {
  const parts = valueSpans(plain, noun).flatMap((span) => partsIn(reading, span));
  const template = parts
    .join(" ")
    .replace(/([-#/]) \{/g, "$1{")
    .replace(/ ([,.:;])/g, "$1")
    .trim();
  const usable = template !== "" && template.length <= 400 && templateFaults(template).length === 0;
  const says = template.includes("{") || reading.tokens.some(({ quoted }) => quoted);
  return usable && says ? template : undefined;
}

function partsIn(reading: Reading, { from, to }: Span): string[] {
  const parts: string[] = [];
  let index = from;
  while (index < to) {
    const rest = `${readingOf(reading.tokens.slice(index, to)).text} `;
    const token = reading.tokens[index];
    if (token === undefined || (!token.quoted && ENDS.test(rest))) break;
    const joined = token.quoted ? null : JOINS.exec(rest);
    const fact = token.quoted ? undefined : factAt(rest);
    if (fact !== undefined) {
      parts.push(`{${fact.fact}}`);
      index += fact.words;
    } else if (joined !== null) index += wordsIn(joined[0]);
    else {
      parts.push(token.raw);
      index += 1;
    }
  }
  return parts;
}

const wordsIn = (text: string): number => text.trim().split(" ").length;

function factAt(rest: string): { readonly fact: TemplateFact; readonly words: number } | undefined {
  for (const [fact, phrase] of FACTS) {
    const match = new RegExp(`^(?:(?:the|its|their|our|a|each) )?(?:${phrase}) `).exec(rest);
    if (match !== null) return { fact, words: wordsIn(match[0]) };
  }
  return undefined;
}

/** Behind the noun and the words that lead to its value: "reference field on each invoice please say ...". */
function valueSpans(plain: Reading, noun: Span): readonly Span[] {
  const verb = findAll(plain, VALUE_VERB).find(({ from }) => from >= noun.to);
  const front = frontSpans(plain, noun);
  if (verb === undefined || front.length > 0) return front;
  let index = verb.to;
  while (
    index < plain.tokens.length &&
    SAYS.test(plain.tokens[index]?.word ?? "") &&
    !factAt(`${readingOf(plain.tokens.slice(index)).text} `)
  )
    index += 1;
  return [{ from: index, to: plain.tokens.length }];
}

const VALUE_VERB =
  /(?<= )[:=](?= )|\b(?:to|say|says|saying|read|reads|be|as|show|shows|contain|contains|hold|holds|is|with|use|uses)\b/;
const PUT =
  /^(?:\W|please|could|can|would|you|we|i|'d|like|want|to)* ?\b(?:put|use|show|include|write|add|have|want)\b/;

/** "Put the SKU in the line description before the product name": the value stands in front of the noun, more may follow it. */
function frontSpans(plain: Reading, noun: Span): readonly Span[] {
  const place = findAll(plain, /\b(?:in|into|as|to|on|for)\b(?: the| each| every| our| a| invoice)*/).find(
    ({ to }) => to === noun.from,
  );
  const [verb] = findAll(plain, PUT);
  if (place === undefined || verb === undefined || verb.to >= place.from) return [];
  const front = { from: verb.to, to: place.from };
  const rest = { from: noun.to + 1, to: plain.tokens.length };
  const joint = plain.tokens[noun.to]?.word ?? "";
  if (joint === "after") return [rest, front];
  return /^(?:before|followed|and|with|plus)$/.test(joint) ? [front, rest] : [front];
}
