// Confirming the address of a new account by a letter's link; by a press of a button, so that programs that look
// through mail confirm nothing.

import { form } from "/assets/shared/forms.js";
import "/assets/shared/parts.js";
import { ask, tokenOfAddress } from "/assets/shared/requests.js";
import { wordsOf } from "/assets/shared/words.js";
import { speaking, step, way, words } from "./entry.js";
import { WORDS } from "./confirm_words.js";

const say = wordsOf(WORDS);
const token = tokenOfAddress();

async function confirm() {
  await ask("POST", "/v1/accounts/registrations/confirmation", { token });
  step(say, "done", words("done_lead"), way("/login", "login", "button"));
}

speaking(say);
if (token) step(say, "title", words("lead"), form("confirm", confirm));
else step(say, "incomplete", words("incomplete_lead"), way("/register", "register"));
