/**
 * Lock dates: nothing is posted on or before them. What a document does that belongs into a locked period is the mapping's
 * setting `lockedPeriod` (facts/accounting.md TIME-05, TIME-06, REF-10): wait, or be dated the first open day, as a draft or at
 * once, with the day that it belongs to in its reference and in the lineage of its date.
 */
import { addDays } from "./dates.ts";
import { compareText } from "./money.ts";
import type { Org } from "./org.ts";
import type { Leaf } from "./plan.ts";
import { computed, type PlanInput } from "./plan-input.ts";
import { cutText } from "./sale-facts.ts";

export type DocumentDay = {
  readonly date: string;
  /** The locked day that it belongs to; `null` when it is dated by its own. */
  readonly movedFrom: string | null;
  /** Moved, and a person must look at it before it counts. */
  readonly asDraft: boolean;
};

type Lock = { readonly name: string; readonly date: string };

/** The latest lock on or after a date: a document of that date is refused by it. */
export function lockOn(date: string, { periodLockDate, endOfYearLockDate }: Org): Lock | undefined {
  const locks = [
    { name: "period lock date", date: periodLockDate },
    { name: "end of year lock date", date: endOfYearLockDate },
  ];
  return locks
    .flatMap(({ name, date: lock }): Lock[] => (lock !== null && date <= lock ? [{ name, date: lock }] : []))
    .toSorted((a, b) => compareText(b.date, a.date))[0];
}

/** The day of an invoice or credit note. Under `hold` it stays, and the acceptance check refuses it. */
export function documentDay(date: string, { spec, org }: Pick<PlanInput, "spec" | "org">): DocumentDay {
  const lock = lockOn(date, org);
  const policy = spec.settings.lockedPeriod;
  if (lock === undefined || policy === "hold") return { date, movedFrom: null, asDraft: false };
  return { date: addDays(lock.date, 1), movedFrom: date, asDraft: policy === "draft" };
}

/** The day of money that moved; it cannot be a draft, so under `draft` it waits for a person as under `hold`. */
export function paymentDay(date: string, input: Pick<PlanInput, "spec" | "org">): DocumentDay {
  const day = documentDay(date, input);
  return day.asDraft ? { date, movedFrom: null, asDraft: false } : day;
}

export const dayLeaf = ({ date, movedFrom }: DocumentDay, by: string, inputs: readonly string[]): Leaf =>
  computed(date, movedFrom === null ? by : `${by}, moved from ${movedFrom} to the first open day`, inputs);

/** The reference of a document that was moved names the day that it belongs to. */
export function datedReference(reference: string, { movedFrom }: DocumentDay, max: number): string {
  const dated = movedFrom === null ? "" : ` (dated ${movedFrom})`;
  return cutText(reference, max - dated.length) + dated;
}
