// One's own data: a file of all of it, and the removal of the account.

import { element } from "/assets/shared/elements.js";
import { action, form } from "/assets/shared/forms.js";
import { save, sure } from "/assets/shared/parts.js";
import { api, file, leave } from "/assets/shared/session.js";
import { proof } from "./account_password.js";
import { ready } from "./requests_of_data.js";

const ROUTE = "/v1/accounts/me";

/** The part's content. */
export function data(me, say) {
  return [exporting(say), removing(me, say)];
}

function exporting(say) {
  const note = element("sv-note");
  const get = async () => {
    const asked = await api("POST", `${ROUTE}/exports`);
    note.tell("good", say("export_made"));
    await ready(`${ROUTE}/exports/${asked.id}`);
    save(await file(`${ROUTE}/exports/${asked.id}/file`), `${asked.id}.json`);
    return say("export_saved");
  };
  const words = element("p", { class: "muted", "data-words": "export_lead" });
  return element("section", { class: "card box" }, element("h3", { "data-words": "export_title" }), words, element("div", {}, action("export", note, get)), note);
}

function removing(me, say) {
  const remove = async ({ password }) => {
    if (!(await sure(say("removal_sure"), say("remove_me")))) return;
    await api("POST", `${ROUTE}/removal`, { password });
    await leave();
  };
  const words = element("p", { class: "muted", "data-words": "removal_lead" });
  const asked = form("remove_me", remove, ...proof(me));
  asked.querySelector("[type=submit]").classList.add("danger");
  return element("section", { class: "card box" }, element("h3", { "data-words": "removal_title" }), words, asked);
}
