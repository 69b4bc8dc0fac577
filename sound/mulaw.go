package sound

import "math/bits"

// MuLaw is a sample in G.711's mu-law, as North America's telephone lines carry
// it: sign, three bits of exponent, four of mantissa, all inverted.
func MuLaw(sample int16) byte {
	const bias, loudest = 132, 32635
	sign, s := byte(0x80), int(sample)
	if s < 0 {
		sign, s = 0, -s
	}
	s = min(s, loudest) + bias
	exponent := bits.Len(uint(s)) - 8
	mantissa := s >> (exponent + 3) & 0xf
	return sign | ^byte(exponent<<4|mantissa)&0x7f
}
