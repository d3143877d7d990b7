package edges

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
)

// piece is how many numbers are encoded at a time.
const piece = 1 << 15

// WriteVector writes numbers to a file, little-endian and nothing else.
func WriteVector[T uint32 | float64](name string, numbers []T) error {
	file, err := os.Create(name)
	if err != nil {
		return fmt.Errorf("edges: %w", err)
	}
	out := bufio.NewWriterSize(file, 1<<20)
	for at := 0; at < len(numbers) && err == nil; at += piece {
		err = binary.Write(out, binary.LittleEndian, numbers[at:min(at+piece, len(numbers))])
	}
	if err == nil {
		err = out.Flush()
	}
	if closed := file.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return fmt.Errorf("edges: %s: %w", name, err)
	}
	return nil
}

// ReadVector reads what WriteVector wrote.
func ReadVector[T uint32 | float64](name string) ([]T, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("edges: %w", err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, fmt.Errorf("edges: %w", err)
	}
	var one T
	width := int64(binary.Size(one))
	if info.Size()%width != 0 {
		return nil, fmt.Errorf("edges: %s: %w: %d bytes are no whole number of entries", name, ErrFiles, info.Size())
	}
	numbers := make([]T, info.Size()/width)
	in := bufio.NewReaderSize(file, 1<<20)
	for at := 0; at < len(numbers); at += piece {
		if err := binary.Read(in, binary.LittleEndian, numbers[at:min(at+piece, len(numbers))]); err != nil {
			return nil, fmt.Errorf("edges: %s: %w", name, err)
		}
	}
	return numbers, nil
}

func writeColumn[T uint32 | float64](g *Graph, name string, numbers []T) error {
	return WriteVector(filepath.Join(g.Folder, name), numbers)
}

func readColumn[T uint32 | float64](g *Graph, name string) ([]T, error) {
	numbers, err := ReadVector[T](filepath.Join(g.Folder, name))
	if err == nil && len(numbers) != g.Edges {
		return nil, fmt.Errorf("edges: %s: %w: %d entries of %s for %d edges; delete the folder to have it made again",
			g.Folder, ErrFiles, len(numbers), name, g.Edges)
	}
	return numbers, err
}
