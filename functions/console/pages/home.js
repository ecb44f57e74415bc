// The start page: whether everything works, the demo chats, and on one's own machine the tools behind them.

import { element } from "/assets/shared/elements.js";
import { fill, language, onLanguage, wordsOf } from "/assets/shared/words.js";
import { WORDS } from "./home_words.js";

const LOCAL_START = "/_local/start.json";
const $ = (id) => document.getElementById(id);
const say = wordsOf(WORDS);
let health = null;
let entries = [];

/** What an address answers as JSON; null where it answers with an error or not at all. */
async function read(address) {
  try {
    const response = await fetch(address, { credentials: "omit" });
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}

function show() {
  fill(document, say);
  showHealth();
  showEntries("chats", $("chats"), $("chats"));
  showEntries("tools", $("tools"), $("tools-section"));
}

function showHealth() {
  if (health === null) return;
  const word = { ok: "working", local: "working_local", none: "broken" }[health];
  $("health").hidden = false;
  $("health").dataset.state = health;
  $("health").textContent = say(word);
}

function showEntries(group, list, section) {
  const shown = entries.filter((entry) => entry.group === group && isOwn(entry.url));
  list.replaceChildren(...shown.map((entry) => element("li", {}, card(entry))));
  section.hidden = shown.length === 0;
}

function card(entry) {
  const title = inLanguage(entry.title);
  const words = element("span", { class: "link-words" }, element("strong", {}, title), element("span", { class: "muted" }, inLanguage(entry.detail)));
  const face = entry.group === "chats" ? [element("sv-avatar", { name: title })] : [];
  return element("a", { class: "card link with-face", href: entry.url }, ...face, words);
}

function inLanguage(texts) {
  return texts?.[language()] ?? texts?.en ?? "";
}

function isOwn(address) {
  return new URL(address, location.href).origin === location.origin;
}

$("open").addEventListener("submit", (event) => {
  event.preventDefault();
  location.assign(`/chat/${encodeURIComponent($("code").value)}`);
});
onLanguage(show);
const answer = await read("/health");
health = answer === null ? "none" : answer.stage === "local" ? "local" : "ok";
if (health === "local") entries = (await read(LOCAL_START))?.entries ?? [];
show();
