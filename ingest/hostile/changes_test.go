package hostile

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"rummage/ingest"
	"rummage/ingest/read"
)

// happens is a trial of a file to which something is done once a stage is over.
func happens(name, file string, write func(data) []byte, stage ingest.Stage, do func(t testing.TB, path string, content []byte)) trial {
	c := of(name, file, func() []byte { return write(sound()) })
	c.during = func(t testing.TB, path string, p ingest.Progress) {
		if p.Stage == stage {
			do(t, path, write(sound()))
		}
	}
	return c
}

// overwrite writes into the file that is there.
func overwrite(t testing.TB, path string, content []byte) {
	t.Helper()
	require.NoError(t, os.WriteFile(path, content, 0o600))
}

// other is what a file is overwritten with: as long, and not the same.
func other(t testing.TB, path string, content []byte) {
	content[len(content)/2] ^= 1
	overwrite(t, path, content)
}

func shorter(t testing.TB, path string, content []byte) { overwrite(t, path, content[:len(content)/2]) }

func longer(t testing.TB, path string, content []byte) {
	overwrite(t, path, append(content, content[len(content)/2:]...))
}

func emptied(t testing.TB, path string, _ []byte) { overwrite(t, path, nil) }

func removed(t testing.TB, path string, _ []byte) { require.NoError(t, os.RemoveAll(path)) }

// replaced puts another file of the same name there, as careful programs save.
func replaced(t testing.TB, path string, content []byte) {
	content[len(content)/2] ^= 1
	overwrite(t, path+".new", content)
	require.NoError(t, os.Rename(path+".new", path))
}

// changes are files that change while they are read, and what is no file.
func changes() []trial {
	gz := func(d data) []byte { return pack(read.Gzip, csvText(d)) }
	book := func(d data) []byte { return workbook(sheetOf(d)) }
	spread := func(d data) []byte { return bytes.ReplaceAll(csvText(d), []byte("\n"), []byte("\n\n")) }
	special := func(name string, place func(t testing.TB, path string)) trial {
		return trial{name: name, file: "rows.csv", place: place}
	}
	link := func(to func(path string) string) func(testing.TB, string) {
		return func(t testing.TB, path string) {
			t.Helper()
			require.NoError(t, os.Symlink(to(path), path))
		}
	}
	return []trial{
		happens("csv, another once hashed", "rows.csv", csvText, ingest.StageHash, other),
		happens("csv, another once kept", "rows.csv", csvText, ingest.StageKeep, other),
		happens("csv, shorter once hashed", "rows.csv", csvText, ingest.StageHash, shorter),
		happens("csv, shorter once kept", "rows.csv", csvText, ingest.StageKeep, shorter),
		happens("csv, longer once hashed", "rows.csv", csvText, ingest.StageHash, longer),
		happens("csv, longer once read", "rows.csv", spread, ingest.StageRows, longer),
		happens("csv, emptied once kept", "rows.csv", csvText, ingest.StageKeep, emptied),
		happens("csv, removed once hashed", "rows.csv", csvText, ingest.StageHash, removed).holding(soundRows),
		happens("csv, replaced once hashed", "rows.csv", csvText, ingest.StageHash, replaced).holding(soundRows),
		happens("workbook, shorter once hashed", "rows.xlsx", book, ingest.StageHash, shorter),
		happens("workbook, another once kept", "rows.xlsx", book, ingest.StageKeep, other),
		happens("parquet, shorter once kept", "rows.parquet", parquetFile, ingest.StageKeep, shorter),
		happens("parquet, longer once hashed", "rows.parquet", parquetFile, ingest.StageHash, longer),
		happens("archive, shorter once hashed", "rows.zip", zipFile, ingest.StageHash, shorter),
		happens("archive, another once kept", "rows.zip", zipFile, ingest.StageKeep, other),
		happens("gzip, shorter once kept", "rows.csv.gz", gz, ingest.StageKeep, shorter),
		special("a pipe", pipe),
		special("a folder", func(t testing.TB, path string) { require.NoError(t, os.Mkdir(path, 0o700)) }),
		special("a link to nothing", link(func(path string) string { return filepath.Join(filepath.Dir(path), "gone.csv") })),
		special("a link to itself", link(func(path string) string { return path })),
	}
}
