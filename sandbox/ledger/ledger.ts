import { createCalls, createFaults, createSandboxClock, type SandboxClock } from "../shared/control.ts";
import { Books } from "./books/books.ts";
import { createIds } from "./books/ids.ts";
import { openJournal } from "./books/journal.ts";
import { type OrgSeed, parseScenario } from "./books/scenario.ts";
import { seedBooks } from "./books/seed.ts";
import type { Call } from "./endpoints/call.ts";
import { createIdempotency } from "./gate/idempotency.ts";
import { createLimits, type Limits } from "./gate/limits.ts";
import { findEndpoint } from "./routes.ts";
import { createWebhooks, type Webhooks } from "./webhooks.ts";
import { notFound, queryInvalid, Refusal, type Reply } from "./wire/envelope.ts";
import { Query } from "./wire/listing.ts";
import { QueryInvalid } from "./wire/where.ts";

export type LedgerOptions = {
  scenario: unknown;
  dataDir?: string | undefined;
  seed?: string | undefined;
  now?: (() => Date) | undefined;
};

/** The demo ledger without its HTTP server. */
export type Ledger = {
  readonly books: Books;
  readonly org: OrgSeed;
  readonly clock: SandboxClock;
  readonly limits: Limits;
  readonly faults: ReturnType<typeof createFaults>;
  readonly calls: ReturnType<typeof createCalls>;
  readonly answer: ReturnType<typeof createIdempotency>;
  readonly webhooks: Webhooks;
  newId(): string;
  close(): void;
};

export function openLedger({ scenario, dataDir, seed, now }: LedgerOptions): Ledger {
  const org = parseScenario(scenario);
  const books = new Books();
  const clock = createSandboxClock(now ?? (() => new Date()));
  const journal = dataDir === undefined ? undefined : openJournal(dataDir, books);
  clock.restore(books.get("counters", CLOCK)?.value ?? 0);
  if (books.all("organisation").length === 0) {
    seedBooks(books, org, clock.now().getTime());
    books.commit();
  }
  const nowMs = (): number => clock.now().getTime();
  const webhooks = createWebhooks(books, nowMs);
  return {
    books,
    org,
    webhooks,
    clock,
    limits: createLimits(org, seed === undefined ? Math.random : seededRandom(seed)),
    faults: createFaults(),
    calls: createCalls(),
    answer: createIdempotency(books, org, nowMs),
    newId: createIds(books, seed),
    close(): void {
      webhooks.stop();
      journal?.close();
    },
  };
}

/** The counter that keeps how far the sandbox clock was moved. */
export const CLOCK = "clockOffsetMs";

function seededRandom(seed: string): () => number {
  let state = [...seed].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) >>> 0, 7);
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

export type ApiRequest = {
  method: string;
  /** What follows /api.xro/2.0/. */
  resourcePath: string;
  query: URLSearchParams;
  headers: Readonly<Record<string, string | undefined>>;
  body: Buffer;
  clientId: string;
  forcedError?: string | undefined;
  isBookkeeper?: boolean;
};

/** Runs one API request on the books; the caller commits. An unexpected error undoes what it wrote. */
export function execute(ledger: Ledger, request: ApiRequest): Reply {
  const mark = ledger.books.mark();
  try {
    const { run, params } = findEndpoint(request.method, request.resourcePath);
    return run(callOf(ledger, request, params));
  } catch (error) {
    ledger.books.rollback(mark);
    if (error instanceof Refusal) return error.reply;
    // A path with a broken escape names nothing.
    if (error instanceof URIError) return notFound();
    if (error instanceof QueryInvalid) return queryInvalid(error.message);
    throw error;
  }
}

function callOf(ledger: Ledger, request: ApiRequest, params: Record<string, string>): Call {
  return {
    method: request.method,
    path: request.resourcePath,
    params,
    query: new Query(request.query),
    header: (name) => request.headers[name],
    rawBody: request.body,
    books: ledger.books,
    org: ledger.org,
    nowMs: ledger.clock.now().getTime(),
    clientId: request.clientId,
    newId: ledger.newId,
    isBookkeeper: request.isBookkeeper ?? false,
    ...(request.forcedError === undefined ? {} : { forcedError: request.forcedError }),
  };
}
