package pattern

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

// ErrTypology is wrapped by every complaint about a file that is no typology.
var ErrTypology = errors.New("no typology")

// A term is a part of a condition: a number, a name, a name's attribute, a function of
// terms, or two terms with a sign between them.
type term struct {
	op        string // "number", "name", "attribute", "call", or + - * / < <= > >= = != or
	number    float64
	name      string
	attribute string
	of        []*term
}

// most is how deep terms may lie in each other, so that no text exhausts the stack.
const most = 64

type parser struct {
	text   string
	tokens []string
	deep   int
}

// parseTerm reads a condition or a number:
//
//	condition  = comparison { "or" comparison }
//	comparison = sum [ ("<" | "<=" | ">" | ">=" | "=" | "!=") sum ]
//	sum        = product { ("+" | "-") product }
//	product    = factor { ("*" | "/") factor }
//	factor     = number | name [ "." name | "(" [ condition { "," condition } ] ")" ]
//	           | "(" condition ")" | "-" factor
func parseTerm(text string) (*term, error) {
	p := &parser{text: text}
	if err := p.split(); err != nil {
		return nil, err
	}
	t, err := p.condition()
	if err == nil && len(p.tokens) > 0 {
		err = p.fault("did not expect %q", p.tokens[0])
	}
	return t, err
}

func (p *parser) fault(format string, args ...any) error {
	return fmt.Errorf("pattern: %q: %s: %w", p.text, fmt.Sprintf(format, args...), ErrTypology)
}

// split cuts the text into names, numbers and signs.
func (p *parser) split() error {
	rest := p.text
	for {
		rest = strings.TrimLeft(rest, " \t\n")
		if rest == "" {
			return nil
		}
		n := 1
		switch c := rune(rest[0]); {
		case isWord(c):
			for n < len(rest) && (isWord(rune(rest[n])) || rest[n] == '.' && unicode.IsDigit(c)) {
				n++
			}
		case strings.HasPrefix(rest, "<="), strings.HasPrefix(rest, ">="), strings.HasPrefix(rest, "!="):
			n = 2
		case !strings.ContainsRune("<>=+-*/(),.", c):
			return p.fault("did not expect %q", rest)
		}
		p.tokens, rest = append(p.tokens, rest[:n]), rest[n:]
	}
}

func isWord(c rune) bool {
	return c == '_' || c < unicode.MaxASCII && (unicode.IsLetter(c) || unicode.IsDigit(c))
}

// take drops the next token if it is one of these.
func (p *parser) take(tokens ...string) (string, bool) {
	for _, token := range tokens {
		if len(p.tokens) > 0 && p.tokens[0] == token {
			p.tokens = p.tokens[1:]
			return token, true
		}
	}
	return "", false
}

func (p *parser) condition() (*term, error) {
	if p.deep++; p.deep > most {
		return nil, p.fault("is nested more than %d deep", most)
	}
	defer func() { p.deep-- }()
	return p.chain(p.comparison, "or")
}

func (p *parser) comparison() (*term, error) {
	left, err := p.sum()
	if err != nil {
		return nil, err
	}
	op, ok := p.take("<=", ">=", "!=", "<", ">", "=")
	if !ok {
		return left, nil
	}
	right, err := p.sum()
	return &term{op: op, of: []*term{left, right}}, err
}

func (p *parser) sum() (*term, error) { return p.chain(p.product, "+", "-") }

func (p *parser) product() (*term, error) { return p.chain(p.factor, "*", "/") }

// chain reads parts with signs between them, from the left.
func (p *parser) chain(part func() (*term, error), signs ...string) (*term, error) {
	left, err := part()
	for err == nil {
		sign, ok := p.take(signs...)
		if !ok {
			return left, nil
		}
		var right *term
		right, err = part()
		left = &term{op: sign, of: []*term{left, right}}
	}
	return nil, err
}

func (p *parser) factor() (*term, error) {
	if _, ok := p.take("-"); ok {
		if p.deep++; p.deep > most {
			return nil, p.fault("is nested more than %d deep", most)
		}
		defer func() { p.deep-- }()
		of, err := p.factor()
		return &term{op: "-", of: []*term{{op: "number"}, of}}, err
	}
	if _, ok := p.take("("); ok {
		t, err := p.condition()
		if err == nil {
			err = p.close()
		}
		return t, err
	}
	if len(p.tokens) == 0 {
		return nil, p.fault("ends too early")
	}
	word := p.tokens[0]
	if !isWord(rune(word[0])) {
		return nil, p.fault("did not expect %q", word)
	}
	p.tokens = p.tokens[1:]
	if unicode.IsDigit(rune(word[0])) {
		number, err := strconv.ParseFloat(word, 64)
		if err != nil {
			return nil, p.fault("%q is no number", word)
		}
		return &term{op: "number", number: number}, nil
	}
	return p.named(word)
}

func (p *parser) named(name string) (*term, error) {
	if _, ok := p.take("."); ok {
		if len(p.tokens) == 0 || !isWord(rune(p.tokens[0][0])) {
			return nil, p.fault("%s. wants the name of what it has", name)
		}
		attribute := p.tokens[0]
		p.tokens = p.tokens[1:]
		return &term{op: "attribute", name: name, attribute: attribute}, nil
	}
	if _, ok := p.take("("); !ok {
		return &term{op: "name", name: name}, nil
	}
	call := &term{op: "call", name: name}
	for {
		of, err := p.condition()
		if err != nil {
			return nil, err
		}
		call.of = append(call.of, of)
		if _, ok := p.take(","); !ok {
			return call, p.close()
		}
	}
}

func (p *parser) close() error {
	if _, ok := p.take(")"); !ok {
		return p.fault("lacks a closing parenthesis")
	}
	return nil
}

// each calls see for a term and those in it.
func (t *term) each(see func(*term)) {
	see(t)
	for _, of := range t.of {
		of.each(see)
	}
}
