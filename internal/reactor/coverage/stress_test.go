package coverage_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/desk"
	"shuniu/internal/geo"
	"shuniu/internal/joint"
	"shuniu/internal/keyfile"
	"shuniu/internal/memstore"
	"shuniu/internal/org"
	"shuniu/internal/policy"
	"shuniu/internal/reactor/coverage"
	"shuniu/internal/track"
)

// Two thousand units change and move while many read: nothing waits for the picture, and in the end it is that of the
// desk. Meant for the race detector.
func TestManyUnitsAtOnce(t *testing.T) {
	const units, writers, each = 2000, 4, 60
	ch := charter()
	ch.Units = nil
	for n := range units {
		home := at(float64(n%80) / 10)
		ch.Units = append(ch.Units, org.UnitSpec{ID: cad.UnitID(fmt.Sprint("u", n)), Kind: "car", Dispatchable: true, Officers: 2, Sworn: 1, Home: &home})
	}
	ctx, stop := context.WithCancel(t.Context())
	keys := keyfile.Memory()
	d, err := desk.Open(ctx, desk.Config{Centre: ch.Centre, World: cad.Drill, Store: memstore.New(ch.Centre), Keys: keys, Policy: policy.Roles{}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Do(ctx, desk.Wish{Actor: desk.System(), Command: joint.Configure{Charter: ch}}); err != nil {
		t.Fatal(err)
	}
	book, news := track.NewBook(), make(chan coverage.Notice, 1024)
	r := coverage.New(coverage.Options{Desk: d, Track: book, Actor: cad.Actor{ID: "coverage", Role: policy.Reactor}, Told: func(n coverage.Notice) {
		select {
		case news <- n:
		default:
		}
	}})
	if err := r.Watch(ctx); err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	all.Go(func() { r.Follow(ctx) })
	say := func(u int, to string) {
		if _, err := d.Do(ctx, desk.Wish{Actor: cad.Actor{ID: "d", Role: policy.Operator}, Command: joint.SayUnit{Unit: cad.UnitID(fmt.Sprint("u", u)), To: to}}); err != nil {
			t.Error(err)
		}
	}
	var busy sync.WaitGroup
	for w := range writers {
		busy.Go(func() {
			dice := rand.New(rand.NewPCG(uint64(w), 1))
			for range each {
				u := dice.IntN(units)
				say(u, []string{"available", "unavailable", "off_duty"}[dice.IntN(3)])
				p := geo.Point{}.Offset(dice.Float64()*8000, 0)
				if err := book.Put(track.Fix{Unit: cad.UnitID(fmt.Sprint("u", dice.IntN(units))), Point: p, At: d.Now()}, d.Now()); err != nil {
					t.Error(err)
				}
				r.Loss(cad.UnitID(fmt.Sprint("u", u)))
				if v, ok := r.View(); ok && len(v.Moves) > 0 {
					r.Decline(v.Moves[0].ID)
				}
			}
		})
	}
	busy.Wait()
	free := 0
	for u := range units {
		if u%40 == 0 {
			say(u, "available")
		}
	}
	head := d.Head()
	if err := d.Watch(ctx, func(c desk.Commit) {
		if c.Reset {
			for _, u := range c.Change.Units {
				if u.Duty == "available" {
					free++
				}
			}
		}
	}); err != nil {
		t.Fatal(err)
	}
	late := time.NewTimer(time.Minute)
	defer late.Stop()
	for {
		select {
		case n := <-news:
			if n.AsOf < head {
				continue
			}
		case <-late.C:
			t.Fatal("the picture never came to the end")
		}
		break
	}
	if v, _ := r.View(); v.Classes[0].Free != free {
		t.Errorf("%d units are free in the picture, %d at the desk", v.Classes[0].Free, free)
	}
	stop()
	all.Wait()
	if err := d.Close(context.WithoutCancel(ctx)); err != nil {
		t.Error(err)
	}
	_ = keys.Close()
}
