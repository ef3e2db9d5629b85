/** Who may do what: one table. A model is bound by its own row whatever its role says. */
import type { Role } from "../../engine/api.ts";

const WRITERS: readonly Role[] = ["operator", "approver", "admin"];

export const PERMISSIONS = {
  read: ["viewer", ...WRITERS],
  chat: WRITERS,
  propose: WRITERS,
  sync: WRITERS,
  import: WRITERS,
  decide: ["approver", "admin"],
  manage: ["admin"],
} as const satisfies Record<string, readonly Role[]>;
export type Permission = keyof typeof PERMISSIONS;

/** A language model never decides, never manages access and never brings orders in (design.md section 7). */
const MODEL_MAY: readonly Permission[] = ["read", "propose", "sync"];

export type Refusal = { readonly detail: string; readonly next: string };

/** Why this caller may not, or undefined when it may. */
export function refusalOf(
  permission: Permission,
  actor: { readonly role: Role; readonly model: boolean },
): Refusal | undefined {
  if (actor.model && !MODEL_MAY.includes(permission)) {
    return {
      detail: `A language model may not ${VERBS[permission]}.`,
      next: "A person does this on the page or in the terminal.",
    };
  }
  const roles: readonly Role[] = PERMISSIONS[permission];
  if (roles.includes(actor.role)) return undefined;
  return {
    detail: `The role ${actor.role} may not ${VERBS[permission]}; it needs ${roles.join(" or ")}.`,
    next: "Ask an admin for that role, or ask somebody who has it.",
  };
}

/** What this caller may do, for a page that says why a button is off. */
export const permissionsOf = (actor: { readonly role: Role; readonly model: boolean }): Permission[] =>
  (Object.keys(PERMISSIONS) as Permission[]).filter(
    (permission) => refusalOf(permission, actor) === undefined,
  );

const VERBS: Record<Permission, string> = {
  read: "read",
  chat: "talk to the assistant",
  propose: "make proposals",
  sync: "sync orders",
  import: "import orders",
  decide: "approve or reject proposals",
  manage: "manage access",
};
