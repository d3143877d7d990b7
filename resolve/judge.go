package resolve

import (
	"fmt"
	"math"
	"strings"

	"rummage/resolve/address"
	"rummage/resolve/contact"
	"rummage/resolve/name"
)

// A Reason is what one kind of evidence says of two parties.
type Reason struct {
	Feature string  // name, address, phone, mailbox, country, number, born
	Text    string  // for people
	Points  float64 // log odds: positive for one party
}

// A Judgement says how likely two parties are one. Score is the logistic function
// of the sum of the points.
type Judgement struct {
	Score   float64
	Reasons []Reason
	// Conflicts are facts that two parties in one would contradict each other in: a
	// person must say why they are one nevertheless.
	Conflicts []string
}

// Weights of evidence, in log odds. Set by hand, so that a name alone asks for a
// look and a name with an address or line that few share is as good as sure.
const (
	namePoints     = 4.0 // most that a name can speak for or against
	addressPoints  = 3.0
	addressAgainst = -0.5 // a party may have several
	namelessPoints = -1.0 // no name on one side: what they share may be their landlord's
	phonePoints    = 3.0
	mailboxPoints  = 3.0
	countryAgainst = -1.5
	numberPoints   = 8.0
	numberAgainst  = -3.5 // one party may be entered twice
	bornPoints     = 1.5
	bornAgainst    = -5.0
	// prior is what stands against two parties being one before anything is known.
	prior = -1.0
)

// Frequency says how many parties use a contact, by its key; nil says one.
type Frequency func(kind, text string) int

func (f Frequency) of(kind, text string) int {
	if f == nil {
		return 1
	}
	return max(f(kind, text), 1)
}

// judging collects reasons, unless it is mute: their texts take longer than all
// comparing.
type judging struct {
	Judgement
	sum  float64
	used Frequency
	mute bool
}

func (j *judging) say(feature string, points float64, format string, args ...any) {
	j.sum += points
	if j.mute {
		return
	}
	j.Reasons = append(j.Reasons, Reason{feature, fmt.Sprintf(format, args...), points})
}

// Judge compares two parties. It is symmetric but for the order of values in its
// texts. Of several names, addresses or lines the best pair counts. A contact that
// many use is worth its points divided by how many. Where a list names an address
// and nobody, the address alone decides: the same unit is a hit under any name,
// another unit of the tower is none.
func Judge(a, b *Subject, used Frequency) Judgement {
	j := judging{sum: prior, used: used}
	j.weigh(a, b)
	return j.Judgement
}

// scoreOf is the score of Judge without its reasons.
func scoreOf(a, b *Subject, used Frequency) float64 {
	j := judging{sum: prior, used: used, mute: true}
	j.weigh(a, b)
	return j.Score
}

func (j *judging) weigh(a, b *Subject) {
	j.names(a, b)
	j.addresses(a, b)
	j.phones(a, b)
	j.mailboxes(a, b)
	j.countries(a, b)
	j.numbers(a, b)
	j.born(a, b)
	j.Score = logistic(j.sum)
}

func logistic(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

// rounding is more than any sum of points is off.
const rounding = 1e-9

// promising says whether two parties may score so much: false only where they
// cannot. It takes a fraction of the time that the score takes.
func promising(a, b *Subject, least float64) bool {
	lack := lacking(a, b, least)
	if len(a.names) == 0 || len(b.names) == 0 {
		return lack <= 0
	}
	if lack > namePoints+rounding {
		return false
	}
	for _, m := range a.names {
		for _, n := range b.names {
			if logit(name.Bound(m, n)) >= lack {
				return true
			}
		}
	}
	return false
}

// lacking is what names must bring, in log odds, for two parties to score so much,
// all else at its best.
func lacking(a, b *Subject, least float64) float64 {
	j := judging{sum: prior, mute: true}
	j.countries(a, b)
	j.numbers(a, b)
	j.born(a, b)
	if len(a.addresses) > 0 && len(b.addresses) > 0 {
		j.sum += addressPoints
	}
	if len(a.phones) > 0 && len(b.phones) > 0 {
		j.sum += phonePoints
	}
	if len(a.mailboxes) > 0 && len(b.mailboxes) > 0 {
		j.sum += mailboxPoints
	}
	least -= rounding
	return math.Log(max(least, 0)/max(1-least, 0)) - j.sum - rounding
}

// scoreLacking is a score of names that brings so much.
func scoreLacking(lack float64) float64 {
	switch {
	case lack <= -namePoints:
		return 0
	case lack > namePoints+rounding:
		return math.Inf(1)
	}
	return logistic(lack) - 1e-6
}

// plain returns the name of a party of which nothing else is known that is compared,
// nil for others.
func (s *Subject) plain() *name.Name {
	if len(s.names) != 1 || s.contacts != &unreachable || s.country != "" || s.Number != "" || len(s.Born) > 0 {
		return nil
	}
	return s.names[0]
}

// namesFor is a score that the names of two parties reach where they score so much
// and nothing else is known of them.
func namesFor(least float64) float64 {
	return scoreLacking(math.Log(least/(1-least)) - prior)
}

// ofNames is the score of two parties whose names score so much, where nothing else
// is known of them.
func ofNames(score float64) float64 { return logistic(prior + logit(score)) }

// logit is the log odds of a score, within what a name can say.
func logit(score float64) float64 {
	score = min(max(score, 0.001), 0.999)
	return min(max(math.Log(score/(1-score)), -namePoints), namePoints)
}

func (j *judging) names(a, b *Subject) {
	best, x, y := -1.0, (*name.Name)(nil), (*name.Name)(nil)
	for _, m := range a.names {
		for _, n := range b.names {
			if x != nil && name.Bound(m, n) <= best {
				continue
			}
			if s := name.Compare(m, n); s > best {
				best, x, y = s, m, n
			}
		}
	}
	switch {
	case x != nil:
		j.say("name", logit(best), "%s and %s: %.2f", x.Text(), y.Text(), best)
	case a.placeOnly() == b.placeOnly():
		j.say("name", namelessPoints, "no name to compare")
	}
}

func (j *judging) addresses(a, b *Subject) {
	var best address.Comparison
	var x, y *address.Address
	place := a.placeOnly() != b.placeOnly()
	for i := range a.addresses {
		for k := range b.addresses {
			p, q := &a.addresses[i], &b.addresses[k]
			used := max(j.used.of("address", p.Raw), j.used.of("address", q.Raw))
			if place {
				used = 1 // the listing says nothing of who is there, so their number takes nothing away
			}
			if c := address.Compare(p, q, address.Usage{Frequency: used}); x == nil || c.Evidence() > best.Evidence() {
				best, x, y = c, p, q
			}
		}
	}
	switch {
	case x == nil:
	case place && best.Score >= address.Threshold:
		j.say("address", addressPoints*best.Score, "%s and %s, listed without a name: %s, %.2f", x.Raw, y.Raw, best.Level, best.Score)
	case !place && best.Score >= 0.5:
		j.say("address", addressPoints*best.Evidence(), "%s and %s: %s, %.2f%s", x.Raw, y.Raw, best.Level, best.Score, shared(best.Weight))
	default:
		j.say("address", addressAgainst*(1-best.Score), "%s and %s: %s, %.2f", x.Raw, y.Raw, best.Level, best.Score)
	}
}

// shared tells a weight as how many use the contact.
func shared(weight float64) string {
	if weight >= 1 {
		return ""
	}
	return fmt.Sprintf(", used by %.0f", 1/weight)
}

func (j *judging) phones(a, b *Subject) {
	var best contact.Comparison
	found := false
	for _, p := range a.phones {
		for _, q := range b.phones {
			c := contact.ComparePhones(p, q, contact.Usage{Frequency: max(j.used.of("phone", p.E164), j.used.of("phone", q.E164))})
			if c.Score > 0 && (!found || c.Evidence() > best.Evidence()) {
				best, found = c, true
			}
		}
	}
	if found {
		j.say("phone", phonePoints*best.Evidence(), "%s%s", strings.Join(best.Reasons, ", "), shared(best.Weight))
	}
}

func (j *judging) mailboxes(a, b *Subject) {
	var best contact.Comparison
	found := false
	for _, p := range a.mailboxes {
		for _, q := range b.mailboxes {
			c := contact.CompareMailboxes(p, q, contact.Usage{Frequency: max(j.used.of("mailbox", p.Site), j.used.of("mailbox", q.Site))})
			if c.Score > 0 && (!found || c.Evidence() > best.Evidence()) {
				best, found = c, true
			}
		}
	}
	if found {
		j.say("mailbox", mailboxPoints*best.Evidence(), "%s%s", strings.Join(best.Reasons, ", "), shared(best.Weight))
	}
}

func (j *judging) countries(a, b *Subject) {
	if a.country != "" && b.country != "" && a.country != b.country {
		j.say("country", countryAgainst, "%s and %s", a.country, b.country)
	}
}

// numbers compares what registers call the parties. Two numbers of one register
// are two parties, or one that was entered twice.
func (j *judging) numbers(a, b *Subject) {
	if a.Number == "" || b.Number == "" {
		return
	}
	var one, two *Registration // that contradict each other
	others := b.registrations()
	for _, x := range a.registrations() {
		for _, y := range others {
			switch {
			case x == y:
				j.say("number", numberPoints, "%s in %s", x.Number, x.Register)
				return
			case x.Register == y.Register && one == nil:
				one, two = &x, &y
			}
		}
	}
	if one != nil {
		j.say("number", numberAgainst, "%s and %s in %s", one.Number, two.Number, one.Register)
		j.Conflicts = append(j.Conflicts, fmt.Sprintf("two numbers of %s: %s and %s", one.Register, one.Number, two.Number))
	}
}

func (j *judging) born(a, b *Subject) {
	if len(a.Born) == 0 || len(b.Born) == 0 {
		return
	}
	best, same := 0.0, ""
	for _, x := range a.Born {
		for _, y := range b.Born {
			if alike := bornAlike(x, y); alike > best {
				best, same = alike, x
			}
		}
	}
	if best > 0 {
		j.say("born", bornPoints*best, "%s", same)
		return
	}
	j.say("born", bornAgainst, "%s and %s", a.Born[0], b.Born[0])
	j.Conflicts = append(j.Conflicts, fmt.Sprintf("two dates of birth: %s and %s", a.Born[0], b.Born[0]))
}
