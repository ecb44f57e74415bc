// Messages as DOM nodes. Texts only ever go through textContent.

import { element } from "./store.js";
import { language, word } from "./words.js";

const TAGS = {
  bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code", pre: "pre", blockquote: "blockquote",
};
const LINK = /https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]»]/g;
const SVG = "http://www.w3.org/2000/svg";
const ICONS = {
  voice: "M7 4.5v15l12-7.5z",
  location: "M12 2a7 7 0 0 0-7 7c0 5 7 13 7 13s7-8 7-13a7 7 0 0 0-7-7zm0 9.5A2.5 2.5 0 1 1 12 6.5a2.5 2.5 0 0 1 0 5z",
  contact: "M12 12a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zm0 2c-4.5 0-9 2.2-9 5.5V21h18v-1.5c0-3.300-4.5-5.5-9-5.5z",
  photo: "M21 5H3v14h18zM5 17l4-5 3 3.5 4-5.5 3 7z",
};
const clock = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit" });
const calendar = new Intl.DateTimeFormat(language, { day: "numeric", month: "long" });

export function dayOf(message) {
  const date = new Date(message.date * 1000);
  return date.toDateString() === new Date().toDateString() ? word("today") : calendar.format(date);
}

// Only these schemes become links; anything else stays text.
export function safeLink(address) {
  try {
    const url = new URL(address);
    return ["http:", "https:", "tg:", "mailto:"].includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

function anchor(address) {
  const href = safeLink(address);
  const node = element(href ? "a" : "span");
  if (href) Object.assign(node, { href, target: "_blank", rel: "noopener noreferrer" });
  return node;
}

function plain(parent, text) {
  let end = 0;
  for (const match of text.matchAll(LINK)) {
    parent.append(text.slice(end, match.index));
    const link = anchor(match[0]);
    link.textContent = match[0];
    parent.append(link);
    end = match.index + match[0].length;
  }
  parent.append(text.slice(end));
}

function wrapper(entity) {
  if (entity.type === "text_link") return anchor(entity.url);
  if (entity.type === "spoiler") {
    const node = element("button", "spoiler");
    node.type = "button";
    return node;
  }
  if (entity.type === "bot_command") return element("span", "command");
  return element(TAGS[entity.type] || "span");
}

// Offsets are UTF-16 units, as JavaScript strings count; entities may nest.
function rich(parent, text, entities, start, end) {
  let position = start;
  while (entities.length && entities[0].offset < end) {
    const entity = entities.shift();
    const first = Math.max(entity.offset, position);
    const last = Math.min(entity.offset + entity.length, end);
    if (last <= first) continue;
    plain(parent, text.slice(position, first));
    const node = wrapper(entity);
    rich(node, text, entities, first, last);
    parent.append(node);
    position = last;
  }
  plain(parent, text.slice(position, end));
}

function richText(text, entities = []) {
  const node = element("div", "text");
  const sorted = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  rich(node, text, sorted, 0, text.length);
  return node;
}

function icon(path) {
  const picture = document.createElementNS(SVG, "svg");
  picture.setAttribute("viewBox", "0 0 24 24");
  picture.setAttribute("aria-hidden", "true");
  picture.append(document.createElementNS(SVG, "path"));
  picture.firstChild.setAttribute("d", path);
  return picture;
}

function card(path, title, detail) {
  const node = element("div", "card");
  const circle = element("span", "card-icon");
  circle.append(icon(path));
  node.append(circle);
  const words = element("div");
  words.append(element("strong", "", title), element("small", "", detail));
  node.append(words);
  return node;
}

function content(message) {
  if (message.text) return richText(message.text, message.entities);
  if (message.sticker) return element("div", "sticker", message.sticker.emoji);
  if (message.voice) return card(ICONS.voice, word("voiceMessage"), `0:${String(message.voice.duration).padStart(2, "0")}`);
  if (message.location) {
    const { latitude, longitude } = message.location;
    return card(ICONS.location, word("location"), `${latitude.toFixed(4)}, ${longitude.toFixed(4)}`);
  }
  if (message.contact) return card(ICONS.contact, message.contact.first_name || word("otherName"), message.contact.phone_number);
  const node = element("div", "photo");
  const picture = element("div", "photo-picture");
  picture.append(icon(ICONS.photo));
  node.append(picture);
  if (message.caption) node.append(richText(message.caption, message.caption_entities));
  return node;
}

function buttonOf(button, message, onTap) {
  const node = element("button", "key", button.text);
  node.type = "button";
  if (button.url) node.append(element("span", "corner", "↗"));
  node.addEventListener("click", () => onTap(button, message, node));
  return node;
}

function keyboardOf(message, onTap) {
  const node = element("div", "keyboard");
  for (const row of message.reply_markup?.inline_keyboard ?? []) {
    const line = element("div", "row");
    line.append(...row.map((button) => buttonOf(button, message, onTap)));
    node.append(line);
  }
  return node;
}

export function messageNode(message, onTap) {
  const node = element("li", message.from.is_bot ? "message in" : "message out");
  const bubble = element("div", message.sticker ? "bubble bare" : "bubble");
  const when = element("time", "when", (message.edit_date ? `${word("edited")} ` : "") + clock.format(message.date * 1000));
  when.dateTime = new Date(message.date * 1000).toISOString();
  bubble.append(content(message), when);
  node.append(bubble);
  if (message.reply_markup?.inline_keyboard) node.append(keyboardOf(message, onTap));
  return node;
}
