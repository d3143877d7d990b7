package bag

import (
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"strings"
)

// ErrKey is returned for a file that holds no key for Ed25519.
var ErrKey = errors.New("no Ed25519 key in PEM (PKCS 8 for a private one, PKIX for a public one)")

// signatureFile holds the signature: the public key and the signature, each a word and hexadecimal digits on a line.
const signatureFile = "signature-ed25519.txt"

// signed is what is signed: a name, so that the key signs nothing else by accident, and both tag manifests. Those have a digest of every
// other file, directly or by way of the manifests of the payload.
func signed(tagManifests [][]byte) []byte {
	text := []byte("rummage case file, both tag manifests, SHA-256 then SHA-512\n")
	for _, m := range tagManifests {
		text = append(text, m...)
	}
	return text
}

// identity is the id of a bag: the SHA-256 of what is signed. Bags with the same files and words have the same, signed or not, as a folder
// or as a zip file.
func identity(tagManifests [][]byte) string {
	sum := sha256.Sum256(signed(tagManifests))
	return hex.EncodeToString(sum[:])
}

func signature(key ed25519.PrivateKey, tagManifests [][]byte) []byte {
	public, _ := key.Public().(ed25519.PublicKey)
	return signatureText(public, ed25519.Sign(key, signed(tagManifests)))
}

func signatureText(public, sum []byte) []byte {
	return []byte("public-key " + hex.EncodeToString(public) + "\nsignature " + hex.EncodeToString(sum) + "\n")
}

// parseSignature reads a signature file that is byte by byte as this package writes one.
func parseSignature(content []byte) (public ed25519.PublicKey, sum []byte, ok bool) {
	lines := strings.Split(string(content), "\n")
	if len(lines) != 3 {
		return nil, nil, false
	}
	public, first := hex.DecodeString(strings.TrimPrefix(lines[0], "public-key "))
	sum, second := hex.DecodeString(strings.TrimPrefix(lines[1], "signature "))
	ok = first == nil && second == nil && len(public) == ed25519.PublicKeySize && len(sum) == ed25519.SignatureSize &&
		string(signatureText(public, sum)) == string(content)
	return public, sum, ok
}

// PrivateKey reads the key that a bag is signed with from a file, such as `openssl genpkey -algorithm ed25519` writes. ErrKey, or an error
// of the file.
func PrivateKey(file string) (ed25519.PrivateKey, error) {
	block, err := pemOf(file)
	if err != nil {
		return nil, err
	}
	if key, err := x509.ParsePKCS8PrivateKey(block); err == nil {
		if private, ok := key.(ed25519.PrivateKey); ok {
			return private, nil
		}
	}
	return nil, fmt.Errorf("bag: %s: %w", file, ErrKey)
}

// PublicKey reads the key that a signature is checked with, such as `openssl pkey -pubout` writes. ErrKey, or an error of the file.
func PublicKey(file string) (ed25519.PublicKey, error) {
	block, err := pemOf(file)
	if err != nil {
		return nil, err
	}
	if key, err := x509.ParsePKIXPublicKey(block); err == nil {
		if public, ok := key.(ed25519.PublicKey); ok {
			return public, nil
		}
	}
	return nil, fmt.Errorf("bag: %s: %w", file, ErrKey)
}

func pemOf(file string) ([]byte, error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("bag: key: %w", err)
	}
	block, _ := pem.Decode(content)
	if block == nil {
		return nil, fmt.Errorf("bag: %s: %w", file, ErrKey)
	}
	return block.Bytes, nil
}
