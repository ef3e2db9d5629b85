/** Scopes of the token endpoint and what they open (facts/xero.md section 1, Scopes). */

const GRANULAR = [
  "accounting.invoices",
  "accounting.payments",
  "accounting.banktransactions",
  "accounting.manualjournals",
  "accounting.settings",
  "accounting.contacts",
  "accounting.attachments",
];
const BROAD = ["accounting.transactions"];
const READ_ONLY = [
  "accounting.reports.read",
  "accounting.budgets.read",
  "accounting.journals.read",
  ...["aged", "balancesheet", "banksummary", "budgetsummary", "executivesummary", "profitandloss"].map(
    (report) => `accounting.reports.${report}.read`,
  ),
  "accounting.reports.trialbalance.read",
  "accounting.reports.taxreports.read",
];
const IDENTITY = ["openid", "profile", "email", "offline_access"];

const WRITABLE = [...GRANULAR, ...BROAD];
const KNOWN: ReadonlySet<string> = new Set([
  ...WRITABLE,
  ...WRITABLE.map((scope) => `${scope}.read`),
  ...READ_ONLY,
  ...IDENTITY,
]);

export const isKnownScope = (scope: string): boolean => KNOWN.has(scope);

/** What a token gets whose request named no scope: xero-node's `scopes` parameter has no effect (section 8). */
export const ALL_SCOPES: readonly string[] = [...GRANULAR, "accounting.reports.trialbalance.read"];

const OF_RESOURCE: Readonly<Record<string, readonly string[]>> = {
  invoices: ["accounting.invoices", "accounting.transactions"],
  creditnotes: ["accounting.invoices", "accounting.transactions"],
  items: ["accounting.invoices", "accounting.settings"],
  payments: ["accounting.payments", "accounting.transactions"],
  batchpayments: ["accounting.payments", "accounting.transactions"],
  overpayments: ["accounting.payments", "accounting.transactions"],
  prepayments: ["accounting.payments", "accounting.transactions"],
  banktransactions: ["accounting.banktransactions", "accounting.transactions"],
  manualjournals: ["accounting.manualjournals", "accounting.transactions"],
  contacts: ["accounting.contacts"],
};
const TRIAL_BALANCE = ["accounting.reports.trialbalance.read", "accounting.reports.read"];

/** `resourcePath` is what follows /api.xro/2.0/. */
export function mayCall(scopes: readonly string[], method: string, resourcePath: string): boolean {
  const segments = resourcePath.toLowerCase().split("/");
  const resource = segments[0] ?? "";
  if (resource === "reports") return TRIAL_BALANCE.some((scope) => scopes.includes(scope));
  const needed = segments.includes("attachments")
    ? ["accounting.attachments"]
    : (OF_RESOURCE[resource] ?? ["accounting.settings"]);
  return needed.some(
    (scope) => scopes.includes(scope) || (method === "GET" && scopes.includes(`${scope}.read`)),
  );
}
