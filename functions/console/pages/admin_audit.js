// The audit log: searched by person, thing, action, result and time; as a file too.

import { moment } from "/assets/shared/common.js";
import { element } from "/assets/shared/elements.js";
import { action, field, form, valuesOf } from "/assets/shared/forms.js";
import { pages, save, table } from "/assets/shared/parts.js";
import { api, file } from "/assets/shared/session.js";
import { ACTIONS_BY_SYSTEM, RESULT_NAMES, actionName, actorName, resultName, systemName, wayName } from "./audit_words.js";
import { idLine, rawLine } from "./ids.js";

const ROUTE = "/v1/accounts/audit";
const NOTHING = "-";
const PLAIN = { maxlength: 120, autocomplete: "off", autocapitalize: "none", spellcheck: "false" };

/** The part's content. */
export async function audit(say) {
  const members = await api("GET", "/v1/accounts/members?limit=100");
  const names = new Map(members.items.map(({ user_id: id, name }) => [id, name]));
  const place = element("section", { class: "card box" });
  const show = async (values) => {
    const read = (cursor) => api("GET", `${ROUTE}?${search({ ...values, limit: "50", cursor })}`);
    const found = await pages(read, (items) => (items.length ? table(say("audit"), columns(say, names), items) : element("p", { class: "muted" }, say("no_entries"))));
    place.replaceChildren(...found);
  };
  const asked = filters(names, say, (values) => show(values));
  const asFile = async () => save(await file(`${ROUTE}/file?${search(valuesOf(asked))}`), "audit.csv");
  asked.querySelector(".actions").append(action("as_file", asked.querySelector("sv-note"), asFile));
  await show({});
  return [asked, place];
}

function filters(names, say, show) {
  const made = form(
    "search",
    show,
    field("actor", "actor", { tag: "select", children: [any("anybody"), ...[...names].map(([id, name]) => option(id, name))] }),
    field("thing", "thing", PLAIN),
    field("action", "action", { tag: "select", children: [any("any_action"), ...ACTIONS_BY_SYSTEM.map((each) => group(...each, say))] }),
    field("result", "result", { tag: "select", children: [any("any_result"), ...RESULT_NAMES.map((name) => option(name, resultName(name)))] }),
    field("from", "from", { type: "date" }),
    field("to", "to", { type: "date" }),
  );
  made.classList.add("filters", "card", "box");
  return made;
}

function any(word) {
  return element("option", { value: "", "data-words": word });
}

function option(value, text) {
  return element("option", { value }, text);
}

/** The actions of a system under its name, after one option for all of them. */
function group(system, actions, say) {
  const label = systemName(system);
  const all = option(system, say("all_actions", { system: label }));
  return element("optgroup", { label }, all, ...actions.map((name) => option(name, actionName(name))));
}

function search({ from, to, ...values }) {
  const chosen = Object.entries({ ...values, from: from && start(from, 0), to: to && start(to, 1) });
  return new URLSearchParams(chosen.filter(([, value]) => value));
}

/** The beginning of a day here, or of one after it. */
function start(text, later) {
  const [year, month, date] = text.split("-").map(Number);
  return new Date(year, month - 1, date + later).toISOString();
}

function columns(say, names) {
  return [
    [say("when"), (each) => moment(each.at)],
    [say("actor"), (each) => actor(each, names)],
    [say("action"), (each) => cell(actionName(each.action), rawLine(each.action))],
    [say("thing"), ({ thing }) => (thing === NOTHING ? "—" : cell(names.get(thing), idLine(thing)))],
    [say("result"), ({ result, reason }) => cell(resultName(result), reason && rawLine(reason))],
    [say("from_where"), ({ way, network, actor_kind: kind }) => cell(wayName(way), kind !== "guest" && network)],
  ];
}

/** Who acted: a guest is known by his network alone, everybody else by a name or an id. */
function actor({ actor_kind: kind, actor: id, place, network }, names) {
  const isPlace = id === NOTHING || id === place;
  return cell(names.get(id) ?? actorName(kind), kind === "guest" && network, !isPlace && idLine(id));
}

/** What stands in a cell, one line for each that there is. */
function cell(...lines) {
  return element("div", {}, ...lines.filter(Boolean).map((line) => element("div", {}, line)));
}
