// The keys of the phone, under the finger and on the keyboard.
import { byId, el } from "./dom.js";
import { dtmf, wake } from "./tones.js";

const letters = { 2: "ABC", 3: "DEF", 4: "GHI", 5: "JKL", 6: "MNO", 7: "PQRS", 8: "TUV", 9: "WXYZ", 0: "+" };
const names = { "*": "star", "#": "pound" };
const writing = "input:not([type=range]), textarea, select";

export function initKeypad(pressed) {
  for (const key of "123456789*0#") {
    const button = el("button", { type: "button", class: "key", "data-key": key,
      "aria-label": names[key] }, el("span", {}, key), " ", el("small", {}, letters[key] ?? ""));
    button.addEventListener("click", () => press(key));
    byId("keypad").append(button);
  }
  const press = (key) => {
    wake();
    dtmf(key);
    mend("");
    flash(key);
    pressed(key);
  };
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.(writing)) return;
    if (/^[0-9*#]$/.test(event.key)) press(event.key);
    else if (/^[a-z]$/i.test(event.key)) mend(`A phone has no key “${event.key}”: use 0 to 9, * and #.`);
  });
}

function flash(key) {
  const button = byId("keypad").querySelector(`[data-key="${key}"]`);
  button.classList.add("down");
  setTimeout(() => button.classList.remove("down"), 150);
}

export function mend(text) {
  byId("key-error").hidden = !text;
  byId("key-error").textContent = text;
}
