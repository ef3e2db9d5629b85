/** The phrases by which people call the entries of the shop's lists. */
import { COUNTRIES } from "./countries.ts";
import type { Shop } from "./shop.ts";

export type NameKind =
  | "account"
  | "taxRate"
  | "group"
  | "category"
  | "view"
  | "website"
  | "method"
  | "absentMethod"
  | "taxClass"
  | "attributeSet"
  | "trackingCategory"
  | "trackingOption"
  | "productType"
  | "country"
  | "currency";

/** `value` is what a rule must spell; `of` is the tracking category of an option. */
export type Named = {
  readonly kind: NameKind;
  readonly value: string;
  readonly phrases: readonly string[];
  readonly of?: string;
};

export function namesOf(shop: Shop): Named[] {
  const { accounts, taxRates, tracking, lists } = shop;
  const plain = (kind: NameKind, values: readonly string[]): Named[] =>
    values.map((value) => ({ kind, value, phrases: [value.toLowerCase()] }));
  return [
    ...accounts.map(
      ({ code, name }): Named => ({ kind: "account", value: code, phrases: accountPhrases(name) }),
    ),
    ...taxRates.map(
      ({ taxType, name }): Named => ({
        kind: "taxRate",
        value: taxType,
        phrases: taxPhrases(taxType, name),
      }),
    ),
    ...plain("group", lists.customerGroups),
    ...plain("category", lists.categories),
    ...plain("taxClass", lists.taxClasses),
    ...plain("attributeSet", lists.attributeSets),
    ...lists.storeViews.map(
      ({ code, name }): Named => ({
        kind: "view",
        value: code,
        phrases: [code.toLowerCase(), code.replaceAll("_", " ").toLowerCase(), name.toLowerCase()],
      }),
    ),
    ...plain("website", [...new Set(lists.storeViews.flatMap(({ website }) => website ?? []))]),
    ...[...lists.paymentMethods, ...TENDERS].map(
      (value): Named => ({
        kind: "method",
        value,
        phrases: methodPhrases(value),
      }),
    ),
    ...absentMethods(lists.paymentMethods),
    ...plain(
      "trackingCategory",
      tracking.map(({ name }) => name),
    ),
    ...tracking.flatMap(({ name, options }) =>
      options.map(
        (option): Named => ({
          kind: "trackingOption",
          value: option,
          phrases: [option.toLowerCase()],
          of: name,
        }),
      ),
    ),
    ...PRODUCT_TYPES,
    ...COUNTRIES.map(({ code, phrases }): Named => ({ kind: "country", value: code, phrases })),
    ...CURRENCY_WORDS,
  ];
}

/** "none" is a word before it is a TaxType, and "5%" alone may say which lines are meant as well as what they get. */
const taxPhrases = (taxType: string, name: string): string[] =>
  [taxType, name, name.replace(/\s*\(.*\)/, "")]
    .map((phrase) => phrase.toLowerCase())
    .filter((phrase) => phrase !== "none" && !/^[\d.]+ ?%$/.test(phrase));

const accountPhrases = (name: string): string[] => {
  const lower = name.toLowerCase();
  return [...new Set([lower, lower.replace(/ (?:account|a\/c)$/, "")])];
};

/** What an order may be paid with besides a method: the engine books these by payment rules too. */
export const TENDERS: readonly string[] = ["giftCard", "storeCredit", "rewardPoints"];

/** Payment modules by a part of their code, with what people say. */
const METHOD_WORDS: readonly (readonly [RegExp, readonly string[]])[] = [
  [/paypal/, ["paypal", "pay pal"]],
  [/stripe/, ["stripe"]],
  [/braintree/, ["braintree"]],
  [/adyen/, ["adyen"]],
  [/klarna/, ["klarna"]],
  [/mollie/, ["mollie"]],
  [/amazon/, ["amazon pay"]],
  [/apple/, ["apple pay"]],
  [/google/, ["google pay"]],
  [/worldpay/, ["worldpay"]],
  [/sagepay|opayo/, ["sage pay", "opayo"]],
  [/afterpay|clearpay/, ["afterpay", "clearpay"]],
  [/authorizenet/, ["authorize.net"]],
  [
    /^banktransfer$/,
    [
      "bank transfer",
      "bank-transfer",
      "wire transfer",
      "wire",
      "bacs",
      "eft",
      "direct transfer",
      "bank payment",
    ],
  ],
  [/^checkmo$/, ["cheque", "check / money order", "check or money order", "money order", "check payment"]],
  [/^cashondelivery$/, ["cash on delivery", "cod"]],
  [/^purchaseorder$/, ["purchase order", "po number"]],
  [/^free$/, ["free order", "zero payment"]],
  [/^giftCard$/, ["gift card", "gift voucher", "gift certificate"]],
  [/^storeCredit$/, ["store credit"]],
  [/^rewardPoints$/, ["reward point", "loyalty point"]],
];
const CARD_METHOD = /card|stripe|braintree|adyen|worldpay|sagepay|opayo|authorizenet|payflow|cybersource/;
const CARD_WORDS = ["credit card", "debit card", "card payment", "card money", "card order"];

function methodPhrases(code: string): string[] {
  const words = METHOD_WORDS.flatMap(([pattern, phrases]) => (pattern.test(code) ? phrases : []));
  const cards = CARD_METHOD.test(code) && !/giftCard/.test(code) ? CARD_WORDS : [];
  return [...new Set([code.toLowerCase(), code.replaceAll("_", " ").toLowerCase(), ...words, ...cards])];
}

/** Ways to pay that people name and this shop does not have: they are asked about, never taken for "everything". */
function absentMethods(methods: readonly string[]): Named[] {
  const codes = [...methods, ...TENDERS];
  const taken = new Set(codes.flatMap(methodPhrases));
  const absent = METHOD_WORDS.filter(([pattern]) => !codes.some((code) => pattern.test(code)));
  return absent.map(([, phrases]) => ({
    kind: "absentMethod",
    value: phrases[0] ?? "",
    phrases: phrases.filter((phrase) => !taken.has(phrase)),
  }));
}

/** Magento's own product types; the store's API has no list of them. */
const PRODUCT_TYPES: readonly Named[] = [
  ["downloadable", ["downloadable", "download"]],
  ["virtual", ["virtual product", "virtual item", "product type virtual", "virtual good"]],
  ["bundle", ["bundle", "bundle product"]],
  ["configurable", ["configurable", "configurable product"]],
  ["grouped", ["grouped product"]],
  ["simple", ["simple product", "product type simple"]],
  ["giftcard", ["gift card product", "product type giftcard"]],
].map(([value, phrases]) => ({ kind: "productType", value: value as string, phrases: phrases as string[] }));

const CURRENCY_WORDS: readonly Named[] = [
  ["GBP", ["gbp", "sterling"]],
  ["EUR", ["eur", "euro"]],
  ["USD", ["usd", "us dollar"]],
  ["AUD", ["aud", "australian dollar"]],
  ["NZD", ["nzd", "new zealand dollar"]],
  ["CAD", ["cad", "canadian dollar"]],
  ["CHF", ["chf", "swiss franc"]],
  ["SEK", ["sek", "swedish krona"]],
  ["NOK", ["nok", "norwegian krone"]],
  ["DKK", ["dkk", "danish krone"]],
  ["JPY", ["jpy", "yen"]],
  ["INR", ["inr", "rupee"]],
  ["UGX", ["ugx"]],
].map(([value, phrases]) => ({ kind: "currency", value: value as string, phrases: phrases as string[] }));
