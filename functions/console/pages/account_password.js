// One's password and address.

import { element } from "/assets/shared/elements.js";
import { field, form } from "/assets/shared/forms.js";
import { api } from "/assets/shared/session.js";

/** The part's content. */
export function password(me, say) {
  return [changing(me, say), moving(me, say)];
}

/** A field for the present password, where there is one. */
export function proof(me, name = "password") {
  const attributes = { type: "password", autocomplete: "current-password", maxlength: 256, required: true };
  return me.has_password ? [field(name, "present_password", attributes)] : [];
}

function changing(me, say) {
  const change = async ({ old, fresh }, made) => {
    await api("POST", "/v1/accounts/me/password", { old, new: fresh });
    made.reset();
    me.has_password = true;
    return say("password_changed");
  };
  const fresh = { type: "password", autocomplete: "new-password", minlength: 8, maxlength: 256, required: true, help: "password_help" };
  const asked = form("change_password", change, ...proof(me, "old"), field("fresh", "new_password", fresh));
  return element("section", { class: "card box" }, element("h3", { "data-words": "password" }), asked);
}

function moving(me, say) {
  const move = async ({ email, password: given }, made) => {
    await api("POST", "/v1/accounts/me/email", { email, password: given });
    made.reset();
    return say("email_asked");
  };
  const email = { type: "email", autocomplete: "email", maxlength: 254, required: true, autocapitalize: "none", spellcheck: "false", help: "email_help" };
  const asked = form("change_email", move, field("email", "new_email", email), ...proof(me));
  const present = element("p", { class: "muted" }, me.email || element("span", { "data-words": "no_email" }));
  return element("section", { class: "card box" }, element("h3", { "data-words": "email" }), present, asked);
}
