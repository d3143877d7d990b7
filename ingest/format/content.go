package format

import (
	"bytes"
	"context"
	"fmt"
	"io"

	"github.com/klauspost/compress/zip"

	"rummage/ingest/read"
)

// mostHeld is how many bytes of a packed content are held in memory for a format
// that reads here and there.
const mostHeld = 256 << 20

// magicSize is how many bytes tell packed content and workbooks.
const magicSize = 8

// magic reads the first bytes of a content.
func magic(content read.Input) ([]byte, error) {
	head, err := io.ReadAll(io.NewSectionReader(content, 0, min(magicSize, content.Size())))
	if err != nil {
		return nil, fmt.Errorf("format: %w", err)
	}
	return head, nil
}

// atRandom returns a content that can be read here and there at no cost: what is
// packed, by itself or as a member of an archive, is unpacked to memory, up to most
// bytes. It says how the content is packed by itself.
func atRandom(ctx context.Context, content read.Input, most int64) (read.Input, string, error) {
	head, err := magic(content)
	if err != nil {
		return nil, "", err
	}
	packing := read.Compression(head)
	inner, isMember := content.(*member)
	switch {
	case packing == read.Plain && !isMember:
		return content, packing, nil
	case packing == read.Plain && inner.file.Method == zip.Store:
		if raw, err := inner.file.OpenRaw(); err == nil {
			if stored, ok := raw.(*io.SectionReader); ok {
				return stored, packing, nil
			}
		}
	}
	stream, err := read.Unpack(read.Stoppable(ctx, io.NewSectionReader(content, 0, content.Size())), packing)
	if err != nil {
		return nil, "", fmt.Errorf("format: %w", err)
	}
	defer stream.Close()
	held, err := io.ReadAll(io.LimitReader(stream, most+1))
	switch {
	case err != nil:
		return nil, "", fmt.Errorf("format: %w", err)
	case int64(len(held)) > most:
		return nil, "", fmt.Errorf("format: %w: it unpacks to more than %d bytes, which must be held in memory; unpack it", read.ErrFormat, most)
	}
	return bytes.NewReader(held), packing, nil
}
