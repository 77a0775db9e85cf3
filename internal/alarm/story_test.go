package alarm

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
)

var noon = time.Date(2030, 5, 1, 12, 0, 0, 0, time.UTC)

// seen are words that a test can read. Rooms never open them.
var seen = cad.Sealed{Subject: "alarm:a1", Slot: 1, Box: []byte("I call 105 forward")}

func refusal(err error) string {
	var e *fault.Error
	if !errors.As(err, &e) {
		return err.Error()
	}
	return strings.TrimSuffix("no ("+e.Code+"): "+e.Text+"; "+e.Remedy, "; ")
}

// TestStories plays the stories in testdata. To accept new answers run
//
//	go test ./internal/alarm -rewrite
//
// and read the diff as a dispatcher would before committing it.
func TestStories(t *testing.T) {
	datadriven.Walk(t, "testdata", func(t *testing.T, path string) {
		var s State
		now := noon
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			now = now.Add(time.Minute)
			id, area, class, nearest := "a1", "st1", "patrol", int64(412)
			d.MaybeScanArgs(t, "id", &id)
			d.MaybeScanArgs(t, "area", &area)
			d.MaybeScanArgs(t, "class", &class)
			d.MaybeScanArgs(t, "nearest", &nearest)
			var c Command
			switch d.Cmd {
			case "state":
				b, _ := json.MarshalIndent(s, "", " ")
				return string(s.Phase()) + "\n" + string(b)
			case "next":
				var out []string
				for _, x := range Next(s, Around{Now: now}) {
					line := x.Verb
					if !x.Allowed {
						line += ": no (" + x.Code + ")"
					}
					out = append(out, line)
				}
				return strings.Join(out, "\n")
			case "raise":
				c = Raise{ID: cad.AlarmID(id), Kind: Void, Area: cad.OrgID(area), Class: class, Detail: Detail{StandardS: 300, NearestS: nearest, Units: 3}}
			case "raise-fire":
				c = Raise{ID: cad.AlarmID(id), Kind: "fire", Area: "st1", Class: "patrol"}
			case "acknowledge":
				c = Acknowledge{ID: cad.AlarmID(id), Text: seen}
			case "clear":
				c = Clear{ID: cad.AlarmID(id)}
			default:
				d.Fatalf(t, "no such word: %s", d.Cmd)
			}
			facts, err := c.Decide(s, Around{Now: now, Actor: "dispatcher"})
			if err != nil {
				return refusal(err)
			}
			out := []string{}
			for _, f := range facts {
				b, _ := json.Marshal(f)
				s = Evolve(s, stored(t, f), cad.Stamp{Seq: s.Changed + 1, At: now, Happened: now, Actor: "dispatcher"})
				line := f.FactType() + " " + string(b)
				if x, ok := f.(cad.Confidential); ok && !x.Secret().IsZero() {
					line += " + sealed words"
				}
				out = append(out, line)
			}
			if len(out) == 0 {
				return "nothing"
			}
			return strings.Join(out, "\n")
		})
	})
}

// stored is a fact as it comes back out of a journal.
func stored(t *testing.T, f cad.Fact) Fact {
	t.Helper()
	data, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(Facts(), func(k cad.FactKind) bool { return k.Type == f.FactType() })
	if i < 0 {
		t.Fatalf("%s is not in the room's table", f.FactType())
	}
	back, err := Facts()[i].Decode(1, data)
	if err != nil {
		t.Fatal(err)
	}
	own, ok := back.(Fact)
	if !ok || own.Of() != "a1" || !slices.Equal(f.Subjects(), []cad.Subject{"alarm:a1"}) {
		t.Fatalf("%T is about %v", back, f.Subjects())
	}
	return own
}

// led is an alarm in a phase, led there by commands alone.
func led(t *testing.T, to Phase) State {
	t.Helper()
	raise := Raise{ID: "a1", Kind: Void, Area: "st1", Class: "patrol"}
	paths := map[Phase][]Command{
		"": {}, Raised: {raise}, Acknowledged: {raise, Acknowledge{ID: "a1"}}, Cleared: {raise, Clear{ID: "a1"}},
	}
	var s State
	for _, c := range paths[to] {
		facts, err := c.Decide(s, Around{Now: noon, Actor: "dispatcher"})
		if err != nil || len(facts) != 1 {
			t.Fatal(facts, err)
		}
		was := s.Phase()
		s = Evolve(s, stored(t, facts[0]), cad.Stamp{Seq: s.Changed + 1, At: noon, Happened: noon})
		if !slices.Contains(life[was], s.Phase()) {
			t.Fatalf("%q came to %q", was, s.Phase())
		}
	}
	if s.Phase() != to || s.Open() != (to == Raised || to == Acknowledged) {
		t.Fatalf("led to %q, want %q; open %v", s.Phase(), to, s.Open())
	}
	return s
}

// What a button says is what its command does: allowed ones change something, the others do not.
func TestNextIsTrue(t *testing.T) {
	commands := map[string]Command{"acknowledge": Acknowledge{ID: "a1"}, "clear": Clear{ID: "a1"}}
	for phase := range life {
		s := led(t, phase)
		steps := Next(s, Around{})
		if len(steps) != len(commands) {
			t.Fatalf("%q: %d steps", phase, len(steps))
		}
		for _, step := range steps {
			facts, _ := commands[step.Verb].Decide(s, Around{})
			if step.Allowed != (len(facts) > 0) || !step.Allowed && (step.Code == "" || step.Text == "") {
				t.Errorf("%q: %+v, and its command gives %d facts", phase, step, len(facts))
			}
			for _, f := range facts {
				if after := Evolve(s, f.(Fact), cad.Stamp{Happened: noon}); !slices.Contains(life[phase], after.Phase()) { //nolint:errcheck // a fact of another room would panic here, and should
					t.Errorf("%s takes it from %q to %q", step.Verb, phase, after.Phase())
				}
			}
		}
	}
}

func TestRaiseRefuses(t *testing.T) {
	for _, tt := range []struct {
		cmd  Raise
		code string
	}{
		{Raise{Kind: Void, Area: "st1", Class: "patrol"}, "id_required"},
		{Raise{ID: "a1", Area: "st1", Class: "patrol"}, "bad_kind"},
		{Raise{ID: "a1", Kind: Void, Class: "patrol"}, "area_required"},
		{Raise{ID: "a1", Kind: Void, Area: "st1"}, "area_required"},
		{Raise{ID: "a1", Kind: Void, Area: "st1", Class: "patrol", Detail: Detail{NearestS: -1}}, "negative"},
	} {
		facts, err := tt.cmd.Decide(State{}, Around{})
		var e *fault.Error
		if !errors.As(err, &e) || e.Code != tt.code || facts != nil {
			t.Errorf("%+v: %v, %v", tt.cmd, facts, err)
		}
	}
}
