/**
 * A demo shop for tests of the tools and the assistant: the lists of scenarios/demo-gb.json with the accounts and the category
 * that everyday.phrases.json names, and an engine over them that edits, checks and replays with the real core.
 */
import { readFileSync } from "node:fs";
import { z } from "zod";
import type { Actor, Engine, EngineError, Outcome, Proposal, RecordView, Spec } from "../engine/api.ts";
import { checkSpec } from "../engine/core/check-spec.ts";
import { applyEdits } from "../engine/core/edits.ts";
import type { MappingSpec } from "../engine/core/mapping.ts";
import type { Org, StoreProfile } from "../engine/core/org.ts";
import { planSale } from "../engine/core/plan-sale.ts";
import { replaySpecs } from "../engine/core/replay.ts";
import { err, ok } from "../engine/core/result.ts";
import type { CanonicalSale } from "../engine/core/sale.ts";
import { proposeSpec } from "../engine/core/setup.ts";
import { saleGb } from "../engine/core/testing.ts";
import type { ToolContext } from "../tools/define.ts";
import { openSession, type ToolSession } from "../tools/session.ts";

export const olive: Actor = { id: "u-olive", name: "Olive Operator", role: "operator", model: true };
export const vic: Actor = { id: "u-vic", name: "Vic Viewer", role: "viewer", model: true };

const Scenario = z.object({
  org: z.object({
    accounts: z.array(
      z.object({
        code: z.string(),
        name: z.string(),
        type: z.string(),
        enablePayments: z.boolean().default(false),
        systemAccount: z.string().nullable().default(null),
        status: z.enum(["ACTIVE", "ARCHIVED"]).default("ACTIVE"),
      }),
    ),
    taxRates: z.array(z.object({ taxType: z.string(), name: z.string(), rate: z.number() })),
    tracking: z.array(z.object({ category: z.string(), options: z.array(z.string()) })),
  }),
  store: z.object({
    storeViews: z.array(z.object({ code: z.string(), name: z.string(), currency: z.string() })),
    customerGroups: z.array(z.string()),
    taxClasses: z.array(z.string()),
    paymentMethods: z.array(z.string()),
  }),
});

const scenarioFile = new URL("../scenarios/demo-gb.json", import.meta.url);

/** What the phrases call things where the demo scenario has another name or none. */
const NAMED_BY_PHRASES = [
  { code: "205", name: "Wholesale sales", type: "REVENUE" },
  { code: "480", name: "Discounts given", type: "REVENUE" },
  { code: "090", name: "Business bank account", type: "BANK" },
];
const CATEGORIES = ["Gift Boxes", "Kitchen", "Tea and coffee", "Books", "Clothing", "Home energy"];

export function demoShop(): { readonly org: Org; readonly store: StoreProfile } {
  const { org, store } = Scenario.parse(JSON.parse(readFileSync(scenarioFile, "utf8")));
  const usual = { enablePayments: false, systemAccount: null, status: "ACTIVE" as const };
  const renamed = new Set(NAMED_BY_PHRASES.map(({ code }) => code));
  return {
    org: {
      name: "Demo",
      country: "GB",
      baseCurrency: "GBP",
      currencies: ["GBP", "EUR", "USD"],
      timezone: "Europe/London",
      periodLockDate: null,
      endOfYearLockDate: null,
      accounts: [
        ...org.accounts.filter(({ code }) => !renamed.has(code)),
        ...NAMED_BY_PHRASES.map((account) => ({ ...usual, ...account })),
      ].toSorted((a, b) => (a.code < b.code ? -1 : 1)),
      taxRates: org.taxRates.map(({ taxType, name, rate }) => ({
        taxType,
        name,
        rate: String(rate),
        status: "ACTIVE",
        appliesToRevenue: !/INPUT/.test(taxType),
      })),
      tracking: org.tracking.map(({ category, options }) => ({ name: category, options })),
    },
    store: {
      storeViews: store.storeViews.map((view, index) => ({
        ...view,
        id: String(index + 1),
        website: "base",
      })),
      customerGroups: ["NOT LOGGED IN", ...store.customerGroups].map((name, index) => ({
        id: String(index),
        name,
        taxClass: "Retail Customer",
      })),
      taxClasses: store.taxClasses.map((name, index) => ({ id: String(index + 1), name })),
      categories: CATEGORIES.map((name, index) => ({ id: String(index + 3), name })),
      attributeSets: [{ id: "4", name: "Default" }],
      paymentMethods: store.paymentMethods,
      pricesIncludeTax: true,
    },
  };
}

/** A full, valid spec of the demo shop: what `setup` proposes for it. */
export function demoSpec(): MappingSpec {
  return proposeSpec({ ...demoShop(), answers: {} }).spec;
}

/** The same shop before anything was refined: all income on 200, all money on 090. Every everyday wish changes it. */
export function plainSpec(): MappingSpec {
  const spec = demoSpec();
  const account = { rules: [], otherwise: { kind: "account" as const, code: "200" } };
  const payment = { rules: [], otherwise: { kind: "payment" as const, account: "090" } };
  return { ...spec, tables: { ...spec.tables, shippingAccount: account, discountAccount: account, payment } };
}

/** A handful of past orders: two ordinary ones, a wholesale one by bank transfer, a guest's and one to the United States. */
export function demoSales(): CanonicalSale[] {
  const sale = (id: number, more: Partial<CanonicalSale>): CanonicalSale => ({
    ...saleGb,
    ...more,
    source: { ...saleGb.source, id: String(id), number: String(id).padStart(9, "0") },
  });
  const unpaid = { receipts: [], totals: { ...saleGb.totals, paid: "0" } };
  const abroad = saleGb.billing && { ...saleGb.billing, country: "US" };
  return [
    sale(1, {}),
    sale(2, { payment: { method: "paypal_express", title: "PayPal" } }),
    sale(3, {
      ...unpaid,
      customer: { ...saleGb.customer, group: "Wholesale" },
      payment: { method: "banktransfer", title: "Bank transfer" },
    }),
    sale(4, { customer: { ...saleGb.customer, key: "G1", registered: false, group: "NOT LOGGED IN" } }),
    sale(5, { shipTo: abroad }),
  ];
}

/** What the engine double was asked to do, for assertions. */
export type Asked = { readonly method: string; readonly actor: string | null };

export type DemoEngine = Engine & {
  readonly asked: readonly Asked[];
  readonly made: ReadonlyMap<string, Proposal>;
};

const CONNECTION = "demo";
const NOW = "2026-11-24T10:00:00.000Z";
const missing = (message: string): EngineError => ({ kind: "notFound", message });

type DemoState = { readonly spec?: MappingSpec | null; readonly records?: readonly RecordView[] };

/** The engine over the demo shop. Nothing is posted and nothing can be decided: `decide` refuses whoever asks. */
export function demoEngine(state: DemoState = {}): DemoEngine {
  const shop = demoShop();
  const spec = state.spec === undefined ? demoSpec() : state.spec;
  const sales = demoSales();
  const made = new Map<string, Proposal>();
  const asked: Asked[] = [];
  const note = (method: string, actor: Actor | null = null) =>
    asked.push({ method, actor: actor?.id ?? null });
  const current: Spec | undefined =
    spec === null
      ? undefined
      : { version: 1, spec, publishedAt: NOW, publishedBy: "Ann", note: "first mapping", proposalId: null };
  const noMapping: EngineError = { kind: "noMapping", message: "No mapping is approved yet." };
  const save = (actor: Actor, parts: Partial<Proposal> & Pick<Proposal, "kind" | "title">): Proposal => {
    const proposal: Proposal = {
      id: `p-${made.size + 1}`,
      connection: CONNECTION,
      baseVersion: current?.version ?? 0,
      edits: [],
      questions: [],
      candidate: null,
      document: null,
      replay: null,
      digest: "digest",
      state: "open",
      proposedBy: actor.name,
      proposedAt: NOW,
      expiresAt: NOW,
      decidedBy: null,
      decidedAt: null,
      decisionNote: null,
      publishedVersion: null,
      ...parts,
    };
    made.set(proposal.id, proposal);
    return proposal;
  };
  const planned = (number: string, candidate: MappingSpec | null) => {
    const sale = sales.find(({ source }) => source.number === number);
    if (sale === undefined || candidate === null) return undefined;
    return planSale({ sale, spec: candidate, org: shop.org });
  };
  const proposing = {
    proposeSetup: async (_: string, answers: Readonly<Record<string, string>>, actor: Actor) => {
      note("proposeSetup", actor);
      const setup = proposeSpec({ ...shop, answers });
      const replay = replaySpecs({ base: null, candidate: setup.spec, sales, org: shop.org });
      return ok(
        save(actor, {
          kind: "setup",
          title: "First mapping",
          questions: setup.questions,
          candidate: setup.spec,
          replay,
        }),
      );
    },
    proposeMapping: async (
      _: string,
      { title, edits }: Parameters<Engine["proposeMapping"]>[1],
      actor: Actor,
    ): Outcome<Proposal> => {
      note("proposeMapping", actor);
      if (current === undefined) return err(noMapping);
      const edited = applyEdits(current.spec, edits);
      if (!edited.ok)
        return err({ kind: "invalid", message: "The edits do not fit.", problems: edited.error });
      const problems = checkSpec(edited.value, shop.org);
      if (problems.length > 0)
        return err({ kind: "invalid", message: "The mapping would not work.", problems });
      const replay = replaySpecs({ base: current.spec, candidate: edited.value, sales, org: shop.org });
      return ok(save(actor, { kind: "mapping", title, edits, candidate: edited.value, replay }));
    },
    proposeDocument: async (
      _: string,
      { order, steps }: Parameters<Engine["proposeDocument"]>[1],
      actor: Actor,
    ): Outcome<Proposal> => {
      note("proposeDocument", actor);
      const plan = planned(order, spec);
      if (plan === undefined) return err(missing(`There is no order ${order}.`));
      if (!plan.ok) return err({ kind: "held", message: "The order is held.", held: plan.error });
      return ok(
        save(actor, {
          kind: "document",
          title: `Invoice of ${order}`,
          document: { order, plan: plan.value, steps },
        }),
      );
    },
    decide: async (_c: string, _id: string, _d: unknown, actor: Actor): Outcome<Proposal> => {
      note("decide", actor);
      return err({ kind: "forbidden", message: "A model never decides." });
    },
  };
  return {
    ...unreadable,
    ...proposing,
    asked,
    made,
    profile: async () => ok({ ...shop, asOf: NOW }),
    order: async (_, number) => {
      const sale = sales.find(({ source }) => source.number === number);
      return sale === undefined
        ? err(missing(`There is no order ${number}.`))
        : ok({ sale, hold: null, record: null });
    },
    preview: async (_, number, candidate) => {
      const plan = planned(number, candidate ?? spec);
      if (plan === undefined) return err(missing(`There is no order ${number}.`));
      return ok(
        plan.ok
          ? { status: "planned", order: number, plan: plan.value }
          : { status: "held", order: number, held: plan.error },
      );
    },
    currentSpec: async () => (current === undefined ? err(noMapping) : ok(current)),
    specVersion: async (_, version) =>
      current?.version === version ? ok(current) : err(missing(`There is no version ${version}.`)),
    specs: async () => ok({ items: current === undefined ? [] : [current], nextCursor: null, total: 1 }),
    failed: async (_, { limit }) => {
      const items = (state.records ?? []).slice(0, limit);
      return ok({ items, nextCursor: null, total: state.records?.length ?? 0 });
    },
    record: async (_, order) => {
      const record = state.records?.find((one) => one.order === order);
      return record === undefined ? err(missing(`There is no order ${order}.`)) : ok(record);
    },
    explain: async (_, order) => {
      const plan = planned(order, spec);
      if (plan === undefined || !plan.ok) return err(missing(`Order ${order} is not posted.`));
      return ok(
        plan.value.documents.flatMap(({ step, resource, body, lineage }) =>
          Object.entries(lineage).map(([field, from]) => ({
            step,
            resource,
            field,
            value: String(leafAt(body, field) ?? ""),
            lineage: from,
            sentence: `${field.split("/").at(-1)} by ${from.from}`,
          })),
        ),
      );
    },
    proposal: async (_, id) => {
      const proposal = made.get(id);
      return proposal === undefined ? err(missing(`There is no proposal ${id}.`)) : ok(proposal);
    },
    proposals: async () => ok({ items: [...made.values()], nextCursor: null, total: made.size }),
    sync: async (_, order) => {
      note("sync");
      return err(missing(`There is no order ${order}.`));
    },
    retry: async (_, order) => {
      note("retry");
      return err(missing(`There is no order ${order}.`));
    },
    status: async () =>
      ok({
        connection: CONNECTION,
        environment: "sandbox",
        specVersion: current?.version ?? null,
        records: {
          received: 0,
          held: 3,
          queued: 0,
          delivering: 0,
          uncertain: 0,
          failed: 2,
          posted: 41,
          drifted: 0,
          skipped: 0,
        },
        documents: {},
        queue: { waiting: 0, oldestSeconds: null },
        budget: { minuteLeft: 60, dayLeft: 4_900, blockedUntil: null },
        postedTotals: [{ currency: "GBP", store: "1722.00", ledger: "1722.00", difference: "0.00" }],
        completeAsOf: NOW,
        openProposals: made.size,
      }),
  };
}

const leafAt = (body: unknown, pointer: string): unknown =>
  pointer
    .split("/")
    .slice(1)
    .reduce<unknown>((node, key) => (node as Record<string, unknown> | null)?.[key], body);

/** What no test here asks for. */
const unreadable = {
  connections: async () => [],
  searchOrders: async () => ok({ items: [], nextCursor: null, total: 0 }),
  importOrders: async () => err(missing("not in this double")),
  start: async () => undefined,
  stop: async () => undefined,
} as const;

export function demoContext(
  engine: Engine,
  more: { readonly actor?: Actor; readonly session?: ToolSession; readonly signal?: AbortSignal } = {},
): ToolContext {
  return {
    engine,
    connection: CONNECTION,
    actor: more.actor ?? olive,
    session: more.session ?? openSession(),
    signal: more.signal ?? new AbortController().signal,
    links: { proposal: (id) => `http://127.0.0.1:4310/proposals/${id}` },
  };
}
