import { toSale } from "../../engine/adapters/magento/to-sale.ts";
import type { Held } from "../../engine/core/hold.ts";
import { ruleOfHold } from "../../engine/core/hold-guide.ts";
import type { MappingSpec } from "../../engine/core/mapping.ts";
import type { Org } from "../../engine/core/org.ts";
import type { DocumentPlan } from "../../engine/core/plan.ts";
import { planSale } from "../../engine/core/plan-sale.ts";
import { err, ok, type Result } from "../../engine/core/result.ts";
import { withRawAmounts } from "../../engine/core/wire.ts";
import type { Catalogue, RawSale } from "../../engine/ports.ts";
import type { Call, Command, Context } from "../command.ts";
import { badInput, EXIT, type Exit, type Failure } from "../exit.ts";
import { fileFault, type JsonRows, type Row, readRows } from "../order-files.ts";
import { readCatalogue, readScenario, readSpec, type Scenario } from "../plan-files.ts";
import { reportFailure } from "../terminal.ts";

export const plan: Command = {
  usage:
    "--order FILE [--creditmemo FILE] [--invoice FILE] [--shipment FILE] [--products FILE] [--spec FILE] [--scenario FILE]",
  about:
    "Prints as JSON the exact Xero documents that an order becomes, where each value came from, and the checks that totals and tax are the store's; or why the order is held, with exit code 3. It needs no server and no data folder, posts nothing, and prints the same bytes every time. A file with an array or a page of orders gives an array.",
  options: {
    order: { value: "FILE", help: "Magento order JSON as its REST API gives it: one, an array, or {items}" },
    creditmemo: { value: "FILE", help: "credit memos of the orders: one, an array, or {items}" },
    invoice: { value: "FILE", help: "store invoices of the orders, which date and key their payments" },
    shipment: { value: "FILE", help: "shipments of the orders" },
    products: { value: "FILE", help: "products, for rules that look at categories or tax classes" },
    spec: { value: "FILE", help: "a mapping (counterfoil specs current); default: what setup would propose" },
    scenario: {
      value: "FILE",
      help: "accounts, tax rates and store settings; default: scenarios/demo-gb.json",
    },
  },
  words: { min: 0, max: 0, named: "nothing" },
  examples: [
    "plan --order order.json",
    "plan --order order.json --invoice invoices.json --creditmemo creditmemos.json",
    "plan --order order.json --scenario scenarios/real.json",
  ],
  run: async (call, context) => {
    const outcome = await planFile(call, context);
    if (!outcome.ok) return reportFailure(context.terminal, outcome.error, call.json);
    context.terminal.json(outcome.value.answer);
    return outcome.value.exit;
  },
};

type Answered = { readonly answer: unknown; readonly exit: Exit };

async function planFile(call: Call, context: Context): Promise<Result<Answered, Failure>> {
  const path = call.text("order");
  if (path === undefined)
    return err(badInput("plan: --order FILE is missing.", "See: counterfoil plan --help"));
  const orders = await readRows(context.cwd, path, "a Magento order (a JSON object)");
  if (!orders.ok) return orders;
  const documents = await readDocuments(call, context, { path, rows: orders.value.rows });
  if (!documents.ok) return documents;
  const books = await readBooks(call, context);
  if (!books.ok) return books;
  const { rows, isList } = orders.value;
  const planned = rows.map((order) => planOne(rawOf(order, documents.value), books.value));
  const [first] = planned;
  if (isList || first === undefined)
    return ok({ answer: planned.map(({ answer }) => answer), exit: EXIT.done });
  return ok(first);
}

type Books = { readonly spec: MappingSpec; readonly org: Org; readonly catalogue: Catalogue };

async function readBooks(call: Call, { cwd, program }: Context): Promise<Result<Books, Failure>> {
  const scenario = await readScenario(cwd, call.text("scenario"), program.root);
  if (!scenario.ok) return scenario;
  const spec = await specOf(call, cwd, scenario.value);
  if (!spec.ok) return spec;
  const catalogue = await readCatalogue(cwd, call.text("products"), scenario.value.store);
  return catalogue.ok
    ? ok({ spec: spec.value, org: scenario.value.org, catalogue: catalogue.value })
    : catalogue;
}

const specOf = async (call: Call, cwd: string, scenario: Scenario): Promise<Result<MappingSpec, Failure>> => {
  const path = call.text("spec");
  return path === undefined ? ok(scenario.proposedSpec) : readSpec(cwd, path, scenario.org);
};

type Documents = { readonly [Kind in keyof typeof FILES]: readonly Row[] };

/** What belongs to an order, by the option that names its file. */
const FILES = {
  invoices: { option: "invoice", what: "a Magento invoice (a JSON object)" },
  creditMemos: { option: "creditmemo", what: "a Magento credit memo (a JSON object)" },
  shipments: { option: "shipment", what: "a Magento shipment (a JSON object)" },
} as const;

type Orders = { readonly path: string; readonly rows: readonly Row[] };

async function readDocuments(
  call: Call,
  { cwd }: Context,
  orders: Orders,
): Promise<Result<Documents, Failure>> {
  const read: Record<keyof typeof FILES, readonly Row[]> = { invoices: [], creditMemos: [], shipments: [] };
  for (const kind of ["invoices", "creditMemos", "shipments"] as const) {
    const path = call.text(FILES[kind].option);
    if (path === undefined) continue;
    const rows = await readRows(cwd, path, FILES[kind].what);
    if (!rows.ok) return rows;
    const foreign = foreignOf(path, rows.value, orders);
    if (foreign !== undefined) return err(foreign);
    read[kind] = rows.value.rows;
  }
  return ok(read);
}

/** A document of none of the orders would be left out in silence. An order without an id is told by its own hold. */
function foreignOf(path: string, { rows, isList }: JsonRows, orders: Orders): Failure | undefined {
  if (orders.rows.some(({ entity_id }) => !isId(entity_id))) return undefined;
  const index = rows.findIndex((row) => !orders.rows.some((order) => isOf(order, row)));
  if (index < 0) return undefined;
  const where = isList ? `member ${index}: order_id` : "order_id";
  const found = isId(rows[index]?.order_id) ? "is not the entity_id of any" : "is missing; it says which";
  return fileFault(path, `${where} ${found} order of ${orders.path}.`);
}

const isId = (value: unknown): boolean => typeof value === "string" || typeof value === "number";

const isOf = ({ entity_id }: Row, { order_id }: Row): boolean =>
  isId(order_id) && String(order_id) === String(entity_id);

const rawOf = (order: Row, { invoices, creditMemos, shipments }: Documents): RawSale & { order: Row } => ({
  order,
  invoices: invoices.filter((row) => isOf(order, row)),
  creditMemos: creditMemos.filter((row) => isOf(order, row)),
  shipments: shipments.filter((row) => isOf(order, row)),
});

function planOne(raw: RawSale & { order: Row }, { spec, org, catalogue }: Books): Answered {
  const number = numberOf(raw.order);
  const sale = toSale(raw, catalogue);
  const planned = sale.ok ? planSale({ sale: sale.value, spec, org }) : sale;
  return planned.ok
    ? { answer: plannedAnswer(number, planned.value), exit: EXIT.done }
    : { answer: heldAnswer(number, planned.error), exit: EXIT.held };
}

const numberOf = ({ increment_id }: Row): string | null =>
  typeof increment_id === "string" || typeof increment_id === "number" ? String(increment_id) : null;

/** Bodies with the exact digits that go over the wire; lineage by step and JSON Pointer. */
const plannedAnswer = (order: string | null, { documents, checks, warnings }: DocumentPlan) => ({
  status: "planned",
  order,
  documents: documents.map(({ step, resource, method, body }) => ({
    step,
    resource,
    method,
    body: withRawAmounts(body),
  })),
  lineage: Object.fromEntries(documents.map(({ step, lineage }) => [step, lineage])),
  checks,
  warnings,
});

const heldAnswer = (order: string | null, { hold, field, detail, action }: Held) => ({
  status: "held",
  order,
  hold,
  field,
  detail,
  rule: ruleOfHold(hold),
  action,
});
