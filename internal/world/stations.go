package world

import (
	"fmt"
	"io"

	"shuniu/internal/geo"
)

// Station is a police station as it was placed.
type Station struct {
	ID    string
	Name  string // Chinese, "汀兰派出所".
	Short string // Without what it is, "汀兰".
	En    string
	Place geo.Point // Its gate, at a street.
	Water bool      // It answers for the river.
	Beats int       // Community beats, at least 1.

	west, south, east, north int // Cells, the last two not included.
}

// coreStations are the nine of the district: which cells they answer for, and in which their house stands.
func coreStations(p *plan) ([]Station, []cellAt) {
	type row struct {
		name, en                 string
		west, south, east, north int
		col, row                 int
	}
	var out []Station
	var at []cellAt
	for k, s := range []row{
		{"汀兰", "Tinglan", 0, 5, 6, 8, 4, 6},
		{"柳堰", "Liuyan", 0, 0, 5, 4, 2, 1},
		{"石埠", "Shibu", 5, 0, 9, 4, 6, 1},
		{"东屏", "Dongping", 9, 5, 13, 11, 10, 6},
		{"星浦", "Xingpu", 6, 5, 9, 8, 7, 6},
		{"鹤汀", "Heting", 9, 0, 13, 4, 10, 2},
		{"采菱", "Cailing", 0, 8, 6, 11, 3, 9},
		{"站前", "Zhanqian", 6, 8, 9, 11, 7, 8},
		{"水上", "Waterways", 0, 4, 13, 5, 7, 4},
	} {
		out = append(out, Station{
			ID: fmt.Sprintf("st%d", k+1), Name: s.name + "派出所", Short: s.name, En: s.en, Beats: 2, Water: s.name == "水上",
			west: p.c0 + s.west, south: p.r0 + s.south, east: p.c0 + s.east, north: p.r0 + s.north,
		})
		at = append(at, cellAt{p.c0 + s.col, p.r0 + s.row})
	}
	return out, at
}

// stations covers the city with areas, and orders their houses.
func (c *city) stations() {
	p := &c.plan
	list, at := coreStations(p)
	var rest []Station
	west, east, top := p.c0, p.c0+coreCols, p.r0+coreRows
	for _, r := range [][4]int{
		{0, 0, west, p.river},
		{west, 0, east, p.r0},
		{east, 0, p.cols, p.river},
		{0, p.river + 1, west, p.rows},
		{west, top, east, p.rows},
		{east, p.river + 1, p.cols, p.rows},
		{0, p.river, west, p.river + 1},
		{east, p.river, p.cols, p.river + 1},
	} {
		rest = c.share(rest, r, diceFor(c.seed, 41, r[0], r[1]))
	}
	for k, s := range rest {
		d := diceFor(c.seed, 42, k)
		n := c.names.fresh(d, func() title { return titled("", "", c.names.root(d)...) })
		s.ID, s.Short, s.En, s.Beats = fmt.Sprintf("st%d", len(list)+1), n.zh, n.en[:len(n.en)-1], 2
		s.Water = s.south == p.river
		if s.Water {
			s.Short, s.En = n.zh+"水上", s.En+" Waterways"
		}
		s.Name = s.Short + "派出所"
		list, at = append(list, s), append(at, c.houseCell(s))
	}
	for k, s := range list {
		if s.Water {
			c.found.Places[s.ID] = degrees(c.bank(at[k].col, 0.35, 4, "amenity", "police", "name", s.Name, "name:en", s.En+" Police Station"))
		} else {
			c.want(at[k], want{"police", title{s.Name, s.En + " Police Station"}, s.ID, 9_000})
		}
	}
	c.found.Stations = list
}

// houseCell is a cell near the middle of a station's area where a house can stand.
func (c *city) houseCell(s Station) cellAt {
	best, at := 1<<30, cellAt{s.west, s.south}
	for row := s.south; row < s.north; row++ {
		for col := s.west; col < s.east; col++ {
			off := (2*col+1-s.west-s.east)*(2*col+1-s.west-s.east) + (2*row+1-s.south-s.north)*(2*row+1-s.south-s.north)
			if c.zoneAt(col, row) == zoneEdge {
				off += 12
			}
			if c.zoneAt(col, row) == zoneLake {
				off += 1 << 20
			}
			if off < best {
				best, at = off, cellAt{col, row}
			}
		}
	}
	return at
}

// share cuts a rectangle of cells into areas of a station each.
func (c *city) share(out []Station, r [4]int, d *dice) []Station {
	w, h := r[2]-r[0], r[3]-r[1]
	if w <= 0 || h <= 0 {
		return out
	}
	if w*h <= 15 && w <= 6 && h <= 6 || h == 1 && w <= 13 {
		return append(out, Station{west: r[0], south: r[1], east: r[2], north: r[3]})
	}
	a, b := r, r
	if w > h || w == h && d.chance(0.5) {
		a[2] = r[0] + min(w-1, max(1, int(float64(w)*d.between(0.42, 0.6))))
		b[0] = a[2]
	} else {
		a[3] = r[1] + min(h-1, max(1, int(float64(h)*d.between(0.42, 0.6))))
		b[1] = a[3]
	}
	return c.share(c.share(out, a, d), b, d)
}

// outlineSteps is how often an edge of the lattice is sampled for the outlines; the same everywhere, so that
// neighbours have the same corners.
const outlineSteps = 6

// outlineOf is the border of a rectangle of cells, counterclockwise.
func (c *city) outlineOf(west, south, east, north int) []geo.Point {
	var out []geo.Point
	add := func(e *edge, back bool) {
		for k := range outlineSteps {
			t := float64(k) / outlineSteps
			if back {
				t = 1 - t
			}
			out = append(out, degrees(e.at(t)))
		}
	}
	for i := west; i < east; i++ {
		add(c.acrossAt(i, south), false)
	}
	for j := south; j < north; j++ {
		add(c.alongAt(east, j), false)
	}
	for i := east - 1; i >= west; i-- {
		add(c.acrossAt(i, north), true)
	}
	for j := north - 1; j >= south; j-- {
		add(c.alongAt(west, j), true)
	}
	return append(out, out[0])
}

// writeAreas writes the stations' areas as GeoJSON, as a centre reads them.
func (c *city) writeAreas(w io.Writer) error {
	return writeFeatures(w, "派出所管辖区 (invented)", len(c.found.Stations), func(k int) (string, []geo.Point) {
		s := c.found.Stations[k]
		return fmt.Sprintf(`{"id":%q,"name":%q}`, s.ID, s.Name), c.outlineOf(s.west, s.south, s.east, s.north)
	})
}

// writeBeats writes the community beats: each station's area cut in two along an avenue.
func (c *city) writeBeats(w io.Writer) error {
	return writeFeatures(w, "警务区 (invented)", 2*len(c.found.Stations), func(k int) (string, []geo.Point) {
		s := c.found.Stations[k/2]
		r := [4]int{s.west, s.south, s.east, s.north}
		side := 0
		if s.north-s.south > s.east-s.west {
			side = 1
		}
		if cut := (r[side] + r[side+2] + 1) / 2; k%2 == 0 {
			r[side+2] = cut
		} else {
			r[side] = cut
		}
		return fmt.Sprintf(`{"id":%q,"station":%q,"name":%q}`, beatID(s, k%2+1), s.ID, s.Short+beatNames[k%2]), c.outlineOf(r[0], r[1], r[2], r[3])
	})
}

//nolint:gochecknoglobals // Data that never changes.
var beatNames = [2]string{"第一警务区", "第二警务区"}

func beatID(s Station, n int) string { return fmt.Sprintf("b%s%d", s.ID[len("st"):], n) }

func writeFeatures(w io.Writer, name string, n int, feature func(k int) (properties string, ring []geo.Point)) error {
	if _, err := fmt.Fprintf(w, "{\"type\":\"FeatureCollection\",\"name\":%q,\"features\":[\n", name); err != nil {
		return err
	}
	for k := range n {
		properties, ring := feature(k)
		line := []byte(`{"type":"Feature","properties":` + properties + `,"geometry":{"type":"Polygon","coordinates":[[`)
		for i, p := range ring {
			if i > 0 {
				line = append(line, ',')
			}
			line = fmt.Appendf(line, "[%.7f,%.7f]", p.Lon, p.Lat)
		}
		line = append(line, "]]}}"...)
		if k < n-1 {
			line = append(line, ',')
		}
		if _, err := w.Write(append(line, '\n')); err != nil {
			return err
		}
	}
	_, err := io.WriteString(w, "]}\n")
	return err
}
