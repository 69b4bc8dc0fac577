package webhook

import (
	"cmp"
	"crypto/sha1"
	"encoding/base64"
	"errors"
	"fmt"
	"iter"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// Diagnosis says what is signed of a request and how its X-Twilio-Signature came about.
type Diagnosis struct {
	URL        string   // as it is signed: without the fragment
	Parts      []string // name=value, in the order they are signed
	Signatures []string // the header to be expected, one a token, in the order of the tokens
	Token      int      // the place, from 1, of the token that made the header; 0 is none
	Accepted   bool     // this server accepts the header
	Verdict    string   // sentences with the mend; "" where no header was given
}

// Lines returns the diagnosis as it is printed, a line each; no line shows any of a token.
func (d Diagnosis) Lines() []string {
	lines := []string{"url        " + printable(d.URL)}
	for _, part := range d.Parts {
		lines = append(lines, "part       "+printable(part))
	}
	for i, s := range d.Signatures {
		lines = append(lines, fmt.Sprintf("token %d of %d  %s", i+1, len(d.Signatures), s))
	}
	if d.Verdict != "" {
		lines = append(lines, "header     "+printable(d.Verdict))
	}
	return lines
}

// printable quotes what would break the line or command the terminal.
func printable(s string) string {
	if strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return strconv.Quote(s)
	}
	return s
}

// Diagnose tells why header, an X-Twilio-Signature, fits or does not fit a POST of body to
// rawURL: it tries what tends to happen between Twilio and a server, one thing and two at once.
// header may be "" (what should it be?), and so may publicURL (the server is where rawURL is).
// The error is for a URL or a body that nobody signs, and for what NewVerifier refuses.
func Diagnose(
	rawURL string, body []byte, header string, tokens []string, publicURL string,
) (Diagnosis, error) {
	at, err := parseLocation(rawURL)
	if err != nil {
		return Diagnosis{}, fmt.Errorf("diagnosing signature: %w", err)
	}
	fields, err := fieldsOf(string(body))
	if err != nil {
		return Diagnosis{}, fmt.Errorf("diagnosing signature: %w", err)
	}
	given := attempt{at: at, body: string(body), fields: fields, header: header, tokens: tokens}
	return given.diagnose(cmp.Or(publicURL, at.origin()))
}

func (a attempt) diagnose(publicURL string) (Diagnosis, error) {
	v, err := NewVerifier(publicURL, a.tokens)
	if err != nil {
		return Diagnosis{}, fmt.Errorf("diagnosing signature: %w", err)
	}
	if a.server, err = parseLocation(strings.TrimRight(publicURL, "/")); err != nil {
		return Diagnosis{}, fmt.Errorf("diagnosing signature: public %w", err)
	}
	a.target = a.at.targetUnder(a.server)
	d := Diagnosis{URL: a.at.String(), Parts: a.parts(), Signatures: a.signatures()}
	if a.header != "" {
		d.Accepted = v.Verify(a.target, a.header, a.form()) && !isJSON(a.body)
		found := a.search()
		d.Token = found.signedBy()
		d.Verdict = found.verdict(d.Token, d.Accepted, v)
	}
	return d, nil
}

// An attempt is one idea of what was signed.
type attempt struct {
	at     location
	body   string
	fields []field
	header string
	tokens []string
	name   string   // of the parameter or thing that was changed last
	mends  []string // what to do if this is the one

	server location // the public URL
	target string   // what this server gets to see of the URL
}

type field struct{ name, value string }

func (a attempt) form() *Form {
	f := new(Form)
	for _, field := range a.fields {
		f.add(field.name, field.value)
	}
	return f
}

// parts returns name=value of each distinct parameter, in the order they are signed.
func (a attempt) parts() (list []string) {
	form := a.form()
	for _, p := range form.appendOrder(nil) {
		list = append(list, string(form.name(p))+"="+string(form.value(p)))
	}
	return list
}

func (a attempt) signatures() (list []string) {
	form := a.form()
	for _, token := range a.tokens {
		list = append(list, sign(token, a.at.String(), form))
	}
	return list
}

// signedBy returns the place of the token that makes the header, from 1, or 0.
func (a attempt) signedBy() int {
	return slices.Index(a.signatures(), a.header) + 1
}

// search returns the likeliest attempt that makes the header, or a where there is none.
func (a attempt) search() attempt {
	for changes := range 3 {
		if b, found := a.within(changes); found {
			return b
		}
	}
	return a
}

// within tries every way of changing so many things.
func (a attempt) within(changes int) (attempt, bool) {
	if changes == 0 {
		return a, a.signedBy() > 0
	}
	for b := range a.varied() {
		if c, found := b.within(changes - 1); found {
			return c, true
		}
	}
	return a, false
}

// varied yields what each variation makes of a, without those that change nothing.
func (a attempt) varied() iter.Seq[attempt] {
	return func(yield func(attempt) bool) {
		for _, v := range variations {
			for _, b := range v.try(a) {
				if !b.same(a) && !yield(b.because(v.mend)) {
					return
				}
			}
		}
	}
}

func (a attempt) because(mend string) attempt {
	mend = strings.ReplaceAll(mend, "{name}", a.name)
	if !slices.Contains(a.mends, mend) {
		a.mends = append(slices.Clone(a.mends), mend)
	}
	return a
}

func (a attempt) same(b attempt) bool {
	return a.at == b.at && a.header == b.header && slices.Equal(a.fields, b.fields) &&
		slices.Equal(a.tokens, b.tokens)
}

// verdict says in sentences what the search found.
func (a attempt) verdict(token int, accepted bool, v *Verifier) string {
	if token == 0 && !isSignature(a.header) {
		return notSignature
	}
	if token == 0 {
		return noMatch
	}
	signed := a.at.String()
	public, under := strings.CutSuffix(signed, a.target)
	if !under {
		public = a.at.origin()
	}
	return strings.NewReplacer("{signed}", signed, "{public}", public,
		"{believed}", a.server.String()+a.target,
		"{token}", fmt.Sprintf("token %d of %d", token, len(a.tokens)),
	).Replace(madeWith + strings.Join(a.toMend(accepted, v), " "))
}

// toMend returns the sentences about what has to change on the side of this server.
func (a attempt) toMend(accepted bool, v *Verifier) []string {
	tried := func(origin string) bool { return origin+a.target == a.at.String() }
	switch {
	case accepted:
		return []string{mendNothing}
	case isJSON(a.body):
		return append(a.mends, mendJSON)
	case len(a.mends) == 0:
		return []string{mendMoved}
	case slices.ContainsFunc(v.origins, tried):
		return slices.DeleteFunc(a.mends, func(mend string) bool { return mend == mendMoved })
	}
	return a.mends
}

func isSignature(header string) bool {
	sum, err := base64.StdEncoding.DecodeString(header)
	return err == nil && len(sum) == sha1.Size
}

// isJSON reports whether body is not a form at all: Twilio signs none of it but its hash, which
// is in the query.
func isJSON(body string) bool {
	body = strings.TrimSpace(body)
	return strings.HasPrefix(body, "{") || strings.HasPrefix(body, "[")
}

func fieldsOf(body string) ([]field, error) {
	if isJSON(body) {
		return nil, nil
	}
	var f Form
	if err := f.Parse([]byte(body)); err != nil {
		return nil, err
	}
	var fields []field
	for _, p := range f.pairs {
		fields = append(fields, field{string(f.name(p)), string(f.value(p))})
	}
	return fields, nil
}

// A location is a URL in pieces that are never respelt: the port keeps its colon and the query
// its question mark.
type location struct{ scheme, host, port, path, query string }

var locationForm = regexp.MustCompile(
	`^(?i:(https?))://(\[[^\]/?#@]+\]|[^][/?#@:]+)(:\d+)?(/[^?#]*)?(\?[^#]*)?(?:#.*)?$`)

func parseLocation(rawURL string) (location, error) {
	m := locationForm.FindStringSubmatch(rawURL)
	if m == nil {
		return location{}, errors.New("URL is not like https://host/path, with no user name in it")
	}
	return location{strings.ToLower(m[1]), m[2], m[3], m[4], m[5]}, nil
}

func (l location) origin() string { return l.scheme + "://" + l.host + l.port }
func (l location) String() string { return l.origin() + l.path + l.query }

// targetUnder returns the request target that server sees of l: without server's path prefix
// where l has it, as the proxy strips it.
func (l location) targetUnder(server location) string {
	if rest, has := strings.CutPrefix(l.path+"/", server.path+"/"); has && l.host == server.host {
		return strings.TrimSuffix("/"+rest, "/") + l.query
	}
	return l.path + l.query
}
