// The product's own words for codes, and figures as the server sent them: grouped, never computed.

/** "1204.00" and "GBP" to "GBP 1,204.00", without ever making a number of it. */
export function amount(text, currency) {
  if (text === null) return "–";
  const [whole, fraction] = text.split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  const figure = fraction === undefined ? grouped : `${grouped}.${fraction}`;
  return currency === null ? figure : `${currency} ${figure}`;
}

export const count = (number) => number.toLocaleString("en");

const DATE_TIME = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
export const when = (instant) => (instant === null ? "–" : DATE_TIME.format(new Date(instant)));

export function seconds(number) {
  if (number === null) return "nothing waits";
  if (number < 90) return `oldest ${Math.round(number)} s`;
  if (number < 5_400) return `oldest ${Math.round(number / 60)} min`;
  return `oldest ${Math.round(number / 3_600)} h`;
}

/** Record and document states: a sign, a word and how it is coloured. The sign never stands alone. */
const STATES = {
  received: ["○", "Not posted", "quiet"],
  queued: ["◷", "Queued", "busy"],
  delivering: ["↑", "Being sent", "busy"],
  delivered: ["✓", "Posted", "good"],
  posted: ["✓", "Posted", "good"],
  reconciled: ["✓", "Agrees", "good"],
  uncertain: ["?", "Being looked up", "look"],
  held: ["❚❚", "Held", "look"],
  failed: ["✕", "Failed", "bad"],
  drifted: ["≠", "Differs", "bad"],
  skipped: ["–", "Skipped", "quiet"],
  cancelled: ["–", "Cancelled", "quiet"],
  reversed: ["↩", "Reversed", "quiet"],
};
export const stateWords = (state) => STATES[state] ?? ["", state, "quiet"];

const HOLDS = {
  notAnOrder: "Not an order",
  fieldMissing: "A field is missing",
  fieldInvalid: "A field cannot be read",
  itemsMissing: "No items",
  negativeTotal: "Negative total",
  negativeLine: "Negative line",
  unmappedTotal: "A total without a place",
  totalsDiffer: "Totals differ",
  noRule: "No rule fits",
  ruleHolds: "A rule holds it",
  factUnknown: "The catalogue lacks a product",
  taxRateUnknown: "Tax rate not in the ledger",
  taxRateDiffers: "Tax rate differs",
  taxDiffersFromRate: "Tax does not fit its rate",
  accountUnknown: "Account does not exist",
  accountNotUsable: "Account cannot be used",
  taxTypeUnknown: "Tax type does not exist",
  taxTypeNotUsable: "Tax type cannot be used",
  trackingUnknown: "Tracking option does not exist",
  currencyNotAllowed: "Currency not in the mapping",
  currencyNotSubscribed: "Currency not in the ledger",
  currencyRateMissing: "No exchange rate",
  periodLocked: "Period is locked",
  beforeCutOver: "Before the start date",
  orderCancelled: "Cancelled in the store",
  partlyCancelled: "Cancelled in part",
  refunded: "Refunded in the store",
  overRefund: "More given back than was sold or paid",
  currencyDiffers: "Refund in another currency than its invoice",
  paidMoreThanTotal: "Paid more than its total",
  paymentWithdrawn: "Payment taken back in the store",
  paidOutside: "Paid by hand in the ledger",
  vatIdInvalid: "VAT number is not valid",
  draftWithPayment: "Draft with a payment",
  textTooLong: "A text is too long",
  tooManyLines: "Too many lines",
  nothingToPost: "Nothing to post",
  noMapping: "No mapping yet",
  numberTaken: "Number already in the ledger",
  contactNameTaken: "Contact name already taken",
  inDaySummary: "Waits for the day's summary",
  contactArchived: "Contact is archived",
  stockShort: "Too little stock in the ledger",
  duplicateOrder: "Looks like an order sent twice",
  dateFarOff: "Date is far off",
  currencySurprise: "Currency never seen before",
  taxAbroad: "Taxed although it goes abroad",
  unusualTotal: "Unusually large",
  lineRefused: "A line the ledger would refuse",
  documentRefused: "A document the ledger would refuse",
  refusedByLedger: "Refused by the ledger",
};
export const holdWords = (hold) => HOLDS[hold] ?? spaced(hold);

/** "/LineItems/1/AccountCode" is "line 2, account code"; "payment-1" is "payment 1". Places count from 1. */
export const fieldWords = (field) =>
  field
    .split("/")
    .filter((part) => part !== "")
    .map(spaced)
    .join(", ")
    .replace(/, (\d+)/g, (_, place) => ` ${Number(place) + 1}`)
    .replace(/^line items /, "line ");

const spaced = (name) =>
  name
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .replaceAll("-", " ")
    .toLowerCase();
