package read

// What follows is for the readers of other formats, in packages of their own.

// DetectEncoding says in which encoding a file is, by its first bytes, unpacked,
// and what hints say. Errors are those of Detect.
func DetectEncoding(head []byte, h Hints) (Encoding, error) { return detectEncoding(head, h, nil) }

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
