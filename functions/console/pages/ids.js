// Identifiers as people see them: cut in the middle, with the whole in the title and in what is copied.

import { element } from "/assets/shared/elements.js";

const ID = /((?:[a-z]+_)?[0-9a-f]{20,})/;
const HEAD = 4;
const TAIL = -5;

/** A small line with an identifier; a click selects it all. */
export function idLine(text) {
  const shown = text.split(ID).map((part, at) => (at % 2 ? shortened(part) : part));
  return element("span", { class: "id", title: text }, ...shown);
}

/** A small line with a name of the API, which may break behind its dots. */
export function rawLine(text) {
  const shown = text.split(/(?<=\.)/).flatMap((part) => [part, element("wbr")]);
  return element("span", { class: "id", translate: "no" }, ...shown);
}

/** A text in which names stand instead of identifiers, and short ones where no name is known. */
export function named(text, names) {
  return text.split(ID).map((part, at) => (at % 2 ? nameOf(part, names) : part));
}

function nameOf(id, names) {
  return names.has(id) ? element("span", { title: id }, names.get(id)) : idLine(id);
}

function shortened(id) {
  const begin = id.lastIndexOf("_") + 1 + HEAD;
  return element("span", { class: "short" }, id.slice(0, begin), element("span", { class: "cut" }, id.slice(begin, TAIL)), id.slice(TAIL));
}
