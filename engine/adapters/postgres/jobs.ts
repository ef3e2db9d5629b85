/**
 * Wake-ups of delivery through pg-boss, on PostgreSQL and on PGlite (facts/stack.md 3.2). A job carries only a connection;
 * the outbox carries the work. Jobs run at least once; that documents go out once is the outbox's business.
 */
import { sql } from "drizzle-orm";
import { fromDrizzle, PgBoss, type Queue } from "pg-boss";
import type { JobEngine, Log } from "../../ports.ts";
import { type Database, type Db, rows } from "./open.ts";
import type { WakeIn } from "./outbox-enqueue.ts";

const DELIVER = "deliver";
const DEAD = "deliver.dead";
/** Heartbeats are what frees the job of a worker that was killed; 10 s is pg-boss's shortest. */
const HEARTBEAT_SECONDS = 10;
/** Longer than one run of delivery, which ends by itself. */
const EXPIRE_SECONDS = 600;
const RETRY = { retryLimit: 5, retryDelay: 1, retryBackoff: true };
/** The defaults of a minute would add that minute to the takeover of a dead worker's job. */
const SUPERVISE_SECONDS = 2;
/** A retry emits no NOTIFY; this poll is what finds it. */
const NOTIFY_POLL_SECONDS = 2;
/** Wake-ups that are done are of no use to anybody. */
const DONE_KEPT_SECONDS = 3_600;
const STOP_TIMEOUT_MS = 30_000;
const DEAD_LISTED_MAX = 100;

export type Wake = { readonly connection: string };

/** The job engine and, for the outbox's transactions, the same wake-up inside one. */
export function createJobs(
  database: Database,
  log: Log,
  retry: Pick<Queue, "retryLimit" | "retryDelay" | "retryBackoff"> = RETRY,
): JobEngine & { readonly wakeIn: WakeIn } {
  const boss = new PgBoss({
    ...database.boss,
    useListenNotify: true,
    superviseIntervalSeconds: SUPERVISE_SECONDS,
    monitorIntervalSeconds: SUPERVISE_SECONDS,
    schedule: false,
  });
  boss.on("error", (error) => log("jobs.error", { name: error.name }));
  let running: Promise<void> | undefined;

  return {
    start: () => {
      running ??= startBoss(boss, { database, log, retry });
      return running;
    },
    wake: async (connection) => {
      await boss.send(DELIVER, { connection } satisfies Wake, { singletonKey: connection });
    },
    // Inside a transaction everything takes the transaction: on PGlite's one connection the outer handle would wait for ever.
    wakeIn: async (tx, connection) => {
      const db = fromDrizzle(tx as unknown as Parameters<typeof fromDrizzle>[0], sql);
      await boss.send(DELIVER, { connection } satisfies Wake, { singletonKey: connection, db });
    },
    work: async (deliver) => {
      const options = { localConcurrency: 4, notifyPollingIntervalSeconds: NOTIFY_POLL_SECONDS };
      await boss.work<Wake>(DELIVER, options, async (jobs) => {
        for (const { data } of jobs) await deliver(data.connection);
      });
    },
    dead: async () => {
      const jobs = await boss.findJobs<Wake>(DEAD, { queued: true, limit: DEAD_LISTED_MAX });
      return jobs.map(({ data, createdOn }) => ({ connection: data.connection, at: createdOn }));
    },
    redrive: () => boss.redrive(DEAD, { destination: DELIVER }),
    stop: async () => {
      if (running === undefined) return;
      await running;
      await boss.stop({ graceful: true, timeout: STOP_TIMEOUT_MS, close: true });
      running = undefined;
    },
  };
}

type Start = {
  readonly database: Database;
  readonly log: Log;
  readonly retry: Pick<Queue, "retryLimit" | "retryDelay" | "retryBackoff">;
};

async function startBoss(boss: PgBoss, { database, log, retry }: Start): Promise<void> {
  await boss.start();
  await boss.createQueue(DEAD);
  await boss.createQueue(DELIVER, {
    // Per connection at most one delivery runs and one waits, over all workers.
    policy: "stately",
    notify: true,
    heartbeatSeconds: HEARTBEAT_SECONDS,
    expireInSeconds: EXPIRE_SECONDS,
    deadLetter: DEAD,
    deleteAfterSeconds: DONE_KEPT_SECONDS,
    ...retry,
  });
  if (database.kind === "embedded") await redoDeadJobs(boss, database.db, log);
}

/**
 * An embedded database belongs to this process alone, and this process has just started: a job that is active has no
 * worker any more. It is done again at once instead of after its heartbeat.
 */
async function redoDeadJobs(boss: PgBoss, db: Db, log: Log): Promise<void> {
  const active = await rows<{ id: string; connection: string }>(
    db,
    sql`select id, data ->> 'connection' as connection from pgboss.job where name = ${DELIVER} and state = 'active'`,
  );
  if (active.length === 0) return;
  await boss.cancel(
    DELIVER,
    active.map(({ id }) => id),
  );
  for (const { connection } of active) await boss.send(DELIVER, { connection }, { singletonKey: connection });
  log("jobs.redone", { count: active.length });
}
