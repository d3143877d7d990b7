package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"rummage/graph"
	"rummage/resolve"
)

// The questions of resolve --review.

// reviewing is one review. What was noted before it is broken off stays.
type reviewing struct {
	d      *desk
	a      *archive
	in     *bufio.Reader
	answer *resolveAnswer
	said   []graph.Decision
	differ differing
	no     int // of the question
	of     int
}

// errStopped ends a review by the wish of who was asked.
var errStopped = errors.New("stopped")

// verdictsOf are the answers of a review that decide.
var verdictsOf = map[string]graph.Verdict{"y": graph.Same, "n": graph.Different, "?": graph.Unsure}

// What may be answered beside these.
const (
	leaveOpen = "s"
	stopHere  = "q"
	oneByOne  = "o"
)

// review asks on the terminal about each group, then about each pair, and notes what is answered.
func (d *desk) review(ctx context.Context, a *archive, answer *resolveAnswer, groups []resolve.Group) error {
	r := &reviewing{d: d, a: a, in: bufio.NewReader(d.stdin), answer: answer, differ: differing{a, map[graph.ID]papers{}}, of: len(groups) + len(answer.Pairs)}
	for i := range groups {
		if err := r.group(ctx, &groups[i], &answer.Groups[i]); err != nil {
			return stopped(err)
		}
	}
	for i := range answer.Pairs {
		r.no++
		if err := r.pair(ctx, &answer.Pairs[i]); err != nil {
			return stopped(err)
		}
	}
	return nil
}

func stopped(err error) error {
	if errors.Is(err, errStopped) {
		return nil
	}
	return err
}

// group asks one question about parties that agree exactly. What is answered is noted of each pair.
func (r *reviewing) group(ctx context.Context, g *resolve.Group, row *groupRow) error {
	r.no++
	fmt.Fprintf(r.d.stderr, "\n%d of %d, %d records that agree exactly, score %s or more\n%s", r.no, r.of, len(g.Parties), short(row.Score), row.table())
	typed, err := r.ask(fmt.Sprintf("these %d records: one party? y all the same, n all different, o one by one, ? unsure, s leave open, q stop: ", len(g.Parties)), true)
	if err != nil || typed == leaveOpen {
		return err
	}
	for k := range g.Parties {
		for i := range k {
			pair := g.Pair(i, k)
			if typed == oneByOne {
				if r.joined(pair.A, pair.B) {
					continue
				}
				one := pairRowOf(&pair, g.Parties)
				if err := r.differ.tell(ctx, &one); err != nil {
					return err
				}
				if err := r.pair(ctx, &one); err != nil {
					return err
				}
				continue
			}
			reason := fmt.Sprintf("reviewed as one of %d that agree exactly, score %s", len(g.Parties), short(pairRowOf(&pair, g.Parties).Score))
			if err := r.note(ctx, graph.Decision{Subject: pair.A, Other: pair.B, Kind: verdictsOf[typed], Reason: reason}); err != nil {
				return err
			}
		}
	}
	return nil
}

// joined says whether the answers so far make two parties one.
func (r *reviewing) joined(a, b graph.ID) bool {
	clusters := graph.NewIdentity(r.said)
	return clusters.Cluster(a) == clusters.Cluster(b)
}

// pair asks about two parties.
func (r *reviewing) pair(ctx context.Context, p *pairRow) error {
	fmt.Fprintf(r.d.stderr, "\n%d of %d, score %s\n%s", r.no, r.of, short(p.Score), p.sides())
	typed, err := r.ask("one party? y same, n different, ? unsure, s leave open, q stop: ", false)
	if err != nil || typed == leaveOpen {
		return err
	}
	verdict, reason := verdictsOf[typed], "reviewed, score "+short(p.Score)
	if verdict == graph.Same && len(p.Conflicts) > 0 {
		because, err := r.because(p.Conflicts)
		if err != nil || because == "" {
			return err
		}
		reason += ", although " + strings.Join(p.Conflicts, ", ") + ": " + because
	}
	return r.note(ctx, graph.Decision{Subject: p.A.ID, Other: p.B.ID, Kind: verdict, Reason: reason})
}

// note stores a decision, and tells where it is not followed.
func (r *reviewing) note(ctx context.Context, decision graph.Decision) error {
	decision.Author, decision.Time = r.d.set.Author, r.d.clock().UTC().Truncate(time.Microsecond)
	said, err := r.a.say(ctx, decision)
	if err != nil {
		return fmt.Errorf("resolve: %w", err)
	}
	r.said = append(r.said, said)
	r.answer.Decisions = append(r.answer.Decisions, decisionRowOf(&said))
	against, doubts, err := r.a.follows(ctx, r.said)
	if err != nil {
		return fmt.Errorf("resolve: %w", err)
	}
	if against != nil {
		fmt.Fprintln(r.d.stderr, "not followed: "+against.parts())
	}
	for i := range doubts {
		fmt.Fprintln(r.d.stderr, doubts[i].doubted())
	}
	return nil
}

// ask reads an answer: a verdict, or to leave it open; of a group also to go one by one. The error is errStopped where that is
// the answer, or none is to come.
func (r *reviewing) ask(question string, group bool) (typed string, err error) {
	for {
		fmt.Fprint(r.d.stderr, question)
		line, err := r.in.ReadString('\n')
		typed := strings.ToLower(strings.TrimSpace(line))
		switch {
		case typed == stopHere, errors.Is(err, io.EOF) && typed == "":
			return "", errStopped
		case err != nil && !errors.Is(err, io.EOF):
			return "", fmt.Errorf("resolve: %w", err)
		case typed == leaveOpen, verdictsOf[typed] != "", group && typed == oneByOne:
			return typed, nil
		}
	}
}

// because asks why two parties are one although facts contradict it. Without an answer the pair stays open, and a verdict is no reason:
// a no leaves it open too, a second yes is asked again.
func (r *reviewing) because(conflicts []string) (reason string, err error) {
	fmt.Fprintf(r.d.stderr, "that contradicts itself: %s\n", strings.Join(conflicts, ", "))
	for {
		fmt.Fprint(r.d.stderr, "why are they one nevertheless? (some words; nothing leaves the pair open): ")
		line, err := r.in.ReadString('\n')
		reason = strings.TrimSpace(line)
		typed := strings.ToLower(reason)
		switch {
		case typed == stopHere, errors.Is(err, io.EOF) && reason == "":
			return "", errStopped
		case err != nil && !errors.Is(err, io.EOF):
			return "", fmt.Errorf("resolve: %w", err)
		case typed == oneByOne, verdictsOf[typed] == graph.Same:
			continue
		case typed == leaveOpen, verdictsOf[typed] != "":
			return "", nil
		}
		return reason, nil
	}
}

// table shows the parties of a group below each other, with what is known of each.
func (g *groupRow) table() string {
	var b strings.Builder
	for i := range g.Parties {
		p := &g.Parties[i]
		fmt.Fprintf(&b, "  %-40s %s\n", p.ID, strings.Join(p.Names, "; "))
		for _, line := range []struct {
			what string
			all  []string
		}{{"countries", p.Countries}, {"addresses", p.Addresses}, {"phones", p.Phones}, {"mailboxes", p.Emails}} {
			if len(line.all) > 0 {
				fmt.Fprintf(&b, "    %-10s %s\n", line.what, strings.Join(line.all, "; "))
			}
		}
	}
	return b.String()
}
