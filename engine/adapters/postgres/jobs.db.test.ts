import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createJobs } from "./jobs.ts";
import { rows } from "./open.ts";
import { DATABASE_KINDS, openTestDatabase, type TestDatabase } from "./testing.ts";

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const until = async (isTrue: () => boolean | Promise<boolean>): Promise<void> => {
  for (let turn = 0; turn < 800 && !(await isTrue()); turn += 1) await sleep(25);
  expect(await isTrue()).toBe(true);
};

describe.each(DATABASE_KINDS)("wake-ups on the %s database", (kind) => {
  let opened: TestDatabase;
  let jobs: ReturnType<typeof createJobs>;
  /** What a wake-up of each connection does. */
  const deliveries = new Map<string, () => Promise<void>>();
  const deliver = async (connection: string): Promise<void> => deliveries.get(connection)?.();

  beforeAll(async () => {
    opened = await openTestDatabase(kind, process.env);
    jobs = createJobs(opened.database, () => {});
    await jobs.start();
    await jobs.work(deliver);
  });
  afterAll(async () => {
    await jobs.stop();
    await opened.drop();
  });

  test("one delivery of a connection runs and one waits, however often it is woken", async () => {
    let [runs, running, runningMax] = [0, 0, 0];
    let finish = () => {};
    const first = new Promise<void>((resolve) => {
      finish = resolve;
    });
    deliveries.set("busy", async () => {
      [runs, running] = [runs + 1, running + 1];
      runningMax = Math.max(runningMax, running);
      if (runs === 1) await first;
      running -= 1;
    });
    await jobs.wake("busy");
    await until(() => runs === 1);
    for (let turn = 0; turn < 20; turn += 1) await jobs.wake("busy");
    finish();
    await until(() => runs === 2);
    await sleep(500);
    expect({ runs, runningMax }).toEqual({ runs: 2, runningMax: 1 });
  });

  test("a wake-up of a transaction that is rolled back never happens", async () => {
    const ran: string[] = [];
    for (const connection of ["undone", "done"])
      deliveries.set(connection, async () => {
        ran.push(connection);
      });
    await opened.database.db
      .transaction(async (tx) => {
        await jobs.wakeIn(tx, "undone");
        tx.rollback();
      })
      .catch(() => {});
    await opened.database.db.transaction((tx) => jobs.wakeIn(tx, "done"));
    await until(() => ran.length === 1);
    expect(ran).toEqual(["done"]);
  });

  test("a wake-up that fails is tried again", async () => {
    let tries = 0;
    deliveries.set("flaky", async () => {
      tries += 1;
      if (tries === 1) throw new Error("a bug");
    });
    await jobs.wake("flaky");
    await until(() => tries === 2);
    expect(await jobs.dead()).toEqual([]);
  });

  test("a wake-up that fails for good is kept, and can be sent again", async () => {
    const { database, drop } = await openTestDatabase(kind, process.env);
    const once = createJobs(database, () => {}, { retryLimit: 0 });
    await once.start();
    let isBroken = true;
    let ran = 0;
    await once.work(async () => {
      if (isBroken) throw new Error("a bug");
      ran += 1;
    });
    await once.wake("broken");
    await until(async () => (await once.dead()).length === 1);
    expect((await once.dead()).map(({ connection }) => connection)).toEqual(["broken"]);
    isBroken = false;
    expect(await once.redrive()).toBe(1);
    await until(() => ran === 1);
    expect(await once.dead()).toEqual([]);
    await once.stop();
    await drop();
  });

  if (kind === "embedded")
    test("at boot the job of a dead process is done again at once", async () => {
      await jobs.stop();
      await jobs.start();
      await jobs.wake("killed");
      // What a process that was killed in the middle of a delivery leaves behind.
      await rows(
        opened.database.db,
        sql`update pgboss.job set state = 'active', started_on = now(), heartbeat_on = now()
            where name = 'deliver' and data ->> 'connection' = 'killed'`,
      );
      await jobs.stop();
      let ran = 0;
      deliveries.set("killed", async () => {
        ran += 1;
      });
      jobs = createJobs(opened.database, () => {});
      await jobs.start();
      await jobs.work(deliver);
      await until(() => ran === 1);
    });
});
