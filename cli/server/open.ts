/** Opens the database of DATABASE_URL. */
import { err, ok, type Result } from "../../engine/core/result.ts";
import { type Database, openDatabase } from "../../engine/index.ts";
import { type Failure, failed } from "../exit.ts";

export async function openServerDatabase(url: string): Promise<Result<Database, Failure>> {
  try {
    return ok(await openDatabase({ url }));
  } catch (error) {
    // The address holds a password: it stays out of messages.
    const why = error instanceof Error ? error.message : String(error);
    return err(
      failed("database", `The database of DATABASE_URL cannot be opened: ${why}.`, "Is PostgreSQL running?"),
    );
  }
}
