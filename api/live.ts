/** The live status: one poll a second for each connection that somebody watches, however many watch it. */
import type { Engine, Status } from "../engine/api.ts";
import type { Log } from "../engine/ports.ts";
import { type Bell, createBell } from "./sse.ts";

export type LiveEvent =
  | { readonly type: "status"; readonly status: Status }
  /** The engine gave no status; what was shown before is old. */
  | { readonly type: "trouble"; readonly kind: string };

export type Live = {
  /** The status now and whenever it changes. A slow reader misses steps between, never the last one. */
  watch(connection: string, gone: AbortSignal): AsyncIterable<LiveEvent>;
};

type Watched = {
  readonly bell: Bell;
  latest: { readonly text: string; readonly event: LiveEvent } | null;
  watchers: number;
};

export function createLive(config: {
  readonly engine: Engine;
  readonly log: Log;
  readonly pollMs: number;
}): Live {
  const watched = new Map<string, Watched>();
  return {
    async *watch(connection, gone) {
      const entry = watched.get(connection) ?? { bell: createBell(), latest: null, watchers: 0 };
      watched.set(connection, entry);
      entry.watchers += 1;
      if (entry.watchers === 1) void poll(config, connection, entry);
      try {
        let seen: string | null = null;
        while (!gone.aborted) {
          const { latest } = entry;
          if (latest !== null && latest.text !== seen) {
            seen = latest.text;
            yield latest.event;
          } else await entry.bell.wait(gone);
        }
      } finally {
        entry.watchers -= 1;
        if (entry.watchers === 0) watched.delete(connection);
      }
    },
  };
}

async function poll(
  { engine, log, pollMs }: { readonly engine: Engine; readonly log: Log; readonly pollMs: number },
  connection: string,
  entry: Watched,
): Promise<void> {
  while (entry.watchers > 0) {
    const event = await readStatus(engine, connection, log);
    const text = JSON.stringify(event);
    if (text !== entry.latest?.text) {
      entry.latest = { text, event };
      entry.bell.ring();
    }
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

async function readStatus(engine: Engine, connection: string, log: Log): Promise<LiveEvent> {
  try {
    const status = await engine.status(connection);
    return status.ok
      ? { type: "status", status: status.value }
      : { type: "trouble", kind: status.error.kind };
  } catch (thrown) {
    log("api.statusFailed", { connection, error: thrown instanceof Error ? thrown.name : typeof thrown });
    return { type: "trouble", kind: "internal" };
  }
}
