// A forgotten password: first a letter is asked for, then its link leads here with a token.

import { field, form } from "/assets/shared/forms.js";
import "/assets/shared/parts.js";
import { ask, tokenOfAddress } from "/assets/shared/requests.js";
import { rememberDevice } from "/assets/shared/session.js";
import { wordsOf } from "/assets/shared/words.js";
import { speaking, step, way, words } from "./entry.js";
import { WORDS } from "./reset_words.js";

const say = wordsOf(WORDS);
const token = tokenOfAddress();

async function askLetter({ email }) {
  await ask("POST", "/v1/accounts/password-resets", { email });
  step(say, "sent", words("sent_lead"), way("/login", "login"));
}

async function set({ password }) {
  const done = await ask("POST", "/v1/accounts/password-resets/confirmation", { token, password });
  rememberDevice(done.device_token);
  step(say, "done", words("done_lead"), way("/login", "login", "button"));
}

speaking(say);
if (token) {
  const password = { type: "password", autocomplete: "new-password", minlength: 8, maxlength: 256, required: true, help: "password_help" };
  step(say, "title_new", form("set", set, field("password", "password", password)));
} else {
  const email = { type: "email", autocomplete: "username", maxlength: 254, required: true, autocapitalize: "none", spellcheck: "false" };
  step(say, "title", words("lead"), form("send", askLetter, field("email", "email", email)), way("/login", "login"));
}
