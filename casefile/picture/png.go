package picture

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"io"
	"math"
	"strconv"
	"strings"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/vector"

	"rummage/casefile/typeface"
)

// A PNG has two dots to the pixel of a picture, and fewer where that would make more than mostDots.
const (
	dots     = 2.0
	mostDots = 12e6
	piece    = 40.0
	spare    = 64 // dots around the sheet, onto which signs at its edge may run
)

// WritePNG writes the sheet as PNG, in the embedded letters.
func (s *Sheet) WritePNG(to io.Writer) error {
	scale := min(dots, math.Sqrt(mostDots/float64(s.Width*s.Height)))
	w := &plotter{scale: scale, image: image.NewRGBA(image.Rect(-spare, -spare, int(math.Ceil(float64(s.Width*scale)))+spare, int(math.Ceil(float64(s.Height*scale)))+spare))}
	draw.Draw(w.image, w.image.Bounds(), image.White, image.Point{}, draw.Src)
	for i := range s.Marks {
		w.mark(&s.Marks[i])
	}
	encoder := png.Encoder{CompressionLevel: png.BestSpeed}
	if err := encoder.Encode(to, w.image.SubImage(w.image.Bounds().Inset(spare))); err != nil {
		return fmt.Errorf("picture: png: %w", err)
	}
	return nil
}

// plotter draws marks into dots.
type plotter struct {
	image *image.RGBA
	scale float64
	area  vector.Rasterizer
}

func (w *plotter) mark(m *Mark) {
	switch {
	case m.Text != "":
		w.words(m)
		return
	case m.Radius > 0:
		w.fill(ring(m.Points[0], m.Radius), m.Fill)
		if m.Stroke != "" {
			w.band(m.Points[0], m.Radius+m.Width/2, m.Radius-m.Width/2, m.Stroke)
		}
		return
	case m.Closed:
		w.fill(m.Points, m.Fill)
	}
	if m.Stroke == "" {
		return
	}
	points := m.Points
	if m.Closed {
		points = append(append([]Point{}, points...), points[0])
	}
	for i := 1; i < len(points); i++ {
		w.stroke(points[i-1], points[i], m)
	}
}

// corners of a circle, enough that none is seen.
const corners = 32

func ring(at Point, r float64) []Point {
	points := make([]Point, corners)
	for i := range points {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / corners)
		points[i] = Point{at.X + float64(r*cos), at.Y + float64(r*sin)}
	}
	return points
}

// band fills what lies between two circles.
func (w *plotter) band(at Point, outer, inner float64, colour string) {
	points := append(ring(at, outer), Point{at.X + outer, at.Y})
	hole := ring(at, max(0, inner))
	points = append(points, hole[0])
	for i := len(hole) - 1; i >= 0; i-- {
		points = append(points, hole[i])
	}
	w.fill(points, colour)
}

// stroke draws a line as the rectangles of its dashes.
func (w *plotter) stroke(p, q Point, m *Mark) {
	far := distance(p, q)
	if far == 0 {
		return
	}
	ux, uy := (q.X-p.X)/far, (q.Y-p.Y)/far
	half := m.Width / 2
	// What is filled costs the rectangle around it, so a long line is filled in pieces, which reach into each other where they meet.
	long, step, over := piece, piece, 0.5
	if m.Dash > 0 {
		long, step, over = m.Dash, 2*m.Dash, 0
	}
	for from := 0.0; from < far; from += step {
		to := min(from+long+over, far)
		a, b := Point{p.X + ux*from, p.Y + uy*from}, Point{p.X + ux*to, p.Y + uy*to}
		w.fill([]Point{{a.X - uy*half, a.Y + ux*half}, {b.X - uy*half, b.Y + ux*half}, {b.X + uy*half, b.Y - ux*half}, {a.X + uy*half, a.Y - ux*half}}, m.Stroke)
	}
}

// fill fills a polygon.
func (w *plotter) fill(points []Point, colour string) {
	if colour == "" || len(points) < 3 {
		return
	}
	w.over(points, colour, func(x, y func(float64) float32) {
		w.area.MoveTo(x(points[0].X), y(points[0].Y))
		for _, p := range points[1:] {
			w.area.LineTo(x(p.X), y(p.Y))
		}
		w.area.ClosePath()
	})
}

// over sets up the dots around some points, lets a path be drawn, and puts it on the image.
func (w *plotter) over(points []Point, colour string, path func(x, y func(float64) float32)) {
	b := box{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
	for _, p := range points {
		b = box{min(b.left, p.X), min(b.up, p.Y), max(b.right, p.X), max(b.down, p.Y)}
	}
	left, up := int(math.Floor(b.left*w.scale))-1, int(math.Floor(b.up*w.scale))-1
	wide, high := int(math.Ceil(b.right*w.scale))+1-left, int(math.Ceil(b.down*w.scale))+1-up
	w.area.Reset(wide, high)
	path(func(v float64) float32 { return float32(float64(v*w.scale) - float64(left)) }, func(v float64) float32 { return float32(float64(v*w.scale) - float64(up)) })
	w.area.Draw(w.image, image.Rect(left, up, left+wide, up+high), image.NewUniform(Colour(colour)), image.Point{})
}

// Colour is a colour of a mark, such as #d55e00; black for what is none.
func Colour(text string) color.RGBA {
	v, err := strconv.ParseUint(strings.TrimPrefix(text, "#"), 16, 32)
	if err != nil {
		return color.RGBA{A: 255}
	}
	return color.RGBA{uint8(v >> 16), uint8(v >> 8), uint8(v), 255}
}

// words draws letters by their contours.
func (w *plotter) words(m *Mark) {
	at := m.Points[0]
	if m.Halo {
		w.fill(rectangle(at.X-1, at.Y-float64(m.Size*0.85), at.X+m.Wide+1, at.Y+float64(m.Size*0.25)), white)
	}
	for _, run := range typeface.Runs(m.Text) {
		for _, letter := range run.Text {
			w.letter(run.Face, letter, at, m)
			at.X += float64(run.Face.Advance(letter) * m.Size)
		}
	}
}

func (w *plotter) letter(face *typeface.Face, letter rune, at Point, m *Mark) {
	face.Outline(letter, func(segments sfnt.Segments, scale float64) {
		around := []Point{{at.X - m.Size, at.Y - m.Size*1.5}, {at.X + m.Size*2, at.Y + m.Size}}
		w.over(around, m.Fill, func(x, y func(float64) float32) {
			px := func(v int32) float32 { return x(at.X + float64(float64(v)*scale*m.Size)) }
			py := func(v int32) float32 { return y(at.Y + float64(float64(v)*scale*m.Size)) }
			for _, s := range segments {
				a := s.Args
				switch s.Op {
				case sfnt.SegmentOpMoveTo:
					w.area.ClosePath()
					w.area.MoveTo(px(int32(a[0].X)), py(int32(a[0].Y)))
				case sfnt.SegmentOpLineTo:
					w.area.LineTo(px(int32(a[0].X)), py(int32(a[0].Y)))
				case sfnt.SegmentOpQuadTo:
					w.area.QuadTo(px(int32(a[0].X)), py(int32(a[0].Y)), px(int32(a[1].X)), py(int32(a[1].Y)))
				case sfnt.SegmentOpCubeTo:
					w.area.CubeTo(px(int32(a[0].X)), py(int32(a[0].Y)), px(int32(a[1].X)), py(int32(a[1].Y)), px(int32(a[2].X)), py(int32(a[2].Y)))
				}
			}
			w.area.ClosePath()
		})
	})
}
