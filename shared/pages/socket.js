// A WebSocket that is opened by ticket, comes back by itself, and sends what was not answered again under the same id.

const RESEND_AFTER_MS = 8_000;
const IDLE_MS = 30_000;
const TICK_MS = 1_000;
const TICKET_TIMEOUT_MS = 15_000;
const OPEN_TIMEOUT_MS = 20_000;
const PAUSES_MS = [500, 1_000, 2_000, 4_000, 8_000, 15_000, 30_000];
const SENDS_A_CONNECTION = 2;
const MOST_SENDS = 8;

let counter = 0;

/** The server will not have us: trying again is of no use. */
export class Refused extends Error {
  constructor(status) {
    super("refused");
    this.status = status;
  }
}

/** The server wants a pause before the next try. */
export class Busy extends Error {
  constructor(retryAfterS) {
    super("busy");
    this.retryAfterMs = Math.max(1, retryAfterS) * 1_000;
  }
}

/** An id that no other frame has and that sorts by time. */
export function frameId() {
  const time = Date.now().toString(36).padStart(9, "0");
  const order = (counter++ % 1_679_616).toString(36).padStart(4, "0");
  const chance = crypto.getRandomValues(new Uint32Array(2)).reduce((text, each) => text + each.toString(36).padStart(7, "0"), "");
  return `${time}${order}${chance}`;
}

/** The answer to a request for a ticket; throws Refused, Busy, or what the network threw. */
export async function requestTicket(path, asked) {
  const response = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", "Accept-Language": asked.language ?? "en" },
    body: JSON.stringify(asked),
    credentials: "omit",
    signal: AbortSignal.timeout(TICKET_TIMEOUT_MS),
  });
  if (response.ok) return response.json();
  if (response.status === 429 || response.status === 503) throw new Busy(Number(response.headers.get("Retry-After")) || 5);
  if (response.status < 500) throw new Refused(response.status);
  throw new Error(String(response.status));
}

/**
 * One conversation with the server over as many connections as it takes.
 *
 * `connect` gives the address of a new connection; `greeting` is the action that begins each; `onFrame` gets every frame;
 * `onState` gets "connecting", "online", "waiting" (with the moment of the next try, in ms) or "refused";
 * `onLost` gets the id of a frame that was given up.
 */
export class FrameSocket {
  #options;
  #socket = null;
  #unanswered = new Map();
  #greeting = null;
  #seq = 0;
  #failures = 0;
  #heardAt = 0;
  #attempt = 0;
  #openedAt = 0;
  #pause = null;
  #state = "";

  constructor(options) {
    this.#options = options;
  }

  /** Opens the first connection and keeps one open from now on. */
  start() {
    setInterval(() => this.#tick(), TICK_MS);
    addEventListener("online", () => this.wake());
    addEventListener("offline", () => this.#drop());
    addEventListener("pageshow", () => this.wake());
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.wake());
    this.#open();
  }

  /** Queues a frame; gives its id. An id that was given before sends the same frame again. */
  send(action, data, id = frameId()) {
    const entry = { frame: this.#frame(action, data, id), sends: 0, sendsHere: 0, sentAt: 0 };
    this.#unanswered.set(id, entry);
    if (this.#state === "online") this.#transmit(entry);
    return id;
  }

  /** Forgets a frame whose effect was seen otherwise. */
  settle(id) {
    this.#unanswered.delete(id);
  }

  /** Greets again after a long silence, or tries at once to connect. */
  wake() {
    if (this.#state === "waiting") this.#open();
    else if (this.#state === "online" && Date.now() - this.#heardAt > IDLE_MS) this.#greet();
  }

  /** Ends the present connection and opens another. */
  restart() {
    this.#failures = 0;
    this.#open();
  }

  #frame(action, data, id) {
    return { v: 1, system: this.#options.system, action, id, seq: this.#seq++, data };
  }

  #tell(state, detail) {
    this.#state = state;
    this.#options.onState(state, detail);
  }

  async #open() {
    const attempt = ++this.#attempt;
    clearTimeout(this.#pause);
    this.#forgetSocket();
    this.#openedAt = Date.now();
    this.#tell("connecting");
    try {
      const address = await this.#options.connect();
      if (attempt === this.#attempt) this.#listen(new WebSocket(address));
    } catch (error) {
      if (attempt === this.#attempt) this.#failed(error);
    }
  }

  #listen(socket) {
    this.#socket = socket;
    socket.onopen = () => this.#greet();
    socket.onmessage = (event) => this.#receive(event.data);
    socket.onclose = () => this.#drop();
  }

  #greet() {
    this.#greeting = { frame: this.#frame(this.#options.greeting, {}, frameId()), sends: 0, sendsHere: 0, sentAt: 0 };
    this.#transmit(this.#greeting);
  }

  #transmit(entry) {
    if (this.#socket?.readyState !== WebSocket.OPEN) return;
    entry.sends += 1;
    entry.sendsHere += 1;
    entry.sentAt = Date.now();
    this.#socket.send(JSON.stringify(entry.frame));
  }

  #receive(text) {
    const frame = parsed(text);
    if (frame === null) return;
    this.#heardAt = Date.now();
    const isWelcome = this.#greeting !== null && frame.id === this.#greeting.frame.id;
    if (frame.action === "error" && (isWelcome || isUnknownHere(frame))) return this.#drop();
    if (frame.id) this.#unanswered.delete(frame.id);
    this.#options.onFrame(frame);
    if (isWelcome) this.#welcomed();
  }

  #welcomed() {
    this.#greeting = null;
    this.#failures = 0;
    if (this.#state !== "online") this.#tell("online");
    for (const entry of this.#unanswered.values()) if (entry.sendsHere === 0) this.#transmit(entry);
  }

  #tick() {
    const late = Date.now() - RESEND_AFTER_MS;
    if (this.#greeting !== null && this.#greeting.sentAt < late) return this.#drop();
    if (this.#state === "connecting" && Date.now() - this.#openedAt > OPEN_TIMEOUT_MS) return this.#drop();
    if (this.#state !== "online") return;
    const waiting = [...this.#unanswered.values()].filter((entry) => entry.sentAt < late);
    if (waiting.some((entry) => entry.sendsHere >= SENDS_A_CONNECTION)) return this.#drop();
    waiting.forEach((entry) => this.#transmit(entry));
  }

  #drop() {
    if (this.#socket !== null) this.#failed(new Error("closed"));
  }

  #failed(error) {
    this.#forgetSocket();
    this.#giveUp();
    if (error instanceof Refused) return this.#tell("refused", error.status);
    const pause = PAUSES_MS[Math.min(this.#failures++, PAUSES_MS.length - 1)];
    const wait = Math.max(error.retryAfterMs ?? 0, pause * (0.75 + Math.random() / 2));
    this.#pause = setTimeout(() => this.#open(), wait);
    this.#tell("waiting", Date.now() + wait);
  }

  #forgetSocket() {
    const socket = this.#socket;
    this.#socket = null;
    this.#greeting = null;
    for (const entry of this.#unanswered.values()) entry.sendsHere = 0;
    if (socket === null) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  #giveUp() {
    for (const [id, entry] of this.#unanswered) {
      if (entry.sends < MOST_SENDS) continue;
      this.#unanswered.delete(id);
      this.#options.onLost(id);
    }
  }
}

/** Whether the server no longer knows this connection: it answers then without reading the frame. */
function isUnknownHere(frame) {
  return !frame.id && frame.data?.kind === "unauthorized";
}

function parsed(text) {
  try {
    const frame = JSON.parse(text);
    return frame !== null && typeof frame === "object" ? frame : null;
  } catch {
    return null;
  }
}
