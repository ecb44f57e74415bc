// The administrator's page: what waits, then the parts of the organisation.

import { element } from "/assets/shared/elements.js";
import { parts, withPerson } from "/assets/shared/parts.js";
import { homeOf, mayAdminister } from "/assets/shared/session.js";
import { onLanguage, wordsOf } from "/assets/shared/words.js";
import { audit } from "./admin_audit.js";
import { invitations } from "./admin_invitations.js";
import { keys } from "./admin_keys.js";
import { member } from "./admin_member.js";
import { members } from "./admin_members.js";
import { notices } from "./admin_notices.js";
import { organisation } from "./admin_organisation.js";
import { people } from "./admin_people.js";
import { rights } from "./admin_rights.js";
import { teams } from "./admin_teams.js";
import { testMessages } from "./admin_test_messages.js";
import { today } from "./admin_today.js";
import { WORDS } from "./admin_words.js";

const say = wordsOf(WORDS);

function begin(me, main) {
  const name = me.organisations.find(({ org_id: id }) => id === me.org_id)?.name ?? "";
  const heading = element("h1", { tabindex: "-1", id: "organisation-name" }, name);
  main.append(element("header", {}, heading));
  onLanguage(() => (document.title = `${say("title")} · Svyaz`));
  parts(
    main,
    [
      { id: "today", word: "today", open: () => today(say) },
      { id: "members", word: "members", open: () => members(me, say, member) },
      { id: "invitations", word: "invitations", open: () => invitations(say) },
      { id: "teams", word: "teams", open: () => teams(say) },
      { id: "notices", word: "notices", open: () => notices(say) },
      { id: "audit", word: "audit", open: () => audit(say) },
      { id: "keys", word: "keys", open: () => keys(me, say) },
      { id: "test-messages", word: "test_messages", open: () => testMessages(say) },
      { id: "people", word: "people", open: () => people(say) },
      { id: "organisation", word: "settings", open: () => organisation(say, heading) },
      { id: "rights", word: "rights", open: () => rights(say) },
    ],
    say,
  );
}

await withPerson((me, main) => {
  if (mayAdminister(me)) begin(me, main);
  else location.replace(homeOf(me));
});
