import type { TrackingCategory, TrackingOption } from "../books/rows.ts";
import { errorsOf, okReply, type Reply, validationReply } from "../wire/envelope.ts";
import type { JsonRecord } from "../wire/json.ts";
import { listRows } from "../wire/listing.ts";
import { say } from "../wire/messages.ts";
import { guid, oneOf, type Read, readShape, text } from "../wire/shape.ts";
import { guidField, type QueryFields, stringField } from "../wire/where-eval.ts";
import { type Call, elementsOf, foundOr404, onlyElementOf, param, reading } from "./call.ts";

const STATUS = oneOf("TrackingStatus", ["ACTIVE", "ARCHIVED", "DELETED"]);
const categoryShape = { TrackingCategoryID: guid, Name: text, Status: STATUS };
const optionShape = { TrackingOptionID: guid, Name: text, Status: STATUS };
type Draft = Read<typeof categoryShape> | Read<typeof optionShape>;

const NAME_LENGTH_MAX = 100;
/** 2 active and 4 in total (facts/xero.md section 4, TrackingCategories). */
const CATEGORIES_ACTIVE_MAX = 2;
const CATEGORIES_MAX = 4;

export function listTracking(call: Call): Reply {
  const includeArchived = call.query.flag("includeArchived");
  const listed = listRows({
    rows: call.books
      .all("trackingCategories")
      .filter(({ status }) => status === "ACTIVE" || (includeArchived && status === "ARCHIVED")),
    query: call.query,
    ifModifiedSince: undefined,
    fields: TRACKING_FIELDS,
    typeName: "TrackingCategory",
    updatedMs: (category) => category.updatedMs,
    canPage: false,
    defaultOrder: (left, right) => (left.name < right.name ? -1 : 1),
  });
  return okReply(call.nowMs, "TrackingCategories", listed.rows.map(renderCategory));
}

const categoryOf = (call: Call): TrackingCategory =>
  foundOr404(call.books.get("trackingCategories", param(call, "id").toLowerCase()));

export const getTracking = (call: Call): Reply =>
  okReply(call.nowMs, "TrackingCategories", [renderCategory(categoryOf(call))]);

export const createTracking = (call: Call): Reply => saveCategory(call, undefined);
export const updateTracking = (call: Call): Reply => saveCategory(call, categoryOf(call));

function saveCategory(call: Call, existing: TrackingCategory | undefined): Reply {
  const { value, path } = onlyElementOf(call, "TrackingCategories", "TrackingCategory");
  const draft = reading(() => readShape(categoryShape, value, path));
  const others = call.books
    .all("trackingCategories")
    .filter(({ id, status }) => id !== existing?.id && status !== "DELETED");
  const errors = nameErrors(draft, existing, others);
  const becomesActive = (draft.Status ?? existing?.status ?? "ACTIVE") === "ACTIVE";
  const active = others.filter(({ status }) => status === "ACTIVE").length;
  const isFull = existing === undefined && others.length >= CATEGORIES_MAX;
  if (isFull || (becomesActive && active >= CATEGORIES_ACTIVE_MAX)) errors.push(say.trackingLimit);
  if (call.forcedError !== undefined) errors.push(call.forcedError);
  if (errors.length > 0) return refused({ Name: draft.Name ?? "", Options: [] }, errors);
  const category: TrackingCategory = {
    id: existing?.id ?? call.newId(),
    name: draft.Name ?? existing?.name ?? "",
    status: draft.Status ?? existing?.status ?? "ACTIVE",
    options: existing?.options ?? [],
    updatedMs: call.nowMs,
  };
  call.books.put("trackingCategories", category);
  return okReply(call.nowMs, "TrackingCategories", [renderCategory(category)]);
}

function nameErrors(
  draft: Draft,
  existing: { name: string } | undefined,
  others: readonly { name: string }[],
): string[] {
  const errors: string[] = [];
  const name = draft.Name?.trim() ?? existing?.name ?? "";
  if (name === "") errors.push(say.nameMissing);
  if (name.length > NAME_LENGTH_MAX) errors.push(say.tooLong("Name", NAME_LENGTH_MAX));
  if (others.some((other) => other.name.toLowerCase() === name.toLowerCase()))
    errors.push(say.accountNameTaken);
  return errors;
}

const refused = (element: JsonRecord, errors: readonly string[]): Reply =>
  validationReply([{ ...element, ValidationErrors: errorsOf(errors) }]);

/** Used categories and options can only be archived (facts/xero.md section 4, TrackingCategories). */
export function deleteTracking(call: Call): Reply {
  const category = categoryOf(call);
  const status = isUsed(call, ({ categoryId }) => categoryId === category.id) ? "ARCHIVED" : "DELETED";
  const changed: TrackingCategory = { ...category, status, updatedMs: call.nowMs };
  call.books.put("trackingCategories", changed);
  return okReply(call.nowMs, "TrackingCategories", [renderCategory(changed)]);
}

function isUsed(call: Call, test: (tracking: { categoryId: string; optionId: string }) => boolean): boolean {
  return (
    call.books.all("documents").some((document) => document.lines.some((line) => line.tracking.some(test))) ||
    call.books.all("manualJournals").some((journal) => journal.lines.some((line) => line.tracking.some(test)))
  );
}

export function createOptions(call: Call): Reply {
  const category = categoryOf(call);
  const drafts = elementsOf(call, "Options", "TrackingOption").map(({ value, path }) =>
    reading(() => readShape(optionShape, value, path)),
  );
  const options = [...category.options];
  const created: TrackingOption[] = [];
  for (const draft of drafts) {
    const errors = nameErrors(
      draft,
      undefined,
      options.filter(({ status }) => status !== "DELETED"),
    );
    if (call.forcedError !== undefined) errors.push(call.forcedError);
    if (errors.length > 0) return refused({ Name: draft.Name ?? "" }, errors);
    const option: TrackingOption = { id: call.newId(), name: draft.Name?.trim() ?? "", status: "ACTIVE" };
    options.push(option);
    created.push(option);
  }
  call.books.put("trackingCategories", { ...category, options, updatedMs: call.nowMs });
  return okReply(call.nowMs, "Options", created.map(renderOption));
}

export function updateOption(call: Call): Reply {
  const { value, path } = onlyElementOf(call, "Options", "TrackingOption");
  const draft = reading(() => readShape(optionShape, value, path));
  return changeOption(call, (option, others) => {
    const errors = nameErrors(draft, option, others);
    if (errors.length > 0) return { errors };
    return {
      option: { ...option, name: draft.Name?.trim() ?? option.name, status: draft.Status ?? option.status },
    };
  });
}

export const deleteOption = (call: Call): Reply =>
  changeOption(call, (option) => {
    const status = isUsed(call, ({ optionId }) => optionId === option.id) ? "ARCHIVED" : "DELETED";
    return { option: { ...option, status } };
  });

type Change = { option: TrackingOption } | { errors: string[] };

function changeOption(
  call: Call,
  change: (option: TrackingOption, others: readonly TrackingOption[]) => Change,
): Reply {
  const category = categoryOf(call);
  const wanted = param(call, "optionId").toLowerCase();
  const option = foundOr404(category.options.find(({ id }) => id === wanted));
  const result = change(
    option,
    category.options.filter(({ id, status }) => id !== wanted && status !== "DELETED"),
  );
  if ("errors" in result) return refused(renderOption(option), result.errors);
  const options = category.options.map((candidate) => (candidate.id === wanted ? result.option : candidate));
  call.books.put("trackingCategories", { ...category, options, updatedMs: call.nowMs });
  return okReply(call.nowMs, "Options", [renderOption(result.option)]);
}

export const renderCategory = (category: TrackingCategory): JsonRecord => ({
  Name: category.name,
  Status: category.status,
  TrackingCategoryID: category.id,
  Options: category.options.filter(({ status }) => status !== "DELETED").map(renderOption),
});

const renderOption = (option: TrackingOption): JsonRecord => ({
  TrackingOptionID: option.id,
  Name: option.name,
  Status: option.status,
  HasValidationErrors: false,
  IsDeleted: option.status === "DELETED",
  IsArchived: option.status === "ARCHIVED",
  IsActive: option.status === "ACTIVE",
});

const TRACKING_FIELDS: QueryFields<TrackingCategory> = {
  TrackingCategoryID: guidField((row) => row.id),
  Name: stringField((row) => row.name),
  Status: stringField((row) => row.status),
};
