/** Every tool there is. There is no tool that approves, deletes, pays or sends: what is missing cannot be misused. */
import type { Tool } from "./define.ts";
import { explainRecord } from "./explain-record.ts";
import { getChartOfAccounts } from "./get-chart-of-accounts.ts";
import { getMapping } from "./get-mapping.ts";
import { getOrder } from "./get-order.ts";
import { getReconciliation } from "./get-reconciliation.ts";
import { getStoreProfile } from "./get-store-profile.ts";
import { getSyncStatus } from "./get-sync-status.ts";
import { listFailedRecords } from "./list-failed-records.ts";
import { listMappingVersions } from "./list-mapping-versions.ts";
import { listProposals } from "./list-proposals.ts";
import { listTaxRates } from "./list-tax-rates.ts";
import { listTrackingCategories } from "./list-tracking-categories.ts";
import { previewOrder } from "./preview-order.ts";
import { previewProposal } from "./preview-proposal.ts";
import { proposeMapping } from "./propose-mapping.ts";
import { proposeSetup } from "./propose-setup.ts";
import { createInvoice, upsertContact } from "./proposed-documents.ts";
import { requestApproval } from "./request-approval.ts";
import { searchOrders } from "./search-orders.ts";
import { retryRecord, syncOrder } from "./sync-order.ts";

const TOOLS: readonly Tool[] = [
  getOrder,
  searchOrders,
  previewOrder,
  getMapping,
  listMappingVersions,
  getChartOfAccounts,
  listTaxRates,
  listTrackingCategories,
  getStoreProfile,
  proposeSetup,
  proposeMapping,
  previewProposal,
  listProposals,
  listFailedRecords,
  explainRecord,
  upsertContact,
  createInvoice,
  syncOrder,
  retryRecord,
  getSyncStatus,
  getReconciliation,
  requestApproval,
];

/** By name, in the order in which a model should read them. */
export type Registry = ReadonlyMap<string, Tool>;

export const registry: Registry = new Map(TOOLS.map((tool) => [tool.name, tool]));
