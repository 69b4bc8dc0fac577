package calllog

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"errors"
)

// sealPurpose makes the key that seals numbers another than the one that hashes them.
const sealPurpose = "premiumline: number that a text goes to"

var errSeal = errors.New("opening a sealed number: it was sealed with another key, or is none")

// Seal encrypts a number in E.164 form so that only Open with the same key reads it, each time
// differently; nil for anything else.
func (h Hasher) Seal(number string) []byte {
	if !e164.MatchString(number) {
		return nil
	}
	aead, err := h.aead()
	if err != nil {
		return nil
	}
	return aead.Seal(nil, nil, []byte(number), nil)
}

// Open returns the number in E.164 form that Seal was given.
func (h Hasher) Open(sealed []byte) (string, error) {
	aead, err := h.aead()
	if err != nil {
		return "", err
	}
	number, err := aead.Open(nil, nil, sealed, nil)
	if err != nil {
		return "", errSeal
	}
	return string(number), nil
}

// aead is AES-256-GCM with a random nonce, which it puts before what it seals.
func (h Hasher) aead() (cipher.AEAD, error) {
	key, err := hkdf.Key(sha256.New, h.key, nil, sealPurpose, 32)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}
