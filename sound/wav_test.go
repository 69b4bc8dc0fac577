package sound_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"testing"

	"premiumline/sound"
)

// readWAV reads a WAV file of mu-law chunk by chunk, as any player does, and
// checks its lengths against each other.
func readWAV(file []byte) (p sound.PCM, err error) {
	le := binary.LittleEndian
	if len(file) < 12 || string(file[:4]) != "RIFF" || string(file[8:12]) != "WAVE" {
		return nil, fmt.Errorf("no WAV file")
	}
	if size := int(le.Uint32(file[4:])); size != len(file)-8 {
		return nil, fmt.Errorf("RIFF says %d bytes, there are %d", size, len(file)-8)
	}
	chunks := map[string][]byte{}
	for rest := file[12:]; len(rest) > 0; {
		name, size := string(rest[:4]), int(le.Uint32(rest[4:]))
		chunks[name] = rest[8 : 8+size]
		rest = rest[8+size+size%2:]
	}
	want := []byte{7, 0, 1, 0, 0x40, 0x1f, 0, 0, 0x40, 0x1f, 0, 0, 1, 0, 8, 0, 0, 0}
	if !bytes.Equal(chunks["fmt "], want) {
		return nil, fmt.Errorf("format % x, want % x", chunks["fmt "], want)
	}
	data := chunks["data"]
	if fact := chunks["fact"]; len(fact) != 4 || int(le.Uint32(fact)) != len(data) {
		return nil, fmt.Errorf("fact % x for %d samples", fact, len(data))
	}
	for _, code := range data {
		p = append(p, linear(code))
	}
	return p, nil
}

func TestWAV(t *testing.T) {
	for _, want := range []sound.PCM{{}, {0, 124, -124, 31612 + 512}, {1, 2, 3}} {
		var file bytes.Buffer
		w, err := sound.NewWAV(&file, len(want))
		must(t, err)
		must(t, w.Write(want[:len(want)/2]))
		must(t, w.Write(want[len(want)/2:]))
		must(t, w.Close())
		got, err := readWAV(file.Bytes())
		if err != nil || len(got) != len(want) {
			t.Errorf("%v is read as %v: %v", want, got, err)
		}
		for i := range got {
			if sound.MuLaw(got[i]) != sound.MuLaw(want[i]) {
				t.Errorf("%v is read as %v", want, got)
			}
		}
	}
}

// A header that would be wrong is an error.
func TestWAVOfAnotherLength(t *testing.T) {
	w, err := sound.NewWAV(io.Discard, 3)
	must(t, err)
	must(t, w.Write(make(sound.PCM, 2)))
	for act, want := range map[string]error{
		"sound: 1 samples fewer than the WAV header says": w.Close(),
		"sound: 4 samples more than the WAV header says":  w.Write(make(sound.PCM, 5)),
	} {
		if want == nil || want.Error() != act {
			t.Errorf("%v, want %s", want, act)
		}
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
