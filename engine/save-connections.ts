/** The rows of the connections: name and addresses may change, what the delivery keys are made of may not. */
import { eq } from "drizzle-orm";
import type { Db } from "./adapters/postgres/open.ts";
import { connections as connectionsTable } from "./adapters/postgres/schema.ts";
import type { Connection } from "./context.ts";

/** A connection is bound to its store and organisation for ever; another binding is another connection. */
export class ConnectionChanged extends Error {
  override readonly name = "ConnectionChanged";
}

export async function saveConnections(db: Db, connections: readonly Connection[]): Promise<void> {
  await db.transaction(async (tx) => {
    for (const connection of connections) await saveConnection(tx, connection);
  });
}

async function saveConnection(tx: Db, { info, storeId, organisationId }: Connection): Promise<void> {
  const { id, name, environment, storeUrl, ledgerName } = info;
  const bound = { storeId, organisationId };
  const shown = { name, environment, storeUrl, ledgerName };
  await tx
    .insert(connectionsTable)
    .values({ id, ...bound, ...shown })
    .onConflictDoNothing();
  const [row] = await tx.select().from(connectionsTable).where(eq(connectionsTable.id, id)).for("update");
  if (row?.storeId !== storeId || row.organisationId !== organisationId)
    throw new ConnectionChanged(
      `Connection "${id}" is bound to store ${row?.storeId} and organisation ${row?.organisationId}; give store ${storeId} with organisation ${organisationId} a connection of its own.`,
    );
  await tx.update(connectionsTable).set(shown).where(eq(connectionsTable.id, id));
}
