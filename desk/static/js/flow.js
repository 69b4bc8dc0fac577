// The call flow, for callers to one region: a page a box, the one the call is on lit.
import { layout, Graph } from "../vendor/dagre.esm.js";
import { byId, el } from "./dom.js";

const height = 38;
let pages = [], current = "", begin = () => {}, drawn = "";

export function initFlow(onBegin) {
  begin = onBegin;
  for (const id of ["flow-about", "flow-language", "flow-every"]) byId(id).addEventListener("change", draw);
}

const words = (id) => id.split(/[-.]/).map((w) => w[0].toUpperCase() + w.slice(1)).join(" ");
const wide = (page) => Math.max(62, Math.max(page.kind.length, page.why.length) * 7 + 18);

export function showPages(all) {
  pages = all;
  drawn = "";
  fill("flow-about", [...new Set(all.filter((p) => p.kind === "number").map((p) => p.about))], words);
  fill("flow-language", [...new Set(all.map((p) => p.language))],
    (tag) => new Intl.DisplayNames(["en"], { type: "language" }).of(tag));
  draw();
}

function fill(id, values, name) {
  const before = byId(id).value;
  byId(id).replaceChildren(...values.map((value) => el("option", { value }, name(value))));
  if (values.includes(before)) byId(id).value = before;
}

// showPage lights the page the call is on; the drawing follows it to another region
// or language.
export function showPage(name) {
  if (name === current) return;
  current = name;
  const page = pages.find((p) => p.name === name);
  if (page) {
    byId("flow-language").value = page.language;
    chooseRegion(page.about);
  }
  draw();
}

// chooseRegion has the drawing be of callers to a region, if it is one.
export function chooseRegion(about) {
  if ([...byId("flow-about").options].some((o) => o.value === about)) byId("flow-about").value = about;
}

// shown is the pages that callers to the chosen region can meet. Those only met when
// something breaks are left out, unless the call is there.
function shown() {
  const language = byId("flow-language").value, about = byId("flow-about").value;
  return pages.filter((p) => p.language === language && (p.starts || p.name === current)
    && (!p.about || p.about === about
      || p.kind === "which" && p.about.split(".").includes(about)));
}

// passes are why a page is heard again, in the same words: drawn only if every pass
// is wanted, or the call is there.
const passes = ["again", "last", "wrong", "list", "unknown", "outside", "sorry"];
const isPass = (page) => passes.includes(page.why) && page.name !== current
  && !(page.kind === "menu" && page.why === "again");

// first is the page that another is a further pass of.
const first = (all, page) => all.find((p) => p.kind === page.kind && p.about === page.about && !p.why);

// ways is the passages between the pages that are drawn: one to a pass that is not
// leads to the page itself. A further pass has the keys of the first: only what
// differs is drawn.
function ways(all, drawn) {
  const names = new Set(drawn.map((p) => p.name));
  const target = (name) => {
    const page = all.find((p) => p.name === name);
    return names.has(name) || !page ? name : first(all, page)?.name;
  };
  const leads = (page) => page.leads.map((way) => ({ ...way, to: target(way.to) }));
  return drawn.flatMap((page) => {
    const before = page.why && first(all, page);
    const known = new Set((before ? leads(before) : []).map((way) => `${way.to} ${way.label}`));
    const found = new Map();
    for (const { to, label } of leads(page)) {
      if (!names.has(to) || to === page.name || to === before?.name || known.has(`${to} ${label}`)) continue;
      found.set(to, found.has(to) ? `${found.get(to)}, ${label}` : label);
    }
    // pound leads back to the menu from everywhere in help
    return [...found].map(([to, label]) => ({ from: page.name, to, label }))
      .filter((way) => way.label !== "pound" || !way.to.endsWith("/menu"));
  });
}

export function draw() {
  if (byId("flow").hidden || !pages.length) return;
  const key = [byId("flow-language").value, byId("flow-about").value, byId("flow-every").checked].join(" ");
  if (key !== drawn || !byId("drawing").querySelector(`[data-page="${current}"]`)) {
    drawn = key;
    byId("drawing").replaceChildren(drawing(shown()));
  }
  for (const box of byId("drawing").querySelectorAll("[data-page]")) {
    const lit = box.dataset.page === current;
    if (lit) box.setAttribute("aria-current", "step");
    else box.removeAttribute("aria-current");
    if (lit) centre(box);
  }
}

function centre(box) {
  const frame = byId("drawing"), at = box.getBoundingClientRect(), in_ = frame.getBoundingClientRect();
  frame.scrollTop += at.top + at.height / 2 - in_.top - in_.height / 2;
  frame.scrollLeft += at.left + at.width / 2 - in_.left - in_.width / 2;
}

const label = (page) => page.why ? `${page.kind} ${page.why}` : page.kind;

function drawing(pages) {
  const all = byId("flow-every").checked ? pages : pages.filter((p) => !isPass(p));
  const graph = new Graph({ multigraph: true });
  graph.setGraph({ rankdir: "TB", nodesep: 12, ranksep: 28, edgesep: 6, marginx: 10, marginy: 10 });
  graph.setDefaultEdgeLabel(() => ({}));
  const start = (page) => Number(page.kind !== "menu" || page.why !== "");
  for (const page of all.toSorted((a, b) => start(a) - start(b))) graph.setNode(page.name, { page, width: wide(page), height });
  for (const way of ways(pages, all)) {
    graph.setEdge(way.from, way.to, { text: way.label, width: way.label.length * 6.2 + 4, height: 14, labelpos: "c" });
  }
  layout(graph);
  const { width, height: tall } = graph.graph();
  const root = svg("svg", { viewBox: `0 0 ${width} ${tall}`, width, height: tall, role: "group",
    class: byId("flow-every").checked ? "" : "fits",
    "aria-label": "Pages of the call flow" });
  root.append(arrow(), ...graph.edges().map((e) => edge(graph.edge(e))),
    ...graph.nodes().map((name) => box(graph.node(name))));
  return root;
}

function svg(tag, attributes, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

const arrow = () => svg("defs", {}, svg("marker", { id: "arrow", viewBox: "0 0 8 8", refX: 7, refY: 4,
  markerWidth: 7, markerHeight: 7, orient: "auto" }, svg("path", { d: "M0 0 8 4 0 8Z", class: "tip" })));

function edge({ points, text, x, y }) {
  const [first, ...rest] = points;
  const path = [`M${first.x} ${first.y}`];
  for (let i = 0; i < rest.length - 1; i++) {
    const next = i === rest.length - 2 ? rest[i + 1]
      : { x: (rest[i].x + rest[i + 1].x) / 2, y: (rest[i].y + rest[i + 1].y) / 2 };
    path.push(`Q${rest[i].x} ${rest[i].y} ${next.x} ${next.y}`);
  }
  if (rest.length === 1) path.push(`L${rest[0].x} ${rest[0].y}`);
  return svg("g", { class: "way", "aria-hidden": "true" },
    svg("path", { d: path.join(""), "marker-end": "url(#arrow)" }),
    svg("text", { x, y: y + 4, "text-anchor": "middle" }, text));
}

function box({ page, x, y, width }) {
  const name = `${label(page)}${page.about ? `, ${words(page.about)}` : ""}`;
  const made = svg("g", { class: "page", "data-page": page.name, "data-kind": page.kind, role: "button", tabindex: 0,
    "aria-label": `Begin a call at ${name}`, transform: `translate(${x - width / 2} ${y - height / 2})` },
  svg("rect", { width, height, rx: 8 }),
  svg("text", { "text-anchor": "middle" }, ...[page.kind, page.why].filter(Boolean).flatMap((text, i, all) => [
    i ? " " : "", svg("tspan", { x: width / 2, y: height / 2 + 4.5 + (i - (all.length - 1) / 2) * 14,
      class: i ? "why" : "kind" }, text)])));
  const go = () => begin(page.name);
  made.addEventListener("click", go);
  made.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    go();
  });
  return made;
}
