package api

import (
	"reflect"
	"slices"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"shuniu/internal/assignment"
	"shuniu/internal/board"
	"shuniu/internal/cad"
	"shuniu/internal/fault"
	"shuniu/internal/geo"
	"shuniu/internal/incident"
	"shuniu/internal/joint"
	"shuniu/internal/joint/dispatch"
)

// PlaceInput is a place as clients send it.
type PlaceInput struct {
	Lon     *float64 `json:"lon,omitempty" minimum:"-180" maximum:"180"`
	Lat     *float64 `json:"lat,omitempty" minimum:"-90" maximum:"90"`
	Address string   `json:"address,omitempty" maxLength:"2000"`
	Approx  bool     `json:"approx,omitempty"`
}

func (p *PlaceInput) point() *geo.Point {
	if p == nil || p.Lon == nil || p.Lat == nil {
		return nil
	}
	return &geo.Point{Lon: *p.Lon, Lat: *p.Lat}
}

type (
	textBody struct {
		Text   string `json:"text,omitempty" maxLength:"100000"`
		Reason string `json:"reason,omitempty" maxLength:"10000"`
	}
	otherBody struct {
		To   string `json:"to,omitempty"`
		Into string `json:"into,omitempty"`
	}
	classifyBody struct {
		Type     cad.TypeID      `json:"type,omitempty"`
		Priority cad.Priority    `json:"priority,omitempty" enum:"P1,P2,P3,P4"`
		Level    cad.Level       `json:"level,omitempty" enum:"I,II,III,IV"`
		Duty     cad.DutyGrade   `json:"duty_grade,omitempty" enum:"1,2,3"`
		Patrol   cad.PatrolLevel `json:"patrol_level,omitempty" enum:"1,2,3"`
		Tags     *[]cad.TagID    `json:"tags,omitempty"`
		Reason   string          `json:"reason,omitempty" maxLength:"2000"`
	}
	dispatchBody struct {
		Units    []cad.UnitID `json:"units" maxItems:"500"`
		IDs      []string     `json:"ids,omitempty" maxItems:"500" doc:"UUIDs of the assignments to make, chosen by the client, one for each unit in order."`
		Way      string       `json:"level,omitempty" enum:"one,two" doc:"one: centre to crew; two: through the station desk."`
		Station  cad.OrgID    `json:"station,omitempty"`
		Stack    bool         `json:"stack,omitempty" doc:"Busy units take it on afterwards."`
		Reassign bool         `json:"reassign,omitempty" doc:"Busy units leave what they do."`
		Reason   string       `json:"reason,omitempty" maxLength:"2000"`
		Advice   string       `json:"advice,omitempty" maxLength:"40" doc:"The recommendation that stood on the screen, by its id."`
	}
	recallBody struct {
		Units  []cad.UnitID `json:"units" maxItems:"500"`
		Reason string       `json:"reason,omitempty" maxLength:"2000"`
	}
	feedbackBody struct {
		Kind     incident.ReportKind `json:"kind" enum:"first,supplementary,final"`
		Result   string              `json:"result,omitempty" maxLength:"80"`
		Type     cad.TypeID          `json:"type,omitempty"`
		Officers int                 `json:"officers,omitempty" minimum:"0" maximum:"10000"`
		Taken    int                 `json:"people_taken,omitempty" minimum:"0" maximum:"10000"`
		Text     string              `json:"text,omitempty" maxLength:"100000"`
	}
	partnerBody struct {
		Partner cad.PartnerID `json:"partner,omitempty"`
		To      cad.PartnerID `json:"to,omitempty"`
		Text    string        `json:"text,omitempty" maxLength:"10000"`
		Reason  string        `json:"reason,omitempty" maxLength:"10000"`
	}
	locateBody struct {
		Place PlaceInput `json:"place"`
	}
	waveBody struct {
		Wave   int    `json:"wave,omitempty" minimum:"1" maximum:"9" doc:"The wave to be in force; the next one if it is not given. A repeat with it changes nothing."`
		Reason string `json:"reason,omitempty" maxLength:"10000"`
	}
	closeBody struct {
		Disposition string `json:"disposition,omitempty" maxLength:"80"`
	}
)

func (b textBody) words() string { return b.Text + b.Reason }

// incidentID takes an id or a number as people say it, also of an incident that left memory long ago.
func (q request) incidentID(id string) cad.IncidentID {
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return cad.IncidentID(id)
	}
	var found cad.IncidentID
	var given int64
	q.centre.Board.Look(func(h *joint.House) { found, given = h.Numbered(n), h.Count })
	if found == "" && n <= given {
		found, _ = q.centre.Desk.Numbered(q.ctx, n) // What cannot be looked up is not found.
	}
	return found
}

// row is the row of an incident, also of one that has left memory.
func (q request) row(id cad.IncidentID) ([]byte, error) {
	row, _, err := q.seen(id)
	return row, err
}

// seen is the row of an incident, and whether this session may read the words about it.
func (q request) seen(id cad.IncidentID) (row []byte, private bool, err error) {
	class, b, subject := board.ClassOf(q.actor), q.centre.Board, incident.Subject(id)
	if row, sees := b.Opened(class, id); sees {
		return row, b.May(class, "private.read", subject), nil
	}
	here := false
	b.Look(func(h *joint.House) { here = h.Incidents[id] != nil })
	if here || id == "" {
		return nil, false, noIncident("api.Incident")
	}
	h, err := q.centre.Desk.Recall(q.ctx, id)
	if err != nil {
		return nil, false, err
	}
	row, sees := b.Old(class, h, id)
	if !sees {
		return nil, false, noIncident("api.Incident")
	}
	return row, b.MayOld(class, h, "private.read", subject), nil
}

// incidentRoutes lists every address about incidents.
func (s *Server) incidentRoutes() {
	taking := s.looseOperation("/incidents", "Take the first word of an incident", reflect.TypeFor[NewIncident](), "NewIncident")
	huma.Register(s.api, taking, s.receive)
	optional(taking) // Nothing at all is answered by us, in our words.
	put(s, "/incidents/{id}/classify", "Grade an incident, or grade it anew", func(q request, id string, b classifyBody) (joint.Command, error) {
		i := q.incidentID(id)
		sealed, err := q.seal(incident.Subject(i), b.Reason)
		return joint.Classify{
			ID: i, Type: b.Type, Priority: b.Priority, Level: b.Level, Duty: b.Duty, Patrol: b.Patrol, Tags: b.Tags, Reason: sealed,
		}, err
	})
	put(s, "/incidents/{id}/locate", "Say where it is, or better than before", func(q request, id string, b locateBody) (joint.Command, error) {
		i := q.incidentID(id)
		p := b.Place.point()
		sealed, err := q.centre.Desk.Seal(incident.Subject(i), board.Opening{Address: b.Place.Address})
		return joint.Locate{ID: i, Place: p, Street: q.street(p), Approx: b.Place.Approx, Address: sealed}, err
	})
	worded(s, "note", "Write something down", func(i cad.IncidentID, t cad.Sealed) incident.Command { return incident.Note{ID: i, Text: t} })
	worded(s, "review", "The feedback is in order", func(i cad.IncidentID, t cad.Sealed) incident.Command { return incident.Review{ID: i, Text: t} })
	worded(s, "return", "Send the feedback back for correction", func(i cad.IncidentID, t cad.Sealed) incident.Command {
		return incident.ReturnForCorrection{ID: i, Text: t}
	})
	worded(s, "reopen", "Take an ended incident up again", func(i cad.IncidentID, t cad.Sealed) incident.Command { return incident.Reopen{ID: i, Text: t} })
	worded(s, "invalid", "It was no incident", func(i cad.IncidentID, t cad.Sealed) incident.Command { return incident.Invalidate{ID: i, Text: t} })
	worded(s, "urge", "The caller pressed again", func(i cad.IncidentID, t cad.Sealed) incident.Command { return incident.Urge{ID: i, Text: t} })
	put(s, "/incidents/{id}/close", "End a reviewed incident", func(q request, id string, b closeBody) (joint.Command, error) {
		i := q.incidentID(id)
		return joint.AboutIncident{ID: i, Name: "close", Cmd: incident.Close{ID: i, Disposition: b.Disposition}}, nil
	})
	put(s, "/incidents/{id}/handover", "Give it to another accountable commander", func(q request, id string, b otherBody) (joint.Command, error) {
		i := q.incidentID(id)
		to, known := s.person(b.To)
		return joint.AboutIncident{ID: i, Name: "handover", Cmd: incident.HandOver{ID: i, To: to, Known: known}}, nil
	})
	put(s, "/incidents/{id}/link", "Note that two incidents belong together", func(q request, id string, b otherBody) (joint.Command, error) {
		return joint.Link{ID: q.incidentID(id), Other: q.incidentID(b.To)}, nil
	})
	put(s, "/incidents/{id}/unlink", "Take a link away", func(q request, id string, b otherBody) (joint.Command, error) {
		return joint.Link{ID: q.incidentID(id), Other: q.incidentID(b.To), Undo: true}, nil
	})
	put(s, "/incidents/{id}/merge", "Let it live on in another", func(q request, id string, b otherBody) (joint.Command, error) {
		return joint.Merge{ID: q.incidentID(id), Into: q.incidentID(b.Into)}, nil
	})
	put(s, "/incidents/{id}/split", "Take a merged incident apart again", func(q request, id string, _ struct{}) (joint.Command, error) {
		return joint.Split{ID: q.incidentID(id)}, nil
	})
	s.incidentForces()
	s.incidentPartners()
}

// worded registers a verb that takes only words.
func worded(s *Server, name, summary string, cmd func(cad.IncidentID, cad.Sealed) incident.Command) {
	put(s, "/incidents/{id}/"+name, summary, func(q request, id string, b textBody) (joint.Command, error) {
		i := q.incidentID(id)
		sealed, err := q.seal(incident.Subject(i), b.words())
		return joint.AboutIncident{ID: i, Name: name, Cmd: cmd(i, sealed)}, err
	})
}

func (s *Server) incidentForces() {
	put(s, "/incidents/{id}/dispatch", "Send units", func(q request, id string, b dispatchBody) (joint.Command, error) {
		i := q.incidentID(id)
		sealed, err := q.seal(incident.Subject(i), b.Reason)
		cmd := dispatch.Send{
			Incident: i, Units: b.Units, Way: b.Way, Station: b.Station, Stack: b.Stack, Reassign: b.Reassign, Reason: sealed,
		}
		q.record(&cmd, s.advised(q, i), b.Advice)
		if len(b.IDs) > 0 && len(b.IDs) != len(b.Units) {
			return nil, fault.New("api.Dispatch", fault.Invalid, "%d ids for %d units", len(b.IDs), len(b.Units)).Because("ids_count").At("ids").
				Mend("send one id for each unit, or none")
		}
		for n := range b.Units {
			var chosen string
			if len(b.IDs) > 0 {
				chosen = b.IDs[n]
			}
			a, good := idOr(chosen)
			if !good || slices.Contains(cmd.IDs, cad.AssignmentID(a)) {
				return nil, fault.New("api.Dispatch", fault.Invalid, "%q is not an id that can be given to an assignment", chosen).Because("bad_id").At("ids").
					Mend("send a new UUID, or leave the ids out")
			}
			cmd.IDs = append(cmd.IDs, cad.AssignmentID(a))
			cmd.Old = cmd.Old || chosen != "" && q.left(assignment.Subject(cad.AssignmentID(a)))
		}
		return cmd, err
	})
	put(s, "/incidents/{id}/raise-wave", "Ask for the next wave of its response plan; sends nobody", func(q request, id string, b waveBody) (joint.Command, error) {
		i := q.incidentID(id)
		sealed, err := q.seal(incident.Subject(i), b.Reason)
		return joint.AboutIncident{ID: i, Name: "raise_wave", Cmd: incident.RaiseWave{ID: i, Wave: b.Wave, Text: sealed}}, err
	})
	put(s, "/incidents/{id}/recall", "Take units back", func(q request, id string, b recallBody) (joint.Command, error) {
		i := q.incidentID(id)
		sealed, err := q.seal(incident.Subject(i), b.Reason)
		return dispatch.Recall{Incident: i, Units: b.Units, Text: sealed}, err
	})
	put(s, "/incidents/{id}/feedback", "Report back what was found and done", func(q request, id string, b feedbackBody) (joint.Command, error) {
		i := q.incidentID(id)
		sealed, err := q.seal(incident.Subject(i), b.Text)
		return joint.AboutIncident{ID: i, Name: "feedback", Cmd: incident.GiveFeedback{
			ID: i, Kind: b.Kind, Result: b.Result, Type: b.Type, Officers: b.Officers, Taken: b.Taken, Text: sealed,
		}}, err
	})
}

func (s *Server) incidentPartners() {
	put(s, "/incidents/{id}/transfer", "Hand it over to another service", func(q request, id string, b partnerBody) (joint.Command, error) {
		i := q.incidentID(id)
		sealed, err := q.seal(incident.Subject(i), b.Text+b.Reason)
		approved := q.centre.Desk.May(q.actor, incident.ApproveTransfer, q.centre.thing(incident.Subject(i))) == nil
		return joint.AboutIncident{ID: i, Name: "transfer", Cmd: incident.Transfer{ID: i, Partner: b.To, Approved: approved, Text: sealed}}, err
	})
	put(s, "/incidents/{id}/with", "Tell another service and stay", func(q request, id string, b partnerBody) (joint.Command, error) {
		i := q.incidentID(id)
		sealed, err := q.seal(incident.Subject(i), b.Text)
		return joint.AboutIncident{ID: i, Name: "with", Cmd: incident.ActTogether{ID: i, Partner: b.Partner, Text: sealed}}, err
	})
	put(s, "/incidents/{id}/follow_up", "Write down how it went with another service", func(q request, id string, b partnerBody) (joint.Command, error) {
		i := q.incidentID(id)
		sealed, err := q.seal(incident.Subject(i), b.Text)
		return joint.AboutIncident{ID: i, Name: "follow_up", Cmd: incident.FollowUp{ID: i, Partner: b.Partner, Text: sealed}}, err
	})
	put(s, "/admin/erase/{id}", "Destroy the private parts of one life, on a legal ground: of an incident with its calls, of a unit with all its duress", func(q request, id string, b textBody) (joint.Command, error) {
		if b.words() == "" {
			return nil, fault.New("api.Erase", fault.Invalid, "erasure needs its legal ground").Because("ground_required").At("reason")
		}
		also, err := q.duressOf(cad.Subject(id))
		return joint.Erase{Subject: cad.Subject(id), Also: also, Ground: b.words()}, err
	})
}

// street names the nearest street of a place, for rows and words.
func (q request) street(p *geo.Point) string {
	if p == nil || q.centre.Map == nil || q.centre.Map.Streets == nil {
		return ""
	}
	snap, _ := q.centre.Map.Streets.Snap(*p, 500)
	return snap.Name
}

// duressOf lists every duress that a unit was in and that has words of its own; nothing of other lives.
func (q request) duressOf(s cad.Subject) ([]cad.Subject, error) {
	if kind, _ := s.Split(); kind != "unit" {
		return nil, nil
	}
	story, err := q.centre.Desk.Story(q.ctx, s)
	if err != nil {
		return nil, err
	}
	var out []cad.Subject
	for _, t := range story {
		for _, x := range t.Record.Subjects {
			if kind, _ := x.Split(); kind == "duress" && !slices.Contains(out, x) {
				out = append(out, x)
			}
		}
	}
	return out, nil
}
