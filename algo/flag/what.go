package flag

import "fmt"

// what puts into a few words what binds a network.
func (a *Analysis) what(n *Network) []string {
	what := []string{}
	for _, s := range n.Shared {
		if s.Users <= a.Settings.RareUsers {
			what = append(what, fmt.Sprintf("%d members share %s %s", s.Members, article(s.Kind), s.Name))
		}
	}
	what = append(what, n.looksLike()...)
	if len(n.findings) > 0 {
		if best := a.Findings.List[n.findings[0]]; best.Loops > 0 {
			what = append(what, fmt.Sprintf("closed circle: %s beyond what holds it together", counted(best.Loops, "tie")))
		}
	}
	for _, f := range n.Facilitators {
		if !f.Service && f.Captive {
			what = append(what, fmt.Sprintf("%d members use %s, which serves hardly anyone else", f.Members, f.Name))
		} else if f.Unusual && f.Service {
			what = append(what, fmt.Sprintf("%d members use %s, a service of %d", f.Members, f.Name, f.Clients))
		}
	}
	exporters := 0
	for i := range n.Members {
		if n.Members[i].Trades == "exporter" {
			exporters++
		}
	}
	if exporters == 1 {
		what = append(what, "one exporter for all")
	}
	if len(what) == 0 {
		what = append(what, "closeness of trade only")
	}
	return what
}

// counted is a number with its word, in the plural unless it is 1.
func counted(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}

// article names the kind of an identifier; a party that several others are tied to as an identifier directs or owns them.
func article(kind string) string {
	if kind == "party" {
		return "the director or owner"
	}
	return "the " + kind
}
