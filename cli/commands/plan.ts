import { toSale } from "../../engine/adapters/magento/to-sale.ts";
import type { Held } from "../../engine/core/hold.ts";
import type { MappingSpec } from "../../engine/core/mapping.ts";
import type { Org } from "../../engine/core/org.ts";
import type { DocumentPlan } from "../../engine/core/plan.ts";
import { planSale } from "../../engine/core/plan-sale.ts";
import { err, ok, type Result } from "../../engine/core/result.ts";
import { withRawAmounts } from "../../engine/core/wire.ts";
import type { Catalogue } from "../../engine/ports.ts";
import type { Call, Command, Context } from "../command.ts";
import { badInput, EXIT, type Exit, type Failure } from "../exit.ts";
import { type Row, readRows } from "../order-files.ts";
import { readCatalogue, readScenario, readSpec, type Scenario } from "../plan-files.ts";
import { reportFailure } from "../terminal.ts";

export const plan: Command = {
  usage: "--order FILE [--invoice FILE] [--products FILE] [--spec FILE] [--scenario FILE]",
  about:
    "Prints as JSON the exact Xero documents that an order becomes, where each value came from, and the checks that totals and tax are the store's; or why the order is held, with exit code 3. It needs no server and no data folder, posts nothing, and prints the same bytes every time. A file with an array or a page of orders gives an array.",
  options: {
    order: { value: "FILE", help: "Magento order JSON as its REST API gives it: one, an array, or {items}" },
    invoice: { value: "FILE", help: "the order's store invoices, which date and key its payments" },
    products: { value: "FILE", help: "products, for rules that look at categories or tax classes" },
    spec: { value: "FILE", help: "a mapping (counterfoil specs current); default: what setup would propose" },
    scenario: {
      value: "FILE",
      help: "accounts, tax rates and store settings; default: scenarios/demo-gb.json",
    },
  },
  words: { min: 0, max: 0, named: "nothing" },
  examples: ["plan --order order.json", "plan --order order.json --scenario scenarios/real.json"],
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
  const invoices = await readInvoices(call, context);
  if (!invoices.ok) return invoices;
  const books = await readBooks(call, context);
  if (!books.ok) return books;
  const { rows, isList } = orders.value;
  const planned = rows.map((order) =>
    planOne(order, isList ? invoicesOf(order, invoices.value) : invoices.value, books.value),
  );
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

async function readInvoices(call: Call, { cwd }: Context): Promise<Result<readonly Row[], Failure>> {
  const path = call.text("invoice");
  if (path === undefined) return ok([]);
  const read = await readRows(cwd, path, "a Magento invoice (a JSON object)");
  return read.ok ? ok(read.value.rows) : read;
}

/** One invoice file for many orders: each order has those that name it. */
const invoicesOf = ({ entity_id }: Row, invoices: readonly Row[]): Row[] =>
  invoices.filter(({ order_id }) => order_id !== undefined && String(order_id) === String(entity_id));

function planOne(order: Row, invoices: readonly Row[], { spec, org, catalogue }: Books): Answered {
  const number = numberOf(order);
  const sale = toSale({ order, invoices: [...invoices], creditMemos: [], shipments: [] }, catalogue);
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
  action,
});
