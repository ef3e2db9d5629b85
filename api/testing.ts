/**
 * Test doubles for api/ and web/: an engine that holds a small shop in memory, a chat that follows a script, and an app
 * put together from them. It knows no mapping rules: those are tested where they are written.
 */
import type {
  Actor,
  ConnectionInfo,
  Engine,
  EngineError,
  OrderRow,
  Proposal,
  Spec,
  Status,
} from "../engine/api.ts";
import { err, ok } from "../engine/core/result.ts";
import { RecordState } from "../engine/core/state.ts";
import { registry } from "../tools/registry.ts";
import { createApp } from "./app.ts";
import { issueLink, issueToken } from "./auth/secrets.ts";
import { createAuthStore, noCredentials } from "./auth/store.ts";
import type { AppConfig, Chat, ChatEvent } from "./ports.ts";
import {
  explanationOf,
  HELD,
  NOW,
  ORDERS,
  ORG,
  PUBLISHED,
  proposalOf,
  recordOf,
  STATUS,
  STORE,
  setupProposal,
} from "./testing-data.ts";

export type Shop = {
  connections: ConnectionInfo[];
  orders: OrderRow[];
  proposals: Proposal[];
  specs: Spec[];
  /** When set, every engine call that can fails with it. */
  failing: EngineError | null;
  readonly decidedBy: Actor[];
  readonly imported: unknown[];
};

export const openShop = (): Shop => ({
  connections: [
    {
      id: "demo",
      name: "Demo",
      environment: "sandbox",
      storeUrl: "http://127.0.0.1:4311",
      ledgerName: "Demo ledger",
    },
  ],
  orders: [...ORDERS],
  proposals: [proposalOf({ id: "p1" })],
  specs: [PUBLISHED],
  failing: null,
  decidedBy: [],
  imported: [],
});

const missing = (what: string) => err({ kind: "notFound" as const, message: `There is no ${what}.` });
const pageOf = <T>(items: readonly T[]) => ok({ items, nextCursor: null, total: items.length });

export function createEngineDouble(shop: Shop): Engine {
  return {
    connections: async () => shop.connections,
    ...looking(shop),
    ...proposing(shop),
    start: async () => undefined,
    stop: async () => undefined,
  };
}

/** Every method but `connections` takes a connection first, and fails as the shop says. */
const onShop =
  (shop: Shop) =>
  <Args extends readonly unknown[], T>(work: (...args: Args) => Promise<T>) =>
  async (connection: string, ...args: Args) => {
    if (shop.failing !== null) return err(shop.failing);
    if (!shop.connections.some(({ id }) => id === connection)) {
      return err({ kind: "unknownConnection" as const, message: `There is no connection ${connection}.` });
    }
    return work(...args);
  };

type Proposing = "proposeSetup" | "proposeMapping" | "proposeDocument" | "proposal" | "proposals" | "decide";

function looking(shop: Shop): Omit<Engine, Proposing | "connections" | "start" | "stop"> {
  const on = onShop(shop);
  const orderOf = (number: string) => shop.orders.find(({ order }) => order === number);
  const post = async (number: string) => {
    const row = orderOf(number);
    if (row === undefined) return missing(`order ${number}`);
    const posted: OrderRow = { ...row, state: "posted", hold: null };
    shop.orders = shop.orders.map((order) => (order === row ? posted : order));
    return ok({ order: number, record: recordOf(posted), settled: true });
  };
  return {
    profile: on(async () => ok({ org: ORG, store: STORE, asOf: NOW })),
    order: on(async (number: string) => {
      const row = orderOf(number);
      return row === undefined
        ? missing(`order ${number}`)
        : ok({ sale: null, hold: recordOf(row).hold, record: recordOf(row) });
    }),
    searchOrders: on(async (query) =>
      pageOf(shop.orders.filter(({ state }) => query.state === undefined || query.state === state)),
    ),
    preview: on(async (number: string) => {
      const { hold } = recordOf({ ...HELD, order: number });
      return hold === null ? missing("hold") : ok({ status: "held" as const, order: number, held: hold });
    }),
    importOrders: on(async (orders) => {
      shop.imported.push(...orders);
      return ok({ imported: orders.map((_, index) => String(index)) });
    }),
    sync: on(post),
    retry: on(post),
    accept: on(post),
    record: on(async (number: string) => {
      const row = orderOf(number);
      return row === undefined ? missing(`record of ${number}`) : ok(recordOf(row));
    }),
    failed: on(async () => pageOf(shop.orders.filter(({ state }) => state === "held").map(recordOf))),
    explain: on(async (order: string) => ok([explanationOf(order)])),
    status: on(async () => ok(statusOf(shop))),
    currentSpec: on(async () => {
      const [latest] = shop.specs;
      return latest === undefined
        ? err({ kind: "noMapping" as const, message: "No mapping is approved yet." })
        : ok(latest);
    }),
    specs: on(async () => pageOf(shop.specs)),
    specVersion: on(async (version: number) => {
      const found = shop.specs.find((spec) => spec.version === version);
      return found === undefined ? missing(`version ${version}`) : ok(found);
    }),
  };
}

function proposing(shop: Shop): Pick<Engine, Proposing> {
  const on = onShop(shop);
  const propose = async (proposal: Proposal) => {
    shop.proposals = [proposal, ...shop.proposals.filter(({ id }) => id !== proposal.id)];
    return ok(proposal);
  };
  return {
    proposeSetup: on(async (answers) => propose(setupProposal(answers))),
    proposeMapping: on(async ({ title }, actor) =>
      propose(proposalOf({ id: `p${shop.proposals.length + 1}`, title, proposedBy: actor.name })),
    ),
    proposeDocument: on(async () => missing("document in this double")),
    proposal: on(async (id: string) => {
      const found = shop.proposals.find((proposal) => proposal.id === id);
      return found === undefined ? missing(`proposal ${id}`) : ok(found);
    }),
    proposals: on(async (query) =>
      pageOf(shop.proposals.filter(({ state }) => query.state === undefined || query.state === state)),
    ),
    decide: on(async (id, { approve, digest, note }, actor) => {
      const found = shop.proposals.find((proposal) => proposal.id === id);
      if (found === undefined) return missing(`proposal ${id}`);
      if (found.digest !== digest || found.state !== "open") {
        return err({ kind: "stale" as const, message: "The proposal is not what was shown." });
      }
      shop.decidedBy.push(actor);
      const decided: Proposal = {
        ...found,
        state: approve ? "approved" : "rejected",
        decidedBy: actor.name,
        decidedAt: NOW,
        decisionNote: note,
        publishedVersion: approve ? 2 : null,
      };
      shop.proposals = shop.proposals.map((proposal) => (proposal === found ? decided : proposal));
      return ok(decided);
    }),
  };
}

function statusOf(shop: Shop): Status {
  const records = Object.fromEntries(
    RecordState.options.map((state) => [state, shop.orders.filter((row) => row.state === state).length]),
  ) as Status["records"];
  const openProposals = shop.proposals.filter(({ state }) => state === "open").length;
  return { ...STATUS, specVersion: shop.specs[0]?.version ?? null, records, openProposals };
}

export const DONE: ChatEvent = { t: "done", stop: "end", usage: null };

/** A chat that tells what the script says; it waits for `until` before the last event, and it stops when told. */
export const scriptedChat = (
  script: readonly ChatEvent[],
  until: Promise<void> = Promise.resolve(),
): Chat => ({
  async *run({ signal }) {
    for (const [index, event] of script.entries()) {
      if (index === script.length - 1) {
        await Promise.race([
          until,
          new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve())),
        ]);
      }
      if (signal.aborted) return;
      yield event;
    }
  },
});

export const PEOPLE = {
  viewer: { id: "vera", name: "Vera", role: "viewer", model: false },
  operator: { id: "olga", name: "Olga", role: "operator", model: false },
  approver: { id: "dana", name: "Dana", role: "approver", model: false },
  admin: { id: "ada", name: "Ada", role: "admin", model: false },
  model: { id: "mcp", name: "MCP host", role: "admin", model: true },
} as const satisfies Record<string, Actor>;

export type Bench = Awaited<ReturnType<typeof openBench>>;

/** An app over the doubles, with a token for each person, a clock that a test sets and what was logged. */
export async function openBench(config: Partial<AppConfig> & { readonly shop?: Shop } = {}) {
  const shop = config.shop ?? openShop();
  const auth = createAuthStore(noCredentials(), async () => undefined);
  const time = { now: new Date(NOW) };
  const clock = { now: () => time.now };
  const logged: string[] = [];
  let counter = 0;
  const app = createApp({
    engine: createEngineDouble(shop),
    registry,
    chat: scriptedChat([{ t: "text", s: "Hello." }, DONE]),
    auth,
    clock,
    ids: {
      next: () => {
        counter += 1;
        return `id-${counter}`;
      },
    },
    log: (event) => void logged.push(event),
    links: {
      publicUrl: null,
      proposal: (id) => `http://localhost:4310/?proposal=${id}`,
      newLink: "Run npm start again; it prints a new link.",
    },
    version: "0.0.0-test",
    webRoot: new URL("../web", import.meta.url).pathname,
    timing: { heartbeatMs: 15_000, pollMs: 20, unreadMs: 20 },
    ...config,
  });
  const tokens = Object.fromEntries(
    await Promise.all(
      Object.entries(PEOPLE).map(async ([who, actor]) => [who, await issueToken(auth, actor, null)]),
    ),
  ) as Record<keyof typeof PEOPLE, string>;
  return {
    app,
    shop,
    auth,
    time,
    logged,
    tokens,
    link: (actor: Actor = PEOPLE.approver, baseUrl = "http://localhost:4310") =>
      issueLink(auth, actor, baseUrl, clock),
    /** A request with a person's token and, for a body, JSON. */
    ask: (who: keyof typeof PEOPLE, path: string, body?: unknown) =>
      app.request(path, {
        method: body === undefined ? "GET" : "POST",
        headers: { authorization: `Bearer ${tokens[who]}`, "content-type": "application/json" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
  };
}
