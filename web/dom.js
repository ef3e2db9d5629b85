// Elements without markup: whatever text comes in stays text.

/**
 * @param {string} tag
 * @param {Record<string, unknown>} [attributes] `on…` are listeners; true, false and null set or leave out an attribute
 * @param {...(Node | string | null | undefined | false)} children
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined)
      element.setAttribute(name, String(value));
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** The element that index.html has by this id. */
export function byId(id) {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`index.html lacks #${id}`);
  return element;
}

/** A link only where the address is http(s); else its text alone. */
export function link(href, text) {
  const isWeb = typeof href === "string" && /^https?:\/\//.test(href);
  return isWeb ? h("a", { href, rel: "noreferrer", target: "_blank" }, text) : text;
}

let notices = 0;
/** Says what came of an action, to eyes and to screen readers; it stays long enough to be read. */
export function say(text, kind = "good") {
  const notice = byId("notice");
  notices += 1;
  const mine = notices;
  notice.dataset.kind = kind;
  notice.textContent = text;
  setTimeout(() => {
    if (mine === notices) notice.textContent = "";
  }, SAID_MS);
}

const SAID_MS = 10_000;
