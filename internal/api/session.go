package api

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"net/http"
	"runtime"
	"slices"
	"time"

	"shuniu/internal/cad"
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
	out.Attribution = c.attribution()
	return &struct{ Body Session }{Body: out}, nil
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
