package main

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"rummage/cmd/rummage/internal/exit"
	"rummage/cmd/rummage/internal/output"
	"rummage/graph"
	"rummage/ingest"
	"rummage/ingest/draft"
	"rummage/ingest/ident"
	"rummage/ingest/read"
	"rummage/resolve"
)

type screenOptions struct {
	scopeFlags
	file, part         string
	name, address      string
	country, region    string
	born               string
	least              float64
	limit              int
	encoding, delimits string
	mappings           []string
}

func newScreenCommand(d *desk) *cobra.Command {
	var opts screenOptions
	c := &cobra.Command{
		Use:   "screen [FILE]",
		Short: "Parties of a file against the watch lists in the store",
		Long: "Compares the parties that the rows of a file name with everybody whom a list in the store names, by the same score as\n" +
			"resolve, and lists who may be whom. Where a list names an address without a name, whoever is in that very unit is a hit,\n" +
			"whatever the name. A number in place of a name is looked up as one: an IMO number or MMSI of a ship, a container, a company's\n" +
			"or tax number, a passport; with the word before it or without, in --name, in columns of such numbers, and among names.\n" +
			"Identity cards are looked up by keyed hash, under the key of the office (identity-key-file), in every column. A hit that is no less like a party which somebody judged to be another than the listed one\n" +
			"(decide, resolve --review) is shown with what was said. Nothing of the file is imported. A mapping that knows it says who\n" +
			"is in it, or one named with --map, and ships and numbers of listed parties are found by their ids. Without one, which\n" +
			"columns hold names, addresses, countries, phones and mailboxes of whom is found as map finds it, and columns of words\n" +
			"that nothing explains are compared as names too. --name or --address asks about one party.",
		Example: "  rummage screen declarations.csv --least 0.8\n  rummage screen --name \"IMO 9074729\"\n  rummage screen --name \"Kam Fung Trading\" --address \"23/F, Wing On House, Hong Kong\"",
		Args:    atMostOne("FILE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				opts.file = args[0]
			}
			return runScreen(cmd.Context(), d, opts)
		},
	}
	opts.add(c)
	flags := c.Flags()
	flags.StringVar(&opts.name, "name", "", "screen this `name`, or number, in place of a file")
	flags.StringVar(&opts.address, "address", "", "its address")
	flags.StringVar(&opts.country, "country", "", "its country, as a code")
	flags.StringVar(&opts.born, "born", "", "its `day` of birth, or what is known of it: 1951-06-19, Jun 1951, 1951")
	flags.StringVar(&opts.region, "region", "", "`country` of phones that say none, such as HK")
	flags.Float64Var(&opts.least, "least", 0.5, "list matches from this score on, above 0 and at most 1")
	flags.IntVar(&opts.limit, "limit", 100, "most matches to list; 0 lists all")
	flags.StringArrayVar(&opts.mappings, "map", nil, "`mapping` to read the file by: a shipped one or a YAML file; default: the one that knows it, else as map finds it")
	flags.StringVar(&opts.part, "part", "", "this part of an archive or workbook")
	flags.StringVar(&opts.encoding, "encoding", "", "how text is encoded; default: recognised")
	flags.StringVar(&opts.delimits, "delimiter", "", "what stands between cells; default: recognised")
	return c
}

// check refuses what makes no sense.
func (o *screenOptions) check() error {
	switch {
	case (o.file == "") == (o.name == "" && o.address == ""):
		return exit.Usagef("screen: want a FILE, or --name or --address for one party")
	case o.least <= 0 || o.least > 1:
		return exit.Usagef("--least: %v is not above 0 and at most 1", o.least)
	case o.limit < 0:
		return exit.Usagef("--limit: %d is less than 0", o.limit)
	}
	return nil
}

func runScreen(ctx context.Context, d *desk, opts screenOptions) error {
	if err := opts.check(); err != nil {
		return err
	}
	reading, err := (&ingestOptions{encoding: opts.encoding, delimiter: opts.delimits, part: opts.part, mappings: opts.mappings}).settings(d)
	if err != nil {
		return err
	}
	return d.reading(ctx, look, &opts.scopeFlags, func(a *archive) error {
		s, err := newScreening(ctx, a, &opts, reading.IdentityKey)
		if err != nil {
			return err
		}
		if opts.file == "" {
			s.one()
		} else if err := s.read(ctx, d, reading); err != nil {
			return err
		}
		if err := s.settle(ctx); err != nil {
			return err
		}
		if opts.file == "" && s.answer.Hits == 0 {
			s.nearest()
		}
		return d.answer(s.answer)
	})
}

// read screens a file: by a mapping that knows it, else by what its columns are taken for.
func (s *screening) read(ctx context.Context, d *desk, reading ingest.Options) error {
	done, err := s.mapped(ctx, d, reading)
	if err != nil || done {
		return err
	}
	return s.file(ctx, reading.Hints, func(rows int) { d.meter.Step("screen", int64(rows), 0) })
}

// stated is a list of the text, empty for none.
func stated(text string) []string {
	if text == "" {
		return nil
	}
	return []string{text}
}

// screening is a call of the command.
type screening struct {
	opts   *screenOptions
	list   *resolve.List
	how    resolve.Preparing
	alike  map[graph.ID][]lookAlike   // by entry of the list
	things map[graph.ID][]listedParty // what these are linked to
	known  numberList                 // by which lists mean somebody
	secret secretList                 // by identity numbers
	listed map[graph.ID]papers        // of entries
	papers map[graph.ID]papers        // of parties of the file
	// subscribers are whom the telephones of a file that a mapping knows are said to belong to, by telephone.
	subscribers []asked

	answer screenAnswer
	seen   map[string]screened
	open   []asked
}

// screened is what was found of a party.
type screened struct {
	matches []resolve.Match
	judged  [][]judgedRow // beside matches
}

// newScreening makes a list of everybody whom a list in scope names.
func newScreening(ctx context.Context, a *archive, opts *screenOptions, key ident.Key) (*screening, error) {
	parties, err := partiesIn(ctx, a.Reader)
	if err != nil {
		return nil, err
	}
	s := &screening{opts: opts, how: resolve.Preparing{Corpus: resolve.Learn(parties), Region: opts.region}, seen: map[string]screened{}}
	if s.alike, err = a.lookAlikes(ctx, parties, s.how); err != nil {
		return nil, err
	}
	var entries []*resolve.Subject
	var said listStated
	for i := range parties {
		if p := &parties[i]; p.Listed && len(p.Names)+len(p.Addresses) > 0 {
			entries = append(entries, s.how.Prepare(*p))
			said.add(p)
		}
	}
	if len(entries) == 0 {
		return nil, exit.With(exit.Failed, errors.New("screen: the store holds no watch list"), "rummage ingest sdn.csv alt.csv add.csv, or any list whose mapping says result: listed")
	}
	s.answer = screenAnswer{List: len(entries), Stated: said, Matches: []screenRow{}, Columns: []string{}, Mappings: []string{}}
	if s.list, err = resolve.NewList(ctx, entries, 0, 0); err != nil {
		return nil, err
	}
	s.list.Among(s.how, parties)
	if s.things, err = listedThings(ctx, a.Reader, parties); err != nil {
		return nil, err
	}
	if s.known, s.listed, err = listedNumbers(ctx, a.Reader, parties, s.things); err != nil {
		return nil, err
	}
	s.answer.Stated.Numbers = len(s.known)
	s.secret, err = a.listedSecrets(ctx, key, parties)
	s.answer.Secrets = s.secret.told()
	return s, err
}

// one notes the party that the flags speak of, and the number that its name may be.
func (s *screening) one() {
	o := s.opts
	names, numbers := stated(o.name), s.secret.among(o.name)
	if len(numbers) > 0 {
		names = nil // a number that identifies a person is not shown
	} else if g, ok := numberOf(o.name, true); ok {
		numbers = append(numbers, g)
		s.answer.Number = &numberRow{g.text, g.key, append([]string{}, g.kinds...), g.marked}
	}
	s.party(0, "", resolve.Party{Names: names, Addresses: stated(o.address), Countries: stated(countryCode(o.country)), Born: stated(o.born)}, numbers...)
}

// properties are what of a party a column may hold.
var properties = map[draft.Property]func(p *resolve.Party) *[]string{
	draft.Name:    func(p *resolve.Party) *[]string { return &p.Names },
	draft.Alias:   func(p *resolve.Party) *[]string { return &p.Names },
	draft.Address: func(p *resolve.Party) *[]string { return &p.Addresses },
	draft.Country: func(p *resolve.Party) *[]string { return &p.Countries },
	draft.Phone:   func(p *resolve.Party) *[]string { return &p.Phones },
	draft.Email:   func(p *resolve.Party) *[]string { return &p.Emails },
}

// file screens the parties of every row, some thousand at a time, and tells how many rows it has read.
func (s *screening) file(ctx context.Context, hints read.Hints, progress func(rows int)) error {
	table, err := ingest.OpenTable(ctx, s.opts.file, ingest.DraftOptions{Part: s.opts.part, Hints: hints})
	if errors.Is(err, ingest.ErrParts) {
		return exit.With(exit.Usage, err, "rummage screen --part NAME FILE")
	}
	if err != nil {
		return mapError(err, s.opts.file)
	}
	defer func() { _ = table.Close() }() // it was only read
	roles, unknown := s.roles(table.Columns)
	numbers := s.numberColumns(table.Columns)
	if len(roles)+len(unknown)+len(numbers)+len(s.secret.rules) == 0 {
		return exit.With(exit.Failed, fmt.Errorf("screen: %s: no column was taken for the name or address of a party", s.opts.file), "rummage map FILE says what each column was taken for")
	}
	for row, err := range table.Rows(ctx) {
		bad := new(read.RowError)
		switch {
		case errors.As(err, &bad):
			s.answer.Unread++
			continue
		case err != nil:
			return err
		}
		s.answer.Rows++
		for _, role := range roles {
			p := partyOf(table.Columns, role, len(roles) == 1, row.Cells)
			s.party(row.Number, string(role), p, numbersAmong(p.Names)...)
		}
		for _, at := range unknown {
			if at < len(row.Cells) {
				names := stated(strings.TrimSpace(string(row.Cells[at])))
				s.party(row.Number, table.Columns[at].Name, resolve.Party{Names: names}, numbersAmong(names)...)
			}
		}
		for _, c := range numbers {
			s.number(row.Number, &c, row.Cells)
		}
		s.secrets(row.Number, table.Columns, row.Cells)
		if len(s.open) >= mostOpen {
			progress(s.answer.Rows)
			if err := s.settle(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}

// roles lists the roles that columns name parties of, and the columns of words that nothing explains: what stands there is
// compared too, since a name that nobody looked at is a hit that nobody sees. It notes which columns are compared.
func (s *screening) roles(columns []draft.Column) (roles []draft.Subject, unknown []int) {
	for i := range columns {
		c := &columns[i]
		thing := c.Subject == "vessel" || c.Subject == "commodity"
		named := c.Property == draft.Name || c.Property == draft.Alias || c.Property == draft.Address
		switch {
		case named && !thing:
			if !slices.Contains(roles, c.Subject) {
				roles = append(roles, c.Subject)
			}
		case c.Wordy():
			unknown = append(unknown, i)
		}
	}
	for i := range columns {
		c := &columns[i]
		if slices.Contains(unknown, i) || properties[c.Property] != nil && (slices.Contains(roles, c.Subject) || len(roles) == 1 && c.Subject == draft.Nobody) {
			s.answer.Columns = append(s.answer.Columns, c.Name)
		}
	}
	return roles, unknown
}

// partyOf is what a row says of the party in a role.
// Where a row names one party alone, what belongs to nobody, such as a country, is that party's.
func partyOf(columns []draft.Column, role draft.Subject, alone bool, cells [][]byte) resolve.Party {
	var p resolve.Party
	for i, c := range columns {
		into := properties[c.Property]
		its := c.Subject == role || alone && c.Subject == draft.Nobody
		if !its || into == nil || i >= len(cells) {
			continue
		}
		for text := range strings.SplitSeq(string(cells[i]), read.Between) {
			if text = strings.TrimSpace(text); text != "" {
				if c.Property == draft.Country {
					text = countryCode(text)
				}
				list := into(&p)
				*list = append(*list, text)
			}
		}
	}
	return p
}

// mostSeen is how many parties are remembered, each some hundred bytes, and mostOpen how many are screened at a time.
const (
	mostSeen = 1 << 19
	mostOpen = 1 << 13
)

// asked is a party of a row that waits to be screened, and all that is said of it as one text.
type asked struct {
	row   int64
	role  string
	party resolve.Party
	text  string
	hits  []numberHit // of numbers that are said of it
}

// party notes a party to be screened, and numbers that are said of it.
func (s *screening) party(row int64, role string, p resolve.Party, numbers ...spelt) {
	hits := slices.Concat(s.known.hits(numbers), s.secret.known.hits(numbers))
	if len(p.Names) == 0 && len(p.Addresses) == 0 && len(hits) == 0 {
		return
	}
	s.answer.Screened++
	end := []string{"\x00"}
	text := strings.Join(slices.Concat(p.Names, end, p.Addresses, end, p.Countries, end, p.Phones, end, p.Emails, end, p.Born, end, []string{p.Register, p.Number}), "\x01")
	s.open = append(s.open, asked{row, role, p, text, hits})
}

// settle screens the parties noted, on every processor, and tells their matches in the order in which they came. What was said of a
// party before is not worked out again.
func (s *screening) settle(ctx context.Context) error {
	if len(s.seen) >= mostSeen {
		clear(s.seen)
	}
	var fresh []*asked
	for i := range s.open {
		if _, known := s.seen[s.open[i].text]; !known {
			s.seen[s.open[i].text] = screened{}
			fresh = append(fresh, &s.open[i])
		}
	}
	found := make([]screened, len(fresh))
	group, ctx := errgroup.WithContext(ctx)
	const share = 64
	group.SetLimit(runtime.GOMAXPROCS(0))
	for from := 0; from < len(fresh); from += share {
		group.Go(func() error {
			for i := from; i < min(from+share, len(fresh)); i++ {
				found[i] = s.screen(s.how.Prepare(fresh[i].party), s.opts.least)
			}
			return ctx.Err()
		})
	}
	if err := group.Wait(); err != nil {
		return fmt.Errorf("screen: %w", err)
	}
	for i, a := range fresh {
		s.seen[a.text] = found[i]
	}
	for i := range s.open {
		s.tell(&s.open[i], s.seen[s.open[i].text])
	}
	s.open = s.open[:0]
	return nil
}

// tell adds the matches of a party to the answer.
func (s *screening) tell(a *asked, found screened) {
	if len(a.hits)+len(found.matches) > 0 {
		s.answer.Matched++
	}
	for i := range a.hits {
		s.hit(a, &a.hits[i])
	}
	for i := range found.matches {
		s.answer.Hits++
		if len(found.judged[i]) > 0 {
			s.answer.Judged++
		}
		if s.opts.limit > 0 && len(s.answer.Matches) >= s.opts.limit {
			continue
		}
		s.answer.Matches = append(s.answer.Matches, s.line(a, &found, i))
	}
}

// line tells one of the matches of a party.
func (s *screening) line(a *asked, found *screened, i int) screenRow {
	m := &found.matches[i]
	line := screenRow{
		Row: a.row, Role: a.role, Name: calledOr(&a.party), Score: output.Score(m.Score), ID: m.Entry.ID, Listed: calledOr(&m.Entry.Party),
		Conflicts: m.Conflicts, Judged: found.judged[i],
	}
	for _, r := range m.Reasons {
		line.Reasons = append(line.Reasons, pairReason{r.Feature, r.Text, output.Score(r.Points)})
	}
	line.Against = contrary(line.Reasons, m.Conflicts, a.party.Countries, m.Entry.Countries, s.papers[a.party.ID].against(s.listed[m.Entry.ID]))
	return line
}

// unlike is a score that hardly anybody has less of.
const unlike = 0.001

// nearest tells whom the one party that was screened would be but for what speaks against it: of those that something speaks for,
// the one that most does.
func (s *screening) nearest() {
	o := s.opts
	a := &asked{party: resolve.Party{Names: stated(o.name), Addresses: stated(o.address), Countries: stated(countryCode(o.country)), Born: stated(o.born)}}
	found, most := s.screen(s.how.Prepare(a.party), unlike), 0.0
	for i := range found.matches {
		points := 0.0
		for _, r := range found.matches[i].Reasons {
			points += max(r.Points, 0)
		}
		if points > most {
			line := s.line(a, &found, i)
			s.answer.Nearest, most = &line, points
		}
	}
}

// screen holds a party against the list, and its matches against what was said of them.
func (s *screening) screen(p *resolve.Subject, least float64) screened {
	found := screened{matches: s.list.Screen(p, least)}
	for i := range found.matches {
		m := &found.matches[i]
		found.judged = append(found.judged, taken(s.list, p, m, s.alike[m.Entry.ID]))
	}
	return found
}
