// Notices of what is suspicious.

import { moment } from "/assets/shared/common.js";
import { element } from "/assets/shared/elements.js";
import { pages } from "/assets/shared/parts.js";
import { api } from "/assets/shared/session.js";
import { named } from "./ids.js";

/** The part's content. */
export async function notices(say) {
  const members = await api("GET", "/v1/accounts/members?limit=100");
  const names = new Map(members.items.map(({ user_id: id, name }) => [id, name]));
  const read = (cursor) => api("GET", `/v1/accounts/notices?limit=20${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`);
  const found = await pages(read, (items) => items.map((each) => notice(each, names)));
  const isEmpty = found[0].childElementCount === 0;
  return [element("p", { class: "muted", "data-words": "notices_lead" }), ...(isEmpty ? [element("p", {}, say("no_notices"))] : found)];
}

function notice({ at, text }, names) {
  return element("article", { class: "card box" }, element("p", {}, ...named(text, names)), element("p", { class: "muted" }, moment(at)));
}
