package gazetteer

import (
	"math"

	"shuniu/internal/cad"
	"shuniu/internal/geo"
	"shuniu/internal/osm"
)

// How far Reverse looks, in metres.
const (
	addressWithinM  = 400
	crossingWithinM = 1500
	landmarkWithinM = 1500
	streetWithinM   = 500
	onStreetM       = 3 // Nearer to the middle of a street than this, a point is on neither side.
)

// Near is something near a point.
type Near struct {
	Hit            // Its place, its names and what it is; nobody is responsible and nothing is ranked.
	Meters float64 // From the thing to the point.
	Toward string  // Direction from the thing to the point: "n", "ne", "e" ...; empty when they are nearly one.
}

// Answer is what people call a point. What is not known is nil.
type Answer struct {
	Point    geo.Point // WGS 84.
	Address  *Near     // The nearest house number, building or entrance.
	Crossing *Near     // The nearest crossing.
	Landmark *Near     // The nearest place that people know: what is bigger or better known counts as nearer.
	Street   *Near     // The street that cars use there; Toward is the side of it on which the point lies.
	Responsible
	Beat string // Id of the community beat (警务区); empty where it is not known.
}

// Reverse says what people call a point. A point that is nowhere on earth gives an empty answer.
func (ix *Index) Reverse(p geo.Point) Answer {
	a := Answer{Point: p}
	if !p.Valid() {
		return a
	}
	plane := geo.PlaneAt(p)
	from := func(s spot) float64 {
		x, y := plane.XY(s.point())
		return math.Hypot(x, y)
	}
	if i, m := ix.doorGrid.nearest(p, addressWithinM, func(i int) float64 { return from(ix.doors[i].at) }); i >= 0 {
		a.Address = near(ix.doorHit(&ix.doors[i]), m, p)
	}
	if i, m := ix.crossGrid.nearest(p, crossingWithinM, func(i int) float64 { return from(ix.crossings[ix.corner[i]].at) }); i >= 0 {
		c := ix.crossings[ix.corner[i]]
		a.Crossing = near(Hit{Kind: Crossing, Name: ix.name(c.a), Other: ix.name(c.b), Point: c.at.point()}, m, p)
	}
	i, _ := ix.placeGrid.nearest(p, landmarkWithinM, func(i int) float64 {
		t := &ix.things[ix.landmarks[i]]
		return from(t.at) * ix.obscure(t)
	})
	if w := ix.water(p); w != nil {
		a.Landmark = w
	} else if i >= 0 {
		h := ix.hit(ix.landmarks[i])
		a.Landmark = near(h, from(spotOf(h.Point)), p)
	}
	if ix.x.Streets != nil {
		if snap, ok := ix.x.Streets.Snap(p, streetWithinM); ok && snap.Name != "" {
			a.Street = near(Hit{Kind: Street, Name: ix.streetName(snap.Name), Point: snap.Point}, snap.DistanceMeters, p)
		}
	}
	a.Responsible = ix.org.responsible(p)
	a.Beat = ix.org.beat(a.Station)
	return a
}

// water is the water in which a point lies: whoever is in the river is not at a house number. Nil on land, and in water
// that has no name.
func (ix *Index) water(p geo.Point) *Near {
	for i := range ix.waters {
		if w := &ix.waters[i]; w.box.Contains(p) && geo.Polygon(w.shape.Rings).Contains(p) {
			return &Near{Hit: Hit{Kind: Place, Class: classWater, Name: Name{Text: w.shape.Name, En: w.shape.NameEn}, Point: p, DistanceMeters: -1}}
		}
	}
	return nil
}

// classWater is the class of a sheet of water.
const classWater = "water"

// sheet is a named area of water.
type sheet struct {
	shape *osm.Shape
	box   geo.Bounds
}

// doorHit describes an address.
func (ix *Index) doorHit(d *door) Hit {
	h := ix.hit(d.thing)
	h.Kind, h.Class, h.Ref, h.Point = Address, "", "", d.at.point()
	h.Number, h.Unit = ix.labels[d.text], ix.labels[d.unit]
	if ix.things[d.thing].kind != kindStreet {
		h.Kind = Building
	}
	if h.Unit != "" || d.entry && h.Kind == Building {
		h.Kind = Entrance
	}
	return h
}

// obscure is by how much a place counts as further away than it is: what everybody knows counts fully.
func (ix *Index) obscure(t *thing) float64 {
	if ix.org.premises[ix.lex.entries[t.entry].text] != "" {
		return 1
	}
	switch ix.classes[t.class] {
	case "hospital", "school", "university", "station", "park", "stadium", "townhall", "police", "bridge", "square", "theatre", "museum", "marketplace", "mall":
		return 1.2
	case "bench", "waste_basket", "vending_machine", "parking_space", "atm", "street_lamp", "pitch", "bicycle_parking":
		return 12
	case "parking", "toilets", "shelter", "bus_stop", "platform", "recycling", "post_box", "playground", "water", "garden":
		return 4
	}
	if t.kind == kindEstate {
		return 1.5
	}
	return 2
}

func near(h Hit, meters float64, p geo.Point) *Near {
	n := &Near{Hit: h, Meters: meters}
	n.DistanceMeters = -1
	if meters > onStreetM {
		n.Toward = wind(geo.BearingDegrees(h.Point, p))
	}
	return n
}

// beat is the only beat of a station; empty where there are several, because the folder does not say where they lie.
func (g *ground) beat(station cad.OrgID) string {
	found := ""
	for _, b := range g.state.Beats {
		if b.Station == station && station != "" {
			if found != "" {
				return ""
			}
			found = b.ID
		}
	}
	return found
}

// wind is the direction of a bearing in eighths, by the letters of the compass.
func wind(degrees float64) string {
	return [...]string{"n", "ne", "e", "se", "s", "sw", "w", "nw"}[int(math.Round(degrees/45))%8]
}
