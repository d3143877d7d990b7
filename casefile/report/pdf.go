package report

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"codeberg.org/go-pdf/fpdf"

	"rummage/casefile/picture"
	"rummage/casefile/typeface"
)

// An A4 sheet, in millimetres.
const (
	sheetWide, sheetHigh = 210.0, 297.0
	edge                 = 14.0
	bannerHigh           = 16.0
	point                = 25.4 / 72
)

// WritePDF writes the report as PDF, A4, in the embedded letters, with the handling code above and below and a number on every page. The day
// in the file is that of the case.
func (d *Document) WritePDF(to io.Writer, made time.Time) error {
	w := newPaper(d, made)
	w.pdf.AddPage()
	w.y = bannerHigh + 6
	w.paragraph(d.Title, 18, 0)
	w.y += 2
	for _, line := range d.Custody {
		w.pair(line[0], line[1])
	}
	for i := range d.Sections {
		w.section(&d.Sections[i])
	}
	if err := w.pdf.Output(to); err != nil {
		return fmt.Errorf("report: pdf: %w", err)
	}
	return nil
}

// paper writes on pages; y is where the next line goes.
type paper struct {
	pdf      *fpdf.Fpdf
	y        float64
	wide     float64 // of the page
	high     float64
	handling string
	fonts    map[string]bool
}

func newPaper(d *Document, made time.Time) *paper {
	w := &paper{pdf: fpdf.New("P", "mm", "A4", ""), wide: sheetWide, high: sheetHigh, handling: d.Handling, fonts: map[string]bool{}}
	w.pdf.SetCatalogSort(true)
	w.pdf.SetCreationDate(made.UTC())
	w.pdf.SetModificationDate(made.UTC())
	w.pdf.SetProducer("rummage", true)
	w.pdf.SetTitle(typeface.Shown(d.Title), true)
	w.pdf.SetAutoPageBreak(false, 0)
	w.pdf.SetMargins(edge, edge, edge)
	w.pdf.AliasNbPages(allPages)
	w.pdf.SetFooterFunc(w.foot)
	return w
}

// allPages stands for the number of pages until it is known.
const allPages = "{pages}"

// foot writes banners and the number of the page.
func (w *paper) foot() {
	if w.handling != "" {
		wide := typeface.Width(w.handling, 11*point)
		w.line(w.handling, (w.wide-wide)/2, 10, 11, 0)
		w.line(w.handling, (w.wide-wide)/2, w.high-6, 11, 0)
	}
	number := strconv.Itoa(w.pdf.PageNo()) + " / " + allPages
	w.line(number, w.wide-edge-14, w.high-6, 9, 0)
}

// line writes letters at a place, and returns their width. Grey is from 0, black, to 255.
func (w *paper) line(text string, x, y, size float64, grey int) float64 {
	w.pdf.SetTextColor(grey, grey, grey)
	return w.letters(text, x, y, size)
}

func (w *paper) letters(text string, x, y, size float64) float64 {
	wide := 0.0
	for _, run := range typeface.Runs(text) {
		w.face(run.Face, size)
		w.pdf.Text(x+wide, y, run.Text)
		wide += run.Wide * size * point
	}
	return wide
}

// face sets letters of a font from here on. A font is read when its first letter is written: one has thousands.
func (w *paper) face(f *typeface.Face, size float64) {
	if !w.fonts[f.Name] {
		w.fonts[f.Name] = true
		w.pdf.AddUTF8FontFromBytes(f.Name, "", f.TTF)
	}
	w.pdf.SetFont(f.Name, "", size)
}

// room begins a new page unless some height is left on this one, and says whether it did.
func (w *paper) room(high float64) bool {
	if w.y+high <= w.high-bannerHigh {
		return false
	}
	w.page(w.wide > w.high)
	return true
}

func (w *paper) page(level bool) {
	wide, high, way := sheetWide, sheetHigh, "P"
	if level {
		wide, high, way = sheetHigh, sheetWide, "L"
	}
	// This writes the foot of the page before, in the measures of that.
	w.pdf.AddPageFormat(way, fpdf.SizeType{Wd: sheetWide, Ht: sheetHigh})
	w.wide, w.high, w.y = wide, high, bannerHigh
}

// paragraph writes a text, broken into lines.
func (w *paper) paragraph(text string, size, indent float64) {
	high := size * point * 1.35
	for _, line := range broken(text, w.wide-2*edge-indent, size) {
		w.room(high)
		w.y += high
		w.line(line, edge+indent, w.y, size, 0)
	}
}

func (w *paper) pair(name, value string) {
	const indent = 32.0
	first := true
	for _, line := range broken(value, w.wide-2*edge-indent, 9) {
		w.room(5)
		w.y += 5
		if first {
			w.line(name, edge, w.y, 9, 90)
		}
		first = false
		w.line(line, edge+indent, w.y, 9, 0)
	}
}

func (w *paper) section(s *Section) {
	level := s.Sheet != nil && s.Sheet.Width > s.Sheet.Height*1.1 && s.Sheet.Height > 300
	switch {
	case level:
		w.page(true)
	case w.wide > w.high:
		w.page(false)
	default:
		w.room(w.begins(s))
	}
	w.y += 5
	w.paragraph(s.Heading, 13, 0)
	w.pdf.SetDrawColor(0, 0, 0)
	w.pdf.SetLineWidth(0.2)
	w.pdf.Line(edge, w.y+1.5, w.wide-edge, w.y+1.5)
	w.y += 2.5
	for _, text := range s.Texts {
		w.paragraph(text, 9.5, 0)
		w.y++
	}
	for _, text := range s.List {
		w.room(5)
		w.line("•", edge, w.y+9.5*point*1.35, 9.5, 0)
		w.paragraph(text, 9.5, 4)
	}
	if s.Sheet != nil {
		w.sheet(s.Sheet)
	}
	if s.Table != nil && len(s.Table.Rows) > 0 {
		w.table(s.Table)
	}
}

// begins is the height of a heading with the first of what stands under it, so that no page ends with a heading.
func (w *paper) begins(s *Section) float64 {
	const heading = 16
	switch {
	case s.Sheet != nil:
		return heading + min(s.Sheet.Height/s.Sheet.Width*(w.wide-2*edge), s.Sheet.Height*mostScale, leastSheet)
	case s.Table != nil && len(s.Texts)+len(s.List) == 0:
		return heading + tableHead
	}
	return heading + 10
}

const (
	leastSheet = 100 // what a picture has of a page that it shares
	mostScale  = 0.4 // of a picture, millimetres a unit
	tableHead  = 30  // the heads of a table and its first row
)

// broken breaks a text into lines of a width in millimetres: at blanks, and inside a word that is wider than a line.
func broken(text string, wide, size float64) []string {
	var all []string
	for _, part := range strings.Split(text, "\n") {
		line := ""
		for _, word := range strings.Fields(shown(part)) {
			parts := pieces(word, wide, size)
			if longer := strings.TrimSpace(line + " " + parts[0]); len(parts) == 1 && typeface.Width(longer, size*point) <= wide {
				line = longer
				continue
			}
			if line != "" {
				all = append(all, line)
			}
			all, line = append(all, parts[:len(parts)-1]...), parts[len(parts)-1]
		}
		all = append(all, line)
	}
	return all
}

// mostShown is how many signs of a text are shown; the files beside the report have it all.
const mostShown = 4000

// shown makes everything in a text visible.
func shown(text string) string {
	letters := []rune(text)
	if len(letters) <= mostShown {
		return typeface.Visible(text)
	}
	return typeface.Visible(string(letters[:mostShown])) + fmt.Sprintf("… (%d signs in all)", len(letters))
}

// pieces cuts a word that is wider than a line into parts that fit; most words are one.
func pieces(word string, wide, size float64) []string {
	var all []string
	sum, from := 0.0, 0
	for i, r := range word {
		w := typeface.Width(string(r), size*point)
		if sum+w > wide && i > from {
			all, from, sum = append(all, word[from:i]), i, 0
		}
		sum += w
	}
	return append(all, word[from:])
}

const (
	cellSize = 6.5
	cellHigh = cellSize * point * 1.3
	mostTall = 60 // lines of a cell
)

// table writes rows, with the heads of its columns on every page.
func (w *paper) table(t *Table) {
	whole := w.wide - 2*edge
	heads := func() {
		w.row(t, func(c int) []string { return broken(t.Columns[c].Name, whole*t.Columns[c].Share-2, cellSize) }, 90)
		w.pdf.SetLineWidth(0.3)
		w.pdf.Line(edge, w.y, w.wide-edge, w.y)
	}
	w.room(tableHead)
	heads()
	for _, r := range t.Rows {
		cells := make([][]string, len(r))
		tall := 1
		for i, text := range r {
			cells[i] = broken(text, whole*t.Columns[i].Share-2, cellSize)
			if len(cells[i]) > mostTall {
				cells[i] = append(cells[i][:mostTall:mostTall], "…")
			}
			tall = max(tall, len(cells[i]))
		}
		if w.room(float64(tall)*cellHigh + 2) {
			heads()
		}
		w.row(t, func(c int) []string { return cells[c] }, 0)
		w.pdf.SetLineWidth(0.08)
		w.pdf.Line(edge, w.y, w.wide-edge, w.y)
	}
}

func (w *paper) row(t *Table, cell func(column int) []string, grey int) {
	x, tall := edge, 0.0
	whole := w.wide - 2*edge
	for c, column := range t.Columns {
		wide := whole * column.Share
		for i, line := range cell(c) {
			at := x
			if column.Right {
				at = x + wide - 2 - typeface.Width(line, cellSize*point)
			}
			w.line(line, at, w.y+float64(i+1)*cellHigh, cellSize, grey)
			tall = max(tall, float64(i+1)*cellHigh)
		}
		x += wide
	}
	w.y += tall + 1.2
}

// sheet draws marks, as large as the page has room.
func (w *paper) sheet(s *picture.Sheet) {
	whole := w.wide - 2*edge
	rest := w.high - bannerHigh - w.y - 2
	if s.Height/s.Width*whole > rest && rest < leastSheet {
		w.page(w.wide > w.high)
		rest = w.high - bannerHigh - w.y - 2
	}
	scale := min(whole/s.Width, rest/s.Height, mostScale)
	x, y := edge+(whole-s.Width*scale)/2, w.y+1
	for i := range s.Marks {
		w.mark(&s.Marks[i], x, y, scale)
	}
	w.y += s.Height*scale + 2
}

func (w *paper) mark(m *picture.Mark, x, y, scale float64) {
	at := func(p picture.Point) (float64, float64) { return x + p.X*scale, y + p.Y*scale }
	px, py := at(m.Points[0])
	if m.Text != "" {
		size := m.Size * scale / point
		if m.Halo {
			w.pdf.SetFillColor(255, 255, 255)
			w.pdf.SetAlpha(0.8, "Normal")
			w.pdf.Rect(px, py-m.Size*scale*0.8, m.Wide*scale, m.Size*scale, "F")
			w.pdf.SetAlpha(1, "Normal")
		}
		r, g, b := rgb(m.Fill)
		w.pdf.SetTextColor(r, g, b)
		w.letters(m.Text, px, py, size)
		return
	}
	how := ""
	if m.Fill != "" {
		w.pdf.SetFillColor(rgb(m.Fill))
		how = "F"
	}
	if m.Stroke != "" {
		w.pdf.SetDrawColor(rgb(m.Stroke))
		w.pdf.SetLineWidth(m.Width * scale)
		how += "D"
	}
	switch {
	case m.Radius > 0:
		w.pdf.Circle(px, py, m.Radius*scale, how)
	case m.Closed:
		var corners []fpdf.PointType
		for _, p := range m.Points {
			cx, cy := at(p)
			corners = append(corners, fpdf.PointType{X: cx, Y: cy})
		}
		w.pdf.Polygon(corners, how)
	default:
		if m.Dash > 0 {
			w.pdf.SetDashPattern([]float64{m.Dash * scale, m.Dash * scale}, 0)
		}
		for _, p := range m.Points[1:] {
			qx, qy := at(p)
			w.pdf.Line(px, py, qx, qy)
			px, py = qx, qy
		}
		if m.Dash > 0 {
			w.pdf.SetDashPattern([]float64{}, 0)
		}
	}
}

func rgb(colour string) (r, g, b int) {
	c := picture.Colour(colour)
	return int(c.R), int(c.G), int(c.B)
}
