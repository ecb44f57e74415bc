// Short texts with `code` and [links](…), as nodes.

import { element, linked } from "/assets/shared/elements.js";

const MARK = /`([^`]+)`|\[([^\]]+)\]\((https?:\/\/[^)\s]+)\)/g;

/** A text of several paragraphs as paragraph elements. */
export function paragraphs(text = "") {
  return text.split(/\n{2,}/).filter(Boolean).map((part) => element("p", {}, ...inline(part)));
}

/** A line of text as nodes. */
export function inline(text = "") {
  const nodes = [];
  let end = 0;
  for (const found of text.matchAll(MARK)) {
    nodes.push(...linked(text.slice(end, found.index)), marked(found));
    end = found.index + found[0].length;
  }
  return [...nodes, ...linked(text.slice(end))];
}

function marked([, code, words, address]) {
  if (code) return element("code", {}, code);
  return element("a", { href: address, rel: "noopener noreferrer", target: "_blank" }, words);
}
