/**
 * Query strings as PHP reads them: `a[b][0][c]=1` is a tree, `+` is a space, and a repeated name keeps its last
 * value. Magento's search criteria travel this way.
 */
export type QueryTree = { [key: string]: string | QueryTree };

export function parseQuery(text: string): QueryTree {
  const tree: QueryTree = {};
  for (const pair of text.split("&")) {
    if (pair === "") continue;
    const at = pair.indexOf("=");
    const name = decode(at < 0 ? pair : pair.slice(0, at));
    put(tree, keysOf(name), at < 0 ? "" : decode(pair.slice(at + 1)));
  }
  return tree;
}

/** PHP's urldecode: a malformed escape stays as it is. */
export function decode(text: string): string {
  const spaced = text.replace(/\+/g, " ");
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
}

function keysOf(name: string): string[] {
  const open = name.indexOf("[");
  if (open <= 0) return [name];
  const keys = [name.slice(0, open)];
  for (const match of name.slice(open).matchAll(/\[([^\]]*)\]/g)) keys.push(match[1] ?? "");
  return keys;
}

function put(tree: QueryTree, keys: readonly string[], value: string): void {
  let node = tree;
  keys.forEach((key, index) => {
    const name = key === "" ? String(Object.keys(node).length) : key;
    // A parameter must not reach the prototype of the object that stands for the tree.
    if (name === "__proto__") return;
    if (index === keys.length - 1) {
      node[name] = value;
      return;
    }
    const next = node[name];
    if (typeof next === "object") {
      node = next;
    } else {
      const fresh: QueryTree = {};
      node[name] = fresh;
      node = fresh;
    }
  });
}
