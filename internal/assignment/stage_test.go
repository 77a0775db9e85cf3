package assignment

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"shuniu/internal/cad"
)

// Whatever the table becomes, every assignment can end, and none goes on after its end.
func TestEveryStageEnds(t *testing.T) {
	for from := range life {
		if from != "" && Check(from, Cleared) != nil {
			t.Errorf("%s: the unit cannot be released", from)
		}
		for _, to := range life[from] {
			if _, ok := life[to]; !ok {
				t.Errorf("%s -> %s: no row for %s", from, to, to)
			}
			if (&State{}).milestone(to) == nil {
				t.Errorf("%s has no time of its own", to)
			}
		}
	}
	if len(life[Cleared]) != 0 {
		t.Errorf("a released unit is sent by a new assignment, not by %v", life[Cleared])
	}
}

// all are the commands that a test may give, around a moment.
func all(now time.Time) []Command {
	out := []Command{
		Dispatch{ID: "a1", Incident: "i42", Unit: "101", Primary: true, Limits: []Limit{{"sign", "dispatched", 30}, {"arrive", "acknowledged", 60}}},
		Dispatch{ID: "a1", Incident: "i42", Unit: "101", Way: LevelTwo, Station: "st1"},
		SignAtDesk{ID: "a1"},
		Promote{ID: "a1"},
		Recall{ID: "a1"},
		MoveTo{ID: "a1", Incident: "i43"},
		MoveTo{ID: "a1", Incident: "i42"},
		AskBackup{ID: "a1", Count: 1},
		PassDeadline{ID: "a1", Kind: "sign"},
		PassDeadline{ID: "a1", Kind: "arrive"},
		Say{ID: "a1", To: OnScene, Redeployable: &yes},
	}
	for _, w := range words {
		out = append(out, Say{ID: "a1", To: w.to}, Say{ID: "a1", To: w.to, Happened: now.Add(-90 * time.Second)})
	}
	return out
}

// What a button says is what its command does: allowed ones change something, the others do not.
func TestNextIsTrue(t *testing.T) {
	states := map[Stage]State{"": {}}
	grow(t, states, lived(t, Dispatch{Primary: true}))
	if len(states) != len(life) {
		t.Fatalf("only %d of %d stages can be reached", len(states), len(life))
	}
	states["stacked"] = lived(t, Dispatch{})
	around := Around{Now: at(30)}
	for name, s := range states {
		steps := Next(s, around)
		if len(steps) != len(words)+1 {
			t.Errorf("%s: %d steps", name, len(steps))
		}
		for i, step := range steps {
			var c Command = AskBackup{ID: s.ID}
			if i < len(words) {
				c = Say{ID: s.ID, To: words[i].to}
			}
			facts, _ := c.Decide(s, around)
			if step.Allowed != (len(facts) > 0) {
				t.Errorf("%s: %s allowed %v, and its command gives %d facts", name, step.Verb, step.Allowed, len(facts))
			}
			if !step.Allowed && (step.Code == "" || step.Text == "") {
				t.Errorf("%s: %s is refused without a reason", name, step.Verb)
			}
		}
	}
}

func grow(t *testing.T, states map[Stage]State, s State) {
	states[s.Stage] = s
	for _, to := range life[s.Stage] {
		if _, ok := states[to]; !ok {
			grow(t, states, fold(t, s, Say{To: to}, at(len(states))))
		}
	}
}

// Random commands, entered in any order: what was promised holds after every fact.
func TestLifeHoldsItsPromises(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		var s State
		now := noon
		for range rapid.IntRange(1, 40).Draw(r, "length") {
			now = now.Add(time.Duration(rapid.IntRange(0, 120).Draw(r, "wait")) * time.Second)
			c := rapid.SampledFrom(all(now)).Draw(r, "command")
			facts, err := c.Decide(s, Around{Now: now, Actor: "x"})
			if err != nil && len(facts) > 0 {
				r.Fatalf("%#v: refused and done", c)
			}
			for _, f := range facts {
				before, was := s, fmt.Sprintf("%+v", s)
				happened := now
				if say, ok := c.(Say); ok && !say.Happened.IsZero() {
					happened = say.Happened
				}
				s = Evolve(s, f.(Fact), cad.Stamp{Seq: s.Changed + 1, At: now, Happened: happened})
				promises(r, before, s, f)
				if fmt.Sprintf("%+v", before) != was {
					r.Fatalf("%s changed the old value", f.FactType())
				}
			}
			if again, err := c.Decide(s, Around{Now: now, Actor: "x"}); err == nil && len(again) > 0 && len(facts) > 0 && !repeats(c) {
				r.Fatalf("%#v twice gives %v", c, again)
			}
		}
	})
}

func repeats(c Command) bool { _, ok := c.(AskBackup); return ok }

func promises(r *rapid.T, before, s State, f cad.Fact) {
	if before.Stage != "" && Check(before.Stage, s.Stage) != nil {
		r.Fatalf("%s: %s -> %s is not in the table", f.FactType(), before.Stage, s.Stage)
	}
	if (s.Stage == Cleared) == s.ClearedAt.IsZero() {
		r.Fatalf("%s: stage %s, cleared at %v", f.FactType(), s.Stage, s.ClearedAt)
	}
	if s.Recalled && s.Open() {
		r.Fatalf("recalled and still open")
	}
	if s.Redeployable && s.Stage != OnScene {
		r.Fatalf("%s: redeployable while %s", f.FactType(), s.Stage)
	}
	if !s.Primary && s.Stage != Dispatched && s.Stage != Acknowledged && s.Stage != Cleared {
		r.Fatalf("a stacked unit is %s", s.Stage)
	}
	if s.ID != "a1" || s.Unit != "101" || s.Changed != before.Changed+1 {
		r.Fatalf("%s: %+v", f.FactType(), s)
	}
	known := map[string]bool{}
	for _, l := range s.Limits {
		known[l.Kind] = true
	}
	for _, kind := range s.Passed {
		if !known[kind] {
			r.Fatalf("%s passed, and was never set", kind)
		}
		delete(known, kind) // Once each.
	}
	for _, d := range Due(s) {
		if !s.Open() {
			r.Fatalf("ended, and still owes %s", d.Kind)
		}
	}
}

// Boards and the writer hold the same value; what follows for one of them must not show in the other.
func TestEvolveLeavesTheOldValueAlone(t *testing.T) {
	s := lived(t, Dispatch{Primary: true})
	s.Passed = append(make([]string, 0, 8), "sign")
	one := Evolve(s, DeadlinePassed{Ref: s.ref(), Kind: "depart"}, cad.Stamp{})
	two := Evolve(s, DeadlinePassed{Ref: s.ref(), Kind: "arrive"}, cad.Stamp{})
	if len(s.Passed) != 1 || one.Passed[1] != "depart" || two.Passed[1] != "arrive" {
		t.Errorf("%v became %v and %v", s.Passed, one.Passed, two.Passed)
	}
}
