package api

import (
	"cmp"
	"context"
	"math"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"shuniu/internal/board"
	"shuniu/internal/cad"
	"shuniu/internal/call"
	"shuniu/internal/desk"
	"shuniu/internal/geo"
	"shuniu/internal/hint"
	"shuniu/internal/incident"
	"shuniu/internal/joint"
	"shuniu/internal/org"
)

// HintsBody is the form as it stands while somebody types. Every part may be missing.
type HintsBody struct {
	Call      string       `json:"call,omitempty" maxLength:"80"`
	Number    string       `json:"number,omitempty" maxLength:"80"`
	Place     *PlaceInput  `json:"place,omitempty"`
	Type      cad.TypeID   `json:"type,omitempty" maxLength:"80"`
	Priority  cad.Priority `json:"priority,omitempty" maxLength:"2"`
	Narrative string       `json:"narrative,omitempty" maxLength:"20000"`
	Tags      []cad.TagID  `json:"tags,omitempty" maxItems:"40"`
}

// Hints are what a call-taker may want to know. Nothing of it is decided; a person takes a hint or leaves it.
type Hints struct {
	Types       []TypeHint             `json:"types" doc:"What the narrative may mean, the likeliest first."`
	Duplicates  []SameHint             `json:"duplicates" doc:"Open incidents that it may belong to, the likeliest first."`
	Caller      *CallerHint            `json:"caller,omitempty" doc:"What else the number of the open call named in call was heard of. Only whoever has that call is told, and the first look of each is written down."`
	Premises    []PremiseHint          `json:"premises" doc:"Key premises there, with their warnings."`
	Responsible *board.ResponsibleMark `json:"responsible,omitempty"`
	Border      []board.OrgMark        `json:"border"`
	Route       *Route                 `json:"route,omitempty" doc:"Where it goes first, instead of to a car."`
	ComputedMS  float64                `json:"computed_ms"`
}

type (
	// TypeHint is a type that the narrative may mean.
	TypeHint struct {
		ID      cad.TypeID        `json:"id"`
		Name    map[string]string `json:"name"`
		Score   float64           `json:"score"`
		Reasons []hint.Because    `json:"reasons"`
	}
	// SameHint is an open incident that it may belong to.
	SameHint struct {
		Incident   cad.IncidentID    `json:"incident"`
		Number     int64             `json:"number"`
		Type       cad.TypeID        `json:"type,omitempty"`
		TypeName   map[string]string `json:"type_name,omitempty"`
		Address    string            `json:"address,omitempty"`
		Likelihood float64           `json:"likelihood" doc:"From 0 to 1."`
		Reasons    []hint.Because    `json:"reasons"`
		DistanceM  *int              `json:"distance_m,omitempty"`
		AgeS       int64             `json:"age_s" doc:"Since the last call about it."`
	}
	// CallerHint is what else a number called.
	CallerHint struct {
		Calls24h   int            `json:"calls_24h"`
		Incidents  []CallerMark   `json:"incidents"`
		Urge       cad.IncidentID `json:"urge,omitempty" doc:"The open incident that he called about: he may be pressing."`
		Nuisance30 int            `json:"nuisance_30d" doc:"Calls of the last 30 days that were no incident."`
	}
	// CallerMark is an incident that a number called about in the last 24 hours.
	CallerMark struct {
		Incident cad.IncidentID    `json:"incident"`
		Number   int64             `json:"number"`
		TypeName map[string]string `json:"type_name,omitempty"`
		Open     bool              `json:"open"`
		At       time.Time         `json:"at"`
	}
	// PremiseHint is a key premise that the call may be about.
	PremiseHint struct {
		ID        string     `json:"id"`
		Name      org.Name   `json:"name"`
		Kind      string     `json:"kind,omitempty"`
		Warnings  []org.Name `json:"warnings"`
		DistanceM *int       `json:"distance_m,omitempty" doc:"Absent where only its name was said."`
	}
	// Route is where it goes first.
	Route struct {
		Seat    cad.SeatID    `json:"seat,omitempty"`
		Partner cad.PartnerID `json:"partner,omitempty"`
		Name    org.Name      `json:"name,omitempty"`
		Code    string        `json:"code" enum:"seat_first,hand_over"`
	}
)

// premiseM is how near to a premise its warnings are shown where it does not say itself.
const premiseM = 150

// hintRoutes lists the addresses that help while somebody types.
func (s *Server) hintRoutes() {
	huma.Register(s.api, huma.Operation{
		OperationID: "post-hints", Method: http.MethodPost, Path: "/api/v1/hints", Summary: "What a call may be about, while it is written down; decides nothing",
		Tags: []string{"calls"}, MaxBodyBytes: maxBodyBytes, Errors: writeErrors(),
	}, s.hints)
	huma.Register(s.api, huma.Operation{
		OperationID: "get-calls-id-history", Method: http.MethodGet, Path: "/api/v1/calls/{id}/history",
		Summary: "What else was called from the number of an open call, within 90 days; each look is written down", Tags: []string{"calls"}, Errors: writeErrors(),
	}, s.history)
}

func (s *Server) hints(ctx context.Context, in *struct{ Body HintsBody }) (*struct{ Body Hints }, error) {
	started := time.Now()
	q := request{ctx: ctx, centre: centreOf(ctx), actor: actorOf(ctx)}
	if err := q.centre.Desk.May(q.actor, "incident.open", cad.Thing{}); err != nil {
		return nil, s.refuse(ctx, err)
	}
	out := q.hints(in.Body, func(id cad.CallID) bool { return s.looks(q, id) == nil })
	out.ComputedMS = float64(time.Since(started).Microseconds()) / 1000
	return &struct{ Body Hints }{Body: out}, nil
}

// looks writes down that somebody looks at what the number of his call is known for: once, however often he is told of it.
// Errors: nobody is told anything that was not written down.
func (s *Server) looks(q request, id cad.CallID) error {
	_, err := q.centre.Desk.Do(q.ctx, desk.Wish{Actor: q.actor, Key: "number of " + string(id), Command: joint.AboutCall{ID: id, Name: "history", Cmd: call.ReadHistory{ID: id}}})
	return err
}

// his reports whether a call is open, whoever asks has it, and its number is the one that he asks about.
func (q request) his(id cad.CallID, digest string) bool {
	var k call.State
	q.centre.Board.Look(func(h *joint.House) { k = h.Call(id) })
	return q.centre.Callers != nil && k.Phase == call.InTalk && k.HeldBy(q.actor.ID, q.actor.Seat) && q.centre.Desk.Digest(q.callerOf(id).Number) == digest
}

// hints are made of what is known. looks is asked before anything is told about a number.
func (q request) hints(b HintsBody, looks func(cad.CallID) bool) Hints {
	out := Hints{Types: []TypeHint{}, Duplicates: []SameHint{}, Premises: []PremiseHint{}, Border: []board.OrgMark{}}
	c := q.centre
	o, open := c.radar.look(c)
	at := b.Place.point()
	if at != nil && !at.Valid() {
		at = nil
	}
	for _, m := range c.radar.vocabulary(o).Types(b.Narrative) {
		if m.Type != b.Type {
			out.Types = append(out.Types, TypeHint{ID: m.Type, Name: o.Types[m.Type].Name, Score: rounded(m.Score), Reasons: []hint.Because{
				{Code: "hint_words", Params: map[string]string{"words": strings.Join(m.Words, " ")}},
			}})
		}
	}
	number := b.Number
	if number == "" && b.Call != "" {
		number = q.callerOf(cad.CallID(b.Call)).Number
	}
	digest := c.Desk.Digest(number)
	q.same(&out, o, open, b, at, digest)
	if id := cad.CallID(b.Call); digest != "" && q.his(id, digest) && looks(id) {
		out.Caller = q.caller(o, digest, id, open)
	}
	out.Premises = append(out.Premises, premises(o, b, at)...)
	if at != nil {
		id, by, border := o.Responsible(*at)
		if id != "" {
			out.Responsible = &board.ResponsibleMark{ID: id, Name: o.Orgs[id].Name, By: by}
		}
		for _, x := range border {
			out.Border = append(out.Border, board.OrgMark{ID: x, Name: o.Orgs[x].Name})
		}
	}
	out.Route = route(o, b.Type)
	return out
}

// rounded keeps a figure readable.
func rounded(x float64) float64 { return math.Round(x*100) / 100 }

// same adds the open incidents that the report may be of, as far as this session may see them.
func (q request) same(out *Hints, o *org.State, open []known, b HintsBody, at *geo.Point, digest string) {
	class := board.ClassOf(q.actor)
	r := hint.Report{
		At: q.centre.Desk.Now(), Place: at, Type: b.Type, Category: o.Types[b.Type].Category,
		Priority: cmp.Or(b.Priority, o.Types[b.Type].Priority), Words: hint.GramsOf(b.Narrative), Number: digest,
	}
	if at != nil && b.Place != nil {
		r.Vague = b.Place.Approx
	}
	if at == nil && digest == "" && len(r.Words) == 0 {
		return // Nothing is known that could be like anything.
	}
	list := make([]hint.Known, 0, len(open))
	for _, k := range open {
		list = append(list, k.Known)
	}
	for _, s := range hint.Duplicates(&r, list) {
		if !q.centre.Board.May(class, "incident.read", incident.Subject(s.Incident)) {
			continue
		}
		k := open[slices.IndexFunc(open, func(k known) bool { return k.Incident == s.Incident })]
		d := SameHint{
			Incident: s.Incident, Number: k.number, Type: k.Type, TypeName: o.Types[k.Type].Name, Likelihood: rounded(s.Likelihood), Reasons: s.Reasons, AgeS: s.AgeS,
		}
		if q.centre.Board.May(class, "private.read", incident.Subject(s.Incident)) {
			d.Address = k.address
		}
		if s.DistanceM >= 0 {
			d.DistanceM = new(int(math.Round(s.DistanceM)))
		}
		out.Duplicates = append(out.Duplicates, d)
	}
}

// premises are those near the place, and those whose name was said.
func premises(o *org.State, b HintsBody, at *geo.Point) []PremiseHint {
	said := strings.ToLower(b.Narrative)
	if b.Place != nil {
		said += "\n" + strings.ToLower(b.Place.Address)
	}
	var out []PremiseHint
	for _, p := range o.Premises {
		h := PremiseHint{ID: p.ID, Name: p.Name, Kind: p.Kind, Warnings: some(p.Warnings)}
		near := false
		if at != nil && p.Place != nil {
			m := geo.DistanceMeters(*at, *p.Place)
			near = m <= float64(cmp.Or(p.RadiusM, premiseM))
			h.DistanceM = new(int(math.Round(m)))
		}
		named := slices.ContainsFunc([]string{p.Name["zh"], p.Name["en"]}, func(n string) bool { return n != "" && strings.Contains(said, strings.ToLower(n)) })
		if near || named {
			out = append(out, h)
		}
	}
	return out
}

// route is where a type goes first: to a seat of the room, or to those who deal with what is not ours.
func route(o *org.State, id cad.TypeID) *Route {
	t, ok := o.Types[id]
	switch {
	case !ok:
		return nil
	case t.Seat != "":
		return &Route{Seat: cad.SeatID(t.Seat), Name: nameOf(o.Seats, t.Seat), Code: "seat_first"}
	case t.Category == "non_police" && len(t.Partners) > 0:
		return &Route{Partner: t.Partners[0], Name: nameOf(o.Partners, string(t.Partners[0])), Code: "hand_over"}
	}
	return nil
}

func nameOf(list []org.Item, id string) org.Name {
	if i := slices.IndexFunc(list, func(x org.Item) bool { return x.ID == id }); i >= 0 {
		return list[i].Name
	}
	return nil
}

// historyDays is how far back the calls of a number are shown.
const historyDays = 90

// HistoryItem is one call from a number, or the incident that it belongs to.
type HistoryItem struct {
	Call     cad.CallID        `json:"call"`
	At       time.Time         `json:"at"`
	Incident cad.IncidentID    `json:"incident,omitempty"`
	Number   int64             `json:"number,omitempty"`
	Type     cad.TypeID        `json:"type,omitempty"`
	TypeName map[string]string `json:"type_name,omitempty"`
	Phase    string            `json:"phase"`
	Address  string            `json:"address,omitempty"`
	Open     bool              `json:"open"`
}

// history shows what else a number called. It is asked at the desk, so that every look is in the journal before it is
// answered.
func (s *Server) history(ctx context.Context, in *struct {
	ID string `path:"id" maxLength:"80"`
},
) (*struct{ Body list[HistoryItem] }, error) {
	q := request{ctx: ctx, centre: centreOf(ctx), actor: actorOf(ctx)}
	id := cad.CallID(in.ID)
	if _, err := s.do(q, WriteHeaders{}, nil, joint.AboutCall{ID: id, Name: "history", Cmd: call.ReadHistory{ID: id}}, http.StatusOK); err != nil {
		return nil, err
	}
	out := list[HistoryItem]{AsOf: q.centre.Board.AsOf(), Items: []HistoryItem{}}
	calls, err := q.called(q.centre.Desk.Digest(q.callerOf(id).Number), historyDays*24*time.Hour)
	if err != nil {
		return nil, s.refuse(ctx, err)
	}
	var o *org.State
	q.centre.Board.Look(func(h *joint.House) { o = h.Org })
	for _, k := range calls {
		if k.Call != id {
			out.Items = append(out.Items, HistoryItem{
				Call: k.Call, At: k.At, Incident: k.Incident, Number: k.Number, Type: k.Type, TypeName: o.Types[k.Type].Name, Phase: k.Phase, Address: k.Address, Open: k.Open,
			})
		}
	}
	return &struct{ Body list[HistoryItem] }{Body: out}, nil
}
