// What the pages before the login share: one card with a heading, filled in the present language.

import { element } from "/assets/shared/elements.js";
import { fill, onLanguage } from "/assets/shared/words.js";

/** Shows a step: a heading with what belongs under it. The first step leaves the focus where it is. */
export function step(say, title, ...content) {
  const main = document.getElementById("main");
  const heading = element("h1", { tabindex: "-1", "data-words": title });
  const isFirst = main.childElementCount === 0;
  main.replaceChildren(element("section", { class: "card entry" }, heading, ...content));
  speak(say, title);
  if (!isFirst) heading.focus();
}

/** A paragraph of words. */
export function words(key, look = "muted") {
  return element("p", { class: look, "data-words": key });
}

/** A link of words. */
export function way(href, key, look = "") {
  return element("a", { href, class: look, "data-words": key });
}

/** Has the page spoken in the present language from now on. */
export function speaking(say) {
  onLanguage(() => speak(say, document.querySelector("main h1")?.dataset.words));
}

function speak(say, title) {
  fill(document, say);
  if (title) document.title = `${say(title)} · Svyaz`;
}
