package custody

import (
	"bytes"
	"context"
	"crypto"
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/digitorus/pkcs7"
	"github.com/digitorus/timestamp"
)

var (
	// ErrStamp is returned for an answer that is no time stamp, or one of something else.
	ErrStamp = errors.New("no time stamp of this case file")
	// ErrAuthority is returned for a time stamp by none of the authorities that are trusted.
	ErrAuthority = errors.New("the time stamp is by no authority that is trusted")
	// ErrStamped is returned where another time stamp stands beside a case file already.
	ErrStamped = errors.New("a time stamp is there already, and an older one proves more; move it away if this one is to stand in its place")
	// ErrCertificate is returned for a file that holds no certificate.
	ErrCertificate = errors.New("no certificate in PEM")
)

// Stamp is a time stamp that fits.
type Stamp struct {
	Time      time.Time `json:"time"`
	Authority string    `json:"authority"` // subject of the certificate that signed it, as it says itself
	Serial    string    `json:"serial"`    // of the time stamp
	// Trusted tells that the certificate leads to one of the authorities that were named. Else anybody can have made the time stamp.
	Trusted bool `json:"trusted"`
}

// RequestFile is the path of the request for a time stamp of a case file.
func RequestFile(casefile string) string { return beside(casefile, ".tsq") }

// StampFile is the path of the time stamp of a case file.
func StampFile(casefile string) string { return beside(casefile, ".tsr") }

// Request is a request (RFC 3161) for a time stamp of some content, such as `openssl ts -reply` and every authority take. It holds a SHA-256
// and no nonce: the same content gives the same request, and an old answer to it is as good as a new one, since it proves more.
func Request(content []byte) ([]byte, error) {
	sum := sha256.Sum256(content)
	request, err := (&timestamp.Request{HashAlgorithm: crypto.SHA256, HashedMessage: sum[:], Certificates: true}).Marshal()
	if err != nil {
		return nil, fmt.Errorf("custody: request: %w", err)
	}
	return request, nil
}

// WriteRequest puts a request beside a case file.
func WriteRequest(casefile string, content []byte) error {
	request, err := Request(content)
	if err != nil {
		return err
	}
	return write(RequestFile(casefile), request)
}

// CheckStamp reads an answer, a whole one or the token alone, and checks that it is of that content and signed by the certificate in it; if
// roots are given, also that this one may stamp and led to one of them when it did. ErrStamp, ErrAuthority.
func CheckStamp(answer, content []byte, roots *x509.CertPool) (*Stamp, error) {
	stamp, err := timestamp.ParseResponse(answer)
	if err != nil {
		if token, failed := timestamp.Parse(answer); failed == nil {
			stamp, err = token, nil
		}
	}
	if err != nil {
		return nil, fmt.Errorf("custody: %w: %w", ErrStamp, err)
	}
	hash := stamp.HashAlgorithm
	if hash != crypto.SHA256 && hash != crypto.SHA384 && hash != crypto.SHA512 {
		return nil, fmt.Errorf("custody: %w: its digest is %s; SHA-256 was asked for", ErrStamp, hash)
	}
	sum := hash.New()
	sum.Write(content)
	if !bytes.Equal(sum.Sum(nil), stamp.HashedMessage) {
		return nil, fmt.Errorf("custody: %w: it is of other bytes", ErrStamp)
	}
	token, err := pkcs7.Parse(stamp.RawToken)
	if err != nil {
		return nil, fmt.Errorf("custody: %w: %w", ErrStamp, err)
	}
	signer := token.GetOnlySigner()
	if signer == nil {
		return nil, fmt.Errorf("custody: %w: it holds no certificate of its signer", ErrStamp)
	}
	found := &Stamp{Time: stamp.Time.UTC(), Authority: signer.Subject.String(), Serial: stamp.SerialNumber.Text(16)}
	if roots == nil {
		return found, nil
	}
	between := x509.NewCertPool()
	for _, c := range token.Certificates {
		between.AddCert(c)
	}
	err = token.VerifyWithOpts(x509.VerifyOptions{Roots: roots, Intermediates: between, CurrentTime: stamp.Time,
		KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageTimeStamping}})
	if err != nil {
		return found, fmt.Errorf("custody: %w: %w", ErrAuthority, err)
	}
	found.Trusted = true
	return found, nil
}

// ReadStamp checks the time stamp beside a case file, as CheckStamp does; nil where there is none.
func ReadStamp(casefile string, content []byte, roots *x509.CertPool) (*Stamp, error) {
	answer, err := os.ReadFile(StampFile(casefile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil // no stamp, and nothing wrong
	}
	if err != nil {
		return nil, fmt.Errorf("custody: time stamp: %w", err)
	}
	return CheckStamp(answer, content, roots)
}

// Answer is that of an authority, with what it is to be checked against.
type Answer struct {
	Bytes   []byte
	Content []byte         // what was to be stamped
	Roots   *x509.CertPool // authorities that are trusted; nil for none
}

// Attach checks an answer, puts it beside a case file with that id, and adds an entry that says so, after the note that it has: both, or neither.
// A time stamp that is there stays, since an older one proves more. ErrStamp, ErrAuthority, ErrStamped, and the errors of Append.
func Attach(ctx context.Context, casefile, id string, answer Answer, said Said) (*Stamp, error) {
	stamp, err := CheckStamp(answer.Bytes, answer.Content, answer.Roots)
	if err != nil {
		return nil, err
	}
	said.Act = Stamped
	said.Note = strings.TrimSpace(said.Note + " " + stamp.Time.Format("2006-01-02 15:04:05Z") + " by " + stamp.Authority)
	if err := said.check(); err != nil {
		return nil, err
	}
	return stamp, alone(ctx, casefile, func() error {
		path := StampFile(casefile)
		had, err := os.ReadFile(path)
		there := err == nil
		switch {
		case there && !bytes.Equal(had, answer.Bytes):
			return fmt.Errorf("custody: %s: %w", path, ErrStamped)
		case !there && !errors.Is(err, fs.ErrNotExist):
			return fmt.Errorf("custody: time stamp: %w", err)
		}
		_, log, err := appended(casefile, id, said)
		if err == nil && !there {
			err = write(path, answer.Bytes)
		}
		if err != nil {
			return err
		}
		if err = write(LogFile(casefile), log); err != nil && !there {
			err = errors.Join(err, os.Remove(path))
		}
		return err
	})
}

// Authorities reads the certificates of authorities that are trusted. ErrCertificate, or an error of a file.
func Authorities(files []string) (*x509.CertPool, error) {
	if len(files) == 0 {
		return nil, nil // none is trusted, and nothing wrong
	}
	pool := x509.NewCertPool()
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("custody: %w", err)
		}
		found := false
		for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
			c, err := x509.ParseCertificate(block.Bytes)
			if err != nil {
				return nil, fmt.Errorf("custody: %s: %w: %w", file, ErrCertificate, err)
			}
			pool.AddCert(c)
			found = true
		}
		if !found {
			return nil, fmt.Errorf("custody: %s: %w", file, ErrCertificate)
		}
	}
	return pool, nil
}
