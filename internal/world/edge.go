package world

import (
	"math"
	"slices"
)

// edge is one line of the city's net: a street, or a bank or track that streets do not cross.
type edge struct {
	at      func(t float64) xy // Its place in the city at a share of its length.
	a, b    xy                 // Of a cut: its ends in its cell.
	meters  float64
	class   string // The OSM highway; empty for what is no street.
	name    title
	base    float64 // Metres of its street that lie before it, for house numbers.
	half    float64 // From its middle to the land beside it, metres.
	barrier float64 // Streets end that far before it; 0 for what they may meet. Metres.
	oneWay  int     // +1 with its direction, -1 against it.
	bridge  title   // All of it is this bridge.
	bridges [2]float64
	stops   []stop // By share.
	ways    []int64
}

// stop is a node on an edge.
type stop struct {
	t  float64
	id int64
}

// widths are half the room of a street between the land on its sides, metres.
//
//nolint:gochecknoglobals // Data that never changes.
var kinds = map[string]struct {
	half  float64
	speed string
	gap   float64 // Between two nodes at most, metres.
}{
	"trunk":         {22, "80", 100},
	"primary":       {21, "60", 100},
	"secondary":     {16, "50", 100},
	"tertiary":      {11, "40", 100},
	"unclassified":  {8.5, "40", 120},
	"residential":   {7.5, "30", 110},
	"living_street": {4.2, "", 90},
	"pedestrian":    {7, "", 60},
	"service":       {4, "", 90},
}

// sameNode is how near two nodes of one edge may lie, metres; nearer ones are one.
const sameNode = 11.0

// stop gives the node at a share of the edge; one that is there already, when it is near.
func (e *edge) stop(s *sheet, t float64) int64 {
	i, _ := slices.BinarySearchFunc(e.stops, t, func(a stop, t float64) int {
		switch {
		case a.t < t:
			return -1
		case a.t > t:
			return 1
		}
		return 0
	})
	for _, k := range []int{i - 1, i} {
		if k >= 0 && k < len(e.stops) && math.Abs(e.stops[k].t-t)*e.meters < sameNode {
			return e.stops[k].id
		}
	}
	id := s.node(e.at(t))
	e.stops = slices.Insert(e.stops, i, stop{t, id})
	return id
}

// near gives the share of the stop nearest to t, not farther than reach metres.
func (e *edge) near(t, reach float64) (float64, bool) {
	best, found := reach/e.meters, false
	var at float64
	for _, s := range e.stops {
		if away := math.Abs(s.t - t); away <= best {
			best, at, found = away, s.t, true
		}
	}
	return at, found
}

// measure sets the length of an edge from its shape.
func (e *edge) measure() {
	const steps = 8
	last := e.at(0)
	for k := 1; k <= steps; k++ {
		p := e.at(float64(k) / steps)
		e.meters += p.away(last)
		last = p
	}
}

// fill adds nodes where the street would be straight for too long.
func (e *edge) fill(s *sheet) {
	gap := kinds[e.class].gap
	var more []stop
	for k := 0; k+1 < len(e.stops); k++ {
		a, b := e.stops[k].t, e.stops[k+1].t
		pieces := math.Ceil((b - a) * e.meters / gap)
		for i := 1.0; i < pieces; i++ {
			t := a + (b-a)*i/pieces
			more = append(more, stop{t, s.node(e.at(t))})
		}
	}
	e.stops = append(e.stops, more...)
	slices.SortFunc(e.stops, func(a, b stop) int {
		if a.t < b.t {
			return -1
		}
		return 1
	})
}

// draw writes the street: one way, or three where its ends are bridges.
func (e *edge) draw(s *sheet) {
	e.fill(s)
	s.counts.StreetNodes += len(e.stops) - 2 // Its ends are counted where they lie.
	s.counts.StreetMeters += e.meters
	if e.bridge.zh != "" {
		e.ways = append(e.ways, s.way(ids(e.stops), e.tags(e.bridge, true)...))
		return
	}
	from, to := 0, len(e.stops)-1
	if e.bridges[0] > 0 {
		from = slices.IndexFunc(e.stops, func(p stop) bool { return p.t*e.meters >= e.bridges[0]-sameNode })
		e.ways = append(e.ways, s.way(ids(e.stops[:from+1]), e.tags(e.name, true)...))
	}
	var last []stop
	if e.bridges[1] > 0 {
		cut := slices.IndexFunc(e.stops, func(p stop) bool { return (1-p.t)*e.meters <= e.bridges[1]+sameNode })
		last, to = e.stops[cut:], cut
	}
	if to > from {
		e.ways = append(e.ways, s.way(ids(e.stops[from:to+1]), e.tags(e.name, false)...))
	}
	if last != nil {
		e.ways = append(e.ways, s.way(ids(last), e.tags(e.name, true)...))
	}
}

func ids(stops []stop) []int64 {
	out := make([]int64, len(stops))
	for i, p := range stops {
		out[i] = p.id
	}
	return out
}

func (e *edge) tags(name title, bridge bool) []string {
	tags := []string{"highway", e.class, "name", name.zh, "name:en", name.en, "maxspeed", kinds[e.class].speed}
	switch {
	case e.oneWay > 0:
		tags = append(tags, "oneway", "yes")
	case e.oneWay < 0:
		tags = append(tags, "oneway", "-1")
	}
	if e.class == "pedestrian" {
		tags = append(tags, "emergency", "yes")
	}
	if bridge {
		tags = append(tags, "bridge", "yes", "layer", "1")
	}
	return tags
}

// number gives the house number at a share of the edge: odd on its left side, even on its right, a step of two every
// nine metres.
func (e *edge) number(t float64, left bool) int {
	n := 2*int((e.base+t*e.meters)/9) + 1
	if !left {
		n++
	}
	return n
}
