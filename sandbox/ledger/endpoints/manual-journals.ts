import type { ManualJournal } from "../books/rows.ts";
import { msOfDay, wireDay, wireMs } from "../wire/dates.ts";
import { okReply, type Reply } from "../wire/envelope.ts";
import { type JsonRecord, money } from "../wire/json.ts";
import { listRows } from "../wire/listing.ts";
import { echoShape, readShape, ZERO_GUID } from "../wire/shape.ts";
import { dateField, guidField, type QueryFields, stringField } from "../wire/where-eval.ts";
import { type Settled, settleBatch } from "./batch.ts";
import { type Call, type Element, elementsOf, foundOr404, onlyElementOf, param, reading } from "./call.ts";
import { renderTracking } from "./document-render.ts";
import { buildJournal, type JournalDraft, journalShape } from "./manual-journal-build.ts";
import { Problems } from "./problems.ts";

export function listJournals(call: Call): Reply {
  const listed = listRows({
    rows: call.books.all("manualJournals"),
    query: call.query,
    ifModifiedSince: call.header("if-modified-since"),
    fields: JOURNAL_FIELDS,
    typeName: "ManualJournal",
    updatedMs: (journal) => journal.updatedMs,
    canPage: true,
    defaultOrder: (left, right) => left.updatedMs - right.updatedMs,
  });
  const withLines = listed.pagination !== undefined;
  const elements = listed.rows.map((journal) => renderJournal(call, journal, withLines));
  return okReply(call.nowMs, "ManualJournals", elements, listed.pagination);
}

const byId = (call: Call): ManualJournal =>
  foundOr404(call.books.get("manualJournals", param(call, "id").toLowerCase()));

export const getJournal = (call: Call): Reply =>
  okReply(call.nowMs, "ManualJournals", [renderJournal(call, byId(call), true)]);

export function saveJournals(call: Call): Reply {
  const elements = elementsOf(call, "ManualJournals", "ManualJournal").map((element) =>
    readJournal(call, element),
  );
  return settleBatch(call, {
    plural: "ManualJournals",
    errorFlag: undefined,
    elements: elements.map(
      ({ draft, known }) =>
        () =>
          settle(call, draft, known),
    ),
  });
}

function readJournal(
  call: Call,
  { value, path }: Element,
): { draft: JournalDraft; known: ManualJournal | undefined } {
  const draft = reading(() => readShape(journalShape, value, path));
  if (draft.ManualJournalID === undefined || call.method !== "POST") return { draft, known: undefined };
  return { draft, known: foundOr404(call.books.get("manualJournals", draft.ManualJournalID)) };
}

export function updateJournal(call: Call): Reply {
  const existing = byId(call);
  const { value, path } = onlyElementOf(call, "ManualJournals", "ManualJournal");
  const draft = reading(() => readShape(journalShape, value, path));
  return settleBatch(call, {
    plural: "ManualJournals",
    errorFlag: undefined,
    elements: [() => settle(call, draft, existing)],
  });
}

function settle(call: Call, draft: JournalDraft, existing: ManualJournal | undefined): Settled {
  const problems = new Problems();
  const journal = buildJournal(call, draft, existing, problems);
  if (journal === undefined || !problems.isEmpty) {
    const element = { ...echoShape(journalShape, draft), ManualJournalID: existing?.id ?? ZERO_GUID };
    return { ok: false, element, errors: problems.document };
  }
  call.books.put("manualJournals", journal);
  return { ok: true, element: renderJournal(call, journal, true), warnings: problems.warnings };
}

export function renderJournal(call: Call, journal: ManualJournal, withLines: boolean): JsonRecord {
  return {
    Date: wireDay(journal.date),
    Status: journal.status,
    LineAmountTypes: journal.lineAmountTypes,
    UpdatedDateUTC: wireMs(journal.updatedMs),
    ManualJournalID: journal.id,
    Narration: journal.narration,
    ...(journal.url === undefined ? {} : { Url: journal.url }),
    JournalLines: withLines
      ? journal.lines.map((line) => {
          const account =
            line.accountId === undefined ? undefined : call.books.get("accounts", line.accountId);
          return {
            ...(line.description === undefined ? {} : { Description: line.description }),
            ...(line.taxType === undefined ? {} : { TaxType: line.taxType }),
            TaxAmount: money(line.taxAmount),
            LineAmount: money(line.lineAmount),
            ...(account === undefined ? {} : { AccountCode: account.code }),
            Tracking: renderTracking(call.books, line.tracking),
            ...(account === undefined ? {} : { AccountID: account.id }),
            IsBlank: false,
          };
        })
      : [],
    ShowOnCashBasisReports: journal.showOnCashBasisReports,
    HasAttachments: call.books.find("attachments", "parent", journal.id).length > 0,
  };
}

const JOURNAL_FIELDS: QueryFields<ManualJournal> = {
  ManualJournalID: guidField((row) => row.id),
  Narration: stringField((row) => row.narration),
  Status: stringField((row) => row.status),
  Date: dateField((row) => msOfDay(row.date)),
  UpdatedDateUTC: dateField((row) => row.updatedMs),
};
