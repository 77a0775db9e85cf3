package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"shuniu/internal/assignment"
	"shuniu/internal/bulletin"
	"shuniu/internal/cad"
	"shuniu/internal/fault"
	"shuniu/internal/incident"
	"shuniu/internal/joint"
	"shuniu/internal/journal"
	"shuniu/internal/org"
	"shuniu/internal/sqlite"
	"shuniu/internal/unit"
)

// readJournal folds a data folder's journal into what a bulletin needs. It changes nothing, and may run beside a service.
func readJournal(ctx context.Context, dir string) (_ reading, err error) {
	path := filepath.Join(dir, "journal.db")
	if _, err := os.Stat(path); err != nil {
		return reading{}, fault.Wrap("shuniu bulletin", fault.NotFound, err, "there is no journal in %s", dir).Mend("name the folder that serve or demo was given")
	}
	store, err := sqlite.Open(ctx, path, sqlite.Options{ReadOnly: true})
	if err != nil {
		return reading{}, err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	codec, err := joint.NewCodec()
	if err != nil {
		return reading{}, err
	}
	l := newLedger(codec)
	for r, err := range store.Read(ctx, 0) {
		if err == nil {
			err = l.take(r)
		}
		if err != nil {
			return reading{}, err
		}
	}
	return l.reading(), nil
}

// ledger folds the records of incidents, of who was sent to them and of the centre. Unlike a house it lets go of nothing, and
// it looks at nothing else.
type ledger struct {
	codec       *journal.Codec
	out         reading
	home        map[cad.UnitID]cad.OrgID // The station of each unit.
	incidents   map[cad.IncidentID]*incident.State
	opened      []cad.IncidentID // In the order in which they were opened.
	assignments map[cad.AssignmentID]*assignment.State
	sent        []cad.AssignmentID // In order of dispatch.
}

func newLedger(codec *journal.Codec) *ledger {
	return &ledger{
		codec: codec, home: map[cad.UnitID]cad.OrgID{},
		incidents: map[cad.IncidentID]*incident.State{}, assignments: map[cad.AssignmentID]*assignment.State{},
	}
}

// needless reports whether no figure depends on a kind of records: decoding takes most of the time. What is not named here
// is folded, so a fact that comes new is never left out.
func needless(kind string) bool {
	switch kind {
	case "incident.noted", "incident.chosen", "incident.drawn", "incident.undrawn", "incident.alerted", "incident.alert_acknowledged",
		"incident.answered", "incident.urged", "incident.chased", "incident.file_added", "incident.file_withdrawn", "incident.handed_over",
		"incident.acting_together", "incident.followed_up", "incident.seat_asked", "incident.seat_took", "incident.seat_done", "incident.wave_raised",
		"incident.deadline_passed", "assignment.deadline_passed", "assignment.backup_asked", "assignment.reordered":
		return true
	}
	room, _, _ := strings.Cut(kind, ".")
	switch room {
	case "incident", "assignment", "org":
		return false
	case "unit":
		return kind != "unit.enrolled"
	}
	return true
}

// take folds one record.
func (l *ledger) take(r journal.Record) error {
	if l.out.since.IsZero() {
		l.out.since = r.At
	}
	l.out.asOf = r.At
	if needless(r.Type) {
		return nil
	}
	f, err := l.codec.Decode(r)
	if err != nil {
		return err
	}
	switch f := f.(type) {
	case org.Fact:
		l.out.org = org.Evolve(l.out.org, f, r.Stamp())
	case unit.Fact:
		u := unit.Evolve(unit.State{}, f, r.Stamp())
		l.home[u.ID] = u.Station
	case incident.Fact:
		s := l.incidents[f.Of()]
		if s == nil {
			s = &incident.State{}
			l.incidents[f.Of()], l.opened = s, append(l.opened, f.Of())
		}
		*s = incident.Evolve(*s, f, r.Stamp())
	case assignment.Fact:
		s := l.assignments[f.Of()]
		if s == nil {
			s = &assignment.State{}
			l.assignments[f.Of()], l.sent = s, append(l.sent, f.Of())
		}
		*s = assignment.Evolve(*s, f, r.Stamp())
	}
	return nil
}

// reading is what was folded, as a bulletin takes it.
func (l *ledger) reading() reading {
	orders := map[cad.IncidentID][]bulletin.Order{}
	for _, id := range l.sent {
		a := l.assignments[id]
		orders[a.Incident] = append(orders[a.Incident], orderOf(a, l.home[a.Unit]))
	}
	for _, id := range l.opened {
		s := l.incidents[id]
		i := bulletin.Incident{
			ID: strconv.FormatInt(s.Number, 10), Received: s.Received, Taken: string(s.Type), Fed: string(s.TypeFeedback), Place: s.Street,
			Unit: string(s.Responsible.Org), State: string(s.Phase), Open: s.Open(), Orders: orders[id],
		}
		if s.Phase == incident.Invalid || s.Phase == incident.Merged {
			i.Void = string(s.Phase)
		}
		if len(s.Feedback) > 0 {
			i.Feedback = s.Feedback[0].At
		}
		l.out.incidents = append(l.out.incidents, i)
	}
	l.out.until = l.out.asOf
	return l.out
}

// orderOf is an assignment as a bulletin takes it. When it was signed for and when its crew left is what its limits measured.
func orderOf(a *assignment.State, station cad.OrgID) bulletin.Order {
	o := bulletin.Order{
		Crew: string(a.Unit), Unit: string(station), Sent: a.DispatchedAt, Turned: a.PromotedAt, Arrived: a.OnSceneAt, Cleared: a.ClearedAt,
	}
	for _, s := range assignment.Intervals(*a) {
		switch {
		case s.Ended:
		case s.Kind == "sign":
			o.Signed = s.To
		case s.Kind == "depart":
			o.Departed = s.To
		}
	}
	return o
}
