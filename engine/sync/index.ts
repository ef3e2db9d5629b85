/** The shell of the engine: observe, enqueue, deliver, recover, sweep. The engine's one door is built on this. */
import type { Held } from "../core/hold.ts";
import type { DocumentPlan } from "../core/plan.ts";
import type { PlanInput } from "../core/plan-input.ts";
import type { Result } from "../core/result.ts";
import type { SourceRecord, Unreachable } from "../ports.ts";
import { awaitSettled } from "./await-settled.ts";
import type { SyncConfig } from "./context.ts";
import { type DeliveryReport, deliver } from "./deliver.ts";
import { type Enqueued, type EnqueueRefusal, enqueue, enqueuePlan } from "./enqueue.ts";
import { createMirrors, type Mirrors } from "./mirrors.ts";
import { observe, type ReadOrder, readOrder } from "./observe.ts";
import { type PlanRequest, planInputOf } from "./plan-input-of.ts";
import { type CloseReport, closeDays } from "./summaries.ts";
import { type SweepReport, sweep } from "./sweep.ts";
import { createWorker } from "./worker.ts";

export { type Ends, SYNC_SETTINGS, type SyncConfig, type SyncSettings } from "./context.ts";
export type { DeliveryReport, Enqueued, EnqueueRefusal, Mirrors, ReadOrder, SweepReport };

export type Sync = {
  readonly mirrors: Mirrors;
  /** Reads an order and what rules need of the catalogue; of the order itself nothing is saved. */
  readOrder(connection: string, number: string): Promise<Result<ReadOrder, Unreachable>>;
  /** Reads an order and saves it as a record, with its hold when it cannot be read. */
  observe(connection: string, number: string): Promise<Result<SourceRecord, Unreachable>>;
  /** Plans a record by the newest spec and puts its documents into the outbox; a hold is saved on the record. */
  enqueue(
    record: SourceRecord,
    options: { readonly retry: boolean },
  ): Promise<Result<Enqueued, EnqueueRefusal>>;
  /** What a sale is planned with, for previews and proposals: the very input that `enqueue` uses. */
  planInput(connection: string, request: PlanRequest): Promise<Result<PlanInput, Unreachable>>;
  /** Puts some steps of a plan that a person approved into the outbox; their predecessors must be among them or known. */
  enqueuePlan(
    record: SourceRecord,
    plan: DocumentPlan,
    options: { readonly specVersion: number; readonly steps?: readonly string[]; readonly retry: boolean },
  ): Promise<Enqueued>;
  saveHold(record: string, hold: Held | null): Promise<void>;
  /** Delivers what is due in this process, whether or not a worker runs; safe beside any number of workers. */
  deliverNow(connection: string): Promise<DeliveryReport>;
  /** Waits until no document of the record is on its way; false when the time was up first. */
  awaitSettled(record: string, waitMs: number): Promise<boolean>;
  /** Observes and enqueues what has changed in the store since the last sweep. */
  sweep(connection: string): Promise<Result<SweepReport, Unreachable>>;
  /** Posts the summaries of days that are over and that the sweep has passed. */
  closeDays(connection: string): Promise<Result<CloseReport, Unreachable>>;
  /** Starts the job engine and the delivery worker of this process. */
  start(): Promise<void>;
  /** Lets what is in flight finish. */
  stop(): Promise<void>;
};

export function createSync(config: SyncConfig): Sync {
  const mirrors = createMirrors(config);
  const context = { ...config, mirrors };
  const worker = createWorker(context);
  return {
    mirrors,
    readOrder: (connection, number) => readOrder(context, connection, number),
    observe: (connection, number) => observe(context, connection, number),
    enqueue: (record, options) => enqueue(context, record, options),
    planInput: (connection, request) => planInputOf(context, connection, request),
    enqueuePlan: (record, plan, options) => enqueuePlan(context, record, plan, options),
    saveHold: (record, hold) => config.records.saveHold(record, hold, config.clock.now()),
    deliverNow: (connection) => deliver(context, connection),
    awaitSettled: (record, waitMs) => awaitSettled(context, record, waitMs),
    sweep: (connection) => sweep(context, connection),
    closeDays: (connection) => closeDays(context, connection),
    start: () => worker.start(),
    stop: () => worker.stop(),
  };
}
