package calllog

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
)

// Hasher turns callers' numbers into keyed hashes, which tell repeat callers apart and hold no
// number: without the key, trying every number there is finds nothing.
type Hasher struct {
	key  []byte
	macs *sync.Pool // of hash.Hash: to key one anew costs as much as hashing
}

func newHasher(key []byte) Hasher {
	return Hasher{key, &sync.Pool{New: func() any { return hmac.New(sha256.New, key) }}}
}

const shortestKey = 16 // bytes

// OpenHasher takes key (CALLER_HASH_KEY), any text of 16 bytes or more; without one, the key kept
// in PATH.key beside the SQLite file that databaseURL names, made on first use. PostgreSQL has no
// such place, and replicas must share the key: there a missing one is ErrUnusable.
func OpenHasher(databaseURL, key string) (Hasher, error) {
	path, sqlite := strings.CutPrefix(databaseURL, "sqlite:")
	switch {
	case key != "" && len(key) < shortestKey:
		return Hasher{}, fmt.Errorf("%w: CALLER_HASH_KEY is shorter than %d bytes: "+
			"make one with openssl rand -hex 32", ErrUnusable, shortestKey)
	case key != "":
		return newHasher([]byte(key)), nil
	case !sqlite:
		return Hasher{}, fmt.Errorf("%w: CALLER_HASH_KEY is not set, and PostgreSQL's replicas "+
			"must share it: make one with openssl rand -hex 32", ErrUnusable)
	}
	kept, err := keyFile(path + ".key")
	if err != nil {
		return Hasher{}, fmt.Errorf("key of the callers' hashes: %w", err)
	}
	return newHasher(kept), nil
}

// keyFile reads the key in a file, and makes both if there is none.
func keyFile(path string) ([]byte, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		if err := makeKey(path); err != nil {
			return nil, err
		}
		text, err = os.ReadFile(path)
	}
	if err != nil {
		return nil, err
	}
	key := strings.TrimSpace(string(text))
	if len(key) < shortestKey {
		return nil, fmt.Errorf("%w: %s holds no key: delete it, and callers count as new ones",
			ErrUnusable, path)
	}
	return []byte(key), nil
}

// makeKey puts a new key into place at once and whole; one that is there already stays.
func makeKey(path string) error {
	random := make([]byte, 32)
	rand.Read(random)
	f, err := os.CreateTemp(filepath.Dir(path), ".key-*") // of mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = fmt.Fprintln(f, hex.EncodeToString(random))
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Link(f.Name(), path); !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}

var e164 = regexp.MustCompile(`^\+[1-9]\d{6,14}$`)

// Hash is 16 bytes for a number in E.164 form, and nil for anything else.
func (h Hasher) Hash(number string) []byte {
	if !e164.MatchString(number) {
		return nil
	}
	mac := h.macs.Get().(hash.Hash)
	defer h.macs.Put(mac)
	mac.Reset()
	mac.Write([]byte(number))
	return mac.Sum(nil)[:16]
}
