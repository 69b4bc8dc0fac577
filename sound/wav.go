package sound

import (
	"bufio"
	"context"
	"encoding/binary"
	"fmt"
	"io"
)

// WAV writes sound as a WAV file. Its header, with all lengths, comes first, so
// the file can be a pipe.
type WAV struct {
	w      *bufio.Writer
	format format
	left   int // samples still to come
	pad    bool
}

// format is how a sample is written.
type format struct {
	tag   uint16 // WAVE_FORMAT_MULAW, WAVE_FORMAT_PCM
	bytes int    // of a sample
}

var (
	muLaw    = format{7, 1}
	linear16 = format{1, 2} // for players, some of which read no mu-law
)

// header is that of a WAV file which need not be linear: its format chunk has the
// size of an extension, and a fact chunk tells the number of samples.
type header struct {
	RIFF       [4]byte
	Size       uint32
	WAVE       [4]byte
	Format     [4]byte
	FormatSize uint32
	Tag        uint16
	Channels   uint16
	Rate       uint32
	ByteRate   uint32
	Align      uint16
	Bits       uint16
	Extension  uint16
	Fact       [4]byte
	FactSize   uint32
	Samples    uint32
	Data       [4]byte
	DataSize   uint32
}

// NewWAV begins a file of so many samples in mu-law.
func NewWAV(w io.Writer, samples int) (*WAV, error) { return newWAV(w, muLaw, samples) }

func newWAV(w io.Writer, f format, samples int) (*WAV, error) {
	size := samples * f.bytes
	wav := &WAV{bufio.NewWriter(w), f, samples, size%2 == 1}
	h := header{
		RIFF: four("RIFF"), WAVE: four("WAVE"),
		Format: four("fmt "), FormatSize: 18, Tag: f.tag, Channels: 1,
		Rate: Rate, ByteRate: uint32(Rate * f.bytes), Align: uint16(f.bytes), Bits: uint16(8 * f.bytes),
		Fact: four("fact"), FactSize: 4, Samples: uint32(samples),
		Data: four("data"), DataSize: uint32(size),
	}
	h.Size = uint32(binary.Size(h) - 8 + size + size%2)
	return wav, binary.Write(wav.w, binary.LittleEndian, h)
}

func four(name string) [4]byte { return [4]byte([]byte(name)) }

// Write puts sound at the end. It is an error to write more than was announced.
func (w *WAV) Write(p PCM) error {
	if w.left -= len(p); w.left < 0 {
		return fmt.Errorf("sound: %d samples more than the WAV header says", -w.left)
	}
	_, err := w.w.Write(w.format.encode(p))
	return err
}

func (f format) encode(p PCM) []byte {
	b := make([]byte, 0, len(p)*f.bytes)
	for _, s := range p {
		if f == muLaw {
			b = append(b, MuLaw(s))
		} else {
			b = binary.LittleEndian.AppendUint16(b, uint16(s))
		}
	}
	return b
}

// Close ends the file and leaves the writer beneath it open. It is an error to
// have written less than was announced.
func (w *WAV) Close() error {
	if w.left > 0 {
		return fmt.Errorf("sound: %d samples fewer than the WAV header says", w.left)
	}
	if w.pad {
		_ = w.w.WriteByte(0) // Flush tells
	}
	return w.w.Flush()
}

// WriteWAV writes a whole score, as it is made.
func WriteWAV(ctx context.Context, w io.Writer, s Score, v *Voice) error {
	wav, err := NewWAV(w, samples(s.Length))
	if err != nil {
		return err
	}
	if err := s.Stream(ctx, v, wav.Write); err != nil {
		return err
	}
	return wav.Close()
}

// linear reads what a voice writes, a WAV file of one channel of 16 bits. Its
// header's lengths are not to be trusted where it came through a pipe.
func linear(wav []byte) (sound []int16, rate int, err error) {
	const size = 44
	if len(wav) < size || string(wav[:4]) != "RIFF" || string(wav[36:40]) != "data" {
		return nil, 0, fmt.Errorf("%d bytes that are no WAV file", len(wav))
	}
	le := binary.LittleEndian
	if channels, bits := le.Uint16(wav[22:]), le.Uint16(wav[34:]); channels != 1 || bits != 16 {
		return nil, 0, fmt.Errorf("a WAV file of %d channels of %d bits", channels, bits)
	}
	sound = make([]int16, (len(wav)-size)/2)
	for i := range sound {
		sound[i] = int16(le.Uint16(wav[size+2*i:]))
	}
	return sound, int(le.Uint32(wav[24:])), nil
}
