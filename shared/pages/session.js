// The browser's session. The access token lives in this module's memory alone and is shared with other tabs, never
// stored; the refresh token is a cookie that no script reads, and it is spent by one tab at a time.

import { keep, kept } from "./kept.js";
import { problemOf, request } from "./requests.js";

const BROWSER = "/v1/accounts/browser";
const LOCK = "svyaz.session";
const SPENDING = "svyaz.spending";
const DEVICE = "svyaz.device";
const IS_IN = "svyaz.in";
const SPENT_WITHIN_MS = 4000;
const LOOK_MS = 50;
const EARLY_MS = 30_000;
const [ACCOUNT, ADMIN, MASTER] = ["/account", "/admin", "/master"];
const OWN_PAGE = /^\/(?:account|admin|master|invitation)$/;
const tabs = new BroadcastChannel("svyaz.session");
let token = null;

tabs.addEventListener("message", ({ data }) => {
  if (data.kind === "token") token = data.token;
  if (data.kind === "changed") location.reload();
});
document.addEventListener("visibilitychange", () => {
  if (!document.hidden && token !== null && !isFresh(token)) refresh(token).catch(() => {});
});

/** Which of our pages a name means; `otherwise` for everything else, so that no link leads elsewhere. */
export function ownPage(name, otherwise) {
  return OWN_PAGE.test(name ?? "") ? name : otherwise;
}

/** The page that a person's work begins on. */
export function homeOf(me) {
  if (mayAdminister(me)) return ADMIN;
  return bookingsOf(me) === null ? ACCOUNT : MASTER;
}

/** Whether the organisation's page is a person's to open. */
export function mayAdminister(me) {
  return !me.needs_second_factor && me.rights.includes("accounts.members.read");
}

/** Where a person reads the bookings ahead; null where they are not his to read. */
export function bookingsOf(me) {
  if (me.needs_second_factor) return null;
  if (me.roles.includes("master") && me.rights.includes("booking.bookings.read_own")) return "/v1/booking/own-bookings";
  return me.rights.includes("booking.bookings.read") ? "/v1/booking/bookings" : null;
}

/** Who is signed in; where nobody is, the browser goes to the login and this never ends. */
export function whoIsIn() {
  return api("GET", "/v1/accounts/me");
}

/** Whether somebody is signed in, for pages that are for everybody. */
export async function isSignedIn() {
  if (!kept(IS_IN)) return false;
  try {
    await refreshed(token);
    return true;
  } catch (error) {
    if (error.status !== 401) throw error;
    forget();
    return false;
  }
}

/** What a route answers to the person who is signed in; throws a Problem. */
export async function api(method, path, body, headers) {
  const response = await signed(method, path, body, headers);
  return response.status === 204 ? null : response.json();
}

/** A file of the person who is signed in; throws a Problem. */
export async function file(path) {
  return (await signed("GET", path)).blob();
}

/** What a route of logins answers: nothing where the person is in, a challenge where a second factor is wanted. */
export async function login(step, body) {
  const device = step === "" ? { device_token: kept(DEVICE) || undefined } : {};
  const send = () => request("POST", `${BROWSER}/login${step}`, { ...body, ...device });
  const answer = await (await checked(await alone(send))).json();
  if (answer.device_token) keep(DEVICE, answer.device_token);
  if (answer.challenge) return answer.challenge;
  take(answer);
  tabs.postMessage({ kind: "changed" });
  return null;
}

/** Keeps what shows at the next login that this device is known. */
export function rememberDevice(text) {
  keep(DEVICE, text);
}

/** Signs out, here and in all tabs. */
export async function signOut() {
  await checked(await alone(() => request("POST", `${BROWSER}/logout`)));
  forget();
  tabs.postMessage({ kind: "changed" });
  location.assign("/login");
}

/** Tokens of another standing, as after a change of the organisation or of the second factor. */
export async function renew() {
  await refresh(token);
  tabs.postMessage({ kind: "changed" });
}

/** Goes to the login, which leads back to this page. */
export function leave() {
  forget();
  const page = ownPage(location.pathname, "");
  location.replace(page ? `/login?next=${encodeURIComponent(page)}` : "/login");
  return new Promise(() => {});
}

async function signed(method, path, body, headers) {
  if (token === null || !isFresh(token)) await refresh(token);
  const used = token;
  let response = await request(method, path, body, { ...headers, Authorization: `Bearer ${used.text}` });
  if (isRefused(response)) {
    await refresh(used);
    response = await request(method, path, body, { ...headers, Authorization: `Bearer ${token.text}` });
  }
  return isRefused(response) ? leave() : checked(response);
}

/** Whether the token itself was refused: a wrong password or code is told by the route, without this header. */
function isRefused(response) {
  return response.status === 401 && response.headers.has("WWW-Authenticate");
}

async function refresh(known) {
  try {
    await refreshed(known);
  } catch (error) {
    if (error.status === 401) return leave();
    throw error;
  }
}

/** Gets a new token, unless another tab has brought one that is newer than the known one meanwhile. */
function refreshed(known) {
  return alone(async () => {
    if (token !== known && token !== null && isFresh(token)) return;
    const response = await checked(await request("POST", `${BROWSER}/refresh`));
    take(await response.json());
    tabs.postMessage({ kind: "token", token });
  });
}

/** Does what changes the cookie while no other tab does. A page that was left in the middle of it gets no answer, but
 * the browser may still get the cookie: the next one waits for that, for a token that is spent twice ends the session. */
function alone(work) {
  return navigator.locks.request(LOCK, async () => {
    const seen = Date.now();
    while (Number(kept(SPENDING)) > Date.now() - SPENT_WITHIN_MS && Date.now() < seen + SPENT_WITHIN_MS) {
      await new Promise((done) => setTimeout(done, LOOK_MS));
    }
    keep(SPENDING, String(Date.now()));
    try {
      const done = await work();
      keep(SPENDING, "");
      return done;
    } catch (error) {
      if (error.status) keep(SPENDING, "");
      throw error;
    }
  });
}

async function checked(response) {
  if (response.ok) return response;
  throw await problemOf(response);
}

function forget() {
  token = null;
  keep(IS_IN, "");
}

function take(answer) {
  keep(IS_IN, "yes");
  token = { text: answer.access_token, endsAt: Date.now() + answer.expires_in_s * 1000 };
}

function isFresh({ endsAt }) {
  return endsAt - EARLY_MS > Date.now();
}
