// What a page keeps in the browser; where storage is refused it lives as long as the page.

const memory = new Map();

/** What was kept under a name, or null. */
export function kept(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return memory.get(name) ?? null;
  }
}

/** Keeps a text under a name. */
export function keep(name, text) {
  try {
    localStorage.setItem(name, text);
  } catch {
    memory.set(name, text);
  }
}
