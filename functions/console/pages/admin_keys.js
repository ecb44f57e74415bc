// API keys: made for programs, live or for tests, their text shown once.

import { day } from "/assets/shared/common.js";
import { element } from "/assets/shared/elements.js";
import { action, field, form, tick, ticks } from "/assets/shared/forms.js";
import { loading, secret, sure, table } from "/assets/shared/parts.js";
import { Problem } from "/assets/shared/requests.js";
import { api } from "/assets/shared/session.js";
import { fill } from "/assets/shared/words.js";
import { rightName } from "./roles.js";

const ROUTE = "/v1/accounts/keys";

/** The part's content. */
export async function keys(me, say) {
  const place = element("section", { class: "card box" });
  const note = element("sv-note");
  const shown = element("div");
  const again = () => loading(place, read, say);
  const read = async () => list((await api("GET", ROUTE)).items, say, note, again);
  await again();
  return [shown, place, note, making(me, say, shown, again)];
}

function list(items, say, note, again) {
  if (items.length === 0) return element("p", { class: "muted", "data-words": "no_keys" });
  const revoke = (key) =>
    action("revoke", note, async () => {
      if (!(await sure(say("revoke_sure", { name: key.name }), say("revoke")))) return undefined;
      await api("DELETE", `${ROUTE}/${key.id}`);
      await again();
      return say("revoked");
    });
  const columns = [
    [say("name"), (key) => element("strong", {}, key.name)],
    [say("kind"), (key) => say(key.is_test ? "test_key" : "live_key")],
    [say("scopes"), (key) => key.scopes.map((scope) => element("span", { class: "tag" }, rightName(scope)))],
    [say("holds_until"), (key) => (key.ends_at ? day(key.ends_at) : say("until_revoked"))],
    ["", revoke],
  ];
  return table(say("keys"), columns, items);
}

function making(me, say, shown, again) {
  const make = async ({ name, kind, days, scopes }, made) => {
    if (scopes.length === 0) throw new Problem(say("choose_scope"), { status: 422 });
    const found = await api("POST", ROUTE, { name, scopes, is_test: kind === "test", days: days ? Number(days) : undefined });
    made.reset();
    showKey(found, shown, say);
    await again();
  };
  const kinds = [["live", "live_key"], ["test", "test_key"]].map(([value, word]) => element("option", { value, "data-words": word }));
  const made = form(
    "make_key",
    make,
    field("name", "name", { maxlength: 120, required: true, autocomplete: "off" }),
    field("kind", "kind", { tag: "select", children: kinds, help: "kind_help" }),
    field("days", "days", { type: "number", min: 1, max: 3650, inputmode: "numeric", help: "days_help" }),
    ticks("scopes", ...me.rights.map((right) => tick("scopes", right, { text: rightName(right) }))),
  );
  made.classList.add("wide");
  return element("section", { class: "card box" }, element("h3", { "data-words": "new_key" }), made);
}

function showKey(found, shown, say) {
  const heading = element("h3", { tabindex: "-1", "data-words": "key_once" });
  shown.replaceChildren(element("section", { class: "card box" }, heading, secret(found.key, `${found.id}.txt`)));
  fill(shown, say);
  heading.focus();
}
