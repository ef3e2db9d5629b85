/** Every route works on one connection; it may be left out while there is only one. */
import type { Engine, EngineError } from "../engine/api.ts";
import { err, ok, type Result } from "../engine/core/result.ts";

export async function chosenConnection(
  engine: Engine,
  asked: string | undefined,
): Promise<Result<string, EngineError>> {
  if (asked !== undefined) return ok(asked);
  const connections = await engine.connections();
  const [only, another] = connections;
  if (only === undefined) {
    return err({
      kind: "unknownConnection",
      message: "There is no connection yet; connect a store and a ledger.",
    });
  }
  if (another === undefined) return ok(only.id);
  const nearest = connections.map(({ id }) => id);
  const message = "There are several connections; say which one.";
  return err({ kind: "invalid", message, problems: [{ path: "connection", message, nearest }] });
}

/** Runs `work` on the chosen connection, or answers why none could be chosen. */
export async function onConnection<T>(
  engine: Engine,
  { connection }: { readonly connection?: string | undefined },
  work: (connection: string) => Promise<Result<T, EngineError>>,
): Promise<Result<T, EngineError>> {
  const chosen = await chosenConnection(engine, connection);
  return chosen.ok ? work(chosen.value) : chosen;
}
