// The server's endpoints; every address is relative, so that the page works under any prefix.

async function answerOf(response) {
  const body = await response.json();
  if (!response.ok) throw new Error(body.error || response.statusText);
  return body;
}

async function post(path, body = {}) {
  const headers = { "Content-Type": "application/json" };
  return answerOf(await fetch(path, { method: "POST", headers, body: JSON.stringify(body) }));
}

const chatPath = (personId, bot) => `people/${personId}/chats/${encodeURIComponent(bot)}`;

export const listing = async () => answerOf(await fetch("people"));
export const createPerson = (fields) => post("people", fields);
export const act = (personId, bot, name, body) => post(`${chatPath(personId, bot)}/${name}`, body);
export const redeliver = (bot) => post(`bots/${encodeURIComponent(bot)}/redeliver`);

export async function view(personId, bot, after, signal) {
  const query = after === null ? "" : `?after=${after}&wait_s=20`;
  return answerOf(await fetch(chatPath(personId, bot) + query, { signal }));
}
