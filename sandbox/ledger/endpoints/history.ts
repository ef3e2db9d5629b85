import { wireMs, wireMsBare } from "../wire/dates.ts";
import { errorsOf, okReply, type Reply, validationReply } from "../wire/envelope.ts";
import { say } from "../wire/messages.ts";
import { readShape, text } from "../wire/shape.ts";
import { type Call, elementsOf, reading } from "./call.ts";
import { parentIdOf } from "./parents.ts";

const DETAILS_LENGTH_MAX = 2_500;

/** Where notes can be read but not written: the API answers as if there were no such document (OpenAPI, History). */
const READ_ONLY: ReadonlySet<string> = new Set(["payments", "overpayments", "prepayments"]);

/** Append-only: the same note twice is two notes (facts/xero.md section 4, History). */
export function addHistory(call: Call): Reply {
  const parentId = parentIdOf(call);
  const isReadOnly = READ_ONLY.has((call.path.split("/")[0] ?? "").toLowerCase());
  const drafts = elementsOf(call, "HistoryRecords", "HistoryRecord").map(({ value, path }) =>
    reading(() => readShape({ Details: text }, value, path)),
  );
  const errors = drafts.flatMap(({ Details: details = "" }) => {
    if (details === "") return ["Details must be specified"];
    return details.length > DETAILS_LENGTH_MAX ? [say.tooLong("Details", DETAILS_LENGTH_MAX)] : [];
  });
  if (isReadOnly) errors.push(say.documentUnknown);
  if (call.forcedError !== undefined) errors.push(call.forcedError);
  if (errors.length > 0) {
    return validationReply(
      drafts.map(({ Details = "" }) => ({ Details, ValidationErrors: errorsOf(errors) })),
    );
  }
  const records = drafts.map(({ Details: details = "" }) => {
    const record = {
      id: call.newId(),
      parentId,
      changes: "Note",
      details,
      user: "System Generated",
      atMs: call.nowMs,
    };
    call.books.put("history", record);
    return {
      DateUTCString: new Date(call.nowMs).toISOString().slice(0, 19),
      DateUTC: wireMsBare(call.nowMs),
      Details: details,
      ValidationErrors: [],
    };
  });
  return okReply(call.nowMs, "HistoryRecords", records);
}

export function listHistory(call: Call): Reply {
  const records = call.books.find("history", "parent", parentIdOf(call)).reverse();
  return okReply(
    call.nowMs,
    "HistoryRecords",
    records.map((record) => ({
      Changes: record.changes,
      DateUTCString: new Date(record.atMs).toISOString().slice(0, 19),
      DateUTC: wireMs(record.atMs),
      User: record.user,
      Details: record.details,
    })),
  );
}
