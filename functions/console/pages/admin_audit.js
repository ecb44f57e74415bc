// The audit log: searched by person, thing, action, result and time; as a file too.

import { moment } from "/assets/shared/common.js";
import { element } from "/assets/shared/elements.js";
import { action, field, form, valuesOf } from "/assets/shared/forms.js";
import { pages, save, table } from "/assets/shared/parts.js";
import { api, file } from "/assets/shared/session.js";

const ROUTE = "/v1/accounts/audit";
const RESULTS = { done: "result_done", refused: "result_refused", failed: "result_failed" };
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
  const asked = filters(names, (values) => show(values));
  const asFile = async () => save(await file(`${ROUTE}/file?${search(valuesOf(asked))}`), "audit.csv");
  asked.querySelector(".actions").append(action("as_file", asked.querySelector("sv-note"), asFile));
  await show({});
  return [asked, place];
}

function filters(names, show) {
  const people = [element("option", { value: "", "data-words": "anybody" }), ...[...names].map(([id, name]) => element("option", { value: id }, name))];
  const results = [element("option", { value: "", "data-words": "any_result" }), ...Object.entries(RESULTS).map(([value, word]) => element("option", { value, "data-words": word }))];
  const made = form(
    "search",
    show,
    field("actor", "actor", { tag: "select", children: people }),
    field("thing", "thing", PLAIN),
    field("action", "action", { ...PLAIN, placeholder: "accounts.member", pattern: "[a-z_.]+" }),
    field("result", "result", { tag: "select", children: results }),
    field("from", "from", { type: "date" }),
    field("to", "to", { type: "date" }),
  );
  made.classList.add("filters", "card", "box");
  return made;
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
  const named = (id) => names.get(id) ?? element("span", { class: "id" }, id);
  return [
    [say("when"), (each) => moment(each.at)],
    [say("actor"), (each) => named(each.actor)],
    [say("action"), (each) => element("span", { class: "id" }, each.action)],
    [say("thing"), (each) => named(each.thing)],
    [say("result"), (each) => `${say(RESULTS[each.result] ?? "result_done")}${each.reason ? `: ${each.reason}` : ""}`],
    [say("from_where"), (each) => [each.way, each.network].filter(Boolean).join(", ")],
  ];
}
