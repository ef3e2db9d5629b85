import type { WebhookEvent } from "../books/rows.ts";
import type { Call } from "./call.ts";

type Category = "CONTACT" | "INVOICE" | "CREDITNOTE" | "PREPAYMENT" | "OVERPAYMENT";

/**
 * Notes an event for delivery (facts/xero.md section 6). It is stored with the change itself, so an event of a change
 * that is undone is never sent, and a restart loses none.
 */
export function fireEvent(
  call: Call,
  category: Category,
  type: WebhookEvent["type"],
  resourceId: string,
  resourcePath: string,
  extra?: Readonly<Record<string, string>>,
): void {
  if (call.books.get("webhooks", "webhook")?.isActive !== true) return;
  const sequence = call.books.next("webhookSequence");
  call.books.put("webhookEvents", {
    id: String(sequence),
    sequence,
    category,
    type,
    resourceId,
    resourcePath,
    atMs: call.nowMs,
    ...(extra === undefined ? {} : { extra }),
  });
}
