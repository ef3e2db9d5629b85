/** What `serve` and `worker` have in common: PostgreSQL, real accounts or the demo servers of the data folder, an engine. */
import { err, ok, type Result } from "../../engine/core/result.ts";
import { type ConnectionCredentials, type Database, openDatabase } from "../../engine/index.ts";
import type { Context } from "../command.ts";
import { demoConnection, environmentConnection } from "../connections.ts";
import { badInput, type Failure, failed } from "../exit.ts";
import { findDemoServers } from "../owner/demo-servers.ts";
import { folderAt } from "../owner/folder.ts";

export type ServerProcess = {
  readonly database: Database;
  readonly connections: readonly ConnectionCredentials[];
};

export async function openServerProcess(context: Context): Promise<Result<ServerProcess, Failure>> {
  const { databaseUrl } = context.environment;
  if (databaseUrl === undefined) return err(NEEDS_SERVER);
  const connection = await connectionOf(context);
  if (!connection.ok) return connection;
  try {
    return ok({ database: await openDatabase({ url: databaseUrl }), connections: [connection.value] });
  } catch (error) {
    // The address holds a password: it stays out of messages.
    const why = error instanceof Error ? error.message : String(error);
    return err(
      failed("database", `The database of DATABASE_URL cannot be opened: ${why}.`, "Is PostgreSQL running?"),
    );
  }
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
