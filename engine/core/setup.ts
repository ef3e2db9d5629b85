/** The first spec: what the chart of accounts, the tax rates and the store make clear, with evidence; the rest is asked. */
import { lineAccountFault, paymentAccountFault } from "./account-faults.ts";
import { isFinerThanCents } from "./currencies.ts";
import { type DecisionTable, MappingSpec, type Outcome, type Rule, type TableName } from "./mapping.ts";
import type { LedgerAccount, Org, StoreProfile } from "./org.ts";
import { always, type Evidence, hold, Notes, type Question } from "./setup-notes.ts";
import { chooseFees, chooseRefunds } from "./setup-refund.ts";
import { withGiftCards, withStoredValue } from "./setup-stored-value.ts";
import { setupTax } from "./setup-tax.ts";

export type Setup = {
  readonly spec: MappingSpec;
  readonly questions: readonly Question[];
  readonly evidence: readonly Evidence[];
};

/** `answers` maps question ids to option values; an answer that is not an option is ignored, and the question stays. */
export type SetupInput = {
  readonly org: Org;
  readonly store: StoreProfile;
  readonly answers: Readonly<Record<string, string>>;
};

const SHIPPING = /shipping|postage|delivery|freight|carriage/i;
const DISCOUNT = /discount/i;

export function proposeSpec(input: SetupInput): Setup {
  const notes = new Notes(input.answers);
  const { org, store } = input;
  const revenue = chooseRevenue(org, notes);
  const shipping = chooseByName({
    org,
    notes,
    pattern: SHIPPING,
    table: "shippingAccount",
    about: "shipping income",
    fallback: revenue,
  });
  const discount = chooseByName({
    org,
    notes,
    pattern: DISCOUNT,
    table: "discountAccount",
    about: "visible discounts",
    fallback: revenue,
  });
  warnOfDecimals(org, notes);
  const tax = setupTax(org, store, notes);
  const fee = chooseFees(
    org,
    account(null, "No account is set for surcharges and other named totals."),
    notes,
  );
  const payment = choosePayments(org, store, notes);
  // Parsed, so that what it does not say has the schema's default.
  const spec = MappingSpec.parse({
    format: 1,
    settings: firstSettings(input, tax.untaxed),
    tables: {
      revenueAccount: withGiftCards(
        always(account(revenue, "No revenue account was found in the chart of accounts.")),
        org,
        notes,
      ),
      taxType: tax.table,
      shippingAccount: always(account(shipping, "No account was found for shipping.")),
      shippingTaxType: tax.table,
      discountAccount: always(account(discount, "No account was found for discounts.")),
      feeAccount: fee,
      feeTaxType: always(
        tax.untaxed === null
          ? hold("No tax type is set for named totals.")
          : { kind: "taxType", taxType: tax.untaxed },
      ),
      payment: withStoredValue(payment, org, notes),
      contact: always({ kind: "perCustomer" }),
      terms: always({ kind: "terms", days: 0, from: "invoiceDate" }),
      invoiceStatus: always({ kind: "status", status: "AUTHORISED" }),
      tracking1: always({ kind: "noOption" }),
      tracking2: always({ kind: "noOption" }),
      acceptOrder: { rules: [], otherwise: null },
      refund: chooseRefunds(org, payment, notes),
    } satisfies Partial<Record<TableName, DecisionTable>>,
    fields: FIELDS,
  });
  return { spec, questions: notes.questions, evidence: notes.evidence };
}

const FIELDS = {
  contactName: "{customer.name|Customer} ({customer.number})",
  invoiceReference: "{order.number}",
  lineDescription: "{line.name|Item}",
  shippingDescription: "Shipping: {order.shippingMethod|delivery}",
  paymentReference: "{order.number} {payment.transaction|paid}",
} as const;

const firstSettings = ({ org, store }: SetupInput, untaxed: string | null) => ({
  lineAmountTypes: store.pricesIncludeTax === false ? "Exclusive" : "Inclusive",
  taxAmounts: "whereDifferent",
  discounts: "net",
  numberPrefix: "",
  contactNumberPrefix: "M2-",
  tracking1Category: null,
  tracking2Category: null,
  currencies: [...org.currencies],
  rateFrom: "xero",
  roundingLimit: "0.05",
  roundingAccount: org.accounts.find(({ systemAccount }) => systemAccount === "ROUNDING")?.code ?? null,
  roundingTaxType: untaxed,
  cutOverDate: null,
  trigger: "paid",
});

/** The ledger's totals have two decimals of every currency: what is finer than that is rounded (facts/accounting.md FX-08). */
function warnOfDecimals({ currencies }: Org, notes: Notes): void {
  for (const currency of currencies.filter(isFinerThanCents))
    notes.because(
      "/settings/currencies",
      `${currency} has more than two decimals, the ledger two: its amounts are rounded to hundredths`,
    );
}

const account = (code: string | null, otherwise: string): Outcome =>
  code === null ? hold(otherwise) : { kind: "account", code };

const REVENUE_TYPES = new Set(["REVENUE", "SALES", "OTHERINCOME"]);

const revenueAccounts = (org: Org): LedgerAccount[] =>
  org.accounts.filter(
    (candidate) =>
      candidate.code !== null &&
      REVENUE_TYPES.has(candidate.type) &&
      lineAccountFault(candidate) === undefined,
  );

function chooseRevenue(org: Org, notes: Notes): string | null {
  const accounts = revenueAccounts(org);
  const named =
    accounts.find(({ name }) => /^sales$/i.test(name)) ??
    accounts.find(({ name }) => /\bsales\b/i.test(name));
  if (named !== undefined) {
    notes.because("/tables/revenueAccount", `account ${named.code} is called "${named.name}"`);
    return named.code;
  }
  if (accounts.length === 0) return null;
  return notes.ask({
    id: "revenueAccount",
    question: "Which account do sales of goods go to?",
    options: accounts.map(optionOf),
    assumed: accounts[0]?.code ?? null,
  });
}

type ByName = {
  readonly org: Org;
  readonly notes: Notes;
  readonly pattern: RegExp;
  readonly table: TableName;
  readonly about: string;
  readonly fallback: string | null;
};

function chooseByName({ org, notes, pattern, table, about, fallback }: ByName): string | null {
  const candidates = org.accounts.filter(
    (candidate) =>
      candidate.code !== null && pattern.test(candidate.name) && lineAccountFault(candidate) === undefined,
  );
  // Carrier costs are often called freight as well: what customers pay is income.
  const named =
    candidates.find(({ type }) => REVENUE_TYPES.has(type)) ??
    (table === "discountAccount" ? candidates[0] : undefined);
  if (named !== undefined) {
    notes.because(`/tables/${table}`, `account ${named.code} is called "${named.name}"`);
    return named.code;
  }
  if (table === "discountAccount") return fallback;
  return notes.ask({
    id: table,
    question: `Which account takes ${about}?`,
    options: revenueAccounts(org).map(optionOf),
    assumed: fallback,
  });
}

/** Methods on terms: the invoice is sent before money comes, and a bank feed finds it. */
const ON_TERMS = /^(banktransfer|checkmo|purchaseorder|cashondelivery|free)$/;

function choosePayments(org: Org, store: StoreProfile, notes: Notes): DecisionTable {
  const accounts = org.accounts.filter(
    (candidate) => candidate.code !== null && paymentAccountFault(candidate) === undefined,
  );
  const fallback = accounts.find(({ name }) => /clearing/i.test(name)) ?? accounts[0];
  if (fallback === undefined) {
    notes.because("/tables/payment", "no account of the organisation takes payments");
    return always({ kind: "unpaid" });
  }
  const bank = accounts.find(
    ({ type, name }) => type === "BANK" && !/clearing|paypal|stripe|klarna|adyen|braintree/i.test(name),
  );
  const rules = store.paymentMethods.map((method): Rule => {
    const named =
      accounts.find(({ name }) => sharesWord(method, name)) ?? (ON_TERMS.test(method) ? bank : undefined);
    const code = named?.code ?? askForMethod(method, accounts, fallback, notes);
    if (named !== undefined)
      notes.because(`/tables/payment/${method}`, `account ${named.code} is called "${named.name}"`);
    return {
      id: slug(`pay-${method}`),
      note: `money of ${method}`,
      when: [{ op: "is", fact: "payment.method", value: method }],
      then: code === null ? { kind: "unpaid" } : { kind: "payment", account: code },
    };
  });
  // Money of a method that nobody has mapped is not booked to an account that is not its own.
  return { rules: uniqueIds(rules), otherwise: hold("No account is set for this payment method.") };
}

function askForMethod(
  method: string,
  accounts: readonly LedgerAccount[],
  fallback: LedgerAccount,
  notes: Notes,
): string | null {
  return notes.ask({
    id: `payment.${method}`,
    question: `Which account receives the money of payment method ${method}?`,
    options: accounts.map(optionOf),
    assumed: fallback.code,
  });
}

/** "paypal_express" and "PayPal clearing" share a word of four letters or more. */
function sharesWord(method: string, name: string): boolean {
  const words = (text: string) =>
    text
      .toLowerCase()
      .split(/[^a-z]+/)
      .filter((word) => word.length >= 4);
  return words(method).some(
    (word) => words(name).includes(word) && !["bank", "account", "clearing", "payments"].includes(word),
  );
}

const slug = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "")
    .slice(0, 60);

const uniqueIds = (rules: readonly Rule[]): Rule[] =>
  rules.map((rule, index) =>
    rules.findIndex(({ id }) => id === rule.id) === index ? rule : { ...rule, id: `${rule.id}-${index}` },
  );

const optionOf = ({ code, name }: LedgerAccount) => ({ value: code ?? "", label: `${code} ${name}` });
