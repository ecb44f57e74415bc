// Signing in by an account elsewhere: the buttons for what is set up, and what a browser comes back with.

import { element } from "/assets/shared/elements.js";
import { ask } from "/assets/shared/requests.js";

/** Puts the buttons of outside logins into a place. */
export async function outsideLogins(place, say) {
  const found = await ask("GET", "/v1/accounts/login/outside");
  const links = [];
  if (found.telegram_url) links.push([telegramAddress(found.telegram_url, "/login"), "by_telegram"]);
  if (found.vk) links.push(["/v1/accounts/login/vk", "by_vk"]);
  place.replaceChildren(...links.map(([href, key]) => element("a", { class: "button plain", href, "data-words": key }, say(key))));
}

/** Where Telegram asks a person whether he wants to sign in here, and then sends him back to a page of ours. */
export function telegramAddress(address, page) {
  const url = new URL(address, location.href);
  url.searchParams.set("origin", location.origin);
  url.searchParams.set("return_to", location.origin + page);
  return url.href;
}

/** What stands behind # when a browser comes back; it is taken out of the address. */
export function takeReturn() {
  const found = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
  if (location.hash) history.replaceState(null, "", location.pathname + location.search);
  const telegram = found.tgAuthResult ? decoded(found.tgAuthResult) : null;
  return { challenge: found.challenge, failed: found.failed, connected: found.connected, telegram };
}

function decoded(text) {
  try {
    const bytes = Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (each) => each.charCodeAt(0));
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return null;
  }
}
