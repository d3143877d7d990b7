package format

import (
	"encoding/xml"
	"io"
)

// xmlDocument writes XML token by token. The first error stands until close.
type xmlDocument struct {
	encoder *xml.Encoder
	to      io.Writer
	open    []xml.StartElement
	err     error
}

// begin opens an element with attributes, name and value in turn. The first one begins the document.
func (d *xmlDocument) begin(name string, attributes ...string) {
	if len(d.open) == 0 && d.err == nil {
		_, d.err = io.WriteString(d.to, xml.Header)
		d.encoder.Indent("", " ")
	}
	start := xml.StartElement{Name: xml.Name{Local: name}}
	for i := 0; i < len(attributes); i += 2 {
		start.Attr = append(start.Attr, xml.Attr{Name: xml.Name{Local: attributes[i]}, Value: attributes[i+1]})
	}
	d.open = append(d.open, start)
	if d.err == nil {
		d.err = d.encoder.EncodeToken(start)
	}
}

// end closes the innermost element that is open.
func (d *xmlDocument) end() {
	last := d.open[len(d.open)-1]
	d.open = d.open[:len(d.open)-1]
	if d.err == nil {
		d.err = d.encoder.EncodeToken(last.End())
	}
}

// element writes a whole one.
func (d *xmlDocument) element(value any) {
	if d.err == nil {
		d.err = d.encoder.Encode(value)
	}
}

// close ends all that is open, and the document.
func (d *xmlDocument) close() error {
	for len(d.open) > 0 {
		d.end()
	}
	if d.err == nil {
		d.err = d.encoder.Close()
	}
	if d.err == nil {
		_, d.err = io.WriteString(d.to, "\n")
	}
	return d.err
}
