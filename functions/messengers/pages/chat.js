// The web chat with one master: a ticket, a socket, what was said, and the page that shows it.

import "/assets/shared/elements.js";
import { keep, kept } from "/assets/shared/kept.js";
import { FrameSocket, Refused, requestTicket } from "/assets/shared/socket.js";
import { fill, language, onLanguage, wordsOf } from "/assets/shared/words.js";
import { WORDS } from "./chat_words.js";
import { composer } from "./composer.js";
import { Conversation } from "./conversation.js";
import { Transcript } from "./transcript.js";

const TICKETS = "/v1/messengers/chat/tickets";
const UNKNOWN_VISITOR = 422;
const BANNER_AFTER_MS = 1_500;
const TYPING_AFTER_MS = 350;

const master = decodeURIComponent(location.pathname.split("/")[2] ?? "");
const visitorName = `svyaz.chat.${master}`;
const $ = (id) => document.getElementById(id);
const say = wordsOf(WORDS);
const conversation = new Conversation();
const transcript = new Transcript($("log"), say, { onTap: tap, onAgain: again, onScroll });
const socket = new FrameSocket({ system: "messengers", greeting: "chat.hello", connect, onFrame, onState, onLost });

let state = { name: "connecting", nextTryAt: 0, since: Date.now() };
let masterName = "";
let unread = 0;
let spokenLanguage = language();

async function connect() {
  const ticket = await admitted(kept(visitorName));
  keep(visitorName, ticket.visitor);
  masterName = ticket.master_name;
  showMaster();
  return `${ticket.websocket_url}?ticket=${encodeURIComponent(ticket.ticket)}`;
}

/** A ticket; a visitor whom the server no longer knows becomes a new one. */
async function admitted(visitor) {
  try {
    return await requestTicket(TICKETS, { master, language: language(), ...(visitor && { visitor }) });
  } catch (error) {
    if (!visitor || !(error instanceof Refused) || error.status !== UNKNOWN_VISITOR) throw error;
    return admitted(null);
  }
}

function onFrame(frame) {
  if (frame.action === "chat.history") conversation.takeHistory(frame.data.messages).forEach((id) => socket.settle(id));
  if (frame.action === "chat.message") hear(frame);
  if (frame.action === "error" && frame.id) conversation.fail(frame.id, frame.data?.detail ?? "");
  show();
}

function hear(frame) {
  conversation.take(frame.data, frame.id);
  if (document.hidden) unread += 1;
  showTitle();
}

function onLost(id) {
  conversation.fail(id, say("unanswered"));
  show();
}

function onState(name, detail) {
  const isSame = (state.name === "online") === (name === "online");
  state = { name, nextTryAt: name === "waiting" ? detail : 0, since: isSame ? state.since : Date.now() };
  $("chat").hidden = name === "refused";
  $("wrong").hidden = name !== "refused";
  show();
}

function onScroll(isAtNewest) {
  $("newest").hidden = isAtNewest;
}

function tap(button) {
  if (!conversation.isPending) speak("chat.tap", { payload: button.payload, label: button.label }, button.label);
}

function speak(action, data, text) {
  const id = socket.send(action, data);
  conversation.add(id, text, { action, data });
  transcript.toNewest();
  show();
}

function again(id) {
  const { action, data } = conversation.retry(id);
  socket.send(action, data, id);
  show();
}

function show() {
  transcript.show(conversation.entries());
  showState();
  setTimeout(showTyping, TYPING_AFTER_MS);
}

function showTyping() {
  const isExpected = conversation.isPending || conversation.isEmpty;
  $("typing").hidden = !(isExpected && state.name === "online");
}

function showState() {
  const isTold = state.name === "waiting" || (state.name === "connecting" && !$("banner").hidden);
  $("status").dataset.state = state.name;
  put($("status"), say(state.name === "refused" ? "waiting" : state.name));
  $("banner").hidden = !isTold || Date.now() - state.since < BANNER_AFTER_MS;
  $("banner-button").hidden = !navigator.onLine;
  put($("banner-text"), say(navigator.onLine ? "waiting_banner" : "offline_banner"));
  put($("banner-count"), countdown());
}

function countdown() {
  const seconds = Math.ceil((state.nextTryAt - Date.now()) / 1_000);
  if (!navigator.onLine) return "";
  return seconds > 0 ? say("next_try", { seconds }) : say("connecting");
}

/** Changes a text only where it differs, so that it is read out once. */
function put(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

function showMaster() {
  $("name").textContent = masterName;
  $("avatar").setAttribute("name", masterName);
  showTitle();
}

function showTitle() {
  const title = masterName ? say("title", { name: masterName }) : "Svyaz";
  document.title = unread > 0 ? say("unread", { number: unread, title }) : title;
}

function onOtherLanguage() {
  fill(document, say);
  showTitle();
  showState();
  if (spokenLanguage === language()) return;
  spokenLanguage = language();
  transcript.redraw(conversation.entries());
  socket.restart();
}

/** Keeps the text box above the keyboard where the keyboard covers the page instead of making it smaller. */
function fitKeyboard() {
  if (visualViewport.scale !== 1) return;
  document.body.style.height = `${visualViewport.height}px`;
  scrollTo(0, 0);
}

visualViewport.addEventListener("resize", fitKeyboard);
document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  unread = 0;
  showTitle();
});
$("newest").addEventListener("click", () => transcript.toNewest());
$("banner-button").addEventListener("click", () => socket.restart());
composer($("composer"), (number) => say("left", { number }), (text) => speak("chat.say", { text }, text));
setInterval(showState, 1_000);
onLanguage(onOtherLanguage);
socket.start();
