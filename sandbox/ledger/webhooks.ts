import { createHmac, randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { Books } from "./books/books.ts";
import type { Webhook, WebhookEvent } from "./books/rows.ts";
import { renderJson } from "./wire/json.ts";

/** Webhook deliveries (facts/xero.md section 6): at least once, retried, and the order may break between them. */
const ANSWER_WITHIN_MS = 5_000;
const BATCH_MAX = 50;
const RETRY = { firstMs: 1_000, maxMs: 60_000, giveUpMs: 24 * 3_600_000 } as const;

export type IntentToReceive = { isActive: boolean; answers: { isSigned: boolean; status: number | null }[] };
export type Webhooks = ReturnType<typeof createWebhooks>;

export function createWebhooks(books: Books, nowMs: () => number) {
  let isRunning = false;
  let isStopped = false;

  async function subscribe(target: { url: string; key: string }): Promise<IntentToReceive> {
    const result = await intentToReceive(target);
    if (isStopped) return result;
    books.put("webhooks", { id: "webhook", ...target, isActive: result.isActive });
    books.commit();
    return result;
  }

  async function deliverAll(): Promise<void> {
    let waitMs: number = RETRY.firstMs;
    let failingSinceMs: number | undefined;
    for (;;) {
      const webhook = books.get("webhooks", "webhook");
      const events = books.all("webhookEvents").slice(0, BATCH_MAX);
      if (webhook?.isActive !== true || events.length === 0 || isStopped) return;
      const status = await post(webhook, renderJson(envelopeOf(books, events)), webhook.key);
      if (isStopped) return;
      if (status !== null && status >= 200 && status < 300) {
        for (const event of events) books.remove("webhookEvents", event.id);
        books.commit();
        waitMs = RETRY.firstMs;
        failingSinceMs = undefined;
        continue;
      }
      failingSinceMs ??= nowMs();
      if (nowMs() - failingSinceMs >= RETRY.giveUpMs) {
        // Off until it is enabled again, with a new intent to receive (facts/xero.md section 6).
        books.put("webhooks", { ...webhook, isActive: false });
        books.commit();
        return;
      }
      await delay(waitMs, undefined, { ref: false });
      waitMs = Math.min(waitMs * 2, RETRY.maxMs);
    }
  }

  return {
    subscribe,
    /** Starts a delivery when there is something to deliver and none is under way. */
    wake(): void {
      if (isRunning || isStopped || books.get("webhooks", "webhook")?.isActive !== true) return;
      isRunning = true;
      void deliverAll().finally(() => {
        isRunning = false;
      });
    },
    stop(): void {
      isStopped = true;
    },
  };
}

/** Several empty deliveries, some wrongly signed on purpose: those must be answered 401. */
async function intentToReceive(target: { url: string; key: string }): Promise<IntentToReceive> {
  const answers: IntentToReceive["answers"] = [];
  for (const isSigned of [true, false, true, false]) {
    const body = renderJson({ events: [], lastEventSequence: 0, firstEventSequence: 0, entropy: entropy() });
    const status = await post(target, body, isSigned ? target.key : `${target.key}-wrong`);
    answers.push({ isSigned, status });
  }
  const isActive = answers.every(({ isSigned, status }) =>
    isSigned ? status !== null && status >= 200 && status < 300 : status === 401,
  );
  return { isActive, answers };
}

const entropy = (): string => randomBytes(10).toString("hex").toUpperCase();

function envelopeOf(books: Books, events: readonly WebhookEvent[]) {
  const tenantId = books.all("organisation")[0]?.id ?? "";
  return {
    events: events.map((event) => ({
      resourceUrl: `https://api.xero.com/api.xro/2.0/${event.resourcePath}`,
      resourceId: event.resourceId,
      // ISO with milliseconds and without Z.
      eventDateUtc: new Date(event.atMs).toISOString().slice(0, -1),
      eventType: event.type,
      eventCategory: event.category,
      tenantId,
      tenantType: "ORGANISATION",
      ...(event.extra === undefined ? {} : { data: event.extra }),
    })),
    lastEventSequence: events.at(-1)?.sequence ?? 0,
    firstEventSequence: events[0]?.sequence ?? 0,
    entropy: entropy(),
  };
}

/** The signature is over the raw bytes. Null when there was no answer in time. */
async function post(target: Pick<Webhook, "url">, body: string, key: string): Promise<number | null> {
  const signature = createHmac("sha256", key).update(body).digest("base64");
  try {
    const response = await fetch(target.url, {
      method: "POST",
      headers: { "content-type": "application/json; charset=utf-8", "x-xero-signature": signature },
      body,
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return null;
  }
}
