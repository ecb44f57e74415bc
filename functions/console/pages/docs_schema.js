// JSON Schemas as tables of fields; models refer to each other by links.

import { element } from "/assets/shared/elements.js";
import { inline, paragraphs } from "./docs_text.js";

const REF = "#/components/schemas/";

/** The table of a model's fields, or its values where it has no fields. */
export function model(schema, say) {
  const rows = Object.entries(schema.properties ?? {}).map(([name, part]) =>
    row(name, part, (schema.required ?? []).includes(name), [], say),
  );
  return [...paragraphs(schema.description), rows.length > 0 ? table(rows, say) : element("p", {}, ...rules(schema, say))];
}

/** A table of rows made by `row`. */
export function table(rows, say) {
  const head = ["name", "type", "meaning"].map((key) => element("th", { scope: "col" }, say(key)));
  return element("div", { class: "table", tabindex: "0" }, element("table", {}, element("thead", {}, element("tr", {}, ...head)), element("tbody", {}, ...rows)));
}

/** A row that tells one field or parameter; `marks` stand behind its name. */
export function row(name, schema, isRequired, marks, say) {
  const told = [...marks, ...(isRequired ? [say("required")] : [])].map((mark) => element("span", { class: "mark" }, mark));
  return element(
    "tr",
    {},
    element("th", { scope: "row" }, element("code", {}, name), ...told),
    element("td", {}, ...type(schema, say)),
    element("td", {}, ...inline(schema.description), ...spaced(rules(schema, say))),
  );
}

/** The name of a schema's type: a link where it is a model. */
export function type(schema, say) {
  if (schema.$ref) return [reference(schema.$ref)];
  if (schema.anyOf) return between(schema.anyOf.map((each) => type(each, say)), say("or"));
  if (schema.type === "array" && schema.items) return [...split(say("list_of", { type: "\u0000" }), type(schema.items, say))];
  return [schema.format ?? schema.type ?? (schema.enum || "const" in schema ? "string" : "any")];
}

function reference(ref) {
  const name = ref.replace(REF, "");
  return element("a", { href: `#schema-${name}` }, name);
}

function rules(schema, say) {
  const whole = { ...(schema.anyOf ?? []).find((each) => each.type !== "null"), ...schema };
  const told = [];
  if (whole.enum) told.push(say("one_of", { values: whole.enum.join(", ") }));
  if ("const" in whole) told.push(say("one_of", { values: whole.const }));
  if (whole.minimum != null) told.push(say("from", { value: whole.minimum }));
  if (whole.maximum != null) told.push(say("to", { value: whole.maximum }));
  if (whole.maxLength != null) told.push(say("length", { least: whole.minLength ?? 0, most: whole.maxLength }));
  if (whole.pattern) told.push(say("pattern", { value: `\`${whole.pattern}\`` }));
  if (whole.default != null && whole.default !== "") told.push(say("default", { value: JSON.stringify(whole.default) }));
  return inline(told.join("; "));
}

function spaced(nodes) {
  return nodes.length > 0 ? [" ", element("span", { class: "rules" }, ...nodes)] : [];
}

function between(groups, separator) {
  return groups.flatMap((group, index) => (index === 0 ? group : [separator, ...group]));
}

function split(text, nodes) {
  const [before, after] = text.split("\u0000");
  return [before, ...nodes, after].filter((node) => node !== "");
}
