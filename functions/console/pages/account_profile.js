// Name, language of letters, and the organisations that one belongs to.

import { element } from "/assets/shared/elements.js";
import { action, field, form } from "/assets/shared/forms.js";
import { api, homeOf, renew, whoIsIn } from "/assets/shared/session.js";
import { LANGUAGES } from "/assets/shared/words.js";
import { roleName } from "./roles.js";

/** The part's content. */
export function profile(me, say) {
  const languages = Object.entries(LANGUAGES).map(([code, name]) => element("option", { value: code, lang: code, selected: code === me.language }, name));
  const save = async ({ name, language }) => {
    Object.assign(me, await api("PATCH", "/v1/accounts/me", { name, language }));
    document.querySelector("main h1").textContent = me.name;
    return say("saved");
  };
  const own = form(
    "save",
    save,
    field("name", "name", { value: me.name, autocomplete: "name", maxlength: 120, required: true }),
    field("language", "language", { tag: "select", children: languages, help: "language_help" }),
  );
  return [box(own), box(element("h3", { "data-words": "organisations" }), ...organisations(me)), founding()];
}

function box(...content) {
  return element("section", { class: "card box" }, ...content);
}

function organisations(me) {
  if (me.organisations.length === 0) return [element("p", { class: "muted", "data-words": "no_organisations" })];
  return me.organisations.map((each) => {
    const roles = each.roles.map((role) => element("span", { class: "tag" }, roleName(role)));
    const note = element("sv-note");
    const here = element("span", { class: "muted", "data-words": "here" });
    const going = action("go_there", note, () => goTo(each.org_id));
    return element("div", { class: "row" }, element("strong", {}, each.name), element("div", {}, ...roles), each.org_id === me.org_id ? here : element("div", {}, going), note);
  });
}

async function goTo(organisation) {
  await api("POST", "/v1/accounts/me/organisation", { org_id: organisation });
  await renew();
  location.assign(homeOf(await whoIsIn()));
}

function founding() {
  const found = async ({ title }) => goTo((await api("POST", "/v1/accounts/organisations", { name: title })).id);
  const asked = form("found", found, field("title", "organisation", { maxlength: 120, required: true, autocomplete: "organization" }));
  return box(element("h3", { "data-words": "found_title" }), asked);
}
