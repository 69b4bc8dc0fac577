// The page: a stream of snapshots, each drawn whole.
import { clearCalls, showCalls } from "./calls.js";
import { byId, setText } from "./dom.js";
import { showFigures } from "./figures.js";
import { listen } from "./live.js";
import { current, onChange, search } from "./period.js";
import { showPlant } from "./plant.js";
import {
  showBanners, showEmpty, showLamps, showLive, showNothing, showUnavailable,
} from "./states.js";
import { plural, time, useNames } from "./words.js";

let drawn = ""; // when figures of this period were last drawn; "": not yet
let stop = () => {};

onChange(() => {
  stop();
  drawn = "";
  clearCalls();
  stop = listen(search(), show, live);
});

function show(snapshot) {
  if (snapshot.period !== current()) return;
  useNames(snapshot.directory);
  showLamps(snapshot);
  showPlant(snapshot);
  showBanners(snapshot, drawn);
  if (snapshot.figures) showRecords(snapshot);
  else if (!drawn) showUnavailable(snapshot.unavailable);
  if (!drawn) byId("board").hidden = true;
  byId("board").classList.toggle("stale", !snapshot.figures);
}

function showRecords({ figures, calls, period }) {
  drawn = time(new Date());
  const empty = figures.all.calls === 0;
  if (empty) showEmpty(period);
  else showNothing();
  byId("board").hidden = empty && !figures.now; // shown before charts measure themselves
  byId("charts").hidden = byId("calls").hidden = empty;
  showFigures(figures, period);
  const news = showCalls(calls);
  if (news) say(`${plural(news, "new call", "new calls")}, ${figures.now} on the line.`);
  document.title = figures.now ? `${figures.now} on the line · premiumline` : "premiumline";
}

// say tells those who do not see the page what changed.
const say = (text) => setText(byId("news"), text);

let alive = true;
function live(now) {
  showLive(now);
  if (now !== alive) say(now ? "Connected again." : "The connection is lost; trying again.");
  alive = now;
}
