package api

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"net/http"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"shuniu/internal/board"
	"shuniu/internal/cad"
	"shuniu/internal/geo"
	"shuniu/internal/joint"
)

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }

// Session says who asks, and of what.
type Session struct {
	Actor       cad.ActorID       `json:"actor,omitempty"`
	Role        string            `json:"role,omitempty"`
	Seat        cad.SeatID        `json:"seat,omitempty"`
	Unit        cad.UnitID        `json:"unit,omitempty"`
	Org         cad.OrgID         `json:"org,omitempty"`
	Centre      cad.CentreID      `json:"centre"`
	CentreName  map[string]string `json:"centre_name"`
	World       cad.World         `json:"world"`
	Clock       time.Time         `json:"clock" doc:"The world's time."`
	Run         *WorldState       `json:"run,omitempty" doc:"How the world runs, unless it is live."`
	Personas    []Persona         `json:"personas,omitempty" doc:"Demo only."`
	Attribution string            `json:"attribution,omitempty" doc:"Must be shown with the map."`
	Version     string            `json:"version"`
}

// Persona is somebody whom a visitor of a demo may be.
type Persona struct {
	ID   string            `json:"id"`
	Role string            `json:"role"`
	Seat cad.SeatID        `json:"seat,omitempty"`
	Name map[string]string `json:"name"`
}

// personas is an identity that knows several people: a demo's.
type personas interface{ Personas() []Persona }

// people is an identity that can tell whether it would sign somebody in under a name.
type people interface {
	Person(name string) (cad.ActorID, bool)
}

// person is who is meant by a name, and whether the front door knows him. Whom it does not know may still be a seat.
func (s *Server) person(name string) (cad.ActorID, bool) {
	if p, ok := s.opt.Identity.(people); ok {
		if id, known := p.Person(name); known {
			return id, true
		}
	}
	return cad.ActorID(name), false
}

func (s *Server) session(ctx context.Context, _ *struct{}) (*struct{ Body Session }, error) {
	c, a := centreOf(ctx), actorOf(ctx)
	out := Session{
		Actor: a.ID, Role: a.Role, Seat: a.Seat, Unit: a.Unit, Org: a.Org, Centre: c.Desk.Centre(), World: c.Desk.World(),
		Clock: c.Desk.Now(), Version: s.opt.Version,
	}
	c.Board.Look(func(h *joint.House) { out.CentreName = h.Org.Name })
	if c.World != nil {
		st := c.World.State()
		out.Run = &st
	}
	if p, ok := s.opt.Identity.(personas); ok {
		out.Personas = p.Personas()
	}
	if c.Map != nil {
		out.Attribution = c.Map.Attribution
	}
	return &struct{ Body Session }{Body: out}, nil
}

// Found is one answer of a search.
type Found struct {
	Kind     string     `json:"kind" enum:"incident,unit,call,place,street,station,point"`
	ID       string     `json:"id,omitempty"`
	Title    string     `json:"title"`
	Subtitle string     `json:"subtitle,omitempty"`
	Place    *geo.Point `json:"place,omitempty"`
	Score    float64    `json:"score"`
	Closed   bool       `json:"closed,omitempty"`
}

func (s *Server) search(ctx context.Context, in *struct {
	Query string `query:"q" maxLength:"200"`
	Limit int    `query:"limit" minimum:"0" maximum:"50"`
},
) (*struct{ Body list[Found] }, error) {
	c, actor := centreOf(ctx), actorOf(ctx)
	limit := in.Limit
	if limit == 0 {
		limit = 20
	}
	query := strings.ToLower(strings.TrimSpace(in.Query))
	out := &struct{ Body list[Found] }{Body: list[Found]{AsOf: c.Board.AsOf(), Items: []Found{}}}
	if query == "" {
		return out, nil
	}
	found := c.findLive(board.ClassOf(actor), query)
	found = append(found, c.findOnMap(query)...)
	if c.Archive != nil && c.Desk.May(actor, "private.read", cad.Thing{}) == nil {
		old, err := c.Archive.Find(ctx, query, limit)
		if err != nil {
			s.log.WarnContext(ctx, "the archive does not answer", "error", err)
		}
		for _, f := range old {
			if f.ID != "" && !c.mayFind(board.ClassOf(actor), f) {
				continue
			}
			if !slices.ContainsFunc(found, func(x Found) bool { return x.Kind == f.Kind && x.ID == f.ID }) {
				found = append(found, f)
			}
		}
	}
	slices.SortStableFunc(found, func(a, b Found) int { return cmp.Compare(b.Score, a.Score) })
	out.Body.Items = append(out.Body.Items, found[:min(len(found), limit)]...)
	return out, nil
}

// mayFind reports whether a class may hear of what the archive found. Of an incident that has left memory the board
// knows nothing; only those who see every row hear of it.
func (c *Centre) mayFind(class board.Class, f Found) bool {
	switch f.Kind {
	case "incident", "call":
		return c.Board.May(class, f.Kind+".read", cad.SubjectOf(f.Kind, f.ID))
	}
	return true
}

// findLive finds incidents by number and type, units by call sign, stations by name.
func (c *Centre) findLive(class board.Class, query string) []Found {
	var found []Found
	number := strings.TrimPrefix(query, "#")
	c.Board.Look(func(h *joint.House) {
		for _, i := range h.Incidents {
			t := h.Org.Types[i.Type]
			n := strconv.FormatInt(i.Number, 10)
			// Whoever types a street wants the street; what happens there comes below it.
			score := match(number, n)*2 + match(query, t.Name["zh"]) + match(query, strings.ToLower(t.Name["en"])) + match(query, strings.ToLower(i.Street))/4
			if score > 0 {
				found = append(found, Found{
					Kind: "incident", ID: string(i.ID), Title: "#" + n, Subtitle: cmp.Or(t.Name["zh"], t.Name["en"]) + " " + i.Street, Place: i.Place,
					Score: score, Closed: !i.Open(),
				})
			}
		}
		for _, u := range h.Units {
			if score := match(query, strings.ToLower(u.CallSign)); score > 0 && !u.Retired {
				f := Found{Kind: "unit", ID: string(u.ID), Title: u.CallSign, Subtitle: cmp.Or(h.Org.Kinds[u.Kind].Name["zh"], u.Kind), Score: score * 1.5}
				if fix, ok := c.Track.Get(u.ID); ok {
					f.Place = &fix.Point
				}
				found = append(found, f)
			}
		}
		for _, o := range h.Org.Orgs {
			if score := match(query, o.Name["zh"]) + match(query, strings.ToLower(o.Name["en"])); score > 0 && o.Kind == "station" {
				found = append(found, Found{Kind: "station", ID: string(o.ID), Title: cmp.Or(o.Name["zh"], o.Name["en"]), Place: o.Place, Score: score})
			}
		}
	})
	return slices.DeleteFunc(found, func(f Found) bool {
		if f.Kind != "incident" {
			return false
		}
		_, sees := c.Board.Incident(class, cad.IncidentID(f.ID))
		return !sees
	})
}

// match is 1 for the same, less for a beginning or a part, 0 for none.
func match(query, text string) float64 {
	switch {
	case text == "" || query == "":
		return 0
	case text == query:
		return 1
	case strings.HasPrefix(text, query):
		return 0.8
	case strings.Contains(text, query):
		return 0.5
	}
	return 0
}

// findOnMap finds coordinates, named places and streets. House numbers are not known to this map: the street is
// found by the name before them.
func (c *Centre) findOnMap(query string) []Found {
	var found []Found
	var lon, lat float64
	if n, err := fmt.Sscanf(strings.ReplaceAll(query, ",", " "), "%f %f", &lon, &lat); n == 2 && err == nil {
		if p := (geo.Point{Lon: lon, Lat: lat}); p.Valid() {
			found = append(found, Found{Kind: "point", Title: query, Place: &p, Score: 3})
		}
	}
	if c.Map == nil {
		return found
	}
	for _, p := range c.Map.Places {
		if score := match(query, strings.ToLower(p.Name)); score > 0 {
			found = append(found, Found{Kind: "place", Title: p.Name, Subtitle: p.Kind, Place: &p.Point, Score: score})
		}
	}
	bare := strings.TrimRight(query, "0123456789号弄栋单元室 -")
	seen := map[string]bool{}
	for _, l := range c.Map.Streets.Drawing() {
		name := strings.ToLower(l.Name)
		if l.Name == "" || seen[l.Name] || len(l.Points) == 0 {
			continue
		}
		score := max(match(query, name), 0.9*match(bare, name))
		if name != "" && strings.HasPrefix(query, name) {
			score = max(score, 0.85)
		}
		if score > 0 {
			seen[l.Name] = true
			found = append(found, Found{Kind: "street", Title: l.Name, Subtitle: l.Class, Place: &l.Points[len(l.Points)/2], Score: score})
		}
	}
	return found
}

// Health says whether calls can be taken, and what is degraded.
type Health struct {
	OK         bool         `json:"ok" doc:"Calls can be taken and stored."`
	Status     string       `json:"status" enum:"ok,degraded,read_only"`
	Reasons    []string     `json:"reasons"`
	World      cad.World    `json:"world"`
	Centre     cad.CentreID `json:"centre"`
	Seq        cad.Seq      `json:"seq" doc:"What the screens show."`
	DurableSeq cad.Seq      `json:"durable_seq"`
	Clock      time.Time    `json:"clock"`
	Started    time.Time    `json:"started"`
	Streams    int          `json:"streams"`
	Version    string       `json:"version"`
}

func (s *Server) health(ctx context.Context, _ *struct{}) (*struct {
	Status int
	Body   Health
}, error,
) {
	c := centreOf(ctx)
	h := Health{
		OK: true, Status: "ok", Reasons: []string{}, World: c.Desk.World(), Centre: c.Desk.Centre(), Seq: c.Board.AsOf(), DurableSeq: c.Desk.Head(),
		Clock: c.Desk.Now(), Started: c.Started, Streams: c.Stream.Clients(), Version: s.opt.Version,
	}
	out := &struct {
		Status int
		Body   Health
	}{Status: http.StatusOK}
	if err := c.Desk.Health(); err != nil {
		p := problemOf(err)
		h.Reasons = append(h.Reasons, p.Code)
		h.Status = "degraded"
		if p.Code != "disk_full" { // On a full disk calls still go to the reserve.
			h.OK, h.Status, out.Status = false, "read_only", http.StatusServiceUnavailable
		}
	}
	if c.Reasons != nil {
		h.Reasons = append(h.Reasons, c.Reasons()...)
	}
	if c.Map == nil {
		h.Reasons = append(h.Reasons, "no_map")
	}
	if len(h.Reasons) > 0 {
		h.Status = cmp.Or(map[bool]string{true: "degraded"}[h.OK], h.Status)
	}
	out.Body = h
	return out, nil
}

// metrics writes the counters in the text form that Prometheus reads.
func (s *Server) metrics(w http.ResponseWriter, r *http.Request) {
	c := centreOf(r.Context())
	st := c.Desk.Stats()
	var mem runtime.MemStats
	runtime.ReadMemStats(&mem)
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	label := fmt.Sprintf(`{centre=%q,world=%q}`, c.Desk.Centre(), c.Desk.World())
	for _, m := range []struct {
		name, kind string
		value      float64
	}{
		{"shuniu_commands_total", "counter", float64(st.Commands.Load())},
		{"shuniu_refused_total", "counter", float64(st.Refused.Load())},
		{"shuniu_repeats_total", "counter", float64(st.Repeats.Load())},
		{"shuniu_appends_total", "counter", float64(st.Appends.Load())},
		{"shuniu_records_total", "counter", float64(st.Records.Load())},
		{"shuniu_append_failures_total", "counter", float64(st.Failures.Load())},
		{"shuniu_durable_seq", "gauge", float64(c.Desk.Head())},
		{"shuniu_shown_seq", "gauge", float64(c.Board.AsOf())},
		{"shuniu_stream_clients", "gauge", float64(c.Stream.Clients())},
		{"shuniu_heap_bytes", "gauge", float64(mem.HeapAlloc)},
	} {
		// The reader may have gone; there is nobody left to tell.
		_, _ = fmt.Fprintf(w, "# TYPE %s %s\n%s%s %g\n", m.name, m.kind, m.name, label, m.value)
	}
}
