package webhook

import (
	"cmp"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// A variation is one thing that happens to a request between Twilio and a server.
type variation struct {
	mend string // may hold {signed}, {believed}, {public} (URLs) and {name} (of what was changed)
	try  func(attempt) []attempt
}

// variations are in the order of their likeliness: the first that makes the header is reported.
var variations = []variation{
	{mendMoved, moved(func(l *location, a attempt) { *l = a.believed() })},
	{mendMoved, moved(func(l *location, _ attempt) { l.scheme = otherScheme[l.scheme] })},
	{mendMoved, moved(func(l *location, a attempt) { l.host = a.server.host })},
	{mendMoved, moved(func(l *location, _ attempt) { l.host = toggled(l.host, "www.") })},
	{mendMoved, ports},
	{mendMoved, moved(func(l *location, a attempt) { l.path = a.server.path + l.path })},
	{mendMoved, moved(func(l *location, a attempt) { l.path = stripped(l.path, a.server.path) })},
	{mendSlash, moved(func(l *location, _ attempt) { l.path = slashToggled(l.path) })},
	{mendQuery, moved(func(l *location, _ attempt) { l.query = "" })},
	{mendOrder, moved(func(l *location, _ attempt) { l.query = ordered(l.query, slices.Sort) })},
	{mendOrder, moved(func(l *location, _ attempt) { l.query = ordered(l.query, slices.Reverse) })},
	{mendEscapes, respelt(replacer("+", "%20"))},
	{mendEscapes, respelt(replacer("%20", "+"))},
	{mendEscapes, respelt(eachEscape(strings.ToLower))},
	{mendEscapes, respelt(eachEscape(strings.ToUpper))},
	{mendEscapes, respelt(eachEscape(unescapedMark))},
	{mendEscapes, respelt(replacer("'", "%27", "(", "%28", ")", "%29", "*", "%2A", "!", "%21"))},
	{mendEscapes, respelt(unescapedPath)},
	{mendEdges, rewritten(strings.TrimSpace)},
	{mendEdges, revalued("", strings.TrimSpace)},
	{mendDecoded, rewritten(replacer("+", "%2B"))},
	{mendDecoded, rewritten(replacer("%", "%25", "+", "%2B"))},
	{mendEncoded, revalued("CallToken", unescapedPath)},
	{mendEncoded, revalued("", unescaped)},
	{mendTwice, revalued("CallToken", escapedPath)},
	{mendAddedEmpty, selected("", filled)},
	{mendLostEmpty, restored},
	{mendRepeated, selected("first", firstValues)},
	{mendRepeated, selected("last", lastValues)},
	{mendAdded, withoutOne},
	{mendGet, selected("", func([]field) []field { return nil })},
	{mendGet, asQuery},
	{mendRaw, asText},
	{mendDamaged, repaired},
	{mendToken, spaced},
}

// What to say where the header was made and what to do about it.
const (
	madeWith    = "It was made with {token}. "
	mendNothing = "Twilio signed {signed} and this server accepts that."
	mendMoved   = "Twilio signed {signed}, this server believes it is {believed}: " +
		"set PUBLIC_URL to {public}."
	mendSlash = "Twilio signed {signed}: something on the way changed the slash at the end of " +
		"the path; give Twilio the path exactly as this server has it."
	mendQuery = "Twilio signed {signed}, without the query: something on the way adds it."
	mendOrder = "Twilio signed {signed}: the query was put in another order on the way; " +
		"hand on the request target as it came."
	mendEscapes = "Twilio signed {signed}: the URL's escapes were written differently on the " +
		"way (%20 or +, %2b or %2B, decoded); hand on the request target as it came."
	mendEdges = "White space at the end of the body or around a value was not signed: it came " +
		"in on the way or is a file's line end; hand on the body as it came."
	mendDecoded = "The body was decoded before it got here: it must be the bytes that came, " +
		"with %2B for a plus."
	mendEncoded = "{name} was escaped once more than Twilio did: hand on the body as it came."
	mendTwice   = "{name} was decoded twice, but its value is escaped text: decode the form once."
	mendAdded   = "Twilio did not sign the parameter {name}: something on the way adds it, or " +
		"somebody smuggled it in."
	mendAddedEmpty = "Twilio did not sign the empty parameters: something on the way adds them; " +
		"hand on the body as it came."
	mendLostEmpty = "Twilio signed empty parameters that are missing here ({name}): something " +
		"on the way drops them; hand on the body as it came."
	mendRepeated = "Only the {name} value of a repeated parameter was signed: another was added " +
		"on the way, or the sender is not Twilio."
	mendGet = "Twilio signed the URL and no parameters: this webhook is set to GET, set it to POST."
	mendRaw = "The body was signed as plain text, not as a form: the sender is not a voice " +
		"webhook of Twilio."
	mendJSON = "The body is JSON, of which only the URL is signed: voice webhooks are forms; " +
		"point this event of Twilio elsewhere."
	mendDamaged = "The header was damaged on the way (white space, quotes, URL escapes, other " +
		"base64): hand on X-Twilio-Signature as it came."
	mendToken = "The sender's auth token has white space around it, such as the line end of a " +
		"file: cut that off there."
	notSignature = "It is not an X-Twilio-Signature, the base64 of 20 bytes: 28 characters, the " +
		"last one an equals sign."
	noMatch = "No variation matches: most likely the auth token is another one (token of a " +
		"sub-account, rotated, or the test credentials) or the body was changed on the way."
)

func changed(change func(*attempt)) func(attempt) []attempt {
	return func(a attempt) []attempt {
		change(&a)
		return []attempt{a}
	}
}

func moved(move func(*location, attempt)) func(attempt) []attempt {
	return changed(func(a *attempt) { move(&a.at, *a) })
}

// respelt writes path and query differently.
func respelt(spell func(string) string) func(attempt) []attempt {
	return moved(func(l *location, _ attempt) { l.path, l.query = spell(l.path), spell(l.query) })
}

// rewritten changes the body before it is read, unless it can't be read then.
func rewritten(write func(string) string) func(attempt) []attempt {
	return changed(func(a *attempt) {
		if fields, err := fieldsOf(write(a.body)); err == nil {
			a.body, a.fields = write(a.body), fields
		}
	})
}

// revalued changes the values of the parameter name, of every one where name is "".
func revalued(name string, value func(string) string) func(attempt) []attempt {
	return selected(cmp.Or(name, "Each value"), func(fields []field) []field {
		for i, f := range fields {
			if name == "" || f.name == name {
				fields[i].value = value(f.value)
			}
		}
		return fields
	})
}

// selected makes something of the parameters; fields is a copy.
func selected(name string, choose func(fields []field) []field) func(attempt) []attempt {
	return changed(func(a *attempt) { a.name, a.fields = name, choose(slices.Clone(a.fields)) })
}

var otherScheme = map[string]string{"http": "https", "https": "http"}

// believed is the URL that this server takes the request for.
func (a attempt) believed() location {
	l, err := parseLocation(a.server.String() + a.target)
	if err != nil {
		return a.at
	}
	return l
}

// ports tries those that Twilio adds or drops and those that servers like to listen on.
func ports(a attempt) (all []attempt) {
	for _, port := range []string{"", ":443", ":80", a.server.port, ":8443", ":8080", ":3000"} {
		a.at.port = port
		all = append(all, a)
	}
	return all
}

func toggled(s, prefix string) string {
	if rest, has := strings.CutPrefix(s, prefix); has {
		return rest
	}
	return prefix + s
}

func slashToggled(path string) string {
	if rest, has := strings.CutSuffix(path, "/"); has {
		return rest
	}
	return path + "/"
}

func stripped(path, prefix string) string {
	if strings.HasPrefix(path, prefix+"/") {
		return path[len(prefix):]
	}
	return path
}

func ordered(query string, order func([]string)) string {
	if query == "" {
		return ""
	}
	fields := strings.Split(query[1:], "&")
	order(fields)
	return "?" + strings.Join(fields, "&")
}

func replacer(oldnew ...string) func(string) string {
	return strings.NewReplacer(oldnew...).Replace
}

var escapeForm = regexp.MustCompile(`%[0-9A-Fa-f]{2}`)

func eachEscape(spell func(string) string) func(string) string {
	return func(s string) string { return escapeForm.ReplaceAllStringFunc(s, spell) }
}

// unescapedMark decodes the marks that some libraries escape and others leave.
func unescapedMark(escape string) string {
	if mark := unescapedPath(escape); strings.Contains("'()*!~-._", mark) {
		return mark
	}
	return escape
}

func unescapedPath(s string) string {
	if plain, err := url.PathUnescape(s); err == nil {
		return plain
	}
	return s
}

func unescaped(s string) string {
	if plain, err := url.QueryUnescape(s); err == nil {
		return plain
	}
	return s
}

// escapedPath escapes like encodeURIComponent, with which Twilio makes CallToken: %20 for a space.
func escapedPath(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }

func filled(fields []field) []field {
	return slices.DeleteFunc(fields, func(f field) bool { return f.value == "" })
}

func firstValues(fields []field) []field {
	seen := map[string]bool{}
	return slices.DeleteFunc(fields, func(f field) bool {
		again := seen[f.name]
		seen[f.name] = true
		return again
	})
}

func lastValues(fields []field) []field {
	slices.Reverse(fields)
	return firstValues(fields)
}

// oftenEmpty are parameters that Twilio sends without a value, by what makes them empty: places
// it knows nothing of, and a Gather that ended without a key.
var oftenEmpty = [][]string{
	{"FromCity", "FromState", "FromZip", "CallerCity", "CallerState", "CallerZip",
		"ToCity", "ToState", "ToZip", "CalledCity", "CalledState", "CalledZip"},
	{"FromCity", "FromState", "FromZip", "CallerCity", "CallerState", "CallerZip"},
	{"ToCity", "ToState", "ToZip", "CalledCity", "CalledState", "CalledZip"},
	{"FinishedOnKey"}, {"Digits"},
}

// restored puts empty parameters back where they are missing.
func restored(a attempt) (all []attempt) {
	for _, names := range oftenEmpty {
		lost := slices.DeleteFunc(slices.Clone(names), a.has)
		b := a
		b.name, b.fields = strings.Join(lost, ", "), slices.Clone(a.fields)
		for _, name := range lost {
			b.fields = append(b.fields, field{name: name})
		}
		all = append(all, b)
	}
	return all
}

func (a attempt) has(name string) bool {
	return slices.ContainsFunc(a.fields, func(f field) bool { return f.name == name })
}

// withoutOne leaves out each parameter in turn, unless there are more than any webhook has.
func withoutOne(a attempt) (all []attempt) {
	for i := range a.fields[:min(len(a.fields), 100)] {
		b := a
		b.name, b.fields = a.fields[i].name, slices.Delete(slices.Clone(a.fields), i, i+1)
		all = append(all, b)
	}
	return all
}

func asQuery(a attempt) []attempt {
	a.at.query, a.fields = "?"+a.body, nil
	return []attempt{a}
}

func asText(a attempt) []attempt {
	a.fields = []field{{value: a.body}}
	return []attempt{a}
}

// repaired undoes what happens to a header that is copied, or sent as part of a URL.
func repaired(a attempt) (all []attempt) {
	_, value, named := strings.Cut(a.header, ":")
	if !named {
		value = a.header
	}
	value = unescapedPath(strings.Trim(value, " \t\r\n\"'"))
	for _, space := range []string{"+", ""} {
		repair := replacer("-", "+", "_", "/", " ", space, "\r", "", "\n", "", "=", "")
		a.header = repair(value) + "="
		all = append(all, a)
	}
	return all
}

func spaced(a attempt) (all []attempt) {
	for _, around := range [][2]string{{"", "\n"}, {"", " "}, {" ", ""}, {"", "\r\n"}, {" ", " "}} {
		b := a
		b.tokens = nil
		for _, token := range a.tokens {
			b.tokens = append(b.tokens, around[0]+token+around[1])
		}
		all = append(all, b)
	}
	return all
}
