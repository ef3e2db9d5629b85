/** A Xero organisation as a Ledger. Every method but fetchOrg (five reads) is one HTTP call; limits are kept in front of it. */
import type { AxiosInstance } from "axios";
import { err, ok, type Result } from "../../core/result.ts";
import type { Json } from "../../core/shapes.ts";
import type { FindQuery, Ledger, LedgerDocument, Log, Unreachable, WriteAnswer } from "../../ports.ts";
import { parseAnswer } from "./answer-json.ts";
import { fetchTenants, type TokenSource } from "./auth.ts";
import { toLedgerDocument } from "./documents.ts";
import { type Exchange, exchange } from "./exchange.ts";
import { isStaleToken, unreachableOf } from "./failures.ts";
import { readOf } from "./find.ts";
import { toItemList } from "./items.ts";
import { ORG_LISTS, type OrgList, toOrg } from "./org.ts";
import { toWriteAnswer } from "./write-answer.ts";
import { type Call, writeCall } from "./writes.ts";

export type XeroLedgerConfig = {
  /** Scheme and host, e.g. https://api.xero.com; `/api.xro/2.0` is added here. */
  readonly apiUrl: string;
  readonly tokens: TokenSource;
  /** Null for a connection that covers one organisation only: its id is then looked up once. */
  readonly tenantId: string | null;
  readonly log: Log;
  readonly readTimeoutMs?: number;
  /** For the calls that are not xero-node's. */
  readonly http?: AxiosInstance;
  /** What the headers of an answer say is left; some answers say nothing. */
  readonly onAnswer?: (left: { readonly minuteLeft?: number; readonly dayLeft?: number }) => void;
};

const READ_TIMEOUT_MS = 60_000;

export function createXeroLedger(config: XeroLedgerConfig): Ledger {
  const calls = createCalls(config);
  return {
    fetchOrg: async () => {
      const answers: Partial<Record<OrgList, Json>> = {};
      // One after the other: a caller has leave for one call in flight, not for five.
      for (const list of ORG_LISTS) {
        const read = await calls.read(orgCall(list), list);
        if (!read.ok) return read;
        answers[list] = read.value;
      }
      return toOrg(answers as Record<OrgList, Json>, config.log);
    },
    find: async (query) => {
      if (query.values.length === 0) return ok([]);
      const read = await calls.read(readOf(query), query.resource);
      return read.ok ? documentsOf(query.resource, read.value) : read;
    },
    fetchItems: async () => {
      const read = await calls.read((api, tenant) => api.getItems(tenant), "Items");
      return read.ok ? toItemList(read.value) : read;
    },
    create: async ({ resource, bodies, idempotencyKey, timeoutMs }) => {
      const sent = await calls.send(
        writeCall({ resource, bodies, idempotencyKey }),
        AbortSignal.timeout(timeoutMs),
      );
      return sent.ok ? toWriteAnswer(sent.value, { resource, bodies }) : notSent(sent.error);
    },
  };
}

function orgCall(list: OrgList): Call {
  switch (list) {
    case "Organisations":
      return (api, tenant) => api.getOrganisations(tenant);
    case "Accounts":
      return (api, tenant) => api.getAccounts(tenant);
    case "TaxRates":
      return (api, tenant) => api.getTaxRates(tenant);
    case "TrackingCategories":
      return (api, tenant) => api.getTrackingCategories(tenant);
    case "Currencies":
      return (api, tenant) => api.getCurrencies(tenant);
  }
}

function documentsOf(
  resource: FindQuery["resource"],
  elements: Json,
): Result<readonly LedgerDocument[], Unreachable> {
  const documents = (Array.isArray(elements) ? elements : []).map((element) =>
    toLedgerDocument(resource, element),
  );
  const known = documents.filter((document) => document !== undefined);
  if (known.length < documents.length) return err(strangeAnswer(resource));
  // Bills share their numbers freely; only sales documents are ours.
  return ok(known.filter(({ type }) => !type.startsWith("ACCPAY")));
}

/** Without a token or an organisation nothing was sent. */
const notSent = (cause: Unreachable): WriteAnswer =>
  cause.kind === "notFound" ? { kind: "unavailable", detail: cause.detail } : cause;

const strangeAnswer = (list: string): Unreachable => ({
  kind: "unavailable",
  detail: `The ledger's answer about ${list} is not what Xero's API describes.`,
});

/** Calls with a token, the organisation's id and what the headers say. */
function createCalls(config: XeroLedgerConfig) {
  let tenantId = config.tenantId;

  /** Token and organisation, within the time of the call: a write must not leave after its time is over. */
  const access = async (
    signal: AbortSignal,
  ): Promise<Result<{ token: string; tenant: string }, Unreachable>> => {
    const token = await within(config.tokens.token(), signal);
    if (!token.ok) return token;
    if (tenantId === null) {
      const found = await within(soleTenant(config, token.value), signal);
      if (!found.ok) return found;
      tenantId = found.value;
    }
    return ok({ token: token.value, tenant: tenantId });
  };

  const once = async (call: Call, signal: AbortSignal) => {
    const granted = await access(signal);
    if (!granted.ok) return granted;
    const { token, tenant } = granted.value;
    const request = { apiUrl: config.apiUrl, accessToken: token, signal };
    const answer = await exchange(request, (api) => call(api, tenant));
    if (answer.kind === "answered") tell(config, answer.headers);
    return ok({ answer, token });
  };

  /** A token can end before its time (it was revoked, the clock is wrong): such a call was turned away at the door, so it is made again, once. */
  const send = async (call: Call, signal: AbortSignal): Promise<Result<Exchange, Unreachable>> => {
    const first = await once(call, signal);
    if (!first.ok || !isStaleToken(first.value.answer)) return first.ok ? ok(first.value.answer) : first;
    config.tokens.forget(first.value.token);
    const second = await once(call, signal);
    return second.ok ? ok(second.value.answer) : second;
  };

  const read = async (call: Call, list: string): Promise<Result<Json, Unreachable>> => {
    const sent = await send(call, AbortSignal.timeout(config.readTimeoutMs ?? READ_TIMEOUT_MS));
    if (!sent.ok) return sent;
    const unreachable = unreachableOf(sent.value);
    if (unreachable !== undefined || sent.value.kind !== "answered") {
      return err(unreachable ?? strangeAnswer(list));
    }
    const body = parseAnswer(sent.value.text);
    const isObject = body !== null && typeof body === "object" && !Array.isArray(body);
    const elements = isObject ? body[list] : undefined;
    return elements === undefined ? err(strangeAnswer(list)) : ok(elements);
  };
  return { send, read };
}

async function soleTenant(
  { apiUrl, http }: XeroLedgerConfig,
  accessToken: string,
): Promise<Result<string, Unreachable>> {
  const tenants = await fetchTenants({ apiUrl, accessToken, ...(http && { http }) });
  if (!tenants.ok) return tenants;
  const [tenant, other] = tenants.value;
  if (tenant !== undefined && other === undefined) return ok(tenant.id);
  const detail = `The connection covers ${tenants.value.length} organisations; say which one by its tenant id.`;
  return err({ kind: "unauthorised", detail });
}

const TOO_LATE: Unreachable = {
  kind: "unavailable",
  detail: "The ledger's login took too long; nothing was sent.",
};

function within<T>(
  work: Promise<Result<T, Unreachable>>,
  signal: AbortSignal,
): Promise<Result<T, Unreachable>> {
  if (signal.aborted) return Promise.resolve(err(TOO_LATE));
  return new Promise((resolve, reject) => {
    const stop = () => resolve(err(TOO_LATE));
    signal.addEventListener("abort", stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}

function tell({ onAnswer }: XeroLedgerConfig, headers: Readonly<Record<string, string>>): void {
  const minute = headers["x-minlimit-remaining"];
  const day = headers["x-daylimit-remaining"];
  if (onAnswer === undefined || (minute === undefined && day === undefined)) return;
  onAnswer({
    ...(minute !== undefined && { minuteLeft: Number(minute) }),
    ...(day !== undefined && { dayLeft: Number(day) }),
  });
}
