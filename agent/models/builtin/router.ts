/** What kind of thing a message asks for: a question about the state of things, an action on one order, the set-up, or a change. */
import type { RecordState } from "../../../engine/core/state.ts";
import { SHOP_TOOLS } from "./shop.ts";
import { type Reading, read, says } from "./text.ts";

export type ToolCall = { readonly name: string; readonly input: Readonly<Record<string, unknown>> };

export type Route =
  | { readonly kind: "calls"; readonly calls: readonly ToolCall[] }
  | { readonly kind: "mapping"; readonly calls: readonly ToolCall[] }
  | { readonly kind: "advice"; readonly calls: readonly ToolCall[] }
  | { readonly kind: "setup" }
  | { readonly kind: "help" }
  | { readonly kind: "change"; readonly calls: readonly ToolCall[] };

const call = (name: string, input: ToolCall["input"] = {}): ToolCall => ({ name, input });
const calls = (...list: ToolCall[]): Route => ({ kind: "calls", calls: list });

export function routeOf(text: string): Route {
  const reading = read(text);
  const order = orderIn(reading);
  const routes = [
    () => helpRoute(reading),
    () => setupRoute(reading),
    () => adviceRoute(reading),
    () => proposalRoute(reading),
    () => (order === undefined ? undefined : orderRoute(reading, order)),
    () => (asks(reading) ? stateRoute(reading) : undefined),
  ];
  for (const route of routes) {
    const found = route();
    if (found !== undefined) return found;
  }
  return { kind: "change", calls: SHOP_TOOLS.map((name) => call(name)) };
}

const GREETING = /^(?:help|hi|hello|hey|good (?:morning|afternoon|evening))(?: there)?(?: [!.?,])*$/;
const ABOUT_ME = /\b(?:what (?:can|could|do) you (?:do|help)|who are you|how does this work|what are you)\b/;
const helpRoute = (reading: Reading): Route | undefined =>
  says(reading, GREETING) || says(reading, ABOUT_ME) ? { kind: "help" } : undefined;

const POLITE =
  "(?:(?:please|can|could|would|will|you|pls|hi|hello|hey|there|ok|okay|so|now|let's|lets|we|i|want|to|like|'d|i'd|need|,|!) )*";
const SETUP = new RegExp(
  `^${POLITE}(?:set(?: (?:me|us|it|everything|it all|things|this|the \\w+))* up\\b|set-?up\\b|(?:run|do|start|redo|repeat) (?:the )?(?:set-?up|set up|onboarding)|propose (?:the |a |my |our )?(?:first|initial|starting|new) mapping|(?:make|create|draft|build) (?:the |a |my |our )?(?:first |initial |starting )?mapping\\b|start (?:afresh|over|from scratch)|get (?:me |us )?started)`,
);
const SETUP_WORDS_MAX = 16;

function setupRoute(reading: Reading): Route | undefined {
  const short = reading.tokens.length <= SETUP_WORDS_MAX && !/\d{3}/.test(reading.text);
  return short && says(reading, SETUP) ? { kind: "setup" } : undefined;
}

const ADVICE =
  /^(?:(?:so|and|but|hi|hello|,) )*(?:should (?!be\b)|is it (?:better|right|ok|okay|correct|wise|allowed)|would it be (?:better|right|wise)|do you (?:think|recommend|advise)|what do you (?:think|recommend|advise)|which is better|ought)\b/;

/** "Should shipping go to 202?" asks for an opinion; it is told how things are today, and that the choice is a person's. */
const adviceRoute = (reading: Reading): Route | undefined =>
  says(reading, ADVICE) && says(reading, /\?/)
    ? { kind: "advice", calls: [call("get_mapping"), call("get_chart_of_accounts")] }
    : undefined;

/** "#000000123", "order 123": short numbers are written as Magento pads them. */
function orderIn(reading: Reading): string | undefined {
  const named =
    /\b(?:orders?|#|order number|order no|number) (?:no |number |nr |# ?|: )*([a-z]{0,4}-?\d{1,12}(?:-\d+)?)\b/.exec(
      reading.text,
    )?.[1];
  const long = /(?<![\w.,£$€])(\d{8,12}(?:-\d+)?)(?![\w%])/.exec(reading.text)?.[1];
  const found = long ?? named;
  if (
    found === undefined ||
    /\b(?:above|over|than|least) $/.test(reading.text.slice(0, reading.text.indexOf(found)))
  )
    return undefined;
  return /^\d{1,8}$/.test(found) ? found.padStart(9, "0") : found.toUpperCase();
}

const FIELDS: readonly (readonly [RegExp, string])[] = [
  [/\btax (?:type|code|rate)\b|\bvat (?:code|rate)\b/, "TaxType"],
  [/\baccounts?\b|\bnominal\b|\bcoded?\b/, "AccountCode"],
  [/\bdue\b/, "DueDate"],
  [/\breference\b/, "Reference"],
  [/\btracking|tracked\b/, "Tracking"],
  [/\bstatus|draft|approved\b/, "Status"],
  [/\b(?:invoice )?date|dated\b/, "Date"],
  [/\b(?:tax|vat|gst)\b/, "TaxAmount"],
  [/\bdescription\b/, "Description"],
  [/\b(?:amount|total|price|figure|number|cost)\b/, "Amount"],
];

function orderRoute(reading: Reading, order: string): Route | undefined {
  const about = { order };
  if (says(reading, /\b(?:why|explain|how come|reason|come from|comes from|came from)\b/)) {
    const field = FIELDS.find(([pattern]) => says(reading, pattern))?.[1] ?? null;
    return calls(call("explain_record", { ...about, field }), call("get_order", about));
  }
  if (
    says(
      reading,
      /\b(?:would|will|become|becomes|preview|what happens|look like|turn into|planned|going to)\b/,
    ) &&
    !says(reading, /^(?:would|will|could|can) you\b/)
  )
    return calls(call("preview_order", about));
  if (says(reading, /\b(?:retry|again|re-?try|resend|re-?send|another go|re-?run)\b/))
    return calls(call("retry_record", about));
  if (says(reading, /\b(?:create|prepare|make|raise|draft|write|issue)\b.*\binvoice\b/))
    return calls(call("create_invoice", about));
  if (says(reading, /\b(?:create|prepare|make|add|update|upsert)\b.*\b(?:contact|customer)\b/))
    return calls(call("upsert_contact", about));
  if (
    !asks(reading) &&
    says(reading, /\b(?:sync|book|post|send|push|export|transfer|import|process|bring)\b/)
  )
    return calls(call("sync_order", about));
  return says(reading, BEYOND_ORDER) ? undefined : calls(call("get_order", about));
}

/** Wishes that name an order but that no tool can grant go to the planner, which refuses them with a reason. */
const BEYOND_ORDER = /\b(?:delete|void|refund|cancel|remove|wipe|change|edit|correct|approve|e-?mail|pay)\b/;

function proposalRoute(reading: Reading): Route | undefined {
  if (
    !says(
      reading,
      /\bproposals?\b|\bwait(?:s|ing)? for (?:approval|a decision|me|sign-?off)\b|\b(?:to|needs?) (?:be approved|approval)\b|\bpending approvals?\b/,
    )
  )
    return undefined;
  const id = /\bproposal (?:number |no |id |# ?)?([a-z0-9][\w-]*\d[\w-]*)\b/.exec(reading.text)?.[1];
  if (id === undefined)
    return calls(
      call("list_proposals", { state: says(reading, /\ball|history|decided|rejected\b/) ? null : "open" }),
    );
  const wantsDecision = says(reading, /\b(?:approve|accept|publish|sign|confirm|link|decide)\b/);
  return calls(call(wantsDecision ? "request_approval" : "preview_proposal", { proposal: id }));
}

const QUESTION = new RegExp(
  `^${POLITE}(?:what|what's|which|where|how|how's|why|when|who|is|are|do|does|did|has|have|was|were|show|list|tell|give me|any|anything|status|explain|find|see if|check if|check whether)\\b`,
);
/** A question about how things stand; "could you list discounts separately" is a wish. */
const asks = (reading: Reading): boolean =>
  says(reading, QUESTION) &&
  !says(reading, /\b(?:separately|own lines?|own rows?|from now on|instead of|rather than)\b/);

const STATES: readonly (readonly [RegExp, RecordState])[] = [
  [/\bfailed|failing\b/, "failed"],
  [/\bheld|on hold|holding\b/, "held"],
  [/\bposted|booked|delivered|synced|in xero\b/, "posted"],
  [/\bqueued|waiting\b/, "queued"],
  [/\bdrifted|changed in xero\b/, "drifted"],
  [/\buncertain|unknown\b/, "uncertain"],
];

const TROUBLE =
  /\b(?:failed|failing|fails?|stuck|held|errors?|problems?|wrong|attention|trouble|issues?|not gone through|didn't go|haven't gone|blocked|rejected)\b/;

function stateRoute(reading: Reading): Route | undefined {
  const is = (pattern: RegExp) => says(reading, pattern);
  if (
    is(
      /\b(?:reconcil\w*|agree|balanced?|tie (?:up|out)|add up|same totals?|differences?|complete as of|both sides|match(?:es)?)\b/,
    )
  )
    return calls(call("get_reconciliation"));
  if (
    is(
      /\b(?:versions?|history of the mapping|mapping history|who (?:changed|approved)|what (?:has )?changed|changed recently|last change)\b/,
    )
  )
    return calls(call("list_mapping_versions"));
  if (
    is(
      /\bchart of accounts\b|\b(?:show|list|what|which)(?: \w+){0,3} accounts\b(?! (?:do|does|are|is) .*(?:go|used|booked))/,
    )
  )
    return calls(call("get_chart_of_accounts"));
  if (is(/\b(?:list|show|what|which)(?: \w+){0,3} (?:tax rates|tax types|vat rates|tax codes)\b/))
    return calls(call("list_tax_rates"));
  if (is(/\b(?:list|show|what|which)(?: \w+){0,3} tracking (?:categories|options)\b/))
    return calls(call("list_tracking_categories"));
  if (
    is(
      /\b(?:list|show|what|which)(?: \w+){0,3} (?:customer groups|groups|store views|payment methods|categories|tax classes)\b(?: (?:are there|do we have|exist|does the|in the|there are)|.{0,3}$)/,
    )
  )
    return calls(call("get_store_profile"));
  if (is(MAPPING_QUESTION))
    return { kind: "mapping", calls: [call("get_mapping"), call("get_chart_of_accounts")] };
  if (
    is(
      /\bhow many\b|\bstatus\b|\bup to date\b|\bqueue\b|\bbacklog\b|\bhow (?:is|are) (?:it|things|we)\b|\blimits?\b|\bcalls left\b/,
    )
  )
    return is(TROUBLE) && !is(/\bhow many\b/)
      ? calls(call("list_failed_records"), call("get_sync_status"))
      : calls(call("get_sync_status"));
  if (is(TROUBLE)) return calls(call("list_failed_records"), call("get_sync_status"));
  if (is(/\borders?\b/) && is(/\b(?:show|list|find|which|latest|recent|last|newest)\b/)) {
    const state = STATES.find(([pattern]) => is(pattern))?.[1] ?? null;
    return calls(call("search_orders", { state, limit: 10 }));
  }
  return undefined;
}

const MAPPING_QUESTION =
  /\bwhere (?:do|does|is|are|will|did)\b.*\b(?:go|goes|going|booked|end up|posted|recorded|land|put|coded)\b|\b(?:which|what) (?:account|nominal|tax type|tax rate|tax code|contact|terms|payment terms|status)\b|\bhow (?:are|is|do|does)\b.*\b(?:booked|handled|treated|posted|recorded|taxed|mapped|coded|work|due)\b|\bhow (?:\w+ ){1,4}(?:are|is|get|gets) (?:booked|handled|treated|posted|recorded|taxed|mapped|coded)\b|\bwhat happens (?:to|with|when)\b|\b(?:current|present|whole|full|our|the) (?:mapping|settings|rules|set-?up)\b|\b(?:show|list|what)(?: \w+){0,2} (?:mapping|rules|settings)\b|\b(?:is|are) (?:discounts|invoices|amounts|prices|guests?|orders)\b/;
