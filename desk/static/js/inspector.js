// Every webhook, as it went out and what came back.
import { byId, el } from "./dom.js";

const verdicts = { good: "Signature fits", bad: "Signature does not fit", missing: "Not signed" };

export function showHook(row) {
  if (!row.hook || byId(`hook-${row.n}`)) return;
  byId("no-hooks").hidden = true;
  byId("hook-list").append(hook(row));
}

export function clearHooks() {
  byId("hook-list").replaceChildren();
  byId("no-hooks").hidden = false;
}

function hook({ n, hook: w, page }) {
  const path = new URL(w.url).pathname;
  const status = w.status || "no answer";
  const summary = el("summary", {},
    el("span", { class: "tag", "data-good": !w.failed }, `${status}`),
    el("span", { class: "path" }, `${w.method} ${path}`),
    el("span", { class: "took" }, `${w.took.toFixed(1)} ms`),
    el("span", { class: "to" }, w.again ? "the same again" : "", page ? ` → ${page}` : ""));
  const copied = el("span", { role: "status", class: "copied" });
  const copy = el("button", { type: "button", class: "quiet" }, "Copy as curl");
  copy.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(w.curl);
      copied.textContent = "Copied, signed.";
    } catch {
      copied.replaceChildren(el("code", {}, w.curl));
    }
  });
  return el("li", { id: `hook-${n}` }, el("details", {}, summary, el("div", { class: "inside" },
    w.failed ? el("p", { class: "mend" }, w.failed) : null,
    el("p", { class: "sign", "data-verdict": w.verdict }, verdicts[w.verdict],
      w.signature ? el("code", {}, w.signature) : null),
    el("p", { class: "tools" }, copy, copied),
    el("h3", {}, "Answer"),
    el("pre", { tabindex: "0", "aria-label": `Answer to ${path}` }, el("code", {}, w.answer || "(empty)")),
    el("h3", {}, "Form"),
    el("dl", { class: "form" }, w.form.map(([name, value]) =>
      el("div", {}, el("dt", {}, name), el("dd", {}, value || "(empty)")))))));
}
