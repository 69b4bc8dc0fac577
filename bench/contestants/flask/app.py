"""The menu as a Python developer writes it: flask with python3-twilio."""

import json
import os
from functools import wraps

from flask import Flask, Response, abort, request
from twilio.request_validator import RequestValidator
from twilio.twiml.voice_response import Say, VoiceResponse

app = Flask(__name__)
validator = RequestValidator(os.environ["TWILIO_AUTH_TOKEN"])
public_url = os.environ["PUBLIC_URL"]
with open(os.environ["MENU"], encoding="utf-8") as file:
    menu = json.load(file)


def signed(view):
    @wraps(view)
    def checked():
        signature = request.headers.get("X-Twilio-Signature", "")
        if not validator.validate(public_url + request.path, request.form, signature):
            abort(403)
        return Response(str(view()), mimetype="text/xml")

    return checked


@app.post("/voice")
@signed
def greeting():
    return response(for_caller(menu["greetings"]))


@app.post("/voice/en/menu")
@signed
def choice():
    return response(menu["lines"].get(request.form["Digits"]) or for_caller(menu["wrong"]))


def for_caller(pages):
    """The page that offers the region of the caller's area code first."""
    return pages.get(request.form["From"][2:5], pages[""])


def response(page):
    answer = VoiceResponse()
    gather = answer.gather(
        input="dtmf", action=page["action"], timeout=page["timeout"], num_digits=1,
        finish_on_key="", action_on_empty_result=page["empty"] or None,
    )
    for part in page["say"]:
        say = Say(part["sentences"][0], voice=part["voice"], language=part["language"])
        for sentence in part["sentences"][1:]:
            say.break_(time="500ms")
            if sentence:
                say.append(sentence)
        gather.append(say)
    if dial := page.get("dial"):
        answer.dial(action=dial["action"], timeout=dial["timeout"]).number(dial["number"])
    return answer
