package area_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/algo/area"
	"rummage/graph"
)

// day parses a day.
func day(t testing.TB, text string) graph.Date {
	t.Helper()
	d, err := graph.ParseDate(text)
	require.NoError(t, err)
	return d
}

// TestKoreanDeclarationsAsAnAreaProblem: fitted on 2020, tuned on the first quarter of
// 2021, tried on the second. The published best model (Jeong et al. 2022, table 3)
// reaches 0.762 at 5 % and 0.641 at 10 %; cells with back-off, fitted by others on the
// same split, 0.972 and 0.920.
func TestKoreanDeclarationsAsAnAreaProblem(t *testing.T) {
	table := korean(t, day(t, "2021-03-31"))
	m, err := area.Fit(t.Context(), table, area.Fitting{Tune: day(t, "2021-01-01"), Until: day(t, "2021-03-31")})
	require.NoError(t, err)
	trial, err := m.Try(day(t, "2021-04-01"))
	require.NoError(t, err)
	t.Logf("%v; precision at 1, 2, 5, 10 %% %.3f, AP %.3f, ECE %.3f", m.Rungs, trial.Precision, trial.AP, trial.ECE)
	assert.GreaterOrEqual(t, trial.Precision[2], 0.97)
	assert.GreaterOrEqual(t, trial.Precision[3], 0.92)
	assert.LessOrEqual(t, trial.ECE, 0.05)
}

// korean reads the three files into a store of their own.
func korean(t testing.TB, known graph.Date) *area.Table {
	t.Helper()
	reader := load(t, "korean-customs/train.csv.gz", "korean-customs/valid.csv.gz", "korean-customs/test.csv.gz")
	table, err := area.Read(t.Context(), reader, area.Options{Known: known})
	require.NoError(t, err)
	require.Len(t, table.IDs, 54000)
	return table
}

// TestKoreanDeclarationsHaveAreas: whose records are hit far more often than their
// margins explain.
func TestKoreanDeclarationsHaveAreas(t *testing.T) {
	survey, err := korean(t, graph.NoDate).Survey(t.Context(), area.Surveying{Dimensions: []string{"hs6", "departure"}})
	require.NoError(t, err)
	striking := 0
	for i := range survey.Areas {
		if a := &survey.Areas[i]; a.Striking() {
			striking++
			assert.Greater(t, float64(a.Found.Hits), a.Expected)
		}
	}
	t.Logf("%d of %d tested, of %d listed, are striking", striking, survey.Tested, len(survey.Areas))
	assert.Greater(t, striking, 50)
}
