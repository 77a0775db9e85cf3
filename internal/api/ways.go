package api

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"shuniu/internal/assignment"
	"shuniu/internal/board"
	"shuniu/internal/cad"
	"shuniu/internal/fault"
	"shuniu/internal/geo"
	"shuniu/internal/joint"
	"shuniu/internal/joint/dispatch"
	"shuniu/internal/org"
	"shuniu/internal/street"
)

// waysMost is how many ways are drawn to one incident at most.
const waysMost = 60

// goer is a unit whose way is drawn.
type goer struct {
	id    cad.UnitID
	sign  string
	kind  org.Kind
	stage string // How far its order is; "asked" when it has none and was only asked about.
}

// wayRoutes serves the ways that the map draws.
func (s *Server) wayRoutes() {
	s.mux.HandleFunc("GET /api/v1/incidents/{id}/routes", func(w http.ResponseWriter, r *http.Request) {
		q := request{ctx: r.Context(), centre: centreOf(r.Context()), actor: actorOf(r.Context())}
		out, err := q.ways(r.PathValue("id"), r.URL.Query().Get("units"))
		s.answerWays(w, r, out, err)
	})
	s.mux.HandleFunc("GET /api/v1/map/way", func(w http.ResponseWriter, r *http.Request) {
		q := request{ctx: r.Context(), centre: centreOf(r.Context()), actor: actorOf(r.Context())}
		out, err := q.way(r.URL.Query().Get("from"), r.URL.Query().Get("to"))
		s.answerWays(w, r, out, err)
	})
}

// waysAnswer is a collection of lines that says whose streets they follow.
type waysAnswer struct {
	collection
	Credit     string  `json:"credit,omitempty"`
	ComputedMS float64 `json:"computed_ms"`
}

func (s *Server) answerWays(w http.ResponseWriter, r *http.Request, out waysAnswer, err error) {
	if err != nil {
		writeProblem(w, s.refuse(r.Context(), err))
		return
	}
	var b bytes.Buffer
	_ = json.NewEncoder(&b).Encode(out) // A collection is made of plain values: it cannot fail.
	packed("application/geo+json", b.Bytes()).serve(w, r)
}

// ways are the ways to an incident of the units that are sent to it and not there yet, and of those that are asked about
// by name. A unit that nobody knows the place of has none.
func (q request) ways(text, also string) (waysAnswer, error) {
	begun := time.Now()
	out := waysAnswer{collection: collection{Type: "FeatureCollection", Features: []feature{}}}
	id := q.incidentID(text)
	if _, _, err := q.seen(id); err != nil {
		return out, err
	}
	var place *geo.Point
	var goers []goer
	var name string
	q.centre.Board.Look(func(h *joint.House) {
		s := h.Incident(id)
		place, name = s.Place, s.Street
		goers = goersOf(h, id, also)
	})
	if place == nil {
		return out, nil // A row without a place has no ways; that is no failure.
	}
	now := q.centre.Desk.Now()
	class := board.ClassOf(q.actor)
	f := q.centre.finder(now)
	var to street.Snap
	if f != nil {
		to, _ = f.SnapNamed(*place, dispatch.SnapMaxMeters, name)
	}
	for _, g := range goers[:min(len(goers), waysMost)] {
		fix, placed := q.centre.Track.Get(g.id)
		if _, sees := q.centre.Board.Unit(class, g.id); !placed || !sees {
			continue
		}
		var from street.Snap
		if f != nil {
			from = q.centre.adviser.snapper(f)(fix.Point)
		}
		way := q.follow(f, from, to, fix.Point, *place, g.kind)
		way.Properties["unit"], way.Properties["call_sign"], way.Properties["stage"] = g.id, g.sign, g.stage
		way.Properties["age_s"] = max(0, int64(now.Sub(fix.At)/time.Second))
		out.Features = append(out.Features, way)
	}
	q.credit(&out)
	out.ComputedMS = float64(time.Since(begun).Microseconds()) / 1000
	return out, nil
}

// goersOf are the units on their way to an incident, then those that are named, by commas, and are not on it.
func goersOf(h *joint.House, id cad.IncidentID, named string) (out []goer) {
	on, before := map[cad.UnitID]bool{}, []assignment.Stage{assignment.Dispatched, assignment.Acknowledged, assignment.EnRoute}
	for _, a := range h.SentTo(id) {
		if !a.Open() {
			continue
		}
		on[a.Unit] = true
		if slices.Contains(before, a.Stage) {
			u := h.Unit(a.Unit)
			out = append(out, goer{a.Unit, u.CallSign, h.Org.Kinds[u.Kind], string(a.Stage)})
		}
	}
	for n := range strings.SplitSeq(named, ",") {
		u := h.Units[cad.UnitID(strings.TrimSpace(n))]
		if u == nil || u.Retired || on[u.ID] {
			continue
		}
		on[u.ID] = true
		out = append(out, goer{u.ID, u.CallSign, h.Org.Kinds[u.Kind], "asked"})
	}
	return out
}

// follow is one way as a line: by street, or straight where no street leads there or the kind uses none.
func (q request) follow(f street.Finder, from, to street.Snap, a, b geo.Point, kind org.Kind) feature {
	line := func(points []geo.Point, takes time.Duration, meters float64, straight bool) feature {
		return feature{
			Type: "Feature", Geometry: geometry{Type: "LineString", Coordinates: coords(points)},
			Properties: map[string]any{"eta_s": int64((takes + time.Second/2) / time.Second), "meters": int64(meters + 0.5), "straight": straight},
		}
	}
	if f != nil && from.OK() && to.OK() && !kind.Straight {
		if r, ok := f.Route(from, to); ok {
			return line(append(append([]geo.Point{a}, r.Points...), b), kind.Takes(r.Duration, r.Meters), r.Meters, false)
		}
	}
	meters := geo.DistanceMeters(a, b)
	return line([]geo.Point{a, b}, kind.Crow(meters, crowKmh), meters, true)
}

// way is the way of a car between two places.
func (q request) way(from, to string) (waysAnswer, error) {
	begun := time.Now()
	out := waysAnswer{collection: collection{Type: "FeatureCollection", Features: []feature{}}}
	a, err := pairOf("from", from)
	if err != nil {
		return out, err
	}
	b, err := pairOf("to", to)
	if err != nil {
		return out, err
	}
	f := q.centre.finder(q.centre.Desk.Now())
	var start, end street.Snap
	if f != nil {
		start, _ = f.Snap(a, dispatch.SnapMaxMeters)
		end, _ = f.Snap(b, dispatch.SnapMaxMeters)
	}
	out.Features = append(out.Features, q.follow(f, start, end, a, b, org.Kind{}))
	q.credit(&out)
	out.ComputedMS = float64(time.Since(begun).Microseconds()) / 1000
	return out, nil
}

func (q request) credit(out *waysAnswer) {
	if m := q.centre.Map; m != nil && len(out.Features) > 0 {
		out.Credit = m.Attribution
	}
}

// pairOf reads "lon,lat".
func pairOf(field, text string) (geo.Point, error) {
	lon, lat, _ := strings.Cut(text, ",")
	x, err1 := strconv.ParseFloat(strings.TrimSpace(lon), 64)
	y, err2 := strconv.ParseFloat(strings.TrimSpace(lat), 64)
	p := geo.Point{Lon: x, Lat: y}
	if err1 != nil || err2 != nil || !p.Valid() {
		return p, fault.New("api.Way", fault.Invalid, "the place is not on earth").Because("bad_place").At(field).Mend("say " + field + "=longitude,latitude in degrees")
	}
	return p, nil
}

// wayParams describes what the addresses of ways take.
func wayParams(path string) (out []*huma.Param) {
	add := func(name, in, doc string) {
		out = append(out, &huma.Param{Name: name, In: in, Required: in == "path", Description: doc, Schema: &huma.Schema{Type: huma.TypeString}})
	}
	switch path {
	case "/incidents/{id}/routes":
		add("id", "path", "By id or number.")
		add("units", "query", "Also the ways of these units, by commas, as if they were sent.")
	case "/map/way":
		add("from", "query", "Longitude and latitude, degrees, with a comma.")
		add("to", "query", "Likewise.")
	}
	return out
}
