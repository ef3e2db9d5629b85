/**
 * A demo shop for tests of the tools and the assistant: the lists of scenarios/demo-gb.json with the accounts and the category
 * that everyday.phrases.json names, and an engine over them that edits, checks and replays with the real core.
 */
import { readFileSync } from "node:fs";
import { z } from "zod";
import type { Actor, Engine, EngineError, Explanation, Proposal, RecordView, Spec } from "../engine/api.ts";
import { checkSpec } from "../engine/core/check-spec.ts";
import { applyEdits } from "../engine/core/edits.ts";
import type { MappingSpec } from "../engine/core/mapping.ts";
import type { Org, StoreProfile } from "../engine/core/org.ts";
import type { PlannedDocument } from "../engine/core/plan.ts";
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
        appliesTo: { Assets: true, Equity: true, Expenses: true, Liabilities: true },
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

/** What the parts of the double share. */
type World = {
  readonly org: Org;
  readonly store: StoreProfile;
  readonly sales: readonly CanonicalSale[];
  readonly current: Spec | undefined;
  readonly records: readonly RecordView[];
  readonly made: Map<string, Proposal>;
  readonly asked: Asked[];
};

/** The engine over the demo shop. Nothing is posted and nothing can be decided: `decide` refuses whoever asks. */
export function demoEngine(state: DemoState = {}): DemoEngine {
  const spec = state.spec === undefined ? demoSpec() : state.spec;
  const world: World = {
    ...demoShop(),
    sales: demoSales(),
    current:
      spec === null
        ? undefined
        : { version: 1, spec, publishedAt: NOW, publishedBy: "Ann", note: "first mapping", proposalId: null },
    records: state.records ?? [],
    made: new Map(),
    asked: [],
  };
  const { asked, made } = world;
  return { ...unasked, ...lists(world), ...orders(world), ...proposing(world), asked, made };
}

const noMapping: EngineError = { kind: "noMapping", message: "No mapping is approved yet." };

function planned({ sales, org }: World, number: string, spec: MappingSpec | undefined) {
  const sale = sales.find(({ source }) => source.number === number);
  return sale === undefined || spec === undefined ? undefined : planSale({ sale, spec, org });
}

function note(world: World, method: string, actor: Actor | null = null): void {
  world.asked.push({ method, actor: actor?.id ?? null });
}

type Lists = Pick<Engine, "profile" | "currentSpec" | "specVersion" | "specs" | "status">;

const lists = ({ org, store, current, made }: World): Lists => ({
  profile: async () => ok({ org, store, asOf: NOW }),
  currentSpec: async () => (current === undefined ? err(noMapping) : ok(current)),
  specVersion: async (_, version) =>
    current?.version === version ? ok(current) : err(missing(`There is no version ${version}.`)),
  specs: async () => ok({ items: current === undefined ? [] : [current], nextCursor: null, total: 1 }),
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
});

type Orders = Pick<Engine, "order" | "preview" | "failed" | "record" | "explain" | "sync" | "retry">;

const orders = (world: World): Orders => ({
  order: async (_, number) => {
    const sale = world.sales.find(({ source }) => source.number === number);
    return sale === undefined
      ? err(missing(`There is no order ${number}.`))
      : ok({ sale, hold: null, record: null });
  },
  preview: async (_, number, candidate) => {
    const plan = planned(world, number, candidate ?? world.current?.spec);
    if (plan === undefined) return err(missing(`There is no order ${number}.`));
    return ok(
      plan.ok
        ? { status: "planned", order: number, plan: plan.value }
        : { status: "held", order: number, held: plan.error },
    );
  },
  failed: async (_, { limit }) =>
    ok({ items: world.records.slice(0, limit), nextCursor: null, total: world.records.length }),
  record: async (_, order) => {
    const record = world.records.find((one) => one.order === order);
    return record === undefined ? err(missing(`There is no order ${order}.`)) : ok(record);
  },
  explain: async (_, order) => {
    const plan = planned(world, order, world.current?.spec);
    if (plan === undefined || !plan.ok) return err(missing(`Order ${order} is not posted.`));
    return ok(plan.value.documents.flatMap(explanations));
  },
  sync: async (_, order) => {
    note(world, "sync");
    return err(missing(`There is no order ${order}.`));
  },
  retry: async (_, order) => {
    note(world, "retry");
    return err(missing(`There is no order ${order}.`));
  },
});

const explanations = ({ step, resource, body, lineage }: PlannedDocument): Explanation[] =>
  Object.entries(lineage).map(([field, from]) => ({
    step,
    resource,
    field,
    value: String(leafAt(body, field) ?? ""),
    lineage: from,
    sentence: `${field.split("/").at(-1)} ${String(leafAt(body, field) ?? "")} by ${from.from}`,
  }));

type Proposing = Pick<
  Engine,
  "proposeSetup" | "proposeMapping" | "proposeDocument" | "proposal" | "proposals" | "decide"
>;

const proposing = (world: World): Proposing => ({
  proposeSetup: async (_, answers, actor) => {
    note(world, "proposeSetup", actor);
    const { org, store, sales } = world;
    const { spec, questions } = proposeSpec({ org, store, answers });
    const replay = replaySpecs({ base: null, candidate: spec, sales, org });
    return ok(
      save(world, actor, { kind: "setup", title: "First mapping", questions, candidate: spec, replay }),
    );
  },
  proposeMapping: async (_, { title, edits }, actor) => {
    note(world, "proposeMapping", actor);
    const { current, org, sales } = world;
    if (current === undefined) return err(noMapping);
    const edited = applyEdits(current.spec, edits);
    if (!edited.ok) return err({ kind: "invalid", message: "The edits do not fit.", problems: edited.error });
    const problems = checkSpec(edited.value, org);
    if (problems.length > 0)
      return err({ kind: "invalid", message: "The mapping would not work.", problems });
    const replay = replaySpecs({ base: current.spec, candidate: edited.value, sales, org });
    return ok(save(world, actor, { kind: "mapping", title, edits, candidate: edited.value, replay }));
  },
  proposeDocument: async (_, { order, steps }, actor) => {
    note(world, "proposeDocument", actor);
    const plan = planned(world, order, world.current?.spec);
    if (plan === undefined) return err(missing(`There is no order ${order}.`));
    if (!plan.ok) return err({ kind: "held", message: "The order is held.", held: plan.error });
    const document = { order, plan: plan.value, steps };
    return ok(save(world, actor, { kind: "document", title: `Invoice of ${order}`, document }));
  },
  proposal: async (_, id) => {
    const proposal = world.made.get(id);
    return proposal === undefined ? err(missing(`There is no proposal ${id}.`)) : ok(proposal);
  },
  proposals: async () => ok({ items: [...world.made.values()], nextCursor: null, total: world.made.size }),
  decide: async (_connection, _id, _decision, actor) => {
    note(world, "decide", actor);
    return err({ kind: "forbidden", message: "A model never decides." });
  },
});

function save(
  { made, current }: World,
  actor: Actor,
  parts: Partial<Proposal> & Pick<Proposal, "kind" | "title">,
): Proposal {
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
}

const leafAt = (body: unknown, pointer: string): unknown =>
  pointer
    .split("/")
    .slice(1)
    .reduce<unknown>((node, key) => (node as Record<string, unknown> | null)?.[key], body);

/** What no test here asks for. */
const unasked = {
  connections: async () => [],
  searchOrders: async () => ok({ items: [], nextCursor: null, total: 0 }),
  accept: async () => err(missing("not in this double")),
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
