/** What no booking setting can do. Each refusal names the nearest thing that can be done. */
import { type Reading, says } from "../text.ts";
import type { Intent } from "./intent.ts";

type Beyond = {
  readonly key: string;
  readonly isMeant: (reading: Reading) => boolean;
  readonly text: string;
};

const PAST =
  /\b(?:already|existing|posted|past|old|previous|last (?:week|month|quarter|year|two|three)|paid|historic(?:al)?|all (?:the |of the )?(?:invoices|payments|contacts|orders|transactions)|in xero|out of (?:xero|the ledger|the books)|from (?:xero|the ledger|the books))\b/;
const DOCUMENTS =
  /\b(?:invoices?|payments?|credit notes?|contacts?|transactions?|bills?|records?|entries|orders?|documents?)\b/;

const BEYOND: readonly Beyond[] = [
  {
    key: "purchases",
    isMeant: (reading) =>
      says(
        reading,
        /\b(?:suppliers?|vendors?|payroll|wages|salar(?:y|ies)|expenses? claims?|expenses|rent|utility|landlord|contractors?)\b|\bbills?\b(?! to\b)/,
      ) &&
      says(reading, /\b(?:pay|paid|settle|send|transfer|wire|book|post|enter|record|file|raise|create)\b/),
    text: "I only decide how the shop's orders are booked; I cannot pay anyone or book purchases, and no tool here moves money. The nearest I can do: say into which account the shop's incoming payments are booked.",
  },
  {
    key: "moveMoney",
    isMeant: (reading) =>
      says(reading, /^(?:please |could you |can you |pls )*(?:pay|transfer|wire|remit)\b/) &&
      says(
        reading,
        /[£$€]|\b(?:pounds?|euros?|dollars?|quid|from (?:the|our|my) (?:\w+ )?bank|today|tomorrow)\b/,
      ),
    text: "No tool here moves money. The nearest I can do: say into which account the shop's incoming payments are booked.",
  },
  {
    key: "deleteDocuments",
    isMeant: (reading) =>
      says(
        reading,
        /\b(?:delete|wipe|erase|purge|void|get rid of|clear out|remove|cancel|bin|destroy|scrap)\b/,
      ) &&
      says(reading, DOCUMENTS) &&
      says(reading, PAST) &&
      !says(reading, /\b(?:rules?|prefix|numbers?|setting)\b/),
    text: "Nothing that stands in the ledger is ever deleted or edited from here; accounting records stay, and a mapping only decides how future orders are booked. The nearest I can do: show which orders are posted, explain a posted invoice, or hold orders of a kind for review before they are booked.",
  },
  {
    key: "editPosted",
    isMeant: (reading) =>
      says(
        reading,
        /\b(?:correct|change|edit|fix|amend|update|rebook|repost|reissue|recode|alter|move|reclassify|reclass|shift)\b/,
      ) &&
      says(
        reading,
        /\b(?:already (?:posted|booked|sent|in xero|there|exported)|existing invoices|posted invoices|last (?:week|month|quarter|year)(?:'s)?|retroactively|in the past|old invoices)\b/,
      ),
    text: "What is posted is never edited in place. The nearest I can do: propose a rule so that future orders are booked that way, and explain why a posted document is what it is.",
  },
  {
    key: "split",
    isMeant: (reading) =>
      says(
        reading,
        /\bhalf(?: of)?\b|\bsplit\b(?! (?:\w+ ){0,6}out\b)(?! (?:\w+ ){0,6}separate)|\b(?:a third|a quarter|part|portion|percentage|\d+ ?%) of (?:the |all |our )?(?:shipping|sales|revenue|postage|discounts?|payments?)\b/,
      ) && says(reading, /\d{3}|\baccounts?\b/),
    text: "One line goes to one account; an amount is never split between accounts. The nearest I can do: send different products, customers or countries to different accounts.",
  },
  {
    key: "gatewayFees",
    isMeant: (reading) =>
      says(
        reading,
        /\b(?:paypal|stripe|klarna|card|gateway|processing|transaction|merchant|bank|payment provider)(?:'s)? (?:\w+ )?(?:fees?|charges|commissions?)\b/,
      ) && !says(reading, /\b(?:surcharges?|customers? pay)\b/),
    text: "What a payment provider keeps is not part of a shop order, so no rule can book it; it comes with the provider's statement in the bank feed. The nearest I can do: send the payments of that method to its own clearing account.",
  },
  {
    key: "refundMapping",
    isMeant: (reading) =>
      says(reading, /\b(?:refunds?|credit notes?|credit memos?|returns)\b/) &&
      says(reading, /\b(?:book|booked|go|goes|account|post|posted|to|code)\b/) &&
      !says(reading, /\b(?:vat|tax) returns?\b/),
    text: "The mapping has no rule for refunds and credit notes yet. The nearest I can do: decide how the orders themselves are booked, or hold orders of a kind for review.",
  },
  {
    key: "refund",
    isMeant: (reading) =>
      says(reading, /\b(?:refund|reimburse|issue a credit|credit note for|charge ?back)\b/) &&
      says(reading, /\b(?:customer|buyer|order|#|him|her|them)\b/) &&
      !says(reading, /\b(?:account|refunds go|book)\b/),
    text: "Refunds are made in the store; Counterfoil books them afterwards. The nearest I can do: show the order and where its bookkeeping stands.",
  },
  {
    key: "mail",
    isMeant: (reading) =>
      says(reading, /\b(?:e-?mail|mail|message|write to|notify|text|phone|call)\b/) &&
      says(reading, /\b(?:customers?|buyers?|clients?|supplier|accountant|them|him|her)\b/) &&
      !says(reading, /\bcall(?:ed)? (?:it|this|that|the)\b/),
    text: "I cannot write to anyone, and customers are never e-mailed from here. The nearest I can do: show the orders or invoices in question.",
  },
  {
    key: "ledgerSetup",
    isMeant: (reading) =>
      says(
        reading,
        /\b(?:create|add|open|make|set up|rename|archive|delete)\b(?: \w+){0,3} (?:accounts?|nominal|tax rates?|tracking (?:category|categories|option|options)|bank account|chart of accounts)\b(?: (?:in|to|on) xero\b|(?: \w+){0,2} (?:called|named|for us|in xero)\b)/,
      ),
    text: "Accounts, tax rates and tracking options are made in Xero itself. The nearest I can do: use the new one in a rule as soon as it exists there.",
  },
  {
    key: "storeContent",
    isMeant: (reading) =>
      says(
        reading,
        /\b(?:change|raise|lower|update|set|increase|reduce|edit)\b(?: \w+){0,4} (?:selling price|retail price|product price|price of|prices in the (?:shop|store)|stock|inventory|product description in the shop|website content)\b/,
      ),
    text: "I change nothing in the store: no prices, stock or products. The nearest I can do: decide how its orders are booked.",
  },
  {
    key: "taxReturn",
    isMeant: (reading) =>
      says(
        reading,
        /\b(?:file|submit|lodge|send in|prepare|do)\b(?: \w+){0,3} (?:vat return|tax return|bas|gst return|accounts for the year|year end)\b|\bhmrc\b/,
      ),
    text: "I cannot file a return. The nearest I can do: compare both sides, so that the figures behind it agree, and say which tax type orders get.",
  },
  {
    key: "approve",
    isMeant: (reading) =>
      says(
        reading,
        /\b(?:approve|accept|sign off|confirm|publish|activate)\b(?: \w+){0,3} (?:proposals?|changes?|it|this|that|them|mapping|everything|all)\b/,
      ) && !says(reading, /\b(?:invoices?|drafts?|orders?)\b/),
    text: "Only a person can approve, on the approval page or in the terminal. The nearest I can do: give you the link of a proposal.",
  },
];

export const refusalIntent: Intent = ({ reading }) => {
  const beyond = BEYOND.find(({ isMeant }) => isMeant(reading));
  return beyond && { score: 0.89, wish: { kind: "refuse", key: beyond.key, text: beyond.text } };
};
