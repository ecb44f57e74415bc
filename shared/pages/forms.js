// Forms: fields with labels and hints, one action at a time, its progress shown, its end told, its errors beside fields.

import { common } from "./common.js";
import { element } from "./elements.js";
import { language, onLanguage } from "./words.js";

const TICK_MS = 1000;
let number = 0;

/** A labelled field; `options` are the attributes of its control, and `tag`, `help`, `children`. */
export function field(name, word, { tag = "input", help = "", children = [], ...attributes } = {}) {
  const id = `field-${(number += 1)}`;
  const described = `${id}-wrong${help ? ` ${id}-help` : ""}`;
  const control = element(tag, { class: "field", id, name, "aria-describedby": described, ...attributes }, ...children);
  const hint = help ? [element("p", { class: "muted hint", id: `${id}-help`, "data-words": help })] : [];
  const wrong = element("p", { class: "wrong", id: `${id}-wrong`, hidden: true });
  const shown = attributes.type === "password" ? revealing(control) : control;
  return element("div", { class: "row" }, element("label", { for: id, "data-words": word }), ...hint, shown, wrong);
}

/** A box to tick; the label is a word, or a text of its own. */
export function tick(name, value, { word, text, ...attributes }) {
  const box = element("input", { type: "checkbox", name, value, ...attributes });
  return element("label", { class: "tick" }, box, element("span", word ? { "data-words": word } : {}, text ?? ""));
}

/** A group of boxes under one legend. */
export function ticks(word, ...boxes) {
  return element("fieldset", { class: "ticks" }, element("legend", { "data-words": word }), ...boxes);
}

/** A form whose submission does `act(values, form)`; the text that it returns is told as success. */
export function form(word, act, ...content) {
  const note = element("sv-note");
  const send = element("button", { class: "button", type: "submit", "data-words": word });
  const made = element("form", { class: "form", novalidate: true }, ...content, element("div", {}, note, element("div", { class: "actions" }, send)));
  made.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (made.hasAttribute("aria-busy") || send.disabled || !isRight(made)) return;
    await during(made, send, note, () => act(valuesOf(made), made));
  });
  made.addEventListener("input", ({ target }) => mark(target, ""));
  return made;
}

/** A button that does something at once; its progress and its end are told in `note`. */
export function action(word, note, act, look = "plain") {
  const made = element("button", { class: `button ${look}`, type: "button", "data-words": word });
  made.addEventListener("click", () => during(made, made, note, act));
  return made;
}

/** The values of a form by name: texts trimmed except passwords, ticked boxes as lists. */
export function valuesOf(made) {
  const values = {};
  for (const control of made.elements) {
    if (!control.name) continue;
    if (control.type === "checkbox") values[control.name] = [...(values[control.name] ?? []), ...(control.checked ? [control.value] : [])];
    else values[control.name] = control.type === "password" || control.dataset.secret ? control.value : control.value.trim();
  }
  return values;
}

/** Does something while its form or button is busy, and tells how it ended. */
async function during(busy, button, note, act) {
  note.clear();
  busy.setAttribute("aria-busy", "true");
  button.setAttribute("aria-disabled", "true");
  try {
    const told = await act();
    if (typeof told === "string") note.tell("good", told);
  } catch (error) {
    blame(busy, button, note, error);
  } finally {
    busy.removeAttribute("aria-busy");
    button.removeAttribute("aria-disabled");
  }
}

function blame(busy, button, note, error) {
  if (error.status === undefined) console.error(error);
  const controls = busy.elements ? [...busy.elements] : [];
  const wrong = (error.errors ?? []).map(({ field: name }) => controls.find((control) => control.name === name?.split(".")[0])).filter(Boolean);
  wrong.forEach((control) => mark(control, common("wrong")));
  wrong[0]?.focus();
  const text = error.status === undefined ? common("broken") : error.message;
  if (error.status === 429 && error.retryAfterS) note.countDown(text, error.retryAfterS, button);
  else note.tell("bad", text);
}

function isRight(made) {
  const wrong = [...made.elements].filter((control) => control.willValidate && !control.validity.valid);
  wrong.forEach((control) => mark(control, mistake(control)));
  wrong[0]?.focus();
  return wrong.length === 0;
}

function mistake(control) {
  if (control.validity.valueMissing) return common("missing");
  if (control.validity.tooShort) return common("short", { number: control.minLength });
  return common(control.type === "email" ? "wrong_email" : "wrong");
}

function mark(control, text) {
  const place = document.getElementById(`${control.id}-wrong`);
  if (!place) return;
  place.textContent = text;
  place.hidden = text === "";
  if (text) control.setAttribute("aria-invalid", "true");
  else control.removeAttribute("aria-invalid");
}

function revealing(control) {
  const button = element("button", { class: "reveal", type: "button", "aria-controls": control.id, "aria-pressed": "false" });
  const show = () => {
    button.textContent = common(control.type === "password" ? "show" : "hide");
    button.setAttribute("aria-pressed", String(control.type !== "password"));
  };
  button.addEventListener("click", () => {
    control.type = control.type === "password" ? "text" : "password";
    show();
  });
  control.dataset.secret = "true";
  onLanguage(show);
  return element("div", { class: "revealing" }, control, button);
}

/** <sv-note>: how something ended, read out by screen readers; empty it takes no room. */
class Note extends HTMLElement {
  connectedCallback() {
    this.setAttribute("role", "status");
  }

  clear() {
    clearInterval(this.ticking);
    this.removeAttribute("data-tone");
    this.replaceChildren();
  }

  tell(tone, ...content) {
    this.clear();
    this.dataset.tone = tone;
    this.append(...content);
  }

  countDown(text, seconds, button) {
    const endsAt = Date.now() + seconds * 1000;
    const left = element("span", { "aria-hidden": "true" });
    const show = () => {
      const rest = Math.max(0, Math.ceil((endsAt - Date.now()) / 1000));
      left.textContent = ` ${common("wait", { time: clock(rest) })}`;
      button.disabled = rest > 0;
      if (rest === 0) this.tell("good", common("wait_over"));
    };
    this.tell("bad", text, left, element("span", { class: "unseen" }, common("wait", { time: clock(seconds) })));
    show();
    this.ticking = setInterval(show, TICK_MS);
  }
}

function clock(seconds) {
  return new Intl.DateTimeFormat(language(), { minute: "2-digit", second: "2-digit", timeZone: "UTC" }).format(seconds * 1000);
}

customElements.define("sv-note", Note);
