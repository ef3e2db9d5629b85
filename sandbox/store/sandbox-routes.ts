import { z } from "zod";
import type { createCalls, createFaults, createSandboxClock } from "../shared/control.ts";
import { ClockChange, Fault } from "../shared/control.ts";
import type { Scenario } from "../shared/scenario.ts";
import { authorizeOrder, createInvoice, createRefund, createShipment } from "./actions.ts";
import { MagentoError, noSuchEntity } from "./errors.ts";
import { beginHandshake } from "./handshake.ts";
import { importOrders } from "./import.ts";
import type { Json, JsonObject } from "./json.ts";
import { isObject, numberAt } from "./json.ts";
import type { IntegrationKeys } from "./oauth.ts";
import { OrderRequest } from "./order-request.ts";
import { placeOrder } from "./place.ts";
import type { Shop } from "./shop.ts";
import type { State, Table } from "./state.ts";
import { TABLES } from "./state.ts";
import { magentoTime } from "./time.ts";

export type Sandbox = {
  state: State;
  shop: Shop;
  scenario: Scenario;
  clock: ReturnType<typeof createSandboxClock>;
  calls: ReturnType<typeof createCalls>;
  faults: ReturnType<typeof createFaults>;
  integration: IntegrationKeys;
  url(): string;
  reseed(): void;
};

type Handler = (sandbox: Sandbox, body: Json | undefined) => Json;

/** The test plane under /__sandbox/ (contract.md, "The demo servers"). Not part of Magento; not signed. */
const HANDLERS: Record<string, Handler> = {
  "GET state": ({ state }) =>
    Object.fromEntries(tableNames().map((table) => [table, [...state.read.all(table)]])),
  "GET calls": ({ calls }) => calls.summary() as unknown as Json,
  "POST reset": (sandbox) => {
    sandbox.calls.clear();
    sandbox.faults.clear();
    sandbox.clock.restore(0);
    sandbox.reseed();
    return { reset: true, orders: sandbox.state.read.all("orders").length };
  },
  "POST faults": ({ faults }, body) => {
    if (body === null || (isObject(body) && Object.keys(body).length === 0)) faults.clear();
    else faults.add(parse(Fault, body, "faults"));
    return { faults: [...faults.list()] as unknown as Json };
  },
  "POST clock": ({ clock, state }, body) => {
    clock.change(parse(ClockChange, body, "clock"));
    state.transact((transaction) =>
      transaction.put("settings", { name: "clock", offsetMs: clock.offsetMs() }),
    );
    return { now: clock.now().toISOString() };
  },
  "POST import": ({ state, clock }, body) => {
    const imported = state.transact((transaction) =>
      importOrders(transaction, body, magentoTime(clock.now())),
    );
    return { imported: imported.length, orders: imported };
  },
  "POST edit": edit,
  "POST order": order,
  "POST refund": refund,
  "POST handshake": handshake,
};

const tableNames = (): Table[] => Object.keys(TABLES) as Table[];

/** Answers undefined for a path that is not one of the sandbox's. */
export function runSandbox(
  sandbox: Sandbox,
  method: string,
  name: string,
  body: Json | undefined,
): Json | undefined {
  const handler = HANDLERS[`${method} ${name}`];
  return handler?.(sandbox, body);
}

const Edit = z.strictObject({
  table: z.enum([
    "orders",
    "invoices",
    "creditmemos",
    "shipments",
    "transactions",
    "products",
    "customers",
    "sourceItems",
  ]),
  id: z.union([z.string(), z.number()]),
  /** Members to replace; null removes one. */
  set: z.record(z.string(), z.unknown()).optional(),
  remove: z.boolean().default(false),
  /** Child tables do not touch updated_at in Magento; a test may want that too (magento.md 2, updated_at pitfalls). */
  touch: z.boolean().default(true),
});

/** Changes a document behind the shop's back, as an import or a third-party module would. */
function edit({ state, clock }: Sandbox, body: Json | undefined): Json {
  const change = parse(Edit, body, "edit");
  return state.transact((transaction) => {
    const row = transaction.get(change.table, change.id);
    if (row === undefined) throw noSuchEntity();
    if (change.remove) {
      transaction.remove(change.table, change.id);
      return { removed: true };
    }
    const next: JsonObject = { ...row };
    for (const [name, value] of Object.entries(change.set ?? {})) {
      if (value === null) delete next[name];
      else next[name] = value as Json;
    }
    if (change.touch && change.set?.updated_at === undefined) next.updated_at = magentoTime(clock.now());
    transaction.put(change.table, next);
    return next;
  });
}

function order({ state, shop, scenario, clock }: Sandbox, body: Json | undefined): Json {
  const request = parse(OrderRequest, body, "order");
  const now = magentoTime(clock.now());
  return state.transact((transaction) => {
    const placed = placeOrder({ transaction, shop, scenario, request, now });
    const id = numberAt(placed, "entity_id");
    const context = { transaction, shop, now };
    if (request.authorize) authorizeOrder(context, id);
    if (request.invoice) createInvoice(context, { orderId: id, items: [], capture: true });
    if (request.ship) createShipment(context, { orderId: id, items: [], tracks: [], sourceCode: "default" });
    return transaction.get("orders", id) ?? placed;
  });
}

const Refund = z.strictObject({
  orderId: z.union([z.string(), z.number()]),
  items: z.array(z.strictObject({ order_item_id: z.number(), qty: z.number().min(0) })).default([]),
  shippingAmount: z.number().min(0).optional(),
  /** In base currency: what of it becomes the customer's store credit. */
  toStoreCredit: z.number().positive(),
});

/** A person's refund to store credit: an admin form of Adobe Commerce that has no REST route (magento.md 3). */
function refund({ state, shop, clock }: Sandbox, body: Json | undefined): Json {
  const { shippingAmount, ...request } = parse(Refund, body, "refund");
  if (!shop.commerce) throw new MagentoError(400, "toStoreCredit: Open Source has no store credit");
  return state.transact((transaction) =>
    createRefund(
      { transaction, shop, now: magentoTime(clock.now()) },
      {
        ...request,
        ...(shippingAmount === undefined ? {} : { shippingAmount }),
        online: false,
        adjustmentPositive: 0,
        adjustmentNegative: 0,
      },
    ),
  );
}

const Handshake = z.strictObject({ callbackUrl: z.url().optional() });

/** A person activates the integration: Magento posts the keys and a verifier to its callback (magento.md 1). */
function handshake({ state, clock, integration, url }: Sandbox, body: Json | undefined): Json {
  const { callbackUrl } = parse(Handshake, body, "handshake");
  const nowSeconds = Math.floor(clock.now().getTime() / 1000);
  const posted = beginHandshake(state, { integration, storeUrl: url(), nowSeconds });
  if (callbackUrl !== undefined) {
    fetch(callbackUrl, { method: "POST", body: new URLSearchParams(posted) }).catch((error: unknown) => {
      console.error(JSON.stringify({ event: "store.callbackFailed", error: String(error) }));
    });
  }
  return posted;
}

function parse<T>(schema: z.ZodType<T>, body: unknown, what: string): T {
  const parsed = schema.safeParse(body ?? {});
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${issue.path.join(".") || what}: ${issue.message}`);
  throw new MagentoError(400, problems.join("; "));
}
