// The second factor: switched on with an authenticator, its recovery codes shown once, switched off by a code.

import { element } from "/assets/shared/elements.js";
import { field, form } from "/assets/shared/forms.js";
import { secret } from "/assets/shared/parts.js";
import { api, signOut } from "/assets/shared/session.js";
import { fill } from "/assets/shared/words.js";
import { proof } from "./account_password.js";

const ROUTE = "/v1/accounts/me/second-factor";
const SVG = "http://www.w3.org/2000/svg";
const CODE = { autocomplete: "one-time-code", minlength: 6, maxlength: 40, required: true, autocapitalize: "none", spellcheck: "false" };

/** The part's content. */
export function secondFactor(me, say) {
  const place = element("section", { class: "card box" });
  const show = (...content) => {
    place.replaceChildren(...content);
    fill(place, say);
  };
  show(...(me.has_second_factor ? on(me, show) : off(me, show)));
  return place;
}

function words(key, look = "muted") {
  return element("p", { class: look, "data-words": key });
}

function off(me, show) {
  const begin = async ({ password }) => {
    const begun = await api("POST", ROUTE, { password });
    show(...confirming(me, show, begun));
    document.querySelector("#scan").focus();
  };
  return [words("second_factor_off"), form("switch_on", begin, ...proof(me))];
}

function confirming(me, show, begun) {
  const picture = element("img", { class: "qr", alt: "", width: 220, height: 220, src: `data:image/svg+xml,${encodeURIComponent(asFile(begun.svg))}` });
  const confirm = async ({ code }) => {
    const { codes } = await api("POST", `${ROUTE}/confirm`, { code });
    me.has_second_factor = true;
    showCodes(me, show, codes);
  };
  const scan = element("h3", { id: "scan", tabindex: "-1", "data-words": "scan" });
  const typed = element("details", {}, element("summary", { "data-words": "type_in" }), secret(begun.secret, "svyaz-second-factor.txt"));
  return [scan, picture, typed, form("confirm_code", confirm, field("code", "code", { ...CODE, inputmode: "numeric", help: "code_help" }))];
}

/** A drawing that is a file of its own names its language, which one inside a page need not. */
function asFile(svg) {
  return svg.includes("xmlns") ? svg : svg.replace("<svg", `<svg xmlns="${SVG}"`);
}

function showCodes(me, show, codes) {
  const done = element("button", { class: "button plain", type: "button", "data-words": "codes_kept", click: () => end(me, show) });
  const heading = element("h3", { tabindex: "-1", "data-words": "codes_title" });
  show(heading, words("codes_help", ""), secret(codes.join("\n"), "svyaz-recovery-codes.txt"), element("div", {}, done));
  heading.focus();
}

function end(me, show) {
  if (me.needs_second_factor) {
    signOut().catch(() => location.reload());
    return;
  }
  show(...on(me, show));
}

function on(me, show) {
  const renewing = async ({ code }) => showCodes(me, show, (await api("POST", `${ROUTE}/recovery-codes`, { code })).codes);
  const switchOff = async ({ code }) => {
    await api("DELETE", ROUTE, undefined, { "X-Svyaz-Code": encodeURIComponent(code) });
    me.has_second_factor = false;
    show(...off(me, show));
  };
  return [
    words("second_factor_on", ""),
    element("h3", { "data-words": "codes_new" }),
    form("make_codes", renewing, field("code", "code", CODE)),
    element("h3", { "data-words": "second_factor_stop" }),
    form("switch_off", switchOff, field("code", "code", CODE)),
  ];
}
