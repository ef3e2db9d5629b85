/** Documents that are in the ledger stand in the plan as they were posted, whatever the mapping says now (P10). */
import type { Identity, PlannedDocument } from "./plan.ts";
import { CONTACT_STEP } from "./plan-contact.ts";
import type { PlanInput, PostedDocument } from "./plan-input.ts";
import { INVOICE_STEP } from "./sections.ts";

type Posting = Pick<PlanInput, "posted">;

export const isPosted = (input: Posting, identity: Identity): boolean => find(input, identity) !== undefined;

export const postedDocument = (input: Posting, identity: Identity): PostedDocument | undefined =>
  find(input, identity);

/** The document with the body and lineage that it was posted with, else as it was planned. */
export function postedAs(input: Posting, document: PlannedDocument): PlannedDocument {
  const posted = find(input, document.identity);
  return posted === undefined ? document : { ...document, body: posted.body, lineage: posted.lineage };
}

/** Identities of the order's invoices that are in the ledger: of the order, of each store invoice, or the day's summary that it is in. */
export const postedInvoices = ({ sale, posted = [] }: PlanInput): Identity[] =>
  posted
    .map(({ identity }) => identity)
    .filter(
      ({ kind, sourceType, sourceId }) =>
        kind === SUMMARY ||
        (kind === "invoice" &&
          (sourceType === "invoice" || (sourceType === "order" && sourceId === sale.source.id))),
    );

const SUMMARY = "summary";

/** The day's summary that the order is in. */
export const postedSummary = ({ posted = [] }: Posting): PostedDocument | undefined =>
  posted.find(({ identity }) => identity.kind === SUMMARY);

/** What was paid on the day's summary, the order's own money among it. */
export const summaryPayments = ({ posted = [] }: Posting): PlannedDocument[] =>
  posted.flatMap(({ step, resource, identity, body, lineage }) =>
    identity.kind === "payment" && identity.sourceType === "day"
      ? [
          {
            step,
            after: [INVOICE_STEP],
            resource,
            method: "PUT" as const,
            identity,
            lookup: null,
            body,
            lineage,
          },
        ]
      : [],
  );

/** The contact that the order's invoices in the ledger are made out to. */
export function postedContact(input: PlanInput): PlannedDocument | undefined {
  if (postedInvoices(input).length === 0) return undefined;
  const contact = input.posted?.find(
    ({ resource, step }) => resource === "Contacts" && step === CONTACT_STEP,
  );
  if (contact === undefined) return undefined;
  const { step, resource, identity, body, lineage } = contact;
  const number = String(body.ContactNumber ?? "");
  const lookup = number === "" ? null : ({ by: "ContactNumber", value: number } as const);
  return { step, after: [], resource, method: "PUT", identity, lookup, body, lineage };
}

const find = ({ posted = [] }: Posting, identity: Identity): PostedDocument | undefined =>
  posted.find(({ identity: other }) => keyOf(other) === keyOf(identity));

const keyOf = ({ kind, sourceType, sourceId, part, generation }: Identity): string =>
  JSON.stringify([kind, sourceType, sourceId, part, generation]);
