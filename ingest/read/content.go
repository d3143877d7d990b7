package read

import (
	"bytes"
	"io"
)

// What follows is for the readers of other formats, in packages of their own.

// Compression says by a file's first bytes how it is packed: Plain for not at all.
func Compression(head []byte) string {
	if bytes.HasPrefix(head, gzipMagic) {
		return Gzip
	}
	return Plain
}

// Unpack returns the decompressed stream of a file that is packed so: the stream
// itself for Plain. Its faults are those of a Reader. Close frees what it holds,
// and not the source.
func Unpack(source io.Reader, compression string) (io.ReadCloser, error) {
	stream, closer, err := unpack(source, compression)
	if err != nil {
		return nil, err
	}
	if closer == nil {
		closer = io.NopCloser(nil)
	}
	return unpacked{stream, closer}, nil
}

// unpacked is a stream with what has to be closed behind it.
type unpacked struct {
	io.Reader
	io.Closer
}

// DetectEncoding says in which encoding a file is, by its first bytes, unpacked,
// and what hints say. Errors are those of Detect.
func DetectEncoding(head []byte, h Hints) (Encoding, error) { return detectEncoding(head, h) }

// A Decoder turns text in one encoding into UTF-8. Text must be handed to it cut
// between characters; it keeps nothing from one call to the next.
type Decoder struct{ decoder *decoder }

// NewDecoder returns a decoder of an encoding that ParseEncoding knows.
func NewDecoder(e Encoding) *Decoder { return &Decoder{newDecoder(e)} }

// Decode appends src as UTF-8. What is no character, or was lost in an earlier
// conversion, becomes U+FFFD; but UTF-8 is appended as it stands.
func (d *Decoder) Decode(dst, src []byte) []byte { return d.decoder.decode(dst, src) }

// Flaw returns the index of the first character of decoded text that is none, -1
// if there is no such. In UTF-8 a U+FFFD that stands in the file is a character.
func (d *Decoder) Flaw(text []byte) int { return d.decoder.flaw(text) }
