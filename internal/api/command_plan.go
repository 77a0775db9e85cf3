package api

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"shuniu/internal/board"
	"shuniu/internal/cad"
	"shuniu/internal/fault"
	"shuniu/internal/incident"
	"shuniu/internal/joint"
	"shuniu/internal/joint/dispatch"
	"shuniu/internal/joint/line"
	"shuniu/internal/order"
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
	switch p.Verb {
	case line.New:
		return q.newByLine(p)
	case line.Order:
		return q.orderByLine(p, sn)
	case line.Chase:
		return chaseByLine(p), nil
	case line.Signed, line.Answered, line.Cleared:
		return q.followedByLine(p)
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
	case line.Urge:
		return incident.Urge{ID: p.Incident, Text: sealed}
	case line.AskSeat:
		return incident.AskSeat{ID: p.Incident, Seat: cad.SeatID(p.To), Text: sealed}
	case line.TakeSeat:
		return incident.TakeSeat{ID: p.Incident, Seat: cad.SeatID(p.To)}
	case line.EndSeat:
		return incident.EndSeat{ID: p.Incident, Seat: cad.SeatID(p.To), Result: p.Result, Text: sealed}
	case line.Schedule:
		return incident.Schedule{ID: p.Incident, At: *p.Due, LeadS: q.lead()}
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

// lead is how long before an appointment its incident comes into the queue, seconds.
func (q request) lead() (s int64) {
	q.centre.Board.Look(func(h *joint.House) { s = h.Org.LeadS })
	return s
}

// chaseByLine presses each who owes something.
func chaseByLine(p line.Plan) joint.Command {
	var all joint.Together
	for _, o := range p.Owed {
		all = append(all, dispatch.Chase{Incident: p.Incident, Kind: o.Kind, Unit: o.Unit})
	}
	if len(all) == 1 {
		return all[0]
	}
	return all
}

// assignWithinS is how long a station's desk has to send a crew where the incident says no limit, seconds.
const assignWithinS = 900

// orderByLine gives an order. A station's desk that is to choose a crew itself is told so in the words that were typed.
func (q request) orderByLine(p line.Plan, sn seen) (joint.Command, error) {
	cmd := joint.IssueOrder{ID: cad.OrderID(newID()), Urgency: order.Urgency(p.Urgency), Power: cmp.Or(sn.power, cad.Direct), Incident: p.Incident}
	for _, u := range q.everybody(p) {
		cmd.To = append(cmd.To, order.To{Kind: order.ToUnit, ID: string(u)})
	}
	for _, o := range p.Stations {
		cmd.To = append(cmd.To, order.To{Kind: order.ToOrg, ID: string(o)})
	}
	for _, s := range p.Seats {
		cmd.To = append(cmd.To, order.To{Kind: order.ToSeat, ID: string(s)})
	}
	text := p.Text
	switch {
	case p.Due != nil:
		cmd.Due = *p.Due
	default:
		text, cmd.Due = strings.TrimSpace(sn.text), q.centre.Desk.Now().Add(q.arriveWithin(p.Incident))
	}
	if q.dry {
		cmd.Text = cad.Sealed{Subject: wordsOf(cmd.ID, cmd.Incident), Box: []byte{0}}
		return cmd, nil
	}
	var err error
	cmd.Text, err = q.centre.Desk.Seal(wordsOf(cmd.ID, cmd.Incident), board.OrderWords{Text: text})
	return cmd, err
}

// everybody are the units that an order names; those on duty if it names all.
func (q request) everybody(p line.Plan) []cad.UnitID {
	if !p.All {
		return p.Units
	}
	var out []cad.UnitID
	q.centre.Board.Look(func(h *joint.House) {
		for id, u := range h.Units {
			if !u.Retired && u.Base(len(h.Stack(id)) > 0) != unit.OffDuty {
				out = append(out, id)
			}
		}
	})
	slices.Sort(out)
	return out
}

// arriveWithin is within what time a crew must be at an incident.
func (q request) arriveWithin(id cad.IncidentID) time.Duration {
	within := int64(assignWithinS)
	q.centre.Board.Look(func(h *joint.House) {
		for _, l := range h.Incident(id).Limits {
			if l.Kind == "arrive" {
				within = l.WithinS
			}
		}
	})
	return time.Duration(within) * time.Second
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
