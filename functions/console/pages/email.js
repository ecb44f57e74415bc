// A change of address: confirmed by the letter to the new one, stopped or taken back by the letter to the old one.

import { form } from "/assets/shared/forms.js";
import "/assets/shared/parts.js";
import { ask, tokenOfAddress } from "/assets/shared/requests.js";
import { wordsOf } from "/assets/shared/words.js";
import { speaking, step, way, words } from "./entry.js";
import { WORDS } from "./email_words.js";

const STOP = "stop.";
const say = wordsOf(WORDS);
const found = tokenOfAddress();

async function confirm() {
  await ask("POST", "/v1/accounts/email-changes/confirmation", { token: found });
  step(say, "done", words("done_lead"), way("/login", "login", "button"));
}

async function stop() {
  await ask("POST", "/v1/accounts/email-changes/stop", { token: found.slice(STOP.length) });
  step(say, "stopped", words("stopped_lead"), way("/reset", "reset", "button"));
}

speaking(say);
if (found.startsWith(STOP)) step(say, "title_stop", words("lead_stop"), form("stop", stop));
else if (found) step(say, "title", words("lead"), form("confirm", confirm));
else step(say, "incomplete", words("incomplete_lead"), way("/account", "account"));
