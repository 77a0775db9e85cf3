package unit

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
	"shuniu/internal/geo"
)

var noon = time.Date(2030, 5, 1, 12, 0, 0, 0, time.UTC)

// seen is how a duress was found to be over.
var seen = cad.Sealed{Subject: "duress:d1", Slot: 1, Box: []byte("102 spoke with them")}

func car() Spec {
	return Spec{
		ID: "101", CallSign: "101", Kind: "patrol_car", Station: "b1", Capabilities: []string{"armed_suspect"}, Officers: 2, Sworn: 1,
		Dispatchable: true, Home: &geo.Point{Lon: 120.1, Lat: 30.2},
	}
}

// after is the state that a row of commands leads to, one a minute from noon.
func after(t *testing.T, commands ...Command) State {
	t.Helper()
	var s State
	for i, c := range commands {
		facts, err := c.Decide(s, Around{Actor: "officer"})
		if err != nil {
			t.Fatalf("%T: %v", c, err)
		}
		for _, f := range facts {
			now := noon.Add(time.Duration(i) * time.Minute)
			s = Evolve(s, f.(Fact), cad.Stamp{Seq: s.Changed + 1, At: now, Happened: now, Actor: "officer"})
		}
	}
	return s
}

// states are all that a unit can be in, by name.
func states(t *testing.T) map[string]State {
	t.Helper()
	enrol := Enrol{Unit: car()}
	return map[string]State{
		"unknown":        {},
		"off duty":       after(t, enrol),
		"available":      after(t, enrol, ReportAvailable{}),
		"unavailable":    after(t, enrol, ReportUnavailable{Reason: "meal"}),
		"lost":           after(t, enrol, ReportAvailable{}, LoseContact{}),
		"retired":        after(t, enrol, Retire{}),
		"in duress":      after(t, enrol, ReportAvailable{}, RaiseDuress{}),
		"on standby":     after(t, enrol, ReportAvailable{}, StandBy{Place: geo.Point{Lon: 120.2, Lat: 30.2}, Why: &Advice{Move: "m1", GainS: 12}}),
		"known by a cry": after(t, RaiseDuress{ID: "x9"}, ClearDuress{Text: seen}),
	}
}

// No rule of ours stands between an officer in danger and help (promise P9).
func TestDuressWorksFromEveryState(t *testing.T) {
	nowhere := &geo.Point{Lon: 500, Lat: 500}
	for name, s := range states(t) {
		for _, assigned := range [][]cad.AssignmentID{nil, {"a1"}} {
			a := Around{Assigned: assigned, Actor: "officer"}
			facts, err := RaiseDuress{ID: "101", Place: nowhere}.Decide(s, a)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if s.Duress != nil {
				if len(facts) != 0 {
					t.Errorf("%s: heard twice", name)
				}
				continue
			}
			if len(facts) != 1 {
				t.Fatalf("%s: %d facts", name, len(facts))
			}
			next := Evolve(s, facts[0].(Fact), cad.Stamp{Seq: 9, At: noon, Happened: noon, Actor: "officer"})
			if next.Duress == nil || next.ID == "" || next.Duress.By != "officer" || next.Duress.Place != nil || !next.Duress.Since.Equal(noon) {
				t.Errorf("%s: nobody can see it: %+v", name, next)
			}
			if next.Duty != s.Duty || next.Retired != s.Retired {
				t.Errorf("%s: duress changed the duty to %s", name, next.Duty)
			}
			if i := slices.IndexFunc(Next(s, a), func(x cad.Step) bool { return x.Verb == "duress" && x.Allowed }); i < 0 {
				t.Errorf("%s: the button is off", name)
			}
		}
	}
}

func TestDecide(t *testing.T) {
	all := states(t)
	busy := Around{Assigned: []cad.AssignmentID{"a1"}}
	changed := car()
	changed.Officers = 3
	said := cad.Sealed{Subject: "duress:d1", Slot: 1, Box: []byte("behind the mill")}
	for _, tt := range []struct {
		name  string
		state string
		cmd   Command
		a     Around
		facts int // -1: refused with code.
		code  string
	}{
		{"enrol", "unknown", Enrol{Unit: car()}, Around{}, 1, ""},
		{"enrol the same again", "available", Enrol{Unit: car()}, Around{}, 0, ""},
		{"enrol with one more officer", "available", Enrol{Unit: changed}, Around{}, 1, ""},
		{"enrol after it was retired", "retired", Enrol{Unit: car()}, Around{}, 1, ""},
		{"enrol what was known by its cry", "known by a cry", Enrol{Unit: Spec{ID: "x9"}}, Around{}, 1, ""},
		{"enrol nobody", "unknown", Enrol{}, Around{}, -1, "id_required"},
		{"enrol less than nobody", "unknown", Enrol{Unit: Spec{ID: "101", Officers: -1}}, Around{}, -1, "negative"},
		{"enrol nowhere", "unknown", Enrol{Unit: Spec{ID: "101", Home: &geo.Point{Lon: 200}}}, Around{}, -1, "bad_place"},

		{"available", "off duty", ReportAvailable{}, Around{}, 1, ""},
		{"available twice", "available", ReportAvailable{}, Around{}, 0, ""},
		{"available, unknown", "unknown", ReportAvailable{}, Around{}, -1, "no_unit"},
		{"available, retired", "retired", ReportAvailable{}, Around{}, -1, "retired"},
		{"available, known by its cry only", "known by a cry", ReportAvailable{}, Around{}, -1, "no_unit"},
		{"breaks down under way", "available", ReportUnavailable{Reason: "fault"}, busy, 1, ""},
		{"no reason said", "available", ReportUnavailable{}, Around{}, 1, ""},
		{"the same reason", "unavailable", ReportUnavailable{Reason: "meal"}, Around{}, 0, ""},
		{"another reason", "unavailable", ReportUnavailable{Reason: "fuel"}, Around{}, 1, ""},

		{"off duty", "available", GoOffDuty{}, Around{}, 1, ""},
		{"off duty twice", "off duty", GoOffDuty{}, Around{}, 0, ""},
		{"off duty from a scene", "available", GoOffDuty{}, busy, -1, "assigned"},
		{"off duty in danger", "in duress", GoOffDuty{}, Around{}, -1, "in_duress"},
		{"off duty, unknown", "unknown", GoOffDuty{}, Around{}, -1, "no_unit"},
		{"off duty, retired", "retired", GoOffDuty{}, Around{}, -1, "retired"},

		{"retire", "available", Retire{}, Around{}, 1, ""},
		{"retire twice", "retired", Retire{}, Around{}, 0, ""},
		{"retire from a scene", "available", Retire{}, busy, -1, "assigned"},
		{"retire in danger", "in duress", Retire{}, Around{}, -1, "in_duress"},
		{"retire nobody", "unknown", Retire{}, Around{}, -1, "no_unit"},

		{"press again", "in duress", RaiseDuress{ID: "101"}, Around{}, 0, ""},
		{"press again with words", "in duress", RaiseDuress{ID: "101", Text: said}, Around{}, 1, ""},
		{"press again with a place", "in duress", RaiseDuress{ID: "101", Place: &geo.Point{Lon: 120}}, Around{}, 1, ""},
		{"press again nowhere", "in duress", RaiseDuress{ID: "101", Place: &geo.Point{Lon: 500}}, Around{}, 0, ""},
		{"acknowledge duress", "in duress", AcknowledgeDuress{Text: seen}, Around{}, 1, ""},
		{"acknowledge it without a word", "in duress", AcknowledgeDuress{}, Around{}, -1, "reason_required"},
		{"acknowledge what is not", "available", AcknowledgeDuress{Text: seen}, Around{}, 0, ""},
		{"acknowledge nobody's", "unknown", AcknowledgeDuress{Text: seen}, Around{}, -1, "no_unit"},
		{"hear", "available", Hear{}, busy, 1, ""},
		{"hear one that was lost", "lost", Hear{}, Around{}, 2, ""},
		{"hear nobody", "unknown", Hear{}, Around{}, -1, "no_unit"},
		{"clear duress", "in duress", ClearDuress{Text: seen}, Around{}, 1, ""},
		{"clear duress without a word", "in duress", ClearDuress{}, Around{}, -1, "reason_required"},
		{"clear what is not", "available", ClearDuress{}, Around{}, 0, ""},
		{"clear nobody's", "unknown", ClearDuress{}, Around{}, -1, "no_unit"},
		{"wait somewhere", "available", StandBy{Place: geo.Point{Lon: 120, Lat: 30}}, Around{}, 1, ""},
		{"wait there already", "on standby", StandBy{Place: geo.Point{Lon: 120.2, Lat: 30.2}}, Around{}, 0, ""},
		{"wait elsewhere", "on standby", StandBy{Place: geo.Point{Lon: 120.2, Lat: 30.2}, Post: "p1"}, Around{}, 1, ""},
		{"wait while unavailable", "unavailable", StandBy{Place: geo.Point{Lon: 120, Lat: 30}}, Around{}, -1, "unavailable"},
		{"wait in danger", "in duress", StandBy{Place: geo.Point{Lon: 120, Lat: 30}}, Around{}, -1, "in_duress"},
		{"wait while assigned", "available", StandBy{Place: geo.Point{Lon: 120, Lat: 30}}, Around{Assigned: []cad.AssignmentID{"a1"}}, -1, "assigned"},
		{"call it off", "on standby", EndStandby{}, Around{}, 1, ""},
		{"call off what is not", "available", EndStandby{}, Around{}, 0, ""},
		{"a meal ends it", "on standby", ReportUnavailable{Reason: "meal"}, Around{}, 1, ""},
		{"lose contact", "off duty", LoseContact{}, Around{}, 1, ""},
		{"lose it twice", "lost", LoseContact{}, Around{}, 0, ""},
		{"lose nobody", "unknown", LoseContact{}, Around{}, -1, "no_unit"},
		{"regain", "lost", RegainContact{}, Around{}, 1, ""},
		{"regain what was not lost", "available", RegainContact{}, Around{}, 0, ""},
		{"regain nobody", "unknown", RegainContact{}, Around{}, -1, "no_unit"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			facts, err := tt.cmd.Decide(all[tt.state], tt.a)
			var e *fault.Error
			switch {
			case tt.facts >= 0 && (err != nil || len(facts) != tt.facts):
				t.Errorf("got %d facts, %v; want %d", len(facts), err, tt.facts)
			case tt.facts < 0 && (!errors.As(err, &e) || e.Code != tt.code):
				t.Errorf("got %d facts, %v; want a refusal with code %q", len(facts), err, tt.code)
			}
		})
	}
}

// What is said after the first press adds to it: when it began and who pressed stays.
func TestDuressIsToldInParts(t *testing.T) {
	here, there := &geo.Point{Lon: 120, Lat: 30}, &geo.Point{Lon: 120.1, Lat: 30}
	first := after(t, RaiseDuress{ID: "x9"})
	if first.Duress.Place != nil || first.Duress.ID != "" {
		t.Fatalf("begins as %+v", first.Duress)
	}
	parts := []Command{
		RaiseDuress{ID: "x9"},
		RaiseDuress{ID: "x9", Duress: "d1", Place: here},
		RaiseDuress{ID: "x9", Duress: "d2", Place: here},
		RaiseDuress{ID: "x9", Duress: "d2", Place: there},
		RaiseDuress{ID: "x9", Duress: "d2", Text: cad.Sealed{Box: []byte("help")}},
	}
	for n, want := range []Duress{
		{Since: noon, By: "officer"},
		{Since: noon, By: "officer", ID: "d1", Place: here},
		{Since: noon, By: "officer", ID: "d1", Place: here},
		{Since: noon, By: "officer", ID: "d1", Place: there},
		{Since: noon, By: "officer", ID: "d1", Place: there},
	} {
		got := after(t, parts[:n+1]...).Duress
		if got.Since != want.Since || got.By != want.By || got.ID != want.ID || (got.Place == nil) != (want.Place == nil) || got.Place != nil && *got.Place != *want.Place {
			t.Errorf("after %d words: %+v, want %+v", n+1, got, want)
		}
	}
	if first.Duress.Place != nil {
		t.Error("a state that was held has changed")
	}
	told, err := parts[4].Decide(after(t, parts[:4]...), Around{})
	if err != nil || len(told) != 1 || !slices.Equal(told[0].Subjects(), []cad.Subject{"unit:x9", "duress:d2"}) {
		t.Errorf("the words are about %v (%v)", told, err)
	}
}

// Every duty can be left, and every unit can end its work.
func TestEveryDutyEnds(t *testing.T) {
	for from, row := range life {
		if from != "" && from != OffDuty && !slices.Contains(row, OffDuty) {
			t.Errorf("%s: the unit can never go home", from)
		}
		for _, to := range row {
			if _, ok := life[to]; !ok {
				t.Errorf("%s -> %s: no row for %s", from, to, to)
			}
		}
	}
	if _, ok := life[Assigned]; ok {
		t.Error("assigned is computed, never stored")
	}
}

// What a button says is what its command does: allowed ones change something, the others do not.
func TestNextIsTrue(t *testing.T) {
	commands := map[string]Command{
		"available": ReportAvailable{ID: "101"}, "unavailable": ReportUnavailable{ID: "101", Reason: "meal"}, "off_duty": GoOffDuty{ID: "101"},
		"duress": RaiseDuress{ID: "101"}, "clear_duress": ClearDuress{ID: "101", Text: seen},
		"acknowledge_duress": AcknowledgeDuress{ID: "101", Text: seen}, "heard": Hear{ID: "101"},
		"standby": StandBy{ID: "101", Place: geo.Point{Lon: 120, Lat: 30}}, "end_standby": EndStandby{ID: "101"},
		"lose_contact": LoseContact{ID: "101"}, "regain_contact": RegainContact{ID: "101"},
	}
	for name, s := range states(t) {
		for _, a := range []Around{{}, {Assigned: []cad.AssignmentID{"a1"}}} {
			steps := Next(s, a)
			if len(steps) != len(commands) {
				t.Fatalf("%s: %d steps", name, len(steps))
			}
			for _, step := range steps {
				facts, _ := commands[step.Verb].Decide(s, a)
				if step.Allowed != (len(facts) > 0) {
					t.Errorf("%s: %s allowed %v, and its command gives %d facts", name, step.Verb, step.Allowed, len(facts))
				}
				if !step.Allowed && (step.Code == "" || step.Text == "") {
					t.Errorf("%s: %s is refused without a reason", name, step.Verb)
				}
			}
		}
	}
}

func TestBase(t *testing.T) {
	all := states(t)
	for _, tt := range []struct {
		state    string
		assigned bool
		want     Duty
	}{
		{"off duty", false, OffDuty},
		{"available", false, Available},
		{"available", true, Assigned},
		{"unavailable", true, Assigned},
		{"unavailable", false, Unavailable},
		{"known by a cry", false, OffDuty},
	} {
		if got := all[tt.state].Base(tt.assigned); got != tt.want {
			t.Errorf("%s, assigned %v: got %s, want %s", tt.state, tt.assigned, got, tt.want)
		}
	}
}

// A change of configuration must not send anybody home.
func TestEnrolKeepsTheDuty(t *testing.T) {
	changed := car()
	changed.CallSign, changed.Capabilities = "101A", []string{"armed_suspect", "dog"}
	before := after(t, Enrol{Unit: car()}, ReportAvailable{})
	s := after(t, Enrol{Unit: car()}, ReportAvailable{}, Enrol{Unit: changed})
	if s.Duty != Available || !s.Since.Equal(before.Since) || s.CallSign != "101A" || len(s.Capabilities) != 2 {
		t.Errorf("got %+v", s)
	}
}

// The maker of a command may use its memory again; the fact and the state must not follow.
func TestEnrolTakesACopy(t *testing.T) {
	spec := car()
	s := after(t, Enrol{Unit: spec})
	spec.Capabilities[0], spec.Home.Lon = "nothing", 0
	if s.Capabilities[0] != "armed_suspect" || s.Home.Lon != 120.1 {
		t.Errorf("the state followed: %v, %v", s.Capabilities, s.Home)
	}
}

// Another reason is news; being unavailable is not.
func TestSinceIsOfTheDuty(t *testing.T) {
	s := after(t, Enrol{Unit: car()}, ReportUnavailable{Reason: "meal"}, ReportUnavailable{Reason: "fuel"})
	if s.Reason != "fuel" || !s.Since.Equal(noon.Add(time.Minute)) {
		t.Errorf("%s since %v", s.Reason, s.Since)
	}
	if s = after(t, Enrol{Unit: car()}, ReportUnavailable{Reason: "meal"}, ReportAvailable{}); s.Reason != "" {
		t.Errorf("available, because of %q", s.Reason)
	}
}

// Random commands in any order: what was promised holds after every fact.
func TestLifeHoldsItsPromises(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		var s State
		for i := range rapid.IntRange(1, 40).Draw(r, "length") {
			a := Around{Actor: "x"}
			if rapid.Bool().Draw(r, "assigned") {
				a.Assigned = []cad.AssignmentID{"a1"}
			}
			c := rapid.SampledFrom([]Command{
				Enrol{Unit: car()},
				Enrol{Unit: Spec{ID: "101"}},
				Retire{},
				ReportAvailable{},
				ReportUnavailable{Reason: "meal"},
				ReportUnavailable{},
				GoOffDuty{},
				RaiseDuress{ID: "101"},
				ClearDuress{Text: seen},
				LoseContact{},
				RegainContact{},
			}).Draw(r, "command")
			facts, err := c.Decide(s, a)
			if err != nil && len(facts) > 0 {
				r.Fatalf("%#v: refused and done", c)
			}
			for _, f := range facts {
				was := fmt.Sprintf("%+v", s)
				old, now := s, noon.Add(time.Duration(i)*time.Minute)
				s = Evolve(s, f.(Fact), cad.Stamp{Seq: s.Changed + 1, At: now, Happened: now})
				if fmt.Sprintf("%+v", old) != was {
					r.Fatalf("%s changed the old value", f.FactType())
				}
				switch {
				case Check(old.Duty, s.Duty) != nil && !s.Retired:
					r.Fatalf("%s: %q -> %q is not in the table", f.FactType(), old.Duty, s.Duty)
				case s.Retired && s.Duty != OffDuty:
					r.Fatalf("retired and %s", s.Duty)
				case s.Duty == Assigned:
					r.Fatal("assigned was stored")
				case s.Reason != "" && s.Duty != Unavailable:
					r.Fatalf("%s because of %s", s.Duty, s.Reason)
				case len(a.Assigned) > 0 && old.Duty != "" && old.Duty != OffDuty && s.Duty == OffDuty:
					r.Fatalf("%s: went home from a scene", f.FactType())
				case s.ID != "101":
					r.Fatalf("%s: %+v", f.FactType(), s)
				}
			}
			if again, err := c.Decide(s, a); err == nil && len(again) > 0 {
				r.Fatalf("%#v twice gives %v", c, again)
			}
		}
	})
}

// TestALateAnswerSilencesNobody checks that an answer told late does not take back a newer one.
func TestALateAnswerSilencesNobody(t *testing.T) {
	s := after(t, Enrol{Unit: car()}, ReportAvailable{}, Hear{})
	newest := s.Heard
	for _, minutes := range []time.Duration{-10, 10} {
		told := newest.Add(minutes * time.Minute)
		got := Evolve(s, HeardFact{Ref{s.ID}}, cad.Stamp{Seq: s.Changed + 1, At: newest.Add(time.Hour), Happened: told}).Heard
		if want := newest.Add(max(minutes, 0) * time.Minute); !got.Equal(want) {
			t.Errorf("heard %d min from the last answer: %s, want %s", minutes, got, want)
		}
	}
}
