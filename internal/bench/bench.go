// Package bench measures the figures that this platform promises, on the machine where it runs: commands made durable,
// requests answered, screens kept current, units recommended, a centre started. Each bench is bounded, speaks to
// loopback only and takes its files away afterwards. It must never print a figure that was not measured in the same
// run, and it prints the machine with each.
package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"time"
)

// Options say how a bench runs. The zero value of each field means its default.
type Options struct {
	Out     io.Writer     // Where the JSON goes, an object a line. Required.
	Dir     string        // Folder in which each bench makes one for its files, and removes it; empty means the present one.
	Seconds float64       // How long each measurement lasts; 0 means 20.
	Program string        // screen, demo, city, streets: the program that is looked at or makes a city; required there.
	From    string        // screen: folder with San Francisco's files; empty leaves the city out.
	Streets string        // Map file for recommend and streets; empty means a generated grid.
	Log     func(string)  // Told what happens now; nil tells nobody.
	Sizes   Sizes         // How big the worlds are.
	Quiet   bool          // Leaves out what takes long and measures others: pgbench.
	step    time.Duration // Of the search for the highest rate; 0 means 4 s.
	top     float64       // Where that search ends, in changes a second; 0 means rateMax.
}

// Sizes are how big the benches' worlds are. Zero means the size that the promise names.
type Sizes struct {
	Callers int    // commands: how many at once, beside one; 64.
	Open    int    // http: incidents in the list; 1,000.
	Clients int    // stream: screens; 1,000.
	Units   int    // recommend: 500.
	Facts   int    // start: 1,000,000.
	Changes int    // screen: incidents that a second screen must show; 150.
	Scale   int    // pgbench: its scale; 50.
	City    string // city, streets: a size of shuniu world; "metropolis" for city, none for streets.

	Month      string // month: a size of shuniu world; "city".
	Dense      int    // study: units that a dense solution takes, too; 12.
	Points     int    // study: demand points; 2,000.
	Candidates int    // study: sites; 300.
}

func (o Options) filled() Options {
	or := func(p *int, n int) {
		if *p == 0 {
			*p = n
		}
	}
	or(&o.Sizes.Callers, 64)
	or(&o.Sizes.Open, 1_000)
	or(&o.Sizes.Clients, 1_000)
	or(&o.Sizes.Units, 500)
	or(&o.Sizes.Facts, 1_000_000)
	or(&o.Sizes.Changes, 150)
	or(&o.Sizes.Scale, 50)
	or(&o.Sizes.Dense, 12)
	or(&o.Sizes.Points, 2_000)
	or(&o.Sizes.Candidates, 300)
	if o.Sizes.City == "" {
		o.Sizes.City = "metropolis"
	}
	if o.Dir == "" {
		o.Dir = "."
	}
	if o.Seconds == 0 {
		o.Seconds = 20
	}
	if o.step == 0 {
		o.step = 4 * time.Second
	}
	if o.top == 0 {
		o.top = rateMax
	}
	if o.Log == nil {
		o.Log = func(string) {}
	}
	return o
}

func (o Options) span() time.Duration { return time.Duration(o.Seconds * float64(time.Second)) }

func (o Options) say(format string, args ...any) { o.Log(fmt.Sprintf(format, args...)) }

// figures are what one line says beside the machine.
type figures map[string]any

// print writes one object: the bench, the machine, the sizes, and the figures beside them.
func (o Options) print(bench string, sizes, f figures) error {
	machine, err := describe(o.Dir)
	if err != nil {
		return err
	}
	all := figures{"bench": bench, "machine": machine, "sizes": sizes, "at": time.Now().UTC().Format(time.RFC3339)}
	for k, v := range f {
		switch x := v.(type) {
		case float64:
			v = rounded(x)
		case []float64:
			list := make([]float64, len(x))
			for i := range x {
				list[i] = rounded(x[i])
			}
			v = list
		}
		all[k] = v
	}
	if err := json.NewEncoder(o.Out).Encode(all); err != nil {
		return fmt.Errorf("bench: the figures cannot be written: %w", err)
	}
	return nil
}

// rounded keeps three decimals: no clock here is better.
func rounded(x float64) float64 { return math.Round(x*1000) / 1000 }

// temp makes a folder for one bench's files and gives the way to remove it.
func (o Options) temp() (string, func() error, error) {
	if err := os.MkdirAll(o.Dir, 0o755); err != nil { //nolint:gosec // Nothing private is in it.
		return "", nil, fmt.Errorf("bench: %w", err)
	}
	dir, err := os.MkdirTemp(o.Dir, "bench-*")
	if err != nil {
		return "", nil, fmt.Errorf("bench: %w", err)
	}
	return dir, func() error { return os.RemoveAll(dir) }, nil
}

// spread is a set of durations.
type spread []time.Duration

// ms is a quantile (0 to 1) in milliseconds; 0 of nothing.
func (s spread) ms(q float64) float64 {
	if len(s) == 0 {
		return 0
	}
	slices.Sort(s)
	return float64(s[min(len(s)-1, int(q*float64(len(s))))].Microseconds()) / 1000
}

// median is the middle of a few figures; 0 of none.
func median(x []float64) float64 {
	if len(x) == 0 {
		return 0
	}
	x = slices.Sorted(slices.Values(x))
	return (x[(len(x)-1)/2] + x[len(x)/2]) / 2
}

// pause waits, unless the bench is stopped.
func pause(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
