/**
 * Shipment -> money that moved apart from the invoice: what the carrier charged for it, and a shipping fee that no invoice has
 * (facts/accounting.md SHIP-01 to SHIP-03). One bank transaction for each, found again by its reference.
 */
import { localDate } from "./dates.ts";
import type { Facts } from "./facts.ts";
import type { Held } from "./hold.ts";
import { type DocumentDay, datedReference, dayLeaf, paymentDay } from "./lock-dates.ts";
import { fillTemplate } from "./mapping.ts";
import { e4Of, formatCents, formatE4, parseE4, roundToCents } from "./money.ts";
import { taxRateByType } from "./org.ts";
import { type Check, compose, type Identity, type Node, type PlannedDocument } from "./plan.ts";
import { CONTACT_STEP, carrierContact, contactNumber } from "./plan-contact.ts";
import {
  computed,
  type Decided,
  decideFor,
  fixed,
  fromField,
  fromReceipt,
  fromSource,
  type PlanInput,
} from "./plan-input.ts";
import { postedDocument } from "./posted.ts";
import { err, ok, type Result } from "./result.ts";
import type { CanonicalSale, Shipment } from "./sale.ts";
import { cleanText, cutText, NO_PRODUCT, orderFacts, templateValue } from "./sale-facts.ts";
import { pointerOf } from "./shapes.ts";
import { trackingNodes } from "./tracking.ts";
import { type LineAmountTypes, taxCents } from "./xero-arithmetic.ts";

const REFERENCE_MAX = 255;
/** What a moved date may add to a reference. */
const DATED_MAX = 20;

export type ShipmentPlan = {
  readonly documents: readonly PlannedDocument[];
  readonly checks: readonly Check[];
  readonly warnings: readonly string[];
};

/** The two kinds of money, and how each is booked. */
const KINDS = {
  cost: { table: "carrierCost", type: "SPEND", step: "carrier-cost", text: "Carrier" },
  fee: { table: "shippingFee", type: "RECEIVE", step: "shipping-fee", text: "Shipping" },
} as const;
type Kind = keyof typeof KINDS;

export function planShipments(input: PlanInput): Result<ShipmentPlan, Held> {
  const documents: PlannedDocument[] = [];
  const checks: Check[] = [];
  const warnings: string[] = [];
  for (const [index, shipment] of input.sale.shipments.entries()) {
    for (const kind of ["cost", "fee"] as const) {
      if (shipment[kind] === null) continue;
      const posted = postedMoney(input, shipment, kind);
      if (posted !== undefined) {
        documents.push(posted);
        continue;
      }
      if (kind === "fee" && chargesShipping(input.sale)) {
        warnings.push(onInvoice(shipment));
        continue;
      }
      const planned = planMoney({ input, shipment, index, kind });
      if (!planned.ok) return planned;
      documents.push(...planned.value.documents);
      checks.push(...planned.value.checks);
    }
  }
  return ok({ documents: onceEach(documents), checks, warnings });
}

type Part = {
  readonly input: PlanInput;
  readonly shipment: Shipment;
  readonly index: number;
  readonly kind: Kind;
};

type Money = Pick<ShipmentPlan, "documents" | "checks">;

function planMoney(part: Part): Result<Money, Held> {
  const { input, shipment, index, kind } = part;
  const { table } = KINDS[kind];
  const path = pointerOf("shipments", index);
  const facts: Facts = {
    ...orderFacts(input.sale, input.org.timezone),
    "shipment.carrier": shipment.tracks[0]?.carrier ?? shipment.tracks[0]?.title ?? null,
    "shipment.source": shipment.source,
  };
  const decided = decideFor(input.spec, table, facts, path, ["bankTransaction", "nothing"]);
  if (!decided.ok) return decided;
  const { outcome, from } = decided.value;
  if (outcome.kind === "nothing") return ok({ documents: [], checks: [] });
  const amounts = amountsOf(part, outcome.taxType);
  if (!amounts.ok) return amounts;
  const tracking = trackingNodes(
    input.spec,
    { ...facts, ...NO_PRODUCT, "line.source": shipment.source, "line.taxRate": amounts.value.rateE4 },
    path,
  );
  if (!tracking.ok) return tracking;
  const contact = kind === "cost" ? carrierOf(input, shipment, path) : undefined;
  const contactStep = contact?.step ?? CONTACT_STEP;
  const booked = { ...amounts.value, outcome, from, tracking: tracking.value, contactStep };
  const document = moneyDocument(part, booked);
  return ok({
    documents: contact === undefined ? [document] : [contact, document],
    checks: checksOf(document.step, input.sale, booked),
  });
}

type Amounts = {
  readonly mode: LineAmountTypes;
  readonly lineCents: bigint;
  readonly netCents: bigint;
  readonly taxCents: bigint;
  readonly rateE4: bigint;
};

/** Bank transactions take no stated tax: it must be the one that the ledger computes, from the price without it or with it. */
function amountsOf({ input, shipment, index, kind }: Part, taxType: string): Result<Amounts, Held> {
  const path = pointerOf("shipments", index, kind);
  const charge = shipment[kind] ?? { net: "0", tax: "0" };
  const netCents = roundToCents(e4Of(charge.net));
  const ownTax = roundToCents(e4Of(charge.tax));
  if (netCents + ownTax <= 0n) return err(negative(path, netCents + ownTax));
  const rate = taxRateByType(input.org, taxType);
  if (rate === undefined) return err(taxTypeUnknown(path, taxType));
  const rateE4 = parseE4(rate.rate) ?? 0n;
  const amounts = { netCents, taxCents: ownTax, rateE4 };
  if (taxCents(netCents, rateE4, "Exclusive") === ownTax)
    return ok({ ...amounts, mode: "Exclusive", lineCents: netCents });
  if (taxCents(netCents + ownTax, rateE4, "Inclusive") === ownTax)
    return ok({ ...amounts, mode: "Inclusive", lineCents: netCents + ownTax });
  return err(taxDiffers(path, charge.tax, taxType, rateE4));
}

type Booked = Amounts &
  Pick<Decided<"bankTransaction">, "outcome" | "from"> & {
    readonly tracking: readonly Node[];
    readonly contactStep: string;
  };

function moneyDocument(part: Part, booked: Booked): PlannedDocument {
  const { input, shipment, index, kind } = part;
  const { outcome, from, contactStep, lineCents, tracking } = booked;
  const { type, step, text } = KINDS[kind];
  const amountPaths = ["net", "tax"].map((name) => pointerOf("shipments", index, kind, name));
  const day = paymentDay(localDate(shipment.at, input.org.timezone), input);
  const reference = referenceOf(input, shipment, day);
  const amount = computed(formatCents(lineCents), "what the shipment says, in whole cents", amountPaths);
  return {
    step: `${step}-${shipment.id}`,
    after: [contactStep],
    resource: "BankTransactions",
    method: "PUT",
    identity: identityOf(shipment, kind),
    lookup: { by: "Reference", value: reference },
    ...compose({
      Type: fixed(type, kind === "cost" ? "the carrier is paid" : "the customer pays apart from the invoice"),
      Contact: { ContactID: fromReceipt(contactStep, "ContactID") },
      BankAccount: { Code: { leaf: outcome.bank, from } },
      Date: dayLeaf(day, "date of the shipment in the organisation's time zone", [
        pointerOf("shipments", index, "at"),
      ]),
      CurrencyCode: fromSource(input.sale.currency, "/currency"),
      LineAmountTypes: fixed(booked.mode, "the form in which the ledger computes the tax that was charged"),
      Reference: fromField(reference, "shipmentReference"),
      LineItems: [
        {
          Description: computed(`${text}, shipment ${cleanText(shipment.number)}`, "what was paid for", [
            pointerOf("shipments", index, "number"),
          ]),
          Quantity: fixed("1", "one shipment"),
          UnitAmount: amount,
          LineAmount: amount,
          TaxType: { leaf: outcome.taxType, from },
          AccountCode: { leaf: outcome.account, from },
          Tracking: tracking.length > 0 ? tracking : undefined,
        },
      ],
    }),
  };
}

const identityOf = ({ id }: Shipment, kind: Kind): Identity => ({
  kind: KINDS[kind].table,
  sourceType: "shipment",
  sourceId: id,
  part: "",
  generation: 1,
});

/** What is in the ledger stands, whatever the mapping says of such shipments now. */
function postedMoney(input: PlanInput, shipment: Shipment, kind: Kind): PlannedDocument | undefined {
  const identity = identityOf(shipment, kind);
  const posted = postedDocument(input, identity);
  if (posted === undefined) return undefined;
  const { step, resource, body, lineage } = posted;
  const after = Object.values(lineage).flatMap((from) => (from.from === "receipt" ? [from.step] : []));
  const reference = String(body.Reference ?? "");
  const lookup = reference === "" ? null : ({ by: "Reference", value: reference } as const);
  return { step, after, resource, method: "PUT", identity, lookup, body, lineage };
}

/** Without quotes and backslashes, by which it could not be asked for; with the shipment's number, so that no two share one. */
function referenceOf(input: PlanInput, shipment: Shipment, day: DocumentDay): string {
  const { sale, spec, org } = input;
  const value = templateValue({
    sale,
    timezone: org.timezone,
    contactNumber: contactNumber(input),
    shipment,
  });
  const plain = (raw: string): string => cleanText(raw.replace(/["\\]/g, " "));
  const number = plain(shipment.number);
  const text = plain(fillTemplate(spec.fields.shipmentReference, value));
  const room = REFERENCE_MAX - DATED_MAX;
  const isNamed = text.length <= room && text.split(" ").includes(number);
  const unique = isNamed ? text : `${cutText(text, room - number.length - 1)} ${number}`.trim();
  return datedReference(unique, day, REFERENCE_MAX);
}

function carrierOf({ spec }: PlanInput, { tracks }: Shipment, path: string): PlannedDocument {
  const [track] = tracks;
  const member = cleanText(track?.title ?? "") === "" ? "carrier" : "title";
  const name = cleanText(track?.[member] ?? "");
  return name === ""
    ? carrierContact(spec, fixed(UNNAMED, "the shipment names no carrier"), UNNAMED)
    : carrierContact(spec, fromSource(name, `${path}/tracks/0/${member}`), name);
}

const UNNAMED = "Carrier";

/** Several shipments of one carrier have one contact, and several invoices of one product one item. */
export const onceEach = (documents: readonly PlannedDocument[]): PlannedDocument[] =>
  documents.filter(({ step }, index) => documents.findIndex((other) => other.step === step) === index);

/** Then the fee is on the invoice, and a receipt of its own would be the same revenue again (SHIP-03). */
const chargesShipping = ({ shipping }: CanonicalSale): boolean =>
  shipping !== null && (e4Of(shipping.net) !== 0n || e4Of(shipping.tax) !== 0n);

function checksOf(step: string, { currency }: CanonicalSale, amounts: Amounts): Check[] {
  const { mode, lineCents, netCents, rateE4 } = amounts;
  const tax = taxCents(lineCents, rateE4, mode);
  const total = mode === "Exclusive" ? lineCents + tax : lineCents;
  const check = (name: "total" | "tax", expected: bigint, actual: bigint): Check => ({
    step,
    name,
    expected: formatCents(expected),
    actual: formatCents(actual),
    currency,
  });
  return [check("total", netCents + amounts.taxCents, total), check("tax", amounts.taxCents, tax)];
}

const onInvoice = ({ number }: Shipment): string =>
  `shippingTwice: shipment ${cleanText(number)} has a fee of its own, but the order's shipping is on the invoice; the fee is not booked`;

const negative = (field: string, cents: bigint): Held => ({
  hold: "negativeTotal",
  field,
  detail: `The shipment states an amount of ${formatCents(cents)}; money that moves is more than nothing.`,
  action: "Correct the shipment in Magento, or book what the carrier gave back by hand.",
});

const taxTypeUnknown = (field: string, taxType: string): Held => ({
  hold: "taxTypeUnknown",
  field,
  detail: `The organisation has no tax type ${taxType}.`,
  action: "Choose a tax type of the organisation in the mapping.",
});

const taxDiffers = (field: string, tax: string, taxType: string, rateE4: bigint): Held => ({
  hold: "taxDiffersFromRate",
  field,
  detail: `The shipment states tax of ${formatE4(e4Of(tax))}, which ${taxType} at ${formatE4(rateE4)} % does not give.`,
  action: "Choose a tax type of the rate that was charged; bank transactions take no stated tax.",
});
