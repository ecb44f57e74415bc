// The table of rights: what each role may do.

import { element } from "/assets/shared/elements.js";
import { table } from "/assets/shared/parts.js";
import { api } from "/assets/shared/session.js";
import { rightName, roleName } from "./roles.js";

/** The part's content. */
export async function rights(say) {
  const { items } = await api("GET", "/v1/accounts/roles");
  const may = (each) => (each.rights.length ? each.rights.map((right) => element("span", { class: "tag" }, rightName(right))) : "—");
  const columns = [[say("role"), ({ role }) => element("strong", {}, roleName(role))], [say("may"), (each) => element("div", {}, ...[may(each)].flat())]];
  return element("section", { class: "card box" }, table(say("rights"), columns, items));
}
