package bag_test

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	secret "crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/casefile/bag"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// content is the payload of the tests.
var content = map[string]string{
	"README.txt":               "What this is.\n",
	"graph/network.graphml":    "<graphml/>\n",
	"evidence/永昌貿易有限公司.csv":    "shipper\n永昌貿易有限公司\n",
	"evidence/100% cotton.csv": "goods\n100% cotton\n",
	"empty":                    "",
}

var info = []bag.Field{
	{Label: "Bagging-Date", Value: "2027-01-31"}, {Label: "Source-Organization", Value: "Hong Kong Customs"}, {Label: "Purpose", Value: "訓練: training"},
}

// key is the same in every run.
func key() ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize))
}

func public(k ed25519.PrivateKey) ed25519.PublicKey { return k.Public().(ed25519.PublicKey) }

// build makes a bag of the content.
func build(t testing.TB, opts bag.Options) string {
	t.Helper()
	target := filepath.Join(t.TempDir(), "case-7")
	if opts.Zip {
		target += ".zip"
	}
	opts.Info = info
	w, err := bag.Create(target, opts)
	require.NoError(t, err)
	var wait sync.WaitGroup
	for name, text := range content {
		wait.Go(func() {
			f, err := w.File(name)
			if assert.NoError(t, err) {
				_, err = io.WriteString(f, text)
				assert.NoError(t, err)
				assert.NoError(t, f.Close())
			}
		})
	}
	wait.Wait()
	require.NoError(t, w.Close())
	return target
}

func verified(t testing.TB, path string, keys ...ed25519.PublicKey) *bag.Report {
	t.Helper()
	report, err := bag.Verify(context.Background(), path, keys...)
	require.NoError(t, err)
	return report
}

// tree writes all files of a folder as one text.
func tree(t *testing.T, folder string) string {
	t.Helper()
	var text strings.Builder
	require.NoError(t, filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(folder, path)
		if err != nil {
			return err
		}
		content, err := os.ReadFile(path)
		fmt.Fprintf(&text, "== %s ==\n%s", filepath.ToSlash(name), content)
		return err
	}))
	return text.String()
}

// TestTheBytesAreGolden pins every byte of a signed bag, and of its zip file, for all machines and releases to come.
func TestTheBytesAreGolden(t *testing.T) {
	packed, err := os.ReadFile(build(t, bag.Options{Key: key(), Zip: true}))
	require.NoError(t, err)
	sum := sha256.Sum256(packed)
	got := tree(t, build(t, bag.Options{Key: key()})) + fmt.Sprintf("== the zip file ==\n%d bytes, SHA-256 %s\n", len(packed), hex.EncodeToString(sum[:]))
	golden := filepath.Join("testdata", "bag.golden")
	if *update {
		require.NoError(t, os.WriteFile(golden, []byte(got), 0o600))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	require.Equal(t, string(want), got)
}

func TestWhatIsMadeIsWhole(t *testing.T) {
	for _, zipped := range []bool{false, true} {
		unsigned := verified(t, build(t, bag.Options{Zip: zipped}))
		assert.True(t, unsigned.OK())
		assert.Empty(t, unsigned.Signer)
		assert.Equal(t, append(info[:len(info):len(info)], bag.Field{Label: "Payload-Oxum", Value: "76.5"}), unsigned.Info)
		assert.Equal(t, 5+6, unsigned.Files)

		path := build(t, bag.Options{Zip: zipped, Key: key()})
		signed := verified(t, path, public(key()))
		assert.True(t, signed.OK())
		assert.Equal(t, hex.EncodeToString(public(key())), signed.Signer)

		b, err := bag.Open(t.Context(), path)
		require.NoError(t, err)
		assert.Len(t, b.Files(), len(content))
		for _, name := range b.Files() {
			f, err := b.File(name)
			require.NoError(t, err)
			got, err := io.ReadAll(f)
			require.NoError(t, err)
			require.NoError(t, f.Close())
			assert.Equal(t, content[name], string(got))
		}
		_, err = b.File("../bag-info.txt")
		require.ErrorIs(t, err, fs.ErrNotExist)
		require.NoError(t, b.Close())
	}
}

// TestEveryBitCounts changes one bit of a byte of a bag, more than 1,000 times, in a folder and in a zip file, signed and not.
func TestEveryBitCounts(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	apart := 12
	if testing.Short() {
		apart = 60
	}
	flip := func(t *testing.T, bagged, file string) {
		whole, err := os.ReadFile(file)
		require.NoError(t, err)
		for at := random.IntN(min(apart, len(whole)+1)); at < len(whole); at += 1 + random.IntN(apart) {
			broken := bytes.Clone(whole)
			broken[at] ^= 1 << random.UintN(8)
			require.NoError(t, os.WriteFile(file, broken, 0o600))
			report, err := bag.Verify(t.Context(), bagged)
			if err == nil {
				require.False(t, report.OK(), "%s, byte %d", file, at)
			} else {
				require.ErrorIs(t, err, bag.ErrNoBag, "%s, byte %d", file, at)
				require.Less(t, at, 4, "that only the first bytes can tell")
			}
		}
		require.NoError(t, os.WriteFile(file, whole, 0o600))
	}
	for name, k := range map[string]ed25519.PrivateKey{"signed": key(), "unsigned": nil} {
		t.Run("zip/"+name, func(t *testing.T) {
			path := build(t, bag.Options{Key: k, Zip: true})
			flip(t, path, path)
		})
		t.Run("folder/"+name, func(t *testing.T) {
			path := build(t, bag.Options{Key: k})
			require.NoError(t, filepath.WalkDir(path, func(file string, d fs.DirEntry, err error) error {
				if err == nil && !d.IsDir() {
					flip(t, path, file)
				}
				return err
			}))
		})
	}
}

func TestWhatIsNotAsItWas(t *testing.T) {
	for name, c := range map[string]struct {
		change func(t *testing.T, folder string)
		want   []bag.Problem
	}{
		"changed": {
			func(t *testing.T, folder string) { put(t, folder, "data/README.txt", "Something else.\n") },
			[]bag.Problem{
				{Path: "data/README.txt", Problem: "was changed, or its line in manifest-sha256.txt was"},
				{Path: "data/README.txt", Problem: "was changed, or its line in manifest-sha512.txt was"},
			},
		},
		"missing": {
			func(t *testing.T, folder string) {
				require.NoError(t, os.Remove(filepath.Join(folder, "data", "empty")))
			},
			[]bag.Problem{{Path: "data/empty", Problem: "is missing"}},
		},
		"added": {
			func(t *testing.T, folder string) { put(t, folder, "data/more", "more") },
			[]bag.Problem{{Path: "data/more", Problem: "was added: no manifest lists it"}},
		},
		"added beside": {
			func(t *testing.T, folder string) { put(t, folder, "notes.txt", "a note") },
			[]bag.Problem{{Path: "notes.txt", Problem: "was added: no manifest lists it"}},
		},
		"renamed": {
			func(t *testing.T, folder string) {
				require.NoError(t, os.Rename(filepath.Join(folder, "data", "README.txt"), filepath.Join(folder, "data", "README.md")))
			},
			[]bag.Problem{{Path: "data/README.md", Problem: "was called data/README.txt"}, {Path: "data/README.txt", Problem: "was renamed to data/README.md"}},
		},
		"an empty folder": {
			func(t *testing.T, folder string) {
				require.NoError(t, os.Mkdir(filepath.Join(folder, "data", "more"), 0o700))
			},
			[]bag.Problem{{Path: "data/more", Problem: "is an empty folder, which was not there when the bag was made"}},
		},
		"no signature": {
			func(t *testing.T, folder string) {
				require.NoError(t, os.Remove(filepath.Join(folder, "signature-ed25519.txt")))
			},
			[]bag.Problem{{Path: "signature-ed25519.txt", Problem: "is missing: a signature is wanted, and there is none"}},
		},
		"no declaration": {
			func(t *testing.T, folder string) { require.NoError(t, os.Remove(filepath.Join(folder, "bagit.txt"))) },
			[]bag.Problem{{Path: "bagit.txt", Problem: "is missing"}},
		},
		"no manifest": {
			func(t *testing.T, in string) { require.NoError(t, os.Remove(filepath.Join(in, "manifest-sha512.txt"))) },
			[]bag.Problem{{Path: "manifest-sha512.txt", Problem: "is missing"}},
		},
		"manifests that fit, as a forger makes them": {
			func(t *testing.T, folder string) {
				w, err := bag.Create(folder+"-2", bag.Options{Info: info})
				require.NoError(t, err)
				f, err := w.File("README.txt")
				require.NoError(t, err)
				require.NoError(t, f.Close())
				require.NoError(t, w.Close())
				signature, err := os.ReadFile(filepath.Join(folder, "signature-ed25519.txt"))
				require.NoError(t, err)
				require.NoError(t, os.RemoveAll(folder))
				require.NoError(t, os.Rename(folder+"-2", folder))
				put(t, folder, "signature-ed25519.txt", string(signature))
			},
			[]bag.Problem{{Path: "signature-ed25519.txt", Problem: "does not fit: the manifests, the key or the signature were changed"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			folder := build(t, bag.Options{Key: key()})
			c.change(t, folder)
			got := verified(t, folder, public(key()))
			assert.Equal(t, c.want, got.Problems)
			_, err := bag.Open(t.Context(), folder, public(key()))
			require.ErrorIs(t, err, bag.ErrDamaged)
			assert.ErrorContains(t, err, c.want[0].Path)
		})
	}
}

func put(t *testing.T, folder, name, text string) {
	t.Helper()
	require.NoError(t, os.WriteFile(filepath.Join(folder, filepath.FromSlash(name)), []byte(text), 0o600))
}

func TestLinksAreNoFiles(t *testing.T) {
	folder := build(t, bag.Options{})
	if err := os.Symlink("README.txt", filepath.Join(folder, "data", "link")); err != nil {
		t.Skip("no links here: ", err)
	}
	assert.Equal(t, []bag.Problem{{Path: "data/link", Problem: "is neither a file nor a folder, but a link or a device"}}, verified(t, folder).Problems)
	require.NoError(t, os.Remove(filepath.Join(folder, "data", "link")))
	require.NoError(t, os.Remove(filepath.Join(folder, "data", "README.txt")))
	require.NoError(t, os.Symlink("empty", filepath.Join(folder, "data", "README.txt")))
	assert.Len(t, verified(t, folder).Problems, 1, "it is not missing too")
}

func TestSignedByAnother(t *testing.T) {
	other := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{8}, ed25519.SeedSize))
	path := build(t, bag.Options{Key: other, Zip: true})
	report := verified(t, path, public(key()))
	require.Len(t, report.Problems, 1)
	assert.Contains(t, report.Problems[0].Problem, "by another key than those that are known: "+hex.EncodeToString(public(other)))
	_, err := bag.Open(t.Context(), path, public(key()))
	require.ErrorIs(t, err, bag.ErrSigner)
	require.NotErrorIs(t, err, bag.ErrDamaged)
	assert.True(t, verified(t, path, public(key()), public(other)).OK(), "one of several")
	assert.True(t, verified(t, path).OK(), "none is asked for")
}

// TestPackedByAnotherProgram has the same files in a zip file that is not the one they make.
func TestPackedByAnotherProgram(t *testing.T) {
	whole, err := os.ReadFile(build(t, bag.Options{Zip: true}))
	require.NoError(t, err)
	list, err := zip.NewReader(bytes.NewReader(whole), int64(len(whole)))
	require.NoError(t, err)
	for method, want := range map[uint16]string{zip.Deflate: bag.ErrAnew.Error(), zip.Store: "packed by another program"} {
		var again bytes.Buffer
		w := zip.NewWriter(&again)
		for _, f := range list.File {
			into, err := w.CreateHeader(&zip.FileHeader{Name: f.Name, Method: method})
			require.NoError(t, err)
			from, err := f.Open()
			require.NoError(t, err)
			_, err = io.Copy(into, from)
			require.NoError(t, err)
		}
		require.NoError(t, w.Close())
		path := filepath.Join(t.TempDir(), "again.zip")
		require.NoError(t, os.WriteFile(path, again.Bytes(), 0o600))
		report := verified(t, path)
		require.Len(t, report.Problems, 1)
		assert.Contains(t, report.Problems[0].Problem, want)
		assert.True(t, bag.Is(path), "else its files would be taken for data of their own, without the handling code of the whole")
		_, err = bag.Open(t.Context(), path)
		require.Error(t, err)
		assert.Equal(t, method == zip.Deflate, errors.Is(err, bag.ErrAnew))
	}
	after := filepath.Join(t.TempDir(), "after.zip")
	require.NoError(t, os.WriteFile(after, append(whole, "more"...), 0o600))
	assert.NotEmpty(t, verified(t, after).Problems, "bytes behind the end")
}

func TestWhatIsNoBag(t *testing.T) {
	folder := t.TempDir()
	_, err := bag.Verify(t.Context(), folder)
	require.ErrorIs(t, err, bag.ErrNoBag, "an empty folder")
	put(t, folder, "text", "declaration,importer\n")
	_, err = bag.Verify(t.Context(), filepath.Join(folder, "text"))
	require.ErrorIs(t, err, bag.ErrNoBag)
	_, err = bag.Verify(t.Context(), filepath.Join(folder, "nothing"))
	require.ErrorIs(t, err, fs.ErrNotExist)
	put(t, folder, "cut.zip", "PK")
	put(t, folder, "none.zip", "")
	for _, cut := range []string{"cut.zip", "none.zip"} {
		problems := verified(t, filepath.Join(folder, cut)).Problems
		require.Len(t, problems, 1, "its list cannot be read; of its files nothing is known")
		assert.Contains(t, problems[0].Problem, "was cut short")
	}
}

func TestCreateRefuses(t *testing.T) {
	folder := t.TempDir()
	put(t, folder, "taken", "")
	_, err := bag.Create(filepath.Join(folder, "taken"), bag.Options{})
	require.ErrorIs(t, err, bag.ErrExists)
	for _, f := range []bag.Field{
		{Label: "", Value: "x"}, {Label: "Two Words", Value: "x"}, {Label: "Payload-Oxum", Value: "1.1"}, {Label: "Purpose", Value: " x"},
		{Label: "Purpose", Value: "a\nSource-Organization: b"}, {Label: "Purpose", Value: ""},
	} {
		_, err := bag.Create(filepath.Join(folder, "bag"), bag.Options{Info: []bag.Field{f}})
		require.ErrorIs(t, err, bag.ErrInfo, "%q", f)
	}
	left, err := os.ReadDir(folder)
	require.NoError(t, err)
	assert.Len(t, left, 1, "nothing is left behind")
}

func TestNothingIsLeftOfWhatFailed(t *testing.T) {
	folder := t.TempDir()
	target := filepath.Join(folder, "bag.zip")
	w, err := bag.Create(target, bag.Options{Zip: true})
	require.NoError(t, err)
	_, err = w.File("open")
	require.NoError(t, err)
	require.ErrorContains(t, w.Close(), "data/open is not finished")

	w, err = bag.Create(target, bag.Options{Zip: true})
	require.NoError(t, err)
	put(t, folder, "bag.zip", "came in the meantime")
	require.ErrorIs(t, w.Close(), bag.ErrExists)

	w, err = bag.Create(filepath.Join(folder, "given up"), bag.Options{})
	require.NoError(t, err)
	require.NoError(t, w.Abandon())
	left, err := os.ReadDir(folder)
	require.NoError(t, err)
	require.Len(t, left, 1)
	assert.Equal(t, "bag.zip", left[0].Name())
}

func TestAnEmptyBag(t *testing.T) {
	for _, zipped := range []bool{false, true} {
		target := filepath.Join(t.TempDir(), "bag")
		w, err := bag.Create(target, bag.Options{Zip: zipped})
		require.NoError(t, err)
		require.NoError(t, w.Close())
		report := verified(t, target)
		assert.True(t, report.OK(), "%v", report.Problems)
	}
}

func TestVerifyIsCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := bag.Verify(ctx, build(t, bag.Options{}))
	require.ErrorIs(t, err, context.Canceled)
}

// TestChangedAfterItWasVerified changes a file of an open bag.
func TestChangedAfterItWasVerified(t *testing.T) {
	folder := build(t, bag.Options{})
	b, err := bag.Open(t.Context(), folder)
	require.NoError(t, err)
	put(t, folder, "data/README.txt", "What this is!\n")
	f, err := b.File("README.txt")
	require.NoError(t, err)
	_, err = io.ReadAll(f)
	require.ErrorIs(t, err, bag.ErrDamaged)
	require.NoError(t, f.Close())
	require.NoError(t, b.Close())
}

// TestKeys reads keys in the form in which openssl writes them.
func TestKeys(t *testing.T) {
	folder := t.TempDir()
	write := func(name, kind string, content []byte, err error) string {
		require.NoError(t, err)
		path := filepath.Join(folder, name)
		require.NoError(t, os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: content}), 0o600))
		return path
	}
	inner, err := x509.MarshalPKCS8PrivateKey(key())
	private := write("private.pem", "PRIVATE KEY", inner, err)
	outer, err := x509.MarshalPKIXPublicKey(public(key()))
	known := write("public.pem", "PUBLIC KEY", outer, err)
	curve, err := ecdsa.GenerateKey(elliptic.P256(), secret.Reader)
	require.NoError(t, err)
	inner, err = x509.MarshalPKCS8PrivateKey(curve)
	other := write("other.pem", "PRIVATE KEY", inner, err)

	signing, err := bag.PrivateKey(private)
	require.NoError(t, err)
	checking, err := bag.PublicKey(known)
	require.NoError(t, err)
	assert.True(t, verified(t, build(t, bag.Options{Key: signing}), checking).OK())
	for _, name := range []string{known, other, filepath.Join("testdata", "bag.golden")} {
		_, err := bag.PrivateKey(name)
		require.ErrorIs(t, err, bag.ErrKey, name)
	}
	_, err = bag.PublicKey(private)
	require.ErrorIs(t, err, bag.ErrKey)
	_, err = bag.PublicKey(filepath.Join(folder, "nothing"))
	require.ErrorIs(t, err, fs.ErrNotExist)
}

// FuzzVerify reads any bytes as a zip file: no panic, and no whole bag but the one it was.
func FuzzVerify(f *testing.F) {
	whole, err := os.ReadFile(build(f, bag.Options{Zip: true}))
	require.NoError(f, err)
	f.Add(whole)
	f.Add([]byte("PK\x05\x06" + strings.Repeat("\x00", 18)))
	f.Fuzz(func(t *testing.T, content []byte) {
		path := filepath.Join(t.TempDir(), "case.zip")
		require.NoError(t, os.WriteFile(path, content, 0o600))
		report, err := bag.Verify(t.Context(), path)
		if err != nil {
			require.ErrorIs(t, err, bag.ErrNoBag)
			return
		}
		require.True(t, report.OK() == (len(report.Problems) == 0))
	})
}

// BenchmarkVerify verifies a zip file of 64 MiB.
func BenchmarkVerify(b *testing.B) {
	target := filepath.Join(b.TempDir(), "bag.zip")
	w, err := bag.Create(target, bag.Options{Zip: true})
	require.NoError(b, err)
	f, err := w.File("large")
	require.NoError(b, err)
	piece := bytes.Repeat([]byte("declaration;importer;"), 1<<16)
	for range 48 {
		_, err = f.Write(piece)
		require.NoError(b, err)
	}
	require.NoError(b, f.Close())
	require.NoError(b, w.Close())
	b.SetBytes(48 * int64(len(piece)))
	for b.Loop() {
		report, err := bag.Verify(b.Context(), target)
		require.NoError(b, err)
		require.True(b, report.OK())
	}
	runtime.KeepAlive(w)
}
