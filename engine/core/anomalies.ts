/**
 * Is this order unusual? Asked before anything is posted. Hard rules first, then one robust test of the total against the
 * store's own history: the median and the median absolute deviation, which a few odd orders cannot move. Each answer is one
 * hold with its sentence; a person accepts the order once, or a rule of acceptOrder accepts its kind.
 */
import { decide } from "./decide.ts";
import type { Held, Hold } from "./hold.ts";
import type { MappingSpec } from "./mapping.ts";
import { absOf, e4Of, formatCents, roundToCents } from "./money.ts";
import type { Org } from "./org.ts";
import type { CanonicalSale } from "./sale.ts";
import { orderFacts } from "./sale-facts.ts";
import { EU_COUNTRIES } from "./tax-roles.ts";

/** What is known of the store's other orders. Totals are of the same currency, newest first. */
export type SalesHistory = {
  readonly totalsCents: readonly bigint[];
  /** Orders of any currency that were seen, and the currencies among them. */
  readonly orders: number;
  readonly currencies: readonly string[];
  /** Numbers of other orders of the same customer over the same amount within DUPLICATE_MINUTES. */
  readonly twins: readonly string[];
};

export type AnomalyInput = {
  readonly sale: CanonicalSale;
  readonly spec: MappingSpec;
  readonly org: Org;
  readonly history: SalesHistory;
  /** UTC instant. */
  readonly now: string;
};

/** The holds that a person may accept. */
export const ANOMALIES: readonly Hold[] = [
  "duplicateOrder",
  "dateFarOff",
  "currencySurprise",
  "taxAbroad",
  "unusualTotal",
];

/** Two orders of one customer over one amount within so many minutes look like one that was sent twice. */
export const DUPLICATE_MINUTES = 10;
/** How many past totals the robust test looks at; below the minimum it says nothing. */
export const HISTORY_MAX = 300;
const HISTORY_MIN = 30;
const CURRENCY_HISTORY_MIN = 50;
const DAY_MS = 86_400_000;
const FUTURE_DAYS_MAX = 1;
/** History may be brought in long after; an order of another decade is a wrong clock or a broken import. */
const PAST_DAYS_MAX = 3_650;
/** A total is unusual when it is so many deviations from the median and so many times the median as well. */
const DEVIATIONS_MAX = 25n;
const TIMES_MEDIAN_MAX = 20n;
/** 1.4826 scales the median absolute deviation to a standard deviation (in ten-thousandths). */
const MAD_SCALE_E4 = 14_826n;

export function anomalies(input: AnomalyInput): Held | undefined {
  if (isAcceptedByRule(input)) return undefined;
  return (
    duplicateOrder(input) ??
    dateFarOff(input) ??
    currencySurprise(input) ??
    taxAbroad(input) ??
    unusualTotal(input)
  );
}

/** A rule of acceptOrder may accept orders of a kind as they are. */
function isAcceptedByRule({ sale, spec, org }: AnomalyInput): boolean {
  const verdict = decide(spec.tables.acceptOrder, orderFacts(sale, org.timezone));
  return verdict.ok && verdict.value.outcome?.kind === "accept";
}

function duplicateOrder({ history }: AnomalyInput): Held | undefined {
  const [twin] = history.twins;
  if (twin === undefined) return undefined;
  return unusual(
    "duplicateOrder",
    "/source/number",
    `Order ${twin} of the same customer is over the same amount and was placed within ${DUPLICATE_MINUTES} minutes of this one.`,
  );
}

function dateFarOff({ sale, now }: AnomalyInput): Held | undefined {
  const days = Math.round((Date.parse(sale.placedAt) - Date.parse(now)) / DAY_MS);
  if (days > FUTURE_DAYS_MAX)
    return unusual("dateFarOff", "created_at", `The order is dated ${days} days in the future.`);
  return days < -PAST_DAYS_MAX
    ? unusual("dateFarOff", "created_at", `The order is dated ${-days} days ago.`)
    : undefined;
}

function currencySurprise({ sale, history }: AnomalyInput): Held | undefined {
  const isNew = history.orders >= CURRENCY_HISTORY_MIN && !history.currencies.includes(sale.currency);
  return isNew
    ? unusual(
        "currencySurprise",
        "order_currency_code",
        `The order is in ${sale.currency}; none of the last ${history.orders} orders was.`,
      )
    : undefined;
}

/** Tax of the home country on goods that leave its tax territory: the EU has one-stop-shop rates of its own. */
function taxAbroad({ sale, org }: AnomalyInput): Held | undefined {
  const country = (sale.shipTo ?? sale.billing)?.country ?? null;
  if (country === null || country === org.country || e4Of(sale.totals.tax) === 0n) return undefined;
  const territory = EU_COUNTRIES.includes(org.country)
    ? EU_COUNTRIES
    : [org.country, ...(NEAR[org.country] ?? [])];
  return territory.includes(country)
    ? undefined
    : unusual(
        "taxAbroad",
        "/totals/tax",
        `Tax of ${sale.totals.tax} was charged on an order to ${country}, outside of the tax territory of ${org.country}.`,
      );
}

/** Places that belong to a country's tax territory under another code. */
const NEAR: Readonly<Record<string, readonly string[]>> = { GB: ["IM"], AU: ["CX", "CC", "NF"], US: ["PR"] };

function unusualTotal({ sale, history }: AnomalyInput): Held | undefined {
  const totals = history.totalsCents.slice(0, HISTORY_MAX);
  if (totals.length < HISTORY_MIN) return undefined;
  const median = medianOf(totals);
  const spread = medianOf(totals.map((total) => absOf(total - median)));
  const total = roundToCents(e4Of(sale.totals.grandTotal));
  const isFar = (total - median) * 10_000n > DEVIATIONS_MAX * MAD_SCALE_E4 * spread;
  if (!isFar || total <= TIMES_MEDIAN_MAX * median) return undefined;
  return unusual(
    "unusualTotal",
    "grand_total",
    `The order is over ${formatCents(total)} ${sale.currency}; half of the last ${totals.length} orders were below ${formatCents(median)}.`,
  );
}

/** The lower one of two middle values, so that it is one that occurred. */
export function medianOf(values: readonly bigint[]): bigint {
  const sorted = [...values].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0n;
}

const unusual = (hold: Hold, field: string, detail: string): Held => ({
  hold,
  field,
  detail,
  action:
    "Look at the order; accept it as it is (counterfoil accept ORDER), or add a rule to acceptOrder that accepts its kind.",
});
