// Accepting an invitation: by somebody who is signed in, or by a newcomer, whose address the letter has proved.

import { field, form } from "/assets/shared/forms.js";
import "/assets/shared/parts.js";
import { ask, tokenOfAddress } from "/assets/shared/requests.js";
import { api, homeOf, isSignedIn, renew, whoIsIn } from "/assets/shared/session.js";
import { language, wordsOf } from "/assets/shared/words.js";
import { speaking, step, way, words } from "./entry.js";
import { WORDS } from "./invitation_words.js";

const NAME = "svyaz.invitation";
const say = wordsOf(WORDS);
const token = tokenOfAddress() || waiting();

function waiting() {
  try {
    return sessionStorage.getItem(NAME) ?? "";
  } catch {
    return "";
  }
}

function wait(text) {
  try {
    if (text) sessionStorage.setItem(NAME, text);
    else sessionStorage.removeItem(NAME);
  } catch {
    // where storage is refused, the letter's link is opened once more after the login
  }
}

async function accept() {
  const joined = await api("POST", "/v1/accounts/invitations/acceptance", { token });
  wait("");
  await api("POST", "/v1/accounts/me/organisation", { org_id: joined.org_id });
  await renew();
  const me = await whoIsIn();
  step(say, "done", words("done_lead"), way(homeOf(me), "work", "button"));
}

async function register({ name, password }) {
  await ask("POST", "/v1/accounts/invitations/registration", { token, name, password, language: language() });
  wait("");
  step(say, "registered", words("registered_lead"), way("/login", "login", "button"));
}

function newcomer() {
  return form(
    "register",
    register,
    field("name", "name", { autocomplete: "name", maxlength: 120, required: true }),
    field("password", "password", { type: "password", autocomplete: "new-password", minlength: 8, maxlength: 256, required: true, help: "password_help" }),
  );
}

async function begin() {
  if (!token) return step(say, "incomplete", words("incomplete_lead"), way("/login", "login"));
  if (await isSignedIn().catch(() => false)) {
    document.querySelector("sv-top").who = await whoIsIn().catch(() => null);
    return step(say, "title", words("lead"), form("accept", accept));
  }
  wait(token);
  return step(say, "title", words("lead_out"), way("/login?next=/invitation", "login", "button"), words("register_help"), newcomer());
}

speaking(say);
await begin();
