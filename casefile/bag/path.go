package bag

import (
	"errors"
	"fmt"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// ErrPath is returned for a name that not every system could give a file.
var ErrPath = errors.New("no name that a file can have on every system")

// payload is the folder of the files that a bag is made for.
const payload = "data/"

// longest is the greatest number of bytes of a name between two slashes.
const longest = 200

// reserved are names that Windows keeps for devices, whatever comes after a dot.
var reserved = map[string]bool{"con": true, "prn": true, "aux": true, "nul": true}

// check tells whether a file may be called so: in NFC, of letters and signs that Windows, macOS and Linux all allow, without a way out
// of the folder.
func check(name string) error {
	fault := ""
	switch {
	case name == "" || !utf8.ValidString(name):
		fault = "it is empty, or no UTF-8"
	case path.Clean("/"+name) != "/"+name || strings.HasPrefix(name, "/"):
		fault = "it is no plain path below a folder"
	case !norm.NFC.IsNormalString(name):
		fault = "its letters are not composed (Unicode NFC)"
	case strings.ContainsAny(name, `\:*?"<>|`):
		fault = `it holds one of \ : * ? " < > |`
	case strings.ContainsFunc(name, func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }):
		fault = "it holds a sign that cannot be seen"
	}
	for part := range strings.SplitSeq(name, "/") {
		stem, _, _ := strings.Cut(strings.ToLower(part), ".")
		device := reserved[stem] || len(stem) == 4 && (stem[:3] == "com" || stem[:3] == "lpt") && stem[3] >= '0' && stem[3] <= '9'
		switch {
		case fault != "":
		case len(part) > longest:
			fault = fmt.Sprintf("a part of it is longer than %d bytes", longest)
		case strings.HasSuffix(part, ".") || strings.HasSuffix(part, " ") || strings.HasPrefix(part, " "):
			fault = "a part of it begins or ends with a blank, or ends with a dot"
		case device:
			fault = "Windows keeps it for a device"
		}
	}
	if fault != "" {
		return fmt.Errorf("%w: %q: %s", ErrPath, name, fault)
	}
	return nil
}

// folded is what two names have in common that a file system may take for one.
func folded(name string) string { return strings.ToLower(norm.NFKC.String(name)) }
