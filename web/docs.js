// The HTTP API as a page, from the OpenAPI document that the server makes of its own routes.
import { byId, h } from "./dom.js";

const document_ = await (await fetch("/openapi.json")).json();
const named = (schema) =>
  schema?.$ref ? (document_.components.schemas[schema.$ref.split("/").pop()] ?? schema) : schema;

const routes = Object.entries(document_.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, route]) => ({ path, method: method.toUpperCase(), ...route })),
);
byId("routes").replaceChildren(...routes.map(routeOf));

function routeOf({ path, method, summary, parameters = [], requestBody, responses, "x-roles": roles }) {
  return h(
    "details",
    {},
    h(
      "summary",
      {},
      h("span", { class: "route" }, h("strong", {}, method), ` ${path}`),
      h("span", { class: "muted" }, ` ${summary ?? ""}`),
    ),
    roles === undefined ? null : h("p", { class: "muted" }, `Roles: ${roles.join(", ")}`),
    parameters.length > 0 &&
      h(
        "ul",
        {},
        ...parameters.map(({ name, in: place, required, description, schema }) =>
          h(
            "li",
            {},
            h("code", {}, name),
            ` ${place}${required ? ", required" : ""} ${description ?? schema?.description ?? ""}`,
          ),
        ),
      ),
    ...bodyOf("Body", requestBody?.content),
    ...bodyOf("Answer", responses["200"]?.content),
  );
}

function bodyOf(title, content) {
  const [[type, { schema }] = ["", {}]] = Object.entries(content ?? {});
  if (schema === undefined) return [];
  return [
    h("p", { class: "muted" }, `${title}, ${type}`),
    h("pre", { tabindex: "0" }, JSON.stringify(named(schema), null, 2)),
  ];
}
