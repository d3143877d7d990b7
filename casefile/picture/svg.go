package picture

import (
	"encoding/xml"
	"io"
	"strings"
)

// Sheet is what goes on paper, whatever it shows.
type Sheet struct {
	Width, Height float64
	Title, Tells  string // what it is called, and what it shows in words
	Marks         []Mark
}

// Sheet returns the picture as what is to be drawn.
func (p *Picture) Sheet() *Sheet {
	return &Sheet{Width: p.Width, Height: p.Height, Title: p.Title, Tells: p.Tells(), Marks: p.Marks()}
}

// WriteSVG writes it as SVG. All text goes through the encoder, and nothing in the file refers to anything outside it. Words state what
// they take up (textLength), so that whatever letters a reader's machine has, no two labels overlap.
func (s *Sheet) WriteSVG(to io.Writer) error {
	d := &drawer{encoder: xml.NewEncoder(to)}
	d.encoder.Indent("", " ")
	d.begin("svg", "xmlns", "http://www.w3.org/2000/svg", "width", number(s.Width), "height", number(s.Height),
		"viewBox", "0 0 "+number(s.Width)+" "+number(s.Height), "role", "img", "font-family", Family)
	d.text("title", s.Title)
	d.text("desc", s.Tells)
	for i := range s.Marks {
		d.mark(&s.Marks[i])
	}
	d.end("svg")
	if d.err == nil {
		d.err = d.encoder.Close()
	}
	if d.err == nil {
		_, d.err = io.WriteString(to, "\n")
	}
	return d.err
}

// Family lists the letters that words are set in, the embedded ones first, where a machine has them.
const Family = "'Noto Sans','Droid Sans Fallback','Noto Sans CJK TC',sans-serif"

// drawer writes elements; the first error stands.
type drawer struct {
	encoder *xml.Encoder
	err     error
}

func (d *drawer) token(t xml.Token) {
	if d.err == nil {
		d.err = d.encoder.EncodeToken(t)
	}
}

// begin opens an element with attributes, name and value in turn; those without a value are left out.
func (d *drawer) begin(name string, attributes ...string) {
	start := xml.StartElement{Name: xml.Name{Local: name}}
	for i := 0; i < len(attributes); i += 2 {
		if attributes[i+1] != "" {
			start.Attr = append(start.Attr, xml.Attr{Name: xml.Name{Local: attributes[i]}, Value: attributes[i+1]})
		}
	}
	d.token(start)
}

func (d *drawer) end(name string) { d.token(xml.EndElement{Name: xml.Name{Local: name}}) }

func (d *drawer) text(name, text string) {
	d.begin(name)
	d.token(xml.CharData(text))
	d.end(name)
}

func (d *drawer) mark(m *Mark) {
	at := m.Points[0]
	if m.Text != "" {
		halo := []string{"", ""}
		if m.Halo {
			halo = []string{"#ffffff", "stroke"}
		}
		d.begin("text", "x", number(at.X), "y", number(at.Y), "font-size", number(m.Size), "textLength", number(m.Wide), "lengthAdjust", "spacingAndGlyphs",
			"fill", m.Fill, "stroke", halo[0], "paint-order", halo[1], "stroke-width", widthOf(m.Halo), "unicode-bidi", "isolate")
		d.token(xml.CharData(m.Text))
		d.end("text")
		return
	}
	fill, wide, dash := m.Fill, "", ""
	if fill == "" {
		fill = "none"
	}
	if m.Stroke != "" {
		wide = number(m.Width)
	}
	if m.Dash > 0 {
		dash = number(m.Dash)
	}
	look := []string{"fill", fill, "stroke", m.Stroke, "stroke-width", wide, "stroke-dasharray", dash}
	name := "polyline"
	switch {
	case m.Radius > 0:
		name = "circle"
		look = append([]string{"cx", number(at.X), "cy", number(at.Y), "r", number(m.Radius)}, look...)
	case m.Closed:
		name = "polygon"
		fallthrough
	default:
		var places []string
		for _, p := range m.Points {
			places = append(places, number(p.X)+","+number(p.Y))
		}
		look = append([]string{"points", strings.Join(places, " ")}, look...)
	}
	d.begin(name, look...)
	if m.Title != "" {
		d.text("title", m.Title)
	}
	d.end(name)
}

func widthOf(halo bool) string {
	if halo {
		return "3"
	}
	return ""
}
