package owed_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/call"
	"shuniu/internal/incident"
	"shuniu/internal/joint"
	"shuniu/internal/joint/dispatch"
	"shuniu/internal/joint/jointtest"
	"shuniu/internal/joint/owed"
	"shuniu/internal/order"
	"shuniu/internal/org"
	"shuniu/internal/report"
	"shuniu/internal/unit"
)

// words are words that a test can read.
func words(s cad.Subject) cad.Sealed { return cad.Sealed{Subject: s, Slot: 1, Box: []byte("words")} }

// town is the made-up centre with crews that wait at their homes, and a commander who has a seat.
func town(t *testing.T) *jointtest.Town { return asking(t, 60) }

// asking is a town whose seats take within so many seconds what they are asked.
func asking(t *testing.T, withinS int64) *jointtest.Town {
	t.Helper()
	c := jointtest.Charter(jointtest.Centre)
	c.Settings.CommanderSeat, c.Settings.SilenceS, c.Settings.SeatWithinS = "11", 600, withinS
	for _, id := range []string{"11", "61", "62"} {
		c.Settings.Seats = append(c.Settings.Seats, org.Item{ID: id, Name: org.Name{"en": id}})
	}
	w := jointtest.NewTown(t, c)
	for _, u := range []cad.UnitID{"101", "102", "211", "221"} {
		w.Do(joint.SayUnit{Unit: u, To: "available"})
	}
	return w
}

// opened is a town with incident i1, which is of a type.
func opened(t *testing.T, of cad.TypeID) *jointtest.Town {
	t.Helper()
	w := town(t)
	open(w, of)
	return w
}

func open(w *jointtest.Town, of cad.TypeID) {
	w.Do(joint.Receive{ID: "i1", Call: "k1", Source: incident.Phone, Type: of, Place: jointtest.At(-800, 0)})
}

func send(w *jointtest.Town, more dispatch.Send, units ...cad.UnitID) {
	more.Incident = "i1"
	for _, u := range units {
		more.Units, more.IDs = append(more.Units, u), append(more.IDs, cad.AssignmentID(string(u)+"@"+string(more.Incident)))
	}
	w.Do(more)
}

func about(w *jointtest.Town, c incident.Command) {
	w.Do(joint.AboutIncident{ID: "i1", Name: "about", Cmd: c})
}

// told is what a list says, a line each: who owes what, and how many seconds late.
func told(list []owed.Debt) string {
	var out []string
	for _, d := range list {
		out = append(out, fmt.Sprintf("%s:%s %s %s %d", d.Who.Kind, d.Who.ID, d.What, d.Subject, d.LateS))
	}
	return strings.Join(out, "\n")
}

// want compares what is late at the town's moment, the longest overdue first.
func want(t *testing.T, w *jointtest.Town, lines ...string) {
	t.Helper()
	if got := told(owed.List(w.House, w.Now, false)); got != strings.Join(lines, "\n") {
		t.Errorf("late at %s:\n%s\nwant\n%s", w.Now.Format(time.TimeOnly), got, strings.Join(lines, "\n"))
	}
}

// The way of one urgent incident: the room owes the dispatch, then the crew its signature and its arrival, and nobody what
// was done meanwhile, however late.
func TestTheWayThere(t *testing.T) {
	w := opened(t, "knife")
	w.Pass(60 * time.Second)
	want(t, w) // At the very moment it is not late.
	w.Pass(time.Second)
	want(t, w, "room: dispatch incident:i1 1")
	for _, due := range w.House.Due("incident:i1") { // That it was written down takes nothing from the list.
		w.Do(joint.PassDeadline{Subject: due.Subject, Kind: due.Kind, Due: due.Due})
	}
	w.Pass(9 * time.Second)
	want(t, w, "room: dispatch incident:i1 10")

	send(w, dispatch.Send{}, "101")
	want(t, w)
	w.Pass(40 * time.Second)
	want(t, w, "unit:101 sign assignment:101@i1 10")
	for _, due := range w.House.Due("assignment:101@i1")[:1] { // The signature; the arrival is to come.
		w.Do(joint.PassDeadline{Subject: due.Subject, Kind: due.Kind, Due: due.Due})
	}
	want(t, w, "unit:101 sign assignment:101@i1 10")
	w.Do(joint.SayUnit{Unit: "101", To: "en_route"})
	want(t, w)
	w.Pass(565 * time.Second)
	want(t, w, "unit:101 arrive assignment:101@i1 5")
	w.Do(joint.SayUnit{Unit: "101", To: "on_scene"})
	want(t, w)
}

// A crew at work that says nothing owes a word after the time that the centre sets: from its last stage or its last answer,
// also on the way, and not while its order waits for a signature or behind another one.
func TestNoWord(t *testing.T) {
	w := opened(t, "theft")
	send(w, dispatch.Send{}, "101")
	w.Pass(time.Hour)
	want(t, w)
	w.Do(joint.SayUnit{Unit: "101", To: "acknowledged"})
	w.Pass(600 * time.Second)
	want(t, w)
	w.Pass(time.Second)
	want(t, w, "unit:101 word assignment:101@i1 1")
	w.Do(joint.SayUnit{Unit: "101", To: "on_scene"})
	want(t, w)
	w.Pass(601 * time.Second)
	want(t, w, "unit:101 word assignment:101@i1 1")
	w.Do(joint.AboutUnit{ID: "101", Name: "heard", Cmd: unit.Hear{ID: "101"}})
	want(t, w)
	w.Pass(601 * time.Second)
	w.Do(joint.Receive{ID: "i2", Source: incident.Phone, Type: "theft"})
	w.Do(dispatch.Send{Incident: "i2", Units: []cad.UnitID{"101"}, IDs: []cad.AssignmentID{"101@i2"}, Stack: true})
	want(t, w, "unit:101 word assignment:101@i1 1")
	w.Do(joint.SayUnit{Unit: "101", To: "cleared"})
	want(t, w) // The next order waits for its signature now.
}

// A seat that was asked owes that somebody there takes it, by the time that was set when it was asked; told more, it owes it
// once. Without a time, and once it was taken or done, nothing is owed. What the incident itself owes is no other for it.
func TestAskedOfASeat(t *testing.T) {
	for name, tt := range map[string]struct {
		within int64
		then   incident.Command
		late   string
	}{
		"nobody took it":    {60, nil, "seat:61 seat incident:i1 5"},
		"told more":         {60, incident.AskSeat{ID: "i1", Seat: "61", Text: words("incident:i1")}, "seat:61 seat incident:i1 5"},
		"taken":             {60, incident.TakeSeat{ID: "i1", Seat: "61"}, ""},
		"done":              {60, incident.EndSeat{ID: "i1", Seat: "61"}, ""},
		"without a time":    {0, nil, ""},
		"not yet":           {65, nil, ""},
		"over":              {60, incident.Invalidate{ID: "i1", Text: words("incident:i1")}, ""},
		"another was asked": {61, incident.AskSeat{ID: "i1", Seat: "62"}, "seat:61 seat incident:i1 4\nseat:62 seat incident:i1 3"},
	} {
		t.Run(name, func(t *testing.T) {
			w := asking(t, tt.within)
			open(w, "theft")
			about(w, incident.AskSeat{ID: "i1", Seat: "61"})
			w.Pass(time.Second)
			if tt.then != nil {
				about(w, tt.then)
			}
			w.Pass(64 * time.Second)
			var lines []string
			if tt.late != "" {
				lines = append(lines, tt.late)
			}
			want(t, w, lines...)
		})
	}
	w := opened(t, "theft")
	about(w, incident.AskSeat{ID: "i1", Seat: "61"})
	w.Pass(65 * time.Second)
	for _, due := range w.House.Due("incident:i1") {
		w.Do(joint.PassDeadline{Subject: due.Subject, Kind: due.Kind, Due: due.Due})
	}
	want(t, w, "seat:61 seat incident:i1 5") // That it was written down takes nothing from the list.
}

// An appointment owes nothing before it comes into the queue.
func TestAppointment(t *testing.T) {
	w := opened(t, "theft")
	about(w, incident.Schedule{ID: "i1", At: w.Now.Add(2 * time.Hour), LeadS: 1800})
	w.Pass(90*time.Minute + time.Second)
	want(t, w)
	if all := told(owed.List(w.House, w.Now, true)); all != "" {
		t.Errorf("with what has a time: %s", all)
	}
}

// Feedback is owed by the responsible station, an alert and a report by the commander at once or by their clock, an order by
// each recipient and then by whoever issued it.
func TestWhoOwesIt(t *testing.T) {
	w := opened(t, "theft")
	send(w, dispatch.Send{}, "211")
	w.Do(joint.SayUnit{Unit: "211", To: "cleared"})
	w.Pass(7201 * time.Second)
	want(t, w, "org:st1 feedback incident:i1 1")
	w.Do(joint.Classify{ID: "i1", Type: "theft", Priority: cad.P3, Level: "II"})
	want(t, w, "seat:11 report_first report:i1 6301", "org:st1 feedback incident:i1 1") // The alert was raised in this very moment.
	w.Pass(time.Second)
	want(t, w, "seat:11 report_first report:i1 6302", "org:st1 feedback incident:i1 2", "seat:11 alert incident:i1 1")
	about(w, incident.Acknowledge{ID: "i1"})
	w.Do(joint.FileReport{Incident: "i1", Kind: report.First, Text: words("incident:i1")})
	about(w, incident.GiveFeedback{ID: "i1", Kind: incident.Final, Result: "settled", Text: words("incident:i1")})
	want(t, w)
	w.Pass(3601 * time.Second)
	want(t, w, "seat:11 report_follow report:i1 1")
	o := *w.House.Org
	o.CommanderSeat, w.House.Org = "", &o
	want(t, w, "room: report_follow report:i1 1")
}

// An order is owed by each recipient who has not signed or reported, and then by whoever issued it.
func TestOrders(t *testing.T) {
	w := town(t)
	st2, car := order.To{Kind: order.ToOrg, ID: "st2"}, order.To{Kind: order.ToUnit, ID: "101"}
	w.Who = "chief"
	w.Do(joint.IssueOrder{ID: "o1", Power: cad.Direct, Urgency: order.Flash, To: []order.To{car, st2}, Due: w.Now.Add(10 * time.Minute), Text: words("order:o1")})
	tell := func(name string, c order.Command) {
		t.Helper()
		w.Do(joint.AboutOrder{ID: "o1", Name: name, Cmd: c})
	}
	w.Pass(31 * time.Second)
	want(t, w, "unit:101 order_sign order:o1 1", "org:st2 order_sign order:o1 1")
	tell("sign", order.Sign{ID: "o1", To: car})
	want(t, w, "org:st2 order_sign order:o1 1")
	w.Pass(571 * time.Second)
	want(t, w, "org:st2 order_sign order:o1 572", "unit:101 order_report order:o1 2", "org:st2 order_report order:o1 2")
	tell("report", order.Report{ID: "o1", To: st2, Text: words("order:o1")})
	w.Pass(2 * time.Second)
	tell("report", order.Report{ID: "o1", To: car, Text: words("order:o1")})
	w.Pass(3 * time.Second)
	want(t, w, "actor:chief order_check order:o1 3") // From the last report on.
	tell("check", order.Check{ID: "o1", Good: true, Clear: true})
	want(t, w)
}

// A call that rings too long is owed by the room, and so is a caller whom nobody has spoken with: until somebody has, or was
// sent.
func TestCalls(t *testing.T) {
	w := town(t)
	w.Do(joint.AboutCall{ID: "k1", Name: "arrive", Cmd: call.Arrive{ID: "k1", AnswerWithinS: 10, Caller: words("call:k1")}})
	w.Pass(12 * time.Second)
	for _, due := range w.House.Due("call:k1") {
		w.Do(joint.PassDeadline{Subject: due.Subject, Kind: due.Kind, Due: due.Due})
	}
	want(t, w, "room: answer call:k1 2")
	w.Do(joint.LoseCall{Call: "k1", Incident: "i1"})
	w.Pass(time.Second)
	want(t, w, "room: call_back incident:i1 1")
	w.Do(joint.CallBack{Call: "k1", New: "k2", Number: words("call:k2")})
	w.Pass(time.Second)
	want(t, w)

	w = town(t)
	w.Do(joint.AboutCall{ID: "k1", Name: "arrive", Cmd: call.Arrive{ID: "k1", Caller: words("call:k1")}})
	w.Do(joint.LoseCall{Call: "k1", Incident: "i1"})
	send(w, dispatch.Send{}, "101")
	w.Pass(time.Second)
	want(t, w)

	w = town(t)
	w.Do(joint.AboutCall{ID: "k1", Name: "arrive", Cmd: call.Arrive{ID: "k1", Caller: words("call:k1")}})
	w.Do(joint.LoseCall{Call: "k1", Incident: "i1"})
	w.Pass(time.Second)
	want(t, w, "room: call_back incident:i1 1")
	about(w, incident.Invalidate{ID: "i1", Text: words("incident:i1")})
	want(t, w)
}

// With everything that has a time, what is not late yet stands behind what is, by its moment.
func TestAllThatHasATime(t *testing.T) {
	w := opened(t, "knife")
	w.Pass(61 * time.Second)
	send(w, dispatch.Send{}, "101")
	w.Pass(31 * time.Second)
	if got, want := told(owed.List(w.House, w.Now, true)), "unit:101 sign assignment:101@i1 1\nunit:101 arrive assignment:101@i1 -569"; got != want {
		t.Errorf("all:\n%s\nwant\n%s", got, want)
	}
	if d := owed.List(w.House, w.Now, true)[0]; d.Number != 1 || !d.Due.Equal(w.Now.Add(-time.Second)) {
		t.Errorf("the first: %+v", d)
	}
	if owed.List(joint.NewHouse(nil), w.Now, true) == nil {
		t.Error("nothing is a list that is empty, not one that is missing")
	}
}
