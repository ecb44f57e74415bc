// The log on the page: one element for each entry, kept and changed in place so that nothing is read out or drawn twice.

import { element, linked } from "/assets/shared/elements.js";
import { language } from "/assets/shared/words.js";
import { choices } from "./choices.js";

const NEAR_PX = 96;
const CLOCK = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };

/** Shows entries in a log; `onTap` gets a tapped button, `onAgain` the key of an entry to send again. */
export class Transcript {
  #log;
  #say;
  #handlers;
  #shown = new Map();
  #isPinned = true;
  #height = 0;
  #owesFocus = false;

  constructor(log, say, handlers) {
    this.#log = log;
    this.#say = say;
    this.#handlers = handlers;
    log.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    new ResizeObserver(() => this.#resized()).observe(log);
  }

  /** Brings the page to what the entries say. */
  show(entries) {
    if (this.#log.querySelector(".choice:focus-visible")) this.#owesFocus = true;
    const wanted = withDays(entries);
    this.#forget(new Set(wanted.map((entry) => entry.key)));
    let before = null;
    for (const entry of wanted) {
      const node = this.#node(entry);
      const place = before === null ? this.#log.firstChild : before.nextSibling;
      if (node !== place) this.#log.insertBefore(node, place);
      before = node;
    }
    if (this.#owesFocus) this.#payFocus();
    if (this.#isPinned) this.toNewest();
  }

  /** Writes everything anew, as after a change of language. */
  redraw(entries) {
    this.#shown.clear();
    this.#log.replaceChildren();
    this.show(entries);
  }

  /** Scrolls to the newest entry and stays there. */
  toNewest() {
    this.#isPinned = true;
    this.#log.scrollTop = this.#log.scrollHeight;
  }

  #resized() {
    this.#height = this.#log.clientHeight;
    if (this.#isPinned) this.toNewest();
  }

  #scrolled() {
    if (this.#log.clientHeight !== this.#height) return;
    const below = this.#log.scrollHeight - this.#log.clientHeight - this.#log.scrollTop;
    this.#isPinned = below < NEAR_PX;
    this.#handlers.onScroll(this.#isPinned);
  }

  #forget(keys) {
    for (const [key, held] of this.#shown) {
      if (keys.has(key)) continue;
      held.node.remove();
      this.#shown.delete(key);
    }
  }

  #node(entry) {
    const held = this.#shown.get(entry.key);
    const content = JSON.stringify([entry.text, entry.side]);
    if (held?.content === content) {
      this.#update(held.node, entry);
      return held.node;
    }
    const node = entry.side === "day" ? this.#day(entry) : this.#message(entry);
    held?.node.replaceWith(node);
    this.#shown.set(entry.key, { node, content });
    if (entry.side !== "day") this.#update(node, entry);
    return node;
  }

  #day(entry) {
    return element("p", { class: "chat-day muted" }, dayName(entry.at, this.#say));
  }

  #message(entry) {
    const who = entry.side === "own" ? [element("span", { class: "unseen" }, `${this.#say("you")} `)] : [];
    const moment = new Date(entry.at);
    const time = element("time", { datetime: entry.at }, moment.toLocaleTimeString(language(), CLOCK));
    const foot = element("span", { class: "bubble-foot" }, time, element("span", { class: "bubble-state" }));
    const bubble = element("div", { class: "bubble" }, ...who, element("span", { class: "bubble-text" }, ...linked(entry.text)), foot);
    return element("div", { class: `entry ${entry.side}` }, bubble);
  }

  #update(node, entry) {
    if (entry.side === "own") this.#updateOwn(node, entry);
    if (entry.side === "theirs") this.#updateChoices(node, entry);
  }

  #updateOwn(node, entry) {
    if (node.dataset.state === entry.state) return;
    node.dataset.state = entry.state;
    const label = { pending: "sending", sent: "sent", failed: "failed" }[entry.state];
    node.querySelector(".bubble-state").replaceChildren(element("span", { class: "unseen" }, this.#say(label)));
    node.querySelector(".entry-failure")?.remove();
    if (entry.state === "failed") node.append(this.#failure(entry));
  }

  #failure(entry) {
    const again = element("button", { type: "button", class: "chat-again", click: () => this.#handlers.onAgain(entry.key) }, this.#say("again"));
    return element("div", { class: "entry-failure" }, element("span", {}, `${this.#say("failed")} ${entry.detail}`), again);
  }

  #updateChoices(node, entry) {
    const wanted = JSON.stringify(entry.buttons);
    if (node.dataset.buttons !== wanted) {
      node.dataset.buttons = wanted;
      node.querySelector(".choices")?.remove();
      if (entry.buttons.length > 0) node.append(choices(entry.buttons, this.#say("choices"), this.#handlers.onTap));
    }
    for (const button of node.querySelectorAll(".choice")) button.disabled = !entry.isLive;
  }

  /** Who chose by keyboard goes on by keyboard: the next choices get the focus that the last ones lost. */
  #payFocus() {
    const next = this.#log.querySelector(".choice") ?? this.#log;
    if (next.disabled || next === document.activeElement) return;
    this.#owesFocus = false;
    if (document.activeElement === document.body) next.focus({ preventScroll: true });
  }
}

function withDays(entries) {
  let last = "";
  return entries.flatMap((entry) => {
    const day = new Date(entry.at).toDateString();
    if (day === last) return [entry];
    last = day;
    return [{ key: `day:${day}`, side: "day", at: entry.at, text: day }, entry];
  });
}

function dayName(at, say) {
  const day = new Date(at);
  const back = (days) => new Date(Date.now() - days * 86_400_000).toDateString();
  if (day.toDateString() === back(0)) return say("today");
  if (day.toDateString() === back(1)) return say("yesterday");
  return day.toLocaleDateString(language(), { day: "numeric", month: "long" });
}
