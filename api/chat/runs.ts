/**
 * Chat runs: each is read once from the assistant and kept for a while, so that any number of readers can follow it and
 * one that reloads can resume after the last event it saw. A run that nobody reads any more is stopped.
 */
import type { Actor } from "../../engine/api.ts";
import { err, ok, type Result } from "../../engine/core/result.ts";
import type { Clock, Ids, Log } from "../../engine/ports.ts";
import type { Chat, ChatEvent, ModelChoice } from "../ports.ts";
import type { Refused } from "../problem.ts";
import { type Bell, createBell } from "../sse.ts";

const RUNNING_PER_ACTOR_MAX = 3;
const RUNS_KEPT_MAX = 200;
const EVENTS_MAX = 5_000;
const KEPT_MS = 600_000;

export type ChatRequest = {
  readonly connection: string;
  readonly session: string;
  readonly text: string;
  readonly model?: ModelChoice;
  readonly actor: Actor;
};

/** Events are numbered from 1 by their place. */
export type Run = {
  readonly id: string;
  readonly actorId: string;
  readonly events: ChatEvent[];
  readonly bell: Bell;
  readonly stop: AbortController;
  endedAt: number | null;
  readers: number;
};

export type Runs = {
  start(request: ChatRequest): Result<Run, Refused>;
  /** A run of this person; somebody else's does not exist for them. */
  find(id: string, actor: Actor): Run | undefined;
  /** What happened after event `after` (0: from the start), then what happens, until the run ends or the reader goes. */
  follow(run: Run, after: number, gone: AbortSignal): AsyncIterable<{ number: number; event: ChatEvent }>;
};

export type RunsConfig = {
  readonly chat: Chat;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly unreadMs: number;
  readonly stopping: AbortSignal;
};

export function createRuns(config: RunsConfig): Runs {
  const runs = new Map<string, Run>();
  return {
    start(request) {
      forgetOld(runs, config.clock.now().getTime());
      const running = [...runs.values()].filter(
        ({ actorId, endedAt }) => actorId === request.actor.id && endedAt === null,
      );
      if (running.length >= RUNNING_PER_ACTOR_MAX) return err(TOO_MANY);
      const run: Run = {
        id: config.ids.next(),
        actorId: request.actor.id,
        events: [],
        bell: createBell(),
        stop: new AbortController(),
        endedAt: null,
        readers: 0,
      };
      runs.set(run.id, run);
      void play(config, run, request);
      return ok(run);
    },
    find(id, actor) {
      const run = runs.get(id);
      return run?.actorId === actor.id ? run : undefined;
    },
    follow: (run, after, gone) => follow(run, { after, gone, unreadMs: config.unreadMs }),
  };
}

const TOO_MANY: Refused = {
  kind: "tooManyRuns",
  status: 429,
  detail: `You already have ${RUNNING_PER_ACTOR_MAX} requests to the assistant under way.`,
  next: "Wait for one to finish, or stop one.",
};

function forgetOld(runs: Map<string, Run>, nowMs: number): void {
  const ended = [...runs.values()].filter(({ endedAt }) => endedAt !== null);
  const tooMany = ended.slice(0, Math.max(0, runs.size - RUNS_KEPT_MAX));
  const old = ended.filter(({ endedAt }) => nowMs - (endedAt ?? nowMs) > KEPT_MS);
  for (const { id } of [...tooMany, ...old]) runs.delete(id);
}

async function play(
  { chat, clock, log, stopping }: RunsConfig,
  run: Run,
  request: ChatRequest,
): Promise<void> {
  const signal = AbortSignal.any([run.stop.signal, stopping]);
  const push = (event: ChatEvent): void => {
    run.events.push(event);
    run.bell.ring();
  };
  try {
    for await (const event of chat.run({ ...request, signal })) {
      if (signal.aborted) break;
      push(event);
      if (run.events.length >= EVENTS_MAX) run.stop.abort();
    }
    if (signal.aborted) push(STOPPED);
    else if (!isLast(run.events.at(-1))) push(DONE);
  } catch (thrown) {
    if (!signal.aborted) log("chat.failed", { run: run.id, error: nameOf(thrown) });
    push(signal.aborted ? STOPPED : BROKEN);
  } finally {
    run.endedAt = clock.now().getTime();
    run.bell.ring();
  }
}

const isLast = (event: ChatEvent | undefined): boolean => event?.t === "done" || event?.t === "error";

const nameOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.name : typeof thrown);

const DONE: ChatEvent = { t: "done", stop: "end", usage: null };
const STOPPED: ChatEvent = { t: "error", code: "stopped", message: "Stopped.", retryable: true };
const BROKEN: ChatEvent = {
  t: "error",
  code: "internal",
  message: "The assistant broke off. Nothing was changed; try again.",
  retryable: true,
};

async function* follow(
  run: Run,
  { after, gone, unreadMs }: { after: number; gone: AbortSignal; unreadMs: number },
): AsyncIterable<{ number: number; event: ChatEvent }> {
  run.readers += 1;
  try {
    let number = after;
    while (!gone.aborted) {
      const event = run.events[number];
      if (event !== undefined) {
        number += 1;
        yield { number, event };
      } else if (run.endedAt !== null) return;
      // Nothing is awaited between the look and the wait, so no ring is missed.
      else await run.bell.wait(gone);
    }
  } finally {
    run.readers -= 1;
    if (run.readers === 0 && run.endedAt === null) stopWhenUnread(run, unreadMs);
  }
}

function stopWhenUnread(run: Run, unreadMs: number): void {
  const timer = setTimeout(() => {
    if (run.readers === 0) run.stop.abort();
  }, unreadMs);
  timer.unref();
}
