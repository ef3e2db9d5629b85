/** The main job against the demo store and the demo ledger as their own processes, over HTTP. */
import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openTestDatabase, type TestDatabase } from "./adapters/postgres/testing.ts";
import type { Explanation, Proposal } from "./api.ts";
import type { Edit } from "./core/edits.ts";
import { e4Of } from "./core/money.ts";
import { leafPointers } from "./core/plan.ts";
import type { Json } from "./core/shapes.ts";
import { connect, createEngine, type RunningEngine } from "./index.ts";
import { ann, assistant, must } from "./testing.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const CONNECTION = "demo";
// Longer than the ledger's minute: on a fast machine the calls of this file use it up.
const WAIT = { waitMs: 120_000 };
const clock = { now: () => new Date() };

type Ready = {
  readonly store: string;
  readonly integration: Parameters<typeof connect>[0]["store"]["oauth"];
  readonly ledger: string;
};
type LedgerInvoice = {
  readonly InvoiceNumber: string;
  readonly Total: number;
  readonly TotalTax: number;
  readonly AmountDue: number;
  readonly LineItems: readonly { readonly AccountCode: string; readonly Description: string }[];
};
type LedgerState = {
  readonly invoices: readonly LedgerInvoice[];
  readonly contacts: readonly object[];
  readonly payments: readonly object[];
};

const children: ChildProcess[] = [];
let opened: TestDatabase;
let engine: RunningEngine;
let store: string;
let ledger: string;
const logged: string[] = [];

async function serve(name: "store" | "ledger", ...args: string[]): Promise<Ready> {
  const main = `${ROOT}sandbox/${name}/main.ts`;
  const common = ["--scenario", `${ROOT}scenarios/demo-gb.json`, "--port", "0", "--seed", "7"];
  const child = spawn(process.execPath, [main, ...common, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  children.push(child);
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  return JSON.parse(line.toString()) as Ready;
}

async function tenantOf(url: string): Promise<string> {
  const token = (await fetch(`${url}/connect/token`, {
    method: "POST",
    headers: { authorization: `Basic ${btoa("app:secret")}` },
    body: new URLSearchParams({ grant_type: "client_credentials" }),
  }).then((answer) => answer.json())) as { access_token: string };
  const tenants = (await fetch(`${url}/connections`, {
    headers: { authorization: `Bearer ${token.access_token}` },
  }).then((answer) => answer.json())) as { tenantId: string }[];
  return tenants[0]?.tenantId ?? "";
}

const ledgerState = async (): Promise<LedgerState> =>
  (await fetch(`${ledger}/__sandbox/state`).then((answer) => answer.json())) as LedgerState;

beforeAll(async () => {
  const [shop, books, database] = await Promise.all([
    serve("store", "--orders", "40"),
    serve("ledger"),
    openTestDatabase("embedded", process.env),
  ]);
  [store, ledger, opened] = [shop.store, books.ledger, database];
  const log = (event: string, fields = {}) => void logged.push(`${event} ${JSON.stringify(fields)}`);
  const connection = connect(
    {
      id: CONNECTION,
      name: "Demo store",
      environment: "sandbox",
      store: {
        id: "demo-store",
        url: store,
        oauth: shop.integration,
        importUrl: `${store}/__sandbox/import`,
      },
      ledger: {
        id: await tenantOf(ledger),
        name: "Demo ledger",
        apiUrl: ledger,
        identityUrl: ledger,
        clientId: "app",
        clientSecret: "the client's own secret",
      },
    },
    { clock, log },
  );
  engine = await createEngine({
    database: opened.database,
    connections: [connection],
    clock,
    ids: { next: () => randomUUID() },
    log,
  });
  // Without a worker nobody would go on after the ledger's minute is used up.
  await engine.start();
});

afterAll(async () => {
  await engine?.stop();
  await opened?.drop();
  for (const child of children) child.kill();
});

const approve = ({ id, digest }: Proposal) =>
  must(engine.decide(CONNECTION, id, { approve: true, digest, note: null }, ann));

/** All at once, as a busy shop does: their documents share calls. */
const syncAll = (orders: readonly string[]) =>
  Promise.all(orders.map((order) => must(engine.sync(CONNECTION, order, WAIT))));

/** Orders that the live mapping can post, newest first. */
async function postable(): Promise<string[]> {
  const { items } = await must(engine.searchOrders(CONNECTION, { state: "received", limit: 100 }));
  const orders: string[] = [];
  for (const { order } of items) {
    const preview = await must(engine.preview(CONNECTION, order));
    if (preview.status === "planned") orders.push(order);
  }
  return orders;
}

const invoiceOf = ({ invoices }: LedgerState, order: string): LedgerInvoice => {
  const found = invoices.filter(({ InvoiceNumber }) => InvoiceNumber === order);
  expect(found).toHaveLength(1);
  return found[0] as LedgerInvoice;
};

describe("setup, ten orders, a mapping change, and where each number came from", () => {
  let orders: string[];
  let before: LedgerState;

  test("setup makes the first mapping of the demo company, with past orders as its proof", async () => {
    const proposal = await must(engine.proposeSetup(CONNECTION, {}, assistant));
    expect(proposal.replay?.orders).toBeGreaterThanOrEqual(30);
    const { orders: replayed = 0, newlyPlanned = 0, stillHeld = 0, heldBy = [] } = proposal.replay ?? {};
    expect(newlyPlanned + stillHeld).toBe(replayed);
    // Refunds are held until credit notes are booked; everything else of the demo shop can be posted.
    expect(heldBy.map(({ hold }) => hold).filter((hold) => hold !== "orderCancelled")).toEqual([]);
    expect((await approve(proposal)).publishedVersion).toBe(1);
  });

  test("ten orders are in the ledger, each once, equal to the cent with their tax", async () => {
    orders = (await postable()).slice(0, 20);
    expect(orders).toHaveLength(20);
    for (const outcome of await syncAll(orders.slice(0, 10)))
      expect(outcome).toMatchObject({ settled: true, record: { state: "posted" } });
    const state = await ledgerState();
    expect(state.invoices).toHaveLength(10);
    for (const order of orders.slice(0, 10)) {
      const { sale } = await must(engine.order(CONNECTION, order));
      const invoice = invoiceOf(state, order);
      expect(e4Of(String(invoice.Total))).toBe(e4Of(sale?.totals.grandTotal ?? ""));
      expect(e4Of(String(invoice.TotalTax))).toBe(e4Of(sale?.totals.tax ?? ""));
      const due = e4Of(sale?.totals.grandTotal ?? "") - e4Of(sale?.totals.paid ?? "");
      expect(e4Of(String(invoice.AmountDue))).toBe(due);
    }
    const { postedTotals, documents } = await must(engine.status(CONNECTION));
    for (const { difference } of postedTotals) expect(difference).toBe("0.00");
    expect(postedTotals.length).toBeGreaterThan(0);
    expect(Object.keys(documents)).toEqual(["delivered"]);
  });

  test("the same orders again change nothing in the ledger", async () => {
    before = await ledgerState();
    await syncAll(orders.slice(0, 3));
    expect(await ledgerState()).toEqual(before);
  });

  test("a mapping change is replayed, approved, and changes the next orders but no past one", async () => {
    const edit: Edit = {
      op: "setOtherwise",
      table: "shippingAccount",
      outcome: { kind: "account", code: "200" },
      why: "postage is sales from now on",
    };
    const title = "Shipping to Sales";
    const proposal = await must(engine.proposeMapping(CONNECTION, { title, edits: [edit] }, assistant));
    expect(proposal.replay).toMatchObject({ totalsChanged: 0, newlyHeld: 0 });
    expect(proposal.replay?.changed).toBeGreaterThan(0);
    expect((await approve(proposal)).publishedVersion).toBe(2);
    const shipped = await withShipping(orders.slice(10));
    expect(shipped.length).toBeGreaterThan(1);
    await syncAll(shipped);
    const after = await ledgerState();
    for (const order of orders.slice(0, 10))
      expect(invoiceOf(after, order)).toEqual(invoiceOf(before, order));
    for (const order of shipped) {
      const accounts = invoiceOf(after, order).LineItems.map(({ AccountCode }) => AccountCode);
      expect(accounts).not.toContain("202");
    }
    const past = await withShipping(orders.slice(0, 10));
    const accounts = past.flatMap((order) =>
      invoiceOf(before, order).LineItems.map(({ AccountCode }) => AccountCode),
    );
    expect(accounts).toContain("202");
  });

  test("every field of every posted document is explained, with the version that was live for it", async () => {
    const [past, young] = [orders[0] ?? "", (await withShipping(orders.slice(10)))[0] ?? ""];
    for (const [order, version] of [
      [past, 1],
      [young, 2],
    ] as const) {
      const all = await must(engine.explain(CONNECTION, order));
      const preview = await must(engine.preview(CONNECTION, order));
      if (preview.status !== "planned") throw new Error(preview.held.detail);
      const leaves = preview.plan.documents.flatMap(({ step, body }) =>
        leafPointers(body).map((leaf) => step + leaf),
      );
      expect(all.map(({ step, field }) => step + field)).toEqual(leaves);
      expect(all.filter(isReceipt).map(({ value }) => value)).not.toContain(null);
      const [account] = await must(engine.explain(CONNECTION, order, "invoice/LineItems/0/AccountCode"));
      expect(account?.sentence).toContain(`mapping version ${version}, approved by Ann Approver on`);
    }
  });

  test("imported orders go the same way, and what is no order is refused by the field that it lacks", async () => {
    const state = (await fetch(`${store}/__sandbox/state`).then((answer) => answer.json())) as {
      orders: { [key: string]: Json }[];
    };
    const template = state.orders.find(({ increment_id }) => increment_id === orders[12]);
    const twin = { ...template, increment_id: "IMP-0", entity_id: 990_000 };
    const copy = {
      ...template,
      increment_id: "IMP-1",
      entity_id: 990_001,
      created_at: "2026-09-07 10:00:00",
    };
    expect(await must(engine.importOrders(CONNECTION, [twin, copy]))).toEqual({
      imported: ["IMP-0", "IMP-1"],
    });
    // The same basket at the same minute under another number looks like an order that was sent twice.
    expect(await engine.sync(CONNECTION, "IMP-0", WAIT)).toMatchObject({
      error: { kind: "held", held: { hold: "duplicateOrder" } },
    });
    expect(await must(engine.sync(CONNECTION, "IMP-1", WAIT))).toMatchObject({ record: { state: "posted" } });
    expect(e4Of(String(invoiceOf(await ledgerState(), "IMP-1").Total))).toBe(
      e4Of(String(template?.grand_total ?? "")),
    );
    expect(await engine.importOrders(CONNECTION, [{ nothing: true }])).toMatchObject({
      error: { kind: "invalid", message: expect.stringContaining("increment_id") },
    });
  });

  test("neither secrets nor names of customers are in a log line", () => {
    const text = logged.join("\n");
    expect(text).toContain("record.observed");
    expect(text).not.toContain("the client's own secret");
    expect(text).not.toContain("@");
  });
});

const isReceipt = ({ lineage }: Explanation): boolean => lineage.from === "receipt";

async function withShipping(orders: readonly string[]): Promise<string[]> {
  const shipped: string[] = [];
  for (const order of orders) {
    const { sale } = await must(engine.order(CONNECTION, order));
    if (sale?.shipping !== null && sale !== null && e4Of(sale.shipping.net) > 0n) shipped.push(order);
  }
  return shipped;
}
