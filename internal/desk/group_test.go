package desk_test

import (
	"testing"
	"testing/synctest"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/desk"
	"shuniu/internal/incident"
	"shuniu/internal/joint"
)

// A life may leave memory and be wanted again before the append that tells the last of it: then what the store holds of
// it is not all that was decided.
func TestForgottenWithinAGroup(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCentre(t, cad.Live)
		c.must(c.receive("i1"))
		c.finish("i1")
		urge := func() joint.Command {
			return joint.AboutIncident{ID: "i1", Name: "urge", Cmd: incident.Urge{ID: "i1"}}
		}
		c.clock.pass(23 * time.Hour)
		release := c.hold()
		first := c.later(c.receive("i2"), desk.Wish{})
		synctest.Wait()
		c.clock.pass(2 * time.Hour)
		one := c.later(urge(), desk.Wish{})
		synctest.Wait()
		two := c.later(urge(), desk.Wish{})
		synctest.Wait()
		appends := c.desk.Stats().Appends.Load()
		release()
		synctest.Wait()
		if first.err != nil || one.err != nil || two.err != nil || c.desk.Stats().Appends.Load() != appends+2 {
			t.Fatalf("%v, %v, %v in %d appends", first.err, one.err, two.err, c.desk.Stats().Appends.Load()-appends)
		}
		if got := in(c.follow(), "i1").Urges; got != 2 {
			t.Errorf("urged %d times, want 2", got)
		}
		c.checkReplay()
	})
}
