// What has been said in a chat and what is on its way. No page and no network here: only the order of things.

/** The messages of one chat and the person's own that wait for an answer. */
export class Conversation {
  #messages = new Map();
  #outgoing = [];

  /** Whether something of the person's waits for its answer. */
  get isPending() {
    return this.#outgoing.some((own) => own.state === "pending");
  }

  /** Whether nothing has been said yet. */
  get isEmpty() {
    return this.#messages.size === 0;
  }

  /** Adds what the person says or taps, under the id of its frame. */
  add(id, text, frame) {
    const at = new Date().toISOString();
    this.#outgoing.push({ id, text, frame, at, state: "pending", detail: "", known: new Set(this.#messages.keys()) });
  }

  /** Takes the newest messages, oldest first; gives the ids of own frames that they turn out to answer. */
  takeHistory(messages) {
    messages.forEach((message) => this.#put(message, this.#messages.get(message.id)?.own));
    const inOrder = [...this.#messages.values()].sort((a, b) => Date.parse(a.message.at) - Date.parse(b.message.at));
    this.#messages = new Map(inOrder.map((held) => [held.message.id, held]));
    return this.#settled();
  }

  /** Takes one message and the id of the frame that it answers, if it answers one. */
  take(message, answeredId) {
    const own = this.#outgoing.find((each) => each.id === answeredId);
    if (own) this.#outgoing = this.#outgoing.filter((each) => each !== own && each.state !== "failed");
    this.#put(message, own ?? this.#messages.get(message.id)?.own);
  }

  /** Marks an own frame as refused or lost. */
  fail(id, detail) {
    const own = this.#outgoing.find((each) => each.id === id);
    if (own) Object.assign(own, { state: "failed", detail });
  }

  /** What a failed frame wanted, now pending again. */
  retry(id) {
    const own = this.#outgoing.find((each) => each.id === id);
    own.state = "pending";
    return own.frame;
  }

  /** Everything to show, oldest first; only the last message's buttons are live, and only while nothing is pending. */
  entries() {
    const held = [...this.#messages.values()];
    const shown = held.flatMap((each, index) => entriesOf(each, index === held.length - 1, this.isPending));
    const waiting = this.#outgoing.map(({ id, text, at, state, detail }) => ({ key: id, side: "own", text, at, state, detail }));
    return [...shown, ...waiting];
  }

  #put(message, own) {
    this.#messages.set(message.id, { message, own });
  }

  #settled() {
    const taken = new Set();
    const settled = [];
    for (const own of this.#outgoing) {
      const answer = [...this.#messages.values()].find(
        (held) => !held.own && !own.known.has(held.message.id) && !taken.has(held.message.id) && held.message.answers === own.text,
      );
      if (!answer) continue;
      taken.add(answer.message.id);
      answer.own = own;
      settled.push(own.id);
    }
    this.#outgoing = this.#outgoing.filter((own) => !settled.includes(own.id));
    return settled;
  }
}

function entriesOf({ message, own }, isLast, isPending) {
  const said = message.answers || own?.text || "";
  const key = own?.id ?? `own:${message.id}`;
  const before = said ? [{ key, side: "own", text: said, at: own?.at ?? message.at, state: "sent", detail: "" }] : [];
  const buttons = isLast ? (message.buttons ?? []) : [];
  return [...before, { key: message.id, side: "theirs", text: message.text, at: message.at, buttons, isLive: !isPending }];
}
