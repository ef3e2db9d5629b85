/** Credentials -> a connection with live ports: a Magento store and a Xero organisation. */
import type { OauthCredentials } from "./adapters/magento/oauth.ts";
import { createMagentoSource } from "./adapters/magento/source.ts";
import { createTokenSource } from "./adapters/xero/auth.ts";
import { createXeroLedger } from "./adapters/xero/ledger.ts";
import type { Connection } from "./context.ts";
import { demoImport } from "./demo-import.ts";
import type { Clock, Log } from "./ports.ts";

/** Given at start and held in memory only: no log line and no table ever has one. */
export type ConnectionCredentials = {
  readonly id: string;
  readonly name: string;
  readonly environment: "sandbox" | "production";
  readonly store: {
    /** Lasting name of the store; never changed once something has been posted. */
    readonly id: string;
    /** Scheme and host, and the folder if the shop lives in one; `/rest/...` is added. */
    readonly url: string;
    /** The four values of a Magento integration. */
    readonly oauth: OauthCredentials;
    /** Where the demo store takes order JSON; null for every real one. */
    readonly importUrl: string | null;
  };
  readonly ledger: {
    /** Lasting name of the organisation: Xero's tenant id. */
    readonly id: string;
    readonly name: string;
    /** Scheme and host, https://api.xero.com; `/api.xro/2.0` is added. */
    readonly apiUrl: string;
    /** Scheme and host, https://identity.xero.com; `/connect/token` is added. */
    readonly identityUrl: string;
    /** Of a custom connection (client credentials). */
    readonly clientId: string;
    readonly clientSecret: string;
  };
};

export function connect(
  { id, name, environment, store, ledger }: ConnectionCredentials,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
): Connection {
  const { identityUrl, clientId, clientSecret, apiUrl } = ledger;
  const tokens = createTokenSource({
    ...{ identityUrl, clientId, clientSecret, clock },
    grant: { kind: "clientCredentials" },
  });
  return {
    info: { id, name, environment, storeUrl: store.url, ledgerName: ledger.name },
    storeId: store.id,
    organisationId: ledger.id,
    source: createMagentoSource({ baseUrl: store.url, credentials: store.oauth, clock, log }),
    openLedger: (told) => createXeroLedger({ apiUrl, tokens, tenantId: ledger.id, log, onAnswer: told }),
    importOrders: store.importUrl === null ? null : demoImport(store.importUrl),
  };
}
