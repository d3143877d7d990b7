package main

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/graph/neo4j/neo4jtest"
)

func TestServeSaysHowToReachTheServerAndStops(t *testing.T) {
	if err := neo4jtest.Fetch(t.Context(), neo4jtest.Options{HTTP: true}); errors.Is(err, neo4jtest.ErrNone) && os.Getenv("RUMMAGE_REQUIRE_NEO4J") != "1" {
		t.Skip(err)
	}
	ctx, interrupt := context.WithTimeout(t.Context(), 3*time.Minute)
	defer interrupt()
	read, write := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		ended <- serve(ctx, write, []string{"-port", "0", "-http", "0", "-heap", "512m"})
		write.Close()
	}()
	var text strings.Builder
	buffer := make([]byte, 4096)
	for !strings.Contains(text.String(), "Ctrl-C") {
		n, err := read.Read(buffer)
		require.NoError(t, err, text.String())
		text.Write(buffer[:n])
	}
	for _, want := range []string{`address   bolt://127\.0\.0\.1:\d+\n`, `browser   http://127\.0\.0\.1:\d+/browser/\n`, `user      neo4j\n`, `password  \w{20,}\n`} {
		assert.Regexp(t, want, text.String())
	}
	folder := regexp.MustCompile(`folder    (\S+)\n`).FindStringSubmatch(text.String())
	interrupt()
	rest, err := io.ReadAll(read)
	require.NoError(t, err)
	assert.Contains(t, string(rest), "stopping")
	require.NoError(t, <-ended)
	if folder != nil {
		assert.NoDirExists(t, folder[1])
	}
}

func TestServeSaysThatAPortIsTaken(t *testing.T) {
	if err := neo4jtest.Fetch(t.Context(), neo4jtest.Options{HTTP: true}); errors.Is(err, neo4jtest.ErrNone) && os.Getenv("RUMMAGE_REQUIRE_NEO4J") != "1" {
		t.Skip(err)
	}
	taken, err := net.Listen("tcp4", "127.0.0.1:0")
	require.NoError(t, err)
	defer taken.Close()
	_, port, err := net.SplitHostPort(taken.Addr().String())
	require.NoError(t, err)
	for _, words := range [][]string{{"-port", port, "-http", "0"}, {"-port", "0", "-http", port}} {
		require.ErrorContains(t, serve(t.Context(), io.Discard, words), "port "+port+" is taken")
	}
}

func TestServeRefusesWhatItDoesNotKnow(t *testing.T) {
	assert.Error(t, serve(t.Context(), io.Discard, []string{"-colour", "red"}))
}
