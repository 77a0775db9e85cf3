package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"shuniu/internal/cad"
	"shuniu/internal/joint"
	"shuniu/internal/joint/dispatch"
	"shuniu/internal/unit"
)

type (
	weighBody struct {
		Units []cad.UnitID `json:"units" maxItems:"500"`
	}
	chaseBody struct {
		Kind string     `json:"kind" maxLength:"40" doc:"What is owed: sign, depart, arrive, feedback or word."`
		Unit cad.UnitID `json:"unit,omitempty" doc:"Who owes it; not needed with feedback."`
	}
	stackBody struct {
		Order []cad.AssignmentID `json:"order" maxItems:"500" doc:"The assignments that wait behind what the unit does now, the next first."`
	}
)

// Weighing is what sending some units would leave uncovered.
type Weighing struct {
	AsOf       cad.Seq            `json:"as_of"`
	Units      []dispatch.Weighed `json:"units"`
	ComputedMS float64            `json:"computed_ms"`
}

// NearestUnits are the free units as they would be at an incident.
type NearestUnits struct {
	AsOf       cad.Seq              `json:"as_of"`
	Items      []dispatch.Candidate `json:"items"`
	ComputedMS float64              `json:"computed_ms"`
}

// nearbyMax is how many free units are listed around an incident.
const nearbyMax = 100

// weighRoutes lists the addresses that a dispatcher's hand needs beside sending: what it would cost, who is near, whom to
// press, and in which order a busy crew goes on.
func (s *Server) weighRoutes() {
	huma.Register(s.api, huma.Operation{
		OperationID: "post-incidents-id-weigh", Method: http.MethodPost, Path: "/api/v1/incidents/{id}/weigh", Tags: []string{"incidents"},
		Summary: "What sending units there would leave uncovered; sends nobody", MaxBodyBytes: maxBodyBytes, Errors: writeErrors(),
	}, s.weigh)
	huma.Register(s.api, huma.Operation{
		OperationID: "get-near", Method: http.MethodGet, Path: "/api/v1/incidents/{id}/near", Tags: []string{"incidents"},
		Summary: "Free units of every kind, the nearest first",
	}, s.near)
	put(s, "/incidents/{id}/chase", "Press whoever owes the next step", func(q request, id string, b chaseBody) (joint.Command, error) {
		return dispatch.Chase{Incident: q.incidentID(id), Kind: b.Kind, Unit: b.Unit}, nil
	})
	put(s, "/units/{id}/stack", "In which order a busy unit turns to what waits for it", func(_ request, id string, b stackBody) (joint.Command, error) {
		return dispatch.Reorder{Unit: cad.UnitID(id), Order: b.Order}, nil
	})
	put(s, "/units/{id}/heard", "It answered, without news of its own", func(_ request, id string, _ struct{}) (joint.Command, error) {
		return joint.AboutUnit{ID: cad.UnitID(id), Name: "heard", Cmd: unit.Hear{ID: cad.UnitID(id)}}, nil
	})
	put(s, "/units/{id}/acknowledge-duress", "Somebody has taken a call for help up, and says what is done", func(q request, id string, b textBody) (joint.Command, error) {
		u := cad.UnitID(id)
		d := q.duress(u)
		sealed, err := q.seal(unit.DuressSubject(d), b.words())
		return joint.AboutUnit{ID: u, Name: "acknowledge_duress", Cmd: unit.AcknowledgeDuress{ID: u, Duress: d, Text: sealed}}, err
	})
}

// duress is the life that the words about a unit's call for help are sealed under: a new one if it has none.
func (q request) duress(u cad.UnitID) cad.DuressID {
	id := cad.DuressID(newID())
	q.centre.Board.Look(func(h *joint.House) {
		if d := h.Unit(u).Duress; d != nil && d.ID != "" {
			id = d.ID
		}
	})
	return id
}

func (s *Server) weigh(ctx context.Context, in *struct {
	ID   string `path:"id" maxLength:"80"`
	Body weighBody
},
) (*struct{ Body Weighing }, error) {
	q := request{ctx: ctx, centre: centreOf(ctx), actor: actorOf(ctx)}
	started := time.Now()
	asOf := q.centre.Board.AsOf()
	given, ok := q.input(q.incidentID(in.ID))
	if !ok {
		return nil, problemOf(noIncident("api.Weigh"))
	}
	sent := map[cad.IncidentID][]cad.UnitID{}
	q.centre.Board.Look(func(h *joint.House) {
		for _, u := range in.Body.Units {
			for _, a := range h.Stack(u) {
				sent[a.Incident] = h.Committed(a.Incident)
			}
		}
	})
	units := dispatch.Weigh(ctx, given, in.Body.Units, func(i cad.IncidentID) []cad.UnitID { return sent[i] })
	return &struct{ Body Weighing }{Body: Weighing{AsOf: asOf, Units: units, ComputedMS: float64(time.Since(started).Microseconds()) / 1000}}, nil
}

func (s *Server) near(ctx context.Context, in *struct {
	ID string `path:"id" maxLength:"80"`
},
) (*struct{ Body NearestUnits }, error) {
	q := request{ctx: ctx, centre: centreOf(ctx), actor: actorOf(ctx)}
	started := time.Now()
	asOf := q.centre.Board.AsOf()
	given, ok := q.input(q.incidentID(in.ID))
	if !ok {
		return nil, problemOf(noIncident("api.Near"))
	}
	out := NearestUnits{AsOf: asOf, Items: dispatch.Nearest(ctx, given, func(cad.UnitID) bool { return true }, nearbyMax)}
	out.ComputedMS = float64(time.Since(started).Microseconds()) / 1000
	return &struct{ Body NearestUnits }{Body: out}, nil
}
