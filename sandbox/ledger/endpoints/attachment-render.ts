import type { JsonRecord } from "../wire/json.ts";
import type { Call } from "./call.ts";

export function renderAttachments(call: Call, parentId: string): JsonRecord[] {
  return call.books.find("attachments", "parent", parentId).map((attachment) => ({
    AttachmentID: attachment.id,
    FileName: attachment.fileName,
    Url: `https://api.xero.com/api.xro/2.0/Invoices/${parentId}/Attachments/${encodeURIComponent(attachment.fileName)}`,
    MimeType: attachment.mimeType,
    ContentLength: Buffer.from(attachment.base64, "base64").length,
    ...(attachment.includeOnline ? { IncludeOnline: true } : {}),
  }));
}
