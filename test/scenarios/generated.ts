/** Generated orders for the entries that assert something of many. */
import { planSale } from "../../engine/core/plan-sale.ts";
import { withSettings } from "../../engine/core/testing.ts";
import { generateOrder } from "../../sandbox/store/generate.ts";
import { seededRandom } from "../../sandbox/store/random.ts";
import {
  drawSettings,
  generatedOrg,
  generatedSale,
  generatedSpec,
  judge,
  type Line,
} from "../generated-orders.ts";

const SEED = 20_261_124;

/** Of shops that round by row with tax in all prices: the share of orders of whole pieces with a tax that is not Xero's own. */
export function statedShare(orders: number): number {
  const random = seededRandom(SEED);
  let [judged, overridden] = [0, 0];
  while (judged < orders) {
    const settings = {
      ...drawSettings(random),
      mix: "simple",
      algorithm: "ROW_BASE_CALCULATION",
      pricesIncludeTax: true,
      shippingIncludesTax: true,
      discountOnInclusive: true,
      taxAfterDiscount: true,
    } as const;
    const sale = generatedSale(generateOrder(random, settings).order);
    if (typeof sale === "string" || sale.lines.some(({ quantity }) => !/^\d+(\.0+)?$/.test(quantity)))
      continue;
    const plan = planSale({ sale, spec: generatedSpec, org: generatedOrg });
    if (!plan.ok) continue;
    judged += 1;
    const lines = plan.value.documents[1]?.body.LineItems as Line[];
    if (judge(lines, "Inclusive", "up").overridden > 0) overridden += 1;
  }
  return overridden / judged;
}

/** Orders with every tax stated and discounts as lines, whose total or tax depends on which way the ledger rounds ties. */
export function tieDifferences(orders: number): { readonly judged: number; readonly different: number } {
  const random = seededRandom(SEED);
  const spec = withSettings(generatedSpec, { taxAmounts: "everyLine", discounts: "visible" });
  const count = { judged: 0, different: 0 };
  for (let index = 0; index < orders; index += 1) {
    const sale = generatedSale(generateOrder(random, drawSettings(random)).order);
    const plan = typeof sale === "string" ? undefined : planSale({ sale, spec, org: generatedOrg });
    if (!plan?.ok) continue;
    const lines = plan.value.documents[1]?.body.LineItems as Line[];
    const seen = (["up", "even", "down"] as const).map((ties) => {
      const { total, totalTax, errors } = judge(lines, "Inclusive", ties);
      return [total, totalTax, ...errors].join();
    });
    count.judged += 1;
    count.different += Number(new Set(seen).size > 1);
  }
  return count;
}
