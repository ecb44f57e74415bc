// Draws the chat; messages are changed in place.

import { dayOf, messageNode } from "./render.js";
import { $, act, element, state } from "./store.js";
import { showAnswers, tap } from "./taps.js";
import { word } from "./words.js";

export const DEMO_PLACE = { latitude: 59.9386, longitude: 30.3141 };
const NEAR_PX = 80;
const shown = new Map();
let typingTimer;

export function draw(view, isFirst) {
  state.view = view;
  drawStatus(view.typing_for_s);
  drawFooter();
  drawMessages(view.messages);
  showAnswers(view.answers, isFirst);
}

export function clear() {
  state.view = null;
  shown.clear();
  $("log").replaceChildren();
}

export function isAtEnd() {
  const box = $("scroll");
  return box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_PX;
}

export function toEnd() {
  $("scroll").scrollTop = $("scroll").scrollHeight;
  $("to-end").hidden = true;
}

export function drawFooter() {
  const { is_started: isStarted, is_blocked: isBlocked, reply_keyboard: keyboard, commands } = state.view;
  const isOpen = isStarted && !isBlocked && state.linkPayload === null;
  $("welcome").hidden = isStarted;
  $("composer").hidden = !isOpen;
  $("wide").hidden = isOpen;
  $("wide").textContent = word(isBlocked ? "restart" : "start");
  $("toggle-block").hidden = !isStarted;
  $("toggle-block").textContent = word(isBlocked ? "unblock" : "block");
  drawReplyKeyboard(isOpen ? keyboard : null);
  drawCommands(commands);
}

function drawCommands(commands) {
  $("commands-button").hidden = commands.length === 0;
  const buttons = commands.map(({ command, description }) => {
    const button = element("button", "", `/${command}`);
    button.type = "button";
    button.append(element("small", "", description));
    button.addEventListener("click", () => act("text", { text: `/${command}` }));
    return button;
  });
  $("commands").replaceChildren(...buttons);
}

function drawStatus(typingForS) {
  clearTimeout(typingTimer);
  $("status").textContent = word(typingForS > 0 ? "typing" : "asBot");
  $("status").classList.toggle("typing", typingForS > 0);
  if (typingForS > 0) typingTimer = setTimeout(() => drawStatus(0), typingForS * 1000);
}

function drawMessages(messages) {
  const isFollowing = isAtEnd() || shown.size === 0;
  const ids = new Set(messages.map((message) => message.message_id));
  for (const [id, { node }] of shown) {
    if (!ids.has(id)) {
      node.remove();
      shown.delete(id);
    }
  }
  for (const message of messages) drawMessage(message);
  drawDays(messages);
  if (isFollowing) toEnd();
  else $("to-end").hidden = isAtEnd();
}

function drawMessage(message) {
  const source = JSON.stringify(message);
  const old = shown.get(message.message_id);
  if (old?.source === source) return;
  const node = messageNode(message, tap);
  if (old) old.node.replaceWith(node);
  else $("log").append(node);
  shown.set(message.message_id, { node, source });
}

function drawDays(messages) {
  for (const node of $("log").querySelectorAll(".day")) node.remove();
  let day = null;
  for (const message of messages) {
    if (dayOf(message) === day) continue;
    day = dayOf(message);
    shown.get(message.message_id).node.before(element("li", "day", day));
  }
}

function drawReplyKeyboard(markup) {
  $("reply-keyboard").hidden = !markup;
  const rows = (markup?.keyboard ?? []).map((buttons) => {
    const row = element("div", "row");
    row.append(...buttons.map(replyButton));
    return row;
  });
  $("reply-keyboard").replaceChildren(...rows);
}

function replyButton(button) {
  const node = element("button", "key", button.text);
  node.type = "button";
  node.addEventListener("click", () => {
    if (button.request_contact) act("contact");
    else if (button.request_location) act("location", DEMO_PLACE);
    else act("text", { text: button.text });
  });
  return node;
}
