package webhook

import (
	"bytes"
	"io"
	"mime"
	"net/http"
	"time"
)

// maxBody is the largest body that is read, in bytes. Twilio's are about 1 KB.
const maxBody = 64 << 10

// request is one webhook behind the gate. It is used again for others.
type request struct {
	*http.Request
	start time.Time
	form  Form
	body  bytes.Buffer
	probe bool // no call: nothing is noted
}

// refusal is a reason to turn a request away.
type refusal struct {
	status int
	reason string // in logs and metrics
	text   string // what the sender reads
}

var (
	refuseMethod = &refusal{405, "method", "Webhooks come by POST. " +
		"Set the number's webhook method to HTTP POST."}
	refuseType = &refusal{415, "media type", "A webhook is a form: " +
		"send Content-Type: application/x-www-form-urlencoded."}
	refuseSize = &refusal{413, "size", "The body is over 64 KB. Twilio's webhooks are about 1 KB."}
	refuseForm = &refusal{400, "form", "The body cannot be read as a form: " +
		"look for a % without its two digits, or a semicolon."}
	refuseBody    = &refusal{400, "body", "The body broke off before its end."}
	refuseMissing = &refusal{403, "no signature", "X-Twilio-Signature is missing. " +
		"Only Twilio can ask here; premiumline call places a simulated call."}
	refuseSignature = &refusal{403, "signature", "X-Twilio-Signature does not fit this request. " +
		"premiumline signature tells why."}
	refuseAccount = &refusal{403, "account", "This webhook is of another account."}
)

// behindGate returns the handler of a route: the gate, then the caller's answer.
func (h *handler) behindGate(
	route string, answer func(http.ResponseWriter, *request),
) http.Handler {
	m := h.Metrics.route(route)
	return http.HandlerFunc(func(w http.ResponseWriter, hr *http.Request) {
		r := h.requests.Get().(*request)
		r.Request, r.start = hr, time.Now()
		defer h.release(r)
		if why := h.admit(r); why != nil {
			h.refuse(w, r, why)
			return
		}
		outcome := m.answered
		defer func() {
			if fault := recover(); fault != nil {
				outcome = m.apologised
				h.apologise(w, r, fault)
			}
			outcome.Inc()
			m.seconds.Observe(time.Since(r.start).Seconds())
		}()
		answer(w, r)
	})
}

// release keeps a request's memory for another one. Nothing of it is read again.
func (h *handler) release(r *request) {
	r.Request, r.probe = nil, false
	r.form.Reset()
	h.requests.Put(r)
}

// admit lets a request through the gate, or returns the reason why not.
func (h *handler) admit(r *request) *refusal {
	signature := r.Header.Get("X-Twilio-Signature")
	switch {
	case r.Method != http.MethodPost:
		return refuseMethod
	case !isForm(r.Header.Get("Content-Type")):
		return refuseType
	case r.ContentLength > maxBody:
		return refuseSize
	}
	if why := r.readForm(); why != nil {
		return why
	}
	switch {
	case signature == "":
		return refuseMissing
	case !h.Verifier.Verify(r.RequestURI, signature, &r.form):
		return refuseSignature
	case r.form.Get("AccountSid") != h.Account:
		return refuseAccount
	}
	return nil
}

func isForm(contentType string) bool {
	const form = "application/x-www-form-urlencoded"
	if contentType == form || contentType == form+"; charset=UTF-8" {
		return true // as Twilio writes it; to parse it costs more than to find the page
	}
	media, _, err := mime.ParseMediaType(contentType)
	return err == nil && media == form
}

func (r *request) readForm() *refusal {
	r.body.Reset()
	n, err := r.body.ReadFrom(io.LimitReader(r.Body, maxBody+1))
	switch {
	case n > maxBody:
		return refuseSize
	case err != nil:
		return refuseBody
	case r.form.Parse(r.body.Bytes()) != nil:
		return refuseForm
	}
	return nil
}

// refuse answers a request that did not come through the gate. Neither its
// signature nor its fields are logged.
func (h *handler) refuse(w http.ResponseWriter, r *request, why *refusal) {
	h.Metrics.refuse(why.reason)
	h.logRefusal(r, why)
	if why == refuseMethod {
		w.Header().Set("Allow", http.MethodPost)
	}
	http.Error(w, why.text, why.status)
}

// logRefusal logs a refusal, unless too many were logged of late: then it is
// counted, and the next line tells how many were left out.
func (h *handler) logRefusal(r *request, why *refusal) {
	if !h.refusals.Allow() {
		h.leftOut.Add(1)
		return
	}
	h.Log.Warn("refused a request", "reason", why.reason, "status", why.status,
		"method", shortened(r.Method), "path", shortened(r.URL.Path), "left_out", h.leftOut.Swap(0))
}

// refusalsLogged is how many refusals are logged at once, and then each second:
// whoever floods the line with requests does not flood the log.
const refusalsLogged, refusalsLoggedEachSecond = 100, 1

// shortened keeps what a stranger wrote from filling the log.
func shortened(text string) string {
	if len(text) > 80 {
		return text[:80] + "..."
	}
	return text
}
