// Elements, made and filled. Text is only ever set as text, never as markup.

export const byId = (id) => document.getElementById(id);

// el makes an element: el("td", { class: "figure" }, "12"). What is null or
// undefined is left out, of attributes and of children.
export function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value != null && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat(2).filter((child) => child != null));
  return made;
}

// setText changes an element only if it says something else: a screen reader
// then hears of changes alone.
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

// columnHead makes the head of a column, of a [heading, class] pair.
export const columnHead = ([name, kind]) => el("th", { scope: "col", class: kind }, name);

// table makes a table of rows, the first cell of each its heading. columns are
// [heading, class] pairs.
export function table(caption, columns, rows) {
  const cell = (value, i) => i
    ? el("td", { class: columns[i][1] }, value) : el("th", { scope: "row" }, value);
  return el("table", {},
    el("caption", { class: "unseen" }, caption),
    el("thead", {}, el("tr", {}, columns.map(columnHead))),
    el("tbody", {}, rows.map((row) => el("tr", {}, row.map(cell)))));
}

// dataTable gives a chart's figures to those who cannot, or would rather not,
// read the drawing. It stays open while the figures change.
export function dataTable(section, columns, rows) {
  let details = section.querySelector("details.data");
  if (!details) {
    details = el("details", { class: "data" }, el("summary", {}, "As a table"));
    section.append(details);
  }
  details.querySelector("table")?.remove();
  details.append(table(section.querySelector("h2").textContent, columns, rows));
}
