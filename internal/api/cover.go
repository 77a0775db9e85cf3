package api

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"shuniu/internal/board"
	"shuniu/internal/cad"
	"shuniu/internal/cover"
	"shuniu/internal/fault"
	"shuniu/internal/geo"
	"shuniu/internal/joint"
	"shuniu/internal/org"
	"shuniu/internal/reactor/coverage"
	"shuniu/internal/unit"
)

// Cover is how well the city is covered by the units that are free now.
type Cover struct {
	AsOf       cad.Seq      `json:"as_of"`
	At         *time.Time   `json:"at,omitempty" doc:"World time of the picture; absent while there is none."`
	Ready      bool         `json:"ready" doc:"Every unit on duty has been reckoned with."`
	Stale      bool         `json:"stale,omitempty" doc:"The picture is older than it should be: look at the clock of at."`
	Straight   bool         `json:"straight,omitempty" doc:"There is no map: travel times are those of straight lines."`
	Classes    []CoverClass `json:"classes"`
	Areas      []CoverArea  `json:"areas" doc:"A station sees its own."`
	Moves      []CoverMove  `json:"moves" doc:"Proposed moves of idle units, the best first. A person decides; a station sees those of its units."`
	Demand     CoverDemand  `json:"demand"`
	ComputedMS float64      `json:"computed_ms" doc:"From the last change of a unit to the picture."`
}

// CoverClass is the cover of the whole city by a class of units.
type CoverClass struct {
	ID        string   `json:"id"`
	Name      org.Name `json:"name"`
	StandardS int64    `json:"standard_s"`
	Free      int      `json:"free"`
	Units     int      `json:"units" doc:"On duty."`
	Busy      float64  `json:"busy" doc:"Share of its time on duty that a unit was busy, over the last day, held between 0.1 and 0.5. It is not the share of the moment: who is busy now does not count as free."`
	ExpectedS int64    `json:"expected_s" doc:"Expected travel time to a call, averaged over all calls of the city, whatever they need. Those that find nobody free are among them: nobody_s is their part."`
	Nobody    float64  `json:"nobody" doc:"Share of calls that are expected to find nobody who is free and can come."`
	NobodyS   int64    `json:"nobody_s" doc:"The part of expected_s that stands for them: they wait until a unit comes free, and twice the standard; 1800 s at most."`
	P90S      int64    `json:"p90_s"`
	Covered   float64  `json:"covered" doc:"Share of the calls that are expected to be reached within the standard."`
}

// CoverArea is the cover of a station's area by a class.
type CoverArea struct {
	Org         cad.OrgID   `json:"org"`
	Name        org.Name    `json:"name"`
	Class       string      `json:"class"`
	State       cover.State `json:"state" enum:"ok,thin,void"`
	UnitsWithin int         `json:"units_within" doc:"Free units that reach the middle call of the area within the standard."`
	NearestS    *int64      `json:"nearest_s,omitempty" doc:"Travel time of the nearest free unit, averaged over the area's calls; absent where none can come at all."`
	ExpectedS   int64       `json:"expected_s"`
	Since       *time.Time  `json:"since,omitempty" doc:"Since when it is thin or void."`
	ByPlan      bool        `json:"by_plan,omitempty" doc:"It would be void even if every unit of the centre stood free at its post: no alarm is raised."`
}

// CoverMove is a proposal that an idle unit wait elsewhere.
type CoverMove struct {
	ID       string       `json:"id"`
	Unit     cad.UnitID   `json:"unit"`
	CallSign string       `json:"call_sign"`
	Class    string       `json:"class"`
	To       CoverPlace   `json:"to"`
	EtaS     int64        `json:"eta_s"`
	GainS    float64      `json:"gain_s" doc:"By which the expected response of the class gets shorter, averaged over the demand."`
	Calls    float64      `json:"gain_calls_per_day" doc:"Calls a day, at the present rate, that would be reached within the standard and are not now."`
	Why      []MoveReason `json:"why"`
}

// MoveReason is one word of explanation, for the catalogues.
type MoveReason struct {
	Code   string            `json:"code"`
	Params map[string]string `json:"params,omitempty"`
}

// CoverPlace is where a unit may wait.
type CoverPlace struct {
	Place geo.Point `json:"place"`
	Post  string    `json:"post,omitempty"`
	Org   cad.OrgID `json:"org,omitempty"`
	Name  org.Name  `json:"name,omitempty" doc:"Of the post or station; absent where it has none."`
}

// CoverDemand says what the weights rest on.
type CoverDemand struct {
	Source         string     `json:"source" enum:"file,even" doc:"file: a map of demand; even: nothing is known, so it is taken to be the same everywhere."`
	Calls          int        `json:"calls" doc:"Callers' calls that it was fitted to."`
	From           *time.Time `json:"from,omitempty"`
	To             *time.Time `json:"to,omitempty"`
	OfficerLeftOut int        `json:"officer_left_out" doc:"Events that officers or sensors began, which never enter."`
	Observed       int        `json:"observed" doc:"Calls of this journal that were counted beside it."`
}

// coverOld is how old a picture may be, in machine time, before it is called stale.
const coverOld = 30 * time.Second

// coverRoutes serves the live cover.
func (s *Server) coverRoutes() {
	huma.Register(s.api, huma.Operation{
		OperationID: "get-cover", Method: http.MethodGet, Path: "/api/v1/cover", Summary: "How well the city is covered, what is void, and which moves would help", Tags: []string{"cover"},
	}, s.cover)
	s.mux.HandleFunc("GET /api/v1/cover/cells", s.coverCells)
	s.mux.HandleFunc("GET /api/v1/rings", s.rings)
	op := huma.Operation{
		OperationID: "post-cover-moves-decline", Method: http.MethodPost, Path: "/api/v1/cover/moves/{id}/decline", Summary: "Say no to a proposed move; it is not proposed again for 20 minutes, or until the service starts anew",
		Tags: []string{"cover"}, MaxBodyBytes: maxBodyBytes, RequestBody: &huma.RequestBody{}, DefaultStatus: http.StatusNoContent,
	}
	defer optional(op)
	huma.Register(s.api, op, func(ctx context.Context, in *struct {
		ID   string `path:"id" maxLength:"200"`
		Body *struct {
			Reason string `json:"reason,omitempty" maxLength:"2000" doc:"Kept in the log of the service; a move that is only not made is no fact."`
		}
	},
	) (*struct{}, error) {
		q := request{ctx: ctx, centre: centreOf(ctx), actor: actorOf(ctx)}
		if err := q.decline(in.ID); err != nil {
			return nil, s.refuse(ctx, err)
		}
		s.log.InfoContext(ctx, "a move was declined", "move", in.ID, "actor", q.actor.ID)
		return nil, nil
	})
}

// decline takes a no of a person who could have ordered the move.
func (q request) decline(id string) error {
	if err := q.centre.Desk.May(q.actor, "unit.standby", cad.Thing{}); err != nil {
		return err
	}
	if r := q.centre.Cover; r == nil || !r.Decline(id) {
		return fault.New("api.Decline", fault.NotFound, "this move is not proposed any more").Because("no_move").Mend("look at GET cover")
	}
	return nil
}

func (s *Server) cover(ctx context.Context, _ *struct{}) (*struct{ Body Cover }, error) {
	c := centreOf(ctx)
	out := Cover{Classes: []CoverClass{}, Areas: []CoverArea{}, Moves: []CoverMove{}, Demand: CoverDemand{Source: "even"}, AsOf: c.Board.AsOf()}
	v, ok := c.Cover.View()
	if !ok {
		return &struct{ Body Cover }{out}, nil
	}
	out.AsOf, out.At, out.Ready, out.Straight = v.AsOf, &v.At, v.Ready, v.Straight
	out.Stale = time.Since(v.Made) > coverOld
	out.ComputedMS = float64(v.Took.Microseconds()) / 1000
	out.Demand = demandOf(v.Demand)
	class := board.ClassOf(actorOf(ctx))
	c.Board.Look(func(h *joint.House) {
		for _, k := range v.Classes {
			out.Classes = append(out.Classes, classOf(h.Org, k))
		}
		for _, a := range v.Areas {
			if class.Org == "" || class.Org == a.Area {
				out.Areas = append(out.Areas, areaOf(h.Org, v, a))
			}
		}
		for _, m := range v.Moves {
			if u := h.Unit(m.Unit); class.Org == "" || class.Org == u.Station {
				out.Moves = append(out.Moves, moveOf(h.Org, u, m))
			}
		}
	})
	if class.Unit != "" { // A crew sees the figures of the city and nobody's area.
		out.Areas, out.Moves = []CoverArea{}, []CoverMove{}
	}
	return &struct{ Body Cover }{out}, nil
}

func seconds(s float64) int64 { return int64(math.Round(s)) }

func round3(x float64) float64 { return math.Round(x*1000) / 1000 }

func demandOf(d coverage.Demand) CoverDemand {
	out := CoverDemand{Source: d.Source, Calls: d.Prior.Calls, OfficerLeftOut: d.Prior.OfficerLeftOut + d.LeftOut, Observed: d.Observed}
	if !d.Prior.From.IsZero() {
		out.From, out.To = &d.Prior.From, &d.Prior.To
	}
	return out
}

func classOf(o *org.State, k cover.ClassCover) CoverClass {
	out := CoverClass{
		ID: k.Class, Name: org.Name{"zh": k.Class, "en": k.Class}, StandardS: seconds(k.StandardS), Free: k.Free, Units: k.Units, Busy: round3(k.Busy),
		ExpectedS: seconds(k.ExpectedS), P90S: seconds(k.P90S), Covered: round3(k.Covered),
		Nobody: round3(k.Nobody), NobodyS: seconds(k.NobodyS),
	}
	for _, c := range o.Cover {
		if c.ID == k.Class {
			out.Name = c.Name
		}
	}
	return out
}

func areaOf(o *org.State, v *coverage.View, a cover.AreaCover) CoverArea {
	out := CoverArea{
		Org: a.Area, Name: o.Orgs[a.Area].Name, Class: a.Class, State: a.State, UnitsWithin: a.Within, ExpectedS: seconds(a.ExpectedS),
		ByPlan: a.ByPlan,
	}
	if !a.Nobody {
		out.NearestS = new(seconds(a.NearestS))
	}
	if since, ok := v.Since[cover.Void{Area: a.Area, Class: a.Class}]; ok {
		out.Since = &since
	}
	return out
}

func moveOf(o *org.State, u unit.State, m cover.Move) CoverMove {
	out := CoverMove{
		ID: m.ID, Unit: m.Unit, CallSign: u.CallSign, Class: m.Class, EtaS: seconds(m.EtaS), GainS: math.Round(m.GainS*10) / 10, Calls: math.Round(m.GainCallsADay*10) / 10,
		To: CoverPlace{Place: m.To.At, Post: m.To.Post, Org: m.To.Org, Name: o.Orgs[m.To.Org].Name}, Why: []MoveReason{},
	}
	for _, p := range o.Posts {
		if p.ID == m.To.Post {
			out.To.Name = p.Name
		}
	}
	for _, v := range m.Fills {
		out.Why = append(out.Why, MoveReason{"move.fills_void", map[string]string{"org": string(v.Area), "class": v.Class}})
	}
	whole := func(x float64) string { return strconv.FormatInt(seconds(x), 10) }
	out.Why = append(out.Why, MoveReason{"move.covered", map[string]string{"before": whole(m.CoveredBefore * 100), "after": whole(m.CoveredAfter * 100)}})
	if m.Beside > 0 {
		out.Why = append(out.Why, MoveReason{"move.others_stay", map[string]string{"count": strconv.Itoa(m.Beside)}})
	}
	return out
}

// coverEvery is how often screens are told at most that there is a new picture of the cover.
const coverEvery = time.Second

// Cover tells every screen that there is a new picture of the cover, without an id: a missed one is followed by the next.
// It returns at once. What comes too soon after the last one is told with the next beat of positions.
func (s *Stream) Cover(n coverage.Notice) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.notice = &n
	if time.Since(s.noticed) >= coverEvery {
		s.notify()
	}
}

// notify sends the newest notice to everybody. The caller holds the lock.
func (s *Stream) notify() {
	data, err := json.Marshal(s.notice)
	if s.notice == nil || err != nil {
		return
	}
	s.notice, s.noticed = nil, time.Now()
	frame := fmt.Appendf(nil, "event: cover\ndata: %s\n\n", data)
	for c := range s.clients {
		c.send(frame)
	}
}
