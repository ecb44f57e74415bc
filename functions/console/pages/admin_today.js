// What waits for an administrator: the next step, a few numbers, the nearest bookings.

import { placeMoment } from "/assets/shared/common.js";
import { element } from "/assets/shared/elements.js";
import { table } from "/assets/shared/parts.js";
import { api } from "/assets/shared/session.js";

const NEAREST = 10;

/** The part's content. */
export async function today(say) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const [bookings, members, invitations, notices] = await Promise.all([
    api("GET", `/v1/booking/bookings?limit=${NEAREST}&zone=${encodeURIComponent(zone)}`),
    api("GET", "/v1/accounts/members?limit=100"),
    api("GET", "/v1/accounts/invitations"),
    api("GET", "/v1/accounts/notices?limit=100"),
  ]);
  const facts = [
    ["bookings_ahead", bookings, "#people"],
    ["members", members, "#members"],
    ["invitations", invitations, "#invitations"],
    ["notices", notices, "#notices"],
  ].map(([word, found, href]) => fact(word, found, href));
  return [next(notices, members, bookings, say), element("ul", { class: "facts" }, ...facts), nearest(bookings, say)];
}

function next(notices, members, bookings, say) {
  const [first] = bookings.items;
  const [word, href] = nextStep(notices, members, first);
  const values = { number: count(notices), name: first?.client_name, at: first && placeMoment(first.start) };
  return element("p", { class: "next", id: "next" }, say(word, values), " ", element("a", { href, "data-words": "go" }));
}

function nextStep(notices, members, first) {
  if (notices.items.length > 0) return ["next_notices", "#notices"];
  if (members.items.length < 2) return ["next_members", "#invitations"];
  return first ? ["next_bookings", "/master"] : ["next_nothing", "#audit"];
}

function count(found) {
  return `${found.items.length}${found.next_cursor ? "+" : ""}`;
}

function fact(word, found, href) {
  return element("li", {}, element("a", { class: "card", href }, element("strong", {}, count(found)), element("span", { "data-words": word })));
}

function nearest({ items }, say) {
  if (items.length === 0) return element("p", { class: "muted", "data-words": "no_bookings" });
  const columns = [
    [say("when"), (each) => placeMoment(each.start)],
    [say("client"), (each) => each.client_name],
    [say("service"), (each) => each.service],
    [say("place"), (each) => each.place],
  ];
  return element("section", { class: "card box" }, element("h3", { "data-words": "bookings_ahead" }), table(say("bookings_ahead"), columns, items));
}
