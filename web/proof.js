// What a proposal changes and what its replay proved: the figures first, then before and after, then example orders.
import { h } from "./dom.js";
import { amount, count, fieldWords, holdWords } from "./words.js";

export const proofOf = (proposal) => [
  ...replayOf(proposal),
  ...warningsOf(proposal),
  changesOf(proposal),
  ...examplesOf(proposal.replay),
];

function replayOf({ kind, replay }) {
  if (replay === null) return [];
  const facts = kind === "setup" ? firstFacts(replay) : changeFacts(replay);
  return [
    h("p", { class: "sentence" }, replay.sentence),
    h(
      "dl",
      { class: "facts" },
      ...facts.map(([name, figure, look = ""]) =>
        h("div", { class: look }, h("dt", {}, name), h("dd", {}, figure)),
      ),
    ),
  ];
}

/** Before the first mapping nothing was posted, so there is nothing to compare with. */
const firstFacts = ({ orders, newlyPlanned, stillHeld }) => [
  ["Replayed", count(orders)],
  ["Can be posted", count(newlyPlanned), "good"],
  ["Held", count(stillHeld), stillHeld > 0 ? "look" : ""],
];

/** Same total? That is what finance looks for. Orders that are held on one side have no total to compare. */
function changeFacts({ orders, changed, totalsChanged, difference, newlyHeld, newlyPlanned, stillHeld }) {
  const compared = orders - newlyHeld - newlyPlanned - stillHeld;
  const sum = difference.map(({ amount: figure, currency }) => amount(figure, currency)).join(", ");
  return [
    ["Replayed", count(orders)],
    ["Change", count(changed)],
    [
      "Totals equal",
      `${count(compared - totalsChanged)} of ${count(compared)}`,
      totalsChanged > 0 ? "look" : "good",
    ],
    ["Difference", sum || "0.00"],
    ["Newly held", count(newlyHeld), newlyHeld > 0 ? "look" : ""],
    ["Newly posted", count(newlyPlanned)],
    ["Still held", count(stillHeld)],
  ];
}

function warningsOf({ replay, document: prepared }) {
  const warnings = [
    ...(replay?.totalsChanged > 0 ? [`${count(replay.totalsChanged)} invoice totals would change.`] : []),
    ...(replay?.newlyHeld > 0
      ? [`${count(replay.newlyHeld)} orders that were posted would now wait for a person.`]
      : []),
    ...(replay?.heldBy ?? []).map(
      ({ hold, orders }) =>
        `${count(orders)} ${orders === 1 ? "order" : "orders"} held: ${holdWords(hold).toLowerCase()}.`,
    ),
    ...(prepared?.plan.warnings ?? []),
  ];
  if (warnings.length === 0) return [];
  return [
    h(
      "ul",
      { class: "warnings" },
      ...warnings.map((text) => h("li", {}, h("span", { "aria-hidden": "true" }, "! "), text)),
    ),
  ];
}

function changesOf({ changes, baseVersion, document: prepared }) {
  if (changes.length === 0) return h("p", {}, "No setting changes.");
  const isFirst = baseVersion === 0 || prepared !== null;
  const rows = changes.map(({ what, before, after, why }) =>
    h(
      "tr",
      {},
      h("th", { scope: "row" }, what, why === null ? null : h("span", { class: "why-line" }, why)),
      !isFirst &&
        h("td", {}, before === null ? h("span", { class: "muted" }, "nothing") : h("del", {}, before)),
      h("td", {}, after === null ? h("span", { class: "muted" }, "goes away") : h("ins", {}, after)),
    ),
  );
  return table("What changes", isFirst ? ["", "Proposed"] : ["", "Now", "Proposed"], rows);
}

function examplesOf(replay) {
  if (replay === null || replay.changes.length + replay.examples.length === 0) return [];
  const kinds = replay.changes.map(({ field, before, after, orders }) =>
    h(
      "tr",
      {},
      h("th", { scope: "row" }, fieldWords(field)),
      h("td", {}, h("del", {}, before ?? "–")),
      h("td", {}, h("ins", {}, after ?? "–")),
      h("td", { class: "amount" }, count(orders)),
    ),
  );
  const examples = replay.examples.flatMap(({ order, currency, total, differences }) =>
    differences.map(({ step, field, before, after }, index) =>
      h(
        "tr",
        {},
        h(
          "th",
          { scope: "row" },
          index === 0
            ? h("span", {}, order, h("span", { class: "why-line" }, amount(total, currency)))
            : h("span", { class: "hidden" }, order),
        ),
        h("td", {}, `${fieldWords(step)}: ${fieldWords(field)}`),
        h("td", {}, h("del", {}, before ?? "–")),
        h("td", {}, h("ins", {}, after ?? "–")),
      ),
    ),
  );
  return [
    h(
      "details",
      {},
      h("summary", {}, `Example orders (${count(replay.examples.length)})`),
      kinds.length > 0 && table("Kinds of change", ["Field", "Now", "Proposed", "Orders"], kinds),
      examples.length > 0 && table("Orders", ["Order and total", "Field", "Now", "Proposed"], examples),
    ),
  ];
}

const table = (caption, heads, rows) =>
  h(
    "section",
    { class: "scroll", "aria-label": caption, tabindex: "0" },
    h(
      "table",
      { class: "diff" },
      h("caption", {}, caption),
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          ...heads.map((name) =>
            name === ""
              ? h("td", {})
              : h("th", { scope: "col", class: name === "Orders" ? "amount" : null }, name),
          ),
        ),
      ),
      h("tbody", {}, ...rows),
    ),
  );
