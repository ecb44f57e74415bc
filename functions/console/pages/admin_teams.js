// Teams: groups of members with a name.

import { element } from "/assets/shared/elements.js";
import { action, field, form } from "/assets/shared/forms.js";
import { loading, sure } from "/assets/shared/parts.js";
import { api } from "/assets/shared/session.js";

const ROUTE = "/v1/accounts/teams";
const NAME = { maxlength: 120, required: true, autocomplete: "off" };

/** The part's content. */
export async function teams(say) {
  const place = element("section", { class: "part" });
  const again = () => loading(place, read, say);
  const read = async () => list((await api("GET", ROUTE)).items, say, again);
  const make = async ({ name }, made) => {
    await api("POST", ROUTE, { name });
    made.reset();
    await again();
    return say("saved");
  };
  await again();
  return [place, element("section", { class: "card box" }, element("h3", { "data-words": "new_team" }), form("make", make, field("name", "name", NAME)))];
}

function list(items, say, again) {
  if (items.length === 0) return element("p", { class: "muted", "data-words": "no_teams" });
  return items.map((team) => {
    const rename = async ({ name }) => {
      await api("PATCH", `${ROUTE}/${team.id}`, { name });
      return say("saved");
    };
    const made = form("save", rename, field("name", "name", { ...NAME, value: team.name }));
    const remove = async () => {
      if (!(await sure(say("remove_team_sure", { name: team.name }), say("remove_team")))) return;
      await api("DELETE", `${ROUTE}/${team.id}`);
      await again();
    };
    made.querySelector(".actions").append(action("remove_team", made.querySelector("sv-note"), remove, "danger"));
    return element("div", { class: "card box" }, made);
  });
}
