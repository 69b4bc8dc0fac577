package data

import (
	"fmt"
	"iter"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Language is one file of prompts.
type Language struct {
	Tag     string  `yaml:"language"` // BCP 47, "en-US"
	Voice   string  `yaml:"voice"`    // Twilio's name of a voice that speaks it, "Polly.Joanna"
	Prompts Prompts `yaml:"prompts"`
}

// Prompts is every sentence in one language. The tag "with" names the
// placeholders that a prompt must hold, and can.
type Prompts struct {
	Greeting     Prompt `yaml:"greeting" with:"organisation"`
	Independent  Prompt `yaml:"independent"`
	ThisLanguage Prompt `yaml:"this_language"`
	First        Prompt `yaml:"first" with:"name key"`
	Other        Prompt `yaml:"other" with:"name key"`
	Option       Prompt `yaml:"option" with:"name key"`
	MenuHelp     Prompt `yaml:"menu_help"`
	MenuRepeat   Prompt `yaml:"menu_repeat"`

	Again      Prompt `yaml:"again"`
	ZIPToo     Prompt `yaml:"zip_too"`
	WrongKey   Prompt `yaml:"wrong_key"`
	Sorry      Prompt `yaml:"sorry"`
	UnknownZIP Prompt `yaml:"unknown_zip"`
	Outside    Prompt `yaml:"outside"`
	Busy       Prompt `yaml:"busy"`
	NoAnswer   Prompt `yaml:"no_answer"`
	Ended      Prompt `yaml:"ended"`

	Connecting  Prompt `yaml:"connecting" with:"name"`
	OrNumber    Prompt `yaml:"or_number"`
	OrText      Prompt `yaml:"or_text"`
	NumberOf    Prompt `yaml:"number_of" with:"name"`
	Number      Prompt `yaml:"number" with:"number"`
	NumberAgain Prompt `yaml:"number_again" with:"number"`
	AlwaysOpen  Prompt `yaml:"always_open"`
	TTY         Prompt `yaml:"tty" with:"tty"`
	Repeat      Prompt `yaml:"repeat"`
	Connect     Prompt `yaml:"connect"`
	More        Prompt `yaml:"more"`

	Text     Prompt `yaml:"text"`
	Texting  Prompt `yaml:"texting"`
	ToNumber Prompt `yaml:"to_number"`

	EnterZIP Prompt `yaml:"enter_zip"`
	Skip     Prompt `yaml:"skip"`

	HelpList           Prompt `yaml:"help_list" with:"key"`
	HelpZIP            Prompt `yaml:"help_zip" with:"key"`
	HelpMail           Prompt `yaml:"help_mail" with:"key"`
	HelpOnline         Prompt `yaml:"help_online" with:"key"`
	HelpAutomatic      Prompt `yaml:"help_automatic" with:"key"`
	HelpMemberServices Prompt `yaml:"help_member_services" with:"name key"`
	Emergency          Prompt `yaml:"emergency"`
	Mail               Prompt `yaml:"mail" with:"address"`
	MailAgain          Prompt `yaml:"mail_again" with:"address"`
	MailRegions        Prompt `yaml:"mail_regions" with:"regions"`
	OnlineRegion       Prompt `yaml:"online_region" with:"regions address"`
	OnlineOthers       Prompt `yaml:"online_others"`
	OnlineGuest        Prompt `yaml:"online_guest" with:"address"`
	OnlineSignIn       Prompt `yaml:"online_sign_in" with:"address"`
	Bills              Prompt `yaml:"bills" with:"bills"`
	AutomaticGuest     Prompt `yaml:"automatic_guest" with:"address"`
	AutomaticChange    Prompt `yaml:"automatic_change" with:"change"`

	EveryNumber Prompt `yaml:"every_number"`
	Each        Prompt `yaml:"each" with:"name number"`
	Goodbye     Prompt `yaml:"goodbye"`

	Message            Prompt `yaml:"message" with:"organisation name number"`
	MessageAlwaysOpen  Prompt `yaml:"message_always_open"`
	MessageTTY         Prompt `yaml:"message_tty" with:"tty"`
	MessageIndependent Prompt `yaml:"message_independent"`
	MessageStop        Prompt `yaml:"message_stop"`

	And   Prompt `yaml:"and"`
	Or    Prompt `yaml:"or"`
	Dot   Prompt `yaml:"dot"`
	Slash Prompt `yaml:"slash"`
}

// Prompt is one sentence, with {placeholders} for facts.
type Prompt struct {
	Text string
	Name string // in the file, "greeting"
	File string // where it stands, for mistakes that show when pages are made of it
	Line int
}

// UnmarshalYAML reads a prompt from a plain scalar.
func (p *Prompt) UnmarshalYAML(node *yaml.Node) error {
	p.Line = node.Line
	return node.Decode(&p.Text)
}

var placeholder = regexp.MustCompile(`\{([^{}]*)\}`)

// Parts returns the prompt's words and placeholders in order: an even index is
// words, an odd one the name of a placeholder.
func (p Prompt) Parts() []string {
	var parts []string
	rest := p.Text
	for {
		at := placeholder.FindStringSubmatchIndex(rest)
		if at == nil {
			return append(parts, rest)
		}
		parts = append(parts, rest[:at[0]], rest[at[2]:at[3]])
		rest = rest[at[1]:]
	}
}

// check returns what is wrong with the prompt, given the placeholders it must
// hold.
func (p Prompt) check(with []string) (mistakes []string) {
	if strings.TrimSpace(p.Text) == "" {
		return []string{"says nothing: write the sentence in this language"}
	}
	if unspeakable(p.Text) {
		return []string{"holds a control character: type it anew"}
	}
	parts := p.Parts()
	var has []string
	for i, part := range parts {
		switch {
		case i%2 == 0 && strings.ContainsAny(part, "{}"):
			mistakes = append(mistakes, "has a brace without its partner: write placeholders as {name}")
		case i%2 == 1 && !slices.Contains(with, part):
			mistakes = append(mistakes, fmt.Sprintf("unknown placeholder {%s}: %s", part, known(with)))
		case i%2 == 1:
			has = append(has, part)
		}
	}
	for _, name := range with {
		if !slices.Contains(has, name) {
			mistakes = append(mistakes, fmt.Sprintf("lacks {%s}: the caller would not hear it", name))
		}
	}
	return mistakes
}

func known(with []string) string {
	if len(with) == 0 {
		return "this prompt takes none"
	}
	return "this prompt takes {" + strings.Join(with, "} and {") + "}"
}

// all yields every prompt with its name in the file and the placeholders it
// must hold.
func (p *Prompts) all() iter.Seq2[reflect.StructField, *Prompt] {
	return func(yield func(reflect.StructField, *Prompt) bool) {
		v := reflect.ValueOf(p).Elem()
		for i := range v.NumField() {
			if !yield(v.Type().Field(i), v.Field(i).Addr().Interface().(*Prompt)) {
				return
			}
		}
	}
}
