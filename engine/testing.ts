/** A scripted store and ledger for database tests of the engine; the real ones are met in the end-to-end tests. */
import { randomUUID } from "node:crypto";
import type { Database } from "./adapters/postgres/open.ts";
import type { Actor, Outcome } from "./api.ts";
import type { Connection } from "./context.ts";
import { e4Of, formatE4, sumOf } from "./core/money.ts";
import type { Org, StoreProfile } from "./core/org.ts";
import { err, ok } from "./core/result.ts";
import { CanonicalSale } from "./core/sale.ts";
import type { Json } from "./core/shapes.ts";
import { orgGb, saleGb, storeGb } from "./core/testing.ts";
import { createEngine, type EngineConfig, type RunningEngine } from "./index.ts";
import type { ElementAnswer, Ledger, LedgerDocument, SalesSource } from "./ports.ts";

export const ann: Actor = { id: "u-ann", name: "Ann Approver", role: "approver", model: false };
export const ben: Actor = { id: "u-ben", name: "Ben Boss", role: "admin", model: false };
export const olive: Actor = { id: "u-olive", name: "Olive Operator", role: "operator", model: false };
export const vic: Actor = { id: "u-vic", name: "Vic Viewer", role: "viewer", model: false };
/** The assistant that works for Ann. */
export const assistant: Actor = { ...ann, model: true };

/** What the tests change while the engine runs. */
export type World = {
  /** Tests share a database, each with a connection of its own. */
  readonly connection: string;
  readonly sales: Map<string, CanonicalSale>;
  org: Org;
  store: StoreProfile;
  /** Everything that was created, by resource. */
  readonly posted: { readonly resource: string; readonly body: Json }[];
  away: boolean;
  ordersRead: number;
  nowMs: number;
};

let worlds = 0;

export function newWorld(orders: number): World {
  worlds += 1;
  const world: World = {
    connection: `shop-${worlds}`,
    sales: new Map(),
    org: orgGb,
    store: storeGb,
    posted: [],
    away: false,
    ordersRead: 0,
    nowMs: Date.parse("2026-11-24T10:00:00Z"),
  };
  for (let at = 1; at <= orders; at += 1) addSale(world, saleOf(at));
  return world;
}

/** The shop's order `at`: placed `at` minutes into a November morning, each with its own customer and payment. */
export function saleOf(at: number, more: Partial<CanonicalSale> = {}): CanonicalSale {
  const number = String(at).padStart(9, "0");
  return {
    ...saleGb,
    source: { ...saleGb.source, id: String(at), number, revision: `r${at}` },
    placedAt: new Date(Date.parse("2026-11-01T08:00:00Z") + at * 60_000).toISOString(),
    customer: { ...saleGb.customer, key: `C${at}` },
    receipts: saleGb.receipts.map((receipt) => ({ ...receipt, key: `ch_${at}`, transactionId: `ch_${at}` })),
    ...more,
  };
}

export const addSale = (world: World, sale: CanonicalSale): void => {
  world.sales.set(sale.source.number, sale);
};

export async function openEngine(
  database: Database,
  world: World,
  more: Partial<EngineConfig> & { readonly environment?: "sandbox" | "production" } = {},
): Promise<RunningEngine> {
  const opening = randomUUID().slice(0, 8);
  let ids = 0;
  const { environment = "sandbox", ...config } = more;
  return createEngine({
    database,
    connections: [connectionOf(world, environment)],
    // A different instant for everything that happens, so that lists have one order.
    clock: {
      now: () => {
        world.nowMs += 1;
        return new Date(world.nowMs);
      },
    },
    ids: {
      next: () => {
        ids += 1;
        return `${world.connection}-${opening}-${String(ids).padStart(6, "0")}`;
      },
    },
    log: () => {},
    ...config,
  });
}

function connectionOf(world: World, environment: "sandbox" | "production"): Connection {
  return {
    info: {
      id: world.connection,
      name: "Shop",
      environment,
      storeUrl: "https://shop.example",
      ledgerName: world.org.name,
    },
    storeId: `store of ${world.connection}`,
    organisationId: `organisation of ${world.connection}`,
    source: sourceOf(world),
    openLedger: () => ledgerOf(world),
    importOrders: async (orders) => {
      const sales = orders.map((order) => CanonicalSale.parse(order));
      for (const sale of sales) addSale(world, sale);
      return ok(sales.map(({ source }) => source.number));
    },
  };
}

const AWAY = { kind: "unavailable", detail: "It is away." } as const;

/** Its "order JSON" is the canonical sale itself with the two fields by which orders are found. */
function sourceOf(world: World): SalesSource {
  const rawOf = (sale: CanonicalSale): Json => ({
    increment_id: sale.source.number,
    entity_id: sale.source.id,
    sale: sale as unknown as Json,
  });
  return {
    fetchOrder: async (number) => {
      if (world.away) return err(AWAY);
      world.ordersRead += 1;
      const sale = world.sales.get(number);
      return sale === undefined
        ? err({ kind: "notFound", detail: "There is no such order." })
        : ok({ order: rawOf(sale), invoices: [], creditMemos: [], shipments: [] });
    },
    fetchChanged: async ({ page, pageSize }) => {
      if (world.away) return err(AWAY);
      const all = [...world.sales.values()].map(rawOf);
      return ok({ orders: all.slice((page - 1) * pageSize, page * pageSize), total: all.length });
    },
    fetchProducts: async () => ok([]),
    fetchProfile: async () => (world.away ? err(AWAY) : ok(world.store)),
    readSale: ({ order }) => {
      const parsed = CanonicalSale.safeParse((order as { sale: unknown }).sale);
      if (parsed.success) return ok(parsed.data);
      const field = parsed.error.issues[0]?.path.join("/") ?? "";
      return err({ hold: "fieldInvalid", field, detail: `${field} is wrong.`, action: "Correct it." });
    },
  };
}

function ledgerOf(world: World): Ledger {
  const documents: LedgerDocument[] = [];
  return {
    fetchItems: async () => ok([]),
    fetchOrg: async () => (world.away ? err(AWAY) : ok(world.org)),
    create: async ({ resource, bodies }) => ({
      kind: "answered",
      elements: bodies.map((body): ElementAnswer => {
        world.posted.push({ resource, body });
        const document = documentOf(`${resource}-${world.posted.length}`, body);
        documents.push(document);
        return { ok: true, document };
      }),
    }),
    find: async ({ values }) =>
      ok(
        documents.filter(
          ({ id, number }) => values.includes(id) || (number !== null && values.includes(number)),
        ),
      ),
  };
}

function documentOf(id: string, body: Json): LedgerDocument {
  const text = (key: string): string | null => {
    const value = (body as { readonly [key: string]: Json })[key];
    return typeof value === "string" ? value : null;
  };
  const items = (body as { readonly LineItems?: readonly { readonly LineAmount: string }[] }).LineItems;
  return {
    id,
    number: text("InvoiceNumber") ?? text("ContactNumber"),
    reference: text("Reference"),
    type: text("Type") ?? "",
    status: text("Status") ?? "ACTIVE",
    contactId: null,
    name: text("Name"),
    date: text("Date"),
    currency: text("CurrencyCode"),
    total: items === undefined ? null : formatE4(sumOf(items.map(({ LineAmount }) => e4Of(LineAmount)))),
    totalTax: null,
    amountDue: null,
    lines: [],
    payments: [],
    allocations: [],
  };
}

/** The value of an outcome that a test takes for granted. */
export async function must<T>(outcome: Outcome<T>): Promise<T> {
  const result = await outcome;
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}
