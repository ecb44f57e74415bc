// The text box: grows with the text, Enter sends where there is a real keyboard, and never sends nothing.

const TOLD_LEFT = 200;
const TALLEST_PX = 160;
const HALF_LETTER = /\p{Surrogate}/gu;

/** Makes a form of a text area and a button send texts to `onSay`; `tellLeft` names how many characters are left. */
export function composer(form, tellLeft, onSay) {
  const { text, send } = form.elements;
  const left = form.querySelector("#left");
  const hasKeyboard = matchMedia("(pointer: fine)");

  const fit = () => {
    send.disabled = text.value.trim() === "";
    text.style.height = "auto";
    text.style.height = `${Math.min(text.scrollHeight + 2, TALLEST_PX)}px`;
    const remaining = text.maxLength - text.value.length;
    left.hidden = remaining > TOLD_LEFT;
    left.textContent = left.hidden ? "" : tellLeft(remaining);
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const said = text.value.trim().replace(HALF_LETTER, "\uFFFD");
    if (said === "") return;
    text.value = "";
    fit();
    onSay(said);
  });
  text.addEventListener("input", fit);
  text.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || !hasKeyboard.matches) return;
    event.preventDefault();
    form.requestSubmit();
  });
  fit();
}
