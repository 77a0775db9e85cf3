package main

import (
	"cmp"
	"encoding/xml"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
)

const (
	metersPerLat   = 111_132.0 // At 31 degrees north, near enough for a doorstep.
	metersPerLon   = 95_500.0
	metersPerHouse = 8.0  // Between two house numbers of one side.
	doorstep       = 11.0 // Metres from the middle of the street to a door.
)

type node struct {
	ID  int64   `xml:"id,attr"`
	Lat float64 `xml:"lat,attr"`
	Lon float64 `xml:"lon,attr"`
	Tag []tag   `xml:"tag"`
}

type tag struct {
	K string `xml:"k,attr"`
	V string `xml:"v,attr"`
}

type way struct {
	Nd []struct {
		Ref int64 `xml:"ref,attr"`
	} `xml:"nd"`
	Tag []tag `xml:"tag"`
}

// spot is where a caller says to be.
type spot struct {
	address  string
	lon, lat float64
}

// piece is one straight bit of a named street; from and to count metres along the street's own direction.
type piece struct {
	street   string
	a, b     node
	from, to float64
	sum      float64 // Length of all pieces up to this one.
}

// town is what the calls need of the map.
type town struct {
	pieces []piece
	points map[string]node // Named places.
}

func value(tags []tag, key string) string {
	for _, t := range tags {
		if t.K == key {
			return t.V
		}
	}
	return ""
}

// readTown takes the named streets where people live, and the named places.
func readTown(path string) (town, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return town{}, err
	}
	var osm struct {
		Node []node `xml:"node"`
		Way  []way  `xml:"way"`
	}
	if err := xml.Unmarshal(text, &osm); err != nil {
		return town{}, fmt.Errorf("%s: %w", path, err)
	}
	t := town{points: make(map[string]node)}
	nodes := make(map[int64]node, len(osm.Node))
	for _, n := range osm.Node {
		nodes[n.ID] = n
		if name := value(n.Tag, "name"); name != "" {
			t.points[name] = n
		}
	}
	for _, w := range osm.Way {
		name := value(w.Tag, "name")
		if value(w.Tag, "leisure") == "park" {
			t.points[name] = nodes[w.Nd[0].Ref] // At its edge, where the gates are.
		}
		if h := value(w.Tag, "highway"); name == "" || h == "" || h == "footway" || value(w.Tag, "bridge") != "" {
			continue
		}
		for i := 1; i < len(w.Nd); i++ {
			t.pieces = append(t.pieces, piece{street: name, a: nodes[w.Nd[i-1].Ref], b: nodes[w.Nd[i].Ref]})
		}
	}
	if len(t.pieces) == 0 {
		return town{}, fmt.Errorf("%s: there is no named street", path)
	}
	t.measure()
	return t, nil
}

// measure counts each street in metres from its western or southern end, so that house numbers rise along it.
func (t *town) measure() {
	low, high := make(map[string][2]float64), make(map[string][2]float64)
	for _, p := range t.pieces {
		for _, n := range []node{p.a, p.b} {
			x, y := n.Lon*metersPerLon, n.Lat*metersPerLat
			l, ok := low[p.street]
			h := high[p.street]
			if !ok {
				l, h = [2]float64{x, y}, [2]float64{x, y}
			}
			low[p.street] = [2]float64{min(l[0], x), min(l[1], y)}
			high[p.street] = [2]float64{max(h[0], x), max(h[1], y)}
		}
	}
	sum := 0.0
	for i := range t.pieces {
		p := &t.pieces[i]
		l, h := low[p.street], high[p.street]
		along := func(n node) float64 {
			if h[0]-l[0] >= h[1]-l[1] {
				return n.Lon*metersPerLon - l[0]
			}
			return n.Lat*metersPerLat - l[1]
		}
		p.from, p.to = along(p.a), along(p.b)
		sum += math.Hypot((p.a.Lon-p.b.Lon)*metersPerLon, (p.a.Lat-p.b.Lat)*metersPerLat)
		p.sum = sum
	}
}

// street picks a door on any street; long streets have more.
func (t *town) street(rng *rand.Rand) spot {
	at := rng.Float64() * t.pieces[len(t.pieces)-1].sum
	i, _ := slices.BinarySearchFunc(t.pieces, at, func(p piece, at float64) int { return cmp.Compare(p.sum, at) })
	p, f, side := t.pieces[min(i, len(t.pieces)-1)], rng.Float64(), rng.IntN(2)
	dx, dy := (p.b.Lon-p.a.Lon)*metersPerLon, (p.b.Lat-p.a.Lat)*metersPerLat
	if p.to < p.from {
		dx, dy = -dx, -dy // Odd numbers stay on one side, whichever way the street was drawn.
	}
	long := max(math.Hypot(dx, dy), 1)
	away := doorstep * float64(1-2*side)
	number := 2*int((p.from+f*(p.to-p.from))/metersPerHouse) + 1 + side
	return spot{
		address: fmt.Sprintf("%s%d号", p.street, number),
		lon:     p.a.Lon + f*(p.b.Lon-p.a.Lon) - away*dy/long/metersPerLon,
		lat:     p.a.Lat + f*(p.b.Lat-p.a.Lat) + away*dx/long/metersPerLat,
	}
}

// named is a place that everybody knows, give or take fifteen metres. A name that the map lacks is our mistake.
func (t *town) named(name string, rng *rand.Rand) spot {
	n, ok := t.points[name]
	if !ok {
		panic("the map has no " + name)
	}
	return spot{name, n.Lon + (rng.Float64()-0.5)*30/metersPerLon, n.Lat + (rng.Float64()-0.5)*30/metersPerLat}
}
