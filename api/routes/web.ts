/** The page, its few files, and signing in by a one-time link. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Context, Hono } from "hono";
import { setCookie } from "hono/cookie";
import { etag } from "hono/etag";
import type { ApiEnv } from "../auth/context.ts";
import { cookieName, hostOf } from "../auth/guard.ts";
import { hashOf, later, newSecret, SESSION_HOURS } from "../auth/secrets.ts";
import { renderMessage } from "../message-page.ts";
import type { AppConfig, LinkTaken } from "../ports.ts";

const TYPES: Readonly<Record<string, string>> = {
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
};
/** The page's own files only: no dots, no folders, so nothing else in the folder can be asked for. */
const ASSET = "/:file{[a-z-]+\\.(?:css|js|svg)}";

export function webRoutes(config: AppConfig) {
  const { webRoot, links } = config;
  const page = async (c: Context, file: string): Promise<Response> => {
    c.header("Cache-Control", "no-cache");
    return c.html(await readFile(join(webRoot, file), "utf8"));
  };
  return new Hono<ApiEnv>()
    .get("/", async (c) => {
      const secret = c.req.query("once");
      // A HEAD request, as link previewers send it, must not use up the link.
      if (secret !== undefined && c.req.method === "GET") return signIn(c, config, secret);
      if (c.get("actor") !== null) return page(c, "index.html");
      return c.html(
        renderMessage({
          title: "Sign in with your link",
          detail: "This page opens with a link that works once.",
          next: links.newLink,
        }),
        401,
      );
    })
    .get("/docs", etag(), (c) => page(c, "docs.html"))
    .get(ASSET, etag(), async (c) => {
      const file = c.req.param("file");
      const content = await readAsset(join(webRoot, file));
      if (content === null) return c.notFound();
      const type = TYPES[file.slice(file.lastIndexOf(".") + 1)] ?? "application/octet-stream";
      return c.body(content, 200, { "Content-Type": type, "Cache-Control": "no-cache" });
    });
}

async function signIn(
  c: Context<ApiEnv>,
  { auth, clock, links, log }: AppConfig,
  secret: string,
): Promise<Response> {
  c.header("Cache-Control", "no-store");
  const now = clock.now();
  const taken = await auth.takeLink(hashOf(secret), now);
  log("auth.link", { outcome: taken.kind });
  if (taken.kind !== "taken") {
    return c.html(renderMessage({ ...WHY_NOT[taken.kind], next: links.newLink }), 410);
  }
  const session = newSecret();
  await auth.addSession({ hash: hashOf(session), actor: taken.actor, expiresAt: later(now, SESSION_HOURS) });
  setCookie(c, cookieName(hostOf(c.req)), session, {
    httpOnly: true,
    sameSite: "Lax",
    secure: links.publicUrl?.startsWith("https:") ?? false,
    path: "/",
    maxAge: SESSION_HOURS * 3_600,
  });
  return c.redirect("/", 303);
}

const WHY_NOT: Record<Exclude<LinkTaken["kind"], "taken">, { title: string; detail: string }> = {
  used: {
    title: "This link has been used",
    detail: "A sign-in link works once. If you did not use it yourself, tell whoever gave it to you.",
  },
  expired: {
    title: "This link has expired",
    detail: "A sign-in link works for fifteen minutes.",
  },
  unknown: {
    title: "This link is not known here",
    detail: "It may be from an earlier start, or a part of it was lost when it was copied.",
  },
};

async function readAsset(path: string): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    return new Uint8Array(await readFile(path));
  } catch {
    return null;
  }
}
