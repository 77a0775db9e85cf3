package gazetteer

import (
	"cmp"
	"maps"
	"slices"

	"shuniu/internal/cad"
	"shuniu/internal/geo"
	"shuniu/internal/org"
)

// spotOfCentre is a place that the centre's configuration names.
type spotOfCentre struct {
	kind string
	id   string
	name Name
	at   geo.Point
}

// area is a station with the box in which it can have a say.
type area struct {
	org org.Org
	box geo.Bounds // Around its area and its border; empty for a station without an area.
}

// ground is the centre's own part of an index.
type ground struct {
	state    org.State
	lex      lexicon
	spots    []spotOfCentre
	byEntry  [][]int32 // Spots of each entry.
	areas    []area    // Sorted by id.
	premises map[string]string
	home     geo.Bounds // Where the centre expects its places.
}

func newGround(o org.State) *ground {
	g := &ground{state: o, premises: map[string]string{}, home: geo.EmptyBounds()}
	if b := o.Bounds; b != [4]float64{} {
		g.home = geo.Bounds{Min: geo.Point{Lon: b[0], Lat: b[1]}, Max: geo.Point{Lon: b[2], Lat: b[3]}}
	}
	for _, p := range o.Premises {
		for _, name := range p.Name {
			g.premises[name] = p.ID
		}
	}
	for _, id := range slices.Sorted(maps.Keys(o.Orgs)) {
		s := o.Orgs[id]
		if s.Kind != "station" {
			continue
		}
		box := s.Area.Bounds()
		if !box.Empty() {
			wide := 1.1 * float64(cmp.Or(s.Border, o.BorderWithinM)) // The plane and the sphere differ by less.
			low, high := box.Min.Offset(-wide, -wide), box.Max.Offset(wide, wide)
			far := geo.Point{Lon: box.Min.Lon, Lat: box.Max.Lat}.Offset(-wide, wide) // A degree is shorter in the north.
			box = box.Extend(low).Extend(high).Extend(far)
		}
		g.areas = append(g.areas, area{s, box})
		if s.Place != nil {
			g.spots = append(g.spots, spotOfCentre{Station, string(id), nameOf(s.Name), *s.Place})
		}
	}
	for _, p := range o.Posts {
		g.spots = append(g.spots, spotOfCentre{Post, p.ID, nameOf(p.Name), p.Place})
	}
	g.index()
	return g
}

// nameOf takes the Chinese name for the one on the sign, where there is one.
func nameOf(n org.Name) Name {
	out := Name{Text: cmp.Or(n["zh"], n["en"]), En: n["en"]}
	for _, lang := range slices.Sorted(maps.Keys(n)) {
		out.Text = cmp.Or(out.Text, n[lang])
	}
	return out
}

func (g *ground) index() {
	sp, seen := newSpeller(), map[string]int32{}
	for i, s := range g.spots {
		for _, name := range []string{s.name.Text, s.name.En, s.id} {
			if name == "" {
				continue
			}
			e, ok := seen[name]
			if !ok {
				e = g.lex.add(name, sp)
				seen[name] = e
				g.byEntry = append(g.byEntry, nil)
			}
			if !slices.Contains(g.byEntry[e], int32(i)) {
				g.byEntry[e] = append(g.byEntry[e], int32(i))
			}
		}
	}
	g.lex.sort()
}

// responsible is org.State.Responsible, which measures every area of a centre: here only those that can have a say.
func (g *ground) responsible(p geo.Point) Responsible {
	few := g.state
	few.Orgs = map[cad.OrgID]org.Org{}
	held := false
	for i := range g.areas {
		if a := &g.areas[i]; a.box.Contains(p) {
			few.Orgs[a.org.ID] = a.org
			held = held || a.org.Area.Contains(p)
		}
	}
	if !held { // Nobody's area: the nearest house decides, wherever it is.
		few = g.state
	}
	var r Responsible
	r.Station, r.By, r.Border = few.Responsible(p)
	return r
}
