// One's own account: what to do next, then its parts.

import { element } from "/assets/shared/elements.js";
import { parts, withPerson } from "/assets/shared/parts.js";
import { homeOf, signOut } from "/assets/shared/session.js";
import { fill, onLanguage, wordsOf } from "/assets/shared/words.js";
import { data } from "./account_data.js";
import { logins } from "./account_logins.js";
import { password } from "./account_password.js";
import { profile } from "./account_profile.js";
import { secondFactor } from "./account_second_factor.js";
import { sessions } from "./account_sessions.js";
import { WORDS } from "./account_words.js";
import { takeReturn } from "./login_outside.js";
import { roleName } from "./roles.js";

const RETURNED = /^#(?:challenge|connected|failed|tgAuthResult)=/;
const say = wordsOf(WORDS);

function returned() {
  if (!RETURNED.test(location.hash)) return {};
  const found = takeReturn();
  if (found.challenge) location.replace(`/login#${new URLSearchParams({ challenge: found.challenge })}`);
  else if (found.connected || found.failed || found.telegram) history.replaceState(null, "", "#logins");
  return found;
}

/** The next step in one sentence, and where it is done. */
function next(me) {
  const home = homeOf(me);
  if (me.needs_second_factor) return me.has_second_factor ? ["next_again", null] : ["next_second_factor", "#second-factor"];
  if (home !== "/account") return ["next_work", home];
  return me.organisations.length === 0 ? ["next_organisation", "#profile"] : ["next_nothing", null];
}

function head(me) {
  const [word, href] = next(me);
  const way = href ? [" ", element("a", { href, "data-words": "go" })] : [];
  const anew = word === "next_again" ? [" ", element("button", { class: "button small", type: "button", "data-words": "sign_in_again", click: () => signOut() })] : [];
  const organisation = me.organisations.find(({ org_id: id }) => id === me.org_id)?.name ?? "";
  const standing = element("p", { class: "muted", id: "standing" });
  onLanguage(() => (standing.textContent = [organisation, me.roles.map(roleName).join(", "), me.email].filter(Boolean).join(" · ")));
  const step = element("p", { class: "next", id: "next" }, element("span", { "data-words": word }), ...way, ...anew);
  return element("header", { class: "part" }, element("h1", { tabindex: "-1" }, me.name), standing, step);
}

const back = returned();
await withPerson((me, main) => {
  main.append(head(me));
  parts(
    main,
    [
      { id: "profile", word: "profile", open: () => profile(me, say) },
      { id: "password", word: "password_email", open: () => password(me, say) },
      { id: "second-factor", word: "second_factor", open: () => secondFactor(me, say) },
      { id: "sessions", word: "sessions", open: () => sessions(say) },
      { id: "logins", word: "logins", open: () => logins(me, say, back) },
      { id: "data", word: "data", open: () => data(me, say) },
    ],
    say,
  );
  onLanguage(() => {
    fill(main, say);
    document.title = `${say("title")} · Svyaz`;
  });
});
