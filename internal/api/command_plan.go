package api

import (
	"slices"
	"strings"

	"shuniu/internal/board"
	"shuniu/internal/cad"
	"shuniu/internal/fault"
	"shuniu/internal/incident"
	"shuniu/internal/joint"
	"shuniu/internal/joint/dispatch"
	"shuniu/internal/joint/line"
	"shuniu/internal/unit"
)

// each makes one command of those for each unit.
func each(units []cad.UnitID, command func(cad.UnitID) (joint.Command, error)) (joint.Command, error) {
	var all joint.Together
	for _, u := range units {
		c, err := command(u)
		if err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	if len(all) == 1 {
		return all[0], nil
	}
	return all, nil
}

// planned is what a plan asks of the desk: one command, so that it happens whole or not at all.
func (s *Server) planned(q request, p line.Plan, sn seen) (joint.Command, error) {
	if cmd, err := s.plannedUnit(q, p); cmd != nil || err != nil {
		return cmd, err
	}
	if p.Verb == line.New {
		return q.newByLine(p)
	}
	sealed, err := q.seal(incident.Subject(p.Incident), p.Text)
	if err != nil {
		return nil, err
	}
	switch p.Verb {
	case line.Send, line.Reassign:
		return q.sendByLine(p, sealed, sn), nil
	case line.Recall:
		return dispatch.Recall{Incident: p.Incident, Units: p.Units, Text: sealed}, nil
	case line.Merge:
		return joint.Merge{ID: p.Incident, Into: p.Other}, nil
	case line.Split:
		return joint.Split{ID: p.Incident}, nil
	case line.Link, line.Unlink:
		return joint.Link{ID: p.Incident, Other: p.Other, Undo: p.Verb == line.Unlink}, nil
	case line.Priority, line.Level, line.Type:
		return joint.Classify{ID: p.Incident, Priority: cad.Priority(p.To), Level: p.Level, Type: p.Type, Reason: sealed}, nil
	case line.Tag, line.Untag:
		return joint.Classify{ID: p.Incident, Tags: q.tagged(p), Reason: sealed}, nil
	case line.Locate:
		return q.locateByLine(p)
	}
	cmd := s.wordedByLine(q, p, sealed)
	if cmd == nil {
		return nil, fault.New("api.Command", fault.Internal, "the plan %q has no command", p.Verb)
	}
	return joint.AboutIncident{ID: p.Incident, Name: p.Verb, Cmd: cmd}, nil
}

// plannedUnit is what a plan about units asks; nil if it is about something else.
func (s *Server) plannedUnit(q request, p line.Plan) (joint.Command, error) {
	switch p.Verb {
	case line.Say:
		return each(p.Units, func(u cad.UnitID) (joint.Command, error) {
			say := joint.SayUnit{Unit: u, To: p.To, Incident: p.Incident, Reason: q.reasonNamed(p.Text)}
			if p.Happened != nil {
				say.Happened = *p.Happened
			}
			return say, nil
		})
	case line.Duress, line.Safe:
		return each(p.Units, func(u cad.UnitID) (joint.Command, error) {
			d, sealed := s.duressWords(q, u, p.Text)
			if p.Verb == line.Safe {
				return joint.AboutUnit{ID: u, Name: "clear_duress", Cmd: unit.ClearDuress{ID: u, Duress: d, Text: sealed}}, nil
			}
			return joint.AboutUnit{ID: u, Name: "duress", Cmd: unit.RaiseDuress{ID: u, Duress: d, Text: sealed}}, nil
		})
	case line.Lost:
		return each(p.Units, func(u cad.UnitID) (joint.Command, error) {
			return joint.AboutUnit{ID: u, Name: "lose_contact", Cmd: unit.LoseContact{ID: u}}, nil
		})
	case line.Found:
		return each(p.Units, func(u cad.UnitID) (joint.Command, error) {
			return joint.AboutUnit{ID: u, Name: "regain_contact", Cmd: unit.RegainContact{ID: u}}, nil
		})
	case line.Standby, line.CallOff:
		return each(p.Units, func(u cad.UnitID) (joint.Command, error) { return q.standbyByLine(p, u) })
	case line.Backup:
		sealed, err := q.seal(q.workOf(p.Units[0]), p.Text)
		return dispatch.AskBackup{Unit: p.Units[0], Count: p.Count, Text: sealed}, err
	}
	return nil, nil
}

// wordedByLine is a command of the incident room; nil if the plan is none of them.
func (s *Server) wordedByLine(q request, p line.Plan, sealed cad.Sealed) incident.Command {
	switch p.Verb {
	case line.Note:
		return incident.Note{ID: p.Incident, Text: sealed}
	case line.Chase:
		return incident.Urge{ID: p.Incident, Text: sealed}
	case line.Wave:
		return incident.RaiseWave{ID: p.Incident, Wave: p.Count, Text: sealed}
	case line.Close:
		return incident.Close{ID: p.Incident, Disposition: p.Result}
	case line.Review:
		return incident.Review{ID: p.Incident, Text: sealed}
	case line.Return:
		return incident.ReturnForCorrection{ID: p.Incident, Text: sealed}
	case line.Reopen:
		return incident.Reopen{ID: p.Incident, Text: sealed}
	case line.Invalid:
		return incident.Invalidate{ID: p.Incident, Text: sealed}
	case line.Feedback:
		return incident.GiveFeedback{ID: p.Incident, Kind: p.Kind(), Result: p.Result, Text: sealed}
	case line.HandOver:
		to, known := s.person(p.To)
		return incident.HandOver{ID: p.Incident, To: to, Known: known}
	case line.With:
		return incident.ActTogether{ID: p.Incident, Partner: cad.PartnerID(p.To), Text: sealed}
	case line.FollowUp:
		return incident.FollowUp{ID: p.Incident, Partner: cad.PartnerID(p.To), Text: sealed}
	case line.Transfer:
		approved := q.centre.Desk.May(q.actor, incident.ApproveTransfer, q.centre.thing(incident.Subject(p.Incident))) == nil
		return incident.Transfer{ID: p.Incident, Partner: cad.PartnerID(p.To), Approved: approved, Text: sealed}
	}
	return nil
}

// tagged are the tags of an incident with those of a plan, or without them.
func (q request) tagged(p line.Plan) *[]cad.TagID {
	var out []cad.TagID
	q.centre.Board.Look(func(h *joint.House) { out = slices.Clone(h.Incident(p.Incident).Tags) })
	for _, t := range p.Tags {
		switch {
		case p.Verb == line.Untag:
			out = slices.DeleteFunc(out, func(x cad.TagID) bool { return x == t })
		case !slices.Contains(out, t):
			out = append(out, t)
		}
	}
	return &out
}

// locateByLine puts an incident where the line says.
func (q request) locateByLine(p line.Plan) (joint.Command, error) {
	cmd := joint.Locate{ID: p.Incident, Place: p.Place, Approx: p.Approx, Street: q.street(p.Place)}
	if q.dry {
		cmd.Address = cad.Sealed{Subject: incident.Subject(p.Incident), Box: []byte{0}}
		return cmd, nil
	}
	var err error
	cmd.Address, err = q.centre.Desk.Seal(incident.Subject(p.Incident), board.Opening{Address: p.Address})
	return cmd, err
}

// reasonNamed is the id of the reason that people call so; the words themselves if the centre has none by that name.
func (q request) reasonNamed(words string) string {
	id := words
	q.centre.Board.Look(func(h *joint.House) {
		for _, r := range h.Org.Reasons {
			for _, name := range r.Name {
				if strings.EqualFold(name, words) {
					id = r.ID
				}
			}
		}
	})
	return id
}

// newByLine opens an incident with what the line says of it.
func (q request) newByLine(p line.Plan) (joint.Command, error) {
	id := newID()
	cmd := joint.Receive{ID: cad.IncidentID(id), Source: incident.Phone, Type: p.Type, Priority: p.Priority, Place: p.Place, Approx: p.Approx}
	if p.Place != nil {
		cmd.Street = q.street(p.Place)
	}
	if q.dry {
		return cmd, nil
	}
	var err error
	cmd.Private, err = q.centre.Desk.Seal(incident.Subject(cmd.ID), board.Opening{Narrative: p.Text, Address: p.Address})
	return cmd, err
}
