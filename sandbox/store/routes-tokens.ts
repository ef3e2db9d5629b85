import { isAdmin } from "./admin-token.ts";
import type { Route, RouteContext } from "./context.ts";
import { bodyObject } from "./context.ts";
import { MagentoError, requiredField } from "./errors.ts";
import type { Json } from "./json.ts";
import { textAt } from "./json.ts";

/** Tokens for a user name and password (magento.md 1, admin token). */
export const TOKEN_ROUTES: readonly Route[] = [
  { method: "POST", path: "integration/admin/token", resource: "anonymous", run: adminToken },
  // Demo customers have no passwords, so none of them can sign in.
  { method: "POST", path: "integration/customer/token", resource: "anonymous", run: signInRefused },
];

/** With two-factor authentication, on by default since 2.4.0, the right password is not enough. */
function adminToken(context: RouteContext): Json {
  const { username, password } = credentialsIn(context);
  if (!isAdmin(username, password)) throw refusal();
  if (context.shop.twoFactor) {
    throw new MagentoError(400, "Please use the 2fa provider-specific endpoints to obtain a token.", {
      active_providers: ["google"],
    });
  }
  return context.issueAdminToken();
}

function signInRefused(context: RouteContext): Json {
  credentialsIn(context);
  throw refusal();
}

function credentialsIn(context: RouteContext): { username: string; password: string } {
  const body = bodyObject(context);
  for (const name of ["username", "password"]) if (body[name] === undefined) throw requiredField(name);
  return { username: textAt(body, "username"), password: textAt(body, "password") };
}

const refusal = (): MagentoError =>
  new MagentoError(
    401,
    "The account sign-in was incorrect or your account is disabled temporarily. Please wait and try again later.",
  );
