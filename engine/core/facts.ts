/** FACTS is the only list of what a rule may look at: the evaluator, the tool schema and the editor all read it. */
import { z } from "zod";
import { CalendarDate, Decimal } from "./shapes.ts";

export const FACTS = {
  text: [
    "line.sku",
    "line.productType",
    "line.taxClass",
    "line.attributeSet",
    "line.part",
    "line.source",
    "fee.code",
    "order.storeView",
    "order.website",
    "order.currency",
    "order.customerGroup",
    "order.customerTaxClass",
    "order.shipCountry",
    "order.shipRegion",
    "order.shipPostcode",
    "order.billCountry",
    "order.state",
    "order.status",
    "order.shippingMethod",
    "order.coupon",
    "order.discountRule",
    "payment.method",
    "refund.destination",
    "shipment.carrier",
    "shipment.source",
  ],
  set: ["line.categories", "line.appliedTaxes"],
  number: ["line.taxRate", "order.grandTotal"],
  date: ["order.placedOn"],
  flag: ["order.guest", "order.business", "order.vatIdValid", "order.virtual"],
} as const;

const TextFact = z.enum(FACTS.text);
const SetFact = z.enum(FACTS.set);
const NumberFact = z.enum(FACTS.number);
const DateFact = z.enum(FACTS.date);
const FlagFact = z.enum(FACTS.flag);
export const FactName = z.enum([...FACTS.text, ...FACTS.set, ...FACTS.number, ...FACTS.date, ...FACTS.flag]);
export type FactName = z.infer<typeof FactName>;

const Value = z.string().min(1).max(200);

/** One test. Text compares exactly, as the shop spells it; `oneOf` and `includes` never match an absent value. */
export const Condition = z.discriminatedUnion("op", [
  z.strictObject({ op: z.enum(["is", "isNot", "startsWith", "contains"]), fact: TextFact, value: Value }),
  z.strictObject({ op: z.literal("oneOf"), fact: TextFact, values: z.array(Value).min(1).max(200) }),
  z.strictObject({ op: z.literal("isEmpty"), fact: TextFact }),
  z.strictObject({ op: z.literal("includes"), fact: SetFact, value: Value }),
  z.strictObject({
    op: z.enum(["equals", "atLeast", "atMost", "above", "below"]),
    fact: NumberFact,
    value: Decimal,
  }),
  z.strictObject({ op: z.enum(["before", "onOrAfter"]), fact: DateFact, value: CalendarDate }),
  z.strictObject({ op: z.enum(["isTrue", "isFalse"]), fact: FlagFact }),
]);
export type Condition = z.infer<typeof Condition>;

/** A fact's value: `null` is known to be empty, `undefined` is not known (the mirror lacks it). */
export type FactValue = string | bigint | boolean | readonly string[] | null | undefined;
export type Facts = { readonly [Name in FactName]?: FactValue };
