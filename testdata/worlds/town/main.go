// Command town draws the heart of the invented district 澜湖 as OpenStreetMap XML, or, with -areas, its nine station
// areas as GeoJSON. Everything in it is made up: the same program always gives the same bytes.
//
//	go run ./testdata/worlds/town > testdata/worlds/lanhu.osm
//	go run ./testdata/worlds/town -areas > testdata/worlds/lanhu-areas.geojson
package main

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"log"
	"math"
	"os"
)

func main() {
	areas := flag.Bool("areas", false, "write the station areas instead of the map")
	flag.Parse()
	w := bufio.NewWriter(os.Stdout)
	if *areas {
		writeAreas(w)
	} else {
		build().write(w)
	}
	if err := w.Flush(); err != nil {
		log.Fatal(err)
	}
}

// The town is planned on a flat board in metres, u to the east and v to the north, and then bent, so that no street is
// quite straight.
const (
	spacing    = 250.0 // Between two streets of the board.
	columns    = 21    // u from -2500 to 2500.
	rows       = 17    // v from -2000 to 2000.
	riverHalf  = 85.0  // Half the width of the river.
	quayAway   = 130.0 // From the middle of the river to a quay road.
	policeAway = 175.0 // From the middle of the river to the end of the river station's area.
	centerLon  = 118.40
	centerLat  = 31.20
)

func columnAt(i int) float64 { return (float64(i) - (columns-1)/2) * spacing }

func rowAt(j int) float64 { return (float64(j) - (rows-1)/2) * spacing }

// river is the middle of the 云澜江 at u.
func river(u float64) float64 { return -330 + 250*math.Sin(u/1050+0.5) + 60*math.Sin(u/430) }

// point is a place in degrees, rounded as it is written, so that all files agree.
type point struct{ lon, lat float64 }

// bend turns a place on the board into degrees.
func bend(u, v float64) point {
	x := u + 95*math.Sin(v/900+0.4) + 32*math.Sin(u/610+v/400)
	y := v + 115*math.Sin(u/1300) + 28*math.Sin(u/450-v/700)
	const turn = 6.5 * math.Pi / 180 // The whole town lies a little askew.
	x, y = x*math.Cos(turn)-y*math.Sin(turn), x*math.Sin(turn)+y*math.Cos(turn)
	const metersPerDegree = 6_371_008.8 * math.Pi / 180
	lat := centerLat + y/metersPerDegree
	lon := centerLon + x/(metersPerDegree*math.Cos(centerLat*math.Pi/180))
	return point{math.Round(lon*1e7) / 1e7, math.Round(lat*1e7) / 1e7}
}

// dice is a small generator of our own, so that no change of a library changes the town.
type dice struct{ state uint64 }

// roll gives a number from 0 up to 1 (splitmix64).
func (d *dice) roll() float64 {
	d.state += 0x9e3779b97f4a7c15
	z := d.state
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return float64((z^z>>31)>>11) / (1 << 53)
}

func (d *dice) between(low, high float64) float64 { return low + (high-low)*d.roll() }

type element struct {
	refs []int
	tags []string
}

type relation struct {
	from, via, to int
	kind          string
}

// town is the map while it grows. Ids are positions in the lists, from 1.
type town struct {
	dice      dice
	nodes     []point
	nodeTags  map[int][]string
	ways      []element
	relations []relation
	lattice   map[[2]int]int // Crossing of column and row.
	quays     [2][]int       // Crossing of a quay, south and north, with each column.
	middles   map[[2]int]int // Inner node of a street between two crossings, where lanes begin.
}

func (t *town) node(p point, tags ...string) int {
	t.nodes = append(t.nodes, p)
	id := len(t.nodes)
	if len(tags) > 0 {
		t.nodeTags[id] = tags
	}
	return id
}

func (t *town) way(refs []int, tags ...string) int {
	t.ways = append(t.ways, element{refs, tags})
	return len(t.ways)
}

// build makes the whole town.
func build() *town {
	t := &town{
		dice: dice{state: 20260901}, nodeTags: make(map[int][]string),
		lattice: make(map[[2]int]int), middles: make(map[[2]int]int),
	}
	t.crossings()
	for j := range rows {
		t.row(j)
	}
	for i := range columns {
		t.column(i)
	}
	t.quayRoads()
	t.lanes()
	t.restrictions()
	t.water()
	t.parks()
	t.buildings()
	for _, p := range places {
		t.node(bend(p.u, p.v), append([]string{"name", p.name}, p.tags...)...)
	}
	return t
}

func (t *town) write(w io.Writer) {
	low, high := t.nodes[0], t.nodes[0]
	for _, p := range t.nodes {
		low = point{min(low.lon, p.lon), min(low.lat, p.lat)}
		high = point{max(high.lon, p.lon), max(high.lat, p.lat)}
	}
	fmt.Fprintln(w, `<?xml version="1.0" encoding="UTF-8"?>`)
	fmt.Fprintln(w, `<osm version="0.6" generator="testdata/worlds/town" attribution="澜湖：枢纽项目虚构的小镇 · an invented town of the Shuniu project, Apache-2.0">`)
	fmt.Fprintf(w, "<bounds minlat=\"%.7f\" minlon=\"%.7f\" maxlat=\"%.7f\" maxlon=\"%.7f\"/>\n", low.lat, low.lon, high.lat, high.lon)
	for i, p := range t.nodes {
		fmt.Fprintf(w, "<node id=\"%d\" lat=\"%.7f\" lon=\"%.7f\"", i+1, p.lat, p.lon)
		if tags := t.nodeTags[i+1]; tags != nil {
			fmt.Fprint(w, ">")
			writeTags(w, tags)
			fmt.Fprintln(w, "</node>")
			continue
		}
		fmt.Fprintln(w, "/>")
	}
	for i, e := range t.ways {
		fmt.Fprintf(w, "<way id=\"%d\">", i+1)
		for _, ref := range e.refs {
			fmt.Fprintf(w, "<nd ref=\"%d\"/>", ref)
		}
		writeTags(w, e.tags)
		fmt.Fprintln(w, "</way>")
	}
	for i, r := range t.relations {
		fmt.Fprintf(w, "<relation id=\"%d\"><member type=\"way\" ref=\"%d\" role=\"from\"/><member type=\"node\" ref=\"%d\" role=\"via\"/><member type=\"way\" ref=\"%d\" role=\"to\"/>", i+1, r.from, r.via, r.to)
		writeTags(w, []string{"type", "restriction", "restriction", r.kind})
		fmt.Fprintln(w, "</relation>")
	}
	fmt.Fprintln(w, "</osm>")
}

func writeTags(w io.Writer, tags []string) {
	for i := 0; i < len(tags); i += 2 {
		fmt.Fprintf(w, "<tag k=\"%s\" v=\"%s\"/>", tags[i], tags[i+1])
	}
}
