package flag

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"rummage/algo/finding"
	"rummage/algo/view"
)

// ErrSettings is wrapped by every complaint about settings that cannot be used.
var ErrSettings = errors.New("flag: settings")

// Settings are everything that changes what flag says about the same records. They are stored with each run.
type Settings struct {
	// Weights of the kinds of edges that the walk of leads follows; a kind left out is not part of the graph.
	Weights view.Weights `json:"weights"`

	// Decay is the half-life of a tie in days; 0: ties do not fade.
	Decay float64 `json:"decay"`

	// Damping is the walk's probability of going on.
	Damping float64 `json:"damping"`

	// Corroborate lets a hit count for more where the circle around it was hit elsewhere too, or is closed.
	Corroborate bool `json:"corroborate"`

	// Kappa is the weight of closeness, which no outcome has a part in, in the score of leads. 0, the default, leaves it
	// out: where the rate of closed groups without crime is unknown, family firms must not be ranked up for being close.
	Kappa float64 `json:"kappa"`

	// ExposedCloseness is how much closeness lets exposure count for more: the ratio is multiplied by exp(this * closeness), so that a closed
	// circle that no hit reaches gains nothing.
	ExposedCloseness float64 `json:"exposed_closeness"`

	// Peers is the share taken off a score of how far parties with as many ties stand above all: see peers.
	Peers float64 `json:"peers"`

	// Exporters is how far an exporter's hits are held against its inspections, as an importer's are: the power of what an importer with as
	// many would start the walk with; 0 starts every exporter with a hit at 1.
	Exporters float64 `json:"exporters"`

	// KappaByData lets the outcomes of the scope decide the weight of closeness: see Analysis.Kappa.
	KappaByData bool `json:"kappa_by_data,omitempty"`

	// SeedDecay is the half-life in days of what was found; 0, the default: it does not fade.
	SeedDecay float64 `json:"seed_decay,omitempty"`

	// Observed is the weight that exposure as observed against expected has in the score of leads: the walk from the hits beside one from
	// whoever was inspected. 0, the default, leaves it out.
	Observed float64 `json:"observed,omitempty"`

	// LearnWeights lets what was found lately decide the weights of the kinds of ties, within bounds: see Analysis.Learned.
	LearnWeights bool `json:"learn_weights,omitempty"`

	// Behaviour lets what goods cost and weigh, and how and when they come, join the score of leads where the outcomes of the scope say
	// that it tells more: see Analysis.Behaviour.
	Behaviour bool `json:"behaviour"`

	// BehaviourFavours is how much sooner findings are believed of a group whose members show the same in their goods and days: its weight is
	// multiplied by 1 and so many times their mean. It looks at no outcome. 0 leaves it out.
	BehaviourFavours float64 `json:"behaviour_favours,omitempty"`

	// Leads is how many leads a result lists; Known how many traders that were hit themselves.
	Leads int `json:"leads"`
	Known int `json:"known"`

	// How groups are drawn: see finding.DrawOptions.
	Resolution     float64   `json:"resolution"`
	Also           []float64 `json:"also"`
	IdentifierBeta float64   `json:"identifier_beta"`
	RareUsers      int       `json:"rare_users"`
	Smallest       int       `json:"smallest"`
	Largest        int       `json:"largest"`

	// Patterns is how many times ties are dealt out anew to hold typologies against chance; 0, the default, looks for none.
	Patterns int `json:"patterns,omitempty"`

	// TimeSlices is within how many slices of time outcomes are shuffled; 0 and 1 cut nothing.
	TimeSlices int `json:"time_slices,omitempty"`

	// Q is the share of false findings allowed, Draws the shuffles per null.
	Q     float64 `json:"q"`
	Draws int     `json:"draws"`
}

// DefaultSettings are those of the second study of docs/methods, with closeness in the score where there is exposure alone, and busy parties held
// against their peers: see docs/decisions.
func DefaultSettings() Settings {
	d, t := finding.DefaultDraw(), finding.DefaultTrial()
	return Settings{
		Weights: view.DefaultWeights(), Damping: 0.85, Corroborate: true, Behaviour: true, Leads: 500, Known: 100,
		ExposedCloseness: 0.2, Peers: 0.5, Exporters: 0.5,
		Resolution: d.Resolution, Also: d.Also, IdentifierBeta: d.IdentifierBeta, RareUsers: d.RareUsers, Smallest: d.Smallest, Largest: d.Largest,
		Q: t.Q, Draws: t.Draws,
	}
}

// Check refuses settings outside their range. The error wraps ErrSettings and names the setting.
func (s *Settings) Check() error {
	if err := s.Weights.Check(); err != nil {
		return fmt.Errorf("%w: %w", ErrSettings, err)
	}
	for _, rule := range []struct {
		fine bool
		name string
		want string
	}{
		{s.Decay >= 0 && s.Decay <= 1e6, "decay", "0 to 1000000 days"},
		{s.Damping > 0 && s.Damping < 1, "damping", "between 0 and 1"},
		{s.Kappa >= 0 && s.Kappa <= 100, "kappa", "0 to 100"},
		{s.ExposedCloseness >= 0 && s.ExposedCloseness <= 10, "exposed_closeness", "0 to 10"},
		{s.Peers >= 0 && s.Peers <= 1, "peers", "0 to 1"},
		{s.Exporters >= 0 && s.Exporters <= 1, "exporters", "0 to 1"},
		{s.SeedDecay >= 0 && s.SeedDecay <= 1e6, "seed_decay", "0 to 1000000 days"},
		{s.Observed >= 0 && s.Observed <= 100, "observed", "0 to 100"},
		{s.BehaviourFavours >= 0 && s.BehaviourFavours <= 100, "behaviour_favours", "0 to 100"},
		{s.Leads >= 0, "leads", "0 or more"},
		{s.Known >= 0, "known", "0 or more"},
		{s.Resolution > 0 && s.Resolution <= 1e6, "resolution", "above 0"},
		{!slices.ContainsFunc(s.Also, func(r float64) bool { return !(r > 0 && r <= 1e6) }), "also", "above 0"},
		{s.IdentifierBeta >= 0 && s.IdentifierBeta <= 1e6, "identifier_beta", "0 or more"},
		{s.RareUsers >= 2, "rare_users", "2 or more"},
		{s.Smallest >= 2 && s.Largest >= s.Smallest, "smallest and largest", "2 or more, in this order"},
		{s.Q > 0 && s.Q < 1, "q", "between 0 and 1"},
		{s.Draws >= 1, "draws", "1 or more"},
		{s.TimeSlices >= 0 && s.TimeSlices <= 1000, "time_slices", "0 to 1000"},
		{s.Patterns >= 0 && s.Patterns <= 1e6, "patterns", "0 to 1000000"},
	} {
		if !rule.fine {
			return fmt.Errorf("%w: %s: want %s", ErrSettings, rule.name, rule.want)
		}
	}
	return nil
}

// Canonical returns the settings as JSON with sorted keys and no white space: equal settings, equal bytes.
func (s *Settings) Canonical() (json.RawMessage, error) {
	text, err := json.Marshal(s)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrSettings, err)
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var loose map[string]any
	if err := decoder.Decode(&loose); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrSettings, err)
	}
	return json.Marshal(loose)
}

// ReadSettings is the inverse of Canonical. Keys left out keep their default; unknown ones are refused. Runs of before exposed_closeness, peers
// and exporters had a weight leave these out, and mean 0.
func ReadSettings(text json.RawMessage) (Settings, error) {
	s := DefaultSettings()
	s.ExposedCloseness, s.Peers, s.Exporters = 0, 0, 0
	var given struct {
		Weights json.RawMessage `json:"weights"`
	}
	if err := json.Unmarshal(text, &given); err != nil {
		return s, fmt.Errorf("%w: %w", ErrSettings, err)
	}
	if given.Weights != nil {
		s.Weights = view.Weights{} // kinds left out weigh nothing
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&s); err != nil {
		return s, fmt.Errorf("%w: %w", ErrSettings, err)
	}
	return s, s.Check()
}

// Set changes one setting, given as its name in JSON, an equals sign and its value, which stands for the whole of what was there: kinds of
// ties that weights leave out weigh nothing. The error wraps ErrSettings.
func (s *Settings) Set(assignment string) error {
	name, value, is := strings.Cut(assignment, "=")
	if !is || !json.Valid([]byte(value)) || strings.TrimSpace(value) == "null" {
		return fmt.Errorf("%w: %q: want name=value, as peers=0.5 or learn_weights=true", ErrSettings, assignment)
	}
	text, err := s.Canonical()
	if err != nil {
		return err
	}
	var all map[string]json.RawMessage
	if err := json.Unmarshal(text, &all); err != nil {
		return fmt.Errorf("%w: %w", ErrSettings, err)
	}
	maps.DeleteFunc(all, func(key string, _ json.RawMessage) bool { return strings.EqualFold(key, name) })
	all[name] = json.RawMessage(value)
	if text, err = json.Marshal(all); err != nil {
		return fmt.Errorf("%w: %w", ErrSettings, err)
	}
	changed, err := ReadSettings(text)
	if err != nil {
		return fmt.Errorf("%w (%s)", err, assignment)
	}
	*s = changed
	return nil
}

func (s *Settings) draw(threads int) finding.DrawOptions {
	return finding.DrawOptions{
		Resolution: s.Resolution, Also: s.Also, IdentifierBeta: s.IdentifierBeta, RareUsers: s.RareUsers,
		Smallest: s.Smallest, Largest: s.Largest, TimeSlices: s.TimeSlices, Threads: threads,
	}
}
