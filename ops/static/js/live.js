// The stream of snapshots. A browser reconnects by itself after most failures;
// what it gives up on, or what fell silent (a laptop that slept), is tried again.

const silence = 40_000; // ms; the server says something every 15 s
const pause = 3_000; // ms before trying again

// listen asks for snapshots of a URL's query until the returned function is
// called. heard gets each, live whether the line to the server is well.
export function listen(search, heard, live) {
  let source, watchdog, retry;
  const alive = () => {
    clearTimeout(watchdog);
    watchdog = setTimeout(reopen, silence);
    live(true);
  };
  const reopen = () => {
    live(false);
    close();
    retry = setTimeout(open, pause);
  };
  const close = () => {
    clearTimeout(watchdog);
    clearTimeout(retry);
    source.close();
  };
  const open = () => {
    source = new EventSource(`/events?${search}`);
    watchdog = setTimeout(reopen, silence);
    source.addEventListener("open", alive);
    source.addEventListener("beat", alive);
    source.addEventListener("snapshot", (event) => {
      alive();
      heard(JSON.parse(event.data));
    });
    source.addEventListener("error", () => {
      if (source.readyState === EventSource.CLOSED) reopen();
      else live(false);
    });
  };
  open();
  return close;
}
