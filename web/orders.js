// The latest orders, what the ledger has of them, and one order in detail.
import { get, post } from "./api.js";
import { byId, h, link, say } from "./dom.js";
import { amount, fieldWords, holdWords, stateWords, when } from "./words.js";

const SHOWN = 25;
const WAIT_MS = 15_000;
let may = [];
const underWay = new Set();

export function allowOrders(permissions) {
  may = permissions;
}

export async function showOrders() {
  const { items } = await get("/orders", { limit: SHOWN });
  const body = byId("orders");
  const focused = document.activeElement?.id;
  body.replaceChildren(
    ...(items.length > 0
      ? items.map(rowOf)
      : [
          h(
            "tr",
            {},
            h("td", { colspan: 6, class: "muted" }, "No orders yet. Import some, or wait for the store."),
          ),
        ]),
  );
  // The table was built anew; the keyboard stays where it was.
  if (focused?.startsWith("order-") === true) document.getElementById(focused)?.focus();
}

function rowOf({ order, placedAt, currency, total, state, hold }) {
  const waits = ["held", "failed"].includes(state);
  return h(
    "tr",
    {},
    h(
      "th",
      { scope: "row" },
      h(
        "button",
        { type: "button", class: "plain-link", id: `order-open-${order}`, onclick: () => openOrder(order) },
        order,
      ),
    ),
    h("td", { class: "nowrap" }, when(placedAt)),
    h("td", { class: "amount" }, amount(total, currency)),
    h("td", {}, stateTag(state)),
    h("td", {}, hold === null ? "" : holdWords(hold)),
    h("td", {}, syncButton(order, waits ? "retry" : "sync")),
  );
}

export function stateTag(state) {
  const [sign, word, kind] = stateWords(state);
  return h("span", { class: `state ${kind}` }, h("span", { "aria-hidden": "true" }, sign), ` ${word}`);
}

function syncButton(order, verb) {
  const word = verb === "retry" ? "Retry" : "Sync";
  const busy = underWay.has(order);
  const allowed = may.includes("sync");
  return h(
    "button",
    {
      type: "button",
      class: "quiet small",
      id: `order-sync-${order}`,
      "aria-label": `${word} order ${order}`,
      "aria-disabled": busy || !allowed ? "true" : null,
      title: allowed ? null : "Needs the role operator",
      onclick: () =>
        busy ? undefined : allowed ? syncOrder(order, verb) : say("Needs the role operator.", "look"),
    },
    busy ? "…" : word,
  );
}

async function syncOrder(order, verb) {
  underWay.add(order);
  await showOrders();
  try {
    const { record, settled } = await post(
      `/records/${encodeURIComponent(order)}/${verb}`,
      {},
      { waitMs: WAIT_MS },
    );
    const [, word] = stateWords(record.state);
    const why = record.hold === null ? "" : ` ${record.hold.detail} ${record.hold.action}`;
    const good = record.state === "posted";
    say(`Order ${order}: ${settled ? word : "on its way"}.${why}`, good || !settled ? "good" : "look");
  } catch (error) {
    say(`Order ${order}: ${error.message}`, "bad");
  } finally {
    underWay.delete(order);
    await showOrders();
  }
}

async function openOrder(order) {
  const dialog = byId("order-dialog");
  const body = byId("order-body");
  byId("order-title").textContent = `Order ${order}`;
  body.replaceChildren(h("p", { class: "muted" }, "Reading …"));
  dialog.showModal();
  const path = encodeURIComponent(order);
  try {
    const { record, hold } = await get(`/orders/${path}`);
    const why = record?.hold ?? hold;
    body.replaceChildren(...detailOf(record, why), ...(await moreOf(path, record, why)));
  } catch (error) {
    body.replaceChildren(h("p", { class: "notice", "data-kind": "bad" }, error.message));
  }
}

async function moreOf(path, record, hold) {
  if (record !== null && record.documents.length > 0)
    return explanationOf(await get(`/records/${path}/explain`));
  if (hold !== null) return [];
  const unknown = (error) => ({ status: "unknown", why: error.message });
  return previewOf(await get(`/orders/${path}/preview`).catch(unknown));
}

/** What the approved mapping would make of it; nothing is saved by looking. */
function previewOf(outcome) {
  if (outcome.status === "unknown") return [h("p", { class: "muted" }, outcome.why)];
  if (outcome.status === "held") {
    const { hold, detail, action } = outcome.held;
    return [h("p", { class: "muted" }, `It would be held. ${holdWords(hold)}: ${detail} ${action}`)];
  }
  const lines = outcome.plan.documents.flatMap(({ step, body }) =>
    (body.LineItems ?? []).map((line) => ({ step, ...line })),
  );
  const totals = outcome.plan.checks.filter(({ name }) => name === "total");
  return [
    h("h3", {}, "What it would become"),
    tableOf(
      "Lines",
      ["Line", "Account", "Tax type", "Amount"],
      lines.map(({ Description, AccountCode, TaxType, LineAmount }) => [
        Description ?? "–",
        AccountCode ?? "–",
        TaxType ?? "–",
        LineAmount ?? "–",
      ]),
    ),
    ...totals.map(({ actual, expected, currency }) =>
      h("p", {}, `Invoice ${amount(actual, currency)}, store ${amount(expected, currency)}.`),
    ),
  ];
}

function detailOf(record, hold) {
  const parts = [];
  if (hold !== null) {
    parts.push(
      h(
        "p",
        { class: "notice", "data-kind": "look" },
        h("strong", {}, `${holdWords(hold.hold)}. `),
        `${hold.detail} ${hold.action}`,
      ),
    );
  }
  if (record === null) parts.push(h("p", {}, "It has not been read for the ledger yet."));
  else if (record.documents.length === 0)
    parts.push(h("p", {}, stateTag(record.state), " No documents yet."));
  else parts.push(documentsOf(record.documents));
  return parts;
}

const documentsOf = (documents) =>
  tableOf(
    "Documents",
    ["Document", "Number", "State", "Mapping", "Total"],
    documents.map(({ step, number, ledgerUrl, state, specVersion, total, currency, error }) => [
      fieldWords(step),
      number === null ? "–" : link(ledgerUrl, number),
      h("span", {}, stateTag(state), error && h("span", { class: "why-line" }, error.messages.join(" "))),
      `version ${specVersion}`,
      amount(total, currency),
    ]),
  );

/** The first column names the row, the last one holds amounts. */
function tableOf(label, heads, rows) {
  const isAmount = (index) => (index === heads.length - 1 ? "amount" : null);
  const cell = (content, index) =>
    index === 0 ? h("th", { scope: "row" }, content) : h("td", { class: isAmount(index) }, content);
  return h(
    "section",
    { class: "scroll", "aria-label": label, tabindex: "0" },
    h(
      "table",
      {},
      h(
        "thead",
        {},
        h("tr", {}, ...heads.map((name, index) => h("th", { scope: "col", class: isAmount(index) }, name))),
      ),
      h("tbody", {}, ...rows.map((row) => h("tr", {}, ...row.map(cell)))),
    ),
  );
}

/** One fold for each document; the invoice is what people ask about, so it is open. */
function explanationOf(explained) {
  const byStep = Object.entries(Object.groupBy(explained, ({ step }) => step));
  return byStep.map(([step, fields]) =>
    h(
      "details",
      { open: step === "invoice" || byStep.length === 1 },
      h("summary", {}, `Why is it so? ${fieldWords(step)}, ${fields.length} fields`),
      h(
        "dl",
        { class: "why" },
        ...fields.flatMap(({ field, value, sentence }) => [
          h("dt", {}, fieldWords(field)),
          h("dd", {}, h("span", { class: "value" }, String(value)), ` ${sentence}`),
        ]),
      ),
    ),
  );
}
