import { z } from "zod";
import { ClockChange, Fault } from "../shared/control.ts";
import type { Organisation } from "./books/rows.ts";
import { seedBooks } from "./books/seed.ts";
import { renderState } from "./endpoints/state.ts";
import { CLOCK, execute, type Ledger } from "./ledger.ts";
import { jsonReply, type Reply } from "./wire/envelope.ts";

/** The control plane under /__sandbox/ (contract.md, "The demo servers"). Not a part of Xero. */
export async function answerControl(
  ledger: Ledger,
  method: string,
  path: string,
  body: Buffer,
): Promise<Reply> {
  const route = `${method} ${path.slice("/__sandbox/".length)}`;
  let input: unknown;
  try {
    input = body.length === 0 ? {} : JSON.parse(body.toString("utf8"));
  } catch {
    return badInput("the body is not JSON");
  }
  switch (route) {
    case "GET state":
      return jsonReply(200, renderState(ledger));
    case "GET calls":
      return jsonReply(200, ledger.calls.summary());
    case "POST reset":
      return reset(ledger);
    case "GET faults":
      return jsonReply(
        200,
        [...ledger.faults.list()].map((fault) => ({ ...fault, match: { ...fault.match } })),
      );
    case "POST faults":
      return addFaults(ledger, input);
    case "DELETE faults":
      ledger.faults.clear();
      return jsonReply(200, { ok: true });
    case "POST clock":
      return moveClock(ledger, input);
    case "POST webhook":
      return subscribe(ledger, input);
    case "POST edit":
      return edit(ledger, input);
    default:
      return jsonReply(404, { error: `no such control: ${route}` });
  }
}

const badInput = (detail: string): Reply => jsonReply(400, { error: detail });

/** Back to the scenario. Tokens and connections stay: they belong to the identity server, not to the organisation. */
function reset(ledger: Ledger): Reply {
  const { books } = ledger;
  books.clear([
    "organisation",
    "accounts",
    "taxRates",
    "trackingCategories",
    "currencies",
    "contacts",
    "documents",
    "payments",
    "allocations",
    "batchPayments",
    "items",
    "stockMoves",
    "manualJournals",
    "history",
    "attachments",
    "answers",
    "counters",
    "webhookEvents",
  ]);
  ledger.clock.restore(0);
  seedBooks(books, ledger.org, ledger.clock.now().getTime());
  books.commit();
  ledger.faults.clear();
  ledger.calls.clear();
  ledger.limits.reset();
  return jsonReply(200, { ok: true });
}

function addFaults(ledger: Ledger, input: unknown): Reply {
  const parsed = z.union([Fault, z.array(Fault)]).safeParse(input);
  if (!parsed.success) return badInput(z.prettifyError(parsed.error));
  for (const fault of [parsed.data].flat()) ledger.faults.add(fault);
  return jsonReply(200, { ok: true });
}

function moveClock(ledger: Ledger, input: unknown): Reply {
  const parsed = ClockChange.safeParse(input);
  if (!parsed.success) return badInput(z.prettifyError(parsed.error));
  const now = ledger.clock.change(parsed.data);
  ledger.books.put("counters", { id: CLOCK, value: ledger.clock.offsetMs() });
  ledger.books.commit();
  return jsonReply(200, { now: now.toISOString() });
}

const Subscription = z.object({ url: z.url(), key: z.string().min(1) }).strict();

/** Sends the intent to receive at once; events flow when it is passed (facts/xero.md section 6). */
async function subscribe(ledger: Ledger, input: unknown): Promise<Reply> {
  const parsed = Subscription.safeParse(input);
  if (!parsed.success) return badInput(z.prettifyError(parsed.error));
  const result = await ledger.webhooks.subscribe(parsed.data);
  // What was not delivered before it was switched off goes out now.
  ledger.webhooks.wake();
  return jsonReply(200, result);
}

const Edit = z.object({
  resource: z.string(),
  id: z.string().optional(),
  changes: z.record(z.string(), z.unknown()),
});

/**
 * A change at the screen by a bookkeeper: the same rules as the API but for archived contacts and tax rates, and lock
 * dates can be set (`{resource: "Organisation", changes: {PeriodLockDate}}`). Without an id it creates.
 */
function edit(ledger: Ledger, input: unknown): Reply {
  const parsed = Edit.safeParse(input);
  if (!parsed.success) return badInput(z.prettifyError(parsed.error));
  const { resource, id, changes } = parsed.data;
  if (resource.toLowerCase().startsWith("organisation")) return editOrganisation(ledger, changes);
  const isNamed = resource.toLowerCase() === "taxrates";
  const reply = execute(ledger, {
    method: id === undefined ? "PUT" : "POST",
    resourcePath: id === undefined || isNamed ? resource : `${resource}/${encodeURIComponent(id)}`,
    query: new URLSearchParams({ unitdp: "4" }),
    headers: {},
    body: Buffer.from(JSON.stringify(isNamed && id !== undefined ? { ...changes, TaxType: id } : changes)),
    clientId: "bookkeeper",
    isBookkeeper: true,
  });
  ledger.books.commit();
  ledger.webhooks.wake();
  return reply;
}

const LockDates = z
  .object({
    PeriodLockDate: z.iso.date().nullable().optional(),
    EndOfYearLockDate: z.iso.date().nullable().optional(),
    Name: z.string().optional(),
  })
  .strict();

function editOrganisation(ledger: Ledger, changes: Record<string, unknown>): Reply {
  const parsed = LockDates.safeParse(changes);
  const [organisation] = ledger.books.all("organisation");
  if (!parsed.success || organisation === undefined)
    return badInput(z.prettifyError(parsed.error ?? new z.ZodError([])));
  const { PeriodLockDate: period, EndOfYearLockDate: year, Name: name } = parsed.data;
  const { periodLockDate, endOfYearLockDate, ...rest } = organisation;
  const nextPeriod = period === undefined ? periodLockDate : (period ?? undefined);
  const nextYear = year === undefined ? endOfYearLockDate : (year ?? undefined);
  const next: Organisation = {
    ...rest,
    name: name ?? rest.name,
    ...(nextPeriod === undefined ? {} : { periodLockDate: nextPeriod }),
    ...(nextYear === undefined ? {} : { endOfYearLockDate: nextYear }),
  };
  ledger.books.put("organisation", next);
  ledger.books.commit();
  return jsonReply(200, { ok: true });
}
