package ident_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/ingest/ident"
)

func key(t *testing.T, secret string) ident.Key {
	t.Helper()
	k, err := ident.NewKey([]byte(secret))
	require.NoError(t, err)
	return k
}

// The pseudonym is what any other program computes; this one is from Python's hmac.
func TestPseudonym(t *testing.T) {
	k := key(t, " key that is thirty-two bytes long!!!\n")
	require.True(t, k.Given())
	got := k.Pseudonym("hkid", "A1234563")
	require.Equal(t, "hkid-15e83cdef2300cc264de1b2eb2045b35", got)
	require.Equal(t, got, k.Pseudonym("hkid", "A1234563"), "stable")
	require.NotEqual(t, got, k.Pseudonym("hkid", "A1234564"))
	require.NotEqual(t, got[5:], k.Pseudonym("id_tw", "A1234563")[6:], "by kind of number")
	other := key(t, strings.Repeat("another", 8))
	require.NotEqual(t, got, other.Pseudonym("hkid", "A1234563"))
	require.Regexp(t, `^[0-9a-f]{16}$`, k.Fingerprint())
	require.NotEqual(t, k.Fingerprint(), other.Fingerprint())
}

func TestKeys(t *testing.T) {
	for _, secret := range []string{"", " \n"} {
		k := key(t, secret)
		require.False(t, k.Given())
		require.Empty(t, k.Pseudonym("hkid", "A1234563"))
		require.Empty(t, k.Fingerprint())
	}
	_, err := ident.NewKey([]byte("password"))
	require.ErrorIs(t, err, ident.ErrKey)
	require.NotContains(t, err.Error(), "password")

	given := []byte(strings.Repeat("k", 32))
	k, err := ident.NewKey(given)
	require.NoError(t, err)
	before := k.Pseudonym("hkid", "A1234563")
	copy(given, "changed")
	require.Equal(t, before, k.Pseudonym("hkid", "A1234563"), "the key is a copy")
}

// Whatever prints a key, or what holds one, shows no byte of it.
func TestKeyIsNeverShown(t *testing.T) {
	secret := strings.Repeat("Zq7#", 8)
	held := struct {
		Key  ident.Key
		Also *ident.Key
	}{Key: key(t, secret)}
	held.Also = &held.Key
	var b bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		fmt.Fprintf(&b, verb+" "+verb+"\n", held, held.Key)
	}
	text, err := json.Marshal(held)
	require.NoError(t, err)
	b.Write(text)
	require.NotContains(t, b.String(), "Zq7#")
	require.NotContains(t, b.String(), fmt.Sprintf("%x", secret[:4]))
	require.NotContains(t, b.String(), "90 113 55 35", "as bytes")
	require.Equal(t, "a key", held.Key.String())
	require.Equal(t, "no key", ident.Key{}.String())
	require.Equal(t, "no key", ident.Key{}.GoString())
}

func TestAsPseudonym(t *testing.T) {
	k := key(t, strings.Repeat("k", 32))
	made := k.Pseudonym("hkid", "A1234563")
	require.Equal(t, made, ident.AsPseudonym("hkid", " "+strings.ToUpper(made)+" "))
	for _, text := range []string{"", "A1234563", "hkid-", made + "0", made[:len(made)-1] + "g", strings.Replace(made, "hkid", "rrn_kr", 1)} {
		require.Empty(t, ident.AsPseudonym("hkid", text), text)
	}
}

// No part of a number is left in its pseudonym but by chance, whatever is typed.
func TestPseudonymsDiffer(t *testing.T) {
	k := key(t, strings.Repeat("k", 32))
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.String().Draw(t, "a"), rapid.String().Draw(t, "b")
		require.Equal(t, a == b, k.Pseudonym("hkid", a) == k.Pseudonym("hkid", b))
	})
}
