// Inline buttons: taps, the bot's answers to them, and links.

import { safeLink } from "./render.js";
import { $, act, attempt, state, toast } from "./store.js";
import { word } from "./words.js";

const LONGEST_WAIT_MS = 10_000;
const waiting = new Map();
const seen = new Set();

export async function tap(button, message, node) {
  if (button.callback_data !== undefined) await tapCallback(button, message, node);
  else if (button.url) openAddress(button.url);
  else if (button.copy_text) await copy(button.copy_text.text);
  else toast(word("unsupported"));
}

async function tapCallback(button, message, node) {
  node.classList.add("busy");
  const answer = await act("tap", { message_id: message.message_id, data: button.callback_data });
  const open = (answer?.result ?? []).filter((id) => !seen.has(id));
  for (const id of open) waiting.set(id, node);
  setTimeout(() => node.classList.remove("busy"), open.length ? LONGEST_WAIT_MS : 0);
}

async function copy(text) {
  if (await attempt(() => navigator.clipboard.writeText(text).then(() => true))) toast(word("copied"));
}

// Answers that were there when the chat was opened are not shown again.
export function showAnswers(answers, isFirst) {
  for (const answer of answers.filter(({ callback_id: id }) => !seen.has(id))) {
    seen.add(answer.callback_id);
    waiting.get(answer.callback_id)?.classList.remove("busy");
    waiting.delete(answer.callback_id);
    if (!isFirst) showAnswer(answer);
  }
}

function showAnswer({ text, is_alert: isAlert, url }) {
  if (text && isAlert) showAlert(text);
  else if (text) toast(text);
  if (url) openAddress(url);
}

function showAlert(text) {
  $("alert-text").textContent = text;
  if (!$("alert").open) $("alert").showModal();
}

// The local bot and payload that a t.me link, or a link to this page, leads to.
export function ownLink(text) {
  const url = safeLink(text) && new URL(text);
  if (!url || !["t.me", "telegram.me", location.hostname].includes(url.hostname)) return null;
  const name = url.hostname === location.hostname ? url.searchParams.get("bot") : url.pathname.slice(1);
  const bot = state.bots.find(({ username }) => username.toLowerCase() === (name ?? "").toLowerCase());
  return bot ? { bot, payload: url.searchParams.get("start") ?? "" } : null;
}

export function openAddress(text) {
  const own = ownLink(text);
  if (own) document.dispatchEvent(new CustomEvent("open-link", { detail: own }));
  else if (safeLink(text)) window.open(safeLink(text), "_blank", "noopener,noreferrer");
}
