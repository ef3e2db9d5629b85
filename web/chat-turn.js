// One request and its answer in the log, growing as events come.
import { byId, h } from "./dom.js";
import { focusProposal } from "./proposals.js";

/** How near the end the log must be scrolled to follow what is added. */
const NEAR_END_PX = 80;

export function openTurn(asked) {
  const log = byId("chat-log");
  const waiting = h("p", { class: "muted waiting" }, "…");
  const answer = h("div", { class: "answer" }, h("span", { class: "hidden" }, "Assistant: "), waiting);
  log.append(h("p", { class: "asked" }, h("span", { class: "hidden" }, "You: "), asked), answer);
  log.scrollTop = log.scrollHeight;
  const rows = new Map();
  let paragraph = null;
  const follow = (change) => {
    const isAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_END_PX;
    change();
    if (isAtEnd) log.scrollTop = log.scrollHeight;
  };
  const add = (node) => {
    paragraph = null;
    follow(() => answer.insertBefore(node, waiting));
  };
  return {
    asked,
    text(more) {
      if (paragraph === null) {
        const node = h("p", { class: "said" });
        add(node);
        paragraph = { node, source: "" };
      }
      const { node } = paragraph;
      paragraph.source += more;
      const { source } = paragraph;
      follow(() => node.replaceChildren(...inline(source)));
    },
    tool(call) {
      const row = toolRow(call);
      rows.set(call.id, row);
      add(row.details);
    },
    result: (result) => rows.get(result.id)?.settle(result),
    proposal: (proposal) => add(proposalCard(proposal)),
    note(text) {
      add(h("p", { class: "muted" }, text));
      waiting.remove();
    },
    fail(message, again) {
      const retry =
        again && h("button", { type: "button", class: "quiet small", onclick: again }, "Try again");
      add(h("p", { class: "notice", "data-kind": "look" }, `${message} `, retry));
      waiting.remove();
    },
    end: () => waiting.remove(),
  };
}

function toolRow({ name, label, args }) {
  const sign = h("span", { class: "tool-sign", "aria-hidden": "true" }, "◌");
  const took = h("span", { class: "muted" });
  const summary = h("summary", {}, sign, ` ${label} `, took);
  const details = h("details", { class: "tool" }, summary, json(`${name}, input`, args));
  return {
    details,
    settle({ ok, out, ms }) {
      sign.textContent = ok ? "✓" : "✕";
      details.classList.add(ok ? "good" : "bad");
      took.textContent = ok ? `${ms} ms` : `did not work, ${ms} ms`;
      details.append(json("output", out));
    },
  };
}

function proposalCard({ id, title, impact }) {
  const look = (event) => focusProposal(id) && event.preventDefault();
  return h(
    "div",
    { class: "card" },
    h("p", {}, h("strong", {}, title)),
    impact && h("p", {}, impact),
    h("p", {}, h("a", { href: `#proposal-${id}`, onclick: look }, "Look and decide")),
  );
}

const MARKED = /(\*\*[^*\n]+\*\*|`[^`\n]+`|https?:\/\/[^\s)]+)/;

/** **bold**, `code` and links to this page; everything else, other addresses too, stays the text that it is. */
function inline(source) {
  return source.split(MARKED).map((part) => {
    if (/^\*\*.+\*\*$/.test(part)) return h("strong", {}, part.slice(2, -2));
    if (/^`.+`$/.test(part)) return h("code", {}, part.slice(1, -1));
    if (URL.parse(part)?.origin === location.origin) return h("a", { href: part }, part);
    return part;
  });
}

const json = (title, value) =>
  h(
    "div",
    {},
    h("p", { class: "muted" }, title),
    h("pre", { tabindex: "0" }, JSON.stringify(value, null, 2)),
  );
