// Accounts elsewhere that open this one.

import { element } from "/assets/shared/elements.js";
import { action, form } from "/assets/shared/forms.js";
import { loading, sure, table } from "/assets/shared/parts.js";
import { ask } from "/assets/shared/requests.js";
import { api } from "/assets/shared/session.js";
import { proof } from "./account_password.js";
import { telegramAddress } from "./login_outside.js";

const ROUTE = "/v1/accounts/me/identities";
const NAMES = { email: "by_email", telegram: "by_telegram", vk: "by_vk" };

/** The part's content; `back` is what a browser came back from elsewhere with. */
export async function logins(me, say, back) {
  const place = element("section", { class: "card box" });
  const note = element("sv-note");
  const again = () => loading(place, read, say);
  const read = async () => {
    const [known, outside] = await Promise.all([api("GET", ROUTE), ask("GET", "/v1/accounts/login/outside")]);
    return [list(say, note, known.items, again), ...connecting(me, say, note, known.items, outside, back, again)];
  };
  await again();
  if (back.connected) note.tell("good", say("connected"));
  if (back.failed) note.tell("bad", say("not_connected"));
  return [element("p", { class: "muted", "data-words": "logins_lead" }), place, note];
}

function list(say, note, items, again) {
  const disconnect = ({ kind }) =>
    action("disconnect", note, async () => {
      if (!(await sure(say("disconnect_sure", { name: say(NAMES[kind]) }), say("disconnect")))) return undefined;
      await api("DELETE", `${ROUTE}/${kind}`);
      await again();
      return say("disconnected");
    });
  const columns = [
    [say("login_kind"), ({ kind }) => say(NAMES[kind])],
    [say("login_label"), ({ label }) => label],
    ["", (each) => (each.kind === "email" ? "" : disconnect(each))],
  ];
  return table(say("logins"), columns, items);
}

function connecting(me, say, note, items, outside, back, again) {
  const has = (kind) => items.some((each) => each.kind === kind);
  const found = [];
  if (back.telegram && !has("telegram")) {
    const connect = async ({ password }) => {
      await api("POST", `${ROUTE}/telegram`, { login: back.telegram, password });
      back.telegram = null;
      await again();
      note.tell("good", say("connected"));
    };
    found.push(form("connect_telegram", connect, ...proof(me)));
  } else if (outside.telegram_url && !has("telegram")) {
    const href = telegramAddress(outside.telegram_url, "/account");
    found.push(element("div", {}, element("a", { class: "button plain", href, "data-words": "connect_telegram" })));
  }
  const toVk = async ({ password }) => location.assign((await api("POST", `${ROUTE}/vk`, { password })).url);
  if (outside.vk && !has("vk")) found.push(form("connect_vk", toVk, ...proof(me)));
  return found;
}
