package incident

import (
	"slices"
	"testing"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
	"shuniu/internal/geo"
)

func TestDecide(t *testing.T) {
	w := words("as told")
	here := &geo.Point{Lon: 103.5, Lat: 30.5}
	nowhere := &geo.Point{Lon: 103.5, Lat: 300}
	l := &line{t: t, now: begin()}
	l.do(Around{},
		Open{ID: "A", Number: 7, Place: here, Street: "Ferry Lane", Responsible: Responsible{Org: "st1", By: "polygon"}},
		Classify{ID: "A", Grade: Grade{Type: "knife", Priority: cad.P1}},
		LinkTo{ID: "A", Other: "B"}, TakeIn{ID: "A", Other: "C"}, ActTogether{ID: "A", Partner: "120"})
	p1 := l.s
	l.do(Around{}, Rule{ID: "A", Responsible: Responsible{Org: "st2"}})
	ruled := l.s
	crowded := p1
	crowded.Drawings = make([]Drawing, DrawingsMax)
	l.do(Around{}, Draw{ID: "A", Drawing: "d1", Kind: DrawPoint, Points: around(1)})
	held := l.s
	knot := []geo.Point{{Lon: 103, Lat: 30}, {Lon: 104, Lat: 31}, {Lon: 104, Lat: 30}, {Lon: 103, Lat: 31}}
	third := p1
	third.Wave = 3
	filed, full := p1, p1
	filed.Files = []File{{ID: "A.1", Kind: "jpeg", Bytes: 3, Digest: "d1"}}
	full.Files = make([]File, FilesMax)

	for _, tt := range []struct {
		name  string
		state State
		cmd   Command
		facts int    // -1: refused.
		code  string // Of the refusal.
		kind  fault.Kind
	}{
		{"review", led(t, ReportedBack), Review{}, 1, "", 0},
		{"review twice", led(t, Reviewed), Review{}, 0, "", 0},
		{"review before feedback", led(t, InWork), Review{}, -1, "not_reported", fault.Conflict},
		{"review after the end", led(t, Closed), Review{}, -1, "ended", fault.Conflict},
		{"return", led(t, Reviewed), ReturnForCorrection{Text: w}, 1, "", 0},
		{"return without a reason", led(t, ReportedBack), ReturnForCorrection{}, -1, "reason_required", fault.Invalid},
		{"return before feedback", led(t, InWork), ReturnForCorrection{Text: w}, -1, "not_reported", fault.Conflict},
		{"close before review", led(t, ReportedBack), Close{}, -1, "not_reviewed", fault.Conflict},
		{"close before feedback", led(t, InWork), Close{}, -1, "no_final_feedback", fault.Conflict},
		{"close twice", led(t, Closed), Close{}, 0, "", 0},
		{"reopen", led(t, Closed), Reopen{Text: w}, 1, "", 0},
		{"reopen what was handed over", led(t, Transferred), Reopen{Text: w}, 1, "", 0},
		{"reopen without a reason", led(t, Closed), Reopen{}, -1, "reason_required", fault.Invalid},
		{"reopen what is open", led(t, InWork), Reopen{Text: w}, -1, "still_open", fault.Conflict},
		{"reopen what is merged", led(t, Merged), Reopen{Text: w}, -1, "merged", fault.Conflict},
		{"send again after feedback", led(t, Reviewed), StartWork{}, 1, "", 0},
		{"send one more", led(t, InWork), StartWork{}, 0, "", 0},

		{"locate", p1, Locate{Place: &geo.Point{Lon: 103.6, Lat: 30.5}}, 1, "", 0},
		{"locate where it is", p1, Locate{Place: here, Street: "Ferry Lane", Responsible: Responsible{Org: "st1", By: "polygon"}}, 0, "", 0},
		{"locate by words", p1, Locate{Address: w}, 1, "", 0},
		{"locate with nothing", p1, Locate{}, -1, "place_required", fault.Invalid},
		{"locate off the globe", p1, Locate{Place: nowhere}, -1, "bad_place", fault.Invalid},
		{"rule", p1, Rule{Responsible: Responsible{Org: "st1"}}, 1, "", 0},
		{"rule the same", ruled, Rule{Responsible: Responsible{Org: "st2"}}, 0, "", 0},
		{"rule for nobody", p1, Rule{}, -1, "org_required", fault.Invalid},

		{"link", p1, LinkTo{Other: "D"}, 1, "", 0},
		{"link twice", p1, LinkTo{Other: "B"}, 0, "", 0},
		{"link to itself", p1, LinkTo{Other: "A"}, -1, "same_incident", fault.Invalid},
		{"link to nothing", p1, LinkTo{}, -1, "other_required", fault.Invalid},
		{"link what has ended", led(t, Closed), LinkTo{Other: "D"}, 1, "", 0},
		{"unlink", p1, Unlink{Other: "B"}, 1, "", 0},
		{"unlink a merge", p1, Unlink{Other: "C"}, 0, "", 0},
		{"merge", p1, MergeInto{Other: "D"}, 1, "", 0},
		{"merge into itself", p1, MergeInto{Other: "A"}, -1, "same_incident", fault.Invalid},
		{"merge twice", led(t, Merged), MergeInto{Other: "B"}, 0, "", 0},
		{"merge elsewhere", led(t, Merged), MergeInto{Other: "D"}, -1, "merged", fault.Conflict},
		{"take in twice", p1, TakeIn{Other: "C"}, 0, "", 0},
		{"take in after the end", led(t, Closed), TakeIn{Other: "D"}, -1, "ended", fault.Conflict},
		{"split", led(t, Merged), Split{}, 1, "", 0},
		{"split what is whole", p1, Split{}, -1, "not_merged", fault.Conflict},
		{"let go", p1, LetGo{Other: "C"}, 1, "", 0},
		{"let go of a stranger", p1, LetGo{Other: "D"}, 0, "", 0},

		{"transfer", led(t, Classified), Transfer{Partner: "12345", Text: w}, 1, "", 0},
		{"transfer a P1", p1, Transfer{Partner: "12345", Text: w}, -1, "p1_transfer", fault.Conflict},
		{"transfer a P1, approved", p1, Transfer{Partner: "12345", Text: w, Approved: true}, 1, "", 0},
		{"transfer to nobody", led(t, Classified), Transfer{Text: w}, -1, "partner_required", fault.Invalid},
		{"transfer without a reason", led(t, Classified), Transfer{Partner: "12345"}, -1, "reason_required", fault.Invalid},
		{"transfer twice", led(t, Transferred), Transfer{Partner: "12345", Text: w}, 0, "", 0},
		{"transfer after the review", led(t, Reviewed), Transfer{Partner: "12345", Text: w}, -1, "phase", fault.Conflict},
		{"with nobody", p1, ActTogether{}, -1, "partner_required", fault.Invalid},
		{"follow up", p1, FollowUp{Partner: "120"}, 1, "", 0},
		{"follow up after the end", led(t, Transferred), FollowUp{Partner: "12345"}, 1, "", 0},
		{"follow up with a stranger", p1, FollowUp{Partner: "119"}, -1, "no_partner", fault.Conflict},
		{"follow up with nobody there", led(t, InWork), FollowUp{Partner: "119"}, -1, "no_partner", fault.Conflict},

		{"urge after the end", led(t, Closed), Urge{Call: "k1"}, 1, "", 0},
		{"invalid", led(t, InWork), Invalidate{Text: w}, 1, "", 0},
		{"invalid twice", led(t, Invalid), Invalidate{Text: w}, 0, "", 0},
		{"invalid without a reason", led(t, InWork), Invalidate{}, -1, "reason_required", fault.Invalid},
		{"hand over", p1, HandOver{To: "night"}, 1, "", 0},
		{"hand over to the same", p1, HandOver{To: "watch"}, 0, "", 0},
		{"hand over to nobody", p1, HandOver{}, -1, "to_required", fault.Invalid},
		{"the next wave", p1, RaiseWave{}, 1, "", 0},
		{"the third wave at once", p1, RaiseWave{Wave: 3, Text: w}, 1, "", 0},
		{"the wave in force", p1, RaiseWave{Wave: 1}, 0, "", 0},
		{"a wave that asks for nothing", p1, RaiseWave{Wave: 2}, -1, "no_wave", fault.Invalid},
		{"a wave below the first", p1, RaiseWave{Wave: -1}, -1, "no_wave", fault.Invalid},
		{"a wave after the last", third, RaiseWave{}, -1, "last_wave", fault.Conflict},
		{"a wave for what has ended", led(t, Closed), RaiseWave{}, -1, "ended", fault.Conflict},
		{"a file", p1, AddFile{Kind: "jpeg", Bytes: 3, Digest: "d1"}, 1, "", 0},
		{"a file after the end", led(t, Closed), AddFile{Kind: "jpeg", Bytes: 3, Digest: "d1"}, 1, "", 0},
		{"an empty file", p1, AddFile{Kind: "txt", Digest: "d1"}, -1, "empty_file", fault.Invalid},
		{"the same content again", filed, AddFile{Kind: "jpeg", Bytes: 3, Digest: "d1"}, 0, "", 0},
		{"a file too many", full, AddFile{Kind: "jpeg", Bytes: 3, Digest: "d9"}, -1, "files_full", fault.Conflict},
		{"withdraw a file", filed, WithdrawFile{File: "A.1", Reason: w}, 1, "", 0},
		{"withdraw without a reason", filed, WithdrawFile{File: "A.1"}, -1, "reason_required", fault.Invalid},
		{"withdraw what is not there", filed, WithdrawFile{File: "A.2", Reason: w}, -1, "no_file", fault.NotFound},
		{"withdraw from nothing", p1, WithdrawFile{File: "A.1", Reason: w}, -1, "no_files", fault.Conflict},
		{"draw", p1, Draw{Drawing: "d1", Kind: DrawPoint, Points: around(1)}, 1, "", 0},
		{"draw an area", p1, Draw{Drawing: "d1", Kind: DrawArea, Points: around(DrawPointsMax)}, 1, "", 0},
		{"draw what stands there", held, Draw{Drawing: "d1", Kind: DrawPoint, Points: around(1)}, 0, "", 0},
		{"draw it with words", held, Draw{Drawing: "d1", Kind: DrawPoint, Points: around(1), Label: w}, 1, "", 0},
		{"draw it elsewhere", held, Draw{Drawing: "d1", Kind: DrawPoint, Points: []geo.Point{*here}}, 1, "", 0},
		{"draw it for a unit", held, Draw{Drawing: "d1", Kind: DrawPoint, Points: around(1), Units: []cad.UnitID{"101"}}, 1, "", 0},
		{"draw without an id", p1, Draw{Kind: DrawPoint, Points: around(1)}, -1, "id_required", fault.Invalid},
		{"draw an odd thing", p1, Draw{Drawing: "d1", Kind: "odd", Points: around(1)}, -1, "bad_kind", fault.Invalid},
		{"draw a point of two", p1, Draw{Drawing: "d1", Kind: DrawPost, Points: around(2)}, -1, "bad_corners", fault.Invalid},
		{"draw a route of one", p1, Draw{Drawing: "d1", Kind: DrawRoute, Points: around(1)}, -1, "bad_corners", fault.Invalid},
		{"draw too many corners", p1, Draw{Drawing: "d1", Kind: DrawRoute, Points: around(DrawPointsMax + 1)}, -1, "bad_corners", fault.Invalid},
		{"draw a knot", p1, Draw{Drawing: "d1", Kind: DrawArea, Points: knot}, -1, "area_crosses", fault.Invalid},
		{"draw a knot as a route", p1, Draw{Drawing: "d1", Kind: DrawRoute, Points: knot}, 1, "", 0},
		{"draw off the globe", p1, Draw{Drawing: "d1", Kind: DrawPoint, Points: []geo.Point{*nowhere}}, -1, "bad_place", fault.Invalid},
		{"draw for too many", p1, Draw{Drawing: "d1", Kind: DrawPoint, Points: around(1), Units: make([]cad.UnitID, DrawUnitsMax+1)}, -1, "too_many_units", fault.Invalid},
		{"draw no words", p1, Draw{Drawing: "d1", Kind: DrawText, Points: around(1)}, -1, "label_required", fault.Invalid},
		{"draw one too many", crowded, Draw{Drawing: "d1", Kind: DrawPoint, Points: around(1)}, -1, "drawings_full", fault.Conflict},
		{"draw after the end", led(t, Closed), Draw{Drawing: "d1", Kind: DrawPoint, Points: around(1)}, -1, "ended", fault.Conflict},
		{"undraw", held, Undraw{Drawing: "d1"}, 1, "", 0},
		{"undraw what is not there", held, Undraw{Drawing: "d2"}, 0, "", 0},
		{"undraw nothing", held, Undraw{}, -1, "id_required", fault.Invalid},
		{"undraw after the end", led(t, Closed), Undraw{Drawing: "d1"}, -1, "ended", fault.Conflict},

		{"note nothing", p1, Note{}, -1, "empty", fault.Invalid},
		{"regrade without a reason", p1, Classify{Grade: Grade{Type: "knife", Priority: cad.P2}}, -1, "reason_required", fault.Invalid},
	} {
		t.Run(tt.name, func(t *testing.T) {
			facts, err := tt.cmd.Decide(tt.state, Around{Now: begin().Add(time.Hour), Actor: "watch", Waves: []int{1, 3}})
			switch {
			case tt.facts >= 0 && (err != nil || len(facts) != tt.facts):
				t.Errorf("got %v, %v, want %d facts", facts, err, tt.facts)
			case tt.facts < 0 && (code(err) != tt.code || fault.KindOf(err) != tt.kind):
				t.Errorf("got %v, %v, want a refusal %s %s", facts, err, tt.kind, tt.code)
			}
			for _, f := range facts {
				if own, ok := f.(Fact); !ok || own.Of() != "A" || f.Subjects()[0] != Subject("A") {
					t.Errorf("%T is about %v", f, f.Subjects())
				}
			}
		})
	}
}

// A better place never overturns what a person has ruled.
func TestARulingOutlivesABetterPlace(t *testing.T) {
	l := &line{t: t, now: begin()}
	l.do(Around{},
		Open{ID: "A", Number: 1, Responsible: Responsible{Org: "st1", By: "nearest", Border: []cad.OrgID{"st2"}}},
		Rule{ID: "A", Responsible: Responsible{Org: "st2"}},
		Locate{ID: "A", Place: &geo.Point{Lon: 103.6, Lat: 30.5}, Responsible: Responsible{Org: "st3", By: "polygon"}})
	if got := l.s.Responsible; got.Org != "st2" || got.By != "ruling" || !slices.Equal(got.Border, []cad.OrgID{"st2"}) {
		t.Errorf("responsible %+v, want the ruling", got)
	}
	if l.s.Place == nil || l.s.Place.Lon != 103.6 {
		t.Errorf("place %v", l.s.Place)
	}
}

// What is owed anew gets its full time anew: a correction is not late because the first feedback was.
func TestDeadlinesStartAnewWithTheWork(t *testing.T) {
	at := func(s State, kind string) time.Duration {
		for _, d := range Due(s) {
			if d.Kind == kind {
				return d.Due.Sub(begin())
			}
		}
		return -1
	}
	l := &line{t: t, now: begin()}
	l.do(Around{}, Open{ID: "A", Number: 1, Grade: Grade{Limits: limits()}}) // 1 min
	if got := at(l.s, "dispatch"); got != 2*time.Minute {
		t.Errorf("dispatch due at %v", got)
	}
	if got := at(l.s, "feedback"); got != -1 {
		t.Errorf("feedback due at %v before anybody was sent", got)
	}
	l.do(Around{}, StartWork{ID: "A"}) // 2 min
	if got := at(l.s, "feedback"); got != 32*time.Minute {
		t.Errorf("feedback due at %v", got)
	}
	l.now = begin().Add(40 * time.Minute)
	l.do(Around{}, PassDeadline{ID: "A", Kind: "feedback", Due: begin().Add(32 * time.Minute)})
	if !slices.Equal(l.s.Passed, []string{"feedback"}) || at(l.s, "feedback") != -1 {
		t.Fatalf("passed %v", l.s.Passed)
	}
	l.do(Around{}, GiveFeedback{ID: "A", Kind: Final, Result: "settled"}) // 42 min
	if got := at(l.s, "review"); got != 102*time.Minute {
		t.Errorf("review due at %v", got)
	}
	l.do(Around{}, ReturnForCorrection{ID: "A", Text: words("who was hurt?")}) // 43 min
	if got := at(l.s, "feedback"); got != 73*time.Minute {
		t.Errorf("the correction is due at %v", got)
	}
	if at(l.s, "review") != -1 || at(l.s, "dispatch") != -1 {
		t.Errorf("due %v while there is nothing to review", Due(l.s))
	}
}

// A deadline passes once, when it is due, and under the moment it was due at.
func TestPassDeadline(t *testing.T) {
	s := led(t, Received) // Received one minute after the beginning; 60 s to dispatch.
	due := begin().Add(2 * time.Minute)
	for _, tt := range []struct {
		name  string
		cmd   PassDeadline
		now   time.Time
		facts int
	}{
		{"due", PassDeadline{"A", "dispatch", due}, due, 1},
		{"long after", PassDeadline{"A", "dispatch", due}, due.Add(time.Hour), 1},
		{"too early", PassDeadline{"A", "dispatch", due}, due.Add(-time.Second), 0},
		{"another moment", PassDeadline{"A", "dispatch", due.Add(time.Second)}, due.Add(time.Hour), 0},
		{"unknown", PassDeadline{"A", "tea", due}, due, 0},
		{"not started", PassDeadline{"A", "feedback", due}, due, 0},
	} {
		facts, err := tt.cmd.Decide(s, Around{Now: tt.now})
		if err != nil || len(facts) != tt.facts {
			t.Errorf("%s: %v, %v", tt.name, facts, err)
		}
	}
	l := &line{t: t, s: s, now: due}
	l.do(Around{}, PassDeadline{"A", "dispatch", due}, PassDeadline{"A", "dispatch", due})
	if len(l.s.Passed) != 1 || len(Due(l.s)) != 0 {
		t.Errorf("passed %v, due %v", l.s.Passed, Due(l.s))
	}
}

// A hand-over to another service ends with the reopening; those who act with us stay.
func TestReopenTakesTheIncidentBack(t *testing.T) {
	l := &line{t: t, s: led(t, Classified), now: begin()}
	l.do(Around{}, ActTogether{ID: "A", Partner: "120"}, Transfer{ID: "A", Partner: "12345", Text: words("theirs")}, Reopen{ID: "A", Text: words("ours after all")})
	if len(l.s.Partners) != 1 || l.s.Partners[0].ID != "120" || !l.s.Open() || l.s.Reopened != 1 {
		t.Errorf("%+v", l.s)
	}
	// Nobody was ever sent: that is owed now, and the first unit that goes meets it.
	l.s.Limits = limits()
	if due := Due(l.s); len(due) != 1 || due[0].Kind != "dispatch" || !due[0].Due.Equal(l.now.Add(time.Minute)) {
		t.Errorf("due %v", due)
	}
	if l.do(Around{}, StartWork{ID: "A"}); l.s.WorkAt.IsZero() {
		t.Error("the first unit was sent, and no time of it is known")
	}
}
