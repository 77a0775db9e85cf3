package incident

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"shuniu/internal/cad"
	"shuniu/internal/geo"
)

// draw is any command, also a foolish one.
func draw(t *rapid.T, s State, now time.Time) Command {
	some := rapid.SampledFrom([]cad.Sealed{{}, words("as told"), words("as told again")}).Draw(t, "words")
	other := rapid.SampledFrom([]cad.IncidentID{"", "A", "B", "C"}).Draw(t, "other")
	partner := rapid.SampledFrom([]cad.PartnerID{"", "120", "12345"}).Draw(t, "partner")
	grade := Grade{
		Type:     rapid.SampledFrom([]cad.TypeID{"", "theft", "fight"}).Draw(t, "type"),
		Priority: rapid.SampledFrom([]cad.Priority{"", cad.P1, cad.P2, cad.P4, "P9"}).Draw(t, "priority"),
		Tags:     rapid.SampledFrom([][]cad.TagID{nil, {"weapon"}}).Draw(t, "tags"),
		Limits:   rapid.SampledFrom([][]Limit{nil, limits(), limits()[:1], limits()[2:]}).Draw(t, "limits"),
	}
	kind := rapid.SampledFrom([]ReportKind{First, Final, Final, "odd"}).Draw(t, "kind")
	result := rapid.SampledFrom([]string{"", "settled", "settled"}).Draw(t, "result")
	place := rapid.SampledFrom([]*geo.Point{nil, {Lon: 103.5, Lat: 30.5}, {Lon: 999, Lat: 0}}).Draw(t, "place")
	late := PassDeadline{ID: "A", Kind: "feedback", Due: now}
	if due := Due(s); len(due) > 0 {
		late.Kind, late.Due = due[0].Kind, due[0].Due
	}
	if onward, ok := map[Phase]Command{
		InWork: GiveFeedback{ID: "A", Kind: Final, Result: "settled", Text: some}, ReportedBack: Review{ID: "A"}, Reviewed: Close{ID: "A"},
	}[s.Phase]; ok && rapid.IntRange(0, 2).Draw(t, "onward") == 0 {
		return onward // Blind chance alone would hardly ever come to the close.
	}
	return rapid.SampledFrom([]Command{
		Open{ID: "A", Number: 1, Source: Phone, Place: place, Grade: grade, Private: some},
		Classify{ID: "A", Grade: grade, Reason: rapid.SampledFrom([]cad.Sealed{{}, some}).Draw(t, "reason")},
		Locate{ID: "A", Place: place, Street: result, Responsible: Responsible{Org: "st1", By: "polygon"}, Address: some},
		Rule{ID: "A", Responsible: Responsible{Org: cad.OrgID(result)}},
		Note{ID: "A", Text: some},
		AddFile{ID: "A", Kind: "jpeg", Bytes: 3, Digest: result + string(partner), Private: some},
		WithdrawFile{ID: "A", File: FileID("A." + string(rune('1'+len(result)%3))), Reason: some},
		StartWork{ID: "A"},
		StartWork{ID: "A"},
		GiveFeedback{ID: "A", Kind: kind, Result: result, Type: grade.Type, Text: some},
		GiveFeedback{ID: "A", Kind: Final, Result: "settled"},
		Review{ID: "A", Text: some},
		Review{ID: "A"},
		ReturnForCorrection{ID: "A", Text: some},
		Close{ID: "A"},
		Close{ID: "A", Disposition: "report"},
		Reopen{ID: "A", Text: some},
		Invalidate{ID: "A", Text: some},
		LinkTo{ID: "A", Other: other, Number: 7},
		Unlink{ID: "A", Other: other},
		MergeInto{ID: "A", Other: other, Number: 7, Gives: Given{Calls: []cad.CallID{"k1"}}},
		TakeIn{ID: "A", Other: other, Number: 7},
		Split{ID: "A"},
		LetGo{ID: "A", Other: other},
		Transfer{ID: "A", Partner: partner, Text: some, Approved: result != ""},
		ActTogether{ID: "A", Partner: partner, Text: some},
		FollowUp{ID: "A", Partner: partner, Text: some},
		RaiseWave{ID: "A", Wave: rapid.IntRange(-1, 5).Draw(t, "wave"), Text: some},
		Urge{ID: "A", Call: cad.CallID(other), Text: some},
		TakeAnswers{ID: "A", Answers: []Said{{Question: string(other), Value: string(partner)}, {Question: "looks", Worded: true}}, Words: some},
		Schedule{ID: "A", At: rapid.SampledFrom([]time.Time{{}, now.Add(3 * time.Hour), now.Add(-time.Hour)}).Draw(t, "scheduled"), LeadS: 1800},
		AskSeat{ID: "A", Seat: cad.SeatID(partner), WithinS: 60, Text: some},
		TakeSeat{ID: "A", Seat: cad.SeatID(rapid.SampledFrom([]string{"", string(partner)}).Draw(t, "seat"))},
		EndSeat{ID: "A", Result: result, Text: some},
		HandOver{ID: "A", To: cad.ActorID(partner)},
		Draw{
			ID: "A", Drawing: rapid.SampledFrom([]DrawingID{"", "d1", "d2"}).Draw(t, "drawing"), Kind: rapid.SampledFrom([]DrawKind{DrawPoint, DrawArea, "odd"}).Draw(t, "drawn"),
			Points: around(rapid.SampledFrom([]int{0, 1, 4, DrawPointsMax + 1}).Draw(t, "corners")), Label: some,
		},
		Undraw{ID: "A", Drawing: "d1"},
		late,
	}).Draw(t, "command")
}

// Whatever is said in whatever order: an incident goes only along its table, ends under nobody's feet, always has
// somebody who answers for it, never changes a state that somebody holds, and is the same after being stored.
func TestAnyLife(t *testing.T) {
	reached := map[Phase]bool{}
	rapid.Check(t, func(t *rapid.T) {
		var s, again State
		type held struct {
			s    State
			text string
		}
		var all []held
		now, seq := begin(), cad.Seq(0)
		for range rapid.IntRange(10, 80).Draw(t, "steps") {
			now = now.Add(time.Duration(rapid.IntRange(0, 1200).Draw(t, "seconds")) * time.Second)
			a := Around{Now: now, Actor: rapid.SampledFrom([]cad.ActorID{"watch", "desk"}).Draw(t, "actor"), Waves: []int{1, 2, 4}}
			if s.Open() {
				a.Committed = rapid.SampledFrom([][]cad.UnitID{nil, nil, {"101"}}).Draw(t, "committed")
			}
			cmd := draw(t, s, now)
			facts, err := cmd.Decide(s, a)
			if err != nil && (len(facts) > 0 || code(err) == "") {
				t.Fatalf("%#v: %v with facts %v", cmd, err, facts)
			}
			for _, f := range facts {
				own, ok := f.(Fact)
				if !ok {
					t.Fatalf("%T is no fact of this room", f)
				}
				all = append(all, held{s, text(t, s)})
				seq++
				st := cad.Stamp{Seq: seq, At: now, Happened: now, Actor: a.Actor}
				was := s
				s = Evolve(s, own, st)
				again = Evolve(again, stored(t, f), st)
				reached[s.Phase] = true
				lawful(t, was, s, f, a)
			}
		}
		for _, h := range all {
			if got := text(t, h.s); got != h.text {
				t.Fatalf("a state that was held has changed:\n%s\n%s", h.text, got)
			}
		}
		if live, replayed := text(t, s), text(t, again); live != replayed {
			t.Fatalf("replay differs:\n%s\n%s", live, replayed)
		}
	})
	for _, p := range phases()[1:] {
		if !reached[p] && !testing.Short() { // Few lives may miss one.
			t.Errorf("no life came to %s: the property says nothing about it", p)
		}
	}
}

func lawful(t *rapid.T, was, s State, f cad.Fact, a Around) {
	if was.Phase != s.Phase && !slices.Contains(life[was.Phase], s.Phase) {
		t.Fatalf("%s took it from %q to %s", f.FactType(), was.Phase, s.Phase)
	}
	if was.Open() && !s.Open() && s.Phase != Merged && len(a.Committed) > 0 {
		t.Fatalf("%s ended it while %v was committed", f.FactType(), a.Committed)
	}
	if s.Open() != s.EndedAt.IsZero() || (s.MergedTo != "") != (s.Phase == Merged) || (s.Before != "") != (s.Phase == Merged) {
		t.Fatalf("%s: %s, ended %v, merged to %q, before %q", f.FactType(), s.Phase, s.EndedAt, s.MergedTo, s.Before)
	}
	if (s.Gave != nil) != (s.Phase == Merged) {
		t.Fatalf("%s: %s, and gave %v", f.FactType(), s.Phase, s.Gave)
	}
	if s.Wave < was.Wave || s.Wave != was.Wave && !slices.Contains(a.Waves, s.Wave) {
		t.Fatalf("%s: wave %d after %d", f.FactType(), s.Wave, was.Wave)
	}
	if s.Commander.Actor == "" {
		t.Fatalf("%s: nobody answers for it", f.FactType())
	}
	if s.Phase == Closed && (s.Final() == nil || s.ReviewedAt.IsZero() || s.Disposition == "") {
		t.Fatalf("closed without feedback, review or disposition")
	}
	if s.Returned && s.Phase != InWork && s.Phase != Merged && s.Phase != Transferred && s.Phase != Invalid {
		t.Fatalf("%s: returned and %s", f.FactType(), s.Phase)
	}
	for i, kind := range s.Passed {
		if seat, ok := SeatOf(kind); ok && s.task(seat) >= 0 && !slices.Contains(s.Passed[:i], kind) {
			continue
		}
		if slices.Contains(s.Passed[:i], kind) || !slices.ContainsFunc(s.Limits, func(l Limit) bool { return l.Kind == kind }) {
			t.Fatalf("%s: passed %v of %v", f.FactType(), s.Passed, s.Limits)
		}
	}
	for i, l := range s.Links {
		if l.Other == s.ID || l.Number != 7 || slices.Contains(s.Links[:i], l) {
			t.Fatalf("%s: links %v", f.FactType(), s.Links)
		}
	}
	for i, d := range s.Drawings {
		if s.drawing(d.ID) != i || len(d.Points) == 0 || d.By == "" {
			t.Fatalf("%s: drawings %+v", f.FactType(), s.Drawings)
		}
	}
	if !s.Open() && len(Due(s)) > 0 {
		t.Fatalf("%s owes %v", s.Phase, Due(s))
	}
}
