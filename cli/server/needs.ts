/** What `serve` and `worker` need before anything is loaded: PostgreSQL, and real accounts or the demo servers of the folder. */
import { err, ok, type Result } from "../../engine/core/result.ts";
import type { ConnectionCredentials } from "../../engine/index.ts";
import type { Context } from "../command.ts";
import { demoConnection, environmentConnection } from "../connections.ts";
import { badInput, type Failure } from "../exit.ts";
import { findDemoServers } from "../owner/demo-servers.ts";
import { folderAt } from "../owner/folder.ts";

export type ServerNeeds = {
  readonly databaseUrl: string;
  readonly connections: readonly ConnectionCredentials[];
  /** The connection is that of the demo servers of the data folder. */
  readonly demo: boolean;
};

export async function serverNeeds(context: Context): Promise<Result<ServerNeeds, Failure>> {
  const { databaseUrl, token } = context.environment;
  if (databaseUrl === undefined) return err(NEEDS_SERVER);
  if (token !== undefined && !TOKEN.test(token)) return err(WEAK_TOKEN);
  const connection = await connectionOf(context);
  if (!connection.ok) return connection;
  const demo = connection.value.environment === "sandbox";
  return ok({ databaseUrl, connections: [connection.value], demo });
}

/** Real accounts win; without them the demo servers that `sandbox` or `start` runs in the same data folder. */
async function connectionOf({
  environment,
  dataFolder,
}: Context): Promise<Result<ConnectionCredentials, Failure>> {
  const real = environmentConnection(environment);
  if (!real.ok) return real;
  if (real.value !== undefined) return ok(real.value);
  const demo = await findDemoServers(folderAt(dataFolder));
  return demo === undefined ? err(noConnection(dataFolder)) : demoConnection(demo);
}

/** What a header can carry, and long enough that nobody guesses it. */
const TOKEN = /^[\w.~+/=-]{32,}$/;
const WEAK_TOKEN = badInput(
  "COUNTERFOIL_TOKEN is too short or has other characters: at least 32 letters, digits or . _ ~ + / = - were expected.",
  "Make one: openssl rand -hex 32",
);

const NEEDS_SERVER = badInput(
  "serve and worker need PostgreSQL: set DATABASE_URL, such as postgres://user@host:5432/counterfoil.",
  "`counterfoil start` needs no database server.",
);

const noConnection = (dataFolder: string): Failure =>
  badInput(
    `There is neither a real account (MAGENTO_*, XERO_*) nor a demo store running for ${dataFolder}.`,
    `Set them, or run \`counterfoil sandbox --data ${dataFolder}\` beside it.`,
  );
