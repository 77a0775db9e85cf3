package call

import (
	"encoding/json"
	"errors"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
	"shuniu/internal/geo"
)

func begin() time.Time { return time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC) }

// teller is what helpers need of a test or of a property.
type teller interface {
	Helper()
	Fatalf(format string, args ...any)
}

// lead takes a call along commands, ten seconds apart.
func lead(t teller, s State, cmds ...Command) State {
	t.Helper()
	for i, c := range cmds {
		now := begin().Add(time.Duration(i+1) * 10 * time.Second)
		facts, err := c.Decide(s, Around{Now: now, Actor: "taker"})
		if err != nil {
			t.Fatalf("%T on %s: %v", c, s.Phase, err)
		}
		for _, f := range facts {
			own, ok := f.(Fact)
			if !ok {
				t.Fatalf("%T is no fact of this room", f)
			}
			s = Evolve(s, own, cad.Stamp{Seq: s.Changed + 1, At: now, Happened: now, Actor: "taker"})
		}
	}
	return s
}

func led(t teller, to Phase) State {
	t.Helper()
	ring := Arrive{ID: "k", Line: "110-3", AnswerWithinS: 10, Place: &geo.Point{Lon: 103.5, Lat: 30.5}}
	paths := map[Phase][]Command{
		"":          {},
		Ringing:     {ring},
		InTalk:      {ring, Answer{ID: "k"}},
		GivenUp:     {ring, Abandon{ID: "k"}},
		Silent:      {ring, Answer{ID: "k"}, MarkSilent{ID: "k"}},
		Transferred: {ring, Answer{ID: "k"}, TransferTo{ID: "k", Partner: "120"}},
		Joined:      {ring, Answer{ID: "k"}, Attach{ID: "k", Incident: "A"}},
		Over:        {ring, Answer{ID: "k"}, MarkNuisance{ID: "k", Reason: why()}},
	}
	s := lead(t, State{}, paths[to]...)
	if s.Phase != to {
		t.Fatalf("led to %s, want %s", s.Phase, to)
	}
	return s
}

func phases() []Phase {
	return []Phase{"", Ringing, InTalk, GivenUp, Silent, Transferred, Joined, Over}
}

func why() cad.Sealed { return cad.Sealed{Box: []byte("why")} }

func code(err error) string {
	var e *fault.Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// Whatever the table becomes: every call can be attached, and none leaves its incident again by itself.
func TestLifeTable(t *testing.T) {
	if len(life) != len(phases()) {
		t.Errorf("%d rows for %d phases", len(life), len(phases()))
	}
	for from, row := range life {
		if from != "" && from != Joined && !slices.Contains(row, Joined) {
			t.Errorf("%s: it cannot be attached, so nobody would be sent", from)
		}
		for _, to := range row {
			if _, ok := life[to]; !ok {
				t.Errorf("%s -> %s: no row for %s", from, to, to)
			}
		}
	}
	if len(life[Joined]) != 0 {
		t.Errorf("an attached call becomes %v", life[Joined])
	}
}

// A button and a refusal never disagree.
func TestNextAgreesWithDecide(t *testing.T) {
	cmds := map[string]Command{
		"answer": Answer{ID: "k"}, "attach": Attach{ID: "k", Incident: "B"}, "abandon": Abandon{ID: "k"},
		"silent": MarkSilent{ID: "k"}, "transfer": TransferTo{ID: "k", Partner: "119"},
		"hold": Hold{ID: "k"}, "resume": Resume{ID: "k"}, "conference": Confer{ID: "k", Leg: "l1", Kind: WithPartner, To: "120"},
		"end_conference": EndConference{ID: "k"}, "hang_up": HangUp{ID: "k"}, "back": TellBack{ID: "k", Call: "b", Result: Trying},
		"take": Take{ID: "k"}, "keep": Keep{ID: "k"}, "pass": Pass{ID: "k", Seat: "03"}, "nuisance": MarkNuisance{ID: "k", Reason: why()},
		"record": Record{ID: "k", Ref: "r1"}, "detach": Detach{ID: "k"}, "history": ReadHistory{ID: "k"},
	}
	var order []string
	states := lines(t)
	for _, phase := range phases() {
		states[string(phase)] = led(t, phase)
	}
	for phase, s := range states {
		order = order[:0]
		for _, step := range Next(s, Around{}) {
			order = append(order, step.Verb)
			facts, err := cmds[step.Verb].Decide(s, Around{Now: begin()})
			switch {
			case step.Allowed && (err != nil || len(facts) == 0):
				t.Errorf("%q: %s is offered: %v, %v", phase, step.Verb, facts, err)
			case !step.Allowed && len(facts) > 0:
				t.Errorf("%q: %s is not offered (%s) and has an effect", phase, step.Verb, step.Code)
			case !step.Allowed && err != nil && code(err) != step.Code:
				t.Errorf("%q: %s: Next says %s, Decide says %v", phase, step.Verb, step.Code, err)
			}
		}
	}
	if !slices.Equal(order, []string{"answer", "attach", "abandon", "silent", "transfer", "hold", "resume", "conference", "end_conference", "hang_up", "back", "take", "keep", "pass", "nuisance", "record", "detach", "history"}) {
		t.Errorf("verbs %v", order)
	}
}

func TestDecide(t *testing.T) {
	lost := lead(t, led(t, Ringing), Attach{ID: "k", Incident: "A"}, Abandon{ID: "k"})
	by := func(p Phase, who cad.ActorID) State {
		s := led(t, p)
		s.AnsweredBy = who
		return s
	}
	for _, tt := range []struct {
		name  string
		state State
		cmd   Command
		facts int // -1: refused.
		code  string
	}{
		{"arrive", State{}, Arrive{ID: "k"}, 1, ""},
		{"arrive twice", led(t, InTalk), Arrive{ID: "k", Line: "other"}, 0, ""},
		{"answer nothing", State{}, Answer{}, -1, "no_call"},
		{"answer twice", led(t, InTalk), Answer{}, 0, ""},
		{"answer what is over", led(t, GivenUp), Answer{}, -1, "call_phase"},
		{"answer what was attached ringing", lead(t, led(t, Ringing), Attach{ID: "k", Incident: "A"}), Answer{}, 1, ""},
		{"answer what another answered", by(InTalk, "other"), Answer{}, -1, "answered"},
		{"answer what another answered and attached", by(Joined, "other"), Answer{}, -1, "answered"},
		{"answer what was attached in talk", led(t, Joined), Answer{}, 0, ""},
		{"answer what was lost", lost, Answer{}, -1, "not_ringing"},
		{"abandon twice", led(t, GivenUp), Abandon{}, 0, ""},
		{"silent after hanging up", led(t, GivenUp), MarkSilent{}, -1, "call_phase"},
		{"the line breaks after it was attached", led(t, Joined), Abandon{}, 1, ""},
		{"it breaks once", lost, Abandon{}, 0, ""},
		{"and is not silent as well", lost, MarkSilent{}, -1, "lost_already"},
		{"transfer to nobody", led(t, InTalk), TransferTo{}, -1, "partner_required"},
		{"transfer twice", led(t, Transferred), TransferTo{Partner: "120"}, 0, ""},
		{"transfer what is attached", led(t, Joined), TransferTo{Partner: "120"}, -1, "call_phase"},
		{"tell who it is", led(t, Ringing), Tell{Caller: cad.Sealed{Box: []byte("Zhang")}}, 1, ""},
		{"tell late", led(t, Joined), Tell{Caller: cad.Sealed{Box: []byte("Zhang")}}, 1, ""},
		{"tell nothing", led(t, Joined), Tell{}, 0, ""},
		{"tell of nobody", State{}, Tell{Caller: cad.Sealed{Box: []byte("Zhang")}}, -1, "no_call"},
		{"attach ringing", led(t, Ringing), Attach{Incident: "A"}, 1, ""},
		{"attach abandoned", led(t, GivenUp), Attach{Incident: "A"}, 1, ""},
		{"attach silent", led(t, Silent), Attach{Incident: "A"}, 1, ""},
		{"attach transferred", led(t, Transferred), Attach{Incident: "A"}, 1, ""},
		{"attach twice", led(t, Joined), Attach{Incident: "A"}, 0, ""},
		{"attach elsewhere", led(t, Joined), Attach{Incident: "B"}, -1, "attached_elsewhere"},
		{"attach to nothing", led(t, InTalk), Attach{}, -1, "incident_required"},
		{"detach", led(t, Joined), Detach{}, 1, ""},
		{"detach what is free", led(t, InTalk), Detach{}, 0, ""},
		{"detach nothing", State{}, Detach{}, -1, "no_call"},
		{"detach what a merge brought", lead(t, led(t, Joined), Move{To: "B"}), Detach{}, -1, "moved_here"},
		{"look back in talk", led(t, InTalk), ReadHistory{}, 1, ""},
		{"look back afterwards", led(t, Joined), ReadHistory{}, -1, "call_over"},
		{"look back at nothing", State{}, ReadHistory{}, -1, "no_call"},
		{"move", led(t, Joined), Move{To: "B"}, 1, ""},
		{"move where it is", led(t, Joined), Move{To: "A"}, 0, ""},
		{"move to nothing", led(t, Joined), Move{}, -1, "incident_required"},
		{"move what is free", led(t, InTalk), Move{To: "B"}, -1, "not_attached"},
		{"move nothing", State{}, Move{To: "B"}, -1, "no_call"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			facts, err := tt.cmd.Decide(tt.state, Around{Now: begin(), Actor: "taker"})
			if tt.facts >= 0 && (err != nil || len(facts) != tt.facts) || tt.facts < 0 && (code(err) != tt.code || len(facts) > 0) {
				t.Errorf("got %v, %v, want %d %s", facts, err, tt.facts, tt.code)
			}
		})
	}
}

// How a call was lost is not forgotten when it becomes an incident: somebody has to call back.
func TestALostCallStaysLost(t *testing.T) {
	for how, want := range map[Phase]Phase{GivenUp: GivenUp, Silent: Silent, InTalk: "", Ringing: ""} {
		s := lead(t, led(t, how), Attach{ID: "k", Incident: "A"})
		if s.Phase != Joined || s.Lost != want || s.Incident != "A" || s.EndedAt.IsZero() {
			t.Errorf("%s: %+v", how, s)
		}
	}
}

// Merges of merges are undone in the order in which a person thinks of it: the last first.
func TestMovesAreUndoneStepByStep(t *testing.T) {
	s := lead(t, led(t, Joined), Move{To: "B"}, Move{To: "C"})
	if s.Incident != "C" || s.MovedFrom != "B" {
		t.Fatalf("after two merges: %+v", s)
	}
	once := lead(t, s, Move{To: "B"})
	if once.Incident != "B" || once.MovedFrom != "A" {
		t.Errorf("after one split: %+v", once)
	}
	twice := lead(t, once, Move{To: "A"})
	if twice.Incident != "A" || twice.MovedFrom != "" || len(twice.Trail) != 0 {
		t.Errorf("after both splits: %+v", twice)
	}
	if s.Incident != "C" || !slices.Equal(s.Trail, []cad.IncidentID{"A"}) {
		t.Errorf("the state that was held has changed: %+v", s)
	}
}

// The incident's timeline tells of its calls.
func TestSubjects(t *testing.T) {
	for _, tt := range []struct {
		state State
		cmd   Command
		want  []cad.Subject
	}{
		{led(t, InTalk), Attach{Incident: "A"}, []cad.Subject{"call:k", "incident:A"}},
		{led(t, Joined), Move{To: "B"}, []cad.Subject{"call:k", "incident:A", "incident:B"}},
		{led(t, Joined), Abandon{}, []cad.Subject{"call:k", "incident:A"}},
		{led(t, Ringing), Abandon{}, []cad.Subject{"call:k"}},
	} {
		facts, err := tt.cmd.Decide(tt.state, Around{Now: begin()})
		if err != nil || len(facts) != 1 || !slices.Equal(facts[0].Subjects(), tt.want) {
			t.Errorf("%T: %v, %v, want %v", tt.cmd, facts, err, tt.want)
		}
	}
}

func TestAnswerDeadline(t *testing.T) {
	s := led(t, Ringing)
	due := s.Arrived.Add(10 * time.Second)
	if got := Due(s); len(got) != 1 || got[0].Kind != "answer" || !got[0].Due.Equal(due) || got[0].Subject != "call:k" {
		t.Fatalf("due %v", got)
	}
	for name, tt := range map[string]struct {
		state State
		cmd   PassDeadline
		now   time.Time
		facts int
	}{
		"due":          {s, PassDeadline{"k", "answer", due}, due, 1},
		"too early":    {s, PassDeadline{"k", "answer", due}, due.Add(-time.Second), 0},
		"another":      {s, PassDeadline{"k", "answer", due.Add(1)}, due.Add(time.Hour), 0},
		"unknown":      {s, PassDeadline{"k", "tea", due}, due, 0},
		"answered":     {led(t, InTalk), PassDeadline{"k", "answer", due}, due, 0},
		"never came":   {State{}, PassDeadline{"k", "answer", due}, due, 0},
		"passed twice": {Evolve(s, DeadlinePassed{}, cad.Stamp{}), PassDeadline{"k", "answer", due}, due, 0},
	} {
		if facts, err := tt.cmd.Decide(tt.state, Around{Now: tt.now}); err != nil || len(facts) != tt.facts {
			t.Errorf("%s: %v, %v", name, facts, err)
		}
	}
}

// Whatever is said in whatever order: the table is kept, an attached call stays attached to something, held
// states do not change, and what was stored folds to the same call.
func TestAnyLife(t *testing.T) {
	reached, happened := map[Phase]bool{}, map[string]bool{}
	rapid.Check(t, func(t *rapid.T) {
		var s, again State
		var states []State
		var texts []string
		now := begin()
		begun := rapid.SampledFrom([][]Command{ // So that each kind of life is there, whatever chance does.
			nil,
			{Arrive{ID: "k", AnswerWithinS: 10}, Answer{ID: "k"}},
			{Dial{ID: "k", BackOf: "j"}, Answer{ID: "k"}},
			{Arrive{ID: "k", AnswerWithinS: 10}, PassDeadline{}},
			{Arrive{ID: "k"}, Answer{ID: "k"}, Confer{ID: "k", Leg: "l", Kind: WithPartner, To: "119"}, Attach{ID: "k", Incident: "A"}, Move{ID: "k", To: "B"}},
		}).Draw(t, "begun")
		for i := range rapid.IntRange(5, 80).Draw(t, "steps") {
			now = now.Add(time.Duration(rapid.IntRange(0, 30).Draw(t, "seconds")) * time.Second)
			incident := rapid.SampledFrom([]cad.IncidentID{"", "A", "B", "C"}).Draw(t, "incident")
			late := PassDeadline{ID: "k", Kind: "answer", Due: now}
			if due := Due(s); len(due) > 0 {
				late.Due = due[0].Due
			}
			cmd := anyCommand(t, incident, late)
			if i < len(begun) {
				cmd = begun[i]
			}
			if _, ok := cmd.(PassDeadline); ok && i < len(begun) {
				cmd, now = late, late.Due
			}
			seat := rapid.SampledFrom([]cad.SeatID{"A", "A", "B"}).Draw(t, "seat")
			around := Around{Now: now, Actor: cad.ActorID("at-" + seat), Seat: seat, Grace: 10 * time.Second}
			facts, err := cmd.Decide(s, around)
			if err != nil && (len(facts) > 0 || code(err) == "") {
				t.Fatalf("%T: %v with %v", cmd, err, facts)
			}
			for _, f := range facts {
				st := cad.Stamp{Seq: s.Changed + 1, At: now, Happened: now, Actor: around.Actor, Seat: seat}
				states, texts = append(states, s), append(texts, text(t, s))
				was := s
				s, again = lead1(t, s, f, st), lead1(t, again, stored(t, f), st)
				reached[s.Phase] = true
				_, back := f.(Detached)
				if was.Phase != s.Phase && !(back && was.Phase == Joined && s.Phase == was.before()) && !slices.Contains(life[was.Phase], s.Phase) {
					t.Fatalf("%s took it from %q to %s", f.FactType(), was.Phase, s.Phase)
				}
				if (s.Phase == Joined) != (s.Incident != "") || s.MovedFrom == s.Incident && s.Incident != "" {
					t.Fatalf("%s: %+v", f.FactType(), s)
				}
				if (s.Phase == Ringing || s.Phase == InTalk) != s.EndedAt.IsZero() {
					t.Fatalf("%s: %s, ended %v", f.FactType(), s.Phase, s.EndedAt)
				}
				if err := lineIsWhole(was, s, f, around); err != nil {
					t.Fatalf("%s: %v\n%s\n%s", f.FactType(), err, text(t, was), text(t, s))
				}
				happened[f.FactType()] = true
			}
		}
		for i := range states {
			if got := text(t, states[i]); got != texts[i] {
				t.Fatalf("a held state changed:\n%s\n%s", texts[i], got)
			}
		}
		if text(t, s) != text(t, again) {
			t.Fatalf("replay differs:\n%s\n%s", text(t, s), text(t, again))
		}
	})
	for _, p := range phases()[1:] {
		if !reached[p] {
			t.Errorf("no call came to %s: the property says nothing about it", p)
		}
	}
	for _, k := range Facts() {
		if !happened[k.Type] {
			t.Errorf("%s never happened: the property says nothing about it", k.Type)
		}
	}
}

// anyCommand is mostly one that lets a line stay open: a life that ends at once tells little.
func anyCommand(t *rapid.T, name cad.IncidentID, late PassDeadline) Command {
	sealed := cad.Sealed{Slot: 3, Box: []byte(name)}
	open := []Command{
		Arrive{ID: "k", AnswerWithinS: 10, Caller: cad.Sealed{Slot: 3, Box: []byte("x")}},
		Tell{ID: "k", Caller: sealed},
		Answer{ID: "k"},
		late,
		Hold{ID: "k"},
		Resume{ID: "k"},
		Take{ID: "k"},
		Take{ID: "k"},
		Keep{ID: "k"},
		Pass{ID: "k", Seat: cad.SeatID(name)},
		Confer{ID: "k", Leg: "l" + string(name), Kind: WithPartner, To: string(name)},
		Confer{ID: "k", Leg: "lB", Kind: WithNumber, Number: sealed},
		EndConference{ID: "k"},
		EndConference{ID: "k", Leg: rapid.SampledFrom([]string{"", "lA", "lB"}).Draw(t, "leg"), Left: name == "C"},
		Record{ID: "k", Ref: "r" + string(name)},
		Move{ID: "k", To: name},
		Detach{ID: "k"},
		ReadHistory{ID: "k"},
		TellBack{ID: "k", Call: cad.CallID(name), Result: rapid.SampledFrom([]Result{Trying, Reached, NotReached}).Draw(t, "result")},
	}
	final := []Command{
		Dial{ID: "k", BackOf: "j", Number: sealed},
		Abandon{ID: "k"},
		MarkSilent{ID: "k"},
		TransferTo{ID: "k", Partner: cad.PartnerID(name)},
		Attach{ID: "k", Incident: name},
		HangUp{ID: "k", By: rapid.SampledFrom([]Side{Us, Caller}).Draw(t, "side")},
		MarkNuisance{ID: "k", Reason: sealed},
	}
	if rapid.IntRange(0, 15).Draw(t, "final") == 15 {
		return rapid.SampledFrom(final).Draw(t, "command")
	}
	return rapid.SampledFrom(open).Draw(t, "command")
}

func lead1(t teller, s State, f cad.Fact, st cad.Stamp) State {
	t.Helper()
	own, ok := f.(Fact)
	if !ok {
		t.Fatalf("%T is no fact of this room", f)
	}
	return Evolve(s, own, st)
}

// stored is a fact as it comes back out of a journal.
func stored(t teller, f cad.Fact) cad.Fact {
	t.Helper()
	for _, k := range Facts() {
		if k.Type != f.FactType() {
			continue
		}
		back, err := k.Decode(k.Version, []byte(text(t, f)))
		if err != nil {
			t.Fatalf("%v", err)
		}
		if c, ok := f.(cad.Confidential); ok {
			if again, ok := back.(cad.Confidential); ok {
				back = again.WithSecret(c.Secret())
			}
		}
		return back
	}
	t.Fatalf("%s is not in the room's table", f.FactType())
	return nil
}

func text(t teller, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return string(data)
}

// Two futures of one held state do not write into each other: a command may be decided and then not stored.
func TestTwoFuturesOfOneCall(t *testing.T) {
	s := led(t, Joined)
	for _, to := range []cad.IncidentID{"B", "C", "D", "E", "F", "G"} {
		s = lead(t, s, Move{To: to})
		one := lead(t, s, Move{To: "X"})
		was := text(t, one)
		lead(t, lead(t, s, Move{To: "P"}), Move{To: "Q"})
		grown := s // A future that begins one step later, on what the first one shares.
		grown.MovedFrom = "Z"
		lead(t, grown, Move{To: "P"})
		if got := text(t, one); got != was {
			t.Errorf("at %s:\n%s\nbecame\n%s", to, was, got)
		}
		if back := lead(t, one, Move{To: s.Incident}); !slices.Equal(back.Trail, s.Trail) || back.MovedFrom != s.MovedFrom {
			t.Errorf("at %s: undone to %v from %s, want %v from %s", to, back.Trail, back.MovedFrom, s.Trail, s.MovedFrom)
		}
	}
}

// The name of a line stands in the clear, so it is a short code or nothing.
func TestLine(t *testing.T) {
	for told, want := range map[string]string{
		"110-3": "110-3", "+86.27/110:2_a#1": "+86.27/110:2_a#1", "": "", "王大明家": "", "my name is": "", "1234567890123456789012345": "", "a\x00b": "",
	} {
		if got := Line(told); got != want {
			t.Errorf("%q gives %q, want %q", told, got, want)
		}
	}
}

// Taking an attachment back puts the call where it was, whatever that was.
func TestDetachGoesBack(t *testing.T) {
	for _, from := range []Phase{Ringing, InTalk, GivenUp, Silent, Transferred} {
		was := led(t, from)
		s := lead(t, was, Attach{ID: "k", Incident: "B"}, Detach{ID: "k"})
		s.Changed = was.Changed
		if text(t, s) != text(t, was) {
			t.Errorf("%s: attached and taken back:\n%s\n%s", from, text(t, s), text(t, was))
		}
	}
}
