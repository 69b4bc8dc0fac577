package phone_test

import (
	"encoding/binary"
	"math"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"premiumline/phone"
)

// voices are espeak-ng's for the languages of the corpora in testdata/speech.
var voices = map[string]string{"en": "en-us", "es": "es-419"}

// synthesise is how long espeak-ng really takes over text at 150 words a minute,
// without the silence at both ends.
func synthesise(t *testing.T, voice, text string) time.Duration {
	t.Helper()
	wav, err := exec.Command("espeak-ng", "-v", voice, "-s", "150", "--stdout", text).Output()
	if err != nil {
		t.Fatalf("running espeak-ng: %v (apt-get install espeak-ng)", err)
	}
	const header, rate, bytes = 44, 22050, 2 // one channel of 16 bits
	var first, last int
	for at := header; at+bytes <= len(wav); at += bytes {
		if s := int16(binary.LittleEndian.Uint16(wav[at:])); s > 300 || s < -300 {
			last = at
			if first == 0 {
				first = at
			}
		}
	}
	return time.Duration(float64(last-first+bytes) / bytes / rate * float64(time.Second))
}

// off is by how much an estimate is off, as a part of the real length.
func off(estimate, real time.Duration) float64 { return float64(estimate)/float64(real) - 1 }

func TestSpeechTime(t *testing.T) {
	for language, voice := range voices {
		text, err := os.ReadFile("testdata/speech/" + language + ".txt")
		must(t, err)
		var estimates, reals time.Duration
		var squares, worst float64
		prompts := strings.Split(strings.TrimSpace(string(text)), "\n")
		for _, prompt := range prompts {
			estimate, real := phone.SpeechTime(prompt, language, 1), synthesise(t, voice, prompt)
			estimates, reals = estimates+estimate, reals+real
			by := off(estimate, real)
			squares, worst = squares+by*by, max(worst, math.Abs(by))
			if math.Abs(by) > 0.20 {
				t.Errorf("%s: %v, really %v: %+.0f %%", prompt, estimate, real, 100*by)
			}
		}
		by := off(estimates, reals)
		if math.Abs(by) > 0.05 {
			t.Errorf("%s: all prompts %v, really %v", language, estimates, reals)
		}
		t.Logf("%s: %d prompts, %+.1f %% in all, %.1f %% on average, %.0f %% at worst", language,
			len(prompts), 100*by, 100*math.Sqrt(squares/float64(len(prompts))), 100*worst)
	}
}

// firstPass is that of caller-experience.md for a caller from Georgia. It takes
// 38 s with half a second after each line.
const firstPass = `Kaiser Permanente premium payment numbers. This is an independent service.
es Para español, oprima nueve.
For Georgia, press 7.
Or, for Northern California, press 1.
Southern California, press 2.
Maryland or Virginia, press 3.
Oregon or Southwest Washington, press 4.
All other parts of Washington State, press 5.
Colorado, press 6.
Hawaii, press 8.
For help, your ZIP code, or other ways to pay, press zero.
To hear this again, press star.`

func TestFirstPass(t *testing.T) {
	var estimate, real time.Duration
	for i, line := range strings.Split(firstPass, "\n") {
		language := "en"
		if text, ok := strings.CutPrefix(line, "es "); ok {
			language, line = "es", text
		}
		if i > 0 {
			estimate, real = estimate+500*time.Millisecond, real+500*time.Millisecond
		}
		estimate += phone.SpeechTime(line, language, 1)
		real += synthesise(t, voices[language], line)
	}
	if math.Abs(off(estimate, real)) > 0.10 || math.Abs(off(real, 38*time.Second)) > 0.02 {
		t.Errorf("the first pass takes %v, really %v, and 38 s by the book", estimate, real)
	}
	t.Logf("the first pass takes %v, really %v", estimate, real)
}

func TestSpeechTimeOfAnyText(t *testing.T) {
	plain := phone.SpeechTime("Hello there.", "en-US", 1)
	for _, test := range []struct {
		text, language string
		rate           float64
		want           time.Duration
	}{
		{"", "en-US", 1, 0},
		{" . ", "en-US", 1, 0},
		{"Hello there", "", 1, plain},
		{"Hello there", "tlh", 1, plain},
		{"Hello there", "EN-gb", 1, plain},
		{"Hello there", "en", 0.5, 2 * plain},
	} {
		if got := phone.SpeechTime(test.text, test.language, test.rate); got != test.want {
			t.Errorf("%+v: %v", test, got)
		}
	}
}

// What a Say lets the caller hear, utterance for utterance, and how long.
func TestUtterances(t *testing.T) {
	en := func(text string) time.Duration { return phone.SpeechTime(text, "en-US", 1) }
	es := func(text string) time.Duration { return phone.SpeechTime(text, "es", 1) }
	slow := func(text string) time.Duration { return phone.SpeechTime(text, "en-US", 0.75) }
	const half = 500 * time.Millisecond
	type heard struct {
		text, language string
		length         time.Duration
	}
	for say, want := range map[string][]heard{
		`<Say>One, two.</Say>`:             {{"One, two.", "en-US", en("One, two.")}},
		`<Say language="es-US">Uno.</Say>`: {{"Uno.", "es-US", es("Uno.")}},
		`<Say>One.<break time="1s"/>Two.</Say>`: {
			{"One.", "en-US", en("One.")}, {"Two.", "en-US", en("Two.")}},
		`<Say><prosody rate="75%">8 7 7,<break time="500ms"/>6 9 9</prosody></Say>`: {
			{"8 7 7, 6 9 9", "en-US", slow("8 7 7") + half + slow("6 9 9")}},
		`<Say><prosody rate="slow">One.</prosody></Say>`: {{"One.", "en-US", slow("One.")}},
		`<Say>Dial <say-as interpret-as="digits">711</say-as>.</Say>`: {
			{"Dial 711.", "en-US", en("Dial 7 1 1")}},
		`<Say><sub alias="T T Y">TTY</sub> line</Say>`: {{"T T Y line", "en-US", en("T T Y line")}},
		`<Say>For Spanish: <lang xml:lang="es-MX">Uno.</lang> Two.</Say>`: {
			{"For Spanish:", "en-US", en("For Spanish")},
			{"Uno.", "es-MX", es("Uno.")}, {"Two.", "en-US", en("Two.")}},
		`<Say loop="2">One.</Say>`: {{"One.", "en-US", en("One.")}, {"One.", "en-US", en("One.")}},
		`<Say><s>One.</s><s>Two.</s></Say>`: {
			{"One. Two.", "en-US", en("One.") + en("Two.") + 2*278*time.Millisecond}},
	} {
		c := serve(t, script{"/voice": says(say)}).call(t)
		got, _ := happened[phone.Utterance](c)
		if len(got) != len(want) {
			t.Errorf("%s: heard %+v, want %+v", say, got, want)
			continue
		}
		for i, u := range got {
			if (heard{u.Text, u.Language, u.Length}) != want[i] {
				t.Errorf("%s: heard %+v, want %+v", say, u, want[i])
			}
		}
	}
}

// A voice is told the pauses and rates inside an utterance.
func TestUtteranceInSSML(t *testing.T) {
	const speech = `The number is <prosody rate="75%">8 7 7,<break time="500ms"/>6 9 9</prosody> &amp; more`
	c := serve(t, script{"/voice": says(`<Say>` + speech + `<break/>Bye.</Say>`)}).call(t)
	got, _ := happened[phone.Utterance](c)
	if len(got) != 2 || got[0].SSML != speech || got[1].SSML != "Bye." {
		t.Errorf("heard %+v, want %s", got, speech)
	}
}

// Pauses and sounds take their time, and what is said for ever comes to an end.
func TestPauseAndPlay(t *testing.T) {
	for verbs, want := range map[string]time.Duration{
		`<Pause/>`:                        time.Second,
		`<Pause length="4"/>`:             4 * time.Second,
		`<Play digits="ww12"/>`:           2 * time.Second,
		`<Play loop="2">/bell.mp3</Play>`: 10 * time.Second,
		`<Play loop="0">/bell.mp3</Play>`: 5000 * time.Second,
	} {
		if c := serve(t, script{"/voice": says(verbs)}).call(t); c.Now() != want {
			t.Errorf("%s took %v, want %v", verbs, c.Now(), want)
		}
	}
}
