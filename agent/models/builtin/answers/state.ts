/** How the connection stands, what the lists hold, and what the mapping says. */
import type { z } from "zod";
import { TABLES, type TableName } from "../../../../engine/core/mapping.ts";
import { ChartOfAccounts } from "../../../../tools/get-chart-of-accounts.ts";
import { MappingView } from "../../../../tools/get-mapping.ts";
import { Reconciliation } from "../../../../tools/get-reconciliation.ts";
import { StoreLists } from "../../../../tools/get-store-profile.ts";
import { SyncStatus } from "../../../../tools/get-sync-status.ts";
import { MappingVersions } from "../../../../tools/list-mapping-versions.ts";
import { TaxRates } from "../../../../tools/list-tax-rates.ts";
import { TrackingCategories } from "../../../../tools/list-tracking-categories.ts";
import type { Called } from "../conversation.ts";
import { type AccountNames, tableWords } from "../describe.ts";
import { DISCOUNT, FEE, PAYMENT, SHIPPING, TAX, TRACK } from "../lexicon.ts";
import { read, says } from "../text.ts";
import { listed, resultOf } from "./answer.ts";

export function stateAnswer(called: readonly Called[]): string | undefined {
  const reconciled = resultOf(called, "get_reconciliation", Reconciliation);
  if (reconciled !== undefined) return reconciledText(reconciled);
  const status = resultOf(called, "get_sync_status", SyncStatus);
  if (status !== undefined) return statusText(status);
  const versions = resultOf(called, "list_mapping_versions", MappingVersions);
  if (versions !== undefined)
    return `Mapping versions (${versions.total}):\n${listed(
      versions.versions.map(
        ({ version, publishedAt, publishedBy, note }) =>
          `${version}: ${note} (${publishedBy}, ${publishedAt.slice(0, 10)})`,
      ),
    )}`;
  return listsAnswer(called);
}

function listsAnswer(called: readonly Called[]): string | undefined {
  const chart = resultOf(called, "get_chart_of_accounts", ChartOfAccounts);
  if (chart !== undefined)
    return `Accounts (${chart.total}):\n${listed(
      chart.accounts.map(({ code, name, type }) => `${code ?? "no code"} ${name} (${type})`),
      60,
    )}`;
  const rates = resultOf(called, "list_tax_rates", TaxRates);
  if (rates !== undefined)
    return `Tax types for sales:\n${listed(
      rates.taxRates
        .filter(({ forSales }) => forSales)
        .map(({ taxType, name, rate }) => `${taxType} ${name} (${rate} %)`),
      40,
    )}`;
  const tracking = resultOf(called, "list_tracking_categories", TrackingCategories);
  if (tracking !== undefined)
    return tracking.categories.length === 0
      ? "The ledger has no tracking categories."
      : `Tracking categories:\n${listed(tracking.categories.map(({ name, options }) => `${name}: ${options.join(", ")}`))}`;
  const lists = resultOf(called, "get_store_profile", StoreLists);
  if (lists === undefined) return undefined;
  return listed([
    `store views: ${lists.storeViews.map(({ code }) => code).join(", ")}`,
    `customer groups: ${lists.customerGroups.join(", ")}`,
    `payment methods: ${lists.paymentMethods.join(", ")}`,
    `tax classes: ${lists.taxClasses.join(", ")}`,
    `categories: ${lists.categories.slice(0, 30).join(", ")}`,
  ]);
}

function statusText(status: z.output<typeof SyncStatus>): string {
  const counts = status.orders
    .filter(({ count }) => count > 0)
    .map(({ state, count }) => `${count} ${state}`);
  const of = (wanted: string) => status.orders.find(({ state }) => state === wanted)?.count ?? 0;
  const parts = [
    `Orders: ${counts.join(", ") || "none yet"}. Held: ${of("held")}, failed: ${of("failed")}, uncertain: ${of("uncertain")}.`,
    `Queue: ${status.queueWaiting} waiting. Ledger calls left: ${status.ledgerCallsLeftThisMinute} this minute, ${status.ledgerCallsLeftToday} today.`,
    status.openProposals > 0 ? `Open proposals: ${status.openProposals}.` : "",
    status.completeAsOf === null ? "" : `The books are complete as of ${status.completeAsOf}.`,
    status.mappingVersion === null
      ? 'No mapping is approved yet: say "set up".'
      : `Mapping version ${status.mappingVersion}.`,
  ];
  return parts.filter((part) => part !== "").join("\n");
}

function reconciledText({
  totals,
  posted,
  drifted,
  notInBooks,
  completeAsOf,
}: z.output<typeof Reconciliation>): string {
  const sums = totals.map(
    ({ currency, store, ledger, difference }) =>
      `${currency}: store ${store}, ledger ${ledger}, difference ${difference}`,
  );
  const outside = notInBooks.map(({ state, orders }) => `${orders} ${state}`).join(", ");
  return [
    totals.length === 0 ? "Nothing is posted yet." : `Posted orders on both sides:\n${listed(sums)}`,
    `${posted} posted, ${drifted} changed in the ledger since${outside === "" ? "" : `; not in the books: ${outside}`}.`,
    completeAsOf === null ? "" : `The books are complete as of ${completeAsOf}.`,
  ]
    .filter((part) => part !== "")
    .join("\n");
}

const TOPICS: readonly (readonly [RegExp, readonly TableName[]])[] = [
  [SHIPPING, ["shippingAccount", "shippingTaxType"]],
  [DISCOUNT, ["discountAccount"]],
  [/\b(?:due|terms|days)\b/, ["terms"]],
  [/\b(?:drafts?|approved|status|authori[sz]ed)\b/, ["invoiceStatus"]],
  [/\b(?:contacts?|guests?)\b/, ["contact"]],
  [TRACK, ["tracking1", "tracking2"]],
  [/\b(?:held|hold|review)\b/, ["acceptOrder"]],
  [TAX, ["taxType", "shippingTaxType"]],
  [PAYMENT, ["payment"]],
  [/\b(?:paypal|stripe|card|bank|cheque|method|methods)\b/, ["payment"]],
  [FEE, ["feeAccount", "feeTaxType"]],
  [/\b(?:sales|revenue|income|goods|products?|items?|sold|account)\b/, ["revenueAccount"]],
];

/** What the mapping says about the topic of the question; about everything when it names none. */
export function mappingAnswer(question: string, called: readonly Called[]): string | undefined {
  const mapping = resultOf(called, "get_mapping", MappingView);
  if (mapping === undefined) return undefined;
  const chart = resultOf(called, "get_chart_of_accounts", ChartOfAccounts);
  const names: AccountNames = new Map(
    (chart?.accounts ?? []).flatMap(({ code, name }) => (code === null ? [] : [[code, name] as const])),
  );
  const reading = read(question);
  const wanted = TOPICS.find(([pattern]) => says(reading, pattern))?.[1];
  const shown = mapping.tables.filter(({ table }) => wanted === undefined || wanted.includes(table));
  const lines = shown.map((table) => `${TABLES[table.table].about}: ${tableWords(table, names)}`);
  return [`Mapping version ${mapping.version}:`, listed(lines, 20), settingsText(mapping.settings, wanted)]
    .filter((part) => part !== "")
    .join("\n");
}

function settingsText(
  settings: z.output<typeof MappingView>["settings"],
  wanted: readonly TableName[] | undefined,
): string {
  if (wanted?.includes("discountAccount"))
    return `Discounts are ${settings.discounts === "net" ? "inside the line amounts" : "lines of their own"}.`;
  if (wanted?.includes("tracking1"))
    return `Tracking categories: ${settings.tracking1Category ?? "none"}, ${settings.tracking2Category ?? "none"}.`;
  if (wanted !== undefined) return "";
  return `Line amounts are ${settings.lineAmountTypes === "Inclusive" ? "with" : "without"} tax; discounts ${settings.discounts}; number prefix "${settings.numberPrefix}"; orders are posted when ${settings.trigger}.`;
}
