package osm

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"

	"shuniu/internal/geo"
	"shuniu/internal/street"
)

type member struct {
	kind string // "node", "way" or "relation".
	ref  int64
	role string
}

// spot is a node as OpenStreetMap stores it: ten millionths of a degree, which is exact and half the size.
type spot struct {
	id       int64
	lon, lat int32
}

func (s spot) point() geo.Point {
	return geo.Point{Lon: float64(s.lon) / 1e7, Lat: float64(s.lat) / 1e7}
}

// collector keeps what we need of the elements, in whatever order they come.
type collector struct {
	spots     []spot
	sorted    bool
	roads     []road
	lines     map[int64][]int64  // The nodes of every way; a multipolygon may need them.
	seen      map[int64]struct{} // Relations that were read.
	twice     map[int64]struct{} // Nodes that were given more than once; made when all are there.
	shapes    []outline
	courses   []course
	rules     []street.Restriction
	marks     []marked
	places    []pending
	addresses []pending
	ignored   map[string]street.Ignored
	bounds    geo.Bounds
	generator string
	credit    string
	refs      int // Nodes that all ways name together.

	nodes, ways, relations int
}

// marked is a node at which something stands.
type marked struct {
	id   int64
	mark street.Mark
}

type road struct {
	id   int64
	refs []int64
	tags tags
}

// outline is an area whose nodes are not looked up yet: of one way, or of a relation's members.
type outline struct {
	id      int64
	shape   Shape // Without its rings.
	refs    []int64
	members []member
}

// pending is a place or an address on a node (refs nil) or on a line.
type pending struct {
	id      int64
	place   Place
	address Address
	refs    []int64
}

// course is a line to draw that is no street.
type course struct {
	id   int64
	line Line // Without its points.
	refs []int64
}

func newCollector() *collector {
	return &collector{
		sorted: true, lines: make(map[int64][]int64), seen: make(map[int64]struct{}), ignored: make(map[string]street.Ignored),
		bounds: geo.EmptyBounds(),
	}
}

func (c *collector) ignore(reason string, id int64) {
	was := c.ignored[reason]
	if was.Count == 0 {
		was = street.Ignored{Reason: reason, Example: id}
	}
	was.Count++
	c.ignored[reason] = was
}

// creditCharsMax is how much a file may have shown on every map.
const creditCharsMax = 200

func (c *collector) source(generator, credit string) {
	c.generator, c.credit = cut(scrubbed(generator), creditCharsMax), cut(scrubbed(credit), creditCharsMax)
}

func (c *collector) setBounds(b geo.Bounds) {
	if !b.Min.Valid() || !b.Max.Valid() || b.Empty() {
		c.ignore(reasonBounds, 0)
		return
	}
	c.bounds = b
}

func (c *collector) tiger() bool { return strings.Contains(strings.ToUpper(c.generator), "TIGER") }

func (c *collector) node(id int64, p geo.Point, ts tags) {
	c.nodes++
	switch {
	case !p.Valid():
		c.ignore(reasonNodePlace, id)
		return
	case p == geo.Point{}:
		c.ignore(reasonNodeZero, id)
		return
	}
	if n := len(c.spots); n > 0 && c.spots[n-1].id >= id {
		c.sorted = false
	}
	c.spots = append(c.spots, spot{id: id, lon: int32(math.Round(p.Lon * 1e7)), lat: int32(math.Round(p.Lat * 1e7))})
	if len(ts) == 0 {
		return // Most nodes are corners of something else.
	}
	ts = c.clean(id, ts)
	mark, known := ts.mark()
	if !known {
		c.ignore(reasonBarrier, id)
	}
	if mark != (street.Mark{}) {
		c.marks = append(c.marks, marked{id, mark})
	}
	if place, ok := ts.place(); ok {
		place.Point = p
		c.places = append(c.places, pending{id: id, place: place})
	}
	if address, ok := ts.address(); ok {
		address.Point = p
		c.addresses = append(c.addresses, pending{id: id, address: address})
	}
}

func (c *collector) way(id int64, refs []int64, ts tags) {
	c.ways++
	if _, twice := c.lines[id]; twice {
		c.ignore(reasonWayTwice, id)
		return
	}
	c.lines[id] = refs
	c.refs += len(refs)
	ts = c.clean(id, ts)
	_, isStreet := ts.access()
	if isStreet {
		c.roads = append(c.roads, road{id, refs, ts})
		if ts.get("area") != "yes" {
			return
		}
	}
	closed := len(refs) > 3 && refs[0] == refs[len(refs)-1]
	line := ts.line()
	switch shape := ts.shape(); {
	case shape.Kind != "" && closed:
		c.shapes = append(c.shapes, outline{id: id, shape: shape, refs: refs})
	case shape.Kind != "" && line.Kind == "":
		c.ignore(reasonAreaOpen, id)
	}
	if line.Kind != "" && !closed && len(refs) > 1 {
		c.courses = append(c.courses, course{id: id, line: line, refs: refs})
	}
	c.named(id, refs, ts)
}

func (c *collector) named(id int64, refs []int64, ts tags) {
	if len(refs) == 0 {
		return
	}
	if place, ok := ts.place(); ok {
		c.places = append(c.places, pending{id: id, place: place, refs: refs})
	}
	if address, ok := ts.address(); ok {
		c.addresses = append(c.addresses, pending{id: id, address: address, refs: refs})
	}
}

func (c *collector) relation(id int64, members []member, ts tags) {
	c.relations++
	if _, twice := c.seen[id]; twice {
		c.ignore(reasonRelationTwice, id)
		return
	}
	c.seen[id] = struct{}{}
	ts = c.clean(id, ts)
	switch ts.get("type") {
	case "multipolygon":
		if shape := ts.shape(); shape.Kind != "" {
			c.shapes = append(c.shapes, outline{id: id, shape: shape, members: members})
		}
	case "restriction":
		c.restriction(id, members, ts)
	}
}

func (c *collector) restriction(id int64, members []member, ts tags) {
	kind := ts.get("restriction")
	switch {
	case kind != "":
	case ts.get("restriction:conditional") != "":
		c.ignore(reasonRuleHours, id)
		return
	default:
		c.ignore(reasonRuleSome, id)
		return
	}
	emergency, cars := ts.excepts()
	if cars {
		c.ignore(reasonRuleExcept, id)
		return
	}
	rule := street.Restriction{ID: id, Kind: kind, ExceptEmergency: emergency}
	var from, to []int64
	vias := 0
	for _, m := range members {
		switch {
		case m.role == "from" && m.kind == "way":
			from = append(from, m.ref)
		case m.role == "to" && m.kind == "way":
			to = append(to, m.ref)
		case m.role == "via" && m.kind == "node":
			rule.Via = m.ref
			vias++
		case m.role == "via" && m.kind == "way":
			rule.Ways = append(rule.Ways, m.ref)
		}
	}
	if len(from) == 0 || len(to) == 0 || vias+len(rule.Ways) == 0 || vias > 1 || vias > 0 && len(rule.Ways) > 0 {
		c.ignore(reasonRuleParts, id)
		return
	}
	if len(from)*len(to) > rulePairsMax {
		c.ignore(reasonRulePairs, id)
		return
	}
	for _, f := range from { // More than one only with no_entry and no_exit.
		for _, t := range to {
			rule.From, rule.To = f, t
			c.rules = append(c.rules, rule)
		}
	}
}

// find gives a node's place.
func (c *collector) find(id int64) (geo.Point, bool) {
	i, ok := slices.BinarySearchFunc(c.spots, id, func(s spot, id int64) int { return cmp.Compare(s.id, id) })
	if !ok {
		return geo.Point{}, false
	}
	return c.spots[i].point(), true
}

// extract makes the result of what was collected.
func (c *collector) extract(ctx context.Context, profile street.Profile) (*Extract, error) {
	c.order()
	x := &Extract{Nodes: c.nodes, Ways: c.ways, Relations: c.relations, Attribution: c.attribution()}
	x.Bounds = c.box()
	var b street.Builder
	c.streets(&b)
	var err error
	if x.Streets, x.Report, err = b.Build(ctx, profile); err != nil {
		return nil, err
	}
	c.draw(x)
	c.name(x)
	for _, ig := range c.ignored {
		x.Ignored = append(x.Ignored, ig)
	}
	slices.SortFunc(x.Ignored, func(a, b street.Ignored) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Reason, b.Reason))
	})
	return x, nil
}

// order sorts the nodes and keeps the first of those with one id.
func (c *collector) order() {
	byID := func(a, b spot) int { return cmp.Compare(a.id, b.id) }
	c.twice = make(map[int64]struct{})
	if c.sorted {
		return
	}
	slices.SortStableFunc(c.spots, byID)
	c.spots = slices.CompactFunc(c.spots, func(a, b spot) bool {
		if a.id != b.id {
			return false
		}
		c.ignore(reasonNodeTwice, a.id)
		c.twice[a.id] = struct{}{}
		return true
	})
}

func (c *collector) streets(b *street.Builder) {
	for _, r := range c.roads {
		for _, id := range r.refs {
			if p, ok := c.find(id); ok {
				b.AddNode(id, p)
			}
		}
		access, _ := r.tags.access()
		dir, known := r.tags.oneWay(!c.tiger())
		if !known {
			c.ignore(reasonOneWay, r.id)
		}
		kmh, known := r.tags.speedKmh()
		switch {
		case known:
		case strings.Contains(r.tags.get("maxspeed"), ":"):
			c.ignore(reasonSpeedWord, r.id)
		default:
			c.ignore(reasonSpeed, r.id)
		}
		b.AddWay(street.Way{
			ID: r.id, Nodes: r.refs, Name: r.tags.name(), NameEn: r.tags.get("name:en"), Class: r.tags.get("highway"),
			OneWay: dir, SpeedKmh: kmh, Access: access, Bridge: r.tags.set("bridge"), Tunnel: r.tags.set("tunnel"),
		})
	}
	for _, r := range c.rules {
		b.AddRestriction(r)
	}
	for _, m := range c.marks {
		b.AddMark(m.id, m.mark)
	}
}

// attribution is the line that the licence of the source asks for.
func (c *collector) attribution() string {
	switch {
	case c.tiger():
		return AttributionTIGER
	case c.credit != "" && !strings.Contains(c.credit, "openstreetmap.org"):
		return c.credit
	}
	return AttributionOSM
}
