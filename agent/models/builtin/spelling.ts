/** Slips of the keyboard: a word that is nearly one of the trade's or the shop's words is read as that word. */
import { editDistance } from "./similarity.ts";

const LENGTH_MIN = 6;
const LENGTH_FOR_TWO_SLIPS = 9;

/** The trade's words that patterns look for. */
const TRADE = `account accounts accounting approve approved approving authorise authorised bookings booked carriage category
categories channel clearing complete contact contacts country countries coupon coupons courier currency customer customers
delivery deliveries discount discounts discounted downloadable draft drafts exclusive exempt export exports freight
guest guests inclusive international invoice invoices invoiced method methods number numbers option options orders
outstanding overseas payment payments postage prefix product products purchase receipt receipts reference references
refund refunds retailer revenue review rounding separate separately shipping shipped statement status supplier suppliers
surcharge surcharges tracking tracked unpaid virtual voucher vouchers website wholesale zero-rated exchange transfer
transfers transaction description descriptions`;

/** Everyday words that lie within one slip of a trade word and are meant as they stand. */
const EVERYDAY = `change changes changed changing charge charges charged orders ordered border borders counted country county
counter recount listing lasting section sections posting posted costing mention mentions products produce product
review preview reviews contact contract contracts content statement settlement stated states status option action
actions motion adoption number numbers member members methods refund received receive receives receipt require
required before between because should through another against without instead rather please thanks always already
placed places quests guess guessed exempt except accept accepted tracking trading trucking shipped slipped shopping
stripped clearing cleaning hearing earing booking looking cooking double doubled single figure figures invoiced voiced
customs custom costumes drafted drafting supplied supplies supply supplier courier carrier transfer transferred`;

const words = (list: string): Set<string> => new Set(list.split(/\s+/).filter((word) => word !== ""));
const TRADE_WORDS = words(TRADE);
const EVERYDAY_WORDS = words(EVERYDAY);

export const isTradeWord = (word: string): boolean => TRADE_WORDS.has(word) || EVERYDAY_WORDS.has(word);

/** Corrects towards trade words and `names`, the words of the shop's own lists. Short words and codes stay as they are. */
export function speller(names: Iterable<string>): (word: string) => string {
  const nameWords = new Set(
    [...names].flatMap((name) =>
      name
        .toLowerCase()
        .split(/[^\p{L}]+/u)
        .filter((word) => word.length >= LENGTH_MIN),
    ),
  );
  const targets = [...nameWords, ...TRADE_WORDS].filter((word) => word.length >= LENGTH_MIN);
  return (word) => {
    if (word.length < LENGTH_MIN || !/^[\p{L}-]+$/u.test(word) || word.endsWith("-")) return word;
    if (EVERYDAY_WORDS.has(word) || TRADE_WORDS.has(word) || nameWords.has(word)) return word;
    const max = word.length >= LENGTH_FOR_TWO_SLIPS ? 2 : 1;
    const near = targets
      .filter((target) => target[0] === word[0])
      .map((target) => ({ target, slips: editDistance(word, target, max) }))
      .filter(({ slips }) => slips <= max)
      .toSorted((a, b) => a.slips - b.slips);
    return near[0]?.target ?? word;
  };
}
