// The menu as a Node developer writes it: express with npm twilio's middleware and builder.
import { readFileSync } from "node:fs";
import express from "express";
import twilio from "twilio";

const menu = JSON.parse(readFileSync(process.env.MENU, "utf8"));
const app = express();
app.use(express.urlencoded({ extended: false }));
app.use(twilio.webhook({ protocol: "https", host: new URL(process.env.PUBLIC_URL).host }));

app.post("/voice", (req, res) => answer(res, forCaller(menu.greetings, req)));
app.post("/voice/en/menu", (req, res) =>
  answer(res, menu.lines[req.body.Digits] ?? forCaller(menu.wrong, req)));

// forCaller picks the page that offers the region of the caller's area code first.
function forCaller(pages, req) {
  return pages[req.body.From.slice(2, 5)] ?? pages[""];
}

function answer(res, page) {
  const response = new twilio.twiml.VoiceResponse();
  const gather = response.gather({
    input: "dtmf", action: page.action, timeout: page.timeout, numDigits: 1, finishOnKey: "",
    ...(page.empty && { actionOnEmptyResult: true }),
  });
  for (const { voice, language, sentences } of page.say) {
    const say = gather.say({ voice, language }, sentences[0]);
    for (const sentence of sentences.slice(1)) {
      say.break({ time: "500ms" });
      if (sentence) say.addText(sentence);
    }
  }
  if (page.dial) {
    response.dial({ action: page.dial.action, timeout: page.dial.timeout }).number(page.dial.number);
  }
  res.type("text/xml").send(response.toString());
}

const [host, port] = process.env.ADDR.split(":");
app.listen(Number(port), host);
