/** What a route says about who may call it: the check and its place in the OpenAPI document, from one word. */
import { requires } from "../auth/guard.ts";
import { PERMISSIONS, type Permission } from "../auth/roles.ts";

export const guarded = (permission: Permission) => ({
  middleware: requires(permission),
  security: [{ bearer: [] }, { session: [] }],
  "x-roles": PERMISSIONS[permission],
});
