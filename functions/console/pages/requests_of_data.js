// Requests for people's data take a while: how they stand is asked until they have ended.

import { common } from "/assets/shared/common.js";
import { Problem } from "/assets/shared/requests.js";
import { api } from "/assets/shared/session.js";

const PAUSES_MS = [500, 500, 1000, 1000, 2000];
const LONGEST_MS = 5000;
const TRIES = 60;

/** Returns once a request has ended well; throws a Problem where it failed or takes minutes. */
export async function ready(path) {
  for (let tried = 0; tried < TRIES; tried += 1) {
    await new Promise((done) => setTimeout(done, PAUSES_MS[tried] ?? LONGEST_MS));
    const { status } = await api("GET", path);
    if (status === "ready") return;
    if (status === "failed") break;
  }
  throw new Problem(common("broken"));
}
