// How numbers, times and names are written.

const whole = new Intl.NumberFormat();
const tenths = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });

export const count = (n) => whole.format(n);
export const percent = (n) => `${tenths.format(n)}%`;
export const part = (n, all) => all ? percent(100 * n / all) : "–";
export const plural = (n, one, many) => `${count(n)} ${n === 1 ? one : many}`;
export const milliseconds = (n) => n ? `${tenths.format(n)} ms` : "";

// duration writes seconds: "14 s", "2 min 05 s".
export function duration(seconds) {
  if (seconds == null) return "–";
  if (seconds < 60) return `${seconds} s`;
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, "0")} s`;
}

const format = (options) => new Intl.DateTimeFormat(undefined, options);
const clock = format({ hour: "2-digit", minute: "2-digit", second: "2-digit" });
const day = format({ day: "numeric", month: "short" });
const weekday = format({ weekday: "short", day: "numeric", month: "short" });
const dateTime = format({ dateStyle: "medium", timeStyle: "short" });
const hourOfDay = format({ hour: "numeric" });
const oneDay = 24 * 60 * 60 * 1000;

// parts of a day as the server writes it, "2026-11-23", are of no time zone.
const localDay = (text) => new Date(`${text.slice(0, 10)}T00:00:00`);

export const time = (text) => clock.format(new Date(text));
export const fullTime = (text) => dateTime.format(new Date(text));
export const dayName = (text) => weekday.format(localDay(text));
export const hourName = (hour) => hourOfDay.format(new Date(2000, 0, 1, hour));

// moment writes when a call was: the time, and the day unless it is today.
export function moment(text) {
  const at = new Date(text);
  const today = at.toDateString() === new Date().toDateString();
  return today ? clock.format(at) : `${day.format(at)}, ${clock.format(at)}`;
}

// since writes how long ago a day was.
export function since(text) {
  const days = Math.floor((Date.now() - localDay(text)) / oneDay);
  return days < 1 ? "today" : days === 1 ? "yesterday" : `${plural(days, "day", "days")} ago`;
}

const languages = new Intl.DisplayNames(undefined, { type: "language" });

export function language(tag) {
  try {
    return tag ? languages.of(tag) : "not chosen";
  } catch {
    return tag; // not a BCP 47 tag
  }
}

// names are the regions' by their IDs, as the directory in use has them.
let names = {};
export function useNames(directory) {
  names = Object.fromEntries(directory.phones.map((phone) => [phone.region, phone.name]));
}
export const region = (id) => names[id] ?? capital(id.replaceAll("-", " "));

const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

// page writes a page of the call flow: "en/number/georgia/busy" is
// "Number · Georgia · busy (en)".
export function page(name) {
  const [tag, ...path] = name.split("/");
  return path.length ? `${step(path.join("/"))} (${tag})` : name;
}

// step writes a page without its language.
export function step(name) {
  const [kind, ...rest] = name.split("/");
  const more = rest.map((word) => names[word] ?? word.replaceAll("-", " "));
  return [capital(kind), ...more].join(" · ");
}

// phone writes a number of the North American plan in groups.
export function phone(number) {
  const groups = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(number);
  return groups ? `1-${groups[1]}-${groups[2]}-${groups[3]}` : number;
}

export const sentence = capital;
