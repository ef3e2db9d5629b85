import { messageDay } from "../wire/dates.ts";
import { say } from "../wire/messages.ts";
import { type Call, organisationOf } from "./call.ts";

/** Posting on or before a lock date fails (facts/xero.md section 4, Organisation; messages 4 and 5). */
export function lockMessage(call: Call, date: string): string | undefined {
  const { periodLockDate, endOfYearLockDate } = organisationOf(call.books);
  if (endOfYearLockDate !== undefined && date <= endOfYearLockDate) {
    return say.endOfYearLocked(messageDay(endOfYearLockDate));
  }
  if (periodLockDate !== undefined && date <= periodLockDate)
    return say.periodLocked(messageDay(periodLockDate));
  return undefined;
}

export function checkLock(call: Call, date: string, problems: { add(message: string): void }): void {
  const message = lockMessage(call, date);
  if (message !== undefined) problems.add(message);
}
