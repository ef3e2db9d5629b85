/**
 * The credentials of one owner process: a handful, so they are held in memory and kept as one small JSON document of
 * hashes through `save`. Several `serve` processes on one database need a store of their own behind the same port.
 */
import { z } from "zod";
import type { Actor } from "../../engine/api.ts";
import type { AuthStore, Credential, LinkTaken } from "../ports.ts";

const StoredActor: z.ZodType<Actor> = z.strictObject({
  id: z.string().min(1),
  name: z.string().min(1),
  role: z.enum(["viewer", "operator", "approver", "admin"]),
  model: z.boolean(),
});
const StoredCredential = z.strictObject({
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  actor: StoredActor,
  expiresAt: z.iso.datetime().nullable(),
});
export const AuthState = z.strictObject({
  tokens: z.array(StoredCredential),
  links: z.array(StoredCredential.extend({ used: z.boolean() })),
  sessions: z.array(StoredCredential),
});
export type AuthState = z.infer<typeof AuthState>;

export const noCredentials = (): AuthState => ({ tokens: [], links: [], sessions: [] });

/** `save` gets the whole state after each change, in order; a failed save refuses the change's caller. */
export function createAuthStore(saved: AuthState, save: (state: AuthState) => Promise<void>): AuthStore {
  const state = structuredClone(saved);
  let lastSave: Promise<void> = Promise.resolve();
  const kept = (): Promise<void> => {
    const snapshot = structuredClone(state);
    lastSave = lastSave.then(
      () => save(snapshot),
      () => save(snapshot),
    );
    return lastSave;
  };
  const add = (list: Credential[], credential: Credential): Promise<void> => {
    list.push(credential);
    return kept();
  };

  return {
    addToken: (token) => add(state.tokens, token),
    addSession: (session) => add(state.sessions, session),
    addLink: (link) => {
      state.links.push({ ...link, used: false });
      return kept();
    },
    async tokenActor(hash, now) {
      return actorOf(state.tokens, hash, now);
    },
    async sessionActor(hash, now) {
      return actorOf(state.sessions, hash, now);
    },
    async takeLink(hash, now) {
      forgetOld(state, now);
      const taken = takeLink(state, hash, now);
      if (taken.kind === "taken") await kept();
      return taken;
    },
    endSession(hash) {
      state.sessions = state.sessions.filter((session) => session.hash !== hash);
      return kept();
    },
    async deciders(now) {
      const live = [...state.tokens, ...state.sessions].filter((credential) => isLive(credential, now));
      const people = live.map(({ actor }) => actor).filter(({ model, role }) => !model && mayDecide(role));
      return new Set(people.map(({ id }) => id)).size;
    },
  };
}

const mayDecide = (role: Actor["role"]): boolean => role === "approver" || role === "admin";

const isLive = (credential: Credential, now: Date): boolean =>
  credential.expiresAt === null || now.getTime() < Date.parse(credential.expiresAt);

function actorOf(list: readonly Credential[], hash: string, now: Date): Actor | null {
  const found = list.find((credential) => credential.hash === hash);
  return found !== undefined && isLive(found, now) ? found.actor : null;
}

const KEPT_AFTER_EXPIRY_MS = 86_400_000;

/** An old link stays for a day, so that the page can still say "used" or "expired" instead of "unknown". */
function forgetOld(state: AuthState, now: Date): void {
  const oldest = new Date(now.getTime() - KEPT_AFTER_EXPIRY_MS);
  state.links = state.links.filter((link) => isLive(link, oldest));
  state.sessions = state.sessions.filter((session) => isLive(session, now));
}

/** No await between the check and the mark, so one process cannot take a link twice. */
function takeLink(state: AuthState, hash: string, now: Date): LinkTaken {
  const link = state.links.find((candidate) => candidate.hash === hash);
  if (link === undefined) return { kind: "unknown" };
  if (link.used) return { kind: "used" };
  if (!isLive(link, now)) return { kind: "expired" };
  link.used = true;
  return { kind: "taken", actor: link.actor };
}
