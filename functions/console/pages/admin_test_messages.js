// What test keys would have sent.

import { moment } from "/assets/shared/common.js";
import { element } from "/assets/shared/elements.js";
import { pages } from "/assets/shared/parts.js";
import { api } from "/assets/shared/session.js";

/** The part's content. */
export async function testMessages(say) {
  const read = (cursor) => api("GET", `/v1/accounts/test-messages?limit=20${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`);
  const lead = element("p", { class: "muted", "data-words": "test_messages_lead" });
  const found = await pages(read, (items) => items.map(message));
  const isEmpty = found[0].childElementCount === 0;
  return [lead, ...(isEmpty ? [element("p", {}, say("no_test_messages"))] : found)];
}

function message({ to, subject, text, at }) {
  return element("details", { class: "card box" }, element("summary", {}, `${moment(at)} → ${to}: ${subject || text.slice(0, 60)}`), element("p", { class: "lines" }, text));
}
