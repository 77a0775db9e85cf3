package incident

import (
	"slices"
	"testing"
	"time"

	"shuniu/internal/cad"
)

// Whatever the table becomes: every phase has a row, every open one can end, and what has ended comes back only
// by being reopened or split off.
func TestLifeTable(t *testing.T) {
	if len(life) != len(phases()) {
		t.Errorf("the table has %d rows, want one for each of %d phases", len(life), len(phases()))
	}
	ends := []Phase{Closed, Merged, Transferred, Invalid}
	for from, row := range life {
		for _, to := range row {
			if _, ok := life[to]; !ok {
				t.Errorf("%q -> %s: no row for %s", from, to, to)
			}
			if slices.Contains(ends, from) && slices.Contains(ends, to) {
				t.Errorf("%s -> %s: an ended incident ends again", from, to)
			}
		}
		if from != "" && !slices.Contains(ends, from) && !slices.ContainsFunc(row, func(p Phase) bool { return slices.Contains(ends, p) }) {
			t.Errorf("%s: it can never end", from)
		}
		if slices.Contains(ends, from) && len(row) == 0 {
			t.Errorf("%s: a mistaken end cannot be mended", from)
		}
	}
}

// Every phase that is not an end leads to the ordinary close, by the table alone.
func TestEveryPhaseLeadsToTheClose(t *testing.T) {
	for from := range life {
		seen, todo := map[Phase]bool{}, []Phase{from}
		for len(todo) > 0 {
			p := todo[0]
			todo = todo[1:]
			if !seen[p] {
				seen[p] = true
				todo = append(todo, life[p]...)
			}
		}
		if !seen[Closed] {
			t.Errorf("%q never comes to a close", from)
		}
	}
}

// complete is a command for each verb that lacks nothing, so that only the state can refuse it.
func complete() map[string]Command {
	w := words("as told")
	return map[string]Command{
		"dispatch":   StartWork{ID: "A"},
		"classify":   Classify{ID: "A", Grade: Grade{Type: "fight", Priority: cad.P2}, Reason: w},
		"note":       Note{ID: "A", Text: w},
		"raise_wave": RaiseWave{ID: "A"},

		"add_file":      AddFile{ID: "A", Kind: "jpeg", Bytes: 3, Digest: "d1", Private: w},
		"withdraw_file": WithdrawFile{ID: "A", File: "A.1", Reason: w},

		"locate":      Locate{ID: "A", Street: "Ferry Lane"},
		"link":        LinkTo{ID: "A", Other: "C"},
		"unlink":      Unlink{ID: "A", Other: "C"},
		"merge":       MergeInto{ID: "A", Other: "C"},
		"split":       Split{ID: "A"},
		"with":        ActTogether{ID: "A", Partner: "120", Text: w},
		"transfer":    Transfer{ID: "A", Partner: "12345", Text: w},
		"follow_up":   FollowUp{ID: "A", Partner: "12345", Text: w},
		"urge":        Urge{ID: "A", Call: "k1"},
		"answers":     TakeAnswers{ID: "A", Answers: []Said{{Question: "weapon", Value: "knife"}}},
		"schedule":    Schedule{ID: "A", At: begin().Add(48 * time.Hour)},
		"ask_seat":    AskSeat{ID: "A", Seat: "61"},
		"seat_takes":  TakeSeat{ID: "A"},
		"seat_done":   EndSeat{ID: "A"},
		"chase":       Chase{ID: "A", Kind: "sign", Unit: "101"},
		"feedback":    GiveFeedback{ID: "A", Kind: Final, Result: "settled"},
		"review":      Review{ID: "A"},
		"return":      ReturnForCorrection{ID: "A", Text: w},
		"close":       Close{ID: "A"},
		"reopen":      Reopen{ID: "A", Text: w},
		"invalid":     Invalidate{ID: "A", Text: w},
		"handover":    HandOver{ID: "A", To: "night"},
		"draw":        Draw{ID: "A", Drawing: "d1", Kind: DrawPoint, Points: around(1)},
		"undraw":      Undraw{ID: "A", Drawing: "d1"},
		"acknowledge": Acknowledge{ID: "A"},
	}
}

// A button and a refusal never disagree: what Next allows is not refused, and what it refuses has no effect, for
// the reason that it gave.
func TestNextAgreesWithDecide(t *testing.T) {
	cmds := complete()
	for _, phase := range phases() {
		for _, committed := range [][]cad.UnitID{nil, {"101"}} {
			s := led(t, phase)
			a := Around{Now: begin(), Actor: "watch", Committed: committed, Waves: []int{1, 2}}
			for _, step := range Next(s, a) {
				cmd, ok := cmds[step.Verb]
				if !ok {
					if step.Verb != "recall" { // Its command stands in the room above.
						t.Errorf("%s: no command", step.Verb)
					}
					continue
				}
				facts, err := cmd.Decide(s, a)
				switch {
				case step.Allowed && err != nil:
					t.Errorf("%q, %v: %s is offered and refused: %v", phase, committed, step.Verb, err)
				case !step.Allowed && len(facts) > 0:
					t.Errorf("%q, %v: %s is not offered (%s) and has an effect", phase, committed, step.Verb, step.Code)
				case !step.Allowed && err != nil && code(err) != step.Code:
					t.Errorf("%q, %v: %s: Next says %s, Decide says %s", phase, committed, step.Verb, step.Code, code(err))
				case !step.Allowed && (step.Code == "" || step.Text == ""):
					t.Errorf("%q, %v: %s is refused without a reason", phase, committed, step.Verb)
				}
			}
		}
	}
}

// The console shows the buttons in this order, and the wire knows them by these names.
func TestVerbs(t *testing.T) {
	want := []string{
		"dispatch", "recall", "raise_wave", "classify", "note", "add_file", "withdraw_file", "locate", "link", "unlink", "merge", "split", "with", "transfer", "follow_up",
		"urge", "answers", "schedule", "ask_seat", "seat_takes", "seat_done", "chase", "feedback", "review", "return", "close", "reopen", "invalid", "handover", "draw", "undraw", "acknowledge",
	}
	var got []string
	for _, s := range Next(State{}, Around{}) {
		got = append(got, s.Verb)
		if s.Allowed || s.Code != "no_incident" {
			t.Errorf("%s on nothing: %+v", s.Verb, s)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("verbs %v, want %v", got, want)
	}
}

// Crews are called back whatever became of the incident.
func TestRecallIsOfferedWheneverUnitsAreCommitted(t *testing.T) {
	for _, phase := range phases()[1:] {
		for _, committed := range [][]cad.UnitID{nil, {"101"}} {
			for _, step := range Next(led(t, phase), Around{Committed: committed}) {
				if step.Verb == "recall" && step.Allowed != (len(committed) > 0) {
					t.Errorf("%s with %v: recall allowed %v", phase, committed, step.Allowed)
				}
			}
		}
	}
}

// Nothing ends an incident under the feet of a crew. A merge is no end for them: they move along.
func TestNoEndWhileUnitsAreCommitted(t *testing.T) {
	there := Around{Now: begin(), Actor: "watch", Committed: []cad.UnitID{"101", "E06"}}
	for _, tt := range []struct {
		state State
		cmd   Command
	}{
		{led(t, Reviewed), Close{ID: "A"}},
		{led(t, InWork), Transfer{ID: "A", Partner: "12345", Text: words("theirs"), Approved: true}},
		{led(t, InWork), Invalidate{ID: "A", Text: words("nothing there")}},
	} {
		if facts, err := tt.cmd.Decide(tt.state, there); code(err) != "units_committed" {
			t.Errorf("%T: %v, %v", tt.cmd, facts, err)
		}
		if facts, err := tt.cmd.Decide(tt.state, Around{Now: begin(), Actor: "watch"}); err != nil || len(facts) != 1 {
			t.Errorf("%T once they are free: %v, %v", tt.cmd, facts, err)
		}
	}
}

// A merge is undone to where it was, whatever that was, and leaves nothing behind but the memory of it.
func TestSplitGoesBackToWhereItWas(t *testing.T) {
	for _, phase := range []Phase{Received, Classified, InWork, ReportedBack, Reviewed} {
		was := led(t, phase)
		l := &line{t: t, s: was, now: begin(), seq: was.Changed}
		l.do(Around{}, MergeInto{ID: "A", Other: "B"})
		if l.s.Phase != Merged || l.s.Open() || len(Due(l.s)) > 0 {
			t.Errorf("%s: merged, it is %s and owes %v", phase, l.s.Phase, Due(l.s))
		}
		l.do(Around{}, Split{ID: "A"})
		if want := []Link{{Other: "B", Kind: LinkSplitFrom}}; !slices.Equal(l.s.Links, want) {
			t.Errorf("%s: links %v, want %v", phase, l.s.Links, want)
		}
		l.s.Links, l.s.Changed = was.Links, was.Changed
		if text(t, l.s) != text(t, was) {
			t.Errorf("%s:\n%s\nbecame\n%s", phase, text(t, was), text(t, l.s))
		}
	}
}
