/** Cases of the property tests of facts/accounting.md section 5: a generated order under a drawn mapping, replayed from its seed. */
import fc from "fast-check";
import type { MappingSpec } from "../engine/core/mapping.ts";
import type { DocumentPlan } from "../engine/core/plan.ts";
import { type PlanInput, planSale } from "../engine/core/plan-sale.ts";
import type { CanonicalSale } from "../engine/core/sale.ts";
import { withSettings } from "../engine/core/testing.ts";
import { generateOrder, type StoreSettings } from "../sandbox/store/generate.ts";
import { seededRandom } from "../sandbox/store/random.ts";
import {
  drawSettings,
  generatedOrg,
  generatedSale,
  generatedSpec,
  type Judged,
  judge,
  type Line,
} from "./generated-orders.ts";

/** Orders over all properties; the bench sets more. */
const ORDERS = Number(process.env.INVARIANT_ORDERS ?? 5_000);
const SEED = Number(process.env.INVARIANT_SEED ?? 20_261_123);
const PROPERTIES = 19;

export type Mapping = Pick<MappingSpec["settings"], "lineAmountTypes" | "discounts" | "taxAmounts">;
export type Case = {
  readonly seed: number;
  readonly mapping: Mapping;
};

const anyCase: fc.Arbitrary<Case> = fc.record({
  seed: fc.nat({ max: 1_000_000_000 }),
  mapping: fc.record({
    lineAmountTypes: fc.constantFrom("Inclusive", "Exclusive"),
    discounts: fc.constantFrom("net", "visible"),
    taxAmounts: fc.constantFrom("whereDifferent", "everyLine"),
  }),
});

export type Planned = {
  readonly sale: CanonicalSale;
  readonly shop: StoreSettings;
  readonly mapping: Mapping;
  readonly plan: DocumentPlan;
  readonly lines: readonly Line[];
  readonly seen: Judged;
};

/** Runs a property over the cases that are planned; those that are held are few, or the property says nothing. */
export function holdsFor(
  name: string,
  property: (planned: Planned, draw: (max: number) => number) => void,
  given: Partial<Mapping> = {},
): void {
  const runs = Math.ceil(ORDERS / PROPERTIES);
  const count = { planned: 0, held: 0 };
  fc.assert(
    fc.property(anyCase, ({ seed, mapping }) => {
      const planned = plannedOf(seed, { ...mapping, ...given });
      if (planned === undefined) count.held += 1;
      else {
        count.planned += 1;
        const random = seededRandom(seed + 1);
        property(planned, (max) => random.int(0, max));
      }
    }),
    { numRuns: runs, seed: SEED },
  );
  console.info(`${name}: seed ${SEED}, ${count.planned} orders, ${count.held} held`);
  if (count.held > runs / 20 + 2) throw new Error(`${count.held} of ${runs} orders were held`);
}

function plannedOf(seed: number, mapping: Mapping): Planned | undefined {
  const random = seededRandom(seed);
  const shop = drawSettings(random);
  const sale = generatedSale(generateOrder(random, shop).order);
  if (typeof sale === "string") return undefined;
  const planned = planOf(sale, mapping);
  return planned && { ...planned, shop };
}

/** The plan of a sale under a mapping, `undefined` when it is held. */
export function planOf(
  sale: CanonicalSale,
  mapping: Partial<MappingSpec["settings"]>,
  more: Partial<PlanInput> = {},
): Omit<Planned, "shop"> | undefined {
  const spec = withSettings(generatedSpec, mapping);
  const plan = planSale({ sale, spec, org: generatedOrg, ...more });
  if (!plan.ok) return undefined;
  const lines = plan.value.documents[1]?.body.LineItems as Line[];
  const { lineAmountTypes: mode, discounts, taxAmounts } = spec.settings;
  return {
    sale,
    mapping: { lineAmountTypes: mode, discounts, taxAmounts },
    plan: plan.value,
    lines,
    seen: judge(lines, mode, "up"),
  };
}
