package main

import (
	"cmp"
	"context"
	"errors"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"slices"
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

// digestAfter is how many new records make it worth writing a new digest: less than a second of reading.
const digestAfter = 20_000

// readJournal folds a data folder's journal into what a bulletin needs. It may run beside a service. What was folded before
// is kept in a digest beside the journal, which may be deleted at any time; say is told when there is much to do.
func readJournal(ctx context.Context, dir string, say func(format string, args ...any)) (_ reading, err error) {
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
	l := newLedger(codec, func(s cad.Subject) iter.Seq2[journal.Record, error] { return store.BySubject(ctx, s) })
	digest := filepath.Join(dir, "bulletin.digest")
	l.resume(ctx, store, digest)
	from := l.seq
	for r, err := range store.Read(ctx, from) {
		if err == nil {
			err = l.take(r)
		}
		if err != nil {
			return reading{}, err
		}
		if n := r.Seq - from; n%progressRecords == 0 {
			l.settle() // A year would take gigabytes.
			say("%d records are read; what they say is kept in %s, so the next bulletin is fast", n, digest)
		}
	}
	if l.seq-from >= digestAfter {
		if err := l.keep(digest); err != nil {
			say("the digest cannot be written, so the next bulletin takes as long: %v", err)
		}
	}
	return l.reading(), nil
}

// progressRecords is after how many records whoever waits is told that it goes on.
const progressRecords = 100_000

// ledger folds the records of incidents, of who was sent to them and of the centre. It looks at nothing else. Lives that
// have ended may be settled: only what a bulletin needs of them is kept, and whoever speaks of one again brings it back.
type ledger struct {
	codec       *journal.Codec
	story       func(cad.Subject) iter.Seq2[journal.Record, error] // Reads a life from its records.
	seq         cad.Seq                                            // Of the last record that was taken.
	last        journal.Record                                     // It, if it was not taken by an earlier run.
	out         reading
	home        map[cad.UnitID]cad.OrgID // The station of each unit.
	incidents   map[cad.IncidentID]*incident.State
	assignments map[cad.AssignmentID]*assignment.State
	settled     []endedIncident
	where       map[cad.IncidentID]int // In settled.
}

// endedIncident is an incident of which only what a bulletin needs is kept. An empty number says that it was brought back.
type endedIncident struct {
	id cad.IncidentID
	bulletin.Incident
}

func newLedger(codec *journal.Codec, story func(cad.Subject) iter.Seq2[journal.Record, error]) *ledger {
	return &ledger{
		codec: codec, story: story, home: map[cad.UnitID]cad.OrgID{}, where: map[cad.IncidentID]int{},
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
	l.seq, l.last, l.out.asOf = r.Seq, r, r.At
	if needless(r.Type) {
		return nil
	}
	for _, s := range r.Subjects {
		if err := l.revive(s, r.Seq); err != nil {
			return err
		}
	}
	return l.fold(r, nil)
}

// fold hands a record to its room. With only, it does so if the record is about that life.
func (l *ledger) fold(r journal.Record, only *cad.Subject) error {
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
		if only == nil || *only == incident.Subject(f.Of()) {
			s := incident.Evolve(valueOf(l.incidents, f.Of()), f, r.Stamp())
			l.incidents[f.Of()] = &s
		}
	case assignment.Fact:
		if only == nil || *only == assignment.Subject(f.Of()) {
			s := assignment.Evolve(valueOf(l.assignments, f.Of()), f, r.Stamp())
			l.assignments[f.Of()] = &s
		}
	}
	return nil
}

func valueOf[K comparable, V any](m map[K]*V, k K) (none V) {
	if v := m[k]; v != nil {
		return *v
	}
	return none
}

// revive brings a settled incident back with its assignments, as it stood before a record.
func (l *ledger) revive(s cad.Subject, before cad.Seq) error {
	kind, id := s.Split()
	k, ok := l.where[cad.IncidentID(id)]
	if kind != "incident" || !ok {
		return nil
	}
	l.settled[k] = endedIncident{}
	delete(l.where, cad.IncidentID(id))
	var sent []cad.Subject
	err := l.again(s, before, func(r journal.Record) {
		for _, a := range r.Subjects {
			if kind, _ := a.Split(); kind == "assignment" && !slices.Contains(sent, a) {
				sent = append(sent, a)
			}
		}
	})
	for _, a := range sent {
		if _, own := a.Split(); l.assignments[cad.AssignmentID(own)] == nil && err == nil {
			err = l.again(a, before, func(journal.Record) {}) // Also one that went over to another: it knows where it is.
		}
	}
	return err
}

// again folds the records of one life up to a moment.
func (l *ledger) again(s cad.Subject, before cad.Seq, each func(journal.Record)) error {
	for r, err := range l.story(s) {
		if err != nil {
			return err
		}
		if r.Seq >= before {
			return nil
		}
		if needless(r.Type) {
			continue
		}
		each(r)
		if err := l.fold(r, &s); err != nil {
			return err
		}
	}
	return nil
}

// settle keeps of each life that has ended only what a bulletin needs.
func (l *ledger) settle() {
	orders, open := l.orders()
	for id, s := range l.incidents {
		if !s.Open() && !open[id] {
			l.where[id] = len(l.settled)
			l.settled = append(l.settled, endedIncident{id, l.incidentOf(s, orders[id])})
			delete(l.incidents, id)
		}
	}
	for id, a := range l.assignments {
		if _, ok := l.where[a.Incident]; ok {
			delete(l.assignments, id)
		}
	}
	l.settled = slices.DeleteFunc(l.settled, func(s endedIncident) bool { return s.id == "" })
	slices.SortFunc(l.settled, func(a, b endedIncident) int { return byNumber(a.Incident, b.Incident) })
	for k := range l.settled {
		l.where[l.settled[k].id] = k
	}
}

// byNumber orders incidents by their numbers, which are written down.
func byNumber(a, b bulletin.Incident) int {
	return cmp.Or(len(a.ID)-len(b.ID), cmp.Compare(a.ID, b.ID))
}

// orders are those of each incident that is not settled, in order of dispatch, and which incidents have one that goes on.
func (l *ledger) orders() (map[cad.IncidentID][]bulletin.Order, map[cad.IncidentID]bool) {
	all := slices.SortedFunc(maps.Values(l.assignments), func(a, b *assignment.State) int {
		return cmp.Or(a.DispatchedAt.Compare(b.DispatchedAt), cmp.Compare(a.ID, b.ID))
	})
	orders, open := map[cad.IncidentID][]bulletin.Order{}, map[cad.IncidentID]bool{}
	for _, a := range all {
		orders[a.Incident] = append(orders[a.Incident], orderOf(a, l.home[a.Unit]))
		open[a.Incident] = open[a.Incident] || a.Open()
	}
	return orders, open
}

// reading is what was folded, as a bulletin takes it, in the order of the incidents' numbers.
func (l *ledger) reading() reading {
	out := l.out
	out.until = out.asOf
	orders, _ := l.orders()
	out.incidents = make([]bulletin.Incident, 0, len(l.settled)+len(l.incidents))
	for k := range l.settled {
		if l.settled[k].id != "" {
			out.incidents = append(out.incidents, l.settled[k].Incident)
		}
	}
	for id, s := range l.incidents {
		out.incidents = append(out.incidents, l.incidentOf(s, orders[id]))
	}
	slices.SortFunc(out.incidents, byNumber)
	return out
}

func (l *ledger) incidentOf(s *incident.State, orders []bulletin.Order) bulletin.Incident {
	i := bulletin.Incident{
		ID: strconv.FormatInt(s.Number, 10), Received: s.Received, Taken: string(s.Type), Fed: string(s.TypeFeedback), Place: s.Street,
		Unit: string(s.Responsible.Org), State: string(s.Phase), Open: s.Open(), Orders: orders,
	}
	if s.Phase == incident.Invalid || s.Phase == incident.Merged {
		i.Void = string(s.Phase)
	}
	if len(s.Feedback) > 0 {
		i.Feedback = s.Feedback[0].At
	}
	return i
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
