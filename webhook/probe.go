package webhook

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strings"
)

// ProbeField is the form field that makes a call's first webhook, or its fallback, a probe. A
// probe is answered as any other webhook is, but it is no call: nothing notes it. The proof in
// ProofHeader tells who answered.
const ProbeField = "PremiumlineProbe"

// ProofHeader is the header of a probe's answer: a hash that only a holder of the auth token can
// make of the probe's nonce and the directory's version, and that version.
const ProofHeader = "Premiumline-Proof"

// Probe asks whether the line that answers holds our auth token. The signature behind it is not
// enough to be believed: whoever calls through Twilio's voice SDK can have fields of their own
// signed. So the question has a hash of the token in it too.
type Probe struct{ token, nonce string }

// NewProbe returns a probe that was never asked before.
func NewProbe(token string) Probe { return Probe{token, rand.Text()} }

// Field returns the value of ProbeField.
func (p Probe) Field() string { return p.nonce + "." + hashed(p.token, "asked", p.nonce) }

// Answered returns the version of the directory that the line answers with, and whether the header
// of its answer is a proof that it holds the token.
func (p Probe) Answered(header http.Header) (version string, ok bool) {
	hash, version, _ := strings.Cut(header.Get(ProofHeader), " ")
	return version, same(hash, hashed(p.token, "answered", p.nonce, version))
}

// prove returns the proof for a probe's field, and whether a holder of a token made that.
func (v *Verifier) prove(field, version string) (proof string, ok bool) {
	nonce, hash, _ := strings.Cut(field, ".")
	for _, token := range v.tokens {
		if same(hash, hashed(token, "asked", nonce)) {
			return strings.TrimSpace(hashed(token, "answered", nonce, version) + " " + version), true
		}
	}
	return "", false
}

func hashed(token string, words ...string) string {
	mac := hmac.New(sha256.New, []byte(token))
	mac.Write([]byte("premiumline probe\n" + strings.Join(words, "\n")))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

func same(a, b string) bool { return hmac.Equal([]byte(a), []byte(b)) }

// probed answers a call's first webhook, or its fallback, and a probe of them.
func (h *handler) probed(answer func(http.ResponseWriter, *request),
) func(http.ResponseWriter, *request) {
	return func(w http.ResponseWriter, r *request) {
		if field := r.form.Get(ProbeField); field != "" {
			h.answerProbe(w, r, field)
		}
		answer(w, r)
	}
}

func (h *handler) answerProbe(w http.ResponseWriter, r *request, field string) {
	version := ""
	if h.Version != nil {
		version = h.Version()
	}
	proof, ok := h.Verifier.prove(field, version)
	if ok {
		r.probe = true
		w.Header().Set(ProofHeader, proof)
	}
}
