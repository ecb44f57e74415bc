// The chat of one demo person with one bot: choosing, polling, acting.

import * as api from "./api.js";
import { $, act, attempt, element, memory, state, toast } from "./store.js";
import { openAddress, ownLink } from "./taps.js";
import { DEMO_PLACE, clear, draw, drawFooter, isAtEnd, toEnd } from "./view.js";
import { translate, word } from "./words.js";

const RETRY_MS = 1500;
const STICKERS = ["👍", "❤️", "😂", "🎉", "🙏", "😢"];
const PAYLOAD = /^[A-Za-z0-9_-]{0,64}$/;
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const ATTACHMENTS = {
  voice: () => act("voice", { duration_s: 3 }),
  photo: () => act("photo"),
  location: () => act("location", DEMO_PLACE),
  "own-contact": () => act("contact"),
  "other-contact": () => act("contact", { phone_number: "447700900123", first_name: word("otherName") }),
};

const MENU = {
  "new-person": () => $("person-dialog").showModal(),
  "open-link": () => $("link-dialog").showModal(),
  "toggle-block": () => act(state.view?.is_blocked ? "unblock" : "block"),
  redeliver: async () => {
    const answer = state.bot && await attempt(() => api.redeliver(state.bot.username));
    if (answer) toast(word("redelivered") + answer.update_id);
  },
  "close-dialog": (button) => button.closest("dialog").close(),
};

async function poll(person, bot, signal) {
  let revision = null;
  while (!signal.aborted) {
    try {
      const view = await api.view(person.id, bot.username, revision, signal);
      draw(view, revision === null);
      revision = view.revision;
    } catch {
      if (signal.aborted) return;
      $("status").textContent = word("offline");
      await pause(RETRY_MS);
      revision = null;
    }
  }
}

function choose(person, bot) {
  state.polling?.abort();
  Object.assign(state, { person, bot, polling: new AbortController() });
  clear();
  memory.set("person", person.id);
  memory.set("bot", bot.username);
  $("bot-name").textContent = bot.name;
  $("bot-avatar").textContent = [...bot.name][0] ?? "?";
  $("person-choice").value = String(person.id);
  $("bot-choice").value = bot.username;
  document.title = `${bot.name} · Telegram (local)`;
  poll(person, bot, state.polling.signal);
}

function option(value, text) {
  const node = element("option", "", text);
  node.value = value;
  return node;
}

function fillChoices() {
  const name = (person) => [person.first_name, person.last_name].filter(Boolean).join(" ");
  $("person-choice").replaceChildren(...state.people.map((person) => option(String(person.id), name(person))));
  $("bot-choice").replaceChildren(...state.bots.map((bot) => option(bot.username, bot.name)));
  $("bot-choice").hidden = state.bots.length < 2;
  $("person-choice").hidden = state.people.length === 0;
}

async function load(personId, botName) {
  let listing = await attempt(api.listing);
  while (!listing) {
    await pause(RETRY_MS);
    listing = await attempt(api.listing);
  }
  Object.assign(state, listing);
  fillChoices();
  const bot = state.bots.find(({ username }) => username === botName) ?? state.bots[0];
  const person = state.people.find(({ id }) => String(id) === String(personId)) ?? state.people[0];
  if (person && bot) choose(person, bot);
  else if (bot) $("person-dialog").showModal();
}

async function createPerson() {
  const fields = { first_name: $("first-name").value.trim(), language_code: $("language").value };
  const person = await attempt(() => api.createPerson(fields));
  if (person) await load(person.id, state.bot?.username);
}

function openLink({ payload, bot }) {
  if (!PAYLOAD.test(payload)) {
    toast(word("failed") + payload);
    return;
  }
  state.linkPayload = payload;
  $("payload").value = payload;
  if (bot && bot !== state.bot && state.person) choose(state.person, bot);
  else if (state.view) drawFooter();
}

async function pressWide() {
  const payload = state.view.is_started ? state.linkPayload ?? "" : $("payload").value.trim();
  if (!await act("start", { payload })) return;
  state.linkPayload = null;
  history.replaceState(null, "", location.pathname);
  drawFooter();
}

async function sendText() {
  const text = $("text").value;
  if (!text.trim()) return;
  $("text").value = "";
  fitText();
  if (!await act("text", { text })) $("text").value = text;
}

function fitText() {
  $("text").rows = Math.min(6, $("text").value.split("\n").length);
}

function onDialogClose(event) {
  const { id, returnValue } = event.target;
  event.target.returnValue = "";
  if (id === "person-dialog" && returnValue === "create") createPerson();
  if (id === "link-dialog" && returnValue === "open") {
    const text = $("link-payload").value.trim();
    openLink(ownLink(text) ?? { payload: text });
  }
}

function onClick(event) {
  const link = event.target.closest("a");
  if (link && ownLink(link.href)) {
    event.preventDefault();
    openAddress(link.href);
  }
  const button = event.target.closest("button");
  if (!button) return;
  button.closest("[popover]")?.hidePopover();
  MENU[button.dataset.act]?.(button);
  ATTACHMENTS[button.dataset.attach]?.();
  if (button.classList.contains("spoiler")) button.classList.add("open");
}

function onKey(event) {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  sendText();
}

function onSubmit(event) {
  event.preventDefault();
  sendText();
}

for (const emoji of STICKERS) {
  const button = element("button", "", emoji);
  button.type = "button";
  button.addEventListener("click", () => act("sticker", { emoji }));
  $("stickers").append(button);
}
translate(document);
document.addEventListener("click", onClick);
document.addEventListener("open-link", (event) => openLink(event.detail));
for (const id of ["person-dialog", "link-dialog"]) $(id).addEventListener("close", onDialogClose);
$("composer").addEventListener("submit", onSubmit);
$("text").addEventListener("input", fitText);
$("text").addEventListener("keydown", onKey);
$("wide").addEventListener("click", pressWide);
$("to-end").addEventListener("click", toEnd);
$("scroll").addEventListener("scroll", () => { if (isAtEnd()) $("to-end").hidden = true; });
$("person-choice").addEventListener("change", () => load($("person-choice").value, state.bot?.username));
$("bot-choice").addEventListener("change", () => load(state.person?.id, $("bot-choice").value));

const address = new URLSearchParams(location.search);
if (address.has("start")) openLink({ payload: address.get("start") });
load(address.get("person") ?? memory.get("person"), address.get("bot") ?? memory.get("bot"));
