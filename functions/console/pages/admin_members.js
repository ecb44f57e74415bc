// The members: their roles, teams, sessions.

import { day } from "/assets/shared/common.js";
import { element } from "/assets/shared/elements.js";
import { pages, table } from "/assets/shared/parts.js";
import { api } from "/assets/shared/session.js";
import { roleName } from "./roles.js";

/** The part's content; `member` shows one of them. */
export async function members(me, say, member) {
  const teams = (await api("GET", "/v1/accounts/teams")).items;
  const place = element("section", { class: "card box" });
  const read = (cursor) => api("GET", `/v1/accounts/members?limit=50${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`);
  const all = async () => place.replaceChildren(...(await pages(read, (items) => list(items))));
  const list = (items) => table(say("members"), columns(say, teams, (one) => open(one)), items);
  const open = async (one) => {
    place.replaceChildren(...member(one, teams, me, say, all));
    place.querySelector("h3").focus();
  };
  await all();
  return place;
}

function columns(say, teams, open) {
  const names = new Map(teams.map(({ id, name }) => [id, name]));
  return [
    [say("person"), (one) => element("strong", {}, one.name)],
    [say("email"), (one) => one.email],
    [say("roles"), (one) => one.roles.map((role) => element("span", { class: "tag" }, roleName(role)))],
    [say("teams"), (one) => one.teams.map((id) => element("span", { class: "tag" }, names.get(id) ?? id))],
    [say("joined"), (one) => day(one.joined_at)],
    ["", (one) => element("button", { class: "button plain", type: "button", "aria-label": `${say("change")}: ${one.name}`, click: () => open(one) }, say("change"))],
  ];
}
