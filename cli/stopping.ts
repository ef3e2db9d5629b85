/** Long-running commands wait here. */

const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Until Ctrl-C or SIGTERM. Signals alone keep no process alive, so a timer does. */
export async function untilStopped(stop: AbortSignal): Promise<void> {
  const alive = setInterval(() => undefined, LONGEST_TIMER_MS);
  await new Promise<void>((resolve) => {
    if (stop.aborted) resolve();
    else stop.addEventListener("abort", () => resolve(), { once: true });
  });
  clearInterval(alive);
}
