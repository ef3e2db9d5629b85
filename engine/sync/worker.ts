/** The worker of a process: takes wake-ups, and looks every second for documents whose time has come. */
import type { SyncContext } from "./context.ts";
import { deliver } from "./deliver.ts";
import { closeDays } from "./summaries.ts";
import { sweep } from "./sweep.ts";

export type Worker = { start(): Promise<void>; stop(): Promise<void> };

export function createWorker(context: SyncContext): Worker {
  const { jobs, log, settings } = context;
  /** Connections that asked for a pause: waking them would only find it again. */
  const pausedUntil = new Map<string, Date>();
  let stopping = false;

  const run = async (connection: string): Promise<void> => {
    try {
      const report = await deliver(context, connection, { shouldStop: () => stopping });
      if (report.pausedUntil === null) pausedUntil.delete(connection);
      else pausedUntil.set(connection, report.pausedUntil);
      if (report.more && !stopping) await jobs.wake(connection);
    } catch (error) {
      log("delivery.crashed", { connection, name: nameOf(error) });
      throw error;
    }
  };
  const tick = repeat(context, settings.tickMs, () => wakeDue(context, pausedUntil));
  const sweeping = repeat(context, settings.sweepEveryMs, () => sweepAll(context));
  const closing = repeat(context, settings.closeEveryMs, () => closeAll(context));

  return {
    start: async () => {
      await jobs.start();
      await jobs.work(run);
      tick.start();
      sweeping.start();
      closing.start();
    },
    stop: async () => {
      stopping = true;
      await Promise.all([tick.stop(), sweeping.stop(), closing.stop()]);
      await jobs.stop();
    },
  };
}

async function wakeDue(
  { outbox, jobs, clock }: SyncContext,
  pausedUntil: ReadonlyMap<string, Date>,
): Promise<void> {
  const now = clock.now();
  for (const connection of await outbox.due(now)) {
    const until = pausedUntil.get(connection);
    if (until === undefined || until <= now) await jobs.wake(connection);
  }
}

async function sweepAll(context: SyncContext): Promise<void> {
  for (const { id } of await context.records.bindings()) {
    const swept = await sweep(context, id);
    if (!swept.ok) context.log("sweep.paused", { connection: id, cause: swept.error.kind });
  }
}

async function closeAll(context: SyncContext): Promise<void> {
  for (const { id } of await context.records.bindings()) {
    const closed = await closeDays(context, id);
    if (!closed.ok) context.log("summary.paused", { connection: id, cause: closed.error.kind });
  }
}

/** Does something every so often, one after the other; `stop` waits for the one that runs. Null: never. */
function repeat({ log }: SyncContext, everyMs: number | null, act: () => Promise<void>) {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  let stopped = false;
  const once = () => {
    running = act()
      // The database may be away for a moment; the next turn finds what this one missed.
      .catch((error: unknown) => log("worker.turnFailed", { name: nameOf(error) }))
      .then(schedule);
  };
  const schedule = () => {
    if (everyMs !== null && !stopped) timer = setTimeout(once, everyMs);
  };
  return {
    start: schedule,
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : typeof error);
