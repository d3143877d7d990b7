package tree

// pass moves over the marked value by its brackets and quotes alone. A quote that
// is not closed turns the text behind it inside out; it gives itself away by what
// follows a string.
func (s *jsonScanner) pass(bool) error {
	s.w.back(s.begin)
	s.w.release()
	s.stack, s.state, s.behind = s.stack[:s.marked], atAfter, nil
	open := make([]byte, 0, 64)
	for {
		c, err := s.peek()
		if err != nil {
			return err
		}
		switch c {
		case '{', '[':
			if open = append(open, c+2); len(open) > mostOpen {
				return malformed("more than %d brackets are open", mostOpen)
			}
			s.w.pos++
		case '}', ']':
			if len(open) == 0 || open[len(open)-1] != c {
				return malformed("%q closes what is not open", c)
			}
			open = open[:len(open)-1]
			s.w.pos++
		case '"':
			err = s.passString()
		case ',', ':':
			if len(open) == 0 {
				return malformed("%q where a value belongs", c)
			}
			s.w.pos++
			continue
		default:
			err = s.passLiteral()
		}
		if err != nil {
			return err
		}
		if len(open) == 0 {
			s.end = s.w.at()
			return nil
		}
	}
}

// mostOpen is how many brackets may be open in what is passed over.
const mostOpen = 1 << 20

// passString moves over a string and looks at what follows it.
func (s *jsonScanner) passString() error {
	s.w.pos++
	escaped := false
	for {
		text := s.w.text()
		i := 0
		for ; i < len(text); i++ {
			switch {
			case escaped:
				escaped = false
				continue
			case text[i] == '\\':
				escaped = true
				continue
			case text[i] != '"':
				continue
			}
			s.w.pos += i + 1
			c, err := s.peek()
			if err == nil && c != ',' && c != ':' && c != ']' && c != '}' {
				err = malformed("%q behind text in quotes: a quote is missing or too many", c)
			}
			return err
		}
		s.w.pos = s.w.end
		if err := s.w.more(); err != nil {
			return missing(err)
		}
	}
}

// passLiteral moves over what is not in quotes.
func (s *jsonScanner) passLiteral() error {
	for {
		text := s.w.text()
		for i, c := range text {
			if ends[c] {
				s.w.pos += i
				return nil
			}
		}
		s.w.pos = s.w.end
		if err := s.w.more(); err != nil {
			return missing(err)
		}
	}
}
