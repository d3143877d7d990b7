package report

import (
	"bytes"
	"crypto/sha256"
	_ "embed" // page.css, page.html
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"strings"
	"sync"

	"rummage/casefile/picture"
)

//go:embed page.css
var styleSheet string

//go:embed page.html
var pageText string

// page is parsed when the first report is written.
var page = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("page").Funcs(template.FuncMap{
		"svg": svg, "percent": func(share float64) string { return fmt.Sprintf("%.1f%%", 100*share) }, "paragraphs": func(s string) []string { return strings.Split(s, "\n") },
	}).Parse(pageText))
})

// svg writes a sheet into a page. Its text comes from an encoder of XML, which HTML reads alike.
func svg(s *picture.Sheet) (template.HTML, error) {
	var text bytes.Buffer
	if err := s.WriteSVG(&text); err != nil {
		return "", err
	}
	return template.HTML(text.String()), nil //nolint:gosec // written by an encoder
}

// WriteHTML writes the report as one page that needs nothing else: no script, no request, its policy in the head. On paper each page has
// the handling code above and below, as head and foot of a table that browsers repeat; those that know margin boxes number the pages.
func (d *Document) WriteHTML(to io.Writer) error {
	hash := sha256.Sum256([]byte(styleSheet))
	err := page().Execute(to, struct {
		*Document
		Policy string
		Style  template.HTML
	}{d, "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(hash[:]) + "'; base-uri 'none'; form-action 'none'",
		template.HTML("<style>" + styleSheet + "</style>")}) //nolint:gosec // our own
	if err != nil {
		return fmt.Errorf("report: %w", err)
	}
	return nil
}
