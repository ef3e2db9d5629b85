/** `serve` and `worker` as processes of their own on one database, with the demo servers beside them. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createServerDatabase } from "../../engine/adapters/postgres/testing.ts";
import { type Home, openHome, ROOT } from "../../test/counterfoil.ts";

const TOKEN = "0123456789abcdef0123456789abcdef";

describe("serve and worker on PostgreSQL", () => {
  let home: Home;
  let database: Awaited<ReturnType<typeof createServerDatabase>>;
  const children: ChildProcess[] = [];
  let url: string;

  beforeAll(async () => {
    home = await openHome();
    database = await createServerDatabase(process.env);
    await firstLine("sandbox", "--orders", "3");
    const [line] = await Promise.all([
      firstLine("serve", "--port", "0", "--json"),
      firstLine("worker", "--json"),
      firstLine("worker", "--json"),
    ]);
    url = (JSON.parse(line) as { url: string }).url;
  }, 120_000);
  afterAll(async () => {
    const running = children.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
    const ended = running.map((child) => once(child, "exit"));
    for (const child of running.toReversed()) child.kill("SIGTERM");
    expect(running).toHaveLength(children.length);
    expect((await Promise.all(ended)).map(([exit]) => exit)).toEqual(children.map(() => 0));
    await database.drop();
    await home.remove();
  }, 60_000);

  const environment = () => ({ ...process.env, DATABASE_URL: database.url, COUNTERFOIL_TOKEN: TOKEN });

  function start(args: readonly string[], more: Record<string, string> = {}): ChildProcess {
    const child = spawn(process.execPath, [join(ROOT, "cli/counterfoil.mjs"), ...args, "--data", home.data], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...environment(), ...more },
    });
    child.stderr?.resume();
    return child;
  }

  /** A process that stays, as soon as it has said that it is ready. */
  async function firstLine(...args: string[]): Promise<string> {
    const child = start(args);
    children.push(child);
    let text = "";
    for await (const part of child.stdout ?? []) {
      text += String(part);
      if (text.trimEnd().endsWith("}")) break;
    }
    return text;
  }

  async function remote<T>(...args: string[]): Promise<T> {
    const child = start([...args, "--json"], { COUNTERFOIL_URL: url });
    const parts: Buffer[] = [];
    const [[exit]] = await Promise.all([
      once(child, "exit"),
      (async () => {
        for await (const part of child.stdout ?? []) parts.push(part as Buffer);
      })(),
    ]);
    const text = Buffer.concat(parts).toString();
    expect(exit, text).toBe(0);
    return JSON.parse(text) as T;
  }

  test("commands with its address and token go to it, and a worker posts the order once", async () => {
    // Before setup, which learns the payment methods from the store's orders: the API lists none.
    await remote("import", join(ROOT, "fixtures/order.json"));
    const proposal = await remote<{ id: string }>("setup");
    await remote("proposals", "approve", proposal.id);
    const synced = await remote<{ record: { state: string } }>("sync", "000001006");
    expect(synced).toMatchObject({ record: { state: "posted" } });
    const state = await fetch(`${home.servers().ledger.ledger}/__sandbox/state`);
    const books = (await state.json()) as Record<"contacts" | "invoices" | "payments", unknown[]>;
    expect([books.contacts.length, books.invoices.length, books.payments.length]).toEqual([1, 1, 1]);
  });

  test("a wrong token is refused", async () => {
    const response = await fetch(`${url}/api/status`, { headers: { authorization: "Bearer wrong" } });
    expect(response.status).toBe(401);
  });
});
