/** The judge itself: each planted fault is found, and what fits is left alone. */
import { expect, test } from "vitest";
import type { RecordedExchange } from "../../sandbox/shared/exchanges.ts";
import { createChecker } from "./check.ts";
import type { Exception } from "./exceptions.ts";
import { readApi } from "./openapi.ts";
import { judge, renderFaults } from "./report.ts";

const THING = {
  type: "object",
  required: ["Name"],
  properties: {
    ThingID: { type: "string", format: "uuid", readOnly: true },
    Name: { type: "string", maxLength: 5 },
    Status: { type: "string", enum: ["OPEN", "CLOSED"] },
    Amount: { type: "number", format: "double" },
    Made: { type: "string", "x-is-msdate": true },
    Note: { type: "string", nullable: true },
    Parts: { type: "array", items: { $ref: "#/components/schemas/Part" } },
  },
};

const THREE = readApi("xero", {
  openapi: "3.0.0",
  paths: {
    "/Things": {
      parameters: [{ $ref: "#/components/parameters/tenant" }],
      get: {
        operationId: "getThings",
        parameters: [{ in: "query", name: "page", schema: { type: "integer" } }],
        responses: { 200: { $ref: "#/components/responses/Things" } },
      },
      put: {
        operationId: "putThing",
        requestBody: {
          required: true,
          content: { "application/json": { schema: { $ref: "#/components/schemas/Thing" } } },
        },
        responses: { 200: { $ref: "#/components/responses/Things" } },
      },
    },
    "/Things/{ThingID}": {
      get: {
        operationId: "getThing",
        parameters: [
          { in: "path", name: "ThingID", required: true, schema: { type: "string", format: "uuid" } },
        ],
        responses: { 200: { $ref: "#/components/responses/Things" }, 204: { description: "nothing" } },
      },
    },
  },
  components: {
    parameters: {
      tenant: { in: "header", name: "xero-tenant-id", required: true, schema: { type: "string" } },
    },
    responses: {
      Things: {
        content: {
          "application/json": {
            schema: {
              properties: { Things: { type: "array", items: { $ref: "#/components/schemas/Thing" } } },
            },
          },
        },
      },
    },
    schemas: { Thing: THING, Part: { type: "object", properties: { Size: { type: "integer" } } } },
  },
});

const TWO = readApi("magento", {
  swagger: "2.0",
  paths: {
    "/V1/orders": {
      get: {
        operationId: "GetV1Orders",
        parameters: [
          { name: "searchCriteria[filterGroups][0][filters][0][field]", in: "query", type: "string" },
          { name: "searchCriteria[pageSize]", in: "query", type: "integer" },
        ],
        responses: {
          200: { schema: { $ref: "#/definitions/list" } },
          default: { schema: { $ref: "#/definitions/error" } },
        },
      },
      post: {
        operationId: "PostV1Orders",
        parameters: [
          {
            name: "body",
            in: "body",
            schema: {
              type: "object",
              required: ["entity"],
              properties: { entity: { $ref: "#/definitions/order" } },
            },
          },
        ],
        responses: { 200: { schema: { $ref: "#/definitions/order" } } },
      },
    },
  },
  definitions: {
    list: {
      type: "object",
      properties: {
        items: { type: "array", items: { $ref: "#/definitions/order" } },
        search_criteria: { type: "object" },
      },
    },
    order: {
      type: "object",
      required: ["total"],
      properties: { entity_id: { type: "integer" }, total: { type: "number" } },
    },
    error: { type: "object", required: ["message"], properties: { message: { type: "string" } } },
  },
});

const ID = "11111111-2222-3333-4444-555555555555";
const check = createChecker(
  [
    { api: THREE, server: "ledger", base: /^\/api/ },
    { api: TWO, server: "store", base: /^\/rest(?=\/V1)/ },
  ],
  ({ headers }) => headers["user-agent"] === "counterfoil",
);

type Change = Omit<Partial<RecordedExchange>, "answer"> & {
  status?: number;
  json?: unknown;
  text?: string;
  contentType?: string;
};

function asked({
  status = 200,
  json,
  text,
  contentType = "application/json; charset=utf-8",
  ...change
}: Change): RecordedExchange {
  const body = text ?? JSON.stringify(json ?? { Things: [] });
  return {
    server: "ledger",
    method: "GET",
    path: "/api/Things",
    query: "",
    headers: { "user-agent": "counterfoil", "xero-tenant-id": "t" },
    body: "",
    answer: { status, contentType, body },
    ...change,
  };
}

const faultsOf = (exchange: RecordedExchange): string[] =>
  check(exchange).violations.map(({ part, pointer, keyword }) => `${part} ${pointer} ${keyword}`);

test("an exchange that fits is no fault, and its operation is known", () => {
  const thing = {
    ThingID: ID,
    Name: "Ann",
    Status: "OPEN",
    Amount: 1.5,
    Made: "/Date(1552262400000+0000)/",
    Note: null,
    Parts: [{ Size: 3 }],
  };
  const exchange = asked({
    method: "PUT",
    json: { Things: [thing] },
    body: JSON.stringify({ Name: "Ann", Made: "2026-11-24" }),
  });
  expect(check(exchange)).toMatchObject({ operation: { id: "putThing" }, violations: [] });
});

test.each<[string, unknown, string]>([
  ["a wrong type", { Name: "Ann", Amount: "1.50" }, "answer /Things/*/Amount type"],
  ["an unknown member", { Name: "Ann", Colour: "red" }, "answer /Things/*/Colour additionalProperties"],
  [
    "an unknown member deep inside",
    { Name: "Ann", Parts: [{ Size: 1 }, { Width: 2 }] },
    "answer /Things/*/Parts/*/Width additionalProperties",
  ],
  ["a missing member", { Amount: 1 }, "answer /Things/*/Name required"],
  ["a value outside its enumeration", { Name: "Ann", Status: "Open" }, "answer /Things/*/Status enum"],
  ["a text that is too long", { Name: "Annabel" }, "answer /Things/*/Name maxLength"],
  ["an id that is none", { Name: "Ann", ThingID: "7" }, "answer /Things/*/ThingID format"],
  ["a day where Xero writes ticks", { Name: "Ann", Made: "2026-11-24" }, "answer /Things/*/Made pattern"],
  ["null where it is not allowed", { Name: null }, "answer /Things/*/Name type"],
])("in an answer %s is found", (_what, thing, fault) => {
  expect(faultsOf(asked({ json: { Things: [thing] } }))).toEqual([fault]);
});

test("an undocumented status is found, and so is an answer that is no JSON", () => {
  expect(faultsOf(asked({ status: 418 }))).toEqual(["answer status 418 undocumented"]);
  expect(faultsOf(asked({ text: "<html>", contentType: "text/html" }))).toEqual([
    "answer status 200 notJson",
  ]);
  expect(faultsOf(asked({ path: `/api/Things/${ID}`, status: 204, text: "x" }))).toEqual([
    "answer body undocumented",
  ]);
});

test.each<[string, Change, string]>([
  ["a missing header", { headers: { "user-agent": "counterfoil" } }, "request header xero-tenant-id missing"],
  ["an unknown parameter", { query: "?pages=1" }, "request query pages undocumented"],
  ["a parameter of a wrong type", { query: "?page=first" }, "request query page type"],
  ["an id in the path that is none", { path: "/api/Things/7" }, "request path ThingID format"],
  ["a body where none is described", { body: "{}" }, "request body undocumented"],
  ["a missing body", { method: "PUT" }, "request body missing"],
  [
    "a read-only member",
    { method: "PUT", body: `{"Name":"Ann","ThingID":"${ID}"}` },
    "request /ThingID readOnly",
  ],
  ["an amount as text", { method: "PUT", body: '{"Name":"Ann","Amount":"1.50"}' }, "request /Amount type"],
  [
    "ticks where a day is taken",
    { method: "PUT", body: '{"Name":"Ann","Made":"/Date(0)/"}' },
    "request /Made pattern",
  ],
])("in a request of our clients %s is found", (_what, change, fault) => {
  expect(faultsOf(asked(change))).toEqual([fault]);
});

test("requests of other clients are left alone, and so is a body that the server did not read", () => {
  expect(faultsOf(asked({ headers: {}, query: "?pages=1" }))).toEqual([]);
  expect(faultsOf(asked({ method: "PUT", body: null }))).toEqual([]);
});

test("a request counts although no answer came", () => {
  expect(faultsOf({ ...asked({ query: "?pages=1" }), answer: null })).toEqual([
    "request query pages undocumented",
  ]);
});

test("what no document describes may be refused and not be answered", () => {
  expect(faultsOf(asked({ path: "/api/Thoughts", status: 404 }))).toEqual([]);
  expect(faultsOf(asked({ path: "/api/Thoughts" }))).toEqual(["answer path undocumented"]);
});

test("Swagger 2.0: parameters with any index, bodies, and the default answer", () => {
  const order = { server: "store", path: "/rest/V1/orders" } as const;
  const query =
    "?searchCriteria%5BfilterGroups%5D%5B3%5D%5Bfilters%5D%5B1%5D%5Bfield%5D=a&searchCriteria[pageSize]=x";
  expect(faultsOf(asked({ ...order, query, json: { items: [{ total: 1 }] } }))).toEqual([
    "request query searchCriteria[pageSize] type",
  ]);
  expect(faultsOf(asked({ ...order, status: 400, json: { message: "No", more: 1 } }))).toEqual([
    "answer /more additionalProperties",
  ]);
  const body = '{"entity":{"total":"1"}}';
  expect(faultsOf(asked({ ...order, method: "POST", body, json: { total: 1 } }))).toEqual([
    "request /entity/total type",
  ]);
});

test("imported orders are served as they came and are not judged; the others of the list are", () => {
  const items = [
    { entity_id: 1, total: "1.0000" },
    { entity_id: 2, total: "2.0000" },
  ];
  const list = { server: "store", path: "/rest/V1/orders", json: { items, search_criteria: {} } } as const;
  expect(faultsOf(asked({ ...list, imported: ["1"] }))).toEqual(["answer /items/*/total type"]);
  expect(faultsOf(asked({ ...list, imported: ["1", "2"] }))).toEqual([]);
});

test("an exception excuses what it names and nothing else, and its uses are counted", () => {
  const exception: Exception = {
    id: "xero.colour",
    api: "xero",
    operation: /^getThings$/,
    part: "answer",
    pointer: /\/Colour$/,
    keyword: "additionalProperties",
    source: { facts: "xero.md", passage: "" },
  };
  const things = [
    { Name: "Ann", Colour: "red" },
    { Name: "Bo", Shade: "dark" },
  ];
  const verdict = judge([asked({ json: { Things: things } })], check, [exception]);
  expect([...verdict.usesOf]).toEqual([[exception, 1]]);
  expect(renderFaults(verdict.faults)).toEqual([
    'xero getThings, answer /Things/*/Shade: must NOT have additional properties (additionalProperties), 1 times, such as "dark"',
  ]);
});
