/** For probes and scrapers. Liveness asks nothing of the database; readiness does. */
import { Hono } from "hono";
import type { Engine, Status } from "../../engine/api.ts";
import type { ApiEnv } from "../auth/context.ts";
import { requires } from "../auth/guard.ts";
import type { AppConfig } from "../ports.ts";
import { sendProblem } from "../problem.ts";

const READY_WITHIN_MS = 5_000;

export const healthRoutes = ({ engine, version }: AppConfig) =>
  new Hono<ApiEnv>()
    .get("/healthz", (c) => c.json({ status: "ok", version }))
    .get("/readyz", async (c) => {
      if (await isReady(engine)) return c.json({ status: "ready", version });
      return sendProblem(c, {
        kind: "notReady",
        status: 503,
        detail: "The database gives no answer yet.",
        next: "Wait a moment; if it stays so, look at the log.",
      });
    })
    .get("/metrics", requires("read"), async (c) => {
      const connections = await engine.connections();
      const statuses = await Promise.all(connections.map(({ id }) => engine.status(id)));
      const text = renderMetrics(statuses.flatMap((status) => (status.ok ? [status.value] : [])));
      return c.body(text, 200, { "Content-Type": "text/plain; version=0.0.4; charset=utf-8" });
    });

async function isReady(engine: Engine): Promise<boolean> {
  const answered = engine.connections().then(
    () => true,
    () => false,
  );
  const { promise: tooLate, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), READY_WITHIN_MS);
  const ready = await Promise.race([answered, tooLate]);
  clearTimeout(timer);
  return ready;
}

type Sample = readonly [labels: Readonly<Record<string, string>>, value: number];
type Metric = {
  readonly name: string;
  readonly help: string;
  samples(status: Status): readonly Sample[];
};

const METRICS: readonly Metric[] = [
  {
    name: "counterfoil_records",
    help: "Records by state.",
    samples: ({ records }) => Object.entries(records).map(([state, count]) => [{ state }, count]),
  },
  {
    name: "counterfoil_queue_waiting",
    help: "Documents that wait for delivery.",
    samples: ({ queue }) => [[{}, queue.waiting]],
  },
  {
    name: "counterfoil_queue_oldest_seconds",
    help: "Age of the oldest document that waits.",
    samples: ({ queue }) => [[{}, queue.oldestSeconds ?? 0]],
  },
  {
    name: "counterfoil_budget_left",
    help: "Ledger calls left in the window.",
    samples: ({ budget }) => [
      [{ window: "minute" }, budget.minuteLeft],
      [{ window: "day" }, budget.dayLeft],
    ],
  },
  {
    name: "counterfoil_open_proposals",
    help: "Proposals that wait for a person.",
    samples: ({ openProposals }) => [[{}, openProposals]],
  },
];

/** Prometheus text exposition; all of these are gauges. */
export function renderMetrics(statuses: readonly Status[]): string {
  const lines = METRICS.flatMap(({ name, help, samples }) => [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} gauge`,
    ...statuses.flatMap((status) =>
      samples(status).map(([labels, value]) => `${name}{${labelText(status, labels)}} ${value}`),
    ),
  ]);
  return `${lines.join("\n")}\n`;
}

const labelText = (status: Status, labels: Readonly<Record<string, string>>): string =>
  Object.entries({ connection: status.connection, ...labels })
    .map(([label, value]) => `${label}="${value.replaceAll(/[\\"\n]/g, "_")}"`)
    .join(",");
