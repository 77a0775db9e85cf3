package incident

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
)

// begin is the moment at which every test world starts.
func begin() time.Time { return time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC) }

// teller is what helpers need of a test or of a property.
type teller interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

// words seals a text as a test can read it. Rooms never open it.
func words(text string) cad.Sealed {
	if text == "" {
		return cad.Sealed{}
	}
	return cad.Sealed{Subject: "incident:A", Slot: 1, Box: []byte(text)}
}

// limits are what the test centre promises for an incident.
func limits() []Limit {
	return []Limit{{"dispatch", "received", 60}, {"arrive", "dispatched", 300}, {"feedback", "dispatched", 1800}, {"review", "reported", 3600}}
}

// line leads one incident along commands, one minute apart.
type line struct {
	t   teller
	s   State
	now time.Time
	seq cad.Seq
}

func (l *line) do(a Around, cmds ...Command) *line {
	l.t.Helper()
	for _, c := range cmds {
		l.now = l.now.Add(time.Minute)
		a.Now = l.now
		if a.Actor == "" {
			a.Actor = "watch"
		}
		facts, err := c.Decide(l.s, a)
		if err != nil {
			l.t.Fatalf("%T on %s: %v", c, l.s.Phase, err)
		}
		for _, f := range facts {
			l.fold(f, a.Actor)
		}
	}
	return l
}

func (l *line) fold(f cad.Fact, by cad.ActorID) {
	l.t.Helper()
	own, ok := f.(Fact)
	if !ok {
		l.t.Fatalf("%T is no fact of this room", f)
	}
	l.seq++
	l.s = Evolve(l.s, own, cad.Stamp{Seq: l.seq, At: l.now, Happened: l.now, From: cad.FromClock, Actor: by})
}

// led is an incident in a phase, led there by commands alone.
func led(t teller, to Phase) State {
	t.Helper()
	l := &line{t: t, now: begin()}
	open := Open{ID: "A", Number: 7, Source: Phone, Grade: Grade{Limits: limits()}}
	grade := Classify{ID: "A", Grade: Grade{Type: "theft", Priority: cad.P3, Limits: limits()}}
	report := GiveFeedback{ID: "A", Kind: Final, Result: "settled"}
	paths := map[Phase][]Command{
		"":           {},
		Received:     {open},
		Classified:   {open, grade},
		InWork:       {open, grade, StartWork{ID: "A"}},
		ReportedBack: {open, grade, StartWork{ID: "A"}, report},
		Reviewed:     {open, grade, StartWork{ID: "A"}, report, Review{ID: "A"}},
		Closed:       {open, grade, StartWork{ID: "A"}, report, Review{ID: "A"}, Close{ID: "A"}},
		Merged:       {open, grade, MergeInto{ID: "A", Other: "B"}},
		Transferred:  {open, grade, Transfer{ID: "A", Partner: "12345", Text: words("a street lamp")}},
		Invalid:      {open, Invalidate{ID: "A", Text: words("a test call")}},
	}
	path, ok := paths[to]
	if !ok {
		t.Fatalf("no test leads to %s", to)
	}
	if l.do(Around{}, path...); l.s.Phase != to {
		t.Fatalf("led to %s, want %s", l.s.Phase, to)
	}
	return l.s
}

// phases lists every phase of the life table, in its own order.
func phases() []Phase {
	return []Phase{"", Received, Classified, InWork, ReportedBack, Reviewed, Closed, Merged, Transferred, Invalid}
}

// code is the stable reason of a refusal, empty for none.
func code(err error) string {
	var e *fault.Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// stored is a fact as it comes back out of a journal.
func stored(t teller, f cad.Fact) Fact {
	t.Helper()
	data, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range Facts() {
		if k.Type != f.FactType() {
			continue
		}
		back, err := k.Decode(k.Version, data)
		if err != nil {
			t.Fatal(err)
		}
		if c, ok := f.(cad.Confidential); ok {
			again, ok := back.(cad.Confidential)
			if !ok {
				t.Fatalf("%T lost its private part", back)
			}
			back = again.WithSecret(c.Secret())
		}
		own, ok := back.(Fact)
		if !ok {
			t.Fatalf("%T is no fact of this room", back)
		}
		return own
	}
	t.Fatalf("%s is not in the room's table", f.FactType())
	return nil
}

func text(t teller, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func refusal(err error) string {
	return fmt.Sprintf("refused: %s %s: %s", fault.KindOf(err), code(err), fault.Text(err))
}
