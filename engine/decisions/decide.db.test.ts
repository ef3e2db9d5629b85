import { sql } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { rows } from "../adapters/postgres/open.ts";
import { DATABASE_KINDS, openTestDatabase, type TestDatabase } from "../adapters/postgres/testing.ts";
import type { Actor, Proposal } from "../api.ts";
import type { Edit } from "../core/edits.ts";
import { lineOf, orgGb } from "../core/testing.ts";
import type { RunningEngine } from "../index.ts";
import {
  addSale,
  ann,
  assistant,
  ben,
  must,
  newWorld,
  olive,
  openEngine,
  saleOf,
  vic,
  type World,
} from "../testing.ts";

const ORDERS = 12;
const WAIT = { waitMs: 15_000 };

const shippingTo = (code: string): Edit => ({
  op: "setOtherwise",
  table: "shippingAccount",
  outcome: { kind: "account", code },
  why: "postage has an account of its own",
});

const revenueTo = (code: string): Edit => ({
  op: "setOtherwise",
  table: "revenueAccount",
  outcome: { kind: "account", code },
  why: "goods go elsewhere",
});

describe.each(DATABASE_KINDS)("proposals and decisions on the %s database", (kind) => {
  let opened: TestDatabase;
  let world: World;
  let engine: RunningEngine;

  let connection: string;

  beforeAll(async () => {
    opened = await openTestDatabase(kind, process.env);
  });
  afterAll(() => opened.drop());
  beforeEach(async () => {
    world = newWorld(ORDERS);
    ({ connection } = world);
    engine = await openEngine(opened.database, world);
    await must(engine.observeRecent(connection));
  });
  afterEach(() => engine.stop());

  const approve = (proposal: Proposal, actor: Actor = ann) =>
    engine.decide(connection, proposal.id, { approve: true, digest: proposal.digest, note: null }, actor);
  const setUp = async () => must(approve(await must(engine.proposeSetup(connection, {}, ann))));
  const propose = (edits: readonly Edit[], actor: Actor = assistant) =>
    engine.proposeMapping(connection, { title: "Shipping to 260", edits }, actor);
  const shippingAccount = async (order: string) => {
    const [leaf] = await must(engine.explain(connection, order, "invoice/LineItems/1/AccountCode"));
    return leaf?.value;
  };

  test("setup is proposed with its replay, approved, and becomes version 1", async () => {
    const proposal = await must(engine.proposeSetup(connection, {}, assistant));
    expect(proposal).toMatchObject({ kind: "setup", baseVersion: 0, state: "open", proposedBy: ann.name });
    expect(proposal.replay).toMatchObject({ orders: ORDERS, newlyPlanned: ORDERS });
    expect(proposal.questions.length).toBeGreaterThan(0);
    expect(await must(approve(proposal))).toMatchObject({ state: "approved", publishedVersion: 1 });
    const spec = await must(engine.currentSpec(connection));
    expect(spec).toMatchObject({ version: 1, publishedBy: ann.name, proposalId: proposal.id });
    expect(spec.spec).toEqual(proposal.candidate);
  });

  test("an answer takes its question away; an answer that fits no question is refused by name", async () => {
    const first = await must(engine.proposeSetup(connection, {}, ann));
    const question = first.questions[0];
    const option = question?.options.at(-1)?.value ?? "";
    const second = await must(engine.proposeSetup(connection, { [question?.id ?? ""]: option }, ann));
    expect(second.questions).toHaveLength(first.questions.length - 1);
    expect(await must(engine.proposal(connection, first.id))).toMatchObject({ state: "stale" });
    const wrong = await engine.proposeSetup(connection, { [question?.id ?? ""]: "no such thing" }, ann);
    expect(wrong).toMatchObject({ ok: false, error: { kind: "invalid" } });
    const unknown = await engine.proposeSetup(connection, { colour: "red" }, ann);
    expect(unknown).toMatchObject({
      ok: false,
      error: { kind: "invalid", problems: [{ path: "/answers/colour" }] },
    });
  });

  test("a mapping needs a first one", async () => {
    expect(await propose([shippingTo("260")])).toMatchObject({ ok: false, error: { kind: "noMapping" } });
  });

  test("approving changes the next order and no past one, and explain tells both apart", async () => {
    await setUp();
    const past = await must(engine.sync(connection, "000000001", WAIT));
    expect(past).toMatchObject({ settled: true, record: { state: "posted" } });
    expect(await shippingAccount("000000001")).toBe("202");
    const before = structuredClone(world.posted);

    const proposal = await must(propose([shippingTo("260")]));
    expect(proposal.replay).toMatchObject({
      orders: ORDERS,
      changed: ORDERS,
      totalsChanged: 0,
      newlyHeld: 0,
    });
    expect(await must(approve(proposal))).toMatchObject({ publishedVersion: 2 });

    await must(engine.sync(connection, "000000001", WAIT));
    expect(world.posted).toEqual(before);
    expect(await shippingAccount("000000001")).toBe("202");
    await must(engine.sync(connection, "000000002", WAIT));
    expect(await shippingAccount("000000002")).toBe("260");
    const [leaf] = await must(engine.explain(connection, "000000002", "invoice/LineItems/1/AccountCode"));
    expect(leaf?.sentence).toContain("mapping version 2, approved by Ann Approver on 2026-11-24");
  });

  test("a proposal on a version that is no longer live turns stale and says so", async () => {
    await setUp();
    const [first, second] = [
      await must(propose([shippingTo("260")])),
      await must(propose([shippingTo("200")])),
    ];
    await must(approve(first));
    expect(await approve(second)).toMatchObject({ ok: false, error: { kind: "stale" } });
    expect(await must(engine.proposal(connection, second.id))).toMatchObject({ state: "stale" });
    expect((await must(engine.specs(connection, { limit: 10 }))).items.map(({ version }) => version)).toEqual(
      [2, 1],
    );
  });

  test("two approvals at once publish once, of one proposal and of two on the same base", async () => {
    await setUp();
    const one = await must(propose([shippingTo("260")]));
    const twice = await Promise.all([approve(one), approve(one, ben)]);
    expect(twice.filter(({ ok }) => ok)).toHaveLength(1);
    const [left, right] = [await must(propose([shippingTo("200")])), await must(propose([revenueTo("260")]))];
    const both = await Promise.all([approve(left), approve(right, ben)]);
    expect(both.filter(({ ok }) => ok)).toHaveLength(1);
    expect((await must(engine.specs(connection, { limit: 10 }))).items.map(({ version }) => version)).toEqual(
      [3, 2, 1],
    );
    const states = await Promise.all([left, right].map(({ id }) => must(engine.proposal(connection, id))));
    expect(states.map(({ state }) => state).sort()).toEqual(["approved", "stale"]);
  });

  test("a model, a viewer and an operator decide nothing, and a viewer proposes nothing", async () => {
    const proposal = await must(engine.proposeSetup(connection, {}, assistant));
    for (const actor of [assistant, { ...ben, model: true }, vic, olive]) {
      expect(await approve(proposal, actor)).toMatchObject({ ok: false, error: { kind: "forbidden" } });
    }
    expect(await must(engine.proposal(connection, proposal.id))).toMatchObject({ state: "open" });
    expect(await engine.proposeSetup(connection, {}, vic)).toMatchObject({ error: { kind: "forbidden" } });
    await must(approve(proposal));
    expect(await propose([shippingTo("260")], vic)).toMatchObject({ error: { kind: "forbidden" } });
    expect(await must(propose([shippingTo("260")], olive))).toMatchObject({ proposedBy: olive.name });
  });

  test("another digest than the shown one is refused, and the proposal stays open for the right one", async () => {
    const proposal = await must(engine.proposeSetup(connection, {}, ann));
    const decision = { approve: true, digest: "0".repeat(64), note: null };
    expect(await engine.decide(connection, proposal.id, decision, ann)).toMatchObject({
      error: { kind: "stale" },
    });
    expect(await must(approve(proposal))).toMatchObject({ state: "approved" });
  });

  test("a candidate that was changed in the database is not published", async () => {
    const proposal = await must(engine.proposeSetup(connection, {}, ann));
    const tampered = JSON.stringify(proposal.candidate).replaceAll('"202"', '"260"');
    await opened.database.db.execute(
      sql`update proposals set candidate = ${tampered}::json where id = ${proposal.id}`,
    );
    expect(await approve(proposal)).toMatchObject({ ok: false, error: { kind: "stale" } });
    expect(await engine.currentSpec(connection)).toMatchObject({ error: { kind: "noMapping" } });
  });

  test("an account that was archived after the proposal makes it stale and is named", async () => {
    await setUp();
    const proposal = await must(propose([shippingTo("260")]));
    world.org = {
      ...orgGb,
      accounts: orgGb.accounts.map((account) =>
        account.code === "260" ? { ...account, status: "ARCHIVED" } : account,
      ),
    };
    expect(await approve(proposal)).toMatchObject({
      ok: false,
      error: { kind: "stale", message: expect.stringContaining("account 260 is archived") },
    });
  });

  test("newer orders that only show more of the same do not stop an approval; a new kind of effect does", async () => {
    await setUp();
    const same = await must(propose([shippingTo("260")]));
    addSale(world, saleOf(ORDERS + 1));
    await must(engine.observeRecent(connection));
    await must(approve(same));

    const rule: Edit = {
      op: "addRule",
      table: "acceptOrder",
      position: "first",
      rule: {
        id: "big-orders",
        note: "",
        when: [{ op: "above", fact: "order.grandTotal", value: "100" }],
        then: { kind: "hold", reason: "more than 100" },
      },
      why: "big orders are looked at",
    };
    const unseen = await must(propose([rule]));
    expect(unseen.replay).toMatchObject({ changed: 0, newlyHeld: 0 });
    addSale(
      world,
      saleOf(ORDERS + 2, {
        lines: [lineOf({ id: "1", quantity: "3", net: "300.00", tax: "60.00" })],
        receipts: [],
        totals: {
          grandTotal: "366.00",
          tax: "61.00",
          subtotal: "300.00",
          paid: "0",
          refunded: "0",
          cancelled: "0",
        },
      }),
    );
    await must(engine.observeRecent(connection));
    expect(await approve(unseen)).toMatchObject({
      ok: false,
      error: { kind: "stale", message: expect.stringContaining("1 order would now be held (ruleHolds)") },
    });
    expect(await must(approve(await must(propose([rule]))))).toMatchObject({ state: "approved" });
  });

  test("an unknown account is refused with the nearest ones; an edit that changes nothing is refused", async () => {
    await setUp();
    expect(await propose([shippingTo("2020")])).toMatchObject({
      ok: false,
      error: { kind: "invalid", problems: [{ nearest: expect.arrayContaining(["202 Shipping income"]) }] },
    });
    expect(await propose([shippingTo("202")])).toMatchObject({
      ok: false,
      error: { kind: "invalid", message: expect.stringContaining("Nothing would change") },
    });
    expect(await propose([])).toMatchObject({ ok: false, error: { kind: "invalid" } });
  });

  test("a rejected proposal stays visible with its note and cannot be approved any more", async () => {
    const proposal = await must(engine.proposeSetup(connection, {}, ann));
    const decision = { approve: false, digest: proposal.digest, note: "not yet" };
    const rejected = await must(engine.decide(connection, proposal.id, decision, ben));
    expect(rejected).toMatchObject({ state: "rejected", decidedBy: ben.name, decisionNote: "not yet" });
    expect(await approve(proposal)).toMatchObject({ error: { kind: "stale" } });
    expect((await must(engine.proposals(connection, { state: "rejected", limit: 5 }))).items).toHaveLength(1);
  });

  test("a proposal expires: it is listed as stale and cannot be approved", async () => {
    const proposal = await must(engine.proposeSetup(connection, {}, ann));
    world.nowMs += 15 * 86_400_000;
    expect(await approve(proposal)).toMatchObject({ error: { kind: "stale" } });
    expect((await must(engine.proposals(connection, { state: "open", limit: 5 }))).items).toEqual([]);
    expect((await must(engine.proposals(connection, { state: "stale", limit: 5 }))).items).toHaveLength(1);
    expect((await must(engine.status(connection))).openProposals).toBe(0);
  });

  test("who proposed, who decided and whether they were alone is in the audit", async () => {
    const proposal = await must(engine.proposeSetup(connection, {}, assistant));
    await must(approve(proposal));
    const entries = await rows<{ action: string; actor_id: string; detail: { [key: string]: unknown } }>(
      opened.database.db,
      sql`select action, actor_id, detail from audit where subject = ${proposal.id} order by at`,
    );
    expect(entries).toMatchObject([
      { action: "proposal.proposed", actor_id: ann.id, detail: { model: true, kind: "setup" } },
      {
        action: "proposal.approved",
        actor_id: ann.id,
        detail: { model: false, own: true, alone: true, digest: proposal.digest, publishedVersion: 1 },
      },
    ]);
  });

  test("in production nobody approves their own change while somebody else could", async () => {
    await engine.stop();
    let deciders = 2;
    engine = await openEngine(opened.database, world, {
      environment: "production",
      deciders: async () => deciders,
    });
    const proposal = await must(engine.proposeSetup(connection, {}, assistant));
    expect(await approve(proposal, ann)).toMatchObject({ error: { kind: "forbidden" } });
    await must(approve(proposal, ben));
    const own = await must(propose([shippingTo("260")]));
    deciders = 1;
    expect(await must(approve(own, ann))).toMatchObject({ state: "approved" });
  });

  test("a prepared invoice goes out only when approved, with its contact, and exactly as it was shown", async () => {
    await setUp();
    const proposal = await must(
      engine.proposeDocument(connection, { order: "000000003", steps: ["invoice"] }, assistant),
    );
    expect(proposal.document?.steps).toEqual(["contact", "invoice"]);
    expect(world.posted).toEqual([]);
    await must(approve(proposal));
    await engine.start();
    await expect.poll(() => world.posted.length, { timeout: 15_000 }).toBe(2);
    const invoice = world.posted.find(({ resource }) => resource === "Invoices");
    const shown = proposal.document?.plan.documents.find(({ step }) => step === "invoice")?.body;
    expect(invoice?.body).toEqual({ ...shown, Contact: { ContactID: "Contacts-1" } });
    const again = await engine.proposeDocument(connection, { order: "000000003", steps: ["invoice"] }, ann);
    expect(again).toMatchObject({ error: { kind: "invalid" } });
    const wrong = await engine.proposeDocument(connection, { order: "000000004", steps: ["invoic"] }, ann);
    expect(wrong).toMatchObject({ error: { kind: "invalid", problems: [{ nearest: ["invoice"] }] } });
  });

  test("an order that changed after its invoice was prepared must be prepared again", async () => {
    await setUp();
    const proposal = await must(
      engine.proposeDocument(connection, { order: "000000003", steps: ["contact"] }, ann),
    );
    addSale(world, saleOf(3, { coupon: "LATE", source: { ...saleOf(3).source, revision: "r3b" } }));
    expect(await approve(proposal)).toMatchObject({ error: { kind: "stale" } });
    expect(world.posted).toEqual([]);
  });

  test("an invoice that was prepared by an older mapping must be prepared again", async () => {
    await setUp();
    const prepared = await must(
      engine.proposeDocument(connection, { order: "000000006", steps: ["invoice"] }, ann),
    );
    await must(approve(await must(propose([shippingTo("260")]))));
    expect(await approve(prepared)).toMatchObject({
      error: {
        kind: "stale",
        message: expect.stringContaining("planned by mapping version 1; version 2 is live"),
      },
    });
    expect(world.posted).toEqual([]);
  });

  test("a contact that goes out alone does not make its order complete", async () => {
    await setUp();
    const proposal = await must(
      engine.proposeDocument(connection, { order: "000000001", steps: ["contact"] }, ann),
    );
    await must(approve(proposal));
    await engine.start();
    await expect.poll(() => world.posted.length, { timeout: 15_000 }).toBe(1);
    await opened.database.db.execute(
      sql`insert into sweeps (connection_id, passed_to) values (${connection}, '2026-11-24T09:00:00Z')`,
    );
    expect((await must(engine.status(connection))).completeAsOf).toBe(
      new Date(saleOf(1).placedAt).toISOString(),
    );
  });

  test("an approval that was cut off before its documents were queued is taken up at the next start", async () => {
    await setUp();
    const proposal = await must(
      engine.proposeDocument(connection, { order: "000000005", steps: ["contact"] }, ann),
    );
    await opened.database.db.execute(sql`update proposals set state = 'approved' where id = ${proposal.id}`);
    await engine.start();
    await expect
      .poll(() => world.posted.map(({ resource }) => resource), { timeout: 15_000 })
      .toEqual(["Contacts"]);
  });
});
