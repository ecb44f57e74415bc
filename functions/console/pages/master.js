// The bookings ahead: a master's own, or all of the organisation for those who answer its clients.

import { placeMoment } from "/assets/shared/common.js";
import { element } from "/assets/shared/elements.js";
import { loading, pages, withPerson } from "/assets/shared/parts.js";
import { api, bookingsOf, homeOf } from "/assets/shared/session.js";
import { fill, onLanguage, wordsOf } from "/assets/shared/words.js";
import { WORDS } from "./master_words.js";

const say = wordsOf(WORDS);
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

const dayOf = ({ start }) => placeMoment(start, { weekday: "long", day: "numeric", month: "long" });
const timeOf = (text) => placeMoment(text, { hour: "2-digit", minute: "2-digit" });

function visit(booking) {
  const time = element("strong", { class: "time" }, `${timeOf(booking.start)}–${timeOf(booking.end)}`);
  const facts = element("p", { class: "muted" }, [booking.service, booking.place].join(" · "));
  const comment = booking.comment ? [element("p", {}, booking.comment)] : [];
  return element("li", { class: "card box visit" }, time, element("div", {}, element("h3", {}, booking.client_name), facts, ...comment));
}

function days(items, shown) {
  const found = [];
  for (const booking of items) {
    const day = dayOf(booking);
    if (day !== shown.day) {
      shown.list = element("ul", { class: "visits" });
      found.push(element("h2", {}, day), shown.list);
    }
    shown.day = day;
    shown.list.append(visit(booking));
  }
  return found;
}

function next(first) {
  if (first === undefined) return say("next_none");
  return say("next_visit", { name: first.client_name, service: first.service, day: dayOf(first), time: timeOf(first.start) });
}

async function agenda(route) {
  const shown = { day: null, list: null };
  const step = element("p", { class: "next", id: "next" });
  let first;
  const read = async (cursor) => {
    const found = await api("GET", `${route}?limit=50&zone=${encodeURIComponent(zone)}${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`);
    first ??= found.items.find(({ end }) => new Date(end) > new Date());
    return found;
  };
  const list = await pages(read, (items) => days(items, shown));
  step.textContent = next(first);
  return [step, ...(shown.day === null ? [element("p", { class: "muted", "data-words": "empty" })] : list)];
}

await withPerson((me, main) => {
  const route = bookingsOf(me);
  if (route === null) {
    location.replace(homeOf(me));
    return;
  }
  const place = element("div", { class: "part" });
  main.append(element("h1", { tabindex: "-1", "data-words": route.endsWith("own-bookings") ? "title_own" : "title" }), place);
  onLanguage(() => {
    fill(main, say);
    document.title = `${say("title")} · Svyaz`;
    loading(place, () => agenda(route), say);
  });
});
