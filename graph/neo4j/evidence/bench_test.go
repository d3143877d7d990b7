package evidence

import (
	"bytes"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

func BenchmarkKeep(b *testing.B) {
	f, text := folder(b), lines(64<<20)
	sha := sum(text)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		_, err := f.Keep(ctx, bytes.NewReader(text), sha)
		require.NoError(b, err)
		require.NoError(b, f.Remove(sha))
	}
}

func BenchmarkOpen(b *testing.B) {
	f, text := folder(b), lines(64<<20)
	sha := keep(b, f, text)
	info, err := os.Stat(f.path(sha))
	require.NoError(b, err)
	b.ReportMetric(float64(len(text))/float64(info.Size()), "times-smaller")
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		f.forget(sha)
		file, err := f.Evidence(ctx, sha)
		require.NoError(b, err)
		require.NoError(b, file.Close())
	}
}
