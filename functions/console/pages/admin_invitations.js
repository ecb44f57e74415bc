// Invitations: who is asked to come, and as what.

import { day } from "/assets/shared/common.js";
import { element } from "/assets/shared/elements.js";
import { action, field, form, tick, ticks } from "/assets/shared/forms.js";
import { loading, table } from "/assets/shared/parts.js";
import { api } from "/assets/shared/session.js";
import { Problem } from "/assets/shared/requests.js";
import { ROLE_NAMES, roleName } from "./roles.js";

const ROUTE = "/v1/accounts/invitations";

/** The part's content. */
export async function invitations(say) {
  const place = element("section", { class: "card box" });
  const note = element("sv-note");
  const again = () => loading(place, read, say);
  const read = async () => list((await api("GET", ROUTE)).items, say, note, again);
  const [teams] = await Promise.all([api("GET", "/v1/accounts/teams"), again()]);
  return [place, note, inviting(teams.items, say, again)];
}

function list(items, say, note, again) {
  if (items.length === 0) return element("p", { class: "muted", "data-words": "no_invitations" });
  const revoke = ({ id }) =>
    action("take_back", note, async () => {
      await api("DELETE", `${ROUTE}/${id}`);
      await again();
      return say("taken_back");
    });
  const columns = [
    [say("email"), (each) => each.email],
    [say("roles"), (each) => each.roles.map((role) => element("span", { class: "tag" }, roleName(role)))],
    [say("holds_until"), (each) => day(each.expires_at)],
    ["", revoke],
  ];
  return table(say("invitations"), columns, items);
}

function inviting(teams, say, again) {
  const invite = async ({ email, roles, teams: joined = [] }, made) => {
    if (roles.length === 0) throw new Problem(say("choose_role"), { status: 422 });
    await api("POST", ROUTE, { email, roles, teams: joined });
    made.reset();
    await again();
    return say("invited", { email });
  };
  const email = { type: "email", maxlength: 254, required: true, autocomplete: "off", autocapitalize: "none", spellcheck: "false" };
  const roles = ROLE_NAMES.map((role) => tick("roles", role, { text: roleName(role) }));
  const own = teams.map(({ id, name }) => tick("teams", id, { text: name }));
  const made = form("invite", invite, field("email", "email", email), ticks("roles", ...roles), ...(own.length ? [ticks("teams", ...own)] : []));
  made.classList.add("wide");
  return element("section", { class: "card box" }, element("h3", { "data-words": "invite_title" }), made);
}
