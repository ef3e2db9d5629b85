/** Who is known without any account: the person at this machine, and the models of its MCP hosts. */
import { issueToken } from "../../api/auth/secrets.ts";
import { AuthState, createAuthStore, noCredentials } from "../../api/auth/store.ts";
import type { AuthStore } from "../../api/ports.ts";
import type { Actor } from "../../engine/api.ts";
import { type Folder, readJsonFile, writeJsonFile } from "./folder.ts";

/** Whoever can read the data folder. The same person in the terminal and on the page, so that one person is one decider. */
export const LOCAL_PERSON: Actor = { id: "local", name: "Local administrator", role: "admin", model: false };
/** May propose and hasten; can never decide, whatever its role. */
export const LOCAL_MODEL: Actor = { id: "local-mcp", name: "MCP host", role: "operator", model: true };

export type LocalAccess = { readonly auth: AuthStore; readonly token: string; readonly mcpToken: string };

/** Sessions and links outlive a restart; the two tokens of the folder are new each time. */
export async function openLocalAccess(folder: Folder): Promise<LocalAccess> {
  const saved = (await readJsonFile(folder.credentials, AuthState)) ?? noCredentials();
  const tokens = saved.tokens.filter(
    ({ actor }) => actor.id !== LOCAL_PERSON.id && actor.id !== LOCAL_MODEL.id,
  );
  const auth = createAuthStore({ ...saved, tokens }, (state) => writeJsonFile(folder.credentials, state));
  return {
    auth,
    token: await issueToken(auth, LOCAL_PERSON, null),
    mcpToken: await issueToken(auth, LOCAL_MODEL, null),
  };
}
