// The API as a page: made from the OpenAPI document that this server gives, with anchors for requests, models and errors.

import { element } from "/assets/shared/elements.js";
import { fill, onLanguage, wordsOf } from "/assets/shared/words.js";
import { operation } from "./docs_operation.js";
import { model } from "./docs_schema.js";
import { inline, paragraphs } from "./docs_text.js";
import { WORDS } from "./docs_words.js";

const $ = (id) => document.getElementById(id);
const say = wordsOf(WORDS);
const narrow = matchMedia("(max-width: 899px)");
let api = null;

function show() {
  fill(document, say);
  if (api === null) return;
  $("content").replaceChildren(...head(), ...api.tags.map(system), models(), problems());
  $("contents-list").replaceChildren(...api.tags.map(contentsOf), contentsOfRest());
  toAnchor();
}

function head() {
  return [
    element("h1", {}, `${api.info.title} API`),
    element("p", { class: "muted" }, say("version", { version: api.info.version })),
    ...paragraphs(api.info.description),
  ];
}

function operationsOf(tag) {
  return Object.entries(api.paths).flatMap(([path, methods]) =>
    Object.entries(methods).filter(([, described]) => described.tags.includes(tag)).map(([method, described]) => ({ path, method, described })),
  );
}

function system(tag) {
  const sections = operationsOf(tag.name).map(({ path, method, described }) => operation(method, path, described, resolve, say));
  return element("section", { class: "system", "aria-labelledby": `tag-${tag.name}` }, element("h2", { id: `tag-${tag.name}` }, tag.name), ...paragraphs(tag.description), ...sections);
}

function models() {
  const shown = Object.entries(api.components.schemas).map(([name, schema]) =>
    element("section", { id: `schema-${name}`, class: "card operation" }, element("h3", {}, name), ...model(schema, say)),
  );
  return element("section", { class: "system" }, element("h2", { id: "models" }, say("models")), ...shown);
}

function problems() {
  const rows = api["x-problems"].map((problem) =>
    element(
      "div",
      { id: problem.kind, class: "problem" },
      element("dt", {}, element("span", { class: "status", "data-class": String(problem.status)[0] }, String(problem.status)), " ", element("code", {}, problem.kind)),
      element("dd", {}, ...inline(problem.description)),
    ),
  );
  return element("section", { class: "system" }, element("h2", { id: "problems" }, say("problems")), element("dl", { class: "card problems" }, ...rows));
}

function contentsOf(tag) {
  const links = operationsOf(tag.name).map(({ described }) => element("li", {}, element("a", { href: `#${described.operationId}` }, described.summary)));
  return element("div", {}, element("a", { class: "contents-head", href: `#tag-${tag.name}` }, tag.name), element("ul", {}, ...links));
}

function contentsOfRest() {
  return element("div", {}, ...["models", "problems"].map((id) => element("a", { class: "contents-head", href: `#${id}` }, say(id))));
}

function resolve(found) {
  return found.$ref ? found.$ref.split("/").slice(1).reduce((part, key) => part[key], api) : found;
}

/** Goes where the address points, now that it is there. */
function toAnchor() {
  if (location.hash.length > 1) location.replace(location.hash);
}

$("contents").open = !narrow.matches;
narrow.addEventListener("change", () => ($("contents").open = !narrow.matches));
$("contents-list").addEventListener("click", (event) => {
  if (narrow.matches && event.target.closest("a")) $("contents").open = false;
});
onLanguage(show);
try {
  const response = await fetch("/openapi.json", { credentials: "omit" });
  api = await response.json();
  show();
} catch {
  $("failure").hidden = false;
}
