// The buttons under a message: rows as the server gave them, times and days in one even grid.

import { element } from "/assets/shared/elements.js";

const TIME = /^\d{1,2}[:.]\d{2}$/;
const DAY = /^\p{L}{2,4}[.,]* \d{1,2} \p{L}{3,9}\.?$/u;
const TURN = /^[‹←]|[›→]$/u;

/** A group of buttons; `onTap` gets the tapped one's button. */
export function choices(rows, label, onTap) {
  const group = element("div", { class: "choices", role: "group", "aria-label": label });
  for (const block of blocks(rows)) {
    const made = block.buttons.map((button) => choice(button, onTap));
    group.append(element("div", { class: `choices-${block.kind}`, "data-columns": String(block.columns) }, ...made));
  }
  return group;
}

function choice(button, onTap) {
  const look = TURN.test(button.label) ? "choice choice-turn" : "choice";
  return element("button", { type: "button", class: look, click: () => onTap(button) }, button.label);
}

/** Rows brought together: neighbouring rows of times, or of days, become one grid. */
function blocks(rows) {
  const found = [];
  for (const row of rows.filter((each) => each.length > 0)) {
    const kind = kindOf(row);
    const last = found.at(-1);
    if (kind !== "row" && last?.kind === kind) last.buttons.push(...row);
    else found.push({ kind, buttons: [...row], columns: columnsOf(row) });
  }
  return found;
}

function kindOf(row) {
  if (row.every((button) => TIME.test(button.label))) return "times";
  return row.every((button) => DAY.test(button.label)) ? "days" : "row";
}

function columnsOf(row) {
  const longest = Math.max(...row.map((button) => [...button.label].length));
  const most = longest <= 6 ? 4 : longest <= 11 ? 3 : longest <= 18 ? 2 : 1;
  return Math.min(row.length, most);
}
