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
    const explained = await get(`/records/${path}/explain`).catch(() => []);
    body.replaceChildren(...detailOf(record, record?.hold ?? hold), ...explanationOf(explained));
  } catch (error) {
    body.replaceChildren(h("p", { class: "notice", "data-kind": "bad" }, error.message));
  }
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
  h(
    "div",
    { class: "scroll", role: "region", "aria-label": "Documents", tabindex: "0" },
    h(
      "table",
      {},
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          ...["Document", "Number", "State", "Mapping"].map((name) => h("th", { scope: "col" }, name)),
          h("th", { scope: "col", class: "amount" }, "Total"),
        ),
      ),
      h(
        "tbody",
        {},
        ...documents.map(({ step, number, ledgerUrl, state, specVersion, total, currency, error }) =>
          h(
            "tr",
            {},
            h("th", { scope: "row" }, fieldWords(step)),
            h("td", {}, number === null ? "–" : link(ledgerUrl, number)),
            h(
              "td",
              {},
              stateTag(state),
              error === null ? null : h("p", { class: "muted" }, error.messages.join(" ")),
            ),
            h("td", {}, `version ${specVersion}`),
            h("td", { class: "amount" }, amount(total, currency)),
          ),
        ),
      ),
    ),
  );

function explanationOf(explained) {
  if (explained.length === 0) return [];
  return [
    h("h3", {}, "Why is this number here?"),
    h(
      "dl",
      { class: "why" },
      ...explained.flatMap(({ step, field, value, sentence }) => [
        h("dt", {}, `${fieldWords(step)}: ${fieldWords(field)}`),
        h("dd", {}, h("span", { class: "value" }, String(value)), ` ${sentence}`),
      ]),
    ),
  ];
}
