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
};

export async function serverNeeds(context: Context): Promise<Result<ServerNeeds, Failure>> {
  const { databaseUrl } = context.environment;
  if (databaseUrl === undefined) return err(NEEDS_SERVER);
  const connection = await connectionOf(context);
  return connection.ok ? ok({ databaseUrl, connections: [connection.value] }) : connection;
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

const NEEDS_SERVER = badInput(
  "serve and worker need PostgreSQL: set DATABASE_URL, such as postgres://user@host:5432/counterfoil.",
  "`counterfoil start` needs no database server.",
);

const noConnection = (dataFolder: string): Failure =>
  badInput(
    `There is neither a real account (MAGENTO_*, XERO_*) nor a demo store running for ${dataFolder}.`,
    `Set them, or run \`counterfoil sandbox --data ${dataFolder}\` beside it.`,
  );
