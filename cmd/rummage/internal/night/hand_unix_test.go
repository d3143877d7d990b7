//go:build unix

package night_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/cmd/rummage/internal/night"
)

func TestACommandIsHandedTheText(t *testing.T) {
	var said bytes.Buffer
	sh := func(script string) night.Command {
		return night.Command{Words: []string{"/bin/sh", "-c", script}, Env: []string{"NAME=desk"}, Stdout: &said, Stderr: &said, Timeout: time.Minute}
	}
	status, err := night.Hand(t.Context(), sh(`cat; echo "to $NAME"`), []byte("news\n"))
	require.NoError(t, err)
	assert.Zero(t, status)
	assert.Equal(t, "news\nto desk\n", said.String())

	status, err = night.Hand(t.Context(), sh("exit 0"), bytes.Repeat([]byte("long\n"), 100_000))
	require.NoError(t, err, "it need not read")
	assert.Zero(t, status)

	status, err = night.Hand(t.Context(), sh("exit 9"), nil)
	require.ErrorContains(t, err, "exit status 9")
	assert.Equal(t, 9, status)

	slow := sh("sleep 60 & wait")
	slow.Timeout = 20 * time.Millisecond
	slow.Stdout, slow.Stderr = nil, nil
	status, err = night.Hand(t.Context(), slow, nil)
	require.ErrorContains(t, err, "killed after 20ms")
	assert.Equal(t, -1, status)

	missing := sh("")
	missing.Words = []string{filepath.Join(t.TempDir(), "none")}
	status, err = night.Hand(t.Context(), missing, nil)
	require.ErrorIs(t, err, os.ErrNotExist)
	assert.Equal(t, -1, status)

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = night.Hand(ctx, sh("true"), nil)
	assert.ErrorIs(t, err, context.Canceled)
}
