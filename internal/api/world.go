package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
)

// WorldControl moves a world that is not live: whether and how fast its time passes, what its visitor holds, and how much
// happens in it.
type WorldControl interface {
	Take(ctx context.Context, i cad.IncidentID) error // The visitor works on it; the autopilot leaves it alone.
	Release(ctx context.Context) error
	SetSpeed(speed float64) error
	Lend(l Loan) error // Another speed for a tour, and what it is on, until the loan is over.
	Pause() error
	Resume() error
	Step(ctx context.Context, d time.Duration) error // Of a paused world: everybody in it lives through d.
	SetSurge(s Surge) error
	Begin(ctx context.Context, scenario string) error // A big incident.
	Said(call cad.CallID) Said                        // Nothing where nobody in the world speaks on that call.
	State() WorldState
	Able() WorldAble
}

// Said is what a simulated caller says to whoever answers him. It stands in no journal: what is not written down is lost.
type Said struct {
	Place string `json:"place,omitempty" doc:"Where, in his words."`
	Words string `json:"words,omitempty"`
	// Simulated is false on a call that nobody simulates. A simulated caller may be silent.
	Simulated bool `json:"simulated"`
}

// WorldState is how a world runs now. Every screen is told once a second.
type WorldState struct {
	Speed     float64        `json:"speed" doc:"World seconds in a second; 0 while it is paused."`
	Chosen    float64        `json:"chosen" doc:"The speed that it returns to when it is neither paused nor held."`
	Paused    bool           `json:"paused"`
	Holding   cad.IncidentID `json:"holding,omitempty" doc:"The incident that the visitor holds; the world goes at its own pace meanwhile."`
	Clock     time.Time      `json:"clock"`
	Autopilot string         `json:"autopilot" enum:"recorded,recommended,off"`
	Surge     *Surge         `json:"surge,omitempty" doc:"How many more people call than on an ordinary day; absent where that cannot be changed."`
}

// Surge is how many more people call than on an ordinary day, and why.
type Surge struct {
	Kind   string  `json:"kind" doc:"One of those that the world offers: an ordinary day, a festival, a storm."`
	Factor float64 `json:"factor,omitempty" minimum:"0" maximum:"20" doc:"Calls for each call of an ordinary day; left out: as many as such a day brings."`
}

// Loan is a speed that a tour of the world wants for as long as it asks again, and the incident that it is on.
type Loan struct {
	Speed    *float64 `json:"speed,omitempty" minimum:"0" maximum:"600" doc:"World seconds in a second; left out: the speed that was lent before, or the world's own."`
	Seconds  float64  `json:"seconds" minimum:"0" maximum:"60" doc:"How long, by the visitor's clock; 0 ends it, and the autopilot may have the incident."`
	Incident string   `json:"incident,omitempty" maxLength:"64" doc:"Nobody but the visitor sends to it meanwhile."`
}

// Scenario is a big incident that a visitor may start.
type Scenario struct {
	ID   string            `json:"id"`
	Name map[string]string `json:"name"`
}

// WorldAble is what can be done with a world now, and why not when it cannot.
type WorldAble struct {
	Next      []cad.Step `json:"next" doc:"Each move with the reason when it is refused."`
	Surges    []Surge    `json:"surges"`
	Scenarios []Scenario `json:"scenarios"`
}

// Demo is a world that is not live, for the panel that moves it.
type Demo struct {
	WorldState
	WorldAble
}

// The most that a world may be stepped at once, in its own seconds.
const stepMaxS = 600

type takeBody struct {
	Incident string `json:"incident"`
}

type speedBody struct {
	Speed float64 `json:"speed" minimum:"0" maximum:"600"`
}

type stepBody struct {
	Seconds float64 `json:"seconds" minimum:"1" maximum:"600" doc:"World seconds."`
}

type scenarioBody struct {
	ID string `json:"id" maxLength:"64"`
}

// worldRoutes lists how a visitor moves a world that is not live. A live one answers that there is no such thing.
func (s *Server) worldRoutes() {
	huma.Register(s.api, huma.Operation{
		OperationID: "get-demo", Method: http.MethodGet, Path: "/api/v1/demo", Summary: "How this world runs, and what can be done with it", Tags: []string{"demo"},
	}, func(ctx context.Context, _ *struct{}) (*struct{ Body Demo }, error) {
		w := centreOf(ctx).World
		if w == nil {
			return nil, problemOf(liveWorld())
		}
		return &struct{ Body Demo }{Body: Demo{WorldState: w.State(), WorldAble: w.Able()}}, nil
	})
	huma.Register(s.api, huma.Operation{
		OperationID: "get-demo-said", Method: http.MethodGet, Path: "/api/v1/demo/said/{call}", Summary: "What a simulated caller says to whoever answers; nothing on a call that nobody simulates", Tags: []string{"demo"},
	}, func(ctx context.Context, in *struct {
		Call string `path:"call" maxLength:"64"`
	},
	) (*struct{ Body Said }, error) {
		w := centreOf(ctx).World
		if w == nil {
			return nil, problemOf(liveWorld())
		}
		return &struct{ Body Said }{Body: w.Said(cad.CallID(in.Call))}, nil
	})
	moves(s, "take", "Work on an incident yourself; the world goes at its own pace meanwhile", func(q request, w WorldControl, b takeBody) error {
		return w.Take(q.ctx, q.incidentID(b.Incident))
	})
	moves(s, "release", "Let the autopilot have it again", func(q request, w WorldControl, _ struct{}) error { return w.Release(q.ctx) })
	moves(s, "speed", "World seconds in a second; 0 pauses", func(_ request, w WorldControl, b speedBody) error { return w.SetSpeed(b.Speed) })
	moves(s, "lend", "Another speed for a tour, for some seconds", func(q request, w WorldControl, b Loan) error {
		if b.Incident != "" {
			b.Incident = string(q.incidentID(b.Incident))
		}
		return w.Lend(b)
	})
	moves(s, "pause", "Let time stand still", func(_ request, w WorldControl, _ struct{}) error { return w.Pause() })
	moves(s, "resume", "Let time pass again, as fast as before", func(_ request, w WorldControl, _ struct{}) error { return w.Resume() })
	moves(s, "step", "Let a paused world live through some seconds", func(q request, w WorldControl, b stepBody) error {
		if !(b.Seconds >= 1 && b.Seconds <= stepMaxS) {
			return fault.New("api.Step", fault.Invalid, "a step is 1 to %d seconds long", stepMaxS).Because("bad_step").At("seconds").Mend("say how many world seconds")
		}
		return w.Step(q.ctx, time.Duration(b.Seconds*float64(time.Second)))
	})
	moves(s, "surge", "How many more people call than on an ordinary day", func(_ request, w WorldControl, b Surge) error { return w.SetSurge(b) })
	moves(s, "scenario", "Start a big incident", func(q request, w WorldControl, b scenarioBody) error { return w.Begin(q.ctx, b.ID) })
}

func liveWorld() error {
	return fault.New("api.World", fault.NotFound, "this world runs by itself").Because("live_world").Mend("start shuniu demo for a world that can be moved")
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
			return nil, problemOf(liveWorld())
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
