package survey

import (
	"bufio"
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"math"

	"shuniu/internal/geo"
)

// The sheet, in the units of the drawing.
const (
	sheetWidth  = 1400.0 // Of the map.
	sheetMax    = 1600.0 // Height of the map at most.
	legendWidth = 460.0
	margin      = 24.0
	lineHeight  = 22.0
	listMax     = 30 // Overlaps, and holes, that are listed.
)

// Draw writes the areas as an SVG picture: overlaps red, holes hatched, each with a number that the list beside the map
// explains in Chinese and English. Lines, such as streets, are drawn faint below; they may be nil. The error is the
// writer's.
func (r Report) Draw(w io.Writer, title string, lines [][]geo.Point) error {
	s := &sheet{w: bufio.NewWriter(w), scale: 1}
	if r.grid != nil {
		s.fit(r.grid)
	}
	rows := min(listMax, len(r.Overlaps)) + min(listMax, len(r.Holes)) + min(listMax, len(r.Broken))
	height := max(s.height, float64(rows+10)*lineHeight) + 2*margin
	s.put(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.0f %.0f" width="%.0f" font-family="system-ui, sans-serif" font-size="14">`+"\n",
		s.width+legendWidth+3*margin, height, s.width+legendWidth+3*margin)
	s.put(`<defs><pattern id="hatch" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="8" height="8" fill="#fff"/><rect width="3" height="8" fill="#222"/></pattern></defs>` + "\n")
	s.put(`<rect width="100%%" height="100%%" fill="#fbfaf7"/>` + "\n")
	if r.grid != nil {
		s.put(`<clipPath id="map"><rect x="%.0f" y="%.0f" width="%.1f" height="%.1f"/></clipPath>`+"\n", margin, margin, s.width, s.height)
		s.areas(r, lines)
	}
	s.legend(r, title)
	s.put("</svg>\n")
	if s.err == nil {
		s.err = s.w.Flush()
	}
	if s.err != nil {
		return fmt.Errorf("drawing the areas: %w", s.err)
	}
	return nil
}

// sheet is a drawing that is being made.
type sheet struct {
	w             *bufio.Writer
	err           error
	box           geo.Bounds
	kx, ky        float64 // Drawing units in one degree.
	scale         float64 // Drawing units in one cell.
	width, height float64
}

func (s *sheet) put(format string, args ...any) {
	if s.err == nil {
		_, s.err = fmt.Fprintf(s.w, format, args...)
	}
}

// fit lays the grid onto the sheet.
func (s *sheet) fit(g *grid) {
	s.box = geo.Bounds{Min: g.origin, Max: geo.Point{Lon: g.origin.Lon + float64(g.width)*g.lon, Lat: g.origin.Lat + float64(g.height)*g.lat}}
	s.scale = min(sheetWidth/float64(g.width), sheetMax/float64(g.height))
	s.kx, s.ky = s.scale/g.lon, s.scale/g.lat
	s.width, s.height = float64(g.width)*s.scale, float64(g.height)*s.scale
}

func (s *sheet) xy(p geo.Point) (x, y float64) {
	return margin + (p.Lon-s.box.Min.Lon)*s.kx, margin + (s.box.Max.Lat-p.Lat)*s.ky
}

// escaped is a text that cannot end its element, whatever a file named its areas.
func escaped(text string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(text)) // A buffer takes everything.
	return b.String()
}

func (s *sheet) areas(r Report, lines [][]geo.Point) {
	for i, a := range r.Areas {
		if !a.Shape.Valid() {
			continue
		}
		s.put(`<path fill="hsl(%.0f 45%% 78%%)" fill-rule="evenodd" stroke="#333" stroke-width="1" d="`, math.Mod(float64(i)*137.5, 360))
		for _, polygon := range a.Shape {
			for _, ring := range polygon {
				s.line(ring)
				s.put("Z")
			}
		}
		s.put("\"/>\n")
	}
	s.put(`<path clip-path="url(#map)" fill="none" stroke="#000" stroke-opacity=".18" stroke-width=".7" d="`)
	for _, l := range lines {
		seen := false // What leaves the sheet is not drawn.
		for _, p := range l {
			seen = seen || s.box.Contains(p)
		}
		if seen {
			s.line(l)
		}
	}
	s.put("\"/>\n")
	for _, o := range r.Overlaps {
		s.cells(r.grid, o.cells, `fill="#d40000"`)
	}
	for _, h := range r.Holes {
		s.cells(r.grid, h.cells, `fill="url(#hatch)"`)
	}
	for i, a := range r.Areas {
		if m := r.Middles[i]; m.M2 > 0 {
			x, y := s.xy(m.At)
			name := a.Name
			if name == "" {
				name = a.ID
			}
			s.put(`<text x="%.1f" y="%.1f" text-anchor="middle" paint-order="stroke" stroke="#fff" stroke-width="3">%s</text>`+"\n", x, y, escaped(name))
		}
	}
	n := 0
	mark := func(p geo.Point, color string) {
		n++
		x, y := s.xy(p)
		s.put(`<circle cx="%.1f" cy="%.1f" r="10" fill="none" stroke="%s" stroke-width="2"/><text x="%.1f" y="%.1f" font-size="12" font-weight="bold" fill="%s" paint-order="stroke" stroke="#fff" stroke-width="3">%d</text>`+"\n",
			x, y, color, x+11, y-7, color, n)
	}
	for _, b := range r.Broken[:min(listMax, len(r.Broken))] {
		mark(b.At, "#7a00b8")
	}
	for _, o := range r.Overlaps[:min(listMax, len(r.Overlaps))] {
		mark(o.At, "#d40000")
	}
	for _, h := range r.Holes[:min(listMax, len(r.Holes))] {
		mark(h.At, "#222")
	}
}

func (s *sheet) line(points []geo.Point) {
	for i, p := range points {
		x, y := s.xy(p)
		s.put("%s%.1f %.1f", map[bool]string{true: "M", false: "L"}[i == 0], x, y)
	}
}

// cells draws cells as runs, at least a hair wide, so that also a sliver is seen.
func (s *sheet) cells(g *grid, cells []int32, style string) {
	s.put(`<path %s d="`, style)
	size := max(s.scale, 1.2)
	for i := 0; i < len(cells); {
		n := 1
		for i+n < len(cells) && cells[i+n] == cells[i]+int32(n) && int(cells[i+n])%g.width != 0 {
			n++
		}
		x, y := s.xy(g.center(cells[i]))
		wide := max(float64(n)*s.scale, size)
		s.put("M%.1f %.1fh%.1fv%.1fh-%.1fz", x-s.scale/2, y-size/2, wide, size, wide)
		i += n
	}
	s.put("\"/>\n")
}

// legend says in both languages what is to be seen.
func (s *sheet) legend(r Report, title string) {
	x, y := s.width+2*margin, margin+lineHeight
	say := func(color, format string, args ...any) {
		s.put(`<text x="%.0f" y="%.0f" fill="%s">%s</text>`+"\n", x, y, color, escaped(fmt.Sprintf(format, args...)))
		y += lineHeight
	}
	s.put(`<text x="%.0f" y="%.0f" font-size="18" font-weight="bold">%s</text>`+"\n", x, y, escaped(title))
	y += lineHeight
	say("#222", "%d 辖区 areas · 网格 grid %.1f m", len(r.Areas), r.CellM)
	y += lineHeight / 2
	n := 0
	item := func(color, format string, args ...any) {
		n++
		say(color, "%d  %s", n, fmt.Sprintf(format, args...))
	}
	more := func(all int) {
		if all > listMax {
			say("#222", "… +%d", all-listMax)
		}
		y += lineHeight / 2
	}
	say("#7a00b8", "边界有误 broken outline: %d", len(r.Broken))
	for _, b := range r.Broken[:min(listMax, len(r.Broken))] {
		item("#7a00b8", "%s  (%.5f, %.5f)", b.Area, b.At.Lon, b.At.Lat)
	}
	more(len(r.Broken))
	say("#d40000", "■ 重叠 overlap: %d", len(r.Overlaps))
	for _, o := range r.Overlaps[:min(listMax, len(r.Overlaps))] {
		item("#d40000", "%s + %s  %.0f m²", o.A, o.B, o.M2)
	}
	more(len(r.Overlaps))
	s.put(`<rect x="%.0f" y="%.0f" width="14" height="14" fill="url(#hatch)" stroke="#222"/>`+"\n", x, y-12)
	s.put(`<text x="%.0f" y="%.0f" fill="#222">空白 hole: %d</text>`+"\n", x+20, y, len(r.Holes))
	y += lineHeight
	for _, h := range r.Holes[:min(listMax, len(r.Holes))] {
		item("#222", "%.0f m²  (%.5f, %.5f)", h.M2, h.At.Lon, h.At.Lat)
	}
	more(len(r.Holes))
}
