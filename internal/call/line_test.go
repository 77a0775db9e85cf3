package call

import (
	"errors"
	"slices"
	"testing"
	"time"

	"shuniu/internal/cad"
)

// at is somebody in a seat, some seconds after the beginning.
func at(seat cad.SeatID, seconds int) Around {
	return Around{Now: begin().Add(time.Duration(seconds) * time.Second), Actor: cad.ActorID("at-" + seat), Seat: seat, Grace: 10 * time.Second}
}

// say is one command by somebody; it must be taken.
func say(t teller, s State, a Around, c Command) State {
	t.Helper()
	facts, err := c.Decide(s, a)
	if err != nil {
		t.Fatalf("%T by %s: %v", c, a.Seat, err)
	}
	for _, f := range facts {
		s = lead1(t, s, f, cad.Stamp{Seq: s.Changed + 1, At: a.Now, Happened: a.Now, Actor: a.Actor, Seat: a.Seat})
	}
	return s
}

// spoken is a call that seat 01 answered.
func spoken(t teller) State {
	t.Helper()
	return say(t, say(t, State{}, at("", 0), Arrive{ID: "k"}), at("01", 5), Answer{ID: "k"})
}

// lines are calls whose line is in each state that it can be in.
func lines(t teller) map[string]State {
	t.Helper()
	s, dialled := spoken(t), say(t, State{}, at("01", 0), Dial{ID: "k", BackOf: "j"})
	return map[string]State{
		"spoken":          s,
		"held":            say(t, s, at("01", 9), Hold{}),
		"three":           say(t, s, at("01", 9), Confer{Leg: "l0", Kind: WithPartner, To: "119"}),
		"passed":          say(t, s, at("01", 9), Pass{Seat: "02"}),
		"hung up":         say(t, s, at("01", 9), HangUp{}),
		"attached":        say(t, s, at("01", 9), Attach{Incident: "A"}),
		"attached, gone":  say(t, say(t, s, at("01", 9), Attach{Incident: "A"}), at("", 12), HangUp{By: Caller}),
		"nuisance":        say(t, s, at("01", 9), MarkNuisance{Reason: why()}),
		"dialled":         dialled,
		"dialled, there":  say(t, dialled, at("", 9), Answer{}),
		"dialled, nobody": say(t, dialled, at("01", 9), HangUp{}),
		"called back":     say(t, led(t, Silent), at("01", 9), TellBack{Call: "b", Result: Trying}),
		"asked, in vain":  say(t, s, Around{Now: begin().Add(-time.Hour), Actor: "x"}, Take{}),
	}
}

// lineIsWhole holds what is always true of a line against one fact.
func lineIsWhole(was, s State, f cad.Fact, a Around) error {
	switch {
	case s.Speaking && (!taken(s) || !s.HungUp.IsZero()):
		return errors.New("a line is open on which nobody speaks")
	case !s.Speaking && (!s.Held.IsZero() || len(s.With) > 0):
		return errors.New("somebody waits on a closed line")
	case (s.Asked != nil || s.PassedTo != "") && !inHand(s):
		return errors.New("somebody waits for a call that nobody has")
	case !was.HungUp.IsZero() && !s.HungUp.Equal(was.HungUp):
		return errors.New("a line closed twice")
	case was.Has() != Holder{} && was.Has() != s.Has() && f.FactType() != "call.taken_over":
		return errors.New("a call changed hands without a word")
	}
	if f.FactType() == "call.taken_over" && was.PassedTo != a.Seat && (was.Asked == nil || !was.Asked.by(a) || a.Now.Before(was.Asked.Until)) {
		return errors.New("it was taken without being passed, and within the grace time")
	}
	return nil
}

// What a seat says, and what comes of it.
func TestLineDecides(t *testing.T) {
	ls := lines(t)
	for _, tt := range []struct {
		name  string
		state string
		by    Around
		cmd   Command
		facts int // -1: refused.
		code  string
	}{
		{"hold", "spoken", at("01", 20), Hold{}, 1, ""},
		{"hold twice", "held", at("01", 20), Hold{}, 0, ""},
		{"another's caller does not wait for me", "spoken", at("02", 20), Hold{}, -1, "not_holder"},
		{"a colleague at the same seat", "spoken", Around{Actor: "other", Seat: "01"}, Hold{}, 1, ""},
		{"hold nobody", "hung up", at("01", 20), Hold{}, -1, "line_over"},
		{"resume", "held", at("01", 20), Resume{}, 1, ""},
		{"resume what speaks", "spoken", at("01", 20), Resume{}, 0, ""},
		{"three-way", "spoken", at("01", 20), Confer{Leg: "l", Kind: WithNumber, Number: why()}, 1, ""},
		{"with nobody", "spoken", at("01", 20), Confer{Leg: "l", Kind: WithPartner}, -1, "party_required"},
		{"with two at once", "spoken", at("01", 20), Confer{Leg: "l", Kind: WithPartner, To: "119", Number: why()}, -1, "party_required"},
		{"the same partner again", "three", at("01", 20), Confer{Leg: "l", Kind: WithPartner, To: "119"}, 0, ""},
		{"the partner goes", "three", at("", 20), EndConference{Leg: "l0", Left: true}, 1, ""},
		{"he has gone", "three", at("01", 20), EndConference{Leg: "l9"}, 0, ""},
		{"nobody else", "spoken", at("01", 20), EndConference{}, -1, "no_conference"},
		{"another lets him go", "three", at("02", 20), EndConference{}, -1, "not_holder"},
		{"hang up", "spoken", at("01", 20), HangUp{}, 1, ""},
		{"hang up twice", "hung up", at("01", 20), HangUp{}, 0, ""},
		{"another hangs up", "spoken", at("02", 20), HangUp{}, -1, "not_holder"},
		{"the caller hangs up", "held", at("", 20), HangUp{By: Caller}, 1, ""},
		{"an attached call is still on the line", "attached", at("01", 20), HangUp{}, 1, ""},
		{"nobody is there to put through", "hung up", at("01", 20), TransferTo{Partner: "119"}, -1, "line_over"},
		{"it is still written down", "hung up", at("01", 20), Attach{Incident: "A"}, 1, ""},
		{"or nobody had spoken", "hung up", at("01", 20), MarkSilent{}, 1, ""},
		{"a nuisance without a reason", "spoken", at("01", 20), MarkNuisance{}, -1, "reason_required"},
		{"a nuisance twice", "nuisance", at("01", 20), MarkNuisance{}, 0, ""},
		{"a nuisance that becomes an incident", "nuisance", at("01", 20), Attach{Incident: "A"}, 1, ""},
		{"pass", "spoken", at("01", 20), Pass{Seat: "02"}, 1, ""},
		{"pass to nobody", "spoken", at("01", 20), Pass{}, -1, "seat_required"},
		{"pass to oneself", "spoken", at("01", 20), Pass{Seat: "01"}, -1, "own_seat"},
		{"pass twice", "passed", at("01", 20), Pass{Seat: "02"}, 0, ""},
		{"pass another's", "spoken", at("02", 20), Pass{Seat: "03"}, -1, "not_holder"},
		{"take what was passed", "passed", at("02", 20), Take{}, 1, ""},
		{"take one's own", "spoken", at("01", 20), Take{}, 0, ""},
		{"take what is written down", "attached, gone", at("02", 20), Take{}, -1, "line_over"},
		{"keep what nobody wants", "spoken", at("01", 20), Keep{}, 0, ""},
		{"another keeps", "passed", at("02", 20), Keep{}, -1, "not_holder"},
		{"the other side picks up", "dialled", at("", 20), Answer{}, 1, ""},
		{"it does not give up", "dialled", at("01", 20), Abandon{}, -1, "outgoing"},
		{"too late", "dialled, nobody", at("", 20), Answer{}, -1, "line_over"},
		{"call back who speaks", "spoken", at("01", 20), TellBack{Call: "b", Result: Trying}, -1, "line_open"},
		{"call back twice at once", "called back", at("02", 20), TellBack{Call: "c", Result: Trying}, -1, "being_called"},
		{"reached", "called back", at("02", 20), TellBack{Call: "b", Result: Reached}, 1, ""},
		{"another try tells nothing", "called back", at("02", 20), TellBack{Call: "c", Result: Reached}, 0, ""},
		{"a recording", "attached, gone", at("", 20), Record{Ref: "rec/2030-05-01/k.opus"}, 1, ""},
		{"words for a recording", "spoken", at("", 20), Record{Ref: "Zhang San, 12 Market St"}, -1, "bad_reference"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			facts, err := tt.cmd.Decide(ls[tt.state], tt.by)
			if tt.facts >= 0 && (err != nil || len(facts) != tt.facts) || tt.facts < 0 && (code(err) != tt.code || len(facts) > 0) {
				t.Errorf("got %v, %v, want %d %s", facts, err, tt.facts, tt.code)
			}
		})
	}
}

// A seat asks, the other keeps; it asks again, the grace passes, and it takes.
func TestGrace(t *testing.T) {
	s := say(t, spoken(t), at("02", 20), Take{})
	if s.Asked == nil || s.Asked.Seat != "02" || !s.Asked.Until.Equal(at("", 30).Now) || s.Has().Seat != "01" {
		t.Fatalf("asked: %+v", s.Asked)
	}
	if again := say(t, s, at("02", 25), Take{}); again.Has().Seat != "01" || !again.Asked.Until.Equal(s.Asked.Until) {
		t.Errorf("asking again within the grace: %+v", again)
	}
	if _, err := (Take{}).Decide(s, at("03", 25)); code(err) != "asked_already" {
		t.Errorf("a third seat within the grace: %v", err)
	}
	if third := say(t, s, at("03", 31), Take{}); third.Asked.Seat != "03" || third.Has().Seat != "01" {
		t.Errorf("a third seat afterwards begins a grace of its own: %+v", third.Asked)
	}
	kept := say(t, s, at("01", 26), Keep{})
	if kept.Asked != nil || kept.Has().Seat != "01" {
		t.Fatalf("kept: %+v", kept)
	}
	asked := say(t, kept, at("02", 40), Take{})
	if early := say(t, asked, at("02", 49), Take{}); early.Has().Seat != "01" {
		t.Errorf("taken a second too early")
	}
	over := say(t, asked, at("02", 50), Take{})
	if over.Has() != (Holder{Actor: "at-02", Seat: "02"}) || over.Asked != nil || over.AnsweredBy != "at-01" {
		t.Errorf("taken over: %+v", over)
	}
	if _, err := (Hold{}).Decide(over, at("01", 51)); code(err) != "not_holder" {
		t.Errorf("who had it: %v", err)
	}
}

// What the line reports is told again, late and in any order; the call comes to the same.
func TestReportsCommute(t *testing.T) {
	s := say(t, spoken(t), at("01", 8), Confer{Leg: "l0", Kind: WithPartner, To: "119"})
	reports := []Command{HangUp{By: Caller}, Record{Ref: "r1"}, Record{Ref: "r2"}, EndConference{Leg: "l0", Left: true}}
	want := ""
	permute(reports, func(order []Command) {
		x := s
		for _, c := range slices.Concat(order, order[:2]) {
			facts, err := c.Decide(x, at("", 20))
			if err != nil && code(err) != "line_over" {
				t.Fatalf("%T: %v", c, err)
			}
			for _, f := range facts {
				x = lead1(t, x, f, cad.Stamp{Seq: 1, At: at("", 20).Now})
			}
		}
		slices.Sort(x.Recordings)
		if got := text(t, x); want == "" {
			want = got
		} else if got != want {
			t.Errorf("%v:\n%s\n%s", order, got, want)
		}
	})
}

func permute[T any](list []T, visit func([]T)) {
	var from func(int)
	from = func(i int) {
		if i == len(list) {
			visit(list)
			return
		}
		for j := i; j < len(list); j++ {
			list[i], list[j] = list[j], list[i]
			from(i + 1)
			list[i], list[j] = list[j], list[i]
		}
	}
	from(0)
}
