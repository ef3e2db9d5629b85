/** The HTTP server: chat, proposals, records, status and the page. Every rule about who may do what is in auth/. */
import { $, OpenAPIHono } from "@hono/zod-openapi";
import { bodyLimit } from "hono/body-limit";
import { secureHeaders } from "hono/secure-headers";
import type { ApiEnv } from "./auth/context.ts";
import { identify, knownHost, sameOrigin } from "./auth/guard.ts";
import { createRuns } from "./chat/runs.ts";
import { createLive } from "./live.ts";
import type { AppConfig, Timing } from "./ports.ts";
import { sendInvalid, sendProblem, sendThrown } from "./problem.ts";
import { chatRoutes } from "./routes/chat.ts";
import { eventRoutes } from "./routes/events.ts";
import { hastenRoutes } from "./routes/hasten.ts";
import { healthRoutes } from "./routes/health.ts";
import { orderRoutes } from "./routes/orders.ts";
import { proposalRoutes } from "./routes/proposals.ts";
import { sessionRoutes } from "./routes/session.ts";
import { systemRoutes } from "./routes/system.ts";
import { toolRoutes } from "./routes/tools.ts";
import { webRoutes } from "./routes/web.ts";

const BODY_BYTES_MAX = 4 * 1024 * 1024;
const TIMING: Timing = { heartbeatMs: 15_000, pollMs: 1_000, unreadMs: 5_000 };

/** Scripts, styles and calls from here only; nothing may frame the page, and no text can become markup. */
const CONTENT_SECURITY_POLICY = {
  defaultSrc: ["'self'"],
  imgSrc: ["'self'", "data:"],
  objectSrc: ["'none'"],
  baseUri: ["'none'"],
  formAction: ["'self'"],
  frameAncestors: ["'none'"],
  requireTrustedTypesFor: ["'script'"],
  trustedTypes: ["'none'"],
};

/** The app without its server: `serve({ fetch: app.fetch })` runs it, `app.request` tests it. */
export function createApp(config: AppConfig) {
  const { engine, auth, clock, log, links, version } = config;
  const timing = { ...TIMING, ...config.timing };
  const stopping = config.stopping ?? new AbortController().signal;
  const runs = createRuns({ ...config, stopping, unreadMs: timing.unreadMs });
  const live = createLive({ engine, log, pollMs: timing.pollMs });

  const app = $(
    new OpenAPIHono<ApiEnv>({ defaultHook: sendInvalid })
      .use(secureHeaders({ contentSecurityPolicy: CONTENT_SECURITY_POLICY, xFrameOptions: "DENY" }))
      .use(knownHost(links.publicUrl))
      .use(identify(auth, clock))
      .use(sameOrigin(links.publicUrl))
      .use(bodyLimit({ maxSize: BODY_BYTES_MAX, onError: (c) => sendProblem(c, TOO_LARGE) })),
  );
  app.openAPIRegistry.registerComponent("securitySchemes", "bearer", { type: "http", scheme: "bearer" });
  app.openAPIRegistry.registerComponent("securitySchemes", "session", {
    type: "apiKey",
    in: "cookie",
    name: "counterfoil_<port>",
  });
  app.onError(sendThrown(log));
  app.notFound((c) =>
    sendProblem(c, {
      kind: "notFound",
      status: 404,
      detail: "There is nothing at this address.",
      next: "GET /docs lists what there is.",
    }),
  );

  return app
    .doc31("/openapi.json", {
      openapi: "3.1.0",
      info: {
        title: "Counterfoil",
        version,
        description: "Keeps a Magento 2 store and a Xero ledger equal to the cent.",
      },
    })
    .route("/api", sessionRoutes(config))
    .route("/api", systemRoutes(config))
    .route("/api", orderRoutes(config))
    .route("/api", hastenRoutes(config))
    .route("/api", proposalRoutes(config))
    .route("/api", chatRoutes(config, { runs, timing, stopping }))
    .route("/api", eventRoutes(config, { live, timing, stopping }))
    .route("/api", toolRoutes(config))
    .route("/", healthRoutes(config))
    .route("/", webRoutes(config));
}

const TOO_LARGE = {
  kind: "tooLarge",
  status: 413,
  detail: "The body is larger than 4 MiB.",
  next: "Send fewer orders at once.",
} as const;
