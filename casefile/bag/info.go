package bag

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode"
)

// ErrInfo is returned for words that bag-info.txt cannot hold.
var ErrInfo = errors.New("not to be said in bag-info.txt")

const (
	declarationFile = "bagit.txt"
	declaration     = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
	infoFile        = "bag-info.txt"
	// oxum is the field that Close adds: bytes and files of the payload.
	oxum = "Payload-Oxum"
)

// Field is one line of bag-info.txt. The labels that RFC 8493 reserves, such as Bagging-Date, mean there what they mean here.
type Field struct {
	Label string `json:"label"`
	Value string `json:"value"`
}

func (f Field) check() error {
	fault := ""
	switch {
	case f.Label == "" || strings.ContainsAny(f.Label, ": \t"):
		fault = "a label is one word"
	case f.Label == oxum:
		fault = "it is added when the bag is closed"
	case strings.TrimSpace(f.Value) != f.Value || f.Value == "":
		fault = "a value is no blank, and neither begins nor ends with one"
	case strings.ContainsFunc(f.Label+f.Value, unicode.IsControl):
		fault = "it holds a line break or another control character"
	}
	if fault != "" {
		return fmt.Errorf("%w: %q: %q: %s", ErrInfo, f.Label, f.Value, fault)
	}
	return nil
}

func infoText(fields []Field) []byte {
	var text bytes.Buffer
	for _, f := range fields {
		text.WriteString(f.Label + ": " + f.Value + "\n")
	}
	return text.Bytes()
}

// Wording is what the tag files of a bag say whatever is in it: their names, the declaration, the labels of these fields.
func Wording(fields []Field) []byte {
	text := infoText(append(fields[:len(fields):len(fields)], Field{oxum, ""}))
	for _, a := range algorithms {
		text = append(text, a.payload+"\n"+a.tags+"\n"...)
	}
	return append(text, declarationFile+"\n"+declaration+infoFile+"\n"+signatureFile+"\n"+payload+"\n"...)
}

// parseInfo reads bag-info.txt; a line that begins with a blank goes on with the value before it.
func parseInfo(content []byte) []Field {
	var fields []Field
	for line := range bytes.Lines(content) {
		text := strings.TrimRight(string(line), "\r\n")
		label, value, found := strings.Cut(text, ":")
		switch {
		case strings.HasPrefix(text, " ") || strings.HasPrefix(text, "\t"):
			if n := len(fields); n > 0 {
				fields[n-1].Value += " " + strings.TrimSpace(text)
			}
		case found:
			fields = append(fields, Field{strings.TrimSpace(label), strings.TrimSpace(value)})
		}
	}
	return fields
}
