/**
 * How fast is planning? From the raw JSON text of an order to its documents, with validation and lineage, on one core. Twice:
 * by generated orders of every tax mode, and by the repository's fixtures. CPU time of this process counts, so that other work
 * on the machine does not.
 *
 *     node bench/plan.ts [--orders 4000] [--seed 1]
 */
import { parseArgs } from "node:util";
import { parseExactJson } from "../engine/adapters/magento/json.ts";
import { toSale } from "../engine/adapters/magento/to-sale.ts";
import { planSale } from "../engine/core/plan-sale.ts";
import { generateOrder } from "../sandbox/store/generate.ts";
import { seededRandom } from "../sandbox/store/random.ts";
import { drawSettings, generatedCatalogue, generatedOrg, generatedSpec } from "../test/generated-orders.ts";
import { cpuMs, saveReport } from "./measure-cpu.ts";

const TARGET_PER_SECOND = 4_000;
const PARSE_RATIO_MAX = 25;
const ROUNDS = 3;

const { values } = parseArgs({
  options: { orders: { type: "string", default: "4000" }, seed: { type: "string", default: "1" } },
});
const count = Number(values.orders);
const random = seededRandom(Number(values.seed));
const texts = Array.from({ length: count }, () =>
  JSON.stringify(generateOrder(random, drawSettings(random)).order),
);
const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);

const outcome = { planned: 0, held: 0, leaves: 0 };

function planAll(): void {
  Object.assign(outcome, { planned: 0, held: 0, leaves: 0 });
  for (const text of texts) {
    const order = parseExactJson(text);
    if (!order.ok) throw new Error(order.error.message);
    const raw = { order: order.value, invoices: [], creditMemos: [], shipments: [] };
    const sale = toSale(raw, generatedCatalogue);
    const plan = sale.ok ? planSale({ sale: sale.value, spec: generatedSpec, org: generatedOrg }) : sale;
    if (!plan.ok) {
      outcome.held += 1;
      continue;
    }
    outcome.planned += 1;
    for (const { lineage } of plan.value.documents) outcome.leaves += Object.keys(lineage).length;
  }
}

function parseAll(): void {
  for (const text of texts) JSON.parse(text);
}

planAll();
const plan = Math.min(...Array.from({ length: ROUNDS }, () => cpuMs(planAll)));
const parse = Math.min(...Array.from({ length: ROUNDS }, () => cpuMs(parseAll)));
const perSecond = Math.round((count / plan) * 1_000);
const ratio = plan / parse;
saveReport("plan", {
  orders: count,
  megabytes: Number((bytes / 1e6).toFixed(1)),
  ...outcome,
  salesPerSecond: perSecond,
  targetPerSecond: TARGET_PER_SECOND,
  timesJsonParse: Number(ratio.toFixed(1)),
  timesJsonParseMax: PARSE_RATIO_MAX,
  holds: perSecond >= TARGET_PER_SECOND && ratio <= PARSE_RATIO_MAX,
});
