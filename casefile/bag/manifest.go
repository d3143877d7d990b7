package bag

import (
	"bytes"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"hash"
	"hash/crc32"
	"io"
	"maps"
	"slices"
	"strings"
)

// digests are what is known of the bytes of a file.
type digests struct {
	size   int64
	crc    uint32
	sha256 [sha256.Size]byte
	sha512 [sha512.Size]byte
}

// digester sums up what is written to it.
type digester struct {
	size   int64
	crc    hash.Hash32
	sha256 hash.Hash
	sha512 hash.Hash
	all    io.Writer
}

func newDigester() *digester {
	d := &digester{crc: crc32.NewIEEE(), sha256: sha256.New(), sha512: sha512.New()}
	d.all = io.MultiWriter(d.crc, d.sha256, d.sha512)
	return d
}

func (d *digester) Write(b []byte) (int, error) {
	d.size += int64(len(b))
	return d.all.Write(b)
}

func (d *digester) digests() digests {
	return digests{d.size, d.crc.Sum32(), [sha256.Size]byte(d.sha256.Sum(nil)), [sha512.Size]byte(d.sha512.Sum(nil))}
}

// algorithm is a kind of digest, with the names of its two manifests.
type algorithm struct {
	payload, tags string
	of            func(digests) []byte
}

var algorithms = []algorithm{
	{"manifest-sha256.txt", "tagmanifest-sha256.txt", func(d digests) []byte { return d.sha256[:] }},
	{"manifest-sha512.txt", "tagmanifest-sha512.txt", func(d digests) []byte { return d.sha512[:] }},
}

// manifest is the content of one: a line a file, ordered by path.
func (a algorithm) manifest(files map[string]digests) []byte {
	var text bytes.Buffer
	for _, name := range slices.Sorted(maps.Keys(files)) {
		text.WriteString(hex.EncodeToString(a.of(files[name])) + "  " + escape.Replace(name) + "\n")
	}
	return text.Bytes()
}

// RFC 8493, 2.1.3. Names with line breaks are refused by check, but others make bags too.
var (
	escape   = strings.NewReplacer("%", "%25", "\n", "%0A", "\r", "%0D")
	unescape = strings.NewReplacer("%25", "%", "%0A", "\n", "%0a", "\n", "%0D", "\r", "%0d", "\r")
)

// listed reads what a manifest says: a digest in hexadecimal for every path. Lines that are none are left out; that they are there shows
// in the comparison with the manifest as it should be.
func listed(manifest []byte) map[string]string {
	said := map[string]string{}
	for line := range bytes.Lines(manifest) {
		sum, name, found := strings.Cut(strings.TrimRight(string(line), "\r\n"), " ")
		if found {
			said[unescape.Replace(strings.TrimLeft(name, " *"))] = sum
		}
	}
	return said
}

// split parts files into those of the payload and those that tag manifests list.
func split(files map[string]digests) (data, tags map[string]digests) {
	data, tags = map[string]digests{}, map[string]digests{}
	for name, d := range files {
		switch {
		case strings.HasPrefix(name, payload):
			data[name] = d
		case !apart(name):
			tags[name] = d
		}
	}
	return data, tags
}

// apart tells whether a file is listed nowhere: a tag manifest, or what is said about these.
func apart(name string) bool {
	return name == signatureFile || slices.ContainsFunc(algorithms, func(a algorithm) bool { return a.tags == name })
}
