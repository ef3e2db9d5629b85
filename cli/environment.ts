/** The environment as the program knows it: read once in main.ts, passed on as a value. */

export type Environment = {
  readonly databaseUrl: string | undefined;
  readonly dataFolder: string | undefined;
  /** Another machine's `serve`: commands talk to it and start nothing. */
  readonly url: string | undefined;
  /** What commands send to it, and what `serve` takes as its administrator's token. */
  readonly token: string | undefined;
  readonly model: {
    readonly apiKey: string | undefined;
    readonly baseUrl: string | undefined;
    readonly name: string | undefined;
  };
  /** Real accounts for `serve` and `worker`; whether they are complete is checked where they are used. */
  readonly store: {
    readonly url: string | undefined;
    readonly consumerKey: string | undefined;
    readonly consumerSecret: string | undefined;
    readonly accessToken: string | undefined;
    readonly accessTokenSecret: string | undefined;
  };
  readonly ledger: {
    readonly tenantId: string | undefined;
    readonly clientId: string | undefined;
    readonly clientSecret: string | undefined;
    readonly apiUrl: string | undefined;
    readonly identityUrl: string | undefined;
  };
  readonly logLevel: "debug" | "info" | "warn" | "error" | "silent";
};

type Variables = Readonly<Record<string, string | undefined>>;

const LOG_LEVELS = ["debug", "info", "warn", "error", "silent"] as const;

/** An empty variable is as good as none: shells and compose files set those. */
export function readEnvironment(variables: Variables): Environment {
  const get = (name: string): string | undefined => {
    const value = variables[name]?.trim();
    return value === "" ? undefined : value;
  };
  const level = get("LOG_LEVEL")?.toLowerCase();
  return {
    databaseUrl: get("DATABASE_URL"),
    dataFolder: get("COUNTERFOIL_DATA"),
    url: get("COUNTERFOIL_URL"),
    token: get("COUNTERFOIL_TOKEN"),
    model: {
      apiKey: get("ANTHROPIC_API_KEY"),
      baseUrl: get("ANTHROPIC_BASE_URL"),
      name: get("COUNTERFOIL_MODEL"),
    },
    store: {
      url: get("MAGENTO_URL"),
      consumerKey: get("MAGENTO_CONSUMER_KEY"),
      consumerSecret: get("MAGENTO_CONSUMER_SECRET"),
      accessToken: get("MAGENTO_ACCESS_TOKEN"),
      accessTokenSecret: get("MAGENTO_ACCESS_TOKEN_SECRET"),
    },
    ledger: {
      tenantId: get("XERO_TENANT_ID"),
      clientId: get("XERO_CLIENT_ID"),
      clientSecret: get("XERO_CLIENT_SECRET"),
      apiUrl: get("XERO_API_URL"),
      identityUrl: get("XERO_IDENTITY_URL"),
    },
    logLevel: LOG_LEVELS.find((known) => known === level) ?? "info",
  };
}
