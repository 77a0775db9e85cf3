package main

import (
	"io"
	"log/slog"
	"testing"
	"time"

	"shuniu/internal/desk"
	"shuniu/internal/incident"
	"shuniu/internal/sim"
)

// On an ordinary day the simulated people are in time: what is late on the screen means something. It is an hour of the
// sample district, and a few late ones are life.
func TestDemoIsInTimeOnAnOrdinaryDay(t *testing.T) {
	t.Chdir("../..")
	s := session{ctx: t.Context(), out: io.Discard, err: io.Discard, log: slog.New(slog.DiscardHandler)}
	c := &demoCommand{City: "yunze", Size: "district", Worlds: t.TempDir(), Data: t.TempDir(), Speed: 1, Autopilot: "recommended", Seed: 1}
	where, err := c.city()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.build(s, &where); err != nil {
		t.Fatal(err)
	}
	d, err := c.open(s, where)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.close(s.ctx); err != nil {
			t.Error(err)
		}
	})
	opened, sent, late := 0, 0, map[string]int{}
	hear := func(c desk.Commit) {
		for _, f := range c.Facts {
			switch f := f.(type) {
			case incident.Opened:
				opened++
			case incident.WorkStarted:
				sent++
			case incident.DeadlinePassed:
				late[f.Kind]++
			}
		}
	}
	if err := d.node.desk.Watch(s.ctx, hear); err != nil {
		t.Fatal(err)
	}
	if err := sim.Jump(s.ctx, d.clock, d.clock.Now().Add(time.Hour), d.steppers...); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d incidents, %d of them sent to, late %v", opened, sent, late)
	if sent < 20 {
		t.Fatalf("%d incidents in an hour, units were sent to %d", opened, sent)
	}
	for kind, n := range late {
		if 10*n > sent {
			t.Errorf("%s was late %d times, and units were sent to %d incidents", kind, n, sent)
		}
	}
}
