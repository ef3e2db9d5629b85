/** A small shop for the tests of api/ and web/: a mapping, an organisation, some orders and a proposal with its replay. */
import type { Explanation, OrderRow, Proposal, RecordView, Spec, Status } from "../engine/api.ts";
import { applyEdits, type Edit } from "../engine/core/edits.ts";
import { MappingSpec, TABLES } from "../engine/core/mapping.ts";
import type { Org, StoreProfile } from "../engine/core/org.ts";
import type { Replay } from "../engine/core/replay.ts";

export const NOW = "2026-11-23T10:00:00.000Z";

const OTHERWISE: Record<keyof typeof TABLES, unknown> = {
  revenueAccount: { kind: "account", code: "200" },
  taxType: { kind: "taxType", taxType: "OUTPUT2" },
  shippingAccount: { kind: "account", code: "200" },
  shippingTaxType: { kind: "taxType", taxType: "OUTPUT2" },
  discountAccount: { kind: "account", code: "200" },
  feeAccount: { kind: "account", code: "260" },
  feeTaxType: { kind: "taxType", taxType: "OUTPUT2" },
  payment: { kind: "payment", account: "090" },
  contact: { kind: "perCustomer" },
  terms: { kind: "terms", days: 30, from: "invoiceDate" },
  invoiceStatus: { kind: "status", status: "AUTHORISED" },
  tracking1: { kind: "noOption" },
  tracking2: { kind: "noOption" },
  acceptOrder: null,
  refund: { kind: "unpaid" },
  documentUnit: { kind: "unit", unit: "order" },
  taxTreatment: { kind: "taxTypes" },
  brandingTheme: { kind: "organisationTheme" },
  carrierCost: { kind: "nothing" },
  shippingFee: { kind: "nothing" },
};

export const SPEC: MappingSpec = MappingSpec.parse({
  format: 1,
  settings: {
    lineAmountTypes: "Inclusive",
    taxAmounts: "whereDifferent",
    discounts: "net",
    numberPrefix: "MAG-",
    contactNumberPrefix: "MAG-",
    tracking1Category: null,
    tracking2Category: null,
    currencies: ["GBP"],
    rateFrom: "xero",
    roundingLimit: "0.05",
    roundingAccount: "860",
    roundingTaxType: "OUTPUT2",
    cutOverDate: null,
    trigger: "paid",
  },
  tables: Object.fromEntries(
    Object.keys(TABLES).map((table) => [
      table,
      { rules: [], otherwise: OTHERWISE[table as keyof typeof TABLES] },
    ]),
  ),
  fields: {
    contactName: "{customer.name}",
    invoiceReference: "{order.number}",
    lineDescription: "{line.name}",
    shippingDescription: "Shipping",
    paymentReference: "{payment.transaction}",
  },
});

export const PUBLISHED: Spec = {
  version: 1,
  spec: SPEC,
  publishedAt: "2026-11-20T09:00:00.000Z",
  publishedBy: "Dana",
  note: "First mapping",
  proposalId: null,
};

const account = (code: string, name: string, type = "REVENUE") => ({
  code,
  name,
  type,
  status: "ACTIVE" as const,
  enablePayments: false,
  systemAccount: null,
});
export const ORG: Org = {
  name: "Demo ledger",
  country: "GB",
  baseCurrency: "GBP",
  currencies: ["GBP"],
  timezone: "Europe/London",
  periodLockDate: null,
  endOfYearLockDate: null,
  accounts: [
    account("090", "Business bank", "BANK"),
    account("200", "Sales"),
    account("202", "Shipping income"),
  ],
  taxRates: [
    {
      taxType: "OUTPUT2",
      name: "20% (VAT on Income)",
      rate: "20",
      status: "ACTIVE",
      appliesToRevenue: true,
      appliesTo: { Assets: true, Equity: true, Expenses: true, Liabilities: true },
    },
  ],
  tracking: [],
};
export const STORE: StoreProfile = {
  storeViews: [{ id: "1", code: "uk_en", name: "UK", website: "base", currency: "GBP" }],
  customerGroups: [{ id: "1", name: "General", taxClass: "Retail" }],
  taxClasses: [{ id: "2", name: "Taxable Goods" }],
  categories: [],
  attributeSets: [],
  paymentMethods: ["stripe_payments"],
  pricesIncludeTax: true,
};

export const EDITS: readonly Edit[] = [
  {
    op: "setOtherwise",
    table: "shippingAccount",
    outcome: { kind: "account", code: "202" },
    why: "Shipping belongs to shipping income.",
  },
  {
    op: "addRule",
    table: "revenueAccount",
    position: "first",
    rule: {
      id: "wholesale",
      note: "",
      when: [{ op: "is", fact: "order.customerGroup", value: "Wholesale" }],
      then: { kind: "account", code: "200" },
    },
    why: "Wholesale stays where it is.",
  },
];

const REPLAY: Replay = {
  orders: 500,
  from: "2026-10-01",
  to: "2026-11-22",
  changed: 412,
  totalsChanged: 0,
  difference: [{ currency: "GBP", amount: "0.00" }],
  newlyHeld: 0,
  newlyPlanned: 0,
  stillHeld: 2,
  heldBy: [{ hold: "taxRateUnknown", orders: 2 }],
  changes: [{ field: "invoice AccountCode", before: "200", after: "202", orders: 412 }],
  examples: [
    {
      order: "100000412",
      currency: "GBP",
      total: "31.42",
      differences: [{ step: "invoice", field: "/LineItems/1/AccountCode", before: "200", after: "202" }],
    },
    {
      order: "100000399",
      currency: "GBP",
      total: "1204.00",
      differences: [{ step: "invoice", field: "/LineItems/4/AccountCode", before: "200", after: "202" }],
    },
  ],
  sentence:
    "412 of 500 past orders change, every total stays the same, none would be held that was not before, 2 stay held.",
};

const applied = applyEdits(SPEC, EDITS);
const CANDIDATE = applied.ok ? applied.value : null;

export const proposalOf = (fields: Partial<Proposal> & Pick<Proposal, "id">): Proposal => ({
  connection: "demo",
  kind: "mapping",
  title: "Shipping on its own account 202",
  baseVersion: 1,
  edits: EDITS,
  questions: [],
  candidate: CANDIDATE,
  document: null,
  replay: REPLAY,
  digest: `digest-of-${fields.id}`,
  state: "open",
  proposedBy: "Alex",
  proposedAt: NOW,
  expiresAt: "2026-11-30T10:00:00.000Z",
  decidedBy: null,
  decidedAt: null,
  decisionNote: null,
  publishedVersion: null,
  ...fields,
});

export const setupProposal = (answers: Readonly<Record<string, string>>): Proposal =>
  proposalOf({
    id: `setup-${Object.keys(answers).length}`,
    kind: "setup",
    title: "The first mapping",
    baseVersion: 0,
    edits: [],
    candidate: SPEC,
    questions:
      answers.bank === undefined
        ? [
            {
              id: "bank",
              question: "Where does the money of stripe_payments arrive?",
              options: [
                { value: "090", label: "090 Business bank" },
                { value: "091", label: "091 Stripe clearing" },
              ],
              assumed: "090",
            },
          ]
        : [],
    replay: { ...REPLAY, changed: 0, newlyPlanned: 50, changes: [], examples: [] },
  });

const rowOf = (order: string, fields: Partial<OrderRow>): OrderRow => ({
  order,
  placedAt: "2026-11-22T21:14:00.000Z",
  state: "posted",
  storeState: "processing",
  currency: "GBP",
  total: "31.42",
  paymentMethod: "stripe_payments",
  hold: null,
  ...fields,
});
export const HELD = rowOf("100000414", { state: "held", total: "19.99", hold: "taxRateUnknown" });
export const ORDERS: readonly OrderRow[] = [
  rowOf("100000415", { state: "received", total: "88.85" }),
  HELD,
  rowOf("100000413", { state: "queued", total: "1204.00" }),
  rowOf("100000412", {}),
];

export const recordOf = ({ order, state, currency, total, placedAt }: OrderRow): RecordView => ({
  id: `record-${order}`,
  order,
  state,
  hold:
    state === "held"
      ? {
          hold: "taxRateUnknown",
          field: "/items/0/tax_percent",
          detail: "The order was taxed at 19 %; no tax rate of the ledger has 19 %.",
          action: "Add that tax rate in the ledger, or map this tax code, then retry.",
        }
      : null,
  currency,
  total,
  placedAt,
  changedAt: NOW,
  documents:
    state === "posted"
      ? [
          {
            id: `document-${order}`,
            step: "invoice",
            resource: "Invoices",
            state: "delivered",
            number: `MAG-${order}`,
            ledgerId: "0f1e",
            ledgerUrl: "https://go.xero.com/app/invoicing/view/0f1e",
            total,
            currency,
            attempt: 1,
            error: null,
            specVersion: 1,
          },
        ]
      : [],
});

export const explanationOf = (order: string): Explanation => ({
  step: "invoice",
  resource: "Invoices",
  field: "/LineItems/0/AccountCode",
  value: "200",
  lineage: { from: "rule", table: "revenueAccount", ruleId: "otherwise" },
  sentence: `Account 200 of order ${order}: the mapping's otherwise, approved by Dana.`,
});

export const STATUS: Omit<Status, "records" | "openProposals"> = {
  connection: "demo",
  environment: "sandbox",
  specVersion: 1,
  documents: { delivered: 1, queued: 1 },
  queue: { waiting: 1, oldestSeconds: 8 },
  budget: { minuteLeft: 57, dayLeft: 4_812, blockedUntil: null },
  postedTotals: [{ currency: "GBP", store: "48210.16", ledger: "48210.16", difference: "0.00" }],
  completeAsOf: "2026-11-22T23:59:59.000Z",
};
