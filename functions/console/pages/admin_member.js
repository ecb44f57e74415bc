// One member: his roles and teams, his sessions, his leaving.

import { moment } from "/assets/shared/common.js";
import { element } from "/assets/shared/elements.js";
import { action, field, form, tick, ticks } from "/assets/shared/forms.js";
import { loading, sure, table } from "/assets/shared/parts.js";
import { api } from "/assets/shared/session.js";
import { fill } from "/assets/shared/words.js";
import { ROLE_NAMES, roleName } from "./roles.js";

const MASTER = "master";
const MASTER_ID = { maxlength: 44, pattern: "mst_[0-9a-z]{1,40}", autocomplete: "off", autocapitalize: "none", spellcheck: "false" };

/** What is shown of a member; `back` shows the list of all. */
export function member(one, teams, me, say, back) {
  const route = `/v1/accounts/members/${one.user_id}`;
  const note = element("sv-note");
  const sessions = element("div", { class: "part" });
  const found = element(
    "div",
    { class: "part" },
    element("div", {}, element("button", { class: "button plain", type: "button", "data-words": "back", click: () => back() })),
    element("h3", { tabindex: "-1" }, one.name),
    element("p", { class: "muted" }, [one.email, one.user_id, one.master_id].filter(Boolean).join(" · ")),
    changing(one, route, teams, say),
    element("h3", { "data-words": "sessions" }),
    sessions,
    note,
    element("div", { class: "actions" }, ending(route, note, sessions, say), leaving(one, route, note, me, say, back)),
  );
  fill(found, say);
  loading(sessions, () => list(route, say), say);
  return [found];
}

function changing(one, route, teams, say) {
  const roles = ROLE_NAMES.map((role) => tick("roles", role, { text: roleName(role), checked: one.roles.includes(role) }));
  const master = field("master_id", "master_id", { help: "master_help", value: one.master_id, ...MASTER_ID });
  const own = teams.map(({ id, name }) => tick("teams", id, { text: name, checked: one.teams.includes(id) }));
  const save = async ({ roles: chosen, teams: joined = [], master_id: id }) => {
    const tied = chosen.includes(MASTER) ? { master_id: id } : {};
    Object.assign(one, await api("PATCH", route, { roles: chosen, teams: joined, ...tied }));
    return say("member_saved");
  };
  const made = form("save", save, ticks("roles", ...roles), master, ...(own.length ? [ticks("teams", ...own)] : []));
  made.classList.add("wide");
  made.addEventListener("change", () => showMaster(made, master));
  showMaster(made, master);
  return made;
}

/** Shows whose bookings a member sees where he has the role for it. */
function showMaster(made, master) {
  const isMaster = made.querySelector(`input[name=roles][value=${MASTER}]`).checked;
  master.hidden = !isMaster;
  made.elements.master_id.disabled = !isMaster;
}

async function list(route, say) {
  const { items } = await api("GET", `${route}/sessions`);
  if (items.length === 0) return element("p", { class: "muted", "data-words": "no_sessions" });
  const columns = [
    [say("device"), (session) => session.device || "—"],
    [say("network"), (session) => session.network],
    [say("used"), (session) => moment(session.used_at)],
    [say("since"), (session) => moment(session.created_at)],
  ];
  return table(say("sessions"), columns, items);
}

function ending(route, note, place, say) {
  return action("end_sessions", note, async () => {
    if (!(await sure(say("end_sessions_sure"), say("end_sessions")))) return undefined;
    await api("DELETE", `${route}/sessions`);
    await loading(place, () => list(route, say), say);
    return say("sessions_ended");
  });
}

function leaving(one, route, note, me, say, back) {
  const remove = async () => {
    if (!(await sure(say("remove_member_sure", { name: one.name }), say("remove_member")))) return;
    await api("DELETE", route);
    await back();
  };
  const made = action("remove_member", note, remove, "danger");
  made.hidden = one.user_id === me.id;
  return made;
}
