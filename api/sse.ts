/** Server-sent events: ids, a comment now and then so that proxies keep the line open, and an end when the reader goes. */
import type { Context } from "hono";
import { streamSSE } from "hono/streaming";

export type SentEvent = { readonly id: string; readonly event: string; readonly data: string };

/** A stream ends after so long whatever happens; browsers come back by themselves and prove again who they are. */
const STREAM_MS_MAX = 3_600_000;

export function sendEvents(
  c: Context,
  { heartbeatMs, stopping }: { readonly heartbeatMs: number; readonly stopping: AbortSignal },
  events: (gone: AbortSignal) => AsyncIterable<SentEvent>,
): Response {
  c.header("X-Accel-Buffering", "no");
  return streamSSE(c, async (stream) => {
    const reader = new AbortController();
    stream.onAbort(() => reader.abort());
    const gone = AbortSignal.any([reader.signal, stopping, AbortSignal.timeout(STREAM_MS_MAX)]);
    const heartbeat = setInterval(() => void stream.write(": still here\n\n"), heartbeatMs);
    try {
      for await (const event of events(gone)) await stream.writeSSE(event);
    } finally {
      clearInterval(heartbeat);
    }
  });
}

/** Wakes everybody who waits. Waiting ends at a ring or when the signal aborts, whichever is first. */
export type Bell = { ring(): void; wait(signal: AbortSignal): Promise<void> };

export function createBell(): Bell {
  const waiting = new Set<() => void>();
  return {
    ring() {
      for (const wake of [...waiting]) wake();
    },
    wait: (signal) =>
      new Promise((resolve) => {
        const wake = (): void => {
          waiting.delete(wake);
          signal.removeEventListener("abort", wake);
          resolve();
        };
        if (signal.aborted) return resolve();
        waiting.add(wake);
        signal.addEventListener("abort", wake);
      }),
  };
}
