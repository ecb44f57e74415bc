// The start page: whether everything works, the demo chats, and on one's own machine the tools behind them.

import { element } from "/assets/shared/elements.js";
import { fill, language, onLanguage, wordsOf } from "/assets/shared/words.js";
import { WORDS } from "./home_words.js";
import { roleName } from "./roles.js";

const LOCAL_START = "/_local/start.json";
const LOCAL_ENTER = "/_local/enter";
const WITH_WORK = ["administrator", "master", "support"];
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
  showPeople();
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

function showPeople() {
  const people = entries.filter((entry) => entry.group === "people");
  const cards = (some) => some.map((person) => element("li", {}, personCard(person)));
  $("people").replaceChildren(...cards(people.filter(({ role }) => WITH_WORK.includes(role))));
  $("others").replaceChildren(...cards(people.filter(({ role }) => !WITH_WORK.includes(role))));
  $("people-section").hidden = people.length === 0;
}

function personCard(person) {
  const title = inLanguage(person.title);
  const heading = element("strong", {}, say("enter_as", { role: roleName(person.role) }));
  const words = element("span", { class: "link-words" }, heading, element("span", { class: "muted" }, title));
  const click = ({ currentTarget }) => enter(person, currentTarget);
  return element("button", { type: "button", class: "card link with-face", click }, element("sv-avatar", { name: title }), words);
}

/** Signs in as somebody of the demo, which only the product on one's own machine does. */
async function enter(person, button) {
  button.disabled = true;
  $("entering").textContent = say("entering");
  try {
    const headers = { "Content-Type": "application/json" };
    const response = await fetch(LOCAL_ENTER, { method: "POST", headers, body: JSON.stringify({ email: person.email }) });
    const { page, error } = await response.json();
    if (!response.ok) throw new Error(error);
    location.assign(page);
  } catch (error) {
    $("entering").textContent = say("not_entered", { reason: error.message });
    button.disabled = false;
  }
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
