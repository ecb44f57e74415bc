// Signing in: by a password, by a second factor where it is on, or by an account elsewhere.

import { element } from "/assets/shared/elements.js";
import { field, form } from "/assets/shared/forms.js";
import "/assets/shared/parts.js";
import { homeOf, isSignedIn, login, ownPage, whoIsIn } from "/assets/shared/session.js";
import { wordsOf } from "/assets/shared/words.js";
import { speaking, step, way, words } from "./entry.js";
import { WORDS } from "./login_words.js";
import { outsideLogins, takeReturn } from "./login_outside.js";

const say = wordsOf(WORDS);

async function enter() {
  const me = await whoIsIn();
  const asked = new URLSearchParams(location.search).get("next");
  location.replace(ownPage(asked, homeOf(me)));
  return new Promise(() => {});
}

async function goOn(challenge) {
  if (challenge === null) return enter();
  askCode(challenge);
  return undefined;
}

function askPassword(trouble = "") {
  const ways = element("div", { class: "actions" });
  const asked = form(
    "enter",
    async ({ email, password }) => goOn(await login("", { email, password })),
    field("email", "email", { type: "email", autocomplete: "username", maxlength: 254, required: true, autocapitalize: "none", spellcheck: "false" }),
    field("password", "password", { type: "password", autocomplete: "current-password", maxlength: 256, required: true }),
  );
  const links = element("p", { class: "actions" }, way("/reset", "forgotten"), way("/register", "register"));
  step(say, "title", asked, ways, links);
  if (trouble) asked.querySelector("sv-note").tell("bad", say(trouble));
  outsideLogins(ways, say).catch(() => {});
}

function askCode(challenge) {
  const code = { autocomplete: "one-time-code", maxlength: 40, minlength: 6, required: true, autocapitalize: "none", spellcheck: "false", help: "code_help" };
  const asked = form("enter", async (given) => goOn(await login("/second-factor", { challenge, code: given.code })), field("code", "code", code));
  const back = element("button", { class: "button plain", type: "button", "data-words": "back", click: () => askPassword() });
  step(say, "code_title", words("code_lead"), asked, back);
  asked.elements.code.focus();
}

speaking(say);
const back = takeReturn();
if (back.challenge) askCode(back.challenge);
else if (back.telegram) {
  askPassword();
  login("/telegram", back.telegram).then(goOn).catch((error) => document.querySelector("sv-note").tell("bad", error.message));
} else {
  if (await isSignedIn().catch(() => false)) await enter().catch(() => {});
  askPassword(back.failed ? "outside_failed" : "");
}
