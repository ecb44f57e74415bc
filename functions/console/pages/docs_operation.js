// One request of the API: what it takes, what it answers, and how to call it.

import { element } from "/assets/shared/elements.js";
import { row, table, type } from "./docs_schema.js";
import { inline, paragraphs } from "./docs_text.js";

const COPIED_MS = 1_500;
const PLACES = { path: "path", query: "query", header: "header" };

/** The section of an operation; `resolve` follows references within the document. */
export function operation(method, path, described, resolve, say) {
  const id = described.operationId;
  const title = element("h3", { id: `${id}-title` }, element("a", { href: `#${id}` }, described.summary));
  const address = element("p", { class: "address" }, element("span", { class: `method ${method}` }, method.toUpperCase()), element("code", {}, ...breakable(path)));
  return element(
    "section",
    { id, class: "card operation", "aria-labelledby": `${id}-title` },
    title,
    address,
    ...paragraphs(described.description),
    ...parameters((described.parameters ?? []).map(resolve), say),
    ...body(described.requestBody, say),
    element("h4", {}, say("answers")),
    answers(described.responses, resolve, say),
    element("h4", {}, say("request")),
    sample(curl(method, path, described, resolve), say),
  );
}

function breakable(path) {
  return path.split(/(?=\/)/).flatMap((part) => [element("wbr"), part]);
}

function parameters(found, say) {
  if (found.length === 0) return [];
  const rows = found.map((each) => row(each.name, { ...each.schema, description: each.description }, each.required, [say(PLACES[each.in])], say));
  return [element("h4", {}, say("parameters")), table(rows, say)];
}

function body(described, say) {
  if (!described) return [];
  const [[media, content]] = Object.entries(described.content);
  const line = element("p", {}, element("code", {}, media), ": ", ...type(content.schema, say));
  return [element("h4", {}, say("body")), line, ...example(content, say)];
}

function example(content, say) {
  return content.example === undefined ? [] : [sample(JSON.stringify(content.example, null, 2), say)];
}

function answers(responses, resolve, say) {
  return element("div", { class: "answers" }, ...Object.entries(responses).map(([status, found]) => answer(status, resolve(found), say)));
}

function answer(status, response, say) {
  const [[media, content] = []] = Object.entries(response.content ?? {});
  const head = element("summary", {}, element("span", { class: "status", "data-class": status[0] }, status), " ", ...inline(response.description));
  const what = media ? [element("p", {}, element("code", {}, media), ": ", ...type(content.schema, say))] : [];
  const examples = Object.values(content?.examples ?? {}).map((each) => sample(JSON.stringify(each.value, null, 2), say));
  const headers = element("p", { class: "muted" }, say("headers", { names: Object.keys(response.headers ?? {}).join(", ") }));
  return element("details", {}, head, ...what, headers, ...(content ? example(content, say) : []), ...examples);
}

function sample(text, say) {
  const copy = element("button", { type: "button", class: "copy", click: () => copied(copy, text, say) }, say("copy"));
  copy.hidden = !navigator.clipboard;
  return element("div", { class: "sample" }, element("pre", { tabindex: "0" }, element("code", {}, text)), copy);
}

async function copied(button, text, say) {
  await navigator.clipboard.writeText(text);
  button.textContent = say("copied");
  setTimeout(() => (button.textContent = say("copy")), COPIED_MS);
}

function curl(method, path, described, resolve) {
  const found = (described.parameters ?? []).map(resolve);
  const lines = [`curl ${method === "get" ? "" : `-X ${method.toUpperCase()} `}${quoted(location.origin + filled(path, found) + query(found))}`];
  for (const each of found.filter((one) => one.name === "Idempotency-Key")) lines.push(`-H ${quoted(`${each.name}: ${exampleOf(each)}`)}`);
  const content = described.requestBody?.content["application/json"];
  if (content) lines.push(`-H 'Content-Type: application/json'`, `-d ${quoted(JSON.stringify(content.example ?? {}))}`);
  return lines.join(" \\\n  ");
}

function filled(path, found) {
  return path.replace(/\{(\w+)\}/g, (place, name) => exampleOf(found.find((each) => each.in === "path" && each.name === name)) ?? place);
}

function query(found) {
  const needed = found.filter((each) => each.in === "query" && each.required).map((each) => [each.name, exampleOf(each) ?? "…"]);
  return needed.length > 0 ? `?${new URLSearchParams(needed)}` : "";
}

function exampleOf(parameter) {
  return parameter?.schema.examples?.[0];
}

function quoted(text) {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
