// Waiting proposals: what changes, what the replay proved, and the buttons. Approving sends the digest of what is shown.
import { get, post } from "./api.js";
import { byId, h, say } from "./dom.js";
import { proofOf } from "./proof.js";
import { count, when } from "./words.js";

const SHOWN = 30;
const DECIDED_SHOWN = 5;
let may = [];
let onDecided = () => undefined;
/** Cards by id and digest: one that did not change is kept, with what was typed into it. */
let cards = new Map();
const answers = {};

export function allowProposals(permissions, decided) {
  may = permissions;
  onDecided = decided;
}

export async function showProposals(status) {
  const { items } = await get("/proposals", { limit: SHOWN });
  const open = items.filter(({ state }) => state === "open");
  const kept = new Map();
  for (const proposal of open) {
    const key = `${proposal.id} ${proposal.digest} ${proposal.confirmOrders}`;
    kept.set(key, cards.get(key) ?? cardOf(proposal));
  }
  const place = byId("proposals");
  const shown = open.length > 0 ? [...kept.values()] : [nothingWaits(status)];
  if (open.length === 0 || !sameNodes([...place.children], shown)) place.replaceChildren(...shown);
  cards = kept;
  showDecided(items.filter(({ state }) => state !== "open"));
}

const sameNodes = (one, other) =>
  one.length === other.length && one.every((node, index) => node === other[index]);

/** Brings one proposal into view: from a link of the assistant, the terminal or an e-mail. */
export function focusProposal(id) {
  const card = document.getElementById(`proposal-${id}`);
  card?.scrollIntoView({ block: "start" });
  card?.focus();
  return card !== null;
}

function nothingWaits(status) {
  if (status?.specVersion !== null) {
    return h("p", { class: "empty" }, "Nothing waits for you. Ask the assistant for a change.");
  }
  const propose = h(
    "button",
    { type: "button", "aria-disabled": may.includes("propose") ? null : "true", onclick: () => setUp({}) },
    "Propose the first mapping",
  );
  return h(
    "div",
    { class: "empty" },
    h(
      "p",
      {},
      "There is no mapping yet, so nothing is posted. It is proposed from your chart of accounts, tax rates and store settings.",
    ),
    propose,
  );
}

async function setUp(given) {
  if (!may.includes("propose")) return say("Needs the role operator.", "look");
  Object.assign(answers, given);
  try {
    const proposal = await post("/setup", { answers });
    await onDecided();
    say("The mapping is proposed. Look at it, then decide.");
    focusProposal(proposal.id);
  } catch (error) {
    say(error.message, "bad");
  }
}

const KINDS = { mapping: "Mapping", setup: "First mapping", document: "Document" };

function cardOf(proposal) {
  const { id, kind, title, proposedBy, proposedAt, expiresAt, replay, affects } = proposal;
  const titleId = `proposal-title-${id}`;
  const of = replay === null ? "documents" : `of ${count(replay.orders)} past orders`;
  return h(
    "article",
    { class: "proposal", id: `proposal-${id}`, "aria-labelledby": titleId, tabindex: "-1" },
    h("div", { class: "stub" }, h("strong", { class: "stub-count" }, count(affects)), h("span", {}, of)),
    h(
      "div",
      { class: "body" },
      h("h3", { id: titleId }, title),
      h(
        "p",
        { class: "muted" },
        h("span", { class: "badge" }, KINDS[kind] ?? kind),
        ` proposed by ${proposedBy}, ${when(proposedAt)}, open until ${when(expiresAt)}`,
      ),
      ...proofOf(proposal),
      ...questionsOf(proposal),
      decisionOf(proposal),
    ),
  );
}

function questionsOf({ id, kind, questions }) {
  if (questions.length === 0) return [];
  const answer = (event) => {
    event.preventDefault();
    const given = [...new FormData(event.target)].filter(([, value]) => value !== "");
    setUp(Object.fromEntries(given));
  };
  const asked = questions.map(({ id: name, question, options, assumed }) => {
    const selectId = `question-${id}-${name}`;
    return h(
      "p",
      {},
      h("label", { for: selectId }, question),
      h(
        "select",
        { id: selectId, name },
        assumed === null && h("option", { value: "", selected: true }, "Not decided: such orders wait"),
        ...options.map(({ value, label }) => h("option", { value, selected: value === assumed }, label)),
      ),
    );
  });
  return [
    h(
      "form",
      { class: "questions", onsubmit: answer },
      h("h4", {}, questions.length === 1 ? "One question" : `${questions.length} questions`),
      h("p", { class: "muted" }, "Until they are answered, it assumes what is selected."),
      ...asked,
      kind === "setup" && h("button", { class: "quiet" }, "Propose with these answers"),
    ),
  ];
}

function decisionOf(proposal) {
  const { id, approveLabel, confirmOrders, anotherPerson } = proposal;
  const allowed = may.includes("decide");
  const why = allowed
    ? "You proposed this; in production another person approves it."
    : "Needs the role approver.";
  const mayApprove = allowed && !anotherPerson;
  const note = h("input", { type: "text", id: `note-${id}`, maxlength: 400, autocomplete: "off" });
  const confirm =
    confirmOrders === null
      ? null
      : h("input", {
          type: "text",
          id: `confirm-${id}`,
          inputmode: "numeric",
          autocomplete: "off",
          "aria-required": "true",
        });
  const decide = (verb, mayDo) => () =>
    mayDo ? sendDecision(proposal, verb, { note, confirm }) : say(why, "look");
  const button = (verb, kind, label, mayDo) =>
    h(
      "button",
      { type: "button", class: kind, "aria-disabled": mayDo ? null : "true", onclick: decide(verb, mayDo) },
      label,
    );
  return h(
    "div",
    { class: "decision" },
    h("p", {}, h("label", { for: note.id }, "Note for the audit (optional)"), note),
    confirm !== null &&
      h(
        "p",
        {},
        h(
          "label",
          { for: confirm.id },
          `This is your own proposal, in production. Type ${confirmOrders} to confirm`,
        ),
        confirm,
      ),
    h(
      "p",
      { class: "actions" },
      button("approve", "approve", approveLabel, mayApprove),
      button("reject", "quiet", "Reject", allowed),
      !mayApprove && h("span", { class: "muted" }, why),
    ),
  );
}

async function sendDecision({ id, title, digest, confirmOrders }, verb, { note, confirm }) {
  const mustConfirm = verb === "approve" && confirm !== null;
  if (mustConfirm && confirm.value.trim() !== String(confirmOrders)) {
    say(`Type ${confirmOrders} to confirm.`, "look");
    confirm.focus();
    return;
  }
  const body = { digest, note: note.value.trim() || null, ...(mustConfirm ? { confirmOrders } : {}) };
  try {
    const { state, publishedVersion } = await post(`/proposals/${encodeURIComponent(id)}/${verb}`, body);
    const version = publishedVersion === null ? "" : ` Version ${publishedVersion} is live.`;
    say(`“${title}” is ${state}.${version}`);
  } catch (error) {
    say(error.message, "bad");
  }
  await onDecided();
  // The card is gone or was built anew: the keyboard goes on at the heading.
  byId("proposals-title").focus();
}

function showDecided(decided) {
  byId("decided").hidden = decided.length === 0;
  byId("decided-list").replaceChildren(
    ...decided
      .slice(0, DECIDED_SHOWN)
      .map(({ title, state, decidedBy, decidedAt, decisionNote, publishedVersion }) =>
        h(
          "li",
          {},
          h("strong", {}, state),
          ` ${title}`,
          h(
            "span",
            { class: "muted" },
            [
              decidedBy === null ? null : ` by ${decidedBy}, ${when(decidedAt)}`,
              publishedVersion === null ? null : `version ${publishedVersion}`,
              decisionNote,
            ]
              .filter((part) => part !== null)
              .join(" · "),
          ),
        ),
      ),
  );
}
