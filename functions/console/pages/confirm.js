// Confirming the address of a new account by a letter's link, with the password that was chosen: programs that look
// through mail confirm nothing, nor does whoever did not ask for the account.

import { field, form } from "/assets/shared/forms.js";
import "/assets/shared/parts.js";
import { ask, tokenOfAddress } from "/assets/shared/requests.js";
import { wordsOf } from "/assets/shared/words.js";
import { speaking, step, way, words } from "./entry.js";
import { WORDS } from "./confirm_words.js";

const say = wordsOf(WORDS);
const token = tokenOfAddress();

async function confirm({ password }) {
  await ask("POST", "/v1/accounts/registrations/confirmation", { token, password });
  step(say, "done", words("done_lead"), way("/login", "login", "button"));
}

speaking(say);
if (token) step(say, "title", words("lead"), form("confirm", confirm, field("password", "password", { type: "password", autocomplete: "current-password", maxlength: 256, required: true })));
else step(say, "incomplete", words("incomplete_lead"), way("/register", "register"));
