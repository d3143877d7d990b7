package ident_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/ingest/ident"
)

// container draws a valid number.
func container(t *rapid.T) string {
	text := rapid.StringMatching(`[A-Z]{3}[UJZ][0-9]{6}`).Draw(t, "owner and serial")
	return text + ident.Container(text).Expected
}

// slips are what a hand or an eye does to a number; each gives a text of eleven
// characters.
var slips = map[string]func(t *rapid.T, number string) string{
	"digit": func(t *rapid.T, number string) string {
		i := rapid.IntRange(4, 10).Draw(t, "place")
		return replace(number, i, byte('0'+rapid.IntRange(0, 9).Draw(t, "digit")))
	},
	"letter": func(t *rapid.T, number string) string {
		i := rapid.IntRange(0, 3).Draw(t, "place")
		return replace(number, i, byte('A'+rapid.IntRange(0, 25).Draw(t, "letter")))
	},
	"neighbours": func(t *rapid.T, number string) string {
		i := rapid.IntRange(1, 10).Draw(t, "place")
		b := []byte(number)
		b[i-1], b[i] = b[i], b[i-1]
		return string(b)
	},
	"alike": func(t *rapid.T, number string) string {
		b := []byte(number)
		alike := map[byte]byte{'O': '0', 'I': '1', 'Z': '2', 'S': '5', 'B': '8', '0': 'O', '1': 'I', '2': 'Z', '5': 'S', '8': 'B'}
		for i, c := range b {
			if other, ok := alike[c]; ok && rapid.Bool().Draw(t, "misread") {
				b[i] = other
			}
		}
		return string(b)
	},
}

// Whatever the slip, the number that was meant is among the near misses.
func TestWhatWasMeantIsNear(t *testing.T) {
	for name, slip := range slips {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				meant := container(t)
				text := slip(t, meant)
				near := ident.ContainerNear(text)
				require.True(t, slices.IsSorted(near))
				require.NotContains(t, near, text)
				require.Equal(t, near, slices.Compact(slices.Clone(near)))
				if text != meant {
					require.Contains(t, near, meant, "for %s", text)
				}
				for _, n := range near {
					require.Contains(t, []ident.Mark{ident.Fine, ident.Discouraged}, ident.Container(n).Mark, n)
				}
				require.Less(t, len(near), 60, "few enough to be looked up")
			})
		})
	}
}

func TestContainerNearOfOtherText(t *testing.T) {
	for _, text := range []string{"", "CSQU305438", "CSQU30543833", "12345678901", "ABCDEFGHIJK", "CSQU305é438"} {
		require.Nil(t, ident.ContainerNear(text), text)
	}
	require.Contains(t, ident.ContainerNear("csqu 305438-4"), "CSQU3054383", "as it is typed")
	require.Contains(t, ident.ContainerNear("CSQX3054383"), "CSQU3054383", "a letter that no container has there")
}

func BenchmarkContainerNear(b *testing.B) {
	for b.Loop() {
		ident.ContainerNear("CSQU3054384")
	}
}
