package desk_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"shuniu/internal/alarm"
	"shuniu/internal/board"
	"shuniu/internal/cad"
	"shuniu/internal/call"
	"shuniu/internal/desk"
	"shuniu/internal/fault"
	"shuniu/internal/incident"
	"shuniu/internal/joint"
	"shuniu/internal/joint/dispatch"
	"shuniu/internal/journal"
	"shuniu/internal/policy"
)

// in is an incident as the writer shows it; the zero state if it has left memory.
func in(b *board.Board, id cad.IncidentID) (s incident.State) {
	b.Look(func(h *joint.House) { s = h.Incident(id) })
	return s
}

// A life that ended leaves memory and comes back, whole, when a command needs it.
func TestForgottenLivesComeBack(t *testing.T) {
	c := newCentre(t, cad.Live)
	first := c.receive("i1")
	first.Call = "k1"
	c.must(first)
	c.must(dispatch.Send{Incident: "i1", Units: []cad.UnitID{"101"}, IDs: []cad.AssignmentID{"a1"}})
	c.must(c.receive("i2"))
	c.must(joint.Merge{ID: "i1", Into: "i2"}) // Its call and its unit go to i2.
	c.must(joint.SayUnit{Unit: "101", To: "on_scene"})
	c.clock.pass(25 * time.Hour)
	c.must(c.receive("i3")) // Any fact makes the house look at its calendar.
	b := c.follow()
	if in(b, "i1").ID != "" || in(b, "i2").ID == "" {
		t.Fatal("the merged one should have left memory, and the open one not")
	}

	// A refused command brings nothing to stay, and changes nothing of what is in memory.
	_, err := c.do(joint.AboutIncident{ID: "i1", Name: "note", Cmd: incident.Note{ID: "i1"}})
	wantKind(t, err, fault.Invalid, "empty")
	c.checkReplay()
	c.must(c.note("i1", "remembered late"))
	c.checkReplay()
	b.Look(func(h *joint.House) {
		if s := h.Stack("101"); len(s) != 1 || s[0].Incident != "i2" || s[0].Stage != "on_scene" {
			t.Errorf("unit 101 is on %+v", s)
		}
		if got := h.Incident("i1"); got.Phase != incident.Merged || len(h.SentTo("i1")) != 0 {
			t.Errorf("i1 came back as %q with %d units", got.Phase, len(h.SentTo("i1")))
		}
	})
	c.must(joint.Split{ID: "i1"})
	b.Look(func(h *joint.House) {
		if got := h.CallsOf("i1"); len(got) != 1 || len(h.CallsOf("i2")) != 0 || h.Stack("101")[0].Incident != "i1" {
			t.Errorf("after the split i1 has calls %v and 101 is on %s", got, h.Stack("101")[0].Incident)
		}
	})
	c.checkReplay()
	sameRows(t, b, c.follow())

	// Closed, forgotten, taken up again: with its call and its unit's work.
	c.must(joint.SayUnit{Unit: "101", To: "cleared"})
	c.finish("i1")
	c.finish("i2")
	c.clock.pass(25 * time.Hour)
	c.must(c.receive("i4"))
	b = c.follow()
	if in(b, "i1").ID != "" || in(b, "i2").ID != "" {
		t.Fatal("the closed ones should have left memory")
	}
	c.must(joint.Link{ID: "i4", Other: "i2"})
	c.must(joint.Attach{Call: "k1", Incident: "i1"}) // It is attached already: nothing changes.
	c.must(joint.AboutIncident{ID: "i1", Name: "reopen", Cmd: incident.Reopen{ID: "i1", Text: c.words("incident:i1", "she called again")}})
	b.Look(func(h *joint.House) {
		i := h.Incident("i1")
		if i.Phase != incident.InWork || i.Reopened != 1 || len(h.CallsOf("i1")) != 1 || len(h.SentTo("i1")) != 1 || h.Call("k1").Incident != "i1" {
			t.Errorf("i1 came back as %+v with calls %v", i, h.CallsOf("i1"))
		}
		if len(h.Incident("i2").Links) == 0 {
			t.Error("i2 was not linked")
		}
	})
	c.checkReplay()
	sameRows(t, b, c.follow())

	// Closed anew, it stays as long as any other.
	c.finish("i1")
	c.clock.pass(20 * time.Hour)
	c.must(c.receive("i5"))
	if in(b, "i1").ID == "" {
		t.Error("it left memory by the date of its first end")
	}
	c.clock.pass(5 * time.Hour)
	c.must(c.receive("i6"))
	if in(b, "i1").ID != "" {
		t.Error("it did not leave memory again")
	}
	c.restart(false)
	c.restart(true)
}

// An erasure of what has left memory leaves nothing there that a refused command could take away again (P5).
func TestEraseOfAForgottenLife(t *testing.T) {
	c := newCentre(t, cad.Live)
	first := c.receive("i1")
	first.Call = "k1"
	c.must(first)
	c.finish("i1")
	c.clock.pass(25 * time.Hour)
	c.must(c.receive("i2")) // Any fact makes the house look at its calendar.
	for _, s := range []cad.Subject{incident.Subject("i1"), call.Subject("k1")} {
		if _, err := c.desk.Erase(t.Context(), desk.Wish{Actor: cad.Actor{ID: "c1", Role: policy.Commander}, Command: joint.Erase{Subject: s, Ground: "article 47"}}); err != nil {
			t.Fatal(err)
		}
	}
	_, err := c.do(joint.AboutIncident{ID: "i1", Name: "note", Cmd: incident.Note{ID: "i1"}})
	wantKind(t, err, fault.Invalid, "empty")
	c.checkReplay()
	c.restart(false)
}

// A first word that names an incident or a call of long ago makes neither of them a second time.
func TestReceiveKnowsForgottenLives(t *testing.T) {
	c := newCentre(t, cad.Live)
	first := c.receive("i1")
	first.Call = "k1"
	c.must(first)
	c.finish("i1")
	c.clock.pass(25 * time.Hour)
	c.must(c.receive("i2")) // Any fact makes the house look at its calendar.
	again := c.receive("i1")
	again.Spare, again.Call, again.Old = "i3", "k1", true
	if reply := c.must(again); reply.ID != "i3" || reply.Call != "" {
		t.Errorf("it was taken as %s of call %q", reply.ID, reply.Call)
	}
	told, err := c.desk.Story(t.Context(), incident.Subject("i3"))
	if err != nil || len(told) == 0 {
		t.Fatal(err)
	}
	if f, ok := told[0].Fact.(incident.Opened); !ok || len(f.Aside) != 2 || f.Aside[0].Why != "id_taken" || f.Aside[1].Why != "attached_elsewhere" {
		t.Errorf("set aside: %+v", told[0].Fact)
	}
	for _, s := range []cad.Subject{incident.Subject("i1"), call.Subject("k1")} {
		told, err := c.desk.Story(t.Context(), s)
		if err != nil || slices.ContainsFunc(told[1:], func(x desk.Told) bool { return x.Record.Type == "incident.opened" || x.Record.Type == "call.arrived" }) {
			t.Errorf("%s began twice: %v", s, err)
		}
	}
	c.checkReplay()
}

// An alarm that has left memory is not raised a second time: whoever repeats its id under another key hears that it is taken.
func TestAnAlarmIsRaisedOnce(t *testing.T) {
	c := newCentre(t, cad.Live)
	as := desk.Wish{Actor: cad.Actor{ID: "coverage", Role: policy.Reactor}}
	raise := joint.RaiseAlarm{ID: "v1", Kind: alarm.Void, Area: "st1", Class: "patrol"}
	c.must(raise, as)
	c.must(joint.AboutAlarm{ID: "v1", Name: "clear", Cmd: alarm.Clear{ID: "v1"}}, as)
	c.clock.pass(25 * time.Hour)
	c.must(c.receive("i1")) // Any fact makes the house look at its calendar.
	b := c.follow()
	b.Look(func(h *joint.House) {
		if h.Alarm("v1").ID != "" {
			t.Fatal("the alarm should have left memory")
		}
	})
	records := c.records()
	_, err := c.do(raise, as)
	wantKind(t, err, fault.Invalid, "id_taken")
	raise.Class = "crew"
	_, err = c.do(raise, as)
	wantKind(t, err, fault.Invalid, "id_taken")
	if n := c.records() - records; n != 0 {
		t.Errorf("it was raised again with %d records", n)
	}
	c.checkReplay()

	raise.ID = "v2"
	c.must(raise, as)
	raise.ID = "v1" // While the same is said by another, that one is the answer, as ever.
	if reply := c.must(raise, as); reply.ID != "v2" || !reply.Unchanged {
		t.Errorf("it was answered %+v", reply)
	}
	c.checkReplay()
	c.restart(false)
}

// Nor is an assignment made a second time under an id that has left memory with its incident.
func TestAnAssignmentIsMadeOnce(t *testing.T) {
	c := newCentre(t, cad.Live)
	send := dispatch.Send{Incident: "i1", Units: []cad.UnitID{"101"}, IDs: []cad.AssignmentID{"a1"}}
	c.must(c.receive("i1"))
	c.must(send)
	c.must(joint.SayUnit{Unit: "101", To: "cleared"})
	c.finish("i1")
	c.clock.pass(25 * time.Hour)
	c.must(c.receive("i2")) // Any fact makes the house look at its calendar.
	b := c.follow()
	if in(b, "i1").ID != "" {
		t.Fatal("the closed one should have left memory")
	}
	records := c.records()
	send.Incident, send.Units, send.IDs, send.Old = "i2", []cad.UnitID{"102", "101"}, []cad.AssignmentID{"a2", "a1"}, true
	_, err := c.do(send)
	wantKind(t, err, fault.Invalid, "id_taken")
	if n := c.records() - records; n != 0 {
		t.Errorf("%d records of what was refused", n)
	}
	c.checkReplay()
	send.IDs[1] = "a3"
	c.must(send)
	c.must(joint.AboutIncident{ID: "i1", Name: "reopen", Cmd: incident.Reopen{ID: "i1", Text: c.words("incident:i1", "again")}})
	b.Look(func(h *joint.House) {
		if was := h.SentTo("i1"); len(was) != 1 || was[0].ID != "a1" || len(h.SentTo("i2")) != 2 {
			t.Errorf("i1 was worked on by %v, i2 is by %v", was, h.SentTo("i2"))
		}
	})
	c.checkReplay()
	c.restart(false)
}

// locked are keys that cannot be destroyed for now.
type locked struct {
	journal.Keys
	stuck bool
}

func (l *locked) Destroy(s cad.Subject) error {
	if l.stuck {
		return errors.New("the key file is read-only")
	}
	return l.Keys.Destroy(s)
}

// Erasure: the words are gone for ever, the journal replays to the same state, and nothing shows them from the moment
// when it was ordered, even if the key could not be destroyed at once.
func TestErase(t *testing.T) {
	c := newCentre(t, cad.Live)
	caller, err := c.desk.Seal(call.Subject("k1"), board.Caller{Name: "Frau Muster"})
	if err != nil {
		t.Fatal(err)
	}
	story, err := c.desk.Seal(incident.Subject("i1"), board.Opening{Narrative: "in the blue house"})
	if err != nil {
		t.Fatal(err)
	}
	c.must(joint.Receive{ID: "i1", Call: "k1", Private: story, Caller: caller})
	c.finish("i1")
	if err := c.desk.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	keys := &locked{Keys: c.keys, stuck: true}
	cfg := c.config(c.store)
	cfg.Keys = keys
	if c.desk, err = desk.Open(t.Context(), cfg); err != nil {
		t.Fatal(err)
	}
	b := c.follow()
	row := func() string {
		r, _ := b.Incident(board.Class{Role: policy.Dispatcher}, "i1")
		return string(r)
	}
	if !strings.Contains(row(), "blue house") || !strings.Contains(row(), "Muster") {
		t.Fatalf("the row lacks its words: %s", row())
	}
	if c.journalHolds("blue house") || c.journalHolds("Muster") {
		t.Fatal("the journal holds private words in the clear")
	}
	head, boss := c.desk.Head(), cad.Actor{ID: "p1", Role: policy.Commander}
	_, err = c.desk.Erase(t.Context(), desk.Wish{Actor: boss, Command: joint.Erase{Subject: "incident:i1", Ground: "end of the period of keeping"}})
	wantKind(t, err, fault.Unavailable, "erase_pending")
	if c.desk.Head() != head+2 {
		t.Fatalf("%d records of the erasure of an incident and its call", c.desk.Head()-head)
	}
	if r := row(); strings.Contains(r, "blue house") || strings.Contains(r, "Muster") || !strings.Contains(r, `"erased":true`) {
		t.Errorf("after the order the row shows: %s", r)
	}
	if err := c.desk.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	keys.stuck = false
	if c.desk, err = desk.Open(t.Context(), cfg); err != nil { // The start finishes what was cut short.
		t.Fatal(err)
	}
	for _, s := range []cad.Sealed{caller, story} {
		if ok, err := c.desk.Unseal(s, &struct{}{}); ok || err != nil {
			t.Errorf("the key of %s still opens: %v %v", s.Subject, ok, err)
		}
	}
	c.checkReplay()
	b = c.follow()
	if r := row(); strings.Contains(r, "blue house") || !strings.Contains(r, `"erased":true`) {
		t.Errorf("after the start the row shows: %s", r)
	}
}

// What reactors and timelines read is what was said, in order, and a watcher misses nothing.
func TestReadAndWatchAgree(t *testing.T) {
	c := newCentre(t, cad.Live)
	var seen []string
	if err := c.desk.Watch(t.Context(), func(k desk.Commit) {
		for i, r := range k.Records {
			if k.Facts[i].FactType() != r.Type || r.Commit != int64(k.Change.From)+1 || r.Index != i {
				t.Errorf("record %d of the commit after %d: %+v", i, k.Change.From, r)
			}
			seen = append(seen, r.Type)
		}
	}); err != nil {
		t.Fatal(err)
	}
	from := c.desk.Head()
	happened := c.clock.Now().Add(-time.Minute)
	c.must(c.receive("i1"), desk.Wish{Happened: happened, From: cad.FromPaper, Power: cad.Direct})
	c.must(c.note("i1", "x"))
	var read []string
	if err := c.desk.Read(t.Context(), from, func(k desk.Told) bool {
		if k.Record.Seq == from+1 && (!k.Record.Happened.Equal(happened) || k.Record.HappenedFrom != cad.FromPaper || k.Record.Power != cad.Direct || k.Record.Seat != "21") {
			t.Errorf("the first record: %+v", k.Record)
		}
		read = append(read, k.Fact.FactType())
		return true
	}); err != nil {
		t.Fatal(err)
	}
	story, err := c.desk.Story(t.Context(), "incident:i1")
	if err != nil || len(story) != len(read) || !slices.Equal(seen, read) {
		t.Errorf("watched %v, read %v, story of %d: %v", seen, read, len(story), err)
	}
}
