// What the page knows now, and how it tells of trouble.

import * as api from "./api.js";
import { word } from "./words.js";

export const state = { people: [], bots: [], person: null, bot: null, view: null, polling: null, linkPayload: null };

export const $ = (id) => document.getElementById(id);

export function element(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

export function toast(text) {
  const node = element("div", "toast", text);
  $("toasts").append(node);
  setTimeout(() => node.remove(), 4000);
}

export async function attempt(work) {
  try {
    return await work();
  } catch (error) {
    toast(word("failed") + error.message);
    return null;
  }
}

export async function act(name, body) {
  if (state.person) return attempt(() => api.act(state.person.id, state.bot.username, name, body));
  toast(word("nobody"));
  return null;
}

// What was chosen, kept for the next visit where the browser allows it.
export const memory = {
  get(name) {
    try { return localStorage.getItem(`telegram.${name}`); } catch { return null; }
  },
  set(name, value) {
    try { localStorage.setItem(`telegram.${name}`, value); } catch { /* kept for this visit only */ }
  },
};
