package sim_test

import (
	"fmt"
	"iter"
	"strings"
	"time"

	"shuniu/internal/alarm"
	"shuniu/internal/assignment"
	"shuniu/internal/board"
	"shuniu/internal/cad"
	"shuniu/internal/call"
	"shuniu/internal/desk"
	"shuniu/internal/geo"
	"shuniu/internal/incident"
	"shuniu/internal/joint"
	"shuniu/internal/joint/dispatch"
	"shuniu/internal/joint/jointtest"
	"shuniu/internal/org"
	"shuniu/internal/policy"
	"shuniu/internal/unit"
)

var (
	dispatcher = cad.Actor{ID: "p12", Role: policy.Dispatcher, Seat: "21"} //nolint:gochecknoglobals // Never written.
	commander  = cad.Actor{ID: "c1", Role: policy.Commander, Seat: "1"}    //nolint:gochecknoglobals // Never written.
	taker      = cad.Actor{ID: "t2", Role: policy.CallTaker, Seat: "2"}    //nolint:gochecknoglobals // Never written.
	station    = cad.Actor{ID: "s1", Role: policy.Station, Org: "st1"}     //nolint:gochecknoglobals // Never written.
	field      = cad.Actor{ID: "f101", Role: policy.Field, Unit: "101"}    //nolint:gochecknoglobals // Never written.
)

func crews() []cad.UnitID { return []cad.UnitID{"101", "102", "211", "212", "221", "301"} }

func splitWords(s string) iter.Seq[string] { return strings.FieldsSeq(s) }

// crowd is everybody who wants something of a hall. It gives sensible and senseless commands and knows no rule.
type crowd struct {
	n         int
	incidents []cad.IncidentID
	calls     []cad.CallID
}

// as is a command of somebody, under no key.
func (h *hall) as(a cad.Actor, c joint.Command) *entry {
	return &entry{wish: desk.Wish{Actor: a, Command: c}}
}

// fresh is a command under a new key.
func (h *hall) fresh(c joint.Command) *entry {
	h.crowd.n++
	e := h.as(dispatcher, c)
	e.wish.Key = fmt.Sprintf("key-%d", h.crowd.n)
	e.wish.Body = fmt.Appendf(nil, "%s %d", c.Verb(), h.crowd.n)
	return e
}

// wish is a random command of a random person, with everything that may come with one.
func (h *hall) wish() *entry {
	s := h.s
	var said string
	e := h.fresh(h.command(&said))
	c := e.wish.Command
	if c.Target() != "" {
		e.subject = c.Target()
	} else if r, ok := c.(joint.Receive); ok {
		e.subject = incident.Subject(r.ID)
	}
	e.said = said
	promised := emergencyPromise(c)
	switch room, _, _ := strings.Cut(c.Verb(), "."); {
	case c.Verb() == "deadline.pass":
		e.wish.Actor = cad.Actor{ID: "deadlines", Role: policy.Reactor}
	case c.Verb() == "alarm.raise", c.Verb() == "alarm.clear":
		e.wish.Actor = cad.Actor{ID: "coverage", Role: policy.Reactor}
	case room == "org":
		e.wish.Actor = desk.System()
	case promised == "" && s.chance(3), c.Verb() == "incident.open", c.Verb() == "unit.duress":
		e.wish.Actor = one(s, dispatcher, commander, taker, station, field)
	}
	if promised == "" && s.chance(12) {
		e.wish.Expires = h.clock.Now().Add(time.Duration(s.dice.IntN(120)-40) * time.Second)
	}
	if last := h.laws.seen(c.Target()); last > 0 && s.chance(6) {
		e.wish.IfSeq = max(1, last-cad.Seq(s.dice.IntN(3)*s.dice.IntN(20)))
	}
	if s.chance(10) {
		e.wish.Happened = h.clock.Now().Add(-time.Duration(s.dice.IntN(3600)) * time.Second)
	}
	if s.chance(15) {
		e.wish.Power = one(s, cad.Direct, cad.Notify)
	}
	return e
}

// emergency is a call that comes in.
func (h *hall) emergency() *entry {
	var said string
	c := h.receive(&said)
	e := h.fresh(c)
	e.subject, e.said = incident.Subject(c.ID), said
	return e
}

func (h *hall) duress() *entry {
	u := one(h.s, h.anyUnit()...)
	e := h.fresh(joint.AboutUnit{ID: u, Name: "duress", Cmd: unit.RaiseDuress{ID: u, Place: h.place()}})
	e.wish.Actor = one(h.s, dispatcher, taker, station, field, commander)
	return e
}

// note is a word about an incident that is open: nothing but a fault may refuse it.
func (h *hall) note() *entry {
	open := h.laws.open()
	if len(open) == 0 {
		return h.emergency()
	}
	id := recent(h.s, open)
	var said string
	e := h.fresh(joint.AboutIncident{ID: id, Name: "note", Cmd: incident.Note{ID: id, Text: h.always(incident.Subject(id), &said)}})
	if said == "" {
		return h.emergency() // It was erased, and nothing can be said of it any more.
	}
	e.subject, e.said = incident.Subject(id), said
	return e
}

func (h *hall) anyUnit() []cad.UnitID { return append(crews(), "900", "404") }

func (h *hall) place() *geo.Point {
	switch h.s.dice.IntN(12) {
	case 0:
		return nil
	case 1:
		return &geo.Point{Lon: 999, Lat: -999}
	}
	return jointtest.At(float64(h.s.dice.IntN(6000)-3000), float64(h.s.dice.IntN(6000)-3000))
}

// words are private words about a life, most often; said is what they are.
func (h *hall) words(s cad.Subject, said *string) cad.Sealed {
	if h.s.chance(12) {
		return cad.Sealed{}
	}
	return h.always(s, said)
}

func (h *hall) always(s cad.Subject, said *string) cad.Sealed {
	text := fmt.Sprintf("词 %d <in %s %s>", h.crowd.n, h.world, h.id)
	sealed, err := h.desk.Seal(s, board.Words{Text: text})
	if err != nil {
		return cad.Sealed{} // Its key was destroyed.
	}
	*said = text
	return sealed
}

func (h *hall) newIncident() cad.IncidentID {
	h.crowd.n++
	id := cad.IncidentID(fmt.Sprintf("i%05d", h.crowd.n))
	h.crowd.incidents = append(h.crowd.incidents, id)
	return id
}

func (h *hall) newCall() cad.CallID {
	h.crowd.n++
	id := cad.CallID(fmt.Sprintf("k%05d", h.crowd.n))
	h.crowd.calls = append(h.crowd.calls, id)
	return id
}

func (h *hall) receive(said *string) joint.Receive {
	s := h.s
	known, calls := h.laws.list(func(incident.State) bool { return true }), h.laws.calls()
	id := h.newIncident()
	c := joint.Receive{
		ID: id, Spare: id + "s", Source: one(s, incident.Phone, incident.WalkIn, incident.Patrol), Place: h.place(),
		Type: one[cad.TypeID](s, "", "knife", "theft", "noise", "dragon"), Priority: one[cad.Priority](s, "", "", "P1", "P9"),
		Tags: one(s, nil, []cad.TagID{"weapon"}, []cad.TagID{"wings"}),
	}
	if s.chance(8) && len(known) > 0 { // An id that is taken, of an incident that may have ended long ago.
		c.ID = recent(s, known)
		if s.chance(2) {
			c.ID = one(s, known...)
		}
		c.Old = true
	}
	c.Private = h.words(incident.Subject(c.ID), said)
	switch {
	case s.chance(8) && len(calls) > 0: // Of a call that may have ended long ago.
		c.Call, c.Old = one(s, calls...), true
	case s.chance(2):
		c.Call = h.newCall()
		var caller string
		c.Caller = h.words(call.Subject(c.Call), &caller)
	}
	return c
}

// command is a random command of any room.
func (h *hall) command(said *string) joint.Command {
	s := h.s
	i := recent(s, h.crowd.incidents)
	if open := h.laws.open(); s.chance(2) && len(open) > 0 {
		i = recent(s, open)
	}
	u := one(s, h.anyUnit()...)
	switch n := s.dice.IntN(100); {
	case n < 12:
		return h.receive(said)
	case n < 22:
		return h.callCommand(i)
	case n < 36:
		return h.send(i, u)
	case n < 54:
		return joint.SayUnit{
			Unit: u, To: one(s, "acknowledged", "en_route", "staged", "on_scene", "on_scene", "transporting", "at_facility", "cleared", "available", "available", "off_duty", "unavailable", "desk_signed", "fly"),
			Happened: one(s, time.Time{}, time.Time{}, time.Time{}, h.clock.Now().Add(-time.Minute)),
		}
	case n < 60:
		return h.unitCommand(u, said)
	case n < 63:
		return dispatch.Recall{Incident: i, Units: []cad.UnitID{u}, Text: h.words(incident.Subject(i), said)}
	case n < 64:
		return joint.Configure{Charter: h.charter()}
	case n < 66:
		return h.deadline(i)
	case n < 67:
		return h.alarmCommand()
	case n < 68:
		return joint.Erase{Subject: incident.Subject(i), Ground: ""} // Refused: it needs a ground.
	}
	return h.incidentCommand(i, said)
}

// alarmCommand is about the centre itself: a few areas and classes, so that the same is often said twice.
func (h *hall) alarmCommand() joint.Command {
	s := h.s
	h.crowd.n++
	id := cad.AlarmID(fmt.Sprintf("v%05d", h.crowd.n))
	if known := h.laws.alarmsOpen(); s.chance(2) && len(known) > 0 {
		id = one(s, known...)
	}
	switch s.dice.IntN(4) {
	case 0:
		return joint.AboutAlarm{ID: id, Name: "acknowledge", Cmd: alarm.Acknowledge{ID: id}}
	case 1:
		return joint.AboutAlarm{ID: id, Name: "clear", Cmd: alarm.Clear{ID: id}}
	}
	if ever := h.laws.alarmsEver(); s.chance(4) && len(ever) > 0 {
		id = one(s, ever...) // It may have ended long ago.
	}
	return joint.RaiseAlarm{ID: id, Kind: alarm.Void, Area: one[cad.OrgID](s, "st1", "st2"), Class: one(s, "patrol", "crew")}
}

// charter is the centre's folder as it may be edited: sometimes without one of its crews.
func (h *hall) charter() (c org.Charter) {
	c = jointtest.Charter(h.id)
	if h.s.chance(2) {
		c = jointtest.Planned(h.id)
	}
	if h.s.chance(2) {
		c.Units = c.Units[:len(c.Units)-1-h.s.dice.IntN(2)]
	}
	return c
}

// deadline is the reactor's word that something is late; mostly it is not.
func (h *hall) deadline(i cad.IncidentID) joint.Command {
	subjects := []cad.Subject{incident.Subject(i)}
	for _, a := range h.laws.openAssignments() {
		subjects = append(subjects, assignment.Subject(a))
	}
	subject := one(h.s, subjects...)
	c := joint.PassDeadline{Subject: subject, Kind: "dispatch", Due: h.clock.Now()}
	h.board.Look(func(house *joint.House) {
		if due := house.Due(subject); len(due) > 0 {
			d := due[h.s.dice.IntN(len(due))]
			c.Kind, c.Due = d.Kind, d.Due
		}
	})
	return c
}

func (h *hall) callCommand(i cad.IncidentID) joint.Command {
	s := h.s
	k := recent(s, append([]cad.CallID{"k0"}, h.crowd.calls...))
	about := func(name string, c call.Command) joint.Command { return joint.AboutCall{ID: k, Name: name, Cmd: c} }
	switch s.dice.IntN(8) {
	case 0, 1:
		k = h.newCall()
		var caller string
		return about("arrive", call.Arrive{ID: k, Caller: h.words(call.Subject(k), &caller), Place: h.place(), AnswerWithinS: 10})
	case 2:
		if known := h.laws.calls(); len(known) > 0 {
			k = one(s, known...) // The network repeats, late.
		}
		return about("arrive", call.Arrive{ID: k})
	case 3:
		return about("answer", call.Answer{ID: k})
	case 4:
		return joint.LoseCall{Call: k, Silent: s.chance(2), Incident: h.newIncident(), Place: h.place()}
	case 5:
		return about("transfer", call.TransferTo{ID: k, Partner: "120"})
	}
	return joint.Attach{Call: k, Incident: i, Urge: s.chance(2)}
}

func (h *hall) send(i cad.IncidentID, u cad.UnitID) joint.Command {
	s := h.s
	h.crowd.n++
	c := dispatch.Send{
		Incident: i, Units: []cad.UnitID{u}, IDs: []cad.AssignmentID{cad.AssignmentID(fmt.Sprintf("a%05d", 99999-h.crowd.n))},
		Stack: s.chance(3), Reassign: s.chance(4), Way: one(s, "one", "two", ""),
	}
	if s.chance(3) {
		c.Units, c.IDs = append(c.Units, one(s, h.anyUnit()...)), append(c.IDs, c.IDs[0]+"b")
	}
	if known := append(h.laws.assignmentsEver(), h.laws.openAssignments()...); s.chance(8) && len(known) > 0 {
		c.IDs[0], c.Old = one(s, known...), true // An id that is taken, of an order that may have left memory.
	}
	return c
}

func (h *hall) unitCommand(u cad.UnitID, said *string) joint.Command {
	s := h.s
	about := func(name string, c unit.Command) joint.Command { return joint.AboutUnit{ID: u, Name: name, Cmd: c} }
	switch s.dice.IntN(10) {
	case 7, 8:
		p := h.place()
		if p == nil {
			p = &geo.Point{Lat: 91}
		}
		return about("standby", unit.StandBy{ID: u, Place: *p})
	case 9:
		return about("end_standby", unit.EndStandby{ID: u})
	case 0, 1:
		return about("duress", unit.RaiseDuress{ID: u, Place: h.place(), Text: h.words(unit.Subject(u), said)})
	case 2, 3:
		return about("clear_duress", unit.ClearDuress{ID: u, Text: h.words(unit.Subject(u), said)})
	case 4:
		return about("lose_contact", unit.LoseContact{ID: u})
	case 5:
		return about("regain_contact", unit.RegainContact{ID: u})
	}
	var backup string // It is told to the assignment, whose id the crowd does not know.
	return dispatch.AskBackup{Unit: u, Count: 2, Text: h.words(unit.Subject(u), &backup)}
}

func (h *hall) incidentCommand(i cad.IncidentID, said *string) joint.Command {
	s := h.s
	about := func(name string, c incident.Command) joint.Command {
		return joint.AboutIncident{ID: i, Name: name, Cmd: c}
	}
	other := recent(s, h.crowd.incidents)
	if open := h.laws.open(); s.chance(2) && len(open) > 0 {
		other = recent(s, open)
	}
	n := s.dice.IntN(25)
	back := h.laws.ended() // Most verbs are for what is open; these two are for what is not.
	if n == 16 || n == 17 {
		back = h.laws.merged()
	}
	if (n == 12 || n == 13 || n == 16 || n == 17) && s.chance(2) && len(back) > 0 {
		i = one(s, back...)
	}
	text := func() cad.Sealed { return h.words(incident.Subject(i), said) }
	switch n {
	case 0:
		return joint.Classify{ID: i, Type: one[cad.TypeID](s, "knife", "theft", "noise", "dragon"), Reason: text()}
	case 1:
		return joint.Locate{ID: i, Place: h.place(), Address: text()}
	case 2, 3, 4, 5:
		return about("feedback", incident.GiveFeedback{ID: i, Kind: one(s, incident.First, incident.Final, incident.Final), Result: "settled", Text: text()})
	case 6, 7, 8:
		return about("review", incident.Review{ID: i})
	case 9, 10, 11:
		return about("close", incident.Close{ID: i})
	case 12, 13:
		return about("reopen", incident.Reopen{ID: i, Text: text()})
	case 24:
		return about("raise_wave", incident.RaiseWave{ID: i, Wave: s.dice.IntN(4), Text: text()})
	case 23:
		return about("return", incident.ReturnForCorrection{ID: i, Text: text()})
	case 14, 15:
		return joint.Merge{ID: i, Into: other}
	case 16, 17:
		return joint.Split{ID: i}
	case 18:
		return joint.Link{ID: i, Other: other, Undo: s.chance(3)}
	case 19:
		return about("invalid", incident.Invalidate{ID: i, Text: text()})
	case 20:
		return about("transfer", incident.Transfer{ID: i, Partner: "120", Approved: s.chance(2), Text: text()})
	case 21:
		return one(s, about("with", incident.ActTogether{ID: i, Partner: "120", Text: text()}), about("follow_up", incident.FollowUp{ID: i, Partner: "120"}))
	case 22:
		return one(s, about("rule", incident.Rule{ID: i, Responsible: incident.Responsible{Org: "st2"}}), about("handover", incident.HandOver{ID: i, To: "c1"}))
	}
	return one(s, about("note", incident.Note{ID: i, Text: text()}), about("urge", incident.Urge{ID: i}))
}
