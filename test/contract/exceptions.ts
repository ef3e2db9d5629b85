/**
 * Where the demo servers, or our clients, knowingly differ from the vendors' OpenAPI, because the fact sheets or the
 * documents' own examples say that the real API does. Whatever is not here is a fault; what nothing uses any more is one too.
 */
import type { Violation } from "./check.ts";

/** The words of the fact sheet, or files below ../shared/data whose content shows it. */
export type Source = {
  readonly facts: "xero.md" | "magento.md";
  readonly passage: string;
  readonly shown?: readonly string[];
};

export type Exception = {
  readonly id: string;
  readonly api: "xero" | "identity" | "magento";
  /** Absent: every operation. */
  readonly operation?: RegExp;
  readonly part: "request" | "answer";
  readonly pointer: RegExp;
  /** Absent: whatever is said of that place. */
  readonly keyword?: string;
  readonly when?: (violation: Violation) => boolean;
  readonly source: Source;
};

type Place = Pick<Exception, "operation" | "pointer" | "keyword" | "when"> & { readonly part?: "request" };

/** The first word of an id is its API; the sheet is said to hold the words, and the files to show it. */
const by =
  (facts: Source["facts"]) =>
  (
    id: `${Exception["api"]}.${string}`,
    passage: string,
    place: Place,
    shown?: readonly string[],
  ): Exception => ({
    part: "answer",
    ...place,
    id,
    api: id.startsWith("identity") ? "identity" : id.startsWith("xero") ? "xero" : "magento",
    source: { facts, passage, ...(shown === undefined ? {} : { shown }) },
  });
const xero = by("xero.md");
const magento = by("magento.md");

const ofFault = ({ exchange }: Violation): boolean => exchange.fault !== undefined;
const isText = ({ found }: Violation): boolean => found.startsWith('"');
const isObject = ({ found }: Violation): boolean => found.startsWith("{");
const isNull = ({ found }: Violation): boolean => found === "null";
const choosesFields = ({ exchange }: Violation): boolean => /[?&]fields=/.test(exchange.query);

const isEmptyList = ({ exchange }: Violation): boolean =>
  exchange.answer?.status === 200 && exchange.answer.body === "[]";
const isQueryRefusal = ({ exchange }: Violation): boolean =>
  exchange.answer?.body?.includes('"Type":"QueryParseException"') ?? false;
/** Not everything: members of the resource, and the two flags. */
const isOfResource = ({ pointer, siblings }: Violation): boolean =>
  siblings.has(pointer.split("/").at(-1) ?? "") || /Has(Validation)?Errors$/.test(pointer);

const status = (code: number, passage: string, when?: (violation: Violation) => boolean): Exception =>
  xero(`xero.status${code}`, passage, {
    pointer: new RegExp(`^status ${code}$`),
    keyword: "undocumented",
    ...(when === undefined ? {} : { when }),
  });

const XERO: readonly Exception[] = [
  status(400, "16 `QueryParseException` bad where", isQueryRefusal),
  status(401, '401 body `{"Type":null,"Title":"Unauthorized","Status":401'),
  status(403, "403 for a tenant the token does not cover"),
  status(404, '**404** = `text/html`, body "The resource you\'re looking for cannot be found"'),
  status(429, "429: `X-Rate-Limit-Problem` = `minute`"),
  status(501, "20 `ApiMethodNotImplementedException` with HTTP 501"),
  status(503, "503 = Xero down/maintenance", ofFault),
  xero("xero.envelope", 'Success envelope: `{"Id":guid,"Status":"OK","ProviderName":"<app>"', {
    pointer: /^\/(Id|Status|ProviderName|DateTimeUTC)$/,
    keyword: "additionalProperties",
  }),
  xero("xero.dateStrings", 'plus `"DateString":"2019-03-11T00:00:00"`', {
    pointer: /\/(Date|DueDate|ExpectedPaymentDate|PlannedPaymentDate)String$/,
    keyword: "additionalProperties",
  }),
  xero("xero.historyDateString", "returns entries {Changes, DateUTC, DateUTCString, User, Details}", {
    pointer: /^\/HistoryRecords\/\*\/DateUTCString$/,
    keyword: "additionalProperties",
  }),
  xero(
    "xero.errorsOfParts",
    "LineItems inside Elements can carry their own `ValidationErrors`",
    { pointer: /\/(LineItems|HistoryRecords)\/\*\/ValidationErrors$/, keyword: "additionalProperties" },
    ["xero/examples/openapi/createInvoices.json", "xero/examples/openapi/createInvoiceHistory.json"],
  ),
  xero(
    "xero.echoedElements",
    '"Elements":[{…echoed object…,"HasErrors":true,"ValidationErrors":[{"Message":"…"}]}]',
    { pointer: /^\/Elements\/\*\/\w+$/, keyword: "additionalProperties", when: isOfResource },
  ),
  xero(
    "xero.flagOfRefusedElement",
    "`StatusAttributeString` `OK|WARNING|ERROR`, `HasErrors`/`HasValidationErrors`",
    { pointer: /^\/\w+\/\*\/Has(Validation)?Errors$/, keyword: "additionalProperties" },
  ),
  xero(
    "xero.creditId",
    "`data/xero/examples/` (JSON)",
    { pointer: /\/(CreditNotes?|Overpayments?|Prepayments?)(\/\*)?\/ID$/, keyword: "additionalProperties" },
    ["xero/examples/openapi/getCreditNotes.json", "xero/examples/openapi/createPrepaymentAllocations.json"],
  ),
  xero(
    "xero.trackingOptionFlags",
    "`data/xero/examples/` (JSON)",
    {
      pointer: /\/Options\/\*\/(HasValidationErrors|IsDeleted|IsArchived|IsActive)$/,
      keyword: "additionalProperties",
    },
    [
      "xero/examples/openapi/createTrackingOptions.json",
      "xero/examples/public-repos/fyle_get_all_tracking_categories.json",
    ],
  ),
  xero("xero.backOrders", "`Item.QuantityAvailable`, `Item.QuantityOnBackOrder`", {
    pointer: /^\/Items\/\*\/(QuantityAvailable|QuantityOnBackOrder)$/,
    keyword: "additionalProperties",
  }),
  xero(
    "xero.deletedAllocation",
    "Deleting an allocation: DELETE → `{AllocationID, IsDeleted:true…}`",
    {
      operation: /^delete(CreditNote|Overpayment|Prepayment)Allocations$/,
      pointer: /^\/(AllocationId|Amount|Invoice)$/,
    },
    ["xero/examples/openapi/deleteCreditNoteAllocations.json"],
  ),
  xero("xero.emptyJsonOfGets", "GET requests carry a JSON body `{}`", {
    operation: /^get/,
    part: "request",
    pointer: /^body$/,
    keyword: "undocumented",
    when: ({ exchange }) => exchange.body === "{}",
  }),
  xero("identity.datesWithoutZone", "Dates there are ISO **without Z** (`2019-12-07T18:46:19.5165400`)", {
    operation: /^getConnections$/,
    pointer: /^\/\*\/(created|updated)DateUtc$/,
    keyword: "format",
  }),
  xero(
    "identity.scopeOfToken",
    "`data/xero/examples/` (JSON)",
    { operation: /^token$/, pointer: /^\/scope$/, keyword: "additionalProperties" },
    ["xero/examples/identity/token_refresh_response.json"],
  ),
  xero("identity.scopeAskedFor", "not `scope` space-joined → scopes have no effect", {
    operation: /^token$/,
    part: "request",
    pointer: /^\/scope$/,
    keyword: "additionalProperties",
  }),
  xero("identity.refusedGrant", 'Failure: HTTP 400 `{"error":"invalid_grant"}`', {
    operation: /^token$/,
    pointer: /^status 400$/,
    keyword: "undocumented",
  }),
  xero("identity.pathsOfLogin", "Authorize `https://login.xero.com/identity/connect/authorize`", {
    operation: /^(GET \/identity\/connect\/authorize|POST \/connect\/revocation)$/,
    pointer: /^path$/,
    keyword: "undocumented",
  }),
];

const MAGENTO: readonly Exception[] = [
  magento(
    "magento.errorParametersByName",
    "parameters is either a list (for %1, %2) or an object (for %name)",
    { pointer: /\/parameters$/, keyword: "type", when: isObject },
  ),
  magento("magento.errorParametersAsValues", '"parameters":["a"] | {"fieldName":"x"}', {
    pointer: /\/parameters\/\*$/,
    keyword: "type",
  }),
  magento("magento.htmlRefusal", "A body may be HTML (maintenance 503, WAF, Fastly, basic auth 401)", {
    pointer: /^status (503|429)$/,
    keyword: "notJson",
    when: ofFault,
  }),
  magento("magento.chosenFields", "`fields=items[entity_id,increment_id],total_count` | response filtering", {
    pointer: /./,
    keyword: "required",
    when: choosesFields,
  }),
  magento(
    "magento.fieldsParameter",
    "`fields=items[entity_id,increment_id],total_count` | response filtering",
    { part: "request", pointer: /^query fields$/, keyword: "undocumented" },
  ),
  magento(
    "magento.filterGroupsInSnakeCase",
    "`searchCriteria[filter_groups][g][filters][f][field|value|condition_type]`",
    {
      part: "request",
      pointer:
        /^query searchCriteria\[filter_groups\]\[\*\]\[filters\]\[\*\]\[(field|value|condition_type)\]$/,
      keyword: "undocumented",
    },
  ),
  // The document requires them, and for Magento that only says that they are never left out.
  magento(
    "magento.requiredNull",
    "Null or absent = 0 only for amounts, not for ids",
    {
      pointer:
        /\/(payment\/(account_status|cc_last4)|status_histories\/\*\/is_customer_notified|low_stock_date|parent_txn_id|region\/region(_code)?|error_code)$/,
      keyword: "type",
      when: isNull,
    },
    [
      "magento/real/order-01.json",
      "magento/real/order-13.json",
      "magento/real/doc-create-simple-products-01.json",
    ],
  ),
  magento(
    "magento.requiredAbsent",
    "treat all as optional",
    { pointer: /\/(items\/\*\/base_cost|tracks\/\*\/(description|qty|weight))$/, keyword: "required" },
    ["magento/real/creditmemo-04.json", "magento/real/shipment-01.json"],
  ),
  magento(
    "magento.attributeOfSeveralValues",
    "`real/INDEX.md`",
    { pointer: /\/custom_attributes\/\*\/value$/, keyword: "type" },
    ["magento/real/products-01.json"],
  ),
  magento("magento.idsAsText", "-> invoice id (string/number)", {
    operation: /^PostV1(OrderOrderId(Invoice|Ship|Refund)|InvoiceInvoiceIdRefund)$/,
    pointer: /^\/$/,
    keyword: "type",
    when: isText,
  }),
  magento("magento.savedSourceItems", "POST answers `[]`; upsert by (sku, source_code)", {
    operation: /^PostV1InventorySourceitems(delete)?$/,
    pointer: /^\/$/,
    keyword: "type",
    when: isEmptyList,
  }),
  magento("magento.bulkPaths", "bulk: `POST|PUT .../rest/<store>/async/bulk/V1/<route>`", {
    operation: /^(POST|PUT) \/rest(\/\w+)?\/async\/bulk\/V1\//,
    pointer: /^path$/,
    keyword: "undocumented",
  }),
  magento(
    "magento.handshake",
    "`POST /oauth/token/request`, `POST /oauth/token/access` (form-encoded answers)",
    {
      operation: /^POST \/oauth\/token\/(request|access)$/,
      pointer: /^path$/,
      keyword: "undocumented",
    },
  ),
  // The document beside the repository is a part of the one that this passage names.
  magento(
    "magento.attributeSetsTrimmedAway",
    "**OA** = WA `src/openapi/admin-schema-2.4.8.yaml` (kept in `data/magento/openapi/`)",
    {
      operation: /^GET \/rest\/V1\/products\/attribute-sets\/sets\/list$/,
      pointer: /^path$/,
      keyword: "undocumented",
    },
  ),
];

export const EXCEPTIONS: readonly Exception[] = [...XERO, ...MAGENTO];

export const excuseOf = (violation: Violation, exceptions = EXCEPTIONS): Exception | undefined =>
  exceptions.find(
    ({ api, operation, part, pointer, keyword, when }) =>
      api === violation.api &&
      part === violation.part &&
      (keyword === undefined || keyword === violation.keyword) &&
      pointer.test(violation.pointer) &&
      (operation?.test(violation.operation) ?? true) &&
      (when?.(violation) ?? true),
  );
