// The lamps, the banners, and what stands in place of the figures.
import { byId, el, setText } from "./dom.js";

function lamp(id, state, text) {
  byId(id).dataset.state = state;
  setText(byId(id), text);
}

export function showLamps({ stopped, store }) {
  lamp("line-state", stopped ? "bad" : "good", stopped ? "Line cannot answer" : "Line answers");
  lamp("store-state", store.ok ? "good" : "warn", store.ok ? "Recording" : "Records unavailable");
}

export function showLive(live) {
  lamp("live-state", live ? "good" : "warn", live ? "Live" : "Reconnecting");
}

const paragraphs = (lines) => lines.filter(Boolean).map((line) => el("p", {}, line));
const banner = (kind, ...lines) => el("div", { class: `banner ${kind}` }, paragraphs(lines));

// showBanners tells what is broken; old is when the figures on the page are from,
// "" while they are today's truth.
export function showBanners({ stopped, unavailable, store, directory }, old) {
  const all = [];
  if (stopped) all.push(banner("bad", "The line cannot answer calls.", stopped));
  if (unavailable && old) {
    all.push(banner("", `Call records are unavailable. These figures are from ${old}.`,
      "Calls go on; what they do is kept in memory until the store is back.", unavailable));
  }
  if (store.dropped) {
    all.push(banner("", `${store.dropped} events of calls were lost: the figures are too low.`,
      store.error));
  }
  if (directory.refused) {
    all.push(banner("", "The newest directory was not taken; the line answers with the one before.",
      directory.refused));
  }
  const key = all.map((element) => element.textContent).join("\n");
  if (byId("banners").dataset.key === key) return; // a screen reader should not hear it again
  byId("banners").dataset.key = key;
  byId("banners").replaceChildren(...all);
}

const svg = "http://www.w3.org/2000/svg";
function icon(path) {
  const drawing = document.createElementNS(svg, "svg");
  drawing.setAttribute("viewBox", "0 0 24 24");
  drawing.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(svg, "path");
  line.setAttribute("d", path);
  drawing.append(line);
  return drawing;
}
const handset = "M6.5 3.5 9 4l1.5 4-2 1.5a11 11 0 0 0 6 6l1.5-2 4 1.5.5 2.5c-.5 2-2 3-3.5 3"
  + "A14.5 14.5 0 0 1 3.5 7c0-1.5 1-3 3-3.5Z";
const store = "M4 6c0-1.7 3.6-3 8-3s8 1.3 8 3-3.6 3-8 3-8-1.3-8-3v12"
  + "c0 1.7 3.6 3 8 3 1.2 0 2.4-.1 3.5-.3M20 6v7M4 12c0 1.7 3.6 3 8 3M17 17l4 4m0-4-4 4";

// put sets something in the place of the figures, under a name of its own; ""
// takes it away.
function put(name, picture, title, ...lines) {
  const state = byId("state");
  state.hidden = !name;
  if (!name || state.dataset.name === name) return;
  state.dataset.name = name;
  state.replaceChildren(icon(picture), el("h2", {}, title), ...paragraphs(lines));
}

const quiet = {
  "today": "No calls yet today", "7d": "No calls in the last 7 days", "30d": "No calls yet",
};

export const showNothing = () => put("");
export const showEmpty = (period) => put(`empty ${period}`, handset, quiet[period],
  "The line is ready. What callers do appears here by itself.",
  "To place a simulated one, from a terminal that has the line's settings:",
  el("code", {}, "premiumline call --url http://127.0.0.1:8080"));
export const showUnavailable = (reason) => put(`unavailable ${reason}`, store,
  "Call records are unavailable",
  "Calls go on without delay: the line does not need its records to answer. What callers do is "
  + "kept in memory and written when the store is back; this page then shows it by itself.",
  el("code", {}, reason));
