package api

import (
	"bytes"
	"encoding/json"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"shuniu/internal/board"
	"shuniu/internal/cad"
	"shuniu/internal/fault"
	"shuniu/internal/geo"
	"shuniu/internal/joint"
	"shuniu/internal/org"
	"shuniu/internal/street"
)

// What may be asked of rings.
const (
	ringsDefault = "1,3,5"
	ringsMost    = 6
	ringUnits    = 200  // Of a class: so many free units have rings at most.
	ringMinutes  = 60   // The longest ring.
	ringSnapM    = 2000 // How far from a street a place may lie.
	ringCorners  = 48   // Of a circle where there is no map.
	crowKmh      = 30.0 // Straight-line speed there.
)

// ringsAnswer is a collection that says whose streets it was made on.
type ringsAnswer struct {
	collection
	Credit     string  `json:"credit,omitempty"`
	Straight   bool    `json:"straight,omitempty"` // Some are circles.
	Scaled     bool    `json:"scaled,omitempty"`   // Some are those of cars with less time, for units that are slower.
	ComputedMS float64 `json:"computed_ms"`
}

// rings answers what is reached from a unit, an incident or a place within minutes.
func (s *Server) rings(w http.ResponseWriter, r *http.Request) {
	q := request{ctx: r.Context(), centre: centreOf(r.Context()), actor: actorOf(r.Context())}
	begun := time.Now()
	ask := r.URL.Query()
	limits, err := minutesOf(ask.Get("minutes"))
	if err != nil {
		writeProblem(w, s.refuse(r.Context(), err))
		return
	}
	from, err := q.ringPlaces(ask)
	if err != nil {
		writeProblem(w, s.refuse(r.Context(), err))
		return
	}
	out := ringsAnswer{collection: collection{Type: "FeatureCollection", Features: []feature{}}}
	areas := make([]geo.MultiPolygon, len(limits))
	streets := false
	for _, p := range from {
		reach := q.reach(p, limits)
		streets, out.Straight = streets || reach != nil, out.Straight || reach == nil
		out.Scaled = out.Scaled || reach != nil && p.share() < 1
		for i, l := range limits {
			if reach == nil {
				areas[i] = append(areas[i], p.circle(l))
			} else {
				areas[i] = append(areas[i], reach[i].Area...)
			}
		}
	}
	if m := q.centre.Map; m != nil && streets {
		out.Credit = m.Attribution
	}
	for i, l := range limits {
		if len(areas[i]) > 0 {
			out.Features = append(out.Features, feature{
				Type: "Feature", Properties: map[string]any{"minutes": l.Minutes(), "kind": "outline"}, Geometry: multiPolygon(areas[i]),
			})
		}
	}
	out.ComputedMS = float64(time.Since(begun).Microseconds()) / 1000
	var b bytes.Buffer
	_ = json.NewEncoder(&b).Encode(out) // A collection is made of plain values: it cannot fail.
	packed("application/geo+json", b.Bytes()).serve(w, r)
}

// minutesOf reads "1,3,5".
func minutesOf(text string) ([]time.Duration, error) {
	parts := strings.Split(firstOf(text, ringsDefault), ",")
	bad := fault.New("api.Rings", fault.Invalid, "minutes are up to %d numbers from 0.1 to %d", ringsMost, ringMinutes).Because("bad_minutes").At("minutes").
		Mend("say minutes=" + ringsDefault)
	if len(parts) > ringsMost {
		return nil, bad
	}
	var out []time.Duration
	for _, p := range parts {
		m, err := strconv.ParseFloat(strings.TrimSpace(p), 64)
		if err != nil || !(m >= 0.1 && m <= ringMinutes) {
			return nil, bad
		}
		out = append(out, time.Duration(m*float64(time.Minute)))
	}
	return out, nil
}

// ringFrom is where rings begin, and how whoever is there gets on.
type ringFrom struct {
	place geo.Point
	kind  org.Kind // The zero value: as a car.
}

// share is how much of a car's time counts for whoever is slower: as much as its own speed is of a car's usual one. What a
// walker reaches is not exactly what a car reaches in less time, but it follows the same streets.
func (p ringFrom) share() float64 {
	if p.kind.Kmh <= 0 {
		return 1
	}
	return min(1, p.kind.Kmh/crowKmh)
}

// ringPlaces are the free units of a class, or one place.
func (q request) ringPlaces(ask url.Values) ([]ringFrom, error) {
	if named := ringsFrom(ask); len(named) > 1 {
		return nil, fault.New("api.Rings", fault.Invalid, "rings are drawn from one thing, and %s are named", strings.Join(named, ", ")).
			Because("rings_from_many").At(named[1]).Mend("name a class, or a unit, or an incident, or lon and lat")
	}
	var kinds map[string]org.Kind
	q.centre.Board.Look(func(h *joint.House) { kinds = h.Org.Kinds }) // Replaced whole, never changed in place.
	class := ask.Get("class")
	if class == "" {
		p, kind, err := q.ringPlace(ask)
		return []ringFrom{{p, kinds[kind]}}, err
	}
	if v, ok := q.centre.Cover.View(); ok {
		for _, c := range v.Classes {
			if c.Class == class {
				free := v.Free[class]
				var out []ringFrom
				for _, u := range free[:min(len(free), ringUnits)] {
					out = append(out, ringFrom{u.At, kinds[u.Kind]})
				}
				return out, nil
			}
		}
	}
	return nil, noClass(class)
}

// ringsFrom lists what a request names as the middle of rings.
func ringsFrom(ask url.Values) (named []string) {
	for _, n := range []string{"class", "unit", "incident", "lon"} {
		if ask.Get(n) != "" || n == "lon" && ask.Get("lat") != "" {
			named = append(named, n)
		}
	}
	return named
}

func noClass(id string) error {
	return fault.New("api.Cover", fault.NotFound, "no class %q is watched", id).Because("no_class", "class", id).At("class").Mend("look at GET cover")
}

// ringPlace is the place that a request names by a unit, an incident, or its coordinates, and the kind of the unit.
func (q request) ringPlace(ask url.Values) (p geo.Point, kind string, err error) {
	const op = "api.Rings"
	if id := cad.UnitID(ask.Get("unit")); id != "" {
		return q.ringUnit(id)
	}
	if text := ask.Get("incident"); text != "" {
		id := q.incidentID(text)
		if _, _, err := q.seen(id); err != nil {
			return geo.Point{}, "", err
		}
		var place *geo.Point
		q.centre.Board.Look(func(h *joint.House) { place = h.Incident(id).Place })
		if place == nil {
			return geo.Point{}, "", fault.New(op, fault.NotFound, "nobody knows where it is").Because("no_place").At("incident").Mend("give it a place first")
		}
		return *place, "", nil
	}
	lon, err1 := strconv.ParseFloat(ask.Get("lon"), 64)
	lat, err2 := strconv.ParseFloat(ask.Get("lat"), 64)
	p = geo.Point{Lon: lon, Lat: lat}
	if err1 != nil || err2 != nil || !p.Valid() {
		return p, "", fault.New(op, fault.Invalid, "the place is not on earth").Because("bad_place").At("lon").Mend("name a unit, an incident, or lon and lat in degrees")
	}
	return p, "", nil
}

// ringUnit is where a unit is, else its home, and its kind.
func (q request) ringUnit(id cad.UnitID) (p geo.Point, kind string, err error) {
	const op = "api.Rings"
	if _, sees := q.centre.Board.Unit(board.ClassOf(q.actor), id); !sees {
		return p, "", fault.New(op, fault.NotFound, "there is no unit %s", id).Because("no_unit", "unit", string(id)).At("unit").Mend("look at GET units")
	}
	var home *geo.Point
	q.centre.Board.Look(func(h *joint.House) { home, kind = h.Unit(id).Home, h.Unit(id).Kind })
	if f, ok := q.centre.Track.Get(id); ok {
		return f.Point, kind, nil
	}
	if home == nil {
		return p, "", fault.New(op, fault.NotFound, "nobody knows where %s is", id).Because("no_position", "unit", string(id)).At("unit").Mend("wait for its position")
	}
	return *home, kind, nil
}

// reach asks the streets; nil where there are none, or none near, or where they are not used.
func (q request) reach(from ringFrom, limits []time.Duration) []street.Reach {
	f := q.centre.finder(q.centre.Desk.Now())
	if f == nil || from.kind.Straight {
		return nil
	}
	snap, ok := f.Snap(from.place, ringSnapM)
	if !ok {
		return nil
	}
	own := make([]time.Duration, len(limits))
	for i, l := range limits {
		own[i] = time.Duration(float64(l) * from.share())
	}
	return f.Isochrone(q.ctx, snap, own)
}

// circle is what is reached in straight lines.
func (p ringFrom) circle(within time.Duration) geo.Polygon {
	kmh := crowKmh * p.share()
	if p.kind.Straight {
		kmh = p.kind.Kmh
	}
	meters := within.Hours() * kmh * 1000
	var ring geo.Ring
	for i := range ringCorners + 1 {
		sin, cos := math.Sincos(2 * math.Pi * float64(i%ringCorners) / ringCorners)
		ring = append(ring, p.place.Offset(meters*cos, meters*sin))
	}
	return geo.Polygon{ring}
}

// multiPolygon is an area as GeoJSON.
func multiPolygon(area geo.MultiPolygon) geometry {
	polygons := make([][][][2]float64, 0, len(area))
	for _, g := range area {
		rings := make([][][2]float64, 0, len(g))
		for _, r := range g {
			rings = append(rings, coords(r))
		}
		polygons = append(polygons, rings)
	}
	return geometry{Type: "MultiPolygon", Coordinates: polygons}
}

// coverCells answers the squares of a class.
func (s *Server) coverCells(w http.ResponseWriter, r *http.Request) {
	c := centreOf(r.Context())
	out := collection{Type: "FeatureCollection", Features: []feature{}}
	v, ok := c.Cover.View()
	if !ok {
		finish(out).serve(w, r)
		return
	}
	id := r.URL.Query().Get("class")
	for _, k := range v.Classes {
		if k.Class != id && id != "" {
			continue
		}
		for i, x := range k.Cells {
			sq := v.Squares[i]
			a, b := sq.Box.Min, sq.Box.Max
			out.Features = append(out.Features, feature{
				Type:       "Feature",
				Properties: map[string]any{"expected_s": int64(x.ExpectedS + 0.5), "weight": round6(sq.Weight), "covered": round3(float64(x.Covered))},
				Geometry:   geometry{Type: "Polygon", Coordinates: [][][2]float64{coords([]geo.Point{a, {Lon: b.Lon, Lat: a.Lat}, b, {Lon: a.Lon, Lat: b.Lat}, a})}},
			})
		}
		finish(out).serve(w, r)
		return
	}
	writeProblem(w, s.refuse(r.Context(), noClass(id)))
}

// coverParams describes what may follow the addresses of cells and rings.
func coverParams(path string) (out []*huma.Param) {
	names := map[string][][2]string{
		"/cover/cells": {{"class", "Of which class; the first if none is named."}},
		"/rings": {
			{"class", "From the free units of this class."},
			{"unit", "From where this unit is."},
			{"incident", "From this incident, by id or number."},
			{"lon", "From this place, degrees."},
			{"lat", "Degrees."},
			{"minutes", "Up to six, by commas; 1,3,5 if none are named."},
		},
	}
	for _, n := range names[path] {
		out = append(out, &huma.Param{Name: n[0], In: "query", Description: n[1], Schema: &huma.Schema{Type: huma.TypeString}})
	}
	return out
}
