// Clients' data: a file of all that is kept of one, or his removal.

import { placeMoment } from "/assets/shared/common.js";
import { element } from "/assets/shared/elements.js";
import { action, field, form } from "/assets/shared/forms.js";
import { pages, save, sure, table } from "/assets/shared/parts.js";
import { api, file } from "/assets/shared/session.js";
import { fill } from "/assets/shared/words.js";
import { ready } from "./requests_of_data.js";

const ROUTE = "/v1/accounts/people";

/** The part's content. */
export async function people(say) {
  const note = element("sv-note");
  const zone = encodeURIComponent(Intl.DateTimeFormat().resolvedOptions().timeZone);
  const read = (cursor) => api("GET", `/v1/booking/bookings?limit=20&zone=${zone}${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`);
  const show = (items) => {
    const shown = items.length ? table(say("people"), columns(say, note), items) : element("p", { class: "muted" }, say("no_bookings"));
    fill(shown, say);
    return shown;
  };
  const lead = element("p", { class: "muted", "data-words": "people_lead" });
  return [lead, note, element("section", { class: "card box" }, ...(await pages(read, show))), byId(say)];
}

function columns(say, note) {
  return [
    [say("client"), (each) => element("strong", {}, each.client_name)],
    [say("when"), (each) => placeMoment(each.start)],
    [say("service"), (each) => each.service],
    ["", (each) => element("div", { class: "actions" }, exporting({ booking_id: each.id }, note, say), removing({ booking_id: each.id }, note, say))],
  ];
}

function exporting(named, note, say) {
  return action("export", note, () => exported(named, note, say));
}

async function exported(named, note, say) {
  const asked = await api("POST", `${ROUTE}/exports`, named);
  note.tell("good", say("export_made"));
  await ready(`${ROUTE}/exports/${asked.id}`);
  save(await file(`${ROUTE}/exports/${asked.id}/file`), `${asked.id}.json`);
  return say("export_saved");
}

function removing(named, note, say) {
  return action("remove_client", note, () => removed(named, say), "danger");
}

async function removed(named, say) {
  if (!(await sure(say("remove_client_sure"), say("remove_client")))) return undefined;
  const asked = await api("POST", `${ROUTE}/removals`, named);
  await ready(`${ROUTE}/removals/${asked.id}`);
  return say("client_removed");
}

function byId(say) {
  const named = ({ id }) => (id.startsWith("bkg_") ? { booking_id: id } : { client_id: id });
  const id = { maxlength: 60, required: true, pattern: "(cli|bkg)_[0-9a-z]{1,40}", autocomplete: "off", autocapitalize: "none", spellcheck: "false", help: "client_id_help" };
  const made = form("export", (values) => exported(named(values), made.querySelector("sv-note"), say), field("id", "client_id", id));
  const remove = async () => (made.elements.id.checkValidity() ? removed(named({ id: made.elements.id.value.trim() }), say) : made.requestSubmit());
  made.querySelector(".actions").append(action("remove_client", made.querySelector("sv-note"), remove, "danger"));
  return element("section", { class: "card box" }, element("h3", { "data-words": "client_by_id" }), made);
}
