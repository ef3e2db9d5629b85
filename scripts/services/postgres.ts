/** A PostgreSQL server for the tests: a named one, the usual one, or Debian's, installed and started. */
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import postgres from "postgres";
import { install, mayInstall, works } from "./apt.ts";

const USUAL_URL = "postgres://postgres@127.0.0.1:5432/postgres";
const CONNECT_SECONDS = 3;
const START_TRIES = 20;
const ROLE = "counterfoil_test";

/** The address of a server on which databases may be created, or why there is none. */
export async function findPostgres(
  named: string | undefined,
): Promise<{ url: string } | { missing: string }> {
  if (named !== undefined) {
    return (await answers(named))
      ? { url: named }
      : { missing: "the server of TEST_DATABASE_URL does not answer" };
  }
  if (await answers(USUAL_URL)) return { url: USUAL_URL };
  if (!mayInstall()) return { missing: "no server on 127.0.0.1:5432, and only root may install one" };
  if (!works("pg_lsclusters", []) && !install("postgresql"))
    return { missing: "apt could not install postgresql" };
  works("service", ["postgresql", "start"]);
  for (let attempt = 0; attempt < START_TRIES; attempt++) {
    if (await answers(USUAL_URL)) return { url: USUAL_URL };
    const url = roleUrl();
    if (url !== undefined && (await answers(url))) return { url };
    await sleep(500);
  }
  return { missing: "Debian's server was installed and does not answer" };
}

async function answers(url: string): Promise<boolean> {
  const sql = postgres(url, { max: 1, connect_timeout: CONNECT_SECONDS, onnotice: () => undefined });
  try {
    const [row] = await sql<{ allowed: boolean }[]>`
      select rolcreatedb or rolsuper as allowed from pg_roles where rolname = current_user`;
    return row?.allowed === true;
  } catch {
    return false;
  } finally {
    await sql.end({ timeout: 1 });
  }
}

/** Debian's server trusts nobody over TCP: a role of our own, with a password that nobody has to know. */
function roleUrl(): string | undefined {
  const cluster = /^\S+\s+\S+\s+(?<port>\d+)\s+online/m.exec(outputOf("pg_lsclusters", ["-h"]));
  const port = cluster?.groups?.port;
  if (port === undefined) return undefined;
  const password = randomBytes(16).toString("hex");
  const statement = `do $$ begin
    if not exists (select from pg_roles where rolname = '${ROLE}') then create role ${ROLE}; end if;
    alter role ${ROLE} login createdb password '${password}';
  end $$`;
  const psql = ["-u", "postgres", "--", "psql", "-q", "-p", port, "-c", statement];
  return works("runuser", psql) ? `postgres://${ROLE}:${password}@127.0.0.1:${port}/postgres` : undefined;
}

function outputOf(command: string, args: readonly string[]): string {
  try {
    return execFileSync(command, args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  } catch {
    return "";
  }
}
