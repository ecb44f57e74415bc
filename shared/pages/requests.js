// Requests to our own API, and its errors in the person's language.

import { common } from "./common.js";
import { language } from "./words.js";

/** What went wrong, to be shown: `retryAfterS` says when to come back, `errors` which values are wrong. */
export class Problem extends Error {
  constructor(text, { status = 0, kind = "", errors = [], retryAfterS = null } = {}) {
    super(text);
    Object.assign(this, { status, kind, errors, retryAfterS });
  }
}

/** The response to a request; it goes on where the page is left meanwhile. */
export async function request(method, path, body, headers = {}) {
  const sent = { "Accept-Language": language(), "X-Svyaz-Csrf": "1", ...headers };
  if (body !== undefined) sent["Content-Type"] = "application/json";
  const content = body === undefined ? undefined : JSON.stringify(body);
  try {
    return await fetch(path, { method, headers: sent, body: content, cache: "no-store", keepalive: method !== "GET" });
  } catch {
    throw new Problem(common("offline"));
  }
}

/** What a route that is open to everybody answers; throws a Problem. */
export async function ask(method, path, body) {
  const response = await request(method, path, body);
  if (!response.ok) throw await problemOf(response);
  return response.status === 204 ? null : response.json();
}

/** The problem that a response tells. */
export async function problemOf(response) {
  const told = await response.json().catch(() => ({}));
  const pause = Number.parseInt(response.headers.get("Retry-After") ?? "", 10);
  return new Problem(told.detail || common("broken"), {
    status: response.status,
    kind: String(told.type ?? "").split("#")[1] ?? "",
    errors: told.errors ?? [],
    retryAfterS: Number.isNaN(pause) ? null : pause,
  });
}

/** The token behind # in a letter's link; it is taken out of the address, so that nobody reads it there. */
export function tokenOfAddress() {
  const found = decodeURIComponent(location.hash.slice(1));
  history.replaceState(null, "", location.pathname + location.search);
  return found;
}
