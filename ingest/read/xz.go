package read

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/ulikunitz/xz"
	"github.com/ulikunitz/xz/lzma"
)

// errNotXZ: no stream of xz begins where one must.
var errNotXZ = errors.New("no xz stream begins here")

// errXZ: the bytes do not keep the layout of an xz file.
var errXZ = errors.New("not as an xz file is laid out")

// openXZ unpacks a file of xz.
func openXZ(packed io.Reader) (io.ReadCloser, error) {
	watch := &xzWatch{source: packed}
	watch.expect(4, watch.beginning)
	// The library's own least dictionary would be 8 MiB for each block.
	unpacked, err := xz.ReaderConfig{DictCap: lzma.MinDictCap}.NewReader(bufio.NewReaderSize(watch, 64<<10))
	if err != nil {
		return nil, watch.cause(err)
	}
	return &unxz{watch: watch, unpacked: unpacked}, nil
}

// unxz is the unpacked stream of a file of xz.
type unxz struct {
	watch    *xzWatch
	unpacked io.Reader
}

func (u *unxz) Read(p []byte) (int, error) {
	n, err := u.unpacked.Read(p)
	return n, u.watch.cause(err)
}

// Close has nothing to free.
func (u *unxz) Close() error { return nil }

// xzWatch follows the layout of an xz file on its way to the unpacker, for what
// the library leaves open: it makes a dictionary of whatever size a block's
// header asks for, up to 4 GiB, and takes a file that breaks off between two
// blocks for a whole one.
//
// The layout is that of "The .xz File Format" 1.2.1, by L. Collin: streams of
// blocks, each a header and LZMA2 chunks, then an index. All parts but chunks
// are multiples of four bytes long.
type xzWatch struct {
	source  io.Reader
	err     error
	n       int64 // bytes seen
	skip    int64 // to pass before the next piece
	piece   []byte
	need    int          // bytes of a whole piece
	then    func() error // looks at a whole piece and says which is next
	whole   bool         // the file may end before the next piece
	check   int64        // bytes of a block's checksum
	numbers int64        // still to come in the index, -1 before it is known how many
	asked   uint64       // bytes of all dictionaries together
}

// Read reads what the unpacker is given: up to the first byte that breaks the
// layout.
func (x *xzWatch) Read(p []byte) (int, error) {
	if x.err != nil {
		return 0, x.err
	}
	n, err := x.source.Read(p)
	sound, fault := x.follow(p[:n])
	switch {
	case fault != nil:
		x.err = fault
		return sound, fault
	case errors.Is(err, io.EOF) && (!x.whole || x.skip > 0 || len(x.piece) > 0):
		err = io.ErrUnexpectedEOF
	}
	x.err = err
	return n, err
}

// cause is the error behind that of the unpacker.
func (x *xzWatch) cause(err error) error {
	if err != nil && x.err != nil && !errors.Is(x.err, io.EOF) {
		return x.err
	}
	return err
}

// follow looks at the next bytes and returns how many of them are sound.
func (x *xzWatch) follow(p []byte) (int, error) {
	for i := 0; i < len(p); i++ {
		if x.skip > 0 {
			n := min(x.skip, int64(len(p)-i))
			x.skip -= n
			x.n += n
			i += int(n) - 1
			continue
		}
		x.n++
		x.piece = append(x.piece, p[i])
		if len(x.piece) == x.need {
			if err := x.then(); err != nil {
				return i, err
			}
		}
	}
	return len(p), nil
}

// expect makes the next n bytes a piece.
func (x *xzWatch) expect(n int, then func() error) {
	x.piece, x.need, x.then, x.whole = x.piece[:0], n, then, false
}

// aligned returns how many bytes are missing to a multiple of four.
func (x *xzWatch) aligned() int64 { return -x.n & 3 }

// beginning looks at the first four bytes of a stream, or at padding between two.
func (x *xzWatch) beginning() error {
	switch {
	case bytes.Equal(x.piece, []byte("\xFD7zX")):
		x.expect(8, x.flags)
		return nil
	case x.n > 4 && bytes.Equal(x.piece, make([]byte, 4)):
		x.expect(4, x.beginning)
		x.whole = true
		return nil
	}
	return errNotXZ
}

// flags looks at the rest of a stream's header: which checksum its blocks have.
func (x *xzWatch) flags() error {
	sizes := [16]int64{0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64}
	x.check = sizes[x.piece[3]&0x0F]
	x.expect(1, x.block)
	return nil
}

// block looks at the first byte of a block, the length of its header, which is 0
// where the index begins.
func (x *xzWatch) block() error {
	if length := int(x.piece[0]); length > 0 {
		x.expect(4*length+3, x.header)
		return nil
	}
	x.numbers = -1
	x.expect(1, x.number)
	return nil
}

// header looks at the rest of a block's header, for the dictionary of its LZMA2.
func (x *xzWatch) header() error {
	flags, rest := x.piece[0], x.piece[1:]
	for _, there := range []byte{0x40, 0x80} { // packed size, unpacked size
		if flags&there == 0 {
			continue
		}
		_, n := binary.Uvarint(rest)
		if n <= 0 {
			return errXZ
		}
		rest = rest[n:]
	}
	const lzma2 = 0x21
	if flags&3 != 0 || len(rest) < 3 || rest[0] != lzma2 || rest[1] != 1 {
		return fmt.Errorf("%w: packed by xz with a filter other than LZMA2; unpack it", ErrFormat)
	}
	size, err := lzma.DecodeDictCap(rest[2])
	switch {
	case err != nil:
		return errXZ
	case size > MaxWindow:
		return fmt.Errorf("%w: %d bytes", ErrWindow, size)
	}
	// To make a large dictionary for each of a million tiny blocks takes hours.
	if x.asked += uint64(size); x.asked > 64*Unpacked(uint64(x.n)) {
		return fmt.Errorf("%w (%d bytes of dictionaries for %d)", ErrBomb, x.asked, x.n)
	}
	x.expect(1, x.chunk)
	return nil
}

// chunk looks at the first byte of a chunk of LZMA2.
func (x *xzWatch) chunk() error {
	switch control := x.piece[0]; {
	case control == 0: // none: the block ends
		x.skip = x.aligned() + x.check
		x.expect(1, x.block)
	case control <= 2:
		x.expect(2, func() error { return x.data(x.piece) })
	case control < 0x80:
		return errXZ
	case control < 0xC0:
		x.expect(4, func() error { return x.data(x.piece[2:]) })
	default: // with new properties
		x.expect(5, func() error { return x.data(x.piece[2:]) })
	}
	return nil
}

// data passes the bytes of a chunk, whose number less one is given.
func (x *xzWatch) data(size []byte) error {
	x.skip = int64(binary.BigEndian.Uint16(size)) + 1
	x.expect(1, x.chunk)
	return nil
}

// number looks at a number of the index: how many records, then two for each.
func (x *xzWatch) number() error {
	if x.piece[len(x.piece)-1] >= 0x80 {
		if x.need++; x.need > 9 {
			return errXZ
		}
		return nil
	}
	if x.numbers < 0 {
		records, _ := binary.Uvarint(x.piece)
		if records > 1<<40 {
			return errXZ
		}
		x.numbers = 2*int64(records) + 1
	}
	if x.numbers--; x.numbers > 0 {
		x.expect(1, x.number)
		return nil
	}
	const checksum, footer = 4, 12
	x.skip = x.aligned() + checksum + footer
	x.expect(4, x.beginning)
	x.whole = true
	return nil
}
