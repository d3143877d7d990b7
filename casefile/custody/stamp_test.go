package custody_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/digitorus/timestamp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/casefile/custody"
)

// authority stamps times in the place of one on the network.
type authority struct {
	certificate *x509.Certificate
	key         crypto.Signer
}

func newAuthority(t *testing.T, name string, usage x509.ExtKeyUsage) *authority {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	// The usage of a time stamp authority must be critical (RFC 3161, 2.3).
	sealed, err := asn1.Marshal([]asn1.ObjectIdentifier{{1, 3, 6, 1, 5, 5, 7, 3, 8}})
	require.NoError(t, err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, NotBefore: noon.AddDate(-10, 0, 0), NotAfter: noon.AddDate(10, 0, 0),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign}
	if usage == x509.ExtKeyUsageTimeStamping {
		template.ExtraExtensions = []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, 37}, Critical: true, Value: sealed}}
	} else {
		template.ExtKeyUsage = []x509.ExtKeyUsage{usage}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	require.NoError(t, err)
	certificate, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	return &authority{certificate, private}
}

// answer answers a request.
func (a *authority) answer(t *testing.T, request []byte, at time.Time) []byte {
	t.Helper()
	asked, err := timestamp.ParseRequest(request)
	require.NoError(t, err)
	stamp := timestamp.Timestamp{HashAlgorithm: asked.HashAlgorithm, HashedMessage: asked.HashedMessage, Time: at, Policy: asn1.ObjectIdentifier{1, 2, 3},
		AddTSACertificate: asked.Certificates}
	answer, err := stamp.CreateResponseWithOpts(a.certificate, a.key, crypto.SHA256)
	require.NoError(t, err)
	return answer
}

// trusted writes the certificate to a file, and reads it as those of trusted authorities are.
func (a *authority) trusted(t *testing.T) *x509.CertPool {
	t.Helper()
	file := filepath.Join(t.TempDir(), "tsa.pem")
	require.NoError(t, os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.certificate.Raw}), 0o600))
	roots, err := custody.Authorities([]string{file})
	require.NoError(t, err)
	return roots
}

// TestATimeStampIsAskedForAndChecked goes all the way, with an authority made here.
func TestATimeStampIsAskedForAndChecked(t *testing.T) {
	path, content := filepath.Join(t.TempDir(), "case-7.zip"), []byte("public-key 00\nsignature 00\n")
	require.NoError(t, custody.WriteRequest(path, content))
	request, err := os.ReadFile(custody.RequestFile(path))
	require.NoError(t, err)
	again, err := custody.Request(content)
	require.NoError(t, err)
	assert.Equal(t, request, again, "the same content gives the same request")
	tsa := newAuthority(t, "a test authority", x509.ExtKeyUsageTimeStamping)
	answer := tsa.answer(t, request, noon)

	none, err := custody.ReadStamp(path, content, nil)
	require.NoError(t, err)
	assert.Nil(t, none)
	by := custody.Said{By: "kim", Note: "asked by courier:", At: noon}
	stamp, err := custody.Attach(t.Context(), path, id, custody.Answer{Bytes: answer, Content: content}, by)
	require.NoError(t, err)
	assert.False(t, stamp.Trusted, "nobody said whom to trust")
	stamp, err = custody.ReadStamp(path, content, tsa.trusted(t))
	require.NoError(t, err)
	assert.True(t, stamp.Trusted)
	assert.True(t, stamp.Time.Equal(noon))
	assert.Equal(t, "CN=a test authority", stamp.Authority)

	entries, err := custody.Read(path, id)
	require.NoError(t, err)
	require.Len(t, entries, 1)
	assert.Equal(t, custody.Stamped, entries[0].Act)
	assert.Equal(t, "asked by courier: 2027-01-31 04:00:00Z by CN=a test authority", entries[0].Note)

	_, err = custody.ReadStamp(path, append(content, ' '), nil)
	require.ErrorIs(t, err, custody.ErrStamp)
	require.ErrorContains(t, err, "of other bytes")
	_, err = custody.ReadStamp(path, content, newAuthority(t, "another", x509.ExtKeyUsageTimeStamping).trusted(t))
	require.ErrorIs(t, err, custody.ErrAuthority)
}

// TestATimeStampIsAttachedWithItsEntryOrNotAtAll, and one that is there stays.
func TestATimeStampIsAttachedWithItsEntryOrNotAtAll(t *testing.T) {
	path, content := filepath.Join(t.TempDir(), "case-7.zip"), []byte("some bytes")
	request, err := custody.Request(content)
	require.NoError(t, err)
	tsa := newAuthority(t, "a test authority", x509.ExtKeyUsageTimeStamping)
	first := custody.Answer{Bytes: tsa.answer(t, request, noon), Content: content}
	_, err = custody.Attach(t.Context(), path, id, first, custody.Said{By: " ", At: noon})
	require.ErrorIs(t, err, custody.ErrEntry)
	require.NoFileExists(t, custody.StampFile(path))
	require.NoError(t, os.WriteFile(custody.LogFile(path), []byte("{}\n"), 0o600))
	_, err = custody.Attach(t.Context(), path, id, first, custody.Said{By: "kim", At: noon})
	require.ErrorIs(t, err, custody.ErrBroken)
	require.NoFileExists(t, custody.StampFile(path))
	require.NoError(t, os.Remove(custody.LogFile(path)))

	_, err = custody.Attach(t.Context(), path, id, first, custody.Said{By: "kim", At: noon})
	require.NoError(t, err)
	later := custody.Answer{Bytes: tsa.answer(t, request, noon.Add(time.Hour)), Content: content}
	_, err = custody.Attach(t.Context(), path, id, later, custody.Said{By: "kim", At: noon})
	require.ErrorIs(t, err, custody.ErrStamped)
	kept, err := os.ReadFile(custody.StampFile(path))
	require.NoError(t, err)
	assert.Equal(t, first.Bytes, kept)
	entries, err := custody.Read(path, id)
	require.NoError(t, err)
	assert.Len(t, entries, 1)
	_, err = custody.Attach(t.Context(), path, id, first, custody.Said{By: "lee", At: noon})
	require.NoError(t, err, "the same one again, as after a crash between both")
}

// TestAForgedTimeStampIsRefused changes bytes of an answer, and takes one by a certificate that may not stamp, or had run out.
func TestAForgedTimeStampIsRefused(t *testing.T) {
	content := []byte("some bytes")
	request, err := custody.Request(content)
	require.NoError(t, err)
	tsa := newAuthority(t, "a test authority", x509.ExtKeyUsageTimeStamping)
	answer, roots := tsa.answer(t, request, noon), tsa.trusted(t)
	good, err := custody.CheckStamp(answer, content, roots)
	require.NoError(t, err)
	for i := 0; i < len(answer); i += 3 {
		changed := append([]byte{}, answer...)
		changed[i] ^= 1
		if stamp, err := custody.CheckStamp(changed, content, roots); err == nil {
			require.Equal(t, good.Time, stamp.Time, "byte %d", i) // what is not signed says nothing
		}
	}
	for _, bad := range [][]byte{nil, []byte("no answer"), answer[:len(answer)-1], append(append([]byte{}, answer...), 0)} {
		_, err := custody.CheckStamp(bad, content, nil)
		require.ErrorIs(t, err, custody.ErrStamp)
	}
	other := newAuthority(t, "a server", x509.ExtKeyUsageServerAuth)
	_, err = custody.CheckStamp(other.answer(t, request, noon), content, other.trusted(t))
	require.ErrorIs(t, err, custody.ErrAuthority)
	_, err = custody.CheckStamp(tsa.answer(t, request, noon.AddDate(20, 0, 0)), content, roots)
	require.Error(t, err, "the certificate had run out")
}

func TestCertificatesThatAreNone(t *testing.T) {
	file := filepath.Join(t.TempDir(), "x.pem")
	for _, text := range []string{"", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"} {
		require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
		_, err := custody.Authorities([]string{file})
		require.ErrorIs(t, err, custody.ErrCertificate)
	}
	_, err := custody.Authorities([]string{file + ".none"})
	require.ErrorIs(t, err, os.ErrNotExist)
}
