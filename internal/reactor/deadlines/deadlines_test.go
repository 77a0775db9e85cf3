package deadlines_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/desk"
	"shuniu/internal/incident"
	"shuniu/internal/joint"
	"shuniu/internal/joint/dispatch"
	"shuniu/internal/keyfile"
	"shuniu/internal/memstore"
	"shuniu/internal/org"
	"shuniu/internal/policy"
	"shuniu/internal/reactor/deadlines"
)

type clock struct{ at atomic.Pointer[time.Time] }

func (c *clock) Now() time.Time { return *c.at.Load() }

func (c *clock) set(t time.Time) { c.at.Store(&t) }

func name(s string) org.Name { return org.Name{"en": s, "zh": s} }

func charter() org.Charter {
	return org.Charter{
		Centre: "test", Settings: org.Settings{Name: name("test"), Zone: "UTC", Bounds: [4]float64{-1, -1, 1, 1}},
		Types: []org.Type{{ID: "theft", Name: name("theft"), Priority: cad.P3}},
		Grades: []org.Grade{
			{ID: cad.P1, Name: name("1")},
			{ID: cad.P2, Name: name("2")},
			{ID: cad.P4, Name: name("4")},
			{ID: cad.P3, Name: name("3"), Limits: []org.Limit{
				{Kind: "dispatch", From: "received", WithinS: 60}, {Kind: "sign", From: "dispatched", WithinS: 30}, {Kind: "feedback", From: "dispatched", WithinS: 600},
			}},
		},
		Kinds: []org.Kind{{ID: "car", Name: name("car")}},
		Orgs:  []org.Org{{ID: "st1", Kind: "station", Name: name("st1")}},
		Units: []org.UnitSpec{{ID: "101", CallSign: "101", Kind: "car", Station: "st1", Dispatchable: true}},
	}
}

// person is a dispatcher of the tests.
func person() cad.Actor { return cad.Actor{ID: "p", Role: policy.Operator} }

func reactor() cad.Actor { return cad.Actor{ID: "deadlines", Role: policy.Reactor} }

type world struct {
	t     *testing.T
	clock *clock
	store *memstore.Store
	keys  *keyfile.Store
	desk  *desk.Desk
	start time.Time
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, clock: &clock{}, store: memstore.New("test"), keys: keyfile.Memory(), start: time.Date(2030, 6, 7, 8, 0, 0, 0, time.UTC)}
	w.clock.set(w.start)
	w.open()
	w.do(joint.Configure{Charter: charter()})
	w.do(joint.SayUnit{Unit: "101", To: "available"})
	return w
}

func (w *world) open() {
	w.t.Helper()
	d, err := desk.Open(context.Background(), desk.Config{Centre: "test", World: cad.Demo, Store: w.store, Keys: w.keys, Clock: w.clock, Policy: policy.Roles{}})
	if err != nil {
		w.t.Fatal(err)
	}
	w.desk = d
	w.t.Cleanup(func() { _ = d.Close(context.Background()) })
}

func (w *world) reactor() *deadlines.Reactor {
	w.t.Helper()
	r := deadlines.New(w.desk, reactor(), nil)
	if err := r.Watch(context.Background()); err != nil {
		w.t.Fatal(err)
	}
	return r
}

func (w *world) do(c joint.Command) {
	w.t.Helper()
	if _, err := w.desk.Do(context.Background(), desk.Wish{Actor: person(), Command: c}); err != nil {
		w.t.Fatalf("%s: %v", c.Verb(), err)
	}
}

// passed lists the deadlines that are recorded about an incident.
func (w *world) passed(id cad.IncidentID) (kinds []string, at []time.Time) {
	w.t.Helper()
	story, err := w.desk.Story(context.Background(), incident.Subject(id))
	if err != nil {
		w.t.Fatal(err)
	}
	for _, s := range story {
		if f, ok := s.Fact.(incident.DeadlinePassed); ok {
			kinds, at = append(kinds, f.Kind), append(at, s.Record.At)
		}
	}
	return kinds, at
}

func (w *world) run(r *deadlines.Reactor, after time.Duration) {
	w.t.Helper()
	w.clock.set(w.start.Add(after))
	if err := r.Run(context.Background(), w.clock.Now()); err != nil {
		w.t.Fatal(err)
	}
}

func TestDeadlineThatNobodyMetIsRecordedOnce(t *testing.T) {
	w := newWorld(t)
	r := w.reactor()
	if next, ok := r.Next(); ok {
		t.Fatalf("nothing is open, but something is due at %v", next)
	}
	w.do(joint.Receive{ID: "i", Type: "theft"})
	if next, ok := r.Next(); !ok || !next.Equal(w.start.Add(time.Minute)) {
		t.Fatalf("next is %v (%v), want the limit for sending, a minute after it was received", next, ok)
	}
	w.run(r, 59*time.Second)
	if kinds, _ := w.passed("i"); kinds != nil {
		t.Fatalf("a second too early, %v is recorded as passed", kinds)
	}
	w.run(r, time.Minute)
	w.run(r, time.Hour)
	kinds, at := w.passed("i")
	if len(kinds) != 1 || kinds[0] != "dispatch" || !at[0].Equal(w.start.Add(time.Minute)) {
		t.Errorf("recorded %v at %v, want the limit for sending, once, at its time", kinds, at)
	}
	if r.Passed() != 1 || r.Late() != 0 {
		t.Errorf("counted %d passed and %d late, want 1 and 0", r.Passed(), r.Late())
	}
}

func TestWhatIsMetInTimeIsNeverRecorded(t *testing.T) {
	w := newWorld(t)
	r := w.reactor()
	w.do(joint.Receive{ID: "i", Type: "theft"})
	w.clock.set(w.start.Add(50 * time.Second))
	w.do(dispatch.Send{Incident: "i", Units: []cad.UnitID{"101"}, IDs: []cad.AssignmentID{"a"}})
	if next, ok := r.Next(); !ok || !next.Equal(w.start.Add(80*time.Second)) {
		t.Fatalf("next is %v (%v), want the crew's limit for signing", next, ok)
	}
	w.clock.set(w.start.Add(60 * time.Second))
	w.do(joint.SayUnit{Unit: "101", To: "acknowledged"})
	w.run(r, 5*time.Minute)
	if kinds, _ := w.passed("i"); kinds != nil {
		t.Errorf("everything was met, but %v is recorded as passed", kinds)
	}
	if n := r.Armed(); n != 1 {
		t.Errorf("%d deadlines are armed, want the one for feedback", n)
	}
}

// While the server is down nobody notices. The next start does, and says when it should have been.
func TestRestartArmsEverythingAnew(t *testing.T) {
	w := newWorld(t)
	w.do(joint.Receive{ID: "i", Type: "theft"})
	if err := w.desk.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
	w.clock.set(w.start.Add(10 * time.Minute))
	w.store = w.store.Reopen()
	w.open()
	r := w.reactor()
	w.run(r, 10*time.Minute)
	if kinds, _ := w.passed("i"); len(kinds) != 1 || r.Late() != 1 {
		t.Errorf("recorded %v, %d late; want one, late", kinds, r.Late())
	}
	again := w.reactor()
	w.run(again, 20*time.Minute)
	if kinds, _ := w.passed("i"); len(kinds) != 1 {
		t.Errorf("a second reactor recorded it again: %v", kinds)
	}
}

func TestWhatCannotBeStoredIsTriedAgain(t *testing.T) {
	w := newWorld(t)
	r := w.reactor()
	w.do(joint.Receive{ID: "i", Type: "theft"})
	w.clock.set(w.start.Add(2 * time.Minute))
	w.store.FailNext(memstore.BeforeStore, errors.New("the disk is away"))
	if err := r.Run(context.Background(), w.clock.Now()); err == nil {
		t.Fatal("the append failed, but nobody was told")
	}
	// The desk reads its journal again and tells the reactor everything anew.
	for range 100 {
		if err := r.Run(context.Background(), w.clock.Now().Add(time.Minute)); err == nil && r.Passed() == 1 {
			break
		}
	}
	if kinds, _ := w.passed("i"); len(kinds) != 1 {
		t.Errorf("recorded %v, want the deadline, once", kinds)
	}
}
