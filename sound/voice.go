package sound

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"html"
	"math"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"premiumline/phone"
)

// Voice is espeak-ng. It says the same words only once, and is for one goroutine
// at a time.
type Voice struct {
	path string
	said map[saying]PCM
	band *band // for the rate that espeak-ng last spoke at
}

// saying is words as a voice says them.
type saying struct {
	ssml, voice string
	speed       int // words a minute
}

// ErrNoVoice is the error of a machine without espeak-ng.
var ErrNoVoice = errors.New("espeak-ng is not installed: sudo apt-get install espeak-ng " +
	"(dnf, pacman, apk and brew call the package espeak-ng too)")

// NewVoice finds espeak-ng in PATH. Its error is [ErrNoVoice].
func NewVoice() (*Voice, error) {
	path, err := exec.LookPath("espeak-ng")
	if err != nil {
		return nil, ErrNoVoice
	}
	return &Voice{path: path, said: map[saying]PCM{}}, nil
}

// Speeds in words a minute: the one that [phone.SpeechTime] is fitted to, and the
// fastest that espeak-ng speaks.
const normal, fastest = 150, 450

// Say says an utterance within room, faster than normal if it must. An utterance
// that was cut ends where it was cut. An error names the language that espeak-ng
// has no voice for, or what it says went wrong.
func (v *Voice) Say(ctx context.Context, u phone.Utterance, room time.Duration) (PCM, error) {
	s := saying{u.SSML, voiceFor(u.Language), normal}
	if s.ssml == "" {
		s.ssml = html.EscapeString(u.Text)
	}
	for {
		p, err := v.say(ctx, s)
		if err != nil {
			return nil, fmt.Errorf("saying %q in %s: %w", u.Text, u.Language, err)
		}
		if p.Duration() <= room || u.Cut || s.speed == fastest {
			return p.until(room), nil
		}
		s.speed = faster(s.speed, p.Duration(), room)
	}
}

// faster is the speed at which words that took so long fit into room.
func faster(speed int, took, room time.Duration) int {
	if room <= 0 {
		return fastest
	}
	more := float64(speed) * float64(took) / float64(room)
	return min(fastest, max(speed+1, int(math.Ceil(more))))
}

// until is the sound up to d. What is cut ends softly.
func (p PCM) until(d time.Duration) PCM {
	n := samples(d)
	if len(p) <= n {
		return p
	}
	const edge = Rate / 200 // 5 ms
	cut := append(PCM(nil), p[:n]...)
	for i := range min(edge, n) {
		cut[n-1-i] = int16(int(cut[n-1-i]) * i / edge)
	}
	return cut
}

func (v *Voice) say(ctx context.Context, s saying) (PCM, error) {
	if p, ok := v.said[s]; ok {
		return p, nil
	}
	wav, err := v.synthesise(ctx, s)
	if err != nil {
		return nil, err
	}
	sound, rate, err := linear(wav)
	if err != nil {
		return nil, fmt.Errorf("espeak-ng wrote %w", err)
	}
	if v.band == nil || v.band.rate != rate {
		v.band = newBand(rate)
	}
	v.said[s] = v.band.telephone(trim(sound, rate))
	return v.said[s], nil
}

// synthesise is the WAV file that espeak-ng writes.
func (v *Voice) synthesise(ctx context.Context, s saying) ([]byte, error) {
	var out bytes.Buffer
	cmd := exec.CommandContext(ctx, v.path, "-v", s.voice, "-s", strconv.Itoa(s.speed),
		"-b", "1", "-m", "--stdin", "--stdout") // UTF-8, SSML
	cmd.Stdin, cmd.Stdout = strings.NewReader("<speak>"+s.ssml+"</speak>"), &out
	err := run(ctx, cmd)
	return out.Bytes(), err
}

// american are the countries whose Spanish is Latin America's.
const american = " us mx gt hn sv ni cr pa cu do pr co ve ec pe bo cl ar py uy 419 "

// voiceFor is espeak-ng's voice for a language, a BCP 47 tag. espeak-ng itself
// takes the nearest one that it has.
func voiceFor(language string) string {
	tag := strings.ToLower(language)
	primary, country, _ := strings.Cut(tag, "-")
	if primary == "es" && (country == "" || strings.Contains(american, " "+country+" ")) {
		return "es-419"
	}
	if tag == "en" {
		return "en-us"
	}
	return tag
}

// trim takes the silence from both ends, but for 10 ms.
func trim(sound []int16, rate int) []int16 {
	const silence = 300
	loud := func(s int16) bool { return s > silence || s < -silence }
	first, last := 0, len(sound)
	for first < last && !loud(sound[first]) {
		first++
	}
	for last > first && !loud(sound[last-1]) {
		last--
	}
	if first == last {
		return nil
	}
	return sound[max(0, first-rate/100):min(len(sound), last+rate/100)]
}
