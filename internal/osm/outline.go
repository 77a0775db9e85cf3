package osm

import (
	"math"
	"slices"

	"shuniu/internal/geo"
)

// degreesMax is how wide an area or a line, and the whole of an extract, may be. A city is smaller; what is wider crosses
// the 180th meridian, has a corner in a wrong place, or is the outline of a sea.
const degreesMax = 10

// draw gives the extract its areas and lines.
func (c *collector) draw(x *Extract) {
	corners := 4*c.refs + 100_000 // A relation of a few bytes can ask for an outline of any size again and again.
	for _, o := range c.shapes {
		if corners < 0 {
			c.ignore(reasonAreaHeavy, o.id)
			continue
		}
		rings := c.rings(o)
		box := geo.EmptyBounds()
		for _, r := range rings {
			corners -= len(r)
			for _, p := range r {
				box = box.Extend(p)
			}
		}
		switch {
		case len(rings) == 0:
			continue
		case wide(box):
			c.ignore(reasonAreaWide, o.id)
			continue
		}
		switch _, crosses, sure := geo.Crossing(rings); {
		case crosses:
			c.ignore(reasonAreaCrosses, o.id)
		case !sure:
			c.ignore(reasonAreaTangled, o.id)
		}
		o.shape.Rings = rings
		x.Areas = append(x.Areas, o.shape)
	}
	for _, l := range c.courses {
		line := c.corners(l.id, l.refs)
		box := geo.EmptyBounds()
		for _, p := range line {
			box = box.Extend(p)
		}
		switch {
		case len(line) < 2:
		case wide(box):
			c.ignore(reasonAreaWide, l.id)
		default:
			l.line.Points = line
			x.Lines = append(x.Lines, l.line)
		}
	}
}

func wide(b geo.Bounds) bool {
	return b.Max.Lon-b.Min.Lon > degreesMax || b.Max.Lat-b.Min.Lat > degreesMax
}

// name gives the extract its places and addresses; what is an area stands in the middle of its box. Of a node that
// was given twice the first is taken, also here.
func (c *collector) name(x *Extract) {
	middle := func(refs []int64, at *geo.Point) bool {
		if refs == nil {
			return true
		}
		box := geo.EmptyBounds()
		for _, id := range refs {
			if p, ok := c.find(id); ok {
				box = box.Extend(p)
			}
		}
		if box.Empty() || wide(box) {
			return false
		}
		*at = box.Center()
		return true
	}
	first := func(all []pending) []pending {
		taken := make(map[int64]struct{})
		return slices.DeleteFunc(all, func(p pending) bool {
			if _, twice := c.twice[p.id]; !twice || p.refs != nil {
				return false
			}
			_, before := taken[p.id]
			taken[p.id] = struct{}{}
			return before
		})
	}
	for _, p := range first(c.places) {
		if middle(p.refs, &p.place.Point) {
			x.Places = append(x.Places, p.place)
		}
	}
	for _, p := range first(c.addresses) {
		if middle(p.refs, &p.address.Point) {
			x.Addresses = append(x.Addresses, p.address)
		}
	}
}

// corners are the places of an element's nodes. Nodes that are not in the data are left out, and the element counted.
func (c *collector) corners(id int64, refs []int64) geo.Ring {
	ring := make(geo.Ring, 0, len(refs))
	for _, ref := range refs {
		if p, ok := c.find(ref); ok {
			ring = append(ring, p)
		}
	}
	if len(ring) < len(refs) {
		c.ignore(reasonAreaNodes, id)
	}
	return ring
}

// rings gives the closed lines of an area. The members of a relation are joined end to end; a line that does not
// close, because the extract was cut there, is closed straight and counted.
func (c *collector) rings(o outline) []geo.Ring {
	if o.refs != nil {
		return closedOnly(c.corners(o.id, o.refs))
	}
	var rings []geo.Ring
	for _, line := range c.join(o) {
		rings = append(rings, closedOnly(c.corners(o.id, line))...)
	}
	return rings
}

// join puts the ways of a relation together, end to end.
func (c *collector) join(o outline) [][]int64 {
	var parts [][]int64
	taken := make(map[int64]struct{})
	lacking := false
	for _, m := range o.members {
		if _, twice := taken[m.ref]; twice || m.kind != "way" {
			continue
		}
		taken[m.ref] = struct{}{}
		if refs := c.lines[m.ref]; len(refs) > 1 {
			parts = append(parts, refs)
		} else {
			lacking = true
		}
	}
	if lacking {
		c.ignore(reasonAreaParts, o.id)
	}
	j := joiner{parts: parts, used: make([]bool, len(parts)), ends: make(map[int64][]int)}
	for i, p := range parts {
		j.ends[p[0]] = append(j.ends[p[0]], i)
		j.ends[p[len(p)-1]] = append(j.ends[p[len(p)-1]], i)
	}
	var lines [][]int64
	for i := range parts {
		if j.used[i] {
			continue
		}
		line := j.line(i)
		if line[0] != line[len(line)-1] {
			c.ignore(reasonOutlineOpen, o.id)
		}
		lines = append(lines, line)
	}
	return lines
}

// joiner puts lines together that have an end in common.
type joiner struct {
	parts [][]int64
	used  []bool
	ends  map[int64][]int // By node: the parts that end there.
}

// line is everything that hangs together with part i, until it closes.
func (j *joiner) line(i int) []int64 {
	j.used[i] = true
	line := slices.Clone(j.parts[i])
	for range 2 { // At its end, then at its beginning.
		for line[0] != line[len(line)-1] {
			next, ok := j.at(line[len(line)-1])
			if !ok {
				break
			}
			if next[0] != line[len(line)-1] {
				next = slices.Clone(next)
				slices.Reverse(next)
			}
			line = append(line, next[1:]...)
		}
		if line[0] == line[len(line)-1] {
			break
		}
		slices.Reverse(line)
	}
	return line
}

// at takes a part that ends at a node and is not used yet.
func (j *joiner) at(node int64) ([]int64, bool) {
	for list := j.ends[node]; len(list) > 0; list = j.ends[node] {
		i := list[0]
		j.ends[node] = list[1:]
		if !j.used[i] {
			j.used[i] = true
			return j.parts[i], true
		}
	}
	return nil, false
}

// closedOnly drops what encloses nothing.
func closedOnly(r geo.Ring) []geo.Ring {
	if len(r) < 3 {
		return nil
	}
	return []geo.Ring{r}
}

// box is the extract's box: as the file says, if that can be; else the box around its nodes. A few nodes far away from
// all others have a wrong place, and do not count.
func (c *collector) box() geo.Bounds {
	around, near := geo.EmptyBounds(), geo.EmptyBounds()
	middle := c.middle()
	var far []int64
	for _, s := range c.spots {
		p := s.point()
		around = around.Extend(p)
		if math.Abs(p.Lon-middle.Lon) > degreesMax/2 || math.Abs(p.Lat-middle.Lat) > degreesMax/2 {
			far = append(far, s.id)
		} else {
			near = near.Extend(p)
		}
	}
	if n := len(far); n > 0 && n <= max(1, len(c.spots)/100) && !near.Empty() {
		for _, id := range far {
			c.ignore(reasonNodeFar, id)
		}
		around = near
	}
	switch said := c.bounds; {
	case around.Empty():
		around = said
	case said.Empty():
	case !said.Overlaps(around), wide(said) && !wide(around):
		c.ignore(reasonBounds, 0)
	default:
		around = said
	}
	if wide(around) {
		c.ignore(reasonWide, 0)
	}
	return around
}

// middle is the median place of the nodes, of a thousand of them at most.
func (c *collector) middle() geo.Point {
	const sample = 1000
	var lons, lats []float64
	for i := 0; i < len(c.spots); i += max(1, len(c.spots)/sample) {
		p := c.spots[i].point()
		lons, lats = append(lons, p.Lon), append(lats, p.Lat)
	}
	if len(lons) == 0 {
		return geo.Point{}
	}
	slices.Sort(lons)
	slices.Sort(lats)
	return geo.Point{Lon: lons[len(lons)/2], Lat: lats[len(lats)/2]}
}
