import type { OrgSeed } from "../books/scenario.ts";

/**
 * Rate limits (facts/xero.md section 2). Windows are fixed and start at another moment for each tenant, so a client
 * has to rely on Retry-After. Refused calls are not counted.
 */
export type LimitProblem = "minute" | "day" | "concurrent" | "appminute";
export type Entered =
  | { isAllowed: true; leave(): void }
  | { isAllowed: false; problem: LimitProblem; retryAfterSeconds?: number };

export type Limits = ReturnType<typeof createLimits>;

export function createLimits(org: OrgSeed, random: () => number) {
  const day = createWindow(org.dayLimit, org.daySeconds * 1000, random());
  const minute = createWindow(org.minuteLimit, org.minuteSeconds * 1000, random());
  const appMinute = createWindow(org.appMinuteLimit, org.minuteSeconds * 1000, random());
  let inFlight = 0;
  return {
    enter(nowMs: number): Entered {
      for (const [problem, window] of [
        ["day", day],
        ["minute", minute],
        ["appminute", appMinute],
      ] as const) {
        if (window.remaining(nowMs) > 0) continue;
        // Retry-After comes with minute and day only.
        const wait = problem === "appminute" ? {} : { retryAfterSeconds: window.secondsLeft(nowMs) };
        return { isAllowed: false, problem, ...wait };
      }
      if (inFlight >= org.concurrentLimit) return { isAllowed: false, problem: "concurrent" };
      for (const window of [day, minute, appMinute]) window.count(nowMs);
      inFlight += 1;
      let hasLeft = false;
      const leave = (): void => {
        if (!hasLeft) inFlight -= 1;
        hasLeft = true;
      };
      return { isAllowed: true, leave };
    },
    headers: (nowMs: number): Record<string, string> => ({
      "X-DayLimit-Remaining": String(day.remaining(nowMs)),
      "X-MinLimit-Remaining": String(minute.remaining(nowMs)),
      "X-AppMinLimit-Remaining": String(appMinute.remaining(nowMs)),
    }),
    /** For faults: how long the current window still runs. */
    secondsLeft: (problem: "minute" | "day", nowMs: number): number =>
      (problem === "day" ? day : minute).secondsLeft(nowMs),
    reset(): void {
      for (const window of [day, minute, appMinute]) window.reset();
    },
  };
}

function createWindow(limit: number, lengthMs: number, phase: number) {
  const phaseMs = phase * lengthMs;
  let index = Number.NaN;
  let used = 0;
  const roll = (nowMs: number): void => {
    const current = Math.floor((nowMs - phaseMs) / lengthMs);
    if (current === index) return;
    index = current;
    used = 0;
  };
  return {
    remaining(nowMs: number): number {
      roll(nowMs);
      return Math.max(0, limit - used);
    },
    count(nowMs: number): void {
      roll(nowMs);
      used += 1;
    },
    secondsLeft: (nowMs: number): number => {
      const endMs = (Math.floor((nowMs - phaseMs) / lengthMs) + 1) * lengthMs + phaseMs;
      return Math.max(1, Math.ceil((endMs - nowMs) / 1000));
    },
    reset(): void {
      used = 0;
    },
  };
}
