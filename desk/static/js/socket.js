// The socket of this tab. Every message is answered by one, in order; what the
// server says of its own accord is of the line.

let socket;
const waiting = []; // who awaits an answer, in order
const listeners = { line: () => {}, live: () => {} };

export function connect(onLine, onLive) {
  Object.assign(listeners, { line: onLine, live: onLive });
  addEventListener("pagehide", () => socket.close()); // a page that is kept for "back" has hung up
  open();
}

function open() {
  socket = new WebSocket(`ws://${location.host}/call`);
  socket.addEventListener("open", () => listeners.live(true));
  socket.addEventListener("message", ({ data }) => {
    const message = JSON.parse(data);
    if (message.is === "line") listeners.line(message);
    else waiting.shift()?.(message);
  });
  socket.addEventListener("close", () => {
    listeners.live(false);
    while (waiting.length) waiting.shift()({ is: "refused", field: "", text: "The server is gone." });
    setTimeout(open, 1000);
  });
}

// ask sends a message and returns the promise of its answer.
export function ask(message) {
  if (socket?.readyState !== WebSocket.OPEN) {
    return Promise.resolve({ is: "refused", field: "",
      text: "The server is gone: start premiumline dev again." });
  }
  socket.send(JSON.stringify(message));
  return new Promise((resolve) => waiting.push(resolve));
}
