// The organisation's name, and which roles need a second factor.

import { element } from "/assets/shared/elements.js";
import { field, form, tick, ticks } from "/assets/shared/forms.js";
import { api } from "/assets/shared/session.js";
import { ROLE_NAMES, roleName } from "./roles.js";

const ROUTE = "/v1/accounts/organisation";

/** The part's content; `heading` shows the name. */
export async function organisation(say, heading) {
  const found = await api("GET", ROUTE);
  const save = async ({ name, roles }) => {
    heading.textContent = (await api("PATCH", ROUTE, { name, second_factor_roles: roles })).name;
    return say("saved");
  };
  const roles = ROLE_NAMES.map((role) => tick("roles", role, { text: roleName(role), checked: found.second_factor_roles.includes(role) }));
  const made = form(
    "save",
    save,
    field("name", "name", { value: found.name, maxlength: 120, required: true, autocomplete: "organization" }),
    ticks("second_factor_roles", ...roles),
    element("p", { class: "muted", "data-words": "second_factor_help" }),
  );
  made.classList.add("wide");
  return element("section", { class: "card box" }, made);
}
