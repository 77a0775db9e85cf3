// Package owed lists what is late and who owes it, over everything that has a deadline: units that have not signed, left or
// arrived, or that say nothing for long, seats that were asked, feedback and reviews, calls, orders, urgent reports, alerts, and
// people who must be called back. It is pure: what it says is derived from the house, and nothing is decided from it.
package owed

import (
	"cmp"
	"slices"
	"time"

	"shuniu/internal/assignment"
	"shuniu/internal/cad"
	"shuniu/internal/call"
	"shuniu/internal/incident"
	"shuniu/internal/joint"
	"shuniu/internal/order"
	"shuniu/internal/report"
	"shuniu/internal/unit"
)

// Who owes something.
type Who struct {
	Kind string `json:"kind" doc:"unit, org, seat, actor or room."`
	ID   string `json:"id,omitempty" doc:"Empty for the room: nobody in particular."`
}

// Debt is one thing that is owed.
type Debt struct {
	Who     Who         `json:"who"`
	What    string      `json:"what" doc:"dispatch, sign, depart, arrive, word, seat, feedback, review, answer, order_sign, order_report, order_check, report_first, report_follow, report_final, alert or call_back."`
	Subject cad.Subject `json:"subject" doc:"The life that it is owed to."`
	Number  int64       `json:"number,omitempty" doc:"Of the incident; of the order, where it is one."`
	Due     time.Time   `json:"due"`
	LateS   int64       `json:"late_s" doc:"Seconds since it was due; negative while it is not."`
}

// lister gathers what is owed.
type lister struct {
	house *joint.House
	now   time.Time
	all   bool
	out   []Debt
}

func (l *lister) add(who Who, what string, s cad.Subject, number int64, due time.Time) {
	if late := l.now.Sub(due); l.all || late > 0 {
		l.out = append(l.out, Debt{Who: who, What: what, Subject: s, Number: number, Due: due, LateS: int64(late / time.Second)})
	}
}

// List is what is owed at a moment, the longest overdue first: only what is late, or all that has a time.
func List(h *joint.House, now time.Time, all bool) []Debt {
	l := &lister{house: h, now: now, all: all, out: []Debt{}}
	for _, s := range h.Incidents {
		l.incident(s)
	}
	for _, s := range h.Assignments {
		l.assignment(s)
	}
	for _, s := range h.Units {
		l.word(s)
	}
	for _, s := range h.Calls {
		l.call(s)
	}
	for _, s := range h.Orders {
		l.order(s)
	}
	for _, s := range h.Reports {
		if k, due, owed := s.Owed(); owed {
			l.add(l.commander(), "report_"+string(k), report.Subject(s.Incident), h.Incident(s.Incident).Number, due)
		}
	}
	slices.SortFunc(l.out, func(a, b Debt) int {
		return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.Subject, b.Subject), cmp.Compare(a.What, b.What), cmp.Compare(a.Who.ID, b.Who.ID))
	})
	return l.out
}

// commander is the duty commander, or the room where the centre names no seat for him.
func (l *lister) commander() Who {
	if seat := l.house.Org.CommanderSeat; seat != "" {
		return Who{"seat", string(seat)}
	}
	return Who{Kind: "room"}
}

func (l *lister) incident(s *incident.State) {
	subject := incident.Subject(s.ID)
	for _, a := range s.Alerts {
		if a.AckedAt.IsZero() { // At once: it is late from the moment on in which it was raised.
			l.add(l.commander(), "alert", subject, s.Number, a.Raised)
		}
	}
	if !s.Open() {
		return
	}
	for _, d := range owedBySeats(s) {
		seat, _ := incident.SeatOf(d.Kind)
		l.add(Who{"seat", string(seat)}, "seat", subject, s.Number, d.Due)
	}
	for _, x := range s.Limits {
		due, owed := limit(s, x)
		if !owed {
			continue
		}
		who := Who{"actor", string(s.Commander.Actor)}
		switch {
		case x.Kind == "feedback" && s.Responsible.Org != "":
			who = Who{"org", string(s.Responsible.Org)}
		case x.Kind == "dispatch" || s.Commander.Actor == "":
			who = Who{Kind: "room"}
		}
		l.add(who, x.Kind, subject, s.Number, due)
	}
	if since, owed := l.callBack(s); owed {
		l.add(Who{Kind: "room"}, "call_back", subject, s.Number, since)
	}
}

// callBack says since when nobody has spoken with whoever called: every call of it was lost, and nobody was sent.
func (l *lister) callBack(s *incident.State) (since time.Time, owed bool) {
	if !s.WorkAt.IsZero() || len(s.Feedback) > 0 {
		return since, false
	}
	for _, k := range l.house.CallsOf(s.ID) {
		if k.Lost == "" {
			return since, false
		}
		if since.IsZero() {
			since = k.EndedAt
		}
	}
	return since, !since.IsZero()
}

// limit is the moment of a limit that has not been met; what passed is still owed, and nothing while it is an appointment
// whose time has not come.
func limit(s *incident.State, x incident.Limit) (time.Time, bool) {
	if s.Waits() {
		return time.Time{}, false
	}
	bare := *s
	bare.Limits, bare.Seats, bare.Passed = []incident.Limit{x}, nil, nil
	if due := incident.Due(bare); len(due) > 0 {
		return due[0].Due, true
	}
	return time.Time{}, false
}

// owedBySeats are the moments by which seats should have taken what they were asked and have not; what passed is still owed.
func owedBySeats(s *incident.State) []cad.Deadline {
	bare := *s
	bare.Limits, bare.Passed = nil, nil
	return slices.DeleteFunc(incident.Due(bare), func(d cad.Deadline) bool {
		_, ok := incident.SeatOf(d.Kind)
		return !ok // The moment at which an appointment comes into the queue.
	})
}

// word is what a crew owes that says nothing while it works: a word, after the time that the centre sets.
func (l *lister) word(u *unit.State) {
	stack := l.house.Stack(u.ID)
	if len(stack) == 0 {
		return
	}
	if _, ask := joint.Word(l.house.Org, u, stack[0]); !ask.IsZero() {
		l.add(Who{"unit", string(u.ID)}, "word", assignment.Subject(stack[0].ID), l.house.Incident(stack[0].Incident).Number, ask)
	}
}

func (l *lister) assignment(s *assignment.State) {
	if !s.Open() {
		return
	}
	bare := *s
	bare.Passed = nil
	for _, d := range assignment.Due(bare) {
		l.add(Who{"unit", string(s.Unit)}, d.Kind, assignment.Subject(s.ID), l.house.Incident(s.Incident).Number, d.Due)
	}
}

func (l *lister) call(s *call.State) {
	bare := *s
	bare.Passed = false
	for _, d := range call.Due(bare) {
		l.add(Who{Kind: "room"}, d.Kind, call.Subject(s.ID), l.house.Incident(s.Incident).Number, d.Due)
	}
}

func (l *lister) order(s *order.State) {
	if !s.Open() {
		return
	}
	subject := order.Subject(s.ID)
	for _, r := range s.To {
		who := Who{r.Kind, r.ID}
		switch {
		case r.SignedAt.IsZero() && s.Clock.SignS > 0:
			l.add(who, "order_sign", subject, s.Number, s.Issued.Add(time.Duration(s.Clock.SignS)*time.Second))
		}
		if r.ReportedAt.IsZero() && !s.Due.IsZero() {
			l.add(who, "order_report", subject, s.Number, s.Due)
		}
	}
	if s.Phase() == order.Reported { // It waits for whoever issued it, from the last report on.
		last := s.Issued
		for _, r := range s.To {
			if r.ReportedAt.After(last) {
				last = r.ReportedAt
			}
		}
		l.add(Who{"actor", string(s.Issuer)}, "order_check", subject, s.Number, last)
	}
}
