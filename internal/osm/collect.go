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

// collector keeps what we need of the elements, in whatever order they come.
type collector struct {
	spots     []spot
	sorted    bool
	roads     []road
	lines     map[int64][]int64 // Ways that are no street, which a multipolygon may need.
	shapes    []outline
	courses   []course
	rules     []street.Restriction
	places    []pending
	addresses []pending
	ignored   map[string]street.Ignored
	bounds    geo.Bounds
	generator string
	credit    string

	nodes, ways, relations int
}

type road struct {
	id   int64
	refs []int64
	tags tags
}

// outline is an area whose nodes are not looked up yet: of one way, or of a relation's members.
type outline struct {
	shape   Shape // Without its rings.
	refs    []int64
	members []member
}

// pending is a place or an address on a node (refs nil) or on a line.
type pending struct {
	place   Place
	address Address
	refs    []int64
}

// course is a line to draw that is no street.
type course struct {
	line Line // Without its points.
	refs []int64
}

func newCollector() *collector {
	return &collector{sorted: true, lines: make(map[int64][]int64), ignored: make(map[string]street.Ignored), bounds: geo.EmptyBounds()}
}

func (c *collector) ignore(reason string, id int64) {
	was := c.ignored[reason]
	if was.Count == 0 {
		was = street.Ignored{Reason: reason, Example: id}
	}
	was.Count++
	c.ignored[reason] = was
}

func (c *collector) source(generator, credit string) { c.generator, c.credit = generator, credit }

func (c *collector) setBounds(b geo.Bounds) {
	if b.Min.Valid() && b.Max.Valid() && !b.Empty() {
		c.bounds = b
	}
}

func (c *collector) tiger() bool { return strings.Contains(strings.ToUpper(c.generator), "TIGER") }

func (c *collector) node(id int64, p geo.Point, ts tags) {
	c.nodes++
	if !p.Valid() {
		c.ignore("node has no valid place", id)
		return
	}
	if n := len(c.spots); n > 0 && c.spots[n-1].id >= id {
		c.sorted = false
	}
	c.spots = append(c.spots, spot{id: id, lon: int32(math.Round(p.Lon * 1e7)), lat: int32(math.Round(p.Lat * 1e7))})
	if len(ts) == 0 {
		return // Most nodes are corners of something else.
	}
	if place, ok := ts.place(); ok {
		place.Point = p
		c.places = append(c.places, pending{place: place})
	}
	if address, ok := ts.address(); ok {
		address.Point = p
		c.addresses = append(c.addresses, pending{address: address})
	}
}

func (c *collector) way(id int64, refs []int64, ts tags) {
	c.ways++
	if _, isStreet := ts.access(); isStreet {
		c.roads = append(c.roads, road{id, refs, ts})
		return
	}
	c.lines[id] = refs
	closed := len(refs) > 3 && refs[0] == refs[len(refs)-1]
	if shape := ts.shape(); shape.Kind != "" && closed {
		c.shapes = append(c.shapes, outline{shape: shape, refs: refs})
	}
	if line := ts.line(); line.Kind != "" && !closed && len(refs) > 1 {
		c.courses = append(c.courses, course{line: line, refs: refs})
	}
	c.named(refs, ts)
}

func (c *collector) named(refs []int64, ts tags) {
	if len(refs) == 0 {
		return
	}
	if place, ok := ts.place(); ok {
		c.places = append(c.places, pending{place: place, refs: refs})
	}
	if address, ok := ts.address(); ok {
		c.addresses = append(c.addresses, pending{address: address, refs: refs})
	}
}

func (c *collector) relation(id int64, members []member, ts tags) {
	c.relations++
	switch ts.get("type") {
	case "multipolygon":
		if shape := ts.shape(); shape.Kind != "" {
			c.shapes = append(c.shapes, outline{shape: shape, members: members})
		}
	case "restriction":
		c.restriction(id, members, ts)
	}
}

func (c *collector) restriction(id int64, members []member, ts tags) {
	kind := ts.get("restriction")
	if kind == "" {
		c.ignore("restriction for some vehicles or hours only", id)
		return
	}
	for _, who := range strings.Split(ts.get("except"), ";") {
		if w := strings.TrimSpace(who); w == "emergency" || w == "motorcar" || w == "motor_vehicle" {
			c.ignore("restriction that excepts our vehicles", id)
			return
		}
	}
	rule := street.Restriction{ID: id, Kind: kind}
	var from, to []int64
	for _, m := range members {
		switch {
		case m.role == "from" && m.kind == "way":
			from = append(from, m.ref)
		case m.role == "to" && m.kind == "way":
			to = append(to, m.ref)
		case m.role == "via" && m.kind == "node":
			rule.Via = m.ref
		case m.role == "via" && m.kind == "way":
			rule.Ways = append(rule.Ways, m.ref)
		}
	}
	if len(from) == 0 || len(to) == 0 || rule.Via == 0 && len(rule.Ways) == 0 {
		c.ignore("restriction without from, via or to", id)
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
	return geo.Point{Lon: float64(c.spots[i].lon) / 1e7, Lat: float64(c.spots[i].lat) / 1e7}, true
}

// extract makes the result of what was collected.
func (c *collector) extract(ctx context.Context, profile street.Profile) (*Extract, error) {
	if !c.sorted {
		slices.SortStableFunc(c.spots, func(a, b spot) int { return cmp.Compare(a.id, b.id) })
	}
	x := &Extract{Bounds: c.bounds, Nodes: c.nodes, Ways: c.ways, Relations: c.relations, Attribution: c.attribution()}
	if x.Bounds.Empty() {
		for _, s := range c.spots {
			x.Bounds = x.Bounds.Extend(geo.Point{Lon: float64(s.lon) / 1e7, Lat: float64(s.lat) / 1e7})
		}
	}
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

// draw gives the extract its areas and lines.
func (c *collector) draw(x *Extract) {
	for _, o := range c.shapes {
		if rings := c.rings(o); len(rings) > 0 {
			o.shape.Rings = rings
			x.Areas = append(x.Areas, o.shape)
		}
	}
	for _, l := range c.courses {
		if l.line.Points = c.ring(l.refs); len(l.line.Points) > 1 {
			x.Lines = append(x.Lines, l.line)
		}
	}
}

// name gives the extract its places and addresses; what is an area stands in the middle of its box.
func (c *collector) name(x *Extract) {
	middle := func(refs []int64, at *geo.Point) bool {
		if refs == nil {
			return true
		}
		box := geo.EmptyBounds()
		for _, q := range c.ring(refs) {
			box = box.Extend(q)
		}
		*at = box.Center()
		return !box.Empty()
	}
	for _, p := range c.places {
		if middle(p.refs, &p.place.Point) {
			x.Places = append(x.Places, p.place)
		}
	}
	for _, p := range c.addresses {
		if middle(p.refs, &p.address.Point) {
			x.Addresses = append(x.Addresses, p.address)
		}
	}
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
			c.ignore("direction of traffic changes by the hour; taken as both", r.id)
		}
		kmh, known := r.tags.speedKmh()
		if !known {
			c.ignore("speed limit is no figure; the class speed is used", r.id)
		}
		b.AddWay(street.Way{
			ID: r.id, Nodes: r.refs, Name: r.tags.name(), NameEn: r.tags.get("name:en"), Class: r.tags.get("highway"),
			OneWay: dir, SpeedKmh: kmh, Access: access, Bridge: r.tags.set("bridge"), Tunnel: r.tags.set("tunnel"),
		})
	}
	for _, r := range c.rules {
		b.AddRestriction(r)
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

func (c *collector) ring(refs []int64) geo.Ring {
	ring := make(geo.Ring, 0, len(refs))
	for _, id := range refs {
		if p, ok := c.find(id); ok {
			ring = append(ring, p)
		}
	}
	return ring
}

// rings gives the closed lines of an area. The members of a relation are joined end to end; a line that does not
// close, because the extract was cut there, is closed straight and counted.
func (c *collector) rings(o outline) []geo.Ring {
	if o.refs != nil {
		return closedOnly(c.ring(o.refs))
	}
	var parts [][]int64
	for _, m := range o.members {
		if refs := c.lines[m.ref]; m.kind == "way" && len(refs) > 1 {
			parts = append(parts, slices.Clone(refs))
		}
	}
	var rings []geo.Ring
	for len(parts) > 0 {
		line := parts[0]
		parts = parts[1:]
		for line[0] != line[len(line)-1] {
			i := slices.IndexFunc(parts, func(p []int64) bool {
				return p[0] == line[len(line)-1] || p[len(p)-1] == line[len(line)-1]
			})
			if i < 0 {
				c.ignore("outline that does not close", line[0])
				break
			}
			next := parts[i]
			parts = slices.Delete(parts, i, i+1)
			if next[0] != line[len(line)-1] {
				slices.Reverse(next)
			}
			line = append(line, next[1:]...)
		}
		rings = append(rings, closedOnly(c.ring(line))...)
	}
	return rings
}

// closedOnly drops what encloses nothing.
func closedOnly(r geo.Ring) []geo.Ring {
	if len(r) < 3 {
		return nil
	}
	return []geo.Ring{r}
}
