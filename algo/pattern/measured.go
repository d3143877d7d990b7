package pattern

import (
	_ "embed"
	"fmt"
	"strings"
)

// What the rules find where it is known what is there, as the tests of this package measured it.
//
//go:embed testdata/quality.golden
var qualityText string

//go:embed testdata/korean.golden
var koreanText string

// Measured is what a typology found in one simulated world.
type Measured struct {
	Level   string // of the world; see docs/worlds.md
	Planted int    // schemes that it describes
	Met     int    // of those
	Matches int
	Right   int // matches on such a scheme
	Other   int // on a planted scheme that another typology describes
	Alike   int // on an innocent look-alike
	Benign  int // on two members of one benign group
}

// Quality is what is measured of typologies.
type Quality struct {
	Worlds map[string][]Measured // by typology and level; nothing of one that was not planted and not met
	// Korean says of each what was found in the 54,000 Korean declarations, which were drawn record by record: all of it is chance.
	Korean map[string]string
}

// ReadQuality reads the figures that come with the typologies.
func ReadQuality() (*Quality, error) {
	q := &Quality{Worlds: map[string][]Measured{}, Korean: map[string]string{}}
	_, table, ok := strings.Cut(qualityText, "\nlevel ")
	if !ok {
		return nil, fmt.Errorf("pattern: figures of quality: %w", ErrTypology)
	}
	for _, line := range strings.Split(strings.TrimSpace(table), "\n")[1:] {
		var m Measured
		var id string
		if _, err := fmt.Sscan(line, &m.Level, &id, &m.Planted, &m.Met, &m.Matches, &m.Right, &m.Other, &m.Alike, &m.Benign); err != nil {
			return nil, fmt.Errorf("pattern: figures of quality: %q: %w", line, err)
		}
		q.Worlds[id] = append(q.Worlds[id], m)
	}
	for line := range strings.Lines(koreanText) {
		id, says, _ := strings.Cut(strings.TrimSpace(line), " ")
		q.Korean[id] = strings.TrimSpace(says)
	}
	return q, nil
}

// Recall is the share of planted schemes that were met, and precision that of matches on such a scheme; false where there are none.
func (m *Measured) Recall() (float64, bool) { return share(m.Met, m.Planted) }

// Precision is the share of matches on a scheme that the typology describes.
func (m *Measured) Precision() (float64, bool) { return share(m.Right, m.Matches) }

func share(part, whole int) (float64, bool) {
	if whole == 0 {
		return 0, false
	}
	return float64(part) / float64(whole), true
}
