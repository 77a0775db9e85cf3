package api

import (
	"context"
	"net/http"
	"reflect"
	"time"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"

	"shuniu/internal/board"
	"shuniu/internal/cad"
	"shuniu/internal/call"
	"shuniu/internal/fault"
	"shuniu/internal/incident"
	"shuniu/internal/joint"
	"shuniu/internal/joint/dispatch"
	"shuniu/internal/track"
	"shuniu/internal/unit"

	"shuniu/internal/geo"
)

type (
	attachBody struct {
		Incident string `json:"incident"`
		Urge     bool   `json:"urge,omitempty" doc:"The caller pressed again."`
	}
	lostBody struct {
		Incident string `json:"incident,omitempty" doc:"UUID for the incident that calls back, chosen by the client; another one is given if it cannot be used."`
	}
	statusBody struct {
		To           string `json:"to" enum:"desk_signed,acknowledged,en_route,staged,on_scene,transporting,at_facility,cleared,clear,available,unavailable,off_duty"`
		Incident     string `json:"incident,omitempty"`
		Reason       string `json:"reason,omitempty" maxLength:"80"`
		Redeployable *bool  `json:"redeployable,omitempty"`
	}
	contactBody struct {
		Lost *bool  `json:"lost,omitempty" doc:"true: nothing is heard of it; false: it is heard again. Required."`
		Text string `json:"text,omitempty" maxLength:"10000" doc:"What was tried, or how it was heard."`
	}
	backupBody struct {
		Count int    `json:"count" minimum:"1" maximum:"100"`
		Text  string `json:"text,omitempty" maxLength:"10000"`
	}
	positionBody struct {
		Lon      float64   `json:"lon" minimum:"-180" maximum:"180"`
		Lat      float64   `json:"lat" minimum:"-90" maximum:"90"`
		At       time.Time `json:"at,omitempty"`
		Heading  *float64  `json:"heading,omitempty" minimum:"0" maximum:"360"`
		SpeedKmh *float64  `json:"speed_kmh,omitempty" minimum:"0" maximum:"1000"`
	}
	positionOutput struct{ Status int }
)

// NewCall is the body of POST calls. Every part may be missing, and one that makes no sense is kept aside and marked:
// a call is never refused for what the network said of it (promise P8).
type NewCall struct {
	ID     string      `json:"id,omitempty" doc:"UUIDv7 chosen by the client; another one is given if it cannot be used."`
	Line   string      `json:"line,omitempty" doc:"The line or trunk; at most 40 letters."`
	Number string      `json:"number,omitempty"`
	Name   string      `json:"name,omitempty"`
	Place  *PlaceInput `json:"place,omitempty"`
}

// ring takes whatever can be parsed.
func (s *Server) ring(ctx context.Context, in *rawInput) (*writeOutput, error) {
	q := request{ctx: ctx, centre: centreOf(ctx), actor: actorOf(ctx)}
	r, whole := readLoosely(in.RawBody)
	if !whole {
		return nil, s.refuse(ctx, noJSON("api.Ring"))
	}
	h := r.headers(in.LooseHeaders)
	id, good := idOr(r.text("id"))
	if !good {
		r.setAside("id", "not_an_id")
	}
	cmd := call.Arrive{ID: cad.CallID(id), Line: r.text("line")}
	if utf8.RuneCountInString(cmd.Line) > lineNameMax {
		cmd.Line = ""
		r.setAside("line", "too_long")
	}
	told := board.Told{Caller: board.Caller{Number: r.text("number"), Name: r.text("name")}}
	cmd.Place, told.Address, _ = r.place()
	r.rest()
	if cmd.Happened = h.Happened.UTC(); !cmd.Happened.IsZero() && !joint.Believable(cmd.Happened, q.centre.Desk.Now(), joint.ReportedMax) {
		cmd.Happened = time.Time{}
		r.setAside("header.Happened-At", "bad_time")
	}
	if cmd.Aside = r.aside; len(r.aside) > 0 {
		told.Raw = in.RawBody
	}
	var err error
	if cmd.Caller, err = q.centre.Desk.Seal(call.Subject(cmd.ID), told); err != nil {
		return nil, s.refuse(ctx, err)
	}
	q.centre.Board.Look(func(h *joint.House) { cmd.AnswerWithinS = h.Org.AnswerWithinS })
	return s.do(q, h, in.RawBody, joint.AboutCall{ID: cmd.ID, Name: "arrive", Cmd: cmd}, http.StatusCreated)
}

// callRoutes lists every address about calls.
func (s *Server) callRoutes() {
	ringing := s.looseOperation("/calls", "A call rings", reflect.TypeFor[NewCall](), "NewCall")
	huma.Register(s.api, ringing, s.ring)
	optional(ringing)
	put(s, "/calls/{id}/answer", "Take the call", func(_ request, id string, _ struct{}) (joint.Command, error) {
		return joint.AboutCall{ID: cad.CallID(id), Name: "answer", Cmd: call.Answer{ID: cad.CallID(id)}}, nil
	})
	put(s, "/calls/{id}/attach", "It belongs to an incident that is known", func(q request, id string, b attachBody) (joint.Command, error) {
		return joint.Attach{Call: cad.CallID(id), Incident: q.incidentID(b.Incident), Urge: b.Urge}, nil
	})
	put(s, "/calls/{id}/detach", "It does not belong to that incident", func(_ request, id string, _ struct{}) (joint.Command, error) {
		return joint.AboutCall{ID: cad.CallID(id), Name: "detach", Cmd: call.Detach{ID: cad.CallID(id)}}, nil
	})
	put(s, "/calls/{id}/abandon", "The caller hung up; somebody must call back", func(_ request, id string, b lostBody) (joint.Command, error) {
		made, _ := idOr(b.Incident) // Never refused for it: another is given.
		return joint.LoseCall{Call: cad.CallID(id), Incident: cad.IncidentID(made), Spare: cad.IncidentID(newID())}, nil
	})
	put(s, "/calls/{id}/silent", "Nobody spoke; somebody must call back", func(_ request, id string, b lostBody) (joint.Command, error) {
		made, _ := idOr(b.Incident) // Never refused for it: another is given.
		return joint.LoseCall{Call: cad.CallID(id), Silent: true, Incident: cad.IncidentID(made), Spare: cad.IncidentID(newID())}, nil
	})
	put(s, "/calls/{id}/transfer", "Hand the caller over to another service", func(_ request, id string, b partnerBody) (joint.Command, error) {
		return joint.AboutCall{ID: cad.CallID(id), Name: "transfer", Cmd: call.TransferTo{ID: cad.CallID(id), Partner: b.To}}, nil
	})
	s.lineRoutes()
}

// unitRoutes lists every address about units.
func (s *Server) unitRoutes() {
	put(s, "/units/{id}/status", "A unit's word", func(q request, id string, b statusBody) (joint.Command, error) {
		return joint.SayUnit{
			Unit: cad.UnitID(id), To: b.To, Incident: q.incidentID(b.Incident), Reason: b.Reason, Redeployable: b.Redeployable,
		}, nil
	})
	s.duressRoute()
	s.standbyRoutes()
	put(s, "/units/{id}/contact", "Nothing is heard of a unit, or it is heard again", func(q request, id string, b contactBody) (joint.Command, error) {
		u := cad.UnitID(id)
		if b.Lost == nil {
			return nil, fault.New("api.Contact", fault.Invalid, "say whether contact is lost").Because("lost_required").At("lost").
				Mend("send lost: true, or false when the unit is heard again")
		}
		sealed, err := q.seal(q.workOf(u), b.Text)
		if *b.Lost {
			return joint.AboutUnit{ID: u, Name: "lose_contact", Cmd: unit.LoseContact{ID: u, Text: sealed}}, err
		}
		return joint.AboutUnit{ID: u, Name: "regain_contact", Cmd: unit.RegainContact{ID: u, Text: sealed}}, err
	})
	put(s, "/units/{id}/backup", "A crew asks for more crews", func(q request, id string, b backupBody) (joint.Command, error) {
		sealed, err := q.seal(q.workOf(cad.UnitID(id)), b.Text)
		return dispatch.AskBackup{Unit: cad.UnitID(id), Count: b.Count, Text: sealed}, err
	})
	op := huma.Operation{
		OperationID: "post-units-id-position", Method: http.MethodPost, Path: "/api/v1/units/{id}/position", Summary: "Where a unit is; not a fact",
		Tags: []string{"units"}, DefaultStatus: http.StatusNoContent, MaxBodyBytes: maxBodyBytes,
	}
	huma.Register(s.api, op, func(ctx context.Context, in *struct {
		ID   string `path:"id"`
		Body positionBody
	},
	) (*positionOutput, error) {
		c, actor := centreOf(ctx), actorOf(ctx)
		if err := c.Desk.May(actor, "unit.position", c.thing(unit.Subject(cad.UnitID(in.ID)))); err != nil {
			return nil, s.refuse(ctx, err)
		}
		if !c.knowsUnit(cad.UnitID(in.ID)) { // Or any caller could fill the memory with units of his own.
			return nil, s.refuse(ctx, noUnit("api.Position", in.ID))
		}
		b := in.Body
		fix := track.Fix{Unit: cad.UnitID(in.ID), Point: geo.Point{Lon: b.Lon, Lat: b.Lat}, At: b.At, HeadingDeg: b.Heading, SpeedKmh: b.SpeedKmh}
		if err := c.Track.Put(fix, c.Desk.Now()); err != nil {
			return nil, s.refuse(ctx, err)
		}
		return &positionOutput{Status: http.StatusNoContent}, nil
	})
}

// knowsUnit reports whether the house holds a unit: enrolled once, or heard crying for help.
func (c *Centre) knowsUnit(id cad.UnitID) (knows bool) {
	c.Board.Look(func(h *joint.House) { knows = h.Units[id] != nil })
	return knows
}

func noUnit(op, id string) error {
	return fault.New(op, fault.NotFound, "there is no unit %s", id).Because("no_unit", "unit", id).At("id").
		Mend("look the id up in the list of units")
}

// duressWords seals what is said in a duress under the life of that duress, which is a new one unless the unit is in
// duress already. Words that cannot be sealed are left out and logged: help does not wait for them (promise P9).
func (s *Server) duressWords(q request, u cad.UnitID, text string) (cad.DuressID, cad.Sealed) {
	id := cad.DuressID(newID())
	q.centre.Board.Look(func(h *joint.House) {
		if d := h.Unit(u).Duress; d != nil && d.ID != "" {
			id = d.ID
		}
	})
	sealed, err := q.seal(unit.DuressSubject(id), text)
	if err != nil {
		s.log.ErrorContext(q.ctx, "the words of a duress cannot be sealed; it is raised without them", "unit", u, "error", err)
	}
	return id, sealed
}

// workOf is what a crew's words are sealed under: the incident that it works on, so that they are erased with it.
func (q request) workOf(u cad.UnitID) cad.Subject {
	subject := unit.Subject(u)
	q.centre.Board.Look(func(h *joint.House) {
		if stack := h.Stack(u); len(stack) > 0 {
			subject = incident.Subject(stack[0].Incident)
		}
	})
	return subject
}
