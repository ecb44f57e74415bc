const WORDS = {
  en: {
    title: "Svyaz on this machine", product: "The product", telegram: "Telegram", clock: "Clock", queues: "Queues",
    connections: "Open WebSockets:", mail: "Sent mail", faults: "Faults", function: "Function", times: "calls",
    faultsHelp: "The next calls of a function fail, as if it had crashed. Telegram's own faults are on its page.",
    fail: "Let them fail", real: "the real time", ahead: "ahead of the real time by", reset: "Real time",
    queue: "Queue", waiting: "waiting", handled: "in hand", delayed: "delayed", dead: "dead letters", show: "show",
    none: "nothing yet", trouble: "The local runtime does not answer.", minute: "+1 minute", tenMinutes: "+10 minutes", hour: "+1 hour",
    day: "+1 day", toFail: "calls will fail",
  },
  ru: {
    title: "Связь на этой машине", product: "Сам продукт", telegram: "Телеграм", clock: "Часы", queues: "Очереди",
    connections: "Открытых WebSocket:", mail: "Отправленная почта", faults: "Сбои", function: "Функция", times: "вызовов",
    faultsHelp: "Следующие вызовы функции завершатся сбоем, как если бы она упала. Сбои Телеграма — на его странице.",
    fail: "Пусть упадут", real: "настоящее время", ahead: "впереди настоящего времени на", reset: "Настоящее время",
    queue: "Очередь", waiting: "ждут", handled: "в работе", delayed: "отложены", dead: "недоставленные", show: "показать",
    none: "пока ничего", trouble: "Локальная среда не отвечает.", minute: "+1 минута", tenMinutes: "+10 минут", hour: "+1 час",
    day: "+1 день", toFail: "вызовов упадут",
  },
};
const language = navigator.language.toLowerCase().startsWith("ru") ? "ru" : "en";
const words = WORDS[language];
const MOVES = [["minute", 60], ["tenMinutes", 600], ["hour", 3600], ["day", 86400]];
const COUNTS = ["waiting", "handled", "delayed", "dead"];
const PERIOD_MS = 3000;
const byId = (id) => document.getElementById(id);

function element(name, text = "", ...children) {
  const made = document.createElement(name);
  made.textContent = text;
  made.append(...children);
  return made;
}

function button(text, act) {
  const made = element("button", text);
  made.type = "button";
  made.addEventListener("click", () => act().catch(complain));
  return made;
}

function complain(error) {
  byId("trouble").textContent = error instanceof TypeError ? words.trouble : error.message;
  byId("trouble").hidden = false;
}

async function ask(path, body) {
  const sent = body && { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  const answer = await fetch(path, sent);
  const found = await answer.json();
  if (!answer.ok) throw new Error(found.error);
  byId("trouble").hidden = true;
  return found;
}

function showClock({ now, offset_s: offset }) {
  byId("now").dateTime = now;
  byId("now").textContent = new Date(now).toLocaleString(language);
  byId("offset").textContent = offset ? `${words.ahead} ${duration(offset)}` : words.real;
}

function duration(seconds) {
  const days = Math.floor(seconds / 86400);
  const clock = [Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, Math.floor(seconds) % 60];
  return `${days ? `${days} × 24:00 + ` : ""}${clock.map((part) => String(part).padStart(2, "0")).join(":")}`;
}

function showQueues(queues) {
  byId("queues").replaceChildren(...queues.map((queue) => {
    const counts = COUNTS.map((name) => element("td", queue[name]));
    if (queue.dead) counts.at(-1).append(" ", button(words.show, () => showLetters(queue.name)));
    return element("tr", "", element("td", queue.name.replace("svyaz-local-", "")), ...counts);
  }));
}

async function showLetters(queue) {
  const { messages } = await ask(`dead-letters/${encodeURIComponent(queue)}`);
  byId("letters").replaceChildren(...messages.map((message) => folded(`${queue}: ${message.id}`, pretty(message.body))));
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

function folded(head, ...texts) {
  return element("details", "", element("summary", head), ...texts.filter(Boolean).map((text) => element("pre", text)));
}

function showFaults({ functions, to_fail: toFail }) {
  if (byId("function").length !== functions.length) {
    byId("function").replaceChildren(...functions.map((name) => element("option", name)));
  }
  const lines = Object.entries(toFail).map(([name, times]) => element("li", `${name}: ${times} ${words.toFail}`));
  byId("to-fail").replaceChildren(...lines);
}

function show(state) {
  showClock(state.clock);
  showQueues(state.queues);
  showFaults(state);
  byId("connections").textContent = state.connections;
}

let shownMail = "";

async function showMail() {
  const { mail } = await ask("mail");
  const ids = mail.map((one) => one.id).join();
  if (ids === shownMail && ids) return;
  shownMail = ids;
  const head = (one) => `${new Date(one.time).toLocaleString(language)} → ${one.to.join(", ")}: ${one.subject}`;
  const found = mail.map((one) => folded(head(one), one.text, one.html));
  byId("mail").replaceChildren(...(found.length ? found : [element("p", words.none)]));
}

async function refresh() {
  if (document.hidden) return;
  show(await ask("state"));
  await showMail();
}

function prepare() {
  document.documentElement.lang = language;
  for (const one of document.querySelectorAll("[data-word]")) one.textContent = words[one.dataset.word];
  byId("queue-heads").replaceChildren(...["queue", ...COUNTS].map((name) => element("th", words[name])));
  const move = (body) => async () => show(await ask("clock", body));
  byId("moves").replaceChildren(
    ...MOVES.map(([name, seconds]) => button(words[name], move({ advance_s: seconds }))),
    button(words.reset, move({ reset: true })),
  );
  byId("fail").addEventListener("click", () => {
    ask("faults", { function: byId("function").value, times: byId("times").valueAsNumber }).then(show).catch(complain);
  });
}

prepare();
refresh().catch(complain);
setInterval(() => refresh().catch(complain), PERIOD_MS);
