package desk_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/desk"
	"shuniu/internal/fault"
	"shuniu/internal/joint"
	"shuniu/internal/joint/jointtest"
	"shuniu/internal/journal"
	"shuniu/internal/memstore"
	"shuniu/internal/unit"
)

// waiting is a command that somebody waits for.
type waiting struct {
	done  atomic.Bool
	reply desk.Reply
	err   error
}

// later gives a command without waiting. The result may be read when done, or after synctest.Wait.
func (c *centre) later(cmd joint.Command, w desk.Wish) *waiting {
	out := &waiting{}
	go func() {
		out.reply, out.err = c.do(cmd, w)
		out.done.Store(true)
	}()
	return out
}

// hold stops the next append in the middle until release is called.
func (c *centre) hold() (release func()) {
	let := make(chan struct{})
	c.store.OnAppend(func(cad.Seq, int) (memstore.Failure, error) {
		c.store.OnAppend(nil)
		<-let
		return memstore.Never, nil
	})
	return func() { close(let) }
}

// Promise P1: nobody is told "taken", and nobody is shown anything, before it is stored.
func TestAnsweredAfterTheAppend(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCentre(t, cad.Live)
		shown := 0
		if err := c.desk.Watch(t.Context(), func(k desk.Commit) { shown += len(k.Records) }); err != nil {
			t.Fatal(err)
		}
		head := c.desk.Head()
		release := c.hold()
		first := c.later(c.receive("i1"), desk.Wish{})
		synctest.Wait()
		// Decided against facts that are not stored: even a refusal would tell of them.
		busy := c.later(c.note("i1", "seen"), desk.Wish{})
		var seen atomic.Int64
		go func() {
			_, at := c.hash()
			seen.Store(int64(at))
		}()
		synctest.Wait()
		if first.done.Load() || busy.done.Load() || shown != 0 || c.desk.Head() != head || seen.Load() != 0 {
			t.Fatalf("before the append: answered %v %v, shown %d, end %d, looked at %d", first.done.Load(), busy.done.Load(), shown, c.desk.Head(), seen.Load())
		}
		release()
		synctest.Wait()
		if first.err != nil || busy.err != nil || shown != c.records()-int(head) || c.desk.Head() != busy.reply.Seq {
			t.Errorf("after the append: %v %v, shown %d, end %d", first.err, busy.err, shown, c.desk.Head())
		}
		if seen.Load() < int64(first.reply.Seq) {
			t.Errorf("the look saw %d", seen.Load())
		}
	})
}

// A refusal of the second in a group rests on the first: it must fall with it.
func TestRefusalWaitsForWhatItRestsOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCentre(t, cad.Live)
		c.must(c.receive("i0"))
		release := c.hold()
		c.later(c.note("i0", "x"), desk.Wish{})
		synctest.Wait()
		first := c.later(duress("101"), desk.Wish{})
		synctest.Wait()
		second := c.later(goHome("101"), desk.Wish{}) // Refused: it is in duress.
		synctest.Wait()
		c.store.FailNext(memstore.BeforeStore, errors.New("no power"))
		release()
		synctest.Wait()
		wantKind(t, first.err, fault.Unavailable, "not_stored")
		wantKind(t, second.err, fault.Unavailable, "not_stored")
		c.checkReplay()
	})
}

func duress(u cad.UnitID) joint.Command {
	return joint.AboutUnit{ID: u, Name: "duress", Cmd: unit.RaiseDuress{ID: u}}
}

func goHome(u cad.UnitID) joint.Command { return joint.SayUnit{Unit: u, To: "off_duty"} }

// Whatever the disk did, the caller is told not_stored, what memory held is thrown away, and the desk goes on with
// what is stored.
func TestFailedAppend(t *testing.T) {
	for _, tt := range []struct {
		when   memstore.Failure
		stored bool
	}{{memstore.BeforeStore, false}, {memstore.AfterStore, true}} {
		t.Run(fmt.Sprintf("stored %v", tt.stored), func(t *testing.T) {
			c := newCentre(t, cad.Live)
			b := c.follow()
			head := c.desk.Head()
			key := desk.Wish{Key: "k1", Body: []byte("b")}
			c.store.FailNext(tt.when, errors.New("input/output error"))
			_, err := c.do(c.receive("i1"), key)
			wantKind(t, err, fault.Unavailable, "not_stored")
			if _, at := c.hash(); (at > head) != tt.stored {
				t.Errorf("the state is at %d, it was %d", at, head)
			}
			c.checkReplay()
			if b.AsOf() != c.desk.Head() {
				t.Errorf("the board is at %d, the desk at %d", b.AsOf(), c.desk.Head())
			}
			if err := c.desk.Health(); err != nil {
				t.Errorf("it does not go on: %v", err)
			}
			if reply := c.must(c.receive("i1"), key); reply.Repeat != tt.stored || reply.Number != 1 {
				t.Errorf("sent again: %+v", reply)
			}
			c.checkReplay()
			sameRows(t, b, c.follow())
		})
	}
}

// sick is a store that can neither be written nor opened again while it is broken.
type sick struct {
	*memstore.Store
	broken atomic.Bool
}

func (s *sick) Begin(ctx context.Context) (journal.Epoch, journal.Head, error) {
	if s.broken.Load() {
		return 0, journal.Head{}, errors.New("no such disk")
	}
	return s.Store.Begin(ctx)
}

// A stop while the disk is gone must not write down what was never stored: the next start would believe it.
func TestStopWhileTornKeepsNoSnapshot(t *testing.T) {
	c := newCentre(t, cad.Live)
	if err := c.desk.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	s := &sick{Store: c.store.Reopen()}
	c.store = s.Store
	c.open(s)
	s.broken.Store(true)
	c.store.FailNext(memstore.BeforeStore, errors.New("no such disk"))
	_, err := c.do(c.receive("lost"))
	wantKind(t, err, fault.Unavailable, "not_stored")
	if err := c.desk.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	c.store = c.store.Reopen()
	c.open(c.store)
	c.must(c.receive("kept"))
	c.must(c.note("kept", "still here"))
	c.crash()
	c.checkReplay()
}

// Promise P7: once another writer has begun, this one never writes again, and shows only what is stored.
func TestFenced(t *testing.T) {
	c := newCentre(t, cad.Live)
	c.must(c.receive("i1"))
	other := &centre{t: t, world: cad.Live, store: c.store.Reopen(), keys: c.keys, clock: c.clock}
	other.open(other.store)
	_, err := c.do(c.receive("i2"))
	wantKind(t, err, fault.Unavailable, "not_stored")
	other.must(other.receive("i3"))
	for range 3 {
		_, err := c.do(duress("101"))
		wantKind(t, err, fault.Unavailable, "fenced")
	}
	if err := c.desk.Health(); fault.KindOf(err) != fault.Unavailable {
		t.Errorf("health: %v", err)
	}
	if _, at := c.hash(); at > other.desk.Head() {
		t.Errorf("the fenced desk is at %d, the journal at %d", at, other.desk.Head())
	}
	if err := c.desk.Close(t.Context()); err != nil { // It keeps a snapshot of what is stored, or none.
		t.Fatal(err)
	}
	other.must(other.note("i3", "x"))
	other.checkReplay()
	other.crash()
	other.checkReplay()
}

// Promise P7: a writer whose append failed while another took over does not take the journal back.
func TestFencedWhileFailing(t *testing.T) {
	c := newCentre(t, cad.Live)
	c.must(c.receive("i1"))
	var other *centre
	c.store.OnAppend(func(cad.Seq, int) (memstore.Failure, error) {
		c.store.OnAppend(nil)
		other = &centre{t: t, world: cad.Live, store: c.store.Reopen(), keys: c.keys, clock: c.clock}
		other.open(other.store)
		return memstore.BeforeStore, errors.New("the line to the database broke")
	})
	_, err := c.do(c.receive("i2"))
	wantKind(t, err, fault.Unavailable, "not_stored")
	other.must(other.receive("i3"))
	_, err = c.do(c.receive("i4"))
	wantKind(t, err, fault.Unavailable, "fenced")
	other.must(other.note("i3", "x"))
	other.checkReplay()
}

// Promise P10: nobody waits longer than two seconds; what was stored later is known under the key.
func TestNotStoredWithinTwoSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCentre(t, cad.Live)
		release := c.hold()
		began := time.Now()
		key := desk.Wish{Key: "k1", Body: []byte("b")}
		_, err := c.do(c.receive("i1"), key)
		wantKind(t, err, fault.Unavailable, "not_stored")
		if waited := time.Since(began); waited != 2*time.Second {
			t.Errorf("he waited %v", waited)
		}
		release()
		synctest.Wait()
		if reply := c.must(c.receive("i1"), key); !reply.Repeat || reply.ID != "i1" {
			t.Errorf("sent again: %+v", reply)
		}
	})
}

// Promise P8: a queue that is full of other things lets calls and duress in.
func TestFullQueueTakesEmergencies(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCentre(t, cad.Live)
		c.must(c.receive("i1"))
		note := c.note("i1", "x")
		release := c.hold()
		c.later(note, desk.Wish{})
		synctest.Wait()
		for range 8192*3/4 + 2 {
			c.later(note, desk.Wish{})
		}
		synctest.Wait()
		_, err := c.do(note)
		wantKind(t, err, fault.Unavailable, "busy")
		caller, officer := c.later(c.receive("i2"), desk.Wish{}), c.later(duress("101"), desk.Wish{})
		synctest.Wait()
		release()
		synctest.Wait()
		if caller.err != nil || officer.err != nil || !caller.done.Load() {
			t.Errorf("the call was told %v, the officer %v", caller.err, officer.err)
		}
	})
}

// boom is a decision with a bug.
type boom struct{ joint.AboutIncident }

func (boom) Decide(*joint.House, joint.Moment) (joint.Outcome, error) {
	panic("a bug")
}

func TestPanickingDecision(t *testing.T) {
	c := newCentre(t, cad.Live)
	c.must(c.receive("i1"))
	_, err := c.do(boom{joint.AboutIncident{ID: "i1", Name: "note"}})
	if fault.KindOf(err) != fault.Internal {
		t.Errorf("got %v", err)
	}
	c.must(c.note("i1", "the next one works"))
	c.checkReplay()
}

// Two centres and a drill live beside each other in one process; nothing of one is seen in another.
func TestWorldsDoNotMix(t *testing.T) {
	live, drill, second := newCentre(t, cad.Live), newCentre(t, cad.Drill), newCentre(t, cad.Live)
	for n, c := range []*centre{live, drill, second} {
		for i := range n + 1 {
			c.must(c.receive(cad.IncidentID(fmt.Sprintf("i%d", i))), desk.Wish{Key: "same", Body: fmt.Append(nil, i), Actor: cad.Actor{ID: cad.ActorID(fmt.Sprint(i)), Role: "dispatcher"}})
		}
	}
	for n, c := range []*centre{live, drill, second} {
		if got := c.replay(); got.Count != int64(n+1) || len(got.Incidents) != n+1 {
			t.Errorf("centre %d has %d incidents", n, got.Count)
		}
	}
	// A drill's journal is never opened as a live one.
	if err := drill.desk.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	cfg := drill.config(drill.store.Reopen())
	cfg.World = cad.Live
	_, err := desk.Open(t.Context(), cfg)
	if fault.KindOf(err) != fault.Conflict {
		t.Errorf("a drill was opened as live: %v", err)
	}
	cfg = drill.config(memstore.New("other"))
	cfg.World = cad.Drill
	if _, err := desk.Open(t.Context(), cfg); err == nil {
		t.Errorf("the journal of another centre than %s was opened", jointtest.Centre)
	}
}
