// Making an account: the answer is the same for every address, the letter says how to go on.

import { field, form } from "/assets/shared/forms.js";
import "/assets/shared/parts.js";
import { ask } from "/assets/shared/requests.js";
import { language, wordsOf } from "/assets/shared/words.js";
import { speaking, step, way, words } from "./entry.js";
import { WORDS } from "./register_words.js";

const say = wordsOf(WORDS);

async function register({ name, email, password, organisation }) {
  const wanted = { name, email, password, language: language(), organisation: organisation || undefined };
  await ask("POST", "/v1/accounts/registrations", wanted);
  step(say, "sent", words("sent_lead"), words("sent_help"), way("/login", "login"));
}

speaking(say);
step(
  say,
  "title",
  words("lead"),
  form(
    "register",
    register,
    field("name", "name", { autocomplete: "name", maxlength: 120, required: true }),
    field("email", "email", { type: "email", autocomplete: "username", maxlength: 254, required: true, autocapitalize: "none", spellcheck: "false" }),
    field("password", "password", { type: "password", autocomplete: "new-password", minlength: 8, maxlength: 256, required: true, help: "password_help" }),
    field("organisation", "organisation", { autocomplete: "organization", maxlength: 120, help: "organisation_help" }),
  ),
  way("/login", "login"),
);
