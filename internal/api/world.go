package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
)

// WorldControl moves a world that is not live: its speed, and what its visitor holds.
type WorldControl interface {
	Take(ctx context.Context, i cad.IncidentID) error // The visitor works on it; the autopilot leaves it alone.
	Release(ctx context.Context) error
	SetSpeed(speed float64) error
	State() WorldState
}

// WorldState is how a world runs now.
type WorldState struct {
	Speed     float64        `json:"speed" doc:"World seconds in a second."`
	Holding   cad.IncidentID `json:"holding,omitempty" doc:"The incident that the visitor holds."`
	Clock     time.Time      `json:"clock"`
	Autopilot string         `json:"autopilot" enum:"recorded,recommended,off"`
}

// worldRoutes lists how a visitor moves a world that is not live. A live one answers that there is no such thing.
func (s *Server) worldRoutes() {
	moves[struct {
		Incident string `json:"incident"`
	}](s, "take", "Work on an incident yourself; the world goes at its own pace meanwhile", func(q request, w WorldControl, b struct {
		Incident string `json:"incident"`
	},
	) error {
		return w.Take(q.ctx, q.incidentID(b.Incident))
	})
	moves[struct{}](s, "release", "Let the autopilot have it again", func(q request, w WorldControl, _ struct{}) error { return w.Release(q.ctx) })
	moves[struct {
		Speed float64 `json:"speed" minimum:"0" maximum:"600"`
	}](s, "speed", "World seconds in a second; 0 stands still", func(_ request, w WorldControl, b struct {
		Speed float64 `json:"speed" minimum:"0" maximum:"600"`
	},
	) error {
		return w.SetSpeed(b.Speed)
	})
}

func moves[B any](s *Server, name, summary string, do func(q request, w WorldControl, body B) error) {
	op := huma.Operation{
		OperationID: "post-demo-" + name, Method: http.MethodPost, Path: "/api/v1/demo/" + name, Summary: summary, Tags: []string{"demo"},
		MaxBodyBytes: maxBodyBytes, RequestBody: &huma.RequestBody{},
	}
	defer optional(op)
	huma.Register(s.api, op, func(ctx context.Context, in *struct{ Body *B }) (*struct{ Body WorldState }, error) {
		q := request{ctx: ctx, centre: centreOf(ctx), actor: actorOf(ctx)}
		if q.centre.World == nil {
			return nil, problemOf(fault.New("api.World", fault.NotFound, "this world runs by itself").Because("live_world"))
		}
		var body B
		if in.Body != nil {
			body = *in.Body
		}
		if err := do(q, q.centre.World, body); err != nil {
			return nil, s.refuse(ctx, err)
		}
		return &struct{ Body WorldState }{Body: q.centre.World.State()}, nil
	})
}
