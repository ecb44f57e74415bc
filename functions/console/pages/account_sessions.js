// Where one is signed in, and how to end it there.

import { element } from "/assets/shared/elements.js";
import { action } from "/assets/shared/forms.js";
import { moment } from "/assets/shared/common.js";
import { loading, sure, table } from "/assets/shared/parts.js";
import { api, leave } from "/assets/shared/session.js";

const ROUTE = "/v1/accounts/me/sessions";

/** The part's content. */
export async function sessions(say) {
  const place = element("section", { class: "card box" });
  const note = element("sv-note");
  const read = async () => list(say, note, (await api("GET", ROUTE)).items, () => loading(place, read, say));
  await loading(place, read, say);
  return [element("p", { class: "muted", "data-words": "sessions_lead" }), place, note, everywhere(say, note)];
}

function list(say, note, items, again) {
  const end = (session) =>
    action("end", note, async () => {
      await api("DELETE", `${ROUTE}/${session.id}`);
      await again();
      return say("ended");
    });
  return table(
    say("sessions"),
    [
      [say("device"), (session) => session.device || say("unknown_device")],
      [say("network"), (session) => session.network],
      [say("used"), (session) => moment(session.used_at)],
      [say("since"), (session) => moment(session.created_at)],
      ["", (session) => (session.is_current ? element("strong", { "data-words": "this_device" }) : end(session))],
    ],
    items,
  );
}

function everywhere(say, note) {
  const end = async () => {
    if (!(await sure(say("end_all_sure"), say("end_all")))) return;
    await api("DELETE", ROUTE);
    await leave();
  };
  return element("div", {}, action("end_all", note, end, "danger"));
}
