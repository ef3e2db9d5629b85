/** Who is signed in, signing out, and new one-time links. */
import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { deleteCookie, getCookie } from "hono/cookie";
import { type ApiEnv, actorOf } from "../auth/context.ts";
import { cookieName, hostOf } from "../auth/guard.ts";
import { permissionsOf } from "../auth/roles.ts";
import { hashOf, issueLink } from "../auth/secrets.ts";
import type { AppConfig } from "../ports.ts";
import { Problem, sendInvalid } from "../problem.ts";
import { responsesOf } from "../schemas/common.ts";
import { Me } from "../schemas/system.ts";
import { guarded } from "./guarded.ts";

const me = createRoute({
  method: "get",
  path: "/me",
  summary: "Who calls, and what they may do",
  ...guarded("read"),
  responses: responsesOf("the caller", Me),
});

const signOut = createRoute({
  method: "post",
  path: "/sign-out",
  summary: "End this browser's session",
  ...guarded("read"),
  responses: {
    204: { description: "signed out" },
    default: {
      description: "a problem (RFC 9457)",
      content: { "application/problem+json": { schema: Problem } },
    },
  },
});

const link = createRoute({
  method: "post",
  path: "/links",
  summary: "A one-time link that signs the caller in on the page; good for 15 minutes",
  ...guarded("manage"),
  responses: responsesOf(
    "the link",
    z.object({ url: z.string(), expiresAt: z.string() }).meta({ id: "Link" }),
  ),
});

export const sessionRoutes = ({ auth, clock, links, version }: AppConfig) =>
  new OpenAPIHono<ApiEnv>({ defaultHook: sendInvalid })
    .openapi(me, (c) => {
      const actor = actorOf(c);
      return c.json({ actor, may: permissionsOf(actor), version }, 200);
    })
    .openapi(signOut, async (c) => {
      const name = cookieName(hostOf(c.req));
      const cookie = getCookie(c, name);
      if (cookie !== undefined) await auth.endSession(hashOf(cookie));
      deleteCookie(c, name, { path: "/" });
      return c.body(null, 204);
    })
    .openapi(link, async (c) => {
      const baseUrl = links.publicUrl ?? `http://${hostOf(c.req)}`;
      return c.json(await issueLink(auth, actorOf(c), baseUrl, clock), 200);
    });
