package webhook

import (
	"bytes"
	"cmp"
	"crypto/hmac"
	"crypto/sha1"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"hash"
	"net/url"
	"slices"
	"strings"
	"sync"
)

// signatureLen is the length of an X-Twilio-Signature header: the base64 of 20 bytes.
const signatureLen = 28

// Verifier tells whether a webhook was signed with one of the account's auth tokens; any number
// of goroutines may use it at once.
type Verifier struct {
	origins []string // likeliest first
	tokens  []string
	pool    sync.Pool
}

// NewVerifier returns a Verifier for webhooks that Twilio requests under publicURL, an origin
// with an optional path prefix (https://ivr.example.com/line), signed with any one of tokens.
// An error names the token by its place and never quotes one.
func NewVerifier(publicURL string, tokens []string) (*Verifier, error) {
	origins, err := originsOf(publicURL)
	if err != nil {
		return nil, err
	}
	if err := checkTokens(tokens); err != nil {
		return nil, err
	}
	tokens = slices.Clone(tokens)
	v := &Verifier{origins: origins, tokens: tokens}
	v.pool.New = func() any { return newSigner(tokens) }
	return v, nil
}

// Verify reports whether signature, the X-Twilio-Signature header, is that of a POST of f to
// requestURI: the request target as it stood in the request line, http.Request.RequestURI.
func (v *Verifier) Verify(requestURI, signature string, f *Form) bool {
	if len(signature) != signatureLen {
		return false
	}
	s := v.pool.Get().(*signer)
	defer v.pool.Put(s)
	s.load(requestURI, f)
	copy(s.header[:], signature)
	for _, origin := range v.origins {
		if s.matches(origin) {
			return true
		}
	}
	return false
}

// Sign returns the X-Twilio-Signature header that Twilio sends with a POST of form to the URL
// rawURL, signed with token.
func Sign(token, rawURL string, form url.Values) string {
	var f Form
	for name, values := range form {
		for _, value := range values {
			f.add(name, value)
		}
	}
	return sign(token, rawURL, &f)
}

func sign(token, rawURL string, f *Form) string {
	s := newSigner([]string{token})
	s.load(rawURL, f)
	return string(s.sign(s.macs[0], ""))
}

// A signer computes signatures of one request at a time. It is pooled: keyed hashes and
// buffers cost more than the hashing.
type signer struct {
	macs   []hash.Hash // one a token
	order  []pair
	text   []byte // what is signed after the origin
	origin []byte
	sum    [sha1.Size]byte
	made   [signatureLen]byte
	header [signatureLen]byte
}

func newSigner(tokens []string) *signer {
	s := &signer{}
	for _, token := range tokens {
		s.macs = append(s.macs, hmac.New(sha1.New, []byte(token)))
	}
	return s
}

// load prepares what is signed of a request: its target and its parameters.
func (s *signer) load(target string, f *Form) {
	s.order = f.appendOrder(s.order[:0])
	s.text = append(s.text[:0], target...)
	for _, p := range s.order {
		s.text = append(s.text, f.signed(p)...)
	}
}

// matches reports whether any token makes the header of the loaded request at origin.
func (s *signer) matches(origin string) bool {
	for _, mac := range s.macs {
		if subtle.ConstantTimeCompare(s.sign(mac, origin), s.header[:]) == 1 {
			return true
		}
	}
	return false
}

// sign returns the header of the loaded request at origin, good until the next call.
func (s *signer) sign(mac hash.Hash, origin string) []byte {
	s.origin = append(s.origin[:0], origin...)
	mac.Reset()
	mac.Write(s.origin)
	mac.Write(s.text)
	base64.StdEncoding.Encode(s.made[:], mac.Sum(s.sum[:0]))
	return s.made[:]
}

// appendOrder appends the distinct parameters of f in the order they are signed: by name, then
// by value, both by their bytes. Never by name and value joined: Reason, ReasonConferenceEnded.
func (f *Form) appendOrder(dst []pair) []pair {
	dst = append(dst, f.pairs...)
	slices.SortFunc(dst, f.compare)
	return slices.CompactFunc(dst, func(a, b pair) bool { return f.compare(a, b) == 0 })
}

func (f *Form) compare(a, b pair) int {
	if c := bytes.Compare(f.name(a), f.name(b)); c != 0 {
		return c
	}
	return bytes.Compare(f.value(a), f.value(b))
}

func checkTokens(tokens []string) error {
	if len(tokens) == 0 {
		return errors.New("no auth token is set")
	}
	for i, token := range tokens {
		switch {
		case token == "":
			return fmt.Errorf("auth token %d of %d is empty", i+1, len(tokens))
		case strings.TrimSpace(token) != token:
			return fmt.Errorf("auth token %d of %d has white space around it", i+1, len(tokens))
		}
	}
	return nil
}

var standardPort = map[string]string{"http": "80", "https": "443"}

// originsOf returns what may stand before the request target in a signed URL, likeliest first.
// Over https Twilio drops the port from a voice webhook's URL, over http it keeps it; but some
// https callbacks were seen keeping it, and some with the standard port written out.
func originsOf(publicURL string) ([]string, error) {
	u, err := parsePublicURL(publicURL)
	if err != nil {
		return nil, err
	}
	host := strings.TrimSuffix(u.Host, ":"+u.Port())
	prefix := strings.TrimRight(u.EscapedPath(), "/")
	without := u.Scheme + "://" + host + prefix
	with := u.Scheme + "://" + host + ":" + cmp.Or(u.Port(), standardPort[u.Scheme]) + prefix
	if u.Scheme == "http" && u.Port() != "" {
		return []string{with, without}, nil
	}
	return []string{without, with}, nil
}

// parsePublicURL does not wrap the parser's error, which would quote a password.
func parsePublicURL(publicURL string) (*url.URL, error) {
	u, err := url.Parse(publicURL)
	switch {
	case err != nil || u.Hostname() == "" || standardPort[u.Scheme] == "":
		return nil, errors.New("public URL is not like https://host or https://host/prefix")
	case u.User != nil:
		return nil, errors.New("public URL holds a user name, which Twilio does not sign")
	case strings.ContainsAny(publicURL, "?#"):
		return nil, errors.New("public URL has a query or a fragment")
	}
	return u, nil
}
