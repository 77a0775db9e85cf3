package desk_test

import (
	"errors"
	"reflect"
	"testing"
	"testing/synctest"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/desk"
	"shuniu/internal/fault"
	"shuniu/internal/incident"
	"shuniu/internal/joint"
	"shuniu/internal/memstore"
)

// Promise P2: whoever sends the same again under the same key gets the first answer, and nothing happens twice.
func TestSameKeySameAnswer(t *testing.T) {
	for name, between := range map[string]func(*centre){
		"at once":                       func(*centre) {},
		"after a restart":               func(c *centre) { c.restart(true) },
		"after a restart from record 1": func(c *centre) { c.restart(false) },
		"two days later":                func(c *centre) { c.clock.pass(48 * time.Hour); c.restart(true) },
		"after a failed append": func(c *centre) {
			c.store.FailNext(memstore.BeforeStore, errors.New("no power"))
			_, err := c.do(c.note("i1", "lost"))
			wantKind(c.t, err, fault.Unavailable, "not_stored")
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCentre(t, cad.Live)
			key := desk.Wish{Key: "k1", Body: []byte("a bicycle")}
			first := c.must(c.receive("i1"), key)
			between(c)
			records := c.records()
			cmd := c.receive("i1")
			cmd.ID, cmd.Spare = "i2", "i3" // A client that makes new ids when it sends again.
			again := c.must(cmd, key)
			if !again.Repeat || !reflect.DeepEqual(again.Answer, first.Answer) {
				t.Errorf("the repeat was told %+v, at first it was %+v", again, first)
			}
			if c.records() != records {
				t.Errorf("the repeat made %d records", c.records()-records)
			}
			key.Body = []byte("a car")
			_, err := c.do(c.receive("i4"), key)
			wantKind(t, err, fault.Conflict, "key_reused")
			key.Body, key.Actor = []byte("a bicycle"), cad.Actor{ID: "p13", Role: "dispatcher"}
			if other := c.must(c.receive("i5"), key); other.Repeat || other.ID != "i5" {
				t.Errorf("the key of another person was taken for his: %+v", other)
			}
			c.checkReplay()
		})
	}
}

func TestSameKeyInOneGroup(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCentre(t, cad.Live)
		release := c.hold()
		slow := c.later(c.note("none", "x"), desk.Wish{}) // Refused: nothing to store, so it does not hold the writer.
		first := c.later(c.receive("i0"), desk.Wish{})
		synctest.Wait()
		key := desk.Wish{Key: "k1", Body: []byte("b")}
		one, two := c.later(c.receive("i1"), key), c.later(c.receive("i2"), key)
		synctest.Wait()
		other := c.later(c.receive("i3"), desk.Wish{Key: "k1", Body: []byte("c")})
		synctest.Wait()
		appends := c.desk.Stats().Appends.Load()
		release()
		synctest.Wait()
		if slow.err == nil || first.err != nil || one.err != nil || two.err != nil {
			t.Fatalf("answers: %v, %v, %v, %v", slow.err, first.err, one.err, two.err)
		}
		if one.reply.ID != two.reply.ID || one.reply.Repeat == two.reply.Repeat || one.reply.Seq != two.reply.Seq {
			t.Errorf("one was told %+v, the other %+v", one.reply, two.reply)
		}
		wantKind(t, other.err, fault.Conflict, "key_reused")
		if n := c.desk.Stats().Appends.Load() - appends; n != 2 {
			t.Errorf("%d appends: the two did not meet in one group", n)
		}
		c.checkReplay()
	})
}

func TestRefusalsMayBeDecidedAgain(t *testing.T) {
	c := newCentre(t, cad.Live)
	c.must(c.receive("i1"))
	review := joint.AboutIncident{ID: "i1", Name: "review", Cmd: incident.Review{ID: "i1"}}
	key := desk.Wish{Key: "k9", Body: []byte("review")}
	if _, err := c.do(review, key); err == nil {
		t.Fatal("an incident without feedback was reviewed")
	}
	c.must(joint.AboutIncident{ID: "i1", Name: "feedback", Cmd: incident.GiveFeedback{ID: "i1", Kind: incident.Final, Result: "settled"}})
	if reply := c.must(review, key); reply.Repeat || reply.Unchanged {
		t.Errorf("the refusal was kept: %+v", reply)
	}
	// What changes nothing is an answer, too.
	key.Key = "k10"
	if reply := c.must(review, key); !reply.Unchanged {
		t.Errorf("reviewing twice: %+v", reply)
	}
	c.must(joint.AboutIncident{ID: "i1", Name: "close", Cmd: incident.Close{ID: "i1"}})
	c.restart(true)
	if reply := c.must(review, key); !reply.Repeat || !reply.Unchanged {
		t.Errorf("the answer that nothing changed was not kept: %+v", reply)
	}
}

func TestWhatThePersonSaw(t *testing.T) {
	c := newCentre(t, cad.Live)
	seen := c.must(c.receive("i1")).Seq
	changed := c.must(c.note("i1", "he left")).Seq
	_, err := c.do(c.note("i1", "late"), desk.Wish{IfSeq: seen})
	wantKind(t, err, fault.Conflict, "changed")
	c.must(c.note("i1", "knowing"), desk.Wish{IfSeq: changed})
}

// Promise P9: what the officer saw of his unit before does not keep his cry for help from being heard.
func TestDuressWithAnOldRow(t *testing.T) {
	c := newCentre(t, cad.Live)
	seen := c.desk.Head()
	c.must(joint.SayUnit{Unit: "101", To: "unavailable"})
	c.must(duress("101"), desk.Wish{IfSeq: seen})
	c.checkReplay()
}

// Promise P11. The moment that counts is the decision, not the arrival: this one expires while it waits.
func TestNothingIsExecutedLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCentre(t, cad.Live)
		c.must(c.receive("i1"))
		release := c.hold()
		c.later(c.note("i1", "first"), desk.Wish{})
		synctest.Wait()
		limit := c.clock.Now().Add(time.Minute)
		late := c.later(c.note("i1", "late"), desk.Wish{Expires: limit})
		inTime := c.later(c.note("i1", "in time"), desk.Wish{Expires: limit.Add(time.Hour)})
		synctest.Wait()
		c.clock.pass(2 * time.Minute)
		records := c.records()
		release()
		synctest.Wait()
		wantKind(t, late.err, fault.Conflict, "expired")
		if inTime.err != nil || c.records() != records+2 {
			t.Errorf("%v, %d records, want the first and the one in time", inTime.err, c.records()-records)
		}
	})
}

// Memory and store never grow with history: answers leave the store after 30 days, and not before.
func TestOldAnswersLeaveTheStore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCentre(t, cad.Live)
		c.must(c.receive("i1"), desk.Wish{Key: "k1", Body: []byte("b")})
		stored := func() bool {
			_, ok, err := c.store.Answer(t.Context(), dispatcher.ID, "k1")
			if err != nil {
				t.Fatal(err)
			}
			return ok
		}
		for _, tt := range []struct {
			after time.Duration
			want  bool
		}{{29 * 24 * time.Hour, true}, {25 * time.Hour, false}} {
			c.clock.pass(tt.after)
			c.must(c.receive(cad.IncidentID("after " + tt.after.String())))
			synctest.Wait()
			if stored() != tt.want {
				t.Errorf("%v later it is stored: %v", tt.after, !tt.want)
			}
		}
	})
}

// A clock that is wrong for a moment costs nobody his key: it is recorded time that makes answers old. Every refusal and
// every look passes the place where old answers are removed.
func TestALeapOfTheClockForgetsNoKey(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCentre(t, cad.Live)
		key := desk.Wish{Key: "k1", Body: []byte("b")}
		first := c.must(c.receive("i1"), key)
		c.clock.pass(40 * 24 * time.Hour)
		_, err := c.do(c.note("none", "x"))
		wantKind(t, err, fault.NotFound, "no_incident")
		synctest.Wait()
		c.clock.pass(-40 * 24 * time.Hour)
		c.restart(true) // What memory still knew is gone.
		again := c.must(c.receive("i2"), key)
		if !again.Repeat || !reflect.DeepEqual(again.Answer, first.Answer) {
			t.Errorf("the repeat was told %+v, at first it was %+v", again, first)
		}
	})
}
