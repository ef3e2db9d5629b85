import { describe, expect, test } from "vitest";
import { issueToken } from "../auth/secrets.ts";
import { createAuthStore, noCredentials } from "../auth/store.ts";
import { ProposalView } from "../schemas/proposals.ts";
import { openBench, openShop, PEOPLE } from "../testing.ts";
import { proposalOf } from "../testing-data.ts";

test("a proposal comes with its before and after, its count and the words of the button", async () => {
  const { ask } = await openBench();
  const proposal = await (await ask("viewer", "/api/proposals/p1")).json();
  expect(proposal).toMatchObject({
    affects: 412,
    approveLabel: "Approve 412 changes",
    confirmOrders: null,
    changes: [
      {
        what: "Sales account, rule wholesale",
        before: null,
        after: "customer group is “Wholesale”: 200 Sales",
        why: "Wholesale stays where it is.",
      },
      {
        what: "Shipping account",
        before: "200 Sales",
        after: "202 Shipping income",
        why: "Shipping belongs to shipping income.",
      },
    ],
  });
});

test("only the digest that was shown is approved", async () => {
  const { ask, shop } = await openBench();
  const stale = await ask("approver", "/api/proposals/p1/approve", { digest: "another" });
  expect(stale.status).toBe(409);
  expect(await stale.json()).toMatchObject({ kind: "stale" });
  expect(shop.proposals[0]?.state).toBe("open");
});

test("an approval records who decided and the note", async () => {
  const { ask } = await openBench();
  const body = { digest: "digest-of-p1", note: "as agreed" };
  const response = await ask("approver", "/api/proposals/p1/approve", body);
  expect(await response.json()).toMatchObject({
    state: "approved",
    decidedBy: "Dana",
    decisionNote: "as agreed",
    publishedVersion: 2,
  });
});

test("a rejection publishes nothing", async () => {
  const { ask } = await openBench();
  const response = await ask("approver", "/api/proposals/p1/reject", { digest: "digest-of-p1" });
  expect(await response.json()).toMatchObject({ state: "rejected", publishedVersion: null });
});

test("a wrong count is refused and the right one is named", async () => {
  const { ask, shop } = await openBench();
  const body = { digest: "digest-of-p1", confirmOrders: 12 };
  const response = await ask("approver", "/api/proposals/p1/approve", body);
  expect(response.status).toBe(409);
  expect(await response.json()).toMatchObject({ kind: "confirmOrders", expected: 412 });
  expect(shop.decidedBy).toEqual([]);
});

describe("one's own proposal in production", () => {
  async function production(deciders: "alone" | "two") {
    const shop = openShop();
    shop.connections = shop.connections.map((connection) => ({ ...connection, environment: "production" }));
    shop.proposals = [proposalOf({ id: "own", proposedBy: "Dana" })];
    const auth = createAuthStore(noCredentials(), async () => undefined);
    const token = await issueToken(auth, PEOPLE.approver, null);
    if (deciders === "two") await issueToken(auth, PEOPLE.admin, null);
    const { app } = await openBench({ shop, auth: { ...auth, addToken: async () => undefined } });
    const approve = (body: object) =>
      app.request("/api/proposals/own/approve", {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body: JSON.stringify({ digest: "digest-of-own", ...body }),
      });
    const show = async () => {
      const headers = { authorization: `Bearer ${token}` };
      return (await app.request("/api/proposals/own", { headers })).json();
    };
    return { approve, show, shop };
  }

  test("says that another person decides where there is one", async () => {
    const { show } = await production("two");
    expect(await show()).toMatchObject({ anotherPerson: true, confirmOrders: null });
  });

  test("is confirmed with the count by somebody who is alone, and the audit says so", async () => {
    const { approve, show, shop } = await production("alone");
    expect(await show()).toMatchObject({ anotherPerson: false, confirmOrders: 412 });
    const unconfirmed = await approve({});
    expect(unconfirmed.status).toBe(409);
    expect(await unconfirmed.json()).toMatchObject({ kind: "confirmOrders", expected: 412 });
    expect((await approve({ confirmOrders: 412 })).status).toBe(200);
    expect(shop.proposals[0]?.decisionNote).toBe("Own proposal, confirmed with the count 412.");
  });
});

test("a first mapping shows every table and asks what it cannot know", async () => {
  const { ask } = await openBench();
  const first = ProposalView.parse(await (await ask("operator", "/api/setup", { answers: {} })).json());
  expect(first.questions).toHaveLength(1);
  expect(first.changes).toContainEqual(
    expect.objectContaining({ what: "Sales account", before: null, after: "200 Sales" }),
  );
  expect(first.approveLabel).toBe("Approve for 50 orders");
  const second = await ask("operator", "/api/setup", { answers: { bank: "090" } });
  const answered = ProposalView.parse(await second.json());
  expect(answered.questions).toEqual([]);
});
