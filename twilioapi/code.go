package twilioapi

// Meaning is what one of Twilio's codes means.
type Meaning struct {
	Says  string // what is wrong
	Mend  string // what to do
	Class Class
}

// MeaningOf returns what a code of Twilio's means, and whether it is known here. Codes are of
// requests that were refused, of texts that did not arrive, and of alerts about our webhooks.
func MeaningOf(code int) (Meaning, bool) {
	m, known := meanings[code]
	return m, known
}

const (
	inTheConsole = "copy TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN from the Twilio console"
	byItself     = "it is tried again; if it goes on, see https://status.twilio.com"
	notByText    = "nothing: the number was read out on the call"
	sameInCall   = "see our log at that time; premiumline call --url asks the same as Twilio"
	inDirectory  = "ring the number, and mend it in directory.yaml"
	voices       = "check voice and tag in prompts/*.yaml"
	isABug       = "our document is at fault: report it, with the page's URL"
)

var meanings = map[int]Meaning{
	// Refused requests.
	429:   {"too many requests at once", "wait; " + byItself, Retry},
	20001: {"a parameter is not what Twilio takes", "report it: this program sent it", Permanent},
	20003: {"Twilio does not accept the account SID with this auth token", inTheConsole, Permanent},
	20005: {"the account is not active", "see the console for why it is suspended", Permanent},
	20008: {"test credentials cannot do this", inTheConsole + ", the live ones", Permanent},
	20404: {"this account has nothing of that name", "check the number or SID, and whether it " +
		"belongs to another (sub-)account", Permanent},
	20429: {"too many requests", "wait; " + byItself, Retry},
	20500: {"Twilio has a fault of its own", byItself, Retry},
	20503: {"Twilio is not available", byItself, Retry},
	21222: {"the account SID has characters that none has", inTheConsole, Permanent},
	21224: {"the auth token has characters that none has", inTheConsole, Permanent},
	21402: {"a URL is not valid", "write it with https:// and a host that is public", Permanent},
	21403: {"a method is neither GET nor POST", isABug, Permanent},
	21405: {"a fallback URL needs a voice URL before it", "set the voice URL too", Permanent},
	21406: {"an SMS fallback URL needs an SMS URL before it", "set the SMS URL too", Permanent},
	21421: {"the number is not valid", "write it in E.164 form, +18005550199", Permanent},
	21502: {"a callback's URL is not valid", "check PUBLIC_URL: https:// and a public host",
		Permanent},

	// Texts that are refused at once.
	21211: {"the caller's number is not valid", notByText, Permanent},
	21212: {"the sender is not valid", "set MESSAGING_FROM to a number of the account", Permanent},
	21408: {"the account may not text to that country", "allow it in the console, under " +
		"Messaging, Geo permissions", Permanent},
	21601: {"the sender has no SMS capability", "set MESSAGING_FROM to a number that has", Permanent},
	21602: {"the text is empty", isABug, Permanent},
	21603: {"the text has no sender", "set MESSAGING_FROM", Permanent},
	21604: {"the text has nobody to go to", isABug, Permanent},
	21606: {"the sender is no number of the account that can text", "set MESSAGING_FROM to one; " +
		"premiumline doctor checks it", Permanent},
	21608: {"a trial account texts only numbers that were verified", "verify the number, or " +
		"upgrade the account", Permanent},
	21609: {"the text's callback URL is not valid", "check PUBLIC_URL", Permanent},
	21610: {"the person texted STOP to this sender", "nothing: they are not texted again", Stopped},
	21611: {"the sender has too many texts waiting", byItself, Retry},
	21612: {"there is no way from this sender to that number", "use a sender of the same country",
		Permanent},
	21614: {"the caller's number is no mobile phone", notByText, Permanent},
	21617: {"the text is longer than 1600 characters", isABug, Permanent},
	21635: {"the caller's number is a landline", notByText, Permanent},
	21703: {"the messaging service has no sender", "add a number to its sender pool", Permanent},
	21704: {"the messaging service has no sender", "add a number to its sender pool", Permanent},
	21705: {"there is no such messaging service", "check the SID in MESSAGING_FROM", Permanent},
	14107: {"texts are sent faster than the account may", byItself, Retry},

	// Texts that did not arrive.
	30001: {"the sender's queue was full", "send fewer texts at once, or add senders", Permanent},
	30002: {"the account was suspended before the text went out", "see the console", Permanent},
	30003: {"the phone is off, out of reach or gone", notByText, Permanent},
	30004: {"the phone does not take this sender's texts", notByText, Permanent},
	30005: {"the number is not in service", notByText, Permanent},
	30006: {"the number is a landline, or its carrier takes no texts", notByText, Permanent},
	30007: {"a carrier filtered the text", "if it happens often, check the campaign's or toll-free " +
		"registration against the text that is sent", Permanent},
	30008: {"the text did not arrive, and the carrier does not say why", notByText, Permanent},
	30022: {"the campaign's rate is used up", "ask for more, or text fewer people", Permanent},
	30032: {"the toll-free number is not verified", "finish its verification in the console",
		Permanent},
	30034: {"the US number belongs to no registered campaign", "register one (A2P 10DLC), and set " +
		"MESSAGING_FROM to its messaging service", Permanent},

	// Alerts about our webhooks and documents.
	11200: {"a webhook failed", "403: premiumline signature; else " + sameInCall, Permanent},
	11205: {"no connection to a webhook", "check that PUBLIC_URL's host answers from outside, port " +
		"443", Permanent},
	11206: {"a webhook's answer broke off", "look for a proxy that ends connections", Permanent},
	11210: {"a webhook's host name does not resolve", "mend the DNS record of PUBLIC_URL's host",
		Permanent},
	11217: {"a webhook answered with an error status", "403: premiumline signature; else " +
		sameInCall, Permanent},
	11220: {"no TLS connection to a webhook", "renew the certificate of PUBLIC_URL's host, with " +
		"its whole chain", Permanent},
	11235: {"the certificate is for another host", "get one for PUBLIC_URL's host", Permanent},
	11236: {"the certificate has expired", "renew it", Permanent},
	11237: {"the certificate's chain is not trusted", "serve the intermediate certificates too",
		Permanent},
	11750: {"an answer was over 64 KB", "a proxy answers in our place: see what it says", Permanent},
	11751: {"a media file was too large", isABug, Permanent},
	12100: {"an answer was no XML", "a proxy answers in our place: see what it says", Permanent},
	12200: {"an answer was XML, but no TwiML", isABug, Permanent},
	12300: {"an answer was of another content type", "a proxy answers in our place: see what it says",
		Permanent},
	13214: {"a transfer was refused for its caller ID", "set CALLER_ID to a number of the account",
		Permanent},
	13223: {"a transfer's number has no valid form", inDirectory, Permanent},
	13224: {"a transfer's number is not in use", inDirectory, Permanent},
	13225: {"a transfer's number is one that Twilio does not call", inDirectory, Permanent},
	13226: {"a transfer's number is of no country", inDirectory, Permanent},
	13227: {"the account may not call that country", "allow it in the console, under Voice, Geo " +
		"permissions", Permanent},
	13310: {"a Gather's finishOnKey is not valid", isABug, Permanent},
	13311: {"a Gather's finishOnKey is not valid", isABug, Permanent},
	13312: {"a Gather's method is not valid", isABug, Permanent},
	13313: {"a Gather's timeout is not valid", isABug, Permanent},
	13314: {"a Gather's numDigits is not valid", isABug, Permanent},
	13320: {"a Gather holds what it may not", isABug, Permanent},
	13321: {"the voice of a Say is not valid", voices, Permanent},
	13322: {"a Say's loop is not valid", isABug, Permanent},
	13325: {"a Gather plays what is no sound", isABug, Permanent},
	13510: {"a Say's loop is not valid", isABug, Permanent},
	13511: {"the voice of a Say is not valid", voices, Permanent},
	13512: {"the language of a Say is not valid", voices, Permanent},
	13520: {"a Say's text is not valid", "check prompts/*.yaml", Permanent},
	13521: {"a Say's text cannot be spoken", "check prompts/*.yaml", Permanent},
}
