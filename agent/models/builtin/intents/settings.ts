/** Settings of the whole mapping: tax inclusive or exclusive, when orders are posted, cut-over date, currencies, rounding. */
import type { SettingName } from "../../../../engine/core/mapping.ts";
import { accountSlot, nearestAccounts } from "../accounts.ts";
import { DISCOUNT } from "../lexicon.ts";
import { dateOf } from "../quantities.ts";
import type { Segment } from "../segment.ts";
import { accountLabel } from "../shop.ts";
import { findAll, type Reading, type Span, says, textBefore } from "../text.ts";
import { ASK_SCORE, type Candidate, type Intent } from "./intent.ts";

type Setting = {
  readonly setting: SettingName;
  readonly value: string | null;
  readonly title: string;
  readonly score?: number;
  readonly remark?: string;
};

const set = ({ setting, value, title, score = 0.9, remark }: Setting): Candidate => ({
  score,
  wish: {
    kind: "change",
    key: setting,
    title,
    changes: [{ op: "setting", setting, value, why: title }],
    remarks: remark === undefined ? [] : [remark],
    scoped: false,
  },
});

const TAXES = "(?:vat|tax|gst|sales tax)";
const EXCLUSIVE = new RegExp(
  `\\b${TAXES}[- ]?(?:exclusive|excluded)\\b|\\bexclusive of ${TAXES}|\\bex(?:cl(?:uding|\\.)?|\\.)?(?: \\.)? ?${TAXES}\\b|\\bnet (?:prices?|amounts?|figures?|line|lines|of ${TAXES})\\b|\\b${TAXES} (?:\\w+ ){0,2}(?:on top|at the bottom|separately|at the end)\\b|\\b(?:without|before) ${TAXES}\\b|\\bplus ${TAXES}\\b`,
);
const INCLUSIVE = new RegExp(
  `\\b${TAXES}[- ]?(?:inclusive|included)\\b|\\binclusive of ${TAXES}|\\binc(?:l(?:uding|\\.)?|\\.)?(?: \\.)? ?${TAXES}\\b|\\bgross (?:prices?|amounts?|figures?|lines?)\\b|\\b(?:already )?inclu(?:de|des|ding) (?:it|${TAXES})\\b`,
);
const AWAY = /\b(?:instead of|rather than|not|n't|no longer|never|stop)(?: \w+){0,5} $/;
const PRICES = /\b(?:amounts?|prices?|lines?|figures?|invoices?|totals?|values?)\b/;

const SWITCH =
  /\b(?:switch|change|go|move|use|make it)(?: \w+){0,3} (?:tax|vat|gst)[- ](?:exclusive|inclusive)\b/;

export const taxModeIntent: Intent = ({ plain }) => {
  if (!(says(plain, PRICES) || says(plain, SWITCH)) || says(plain, DISCOUNT)) return undefined;
  const meant = (pattern: RegExp) => findAll(plain, pattern).some((span) => !isAway(plain, span));
  const named = (pattern: RegExp) => says(plain, pattern);
  const exclusive = meant(EXCLUSIVE) || (named(INCLUSIVE) && !meant(INCLUSIVE));
  const inclusive = meant(INCLUSIVE) || (named(EXCLUSIVE) && !meant(EXCLUSIVE));
  if (exclusive === inclusive) return undefined;
  return exclusive
    ? set({
        setting: "lineAmountTypes",
        value: "Exclusive",
        title: "Line amounts without tax, the tax on top",
      })
    : set({ setting: "lineAmountTypes", value: "Inclusive", title: "Line amounts with the tax inside" });
};

const isAway = (reading: Reading, span: Span): boolean => AWAY.test(textBefore(reading, span));

const POSTING =
  /\b(?:send|sent|post|posted|sync|synced|book|booked|export|exported|push|pushed|raise|raised|create|created|come|go|bring|brought|import|imported|transfer|transferred)\b/;
const WHEN = /\b(?:when|once|after|until|till|only|as soon as|before|the moment|unless)\b/;
const TRIGGERS: readonly (readonly [string, RegExp, string])[] = [
  [
    "complete",
    /\b(?:complete[d]?|shipped|dispatched|despatched|fulfilled|delivered)\b/,
    "when they are complete",
  ],
  [
    "paid",
    /\b(?:paid|captured|payment (?:is|has been|was|comes|arrives)|money (?:is|has|comes))\b/,
    "when they are paid",
  ],
  [
    "placed",
    /\b(?:placed|as soon as they come in|straight away|immediately|at once|right away)\b/,
    "when they are placed",
  ],
];

export const triggerIntent: Intent = ({ plain, mentions }) => {
  if (!says(plain, POSTING) || !says(plain, WHEN) || !says(plain, /\borders?\b/)) return undefined;
  if (mentions.some(({ kind }) => kind === "method" || kind === "group")) return undefined;
  const hit = TRIGGERS.find(([, pattern]) => says(plain, pattern));
  if (hit === undefined) return undefined;
  return set({ setting: "trigger", value: hit[0], title: `Orders are posted ${hit[2]}`, score: 0.72 });
};

const CUT_OVER =
  /\b(?:ignore|skip|leave out|leave|exclude|don't|not|cut[- ]?over|go live|start|starting|begin|only|before|older|earlier|prior|onwards|from)\b/;

export const cutOverIntent: Intent = ({ plain }) => {
  const date = dateOf(plain);
  if (
    date === undefined ||
    !says(plain, CUT_OVER) ||
    !says(plain, /\b(?:orders?|cut[- ]?over|go live|everything|anything)\b/)
  )
    return undefined;
  return set({
    setting: "cutOverDate",
    value: date.date,
    title: `Orders placed before ${date.date} are not posted`,
    score: 0.8,
  });
};

export const currencyIntent: Intent = ({ plain, mentions, shop }) => {
  const currency = mentions.find(({ kind }) => kind === "currency")?.value;
  const adds = says(
    plain,
    /\b(?:accept|allow|support|also (?:sell|take)|add|enable|start (?:selling|taking))\b/,
  );
  const drops = says(
    plain,
    /\b(?:stop|no longer|refuse|don't|disallow|remove)(?: \w+){0,3} (?:accept|accepting|allow|allowing|sell|selling|take|taking|orders in|currency|gbp|eur|usd|euros?|dollars?)\b/,
  );
  if (currency === undefined || (!adds && !drops) || says(plain, /\d/)) return undefined;
  const now = shop.spec.settings.currencies;
  if (!drops && !shop.lists.organisation.currencies.includes(currency)) {
    const have = shop.lists.organisation.currencies.join(", ");
    return {
      score: 0.7,
      wish: {
        kind: "refuse",
        key: "currencies",
        text: `The Xero organisation is not subscribed to ${currency}; it has ${have}. Add the currency in Xero first, then I can allow it.`,
      },
    };
  }
  const value = drops ? now.filter((one) => one !== currency) : [...new Set([...now, currency])];
  if (value.length === 0) return undefined;
  const title = drops ? `Orders in ${currency} are no longer posted` : `Orders in ${currency} are posted too`;
  return set({ setting: "currencies", value: value.join(","), title, score: 0.75 });
};

export const roundingIntent: Intent = (segment) => {
  if (!says(segment.plain, /\brounding\b/)) return undefined;
  return roundingLimit(segment) ?? roundingAccount(segment);
};

function roundingLimit({ plain }: Segment): Candidate | undefined {
  const [found] = findAll(plain, /(?:£|\$|€)?\b(\d+(?:\.\d{1,2})?) ?(p|pence|cents?|c)?\b/);
  const pence = found?.groups[2] !== undefined;
  const amount = found?.groups[1];
  const limits = says(plain, /\b(?:limit|up to|at most|maximum|max|no more than|allow|tolerance)\b/);
  if (amount === undefined || !limits) return undefined;
  const value = pence ? `0.${amount.padStart(2, "0")}` : amount;
  if (pence && amount.length > 2) return undefined;
  return set({ setting: "roundingLimit", value, title: `A rounding line may take up to ${value}` });
}

function roundingAccount({ reading, accounts, shop }: Segment): Candidate | undefined {
  const slot = accountSlot(reading, accounts, shop, "line");
  if (slot.kind === "found")
    return set({
      setting: "roundingAccount",
      value: slot.account.code,
      title: `Rounding differences to account ${accountLabel(slot.account)}`,
    });
  if (slot.kind === "missing") return undefined;
  const near = nearestAccounts(shop, "line", /rounding/, "")
    .map(accountLabel)
    .join(", ");
  const question = `Which account should rounding differences go to? The nearest are: ${near}.`;
  return { score: ASK_SCORE, wish: { kind: "ask", key: "roundingAccount", question } };
}

export const exchangeIntent: Intent = ({ plain }) => {
  if (!says(plain, /\b(?:exchange|conversion|currency) rates?\b/)) return undefined;
  if (
    says(plain, /\b(?:store|shop|magento|website)(?:'s)?\b/) &&
    !says(plain, /\bnot (?:the )?(?:store|shop|magento)/)
  )
    return set({ setting: "rateFrom", value: "store", title: "Exchange rates come from the store" });
  if (says(plain, /\bxero(?:'s)?\b/))
    return set({ setting: "rateFrom", value: "xero", title: "Exchange rates come from Xero" });
  return undefined;
};
