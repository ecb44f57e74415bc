// What pages of signed-in people are made of: the bar at the top, parts chosen by a list, tables, secrets, questions.

import { common } from "./common.js";
import { element } from "./elements.js";
import { bookingsOf, mayAdminister, signOut, whoIsIn } from "./session.js";
import { fill, onLanguage } from "./words.js";

/** <sv-top>: the brand, the pages that a person may open, the language, the way out. */
class Top extends HTMLElement {
  connectedCallback() {
    this.person ??= null;
    onLanguage(() => this.show());
  }

  set who(person) {
    this.person = person;
    this.show();
  }

  show() {
    this.language ??= element("sv-language");
    const brand = element("a", { class: "brand", href: "/" }, element("img", { src: "/assets/shared/icon.svg", alt: "", width: 32, height: 32 }), "Svyaz");
    const skip = element("a", { class: "skip", href: "#main", click: toMain }, common("skip"));
    this.replaceChildren(skip, element("header", { class: "top" }, brand, ...this.ways(), this.language));
  }

  ways() {
    if (this.person === null) return [];
    const pages = [
      ["/master", "bookings", bookingsOf(this.person) !== null],
      ["/admin", "administration", mayAdminister(this.person)],
      ["/account", "account", true],
    ];
    const current = (href) => (location.pathname === href ? "page" : null);
    const link = ([href, word]) => element("a", { href, "aria-current": current(href) }, common(word));
    const links = pages.filter(([, , isOpen]) => isOpen).map(link);
    const out = element("button", { class: "button plain", type: "button", click: signOutAtOnce }, common("sign_out"));
    return [element("nav", { "aria-label": common("pages") }, ...links), out];
  }
}

function toMain(event) {
  event.preventDefault();
  document.querySelector("main h1")?.focus();
}

async function signOutAtOnce({ currentTarget }) {
  currentTarget.disabled = true;
  await signOut().catch((error) => {
    currentTarget.disabled = false;
    currentTarget.textContent = error.message;
  });
}

/** The parts of a page, one shown at a time, named after # in the address; each is opened when it is first seen. */
export function parts(host, list, say) {
  const nav = element("nav", { class: "parts" });
  const panel = element("div", { class: "panel" });
  const show = async (isMoved) => {
    const chosen = list.find(({ id }) => id === location.hash.slice(1)) ?? list[0];
    nav.replaceChildren(...list.map(({ id, word }) => element("a", { href: `#${id}`, "aria-current": id === chosen.id ? "true" : null }, say(word))));
    nav.setAttribute("aria-label", common("parts"));
    const heading = element("h2", { tabindex: "-1" }, say(chosen.word));
    const body = element("div", { class: "part" });
    panel.replaceChildren(heading, body);
    if (isMoved) heading.focus();
    nav.querySelector("[aria-current]").scrollIntoView({ block: "nearest", inline: "center" });
    await loading(body, () => chosen.open(body), say);
  };
  window.addEventListener("hashchange", () => show(true));
  host.append(nav, panel);
  onLanguage(() => show(false));
}

/** Shows a page of whoever is signed in by `show(person)`; a failure is told, with a way to try again. */
export async function withPerson(show) {
  const main = document.getElementById("main");
  await loading(main, async () => {
    const person = await whoIsIn();
    document.querySelector("sv-top").who = person;
    main.replaceChildren();
    show(person, main);
  });
}

/** Puts what `open` gives, if anything, into a place, in words of `say`; a failure is told, with a way to try again. */
export async function loading(place, open, say) {
  place.setAttribute("aria-busy", "true");
  if (place.childElementCount === 0) place.append(element("p", { class: "muted" }, common("loading")));
  try {
    const found = await open();
    if (found !== undefined) place.replaceChildren(...[found].flat());
    if (say) fill(place, say);
  } catch (error) {
    if (error.status === undefined) console.error(error);
    const again = element("button", { class: "button plain", type: "button", click: () => loading(place, open, say) }, common("again"));
    place.replaceChildren(element("p", { class: "wrong", role: "alert" }, error.status === undefined ? common("broken") : error.message), again);
  }
  place.removeAttribute("aria-busy");
}

/** A table that becomes cards on a phone; a column is [its title, a function of the row that gives text or nodes]. */
export function table(caption, columns, rows) {
  const head = element("tr", {}, ...columns.map(([title]) => element("th", { scope: "col" }, title)));
  const lines = rows.map((row) => element("tr", {}, ...columns.map(([title, show]) => element("td", { "data-title": title }, ...[show(row) ?? ""].flat()))));
  return element("table", {}, element("caption", { class: "unseen" }, caption), element("thead", {}, head), element("tbody", {}, ...lines));
}

/** A list that comes page by page: `read(cursor)` gives a page, `show(items)` its nodes. */
export async function pages(read, show) {
  const place = element("div", { class: "pages" });
  const more = element("button", { class: "button plain", type: "button", click: () => next() }, common("more"));
  let cursor;
  const next = async () => {
    more.disabled = true;
    try {
      const found = await read(cursor);
      cursor = found.next_cursor;
      place.append(...[show(found.items)].flat());
    } finally {
      more.disabled = false;
    }
    more.hidden = !cursor;
  };
  await next();
  return [place, more];
}

/** A secret that is shown this once, to be copied or kept as a file. */
export function secret(text, fileName) {
  const note = element("sv-note");
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      note.tell("good", common("copied"));
    } catch {
      note.tell("bad", common("not_copied"));
    }
  };
  const copying = element("button", { class: "button", type: "button", click: copy }, common("copy"));
  const keeping = element("button", { class: "button plain", type: "button", click: () => save(new Blob([`${text}\n`], { type: "text/plain" }), fileName) }, common("download"));
  return element("div", { class: "secret" }, element("pre", { tabindex: "0" }, text), element("div", { class: "actions" }, copying, keeping), note);
}

/** Gives the person a file. */
export function save(blob, name) {
  const href = URL.createObjectURL(blob);
  element("a", { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), 1000);
}

/** Whether the person says yes to a question; the focus goes back to where it was. */
export function sure(question, yes) {
  return new Promise((done) => {
    const dialog = element("dialog", { class: "card", "aria-label": question }, element("p", {}, question));
    const choose = (value) => () => dialog.close(value);
    const no = element("button", { class: "button plain", type: "button", click: choose("") }, common("cancel"));
    const go = element("button", { class: "button danger", type: "button", click: choose("yes") }, yes);
    dialog.append(element("div", { class: "actions" }, go, no));
    dialog.addEventListener("close", () => {
      dialog.remove();
      done(dialog.returnValue === "yes");
    });
    document.body.append(dialog);
    dialog.showModal();
    no.focus();
  });
}

customElements.define("sv-top", Top);
