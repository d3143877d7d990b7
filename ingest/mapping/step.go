package mapping

import (
	"fmt"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"
)

// step turns the texts of a value into other texts: fewer, more or changed
// ones.
type step func(texts []string) []string

// each makes a step of a function of one text.
func each(change func(string) string) step {
	return func(texts []string) []string {
		for i, t := range texts {
			texts[i] = change(t)
		}
		return texts
	}
}

var stepNames = []string{
	"day", "decimal", "default", "lower", "match", "prefix", "replace", "split", "suffix", "trim", "trim_end", "upper", "values",
}

// maxArgument is the longest text that a step may add, in bytes.
const maxArgument = 1000

// step reads one item of "then": a bare word or one key with its argument.
func (w *walker) step(n *yaml.Node) step {
	if n.Kind == yaml.ScalarNode {
		switch n.Value {
		case "upper":
			return each(strings.ToUpper)
		case "lower":
			return each(strings.ToLower)
		}
		w.fail(n.Line, "step: unknown step %q%s", n.Value, suggestion(n.Value, stepNames))
		return nil
	}
	given := w.pairs(n, "step")
	if len(given) != 1 {
		w.fail(n.Line, "step: want one key, such as {split: \";\"}; write one list item for each step")
		return nil
	}
	switch key, arg := given[0].key, given[0].node; key {
	case "match":
		return w.match(arg)
	case "replace":
		return w.replace(arg)
	case "values":
		return w.valueTable(arg)
	case "decimal":
		return w.decimal(arg)
	case "day":
		return w.day(arg)
	case "split", "trim", "trim_end", "prefix", "suffix", "default":
		return w.textStep(key, arg)
	default:
		w.fail(given[0].line, "step: unknown step %q%s", key, suggestion(key, stepNames))
		return nil
	}
}

// textStep builds the steps whose argument is a text.
func (w *walker) textStep(key string, arg *yaml.Node) step {
	text := w.text(arg, key)
	if text == "" || len(text) > maxArgument {
		w.fail(arg.Line, "%s: want a text of 1 to %d bytes", key, maxArgument)
		return nil
	}
	switch key {
	case "trim":
		return each(func(t string) string { return strings.Trim(t, text) })
	case "trim_end":
		return each(func(t string) string { return strings.TrimRight(t, text) })
	case "prefix":
		return each(func(t string) string { return text + t })
	case "suffix":
		return each(func(t string) string { return t + text })
	case "default":
		return func(texts []string) []string {
			if len(texts) == 0 {
				return []string{text}
			}
			return texts
		}
	}
	return func(texts []string) []string {
		var parts []string
		for _, t := range texts {
			parts = append(parts, strings.Split(t, text)...)
		}
		return parts
	}
}

// decimal writes numbers with a point and without anything between their digits.
// What is no number stays as it is, and so does one whose digits are not in
// groups: of 1,5 nobody can say that it is 15.
func (w *walker) decimal(arg *yaml.Node) step {
	sign := w.text(arg, "decimal")
	if sign != "." && sign != "," {
		w.fail(arg.Line, "decimal: want the sign before the fraction, %q or %q, found %q", ".", ",", sign)
		return nil
	}
	group := map[string]string{".": ",", ",": "."}[sign]
	spaces := strings.NewReplacer(" ", "", "\u00A0", "", "\u202F", "", "\u2009", "", "'", "", "’", "")
	return each(func(t string) string {
		number := spaces.Replace(t)
		switch inner, bracketed := strings.CutPrefix(number, "("); {
		case bracketed && strings.HasSuffix(inner, ")"):
			number = "-" + strings.TrimSuffix(inner, ")")
		case len(number) > 1 && strings.HasSuffix(number, "-"):
			number = "-" + strings.TrimSuffix(number, "-")
		}
		whole, fraction, broken := strings.Cut(number, sign)
		groups := strings.Split(whole, group)
		number = strings.Join(groups, "")
		if broken {
			number += "." + fraction
		}
		if !grouped(groups) || !isNumber([]byte(number)) {
			return t
		}
		return number
	})
}

// grouped reports digits in groups of three, or of two before the last three as
// in 12,34,567.
func grouped(groups []string) bool {
	last := len(groups) - 1
	if last == 0 {
		return true
	}
	for _, group := range groups[1:last] {
		if len(group) != 2 && len(group) != 3 {
			return false
		}
	}
	first := strings.TrimLeft(groups[0], "+-")
	return len(first) > 0 && len(first) < 4 && len(groups[last]) == 3
}

// match keeps the texts that fit an expression, and of them what its group
// captures: the group named "value", else the first, else the whole match.
func (w *walker) match(arg *yaml.Node) step {
	re := w.expression(arg)
	if re == nil {
		return nil
	}
	group := max(re.SubexpIndex("value"), min(re.NumSubexp(), 1))
	return func(texts []string) []string {
		kept := texts[:0]
		for _, t := range texts {
			if m := re.FindStringSubmatch(t); m != nil {
				kept = append(kept, m[group])
			}
		}
		return kept
	}
}

func (w *walker) replace(arg *yaml.Node) step {
	fields := w.object(arg, "replace", replaceKeys)
	if fields["pattern"] == nil {
		w.fail(arg.Line, "replace: needs pattern, and with for what comes in its place")
		return nil
	}
	re := w.expression(fields["pattern"])
	with := w.text(fields["with"], "with")
	if re == nil {
		return nil
	}
	if len(with) > maxArgument {
		w.fail(arg.Line, "replace: with: more than %d bytes", maxArgument)
		return nil
	}
	return each(func(t string) string { return replaceAll(re, t, with) })
}

// replaceAll is ReplaceAllString until the text has become longer than any value
// may be.
func replaceAll(re *regexp.Regexp, text, with string) string {
	var out []byte
	done := 0
	for _, at := range re.FindAllStringSubmatchIndex(text, -1) {
		out = append(out, text[done:at[0]]...)
		out = re.ExpandString(out, with, text, at)
		if done = at[1]; len(out) > MaxValue {
			break
		}
	}
	return string(append(out, text[done:]...))
}

// valueTable replaces the texts that a table names and leaves the others.
func (w *walker) valueTable(arg *yaml.Node) step {
	table := make(map[string]string)
	for _, p := range w.pairs(arg, "values") {
		table[p.key] = w.text(p.node, fmt.Sprintf("values: %q", p.key))
	}
	return each(func(t string) string {
		if to, ok := table[t]; ok {
			return to
		}
		return t
	})
}

func (w *walker) expression(n *yaml.Node) *regexp.Regexp {
	re, err := regexp.Compile(w.text(n, "expression"))
	if err != nil {
		w.fail(n.Line, "expression: %v", err)
		return nil
	}
	return re
}

// day writes days of a format, or of the first of several that fits, as 2021-06-30. What
// fits none stays as it is, or is dropped where the step says so.
func (w *walker) day(arg *yaml.Node) step {
	drop := false
	if arg.Kind == yaml.MappingNode {
		fields := w.object(arg, "day", dayKeys)
		others := w.text(fields["others"], "others")
		if drop = others == "drop"; others != "" && others != "drop" && others != "keep" {
			w.fail(arg.Line, "day: others: want keep or drop, found %q", others)
		}
		if fields["format"] == nil {
			w.fail(arg.Line, "day: want format, one or a list")
			return nil
		}
		arg = fields["format"]
	}
	formats := w.dayFormats(arg)
	return func(texts []string) []string {
		var days []string
		for _, t := range texts {
			day, ok := dayOf(formats, t)
			switch {
			case ok:
				days = append(days, day)
			case !drop:
				days = append(days, t)
			}
		}
		return days
	}
}

// dayFormats reads the formats of a step.
func (w *walker) dayFormats(arg *yaml.Node) []dateFormat {
	var formats []dateFormat
	for _, text := range w.texts(arg, "day") {
		f, err := compileDate(text)
		switch {
		case err != nil:
			w.fail(arg.Line, "day: %v", err)
		case f.count:
			w.fail(arg.Line, "day: %q is no format of days that are written out", text)
		}
		formats = append(formats, f)
	}
	if len(formats) == 0 {
		w.fail(arg.Line, "day: want a format, or a list of formats")
	}
	return formats
}

// dayOf reads a day by the first format that fits.
func dayOf(formats []dateFormat, text string) (string, bool) {
	for i := range formats {
		if day, ok := formats[i].parse([]byte(text)); ok {
			return day.String(), true
		}
	}
	return "", false
}
