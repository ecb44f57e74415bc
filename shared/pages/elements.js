// What pages build themselves from: nodes whose texts are never markup, and the shared web components.

import { LANGUAGES, chooseLanguage, language, onLanguage } from "./words.js";

const TONES = 6;
const LINK = /https?:\/\/[^\s<>"'`]+/giu;
const TAIL = /[.,;:!?…»”’)\]}]+$/u;

/** A new element with attributes and children; texts among the children stay texts. */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(name, value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value != null) made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

/** A text as nodes in which web addresses are links that give nothing of this page away. */
export function linked(text) {
  const nodes = [];
  let end = 0;
  for (const found of text.matchAll(LINK)) {
    const shown = withoutTail(found[0]);
    if (!isWebAddress(shown)) continue;
    nodes.push(text.slice(end, found.index), link(shown));
    end = found.index + shown.length;
  }
  nodes.push(text.slice(end));
  return nodes.filter((node) => node !== "");
}

function link(address) {
  return element("a", { href: address, rel: "noopener noreferrer", target: "_blank" }, address);
}

function withoutTail(address) {
  const cut = address.replace(TAIL, "");
  const closing = address[cut.length];
  return closing === ")" && cut.includes("(") ? `${cut})` : cut;
}

function isWebAddress(text) {
  try {
    return ["http:", "https:"].includes(new URL(text).protocol);
  } catch {
    return false;
  }
}

/** The one or two letters that stand for a name. */
export function initials(name) {
  const parts = name.trim().split(/[\s-]+/u).filter((part) => /^[\p{L}\p{N}]/u.test(part));
  return [parts[0], parts.length > 1 ? parts.at(-1) : ""].map((part) => [...(part ?? "")][0] ?? "").join("").toUpperCase();
}

/** <sv-avatar name="Anna Orlova">: a disc with initials, its tone made from the name. */
class Avatar extends HTMLElement {
  static observedAttributes = ["name"];

  attributeChangedCallback() {
    const name = this.getAttribute("name") ?? "";
    const sum = [...name].reduce((total, letter) => total + letter.codePointAt(0), 0);
    this.setAttribute("aria-hidden", "true");
    this.dataset.tone = String(sum % TONES);
    this.textContent = initials(name);
  }
}

/** <sv-language>: chooses the language of all pages. */
class LanguageChoice extends HTMLElement {
  connectedCallback() {
    if (this.childElementCount > 0) return;
    this.setAttribute("role", "group");
    this.setAttribute("aria-label", "Язык · Language");
    const buttons = Object.entries(LANGUAGES).map(([code, name]) =>
      element("button", { type: "button", lang: code, title: name, "aria-label": name, "data-code": code, click: () => chooseLanguage(code) }, code.toUpperCase()),
    );
    this.append(...buttons);
    onLanguage(() => buttons.forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.code === language()))));
  }
}

customElements.define("sv-avatar", Avatar);
customElements.define("sv-language", LanguageChoice);
