import type { Attachment } from "../books/rows.ts";
import { errorsOf, okReply, type Reply, validationReply } from "../wire/envelope.ts";
import { isGuid } from "../wire/shape.ts";
import { renderAttachments } from "./attachment-render.ts";
import { type Call, foundOr404, param } from "./call.ts";
import { parentIdOf } from "./parents.ts";

/** facts/xero.md section 4, Attachments: ten for each document, 10 MB (the gate refuses larger bodies). */
const ATTACHMENTS_MAX = 10;
const FORBIDDEN_IN_NAME = /[<>:"/\\|?*+]/;

export function listAttachments(call: Call): Reply {
  return okReply(call.nowMs, "Attachments", renderAttachments(call, parentIdOf(call)));
}

/** By id or by file name; the answer is the file itself. */
export function getAttachment(call: Call): Reply {
  const attachment = foundOr404(find(call, parentIdOf(call)));
  return { status: 200, contentType: attachment.mimeType, body: Buffer.from(attachment.base64, "base64") };
}

function find(call: Call, parentId: string): Attachment | undefined {
  const key = decodeURIComponent(param(call, "fileName"));
  return call.books
    .find("attachments", "parent", parentId)
    .find(
      (attachment) => attachment.fileName === key || (isGuid(key) && attachment.id === key.toLowerCase()),
    );
}

export function saveAttachment(call: Call): Reply {
  const parentId = parentIdOf(call);
  const fileName = decodeURIComponent(param(call, "fileName"));
  const existing = find(call, parentId);
  const count = call.books.find("attachments", "parent", parentId).length;
  const errors: string[] = [];
  if (FORBIDDEN_IN_NAME.test(fileName))
    errors.push("The file name contains characters that are not allowed.");
  if (call.rawBody.length === 0) errors.push("The attachment is empty.");
  if (existing === undefined && count >= ATTACHMENTS_MAX)
    errors.push("A document can have at most 10 attachments.");
  if (call.forcedError !== undefined) errors.push(call.forcedError);
  if (errors.length > 0) return validationReply([{ FileName: fileName, ValidationErrors: errorsOf(errors) }]);
  const attachment: Attachment = {
    id: existing?.id ?? call.newId(),
    parentId,
    fileName,
    mimeType: call.header("content-type") ?? "application/octet-stream",
    base64: call.rawBody.toString("base64"),
    includeOnline: call.query.flag("IncludeOnline"),
    atMs: call.nowMs,
  };
  call.books.put("attachments", attachment);
  const saved = renderAttachments(call, parentId).filter((entry) => entry.AttachmentID === attachment.id);
  return okReply(call.nowMs, "Attachments", saved);
}
