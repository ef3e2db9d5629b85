/** What the shell of the engine is given: ports and settings. Nothing here is read from the environment or a global. */
import type {
  Binding,
  Budget,
  Clock,
  Ids,
  JobEngine,
  Ledger,
  Log,
  Outbox,
  Records,
  SalesSource,
} from "../ports.ts";
import type { Mirrors } from "./mirrors.ts";

/** The two ends of a connection; the ledger is the bare one, the budget is put around it here. */
export type Ends = { readonly source: SalesSource; readonly ledger: Ledger };

export type SyncSettings = {
  /** Documents of one write (facts/xero.md section 2: about 50). */
  readonly batchSize: number;
  /** A body is kept below what Xero advises (3.5 MB). */
  readonly batchBytes: number;
  /** How long one write may take; nothing is sent again before it has passed. */
  readonly callTimeoutMs: number;
  /** The longest wait for the call budget inside a worker; a longer one goes back to the outbox. */
  readonly budgetWaitMs: number;
  /** After it a mirror is read again. */
  readonly mirrorAgeMs: number;
  /** How often a worker looks for documents whose time has come. */
  readonly tickMs: number;
  /** First wait after a transport failure; it doubles up to the maximum. */
  readonly retryMs: number;
  readonly retryMaxMs: number;
  /** Null: no sweep. */
  readonly sweepEveryMs: number | null;
  /** The sweep looks back this far behind its cursor, since the store's clock and ours differ. */
  readonly sweepOverlapMs: number;
  readonly sweepPageSize: number;
  /** How often days that are over are summed up. */
  readonly closeEveryMs: number;
};

export const SYNC_SETTINGS: SyncSettings = {
  batchSize: 50,
  batchBytes: 3_000_000,
  callTimeoutMs: 45_000,
  budgetWaitMs: 5_000,
  mirrorAgeMs: 3_600_000,
  tickMs: 1_000,
  retryMs: 5_000,
  retryMaxMs: 300_000,
  sweepEveryMs: null,
  sweepOverlapMs: 600_000,
  sweepPageSize: 100,
  closeEveryMs: 60_000,
};

export type SyncConfig = {
  readonly records: Records;
  readonly outbox: Outbox;
  readonly jobs: JobEngine;
  readonly budget: Budget;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  /** Waits in real time; a test may cut it short. */
  readonly sleep: (ms: number) => Promise<void>;
  readonly ends: (binding: Binding) => Promise<Ends>;
  readonly settings: SyncSettings;
};

export type SyncContext = SyncConfig & { readonly mirrors: Mirrors };
