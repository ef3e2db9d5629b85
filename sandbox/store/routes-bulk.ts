import { createHash } from "node:crypto";
import type { Route, RouteContext } from "./context.ts";
import { textParam } from "./context.ts";
import { MagentoError, noSuchField } from "./errors.ts";
import type { Json, JsonObject } from "./json.ts";
import { isObject, objects, textAt } from "./json.ts";

/** Operation states of the asynchronous framework: 1 complete, 2 failed and may be retried, 3 failed for good, 4 open. */
const COMPLETE = 1;
const REJECTED = 3;
const OPEN = 4;

const LOGGING = "Magento_Logging::system_magento_logging_bulk_operations";

export const BULK_ROUTES: readonly Route[] = [
  {
    method: "GET",
    path: "bulk/:uuid/status",
    resource: LOGGING,
    run: (context) => bulkStatus(context, false),
  },
  {
    method: "GET",
    path: "bulk/:uuid/detailed-status",
    resource: LOGGING,
    run: (context) => bulkStatus(context, true),
  },
];

function bulkStatus(context: RouteContext, detailed: boolean): Json {
  const uuid = textParam(context, "uuid");
  const bulk = context.transaction.get("bulks", uuid);
  if (bulk === undefined) throw noSuchField("bulkUuid", uuid);
  return {
    operations_list: objects(bulk.operations).map((operation) => {
      const { result, request: _request, ...rest } = operation;
      return detailed ? { ...rest, result_serialized_data: result ?? null } : rest;
    }),
    user_type: 1,
    user_id: 1,
    bulk_id: uuid,
    description: textAt(bulk, "description"),
    start_time: textAt(bulk, "start_time"),
    operation_count: objects(bulk.operations).length,
  };
}

/** Accepts a bulk: every element becomes an operation that runs when the consumer gets to it. */
export function acceptBulk(
  context: RouteContext,
  input: { route: Route; names: readonly string[]; uuid: string },
): JsonObject {
  const { body } = context;
  if (!Array.isArray(body) || body.length === 0) {
    throw new MagentoError(400, "Request body should not be empty.");
  }
  const operations = body.map((request, index): JsonObject => {
    const params = isObject(request) ? input.names.map((name) => [name, paramIn(request, name)]) : [];
    return {
      id: index,
      status: OPEN,
      result_message: null,
      error_code: null,
      request: {
        method: input.route.method,
        path: input.route.path,
        params: Object.fromEntries(params),
        body: request,
      },
    };
  });
  context.transaction.put("bulks", {
    bulk_uuid: input.uuid,
    description: `Topic async.${input.route.path.replaceAll("/", ".")}`,
    start_time: context.now,
    operations,
  });
  return {
    bulk_uuid: input.uuid,
    request_items: body.map((request, index) => ({
      id: index,
      data_hash: createHash("sha256").update(JSON.stringify(request)).digest("hex"),
      status: "accepted",
    })),
    errors: false,
  };
}

/** The value of :sku is inside the body: {"product": {"sku": ...}} or {"sku": ...}. */
function paramIn(request: JsonObject, name: string): string {
  const own = textAt(request, name);
  if (own !== "") return own;
  const inner = Object.values(request).find(isObject);
  return inner === undefined ? "" : textAt(inner, name);
}

/** Runs one open operation as the consumer async.operations.all does; a refusal is kept with the operation. */
export function runOperation(operation: JsonObject, run: (request: JsonObject) => Json): JsonObject {
  const request = operation.request;
  if (operation.status !== OPEN || !isObject(request)) return operation;
  try {
    const result = run(request);
    return {
      ...operation,
      status: COMPLETE,
      result_message: "Service execution success",
      result: JSON.stringify(result),
    };
  } catch (error) {
    if (!(error instanceof MagentoError)) throw error;
    return { ...operation, status: REJECTED, result_message: error.message, error_code: error.status };
  }
}
