// The language of a page and its words. A page's words are {key: {en, ru}}; another language is one more entry in each.

import { keep, kept } from "./kept.js";

export const LANGUAGES = { ru: "Русский", en: "English" };
const NAME = "svyaz.language";
const CHANGED = "svyaz:language";
const isSpoken = (code) => Object.hasOwn(LANGUAGES, code ?? "");

/** The code of the language that the person chose, or the first of his browser's that we speak. */
export function language() {
  const chosen = kept(NAME);
  if (isSpoken(chosen)) return chosen;
  const preferred = navigator.languages.map((tag) => tag.toLowerCase().split("-")[0]);
  return preferred.find(isSpoken) ?? "en";
}

/** Chooses a language for all pages and tells this one. */
export function chooseLanguage(code) {
  keep(NAME, code);
  document.dispatchEvent(new CustomEvent(CHANGED));
}

/** Calls back now and whenever the language changes. */
export function onLanguage(callback) {
  const tell = () => {
    document.documentElement.lang = language();
    callback();
  };
  document.addEventListener(CHANGED, tell);
  tell();
}

/** A function that gives the text of a key in the present language, with {names} filled in. */
export function wordsOf(words) {
  return (key, values = {}) => {
    const text = words[key][language()] ?? words[key].en;
    return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  };
}

/** Puts words into all elements that name them in data-words, data-words-label or data-words-placeholder. */
export function fill(root, say) {
  for (const each of root.querySelectorAll("[data-words]")) each.textContent = say(each.dataset.words);
  for (const each of root.querySelectorAll("[data-words-label]")) each.setAttribute("aria-label", say(each.dataset.wordsLabel));
  for (const each of root.querySelectorAll("[data-words-placeholder]")) each.placeholder = say(each.dataset.wordsPlaceholder);
}
