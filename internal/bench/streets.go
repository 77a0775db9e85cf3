package bench

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strconv"
	"time"

	"shuniu/internal/geo"
	"shuniu/internal/street"
)

// How the streets are measured.
const (
	streetsSeed     = 4
	streetsAsked    = 1_000 // Places that all units are asked to.
	streetsSearched = 40    // Of them, the ones that the plain search answers too.
	streetsMoves    = 2_000
	streetsSnap     = 200 // Metres.
)

// Streets measures how soon it is known what all units need to one place: by the hierarchy, and by our own plain search
// backwards (Dijkstra, 4-ary heap, stopped when all units are reached), on the same graph for the same units and places.
// Every answer that both give is compared, also after the speeds have changed, and one that differs fails the bench.
func Streets(ctx context.Context, o Options) (err error) {
	asked := o.Sizes.City
	o = o.filled()
	dir, remove, err := o.temp()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, remove()) }()
	f := figures{}
	if o.Streets == "" && asked != "" {
		if o.Streets, err = o.world(ctx, dir, f); err != nil {
			return err
		}
	}
	began := time.Now()
	x, name, err := o.city(ctx)
	if err != nil {
		return err
	}
	f["map_load_s"] = time.Since(began).Seconds()
	if o.Streets != "" {
		name = filepath.Base(name)
	}
	n, report := x.Streets, x.Report
	x.Areas, x.Lines, x.Places, x.Addresses = nil, nil, nil, nil // Only the streets are measured, also their memory.
	st := n.Stats()
	f["nodes"], f["junctions"], f["courses"], f["turns"] = report.Nodes, st.Nodes, st.States, st.Turns
	c := &contest{options: o, dice: rand.New(rand.NewPCG(streetsSeed, streetsSeed)), corners: drivable(n)}
	if len(c.corners) < 2 {
		return fmt.Errorf("bench: %s holds no streets", name)
	}
	if err := c.prepare(ctx, n, f); err != nil {
		return err
	}
	if err := c.ask(ctx, f); err != nil {
		return err
	}
	if err := c.change(ctx, n, f); err != nil {
		return err
	}
	return o.print("streets", figures{"map": name, "units": o.Sizes.Units, "places": streetsAsked, "searched": streetsSearched, "moves": streetsMoves}, f)
}

// world makes a city, and gives its map.
func (o Options) world(ctx context.Context, dir string, f figures) (string, error) {
	o.say("a %s is made", o.Sizes.City)
	began := time.Now()
	out := filepath.Join(dir, "world")
	made, err := begin(ctx, o.Program, "world", "--seed", strconv.Itoa(citySeed), "--size", o.Sizes.City, "--out", out)
	if err != nil {
		return "", err
	}
	if err := made.cmd.Wait(); err != nil {
		return "", fmt.Errorf("bench: the city was not made: %w: %s", err, made.out)
	}
	f["world_s"] = time.Since(began).Seconds()
	return filepath.Join(out, "streets.osm.gz"), nil
}

// contest is a fleet of units, and who says how soon they are somewhere.
type contest struct {
	options Options
	dice    *rand.Rand
	corners []geo.Point
	over    func(context.Context, street.Conditions) (*street.Router, error)
	router  *street.Router
	fleet   *street.Fleet
	units   []street.Snap
}

// snap is a place on some street.
func (c *contest) snap(n *street.Network) street.Snap {
	for {
		p := c.corners[c.dice.IntN(len(c.corners))].Offset(c.dice.NormFloat64()*30, c.dice.NormFloat64()*30)
		if s, ok := n.Snap(p, streetsSnap); ok {
			return s
		}
	}
}

// prepare orders, contracts and weighs the streets, and puts the units on them.
func (c *contest) prepare(ctx context.Context, n *street.Network, f figures) error {
	c.options.say("%d junctions are prepared", f["junctions"])
	debug.FreeOSMemory()
	if err := os.WriteFile("/proc/self/clear_refs", []byte("5"), 0); err != nil { // The kernel begins to count the peak anew.
		return fmt.Errorf("bench: the kernel does not count a peak anew: %w", err)
	}
	before, err := peakOf(os.Getpid())
	if err != nil {
		return err
	}
	began := time.Now()
	h, err := n.Prepare(ctx, "", nil)
	if err != nil {
		return err
	}
	f["order_s"] = time.Since(began).Seconds()
	c.over = func(ctx context.Context, when street.Conditions) (*street.Router, error) {
		return n.Router(ctx, h, when)
	}
	weighed := time.Now()
	if c.router, err = c.over(ctx, street.Conditions{}); err != nil {
		return err
	}
	f["customize_s"], f["prepare_s"] = time.Since(weighed).Seconds(), time.Since(began).Seconds()
	if f["prepare_peak_mb"], err = peakOf(os.Getpid()); err != nil {
		return err
	}
	st := h.Stats()
	f["map_held_mb"], f["pairs"], f["depth"] = before, st.Pairs, st.Depth
	c.fleet = c.router.NewFleet()
	c.units = make([]street.Snap, c.options.Sizes.Units)
	for i := range c.units {
		c.units[i] = c.snap(n)
		c.fleet.Put(i, c.units[i])
	}
	return nil
}

// ask moves units and asks for all of them, both ways.
func (c *contest) ask(ctx context.Context, f figures) error {
	c.options.say("%d units are asked for at %d places", len(c.units), streetsAsked)
	var moved, quick, plain, single spread
	for range streetsMoves {
		i, at := c.dice.IntN(len(c.units)), c.snap(c.router.Network)
		began := time.Now()
		c.fleet.Put(i, at)
		moved = append(moved, time.Since(began))
		c.units[i] = at
	}
	var asked []street.Snap
	for range streetsAsked {
		to := c.snap(c.router.Network)
		began := time.Now()
		trips := c.fleet.To(to)
		quick = append(quick, time.Since(began))
		if len(trips) != len(c.units) {
			return fmt.Errorf("bench: %d answers for %d units", len(trips), len(c.units))
		}
		began = time.Now()
		c.router.OneToMany(ctx, c.units[0], []street.Snap{to})
		single = append(single, time.Since(began))
		asked = append(asked, to)
	}
	reached := 0
	for _, to := range asked[:streetsSearched] {
		took, ok, err := c.agree(ctx, to)
		if err != nil {
			return err
		}
		plain = append(plain, took)
		reached += ok
	}
	f["units"], f["reached_share"] = len(c.units), float64(reached)/float64(streetsSearched*len(c.units))
	f["dijkstra_ms"], f["dijkstra_p99_ms"] = plain.ms(0.50), plain.ms(0.99)
	f["many_to_one_ms"], f["many_to_one_p99_ms"], f["many_to_one_max_ms"] = quick.ms(0.50), quick.ms(0.99), quick.ms(1)
	f["move_ms"], f["move_p99_ms"] = moved.ms(0.50), moved.ms(0.99)
	f["one_to_one_ms"], f["one_to_one_p99_ms"] = single.ms(0.50), single.ms(0.99)
	f["ratio_to_dijkstra"] = plain.ms(0.50) / quick.ms(0.50)
	f["equal_answers"] = streetsSearched * len(c.units)
	return nil
}

// agree compares the two answers for all units to a place, and times the plain search.
func (c *contest) agree(ctx context.Context, to street.Snap) (took time.Duration, reached int, err error) {
	began := time.Now()
	want := c.router.Network.ManyToOne(ctx, c.units, to)
	took = time.Since(began)
	if err := ctx.Err(); err != nil {
		return took, 0, fmt.Errorf("bench: %w", err)
	}
	got := c.fleet.To(to)
	if !slices.Equal(got, want) {
		for i := range want {
			if got[i] != want[i] {
				return took, 0, fmt.Errorf("bench: unit %d needs %v by the hierarchy and %v by the plain search", i, got[i], want[i])
			}
		}
	}
	for _, t := range want {
		if t.OK {
			reached++
		}
	}
	return took, reached, nil
}

// change gives the streets the speeds of a slow hour, and compares again.
func (c *contest) change(ctx context.Context, n *street.Network, f figures) error {
	c.options.say("the speeds change")
	slow := street.Factors{}
	for i, class := range []string{"motorway", "trunk", "primary", "secondary", "tertiary", "residential", "unclassified"} {
		var day [24]float64
		for hour := range day {
			day[hour] = 0.4 + 0.1*float64(i%5)
		}
		slow[class] = day
	}
	began := time.Now()
	router, err := c.over(ctx, street.Conditions{Vehicle: street.Civil, Factors: slow, Hour: 8})
	if err != nil {
		return err
	}
	f["change_s"] = time.Since(began).Seconds()
	c.router, c.fleet = router, router.NewFleet()
	for i, at := range c.units {
		c.fleet.Put(i, at)
	}
	for range streetsSearched / 4 {
		if _, _, err := c.agree(ctx, c.snap(n)); err != nil {
			return err
		}
	}
	f["equal_answers_after_change"] = streetsSearched / 4 * len(c.units)
	return nil
}
