// The period that is shown. It stands in the URL, so that a reload keeps it and
// a colleague can be sent there.
import { byId } from "./dom.js";

const titles = { "today": "Calls today", "7d": "Calls in 7 days", "30d": "Calls in 30 days" };

export function current() {
  const named = new URLSearchParams(location.search).get("period");
  return named in titles ? named : "today";
}

// search is the query for the server: its days and hours are this browser's.
export function search() {
  const query = new URLSearchParams({ period: current() });
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  if (timeZone && timeZone !== "Etc/Unknown") query.set("zone", timeZone);
  return query.toString();
}

// onChange calls back whenever another period is chosen, and at once.
export function onChange(changed) {
  const apply = () => {
    byId("title").textContent = titles[current()];
    byId("export").href = `/calls.csv?${search()}`;
    for (const link of byId("periods").children) {
      if (link.dataset.period === current()) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    changed();
  };
  byId("periods").addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (link.dataset.period === current()) return;
    history.pushState(null, "", link.href);
    apply();
  });
  addEventListener("popstate", apply);
  apply();
}
