package ident

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
)

// ErrKey is returned for a secret that is too short to make pseudonyms with.
var ErrKey = errors.New("ident: key: too short")

// LeastKey is the length of the shortest secret of a Key, in bytes. Identity
// numbers are few enough to try them all, so that the secret alone keeps them: it
// should be drawn by lot, not thought up.
const LeastKey = 32

// pseudonymDigits are the hexadecimal digits of a pseudonym: 128 bits of the 256,
// more than enough to tell all people apart.
const pseudonymDigits = 32

// A Key turns identity numbers of persons into pseudonyms. Its zero value is no
// key. It never shows its secret, in no format of package fmt.
type Key struct{ secret []byte }

// NewKey returns the key of a secret, without outer white space. An empty secret
// gives the zero key; the error wraps ErrKey for one shorter than LeastKey.
func NewKey(secret []byte) (Key, error) {
	secret = bytes.TrimSpace(secret)
	if n := len(secret); n > 0 && n < LeastKey {
		return Key{}, fmt.Errorf("%w: %d bytes, at least %d are needed", ErrKey, n, LeastKey)
	}
	return Key{secret: bytes.Clone(secret)}, nil
}

// Given says whether there is a key.
func (k Key) Given() bool { return len(k.secret) > 0 }

// String says whether there is a key, and nothing else of it.
func (k Key) String() string {
	if k.Given() {
		return "a key"
	}
	return "no key"
}

// GoString is String.
func (k Key) GoString() string { return k.String() }

// Format writes String for every verb: a structure that holds a key may be
// printed.
func (k Key) Format(state fmt.State, _ rune) { _, _ = state.Write([]byte(k.String())) }

// Pseudonym returns what may be stored in place of an identity number: the name
// of its rule and HMAC-SHA-256 (RFC 2104) of name and number under the key, cut to
// 128 bits. The same number and key give the same pseudonym, in every file and
// store; without the key nobody can go back but by being told. The zero key gives
// "".
func (k Key) Pseudonym(rule, value string) string {
	if !k.Given() {
		return ""
	}
	return rule + "-" + k.sum(rule + "\x00" + value)[:pseudonymDigits]
}

// Fingerprint tells keys apart without showing them, "" for the zero key.
func (k Key) Fingerprint() string {
	if !k.Given() {
		return ""
	}
	return k.sum("\x00fingerprint")[:16]
}

func (k Key) sum(text string) string {
	h := hmac.New(sha256.New, k.secret)
	h.Write([]byte(text)) // a hash takes all that it is given
	return hex.EncodeToString(h.Sum(nil))
}

// AsPseudonym returns text in its normal spelling where it is written as a
// pseudonym of a rule, whatever key made it; else "".
func AsPseudonym(rule, text string) string {
	text = strings.ToLower(strings.TrimSpace(text))
	body, ok := strings.CutPrefix(text, rule+"-")
	if !ok || len(body) != pseudonymDigits {
		return ""
	}
	if _, err := hex.DecodeString(body); err != nil {
		return ""
	}
	return text
}
