// A call as a test, and a test as a call.
import { byId, el } from "./dom.js";
import { mend } from "./caller.js";

const longest = 200_000; // characters; the server takes 256 KB

const place = () => byId("test");

export function closeTest() {
  place().hidden = true;
  place().replaceChildren();
}

// showSaved offers the file. again saves it under another name, or with other words.
export function showSaved({ name, text, differs }, about, again) {
  const file = el("input", { id: "test-name", value: name, autocomplete: "off", "aria-describedby": "name-mend" });
  const words = el("input", { id: "test-about", value: about, autocomplete: "off",
    placeholder: "A caller finds the line busy." });
  for (const input of [file, words]) input.addEventListener("change", () => again(file.value, words.value));
  const download = el("a", { class: "go", download: name,
    href: URL.createObjectURL(new Blob([text], { type: "text/plain" })) }, `Save ${name}`);
  place().replaceChildren(
    el("h3", {}, "The call as a test"),
    differs ? el("p", { class: "mend" }, `Made again, the call goes otherwise: ${differs}`) : null,
    el("div", { class: "pair" },
      el("label", { class: "field" }, "What it shows ", words),
      el("div", { class: "field" }, el("label", { for: "test-name" }, "File"), file,
        el("p", { class: "mend", id: "name-mend", hidden: true }))),
    el("pre", { id: "test-text", tabindex: "0", "aria-label": "The test" }, el("code", {}, text)),
    el("p", { class: "tools" }, download, closer(),
      el("span", { class: "about" }, "Put it into ivr/testdata/calls; go test ./ivr then places the call.")));
  place().hidden = false;
}

// showReplayed shows a file beside what happened.
export function showReplayed({ name, lines, same, error }) {
  const marks = { same: " ", missing: "−", new: "+" };
  const told = { same: "", missing: "only in the file: ", new: "really: " };
  place().replaceChildren(
    el("h3", {}, name),
    el("p", { class: same ? "fits" : "mend", role: "status", id: "verdict" },
      same ? "The call went as the file says." : error || "The call went otherwise than the file says."),
    el("ol", { class: "diff", id: "diff", tabindex: "0", "aria-label": "File and call" },
      lines.map(({ text, kind }) => el("li", { class: kind },
        el("span", { class: "mark", "aria-hidden": "true" }, marks[kind]),
        el("span", { class: "unseen" }, told[kind]), text || "\u00a0"))),
    el("p", { class: "tools" }, closer()));
  place().hidden = false;
}

function closer() {
  const close = el("button", { type: "button", class: "quiet" }, "Close");
  close.addEventListener("click", closeTest);
  return close;
}

// initReplay asks for a file's replay once one is chosen.
export function initReplay(replay) {
  byId("file").addEventListener("change", async ({ target }) => {
    const [file] = target.files;
    if (!file) return;
    mend("file", "");
    const text = await file.text();
    target.value = "";
    if (text.length > longest) return mend("file", `${file.name} is too long for a transcript of one call.`);
    replay(file.name, text);
  });
}
