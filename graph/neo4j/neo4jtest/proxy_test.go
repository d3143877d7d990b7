package neo4jtest

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestThroughAProxyTheNetworkIsAsBadAsOrdered(t *testing.T) {
	s := Shared(t)
	p := s.Through(t)
	far := &Server{Address: p.Address, User: s.User, Password: s.Password, Database: s.Database}
	ask := func(limit time.Duration) (time.Duration, error) {
		ctx, cancel := context.WithTimeout(t.Context(), limit)
		defer cancel()
		began := time.Now()
		_, err := far.count(ctx, "RETURN 1")
		return time.Since(began), err
	}
	_, err := ask(time.Minute)
	require.NoError(t, err)
	for _, fault := range []struct {
		name   string
		add    func()
		passes bool
	}{
		{"cut", func() { p.Cut(t) }, false},
		{"slow", func() { p.Slow(t, 300*time.Millisecond) }, true},
		{"limited", func() { p.Limit(t, 50_000) }, true},
		{"hanging", func() { p.Hang(t) }, false},
		{"reset", func() { p.Reset(t) }, false},
		{"closed after ten bytes", func() { p.After(t, 10) }, false},
	} {
		t.Run(fault.name, func(t *testing.T) {
			fault.add()
			limit := 3 * time.Second
			if fault.passes {
				limit = time.Minute
			}
			took, err := ask(limit)
			assert.Equal(t, fault.passes, err == nil, "%v", err)
			if fault.name == "slow" {
				assert.GreaterOrEqual(t, took, 300*time.Millisecond)
			}
			p.Restore(t)
			// The driver's pool holds connections that died; it finds out by trying them.
			assert.Eventually(t, func() bool { _, err := ask(20 * time.Second); return err == nil }, 3*time.Minute, 50*time.Millisecond)
		})
	}
	require.NoError(t, far.Stop())
}
