package founding

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"slices"

	"shuniu/internal/fault"
	"shuniu/internal/geo"
	"shuniu/internal/osm"
	"shuniu/internal/street"
)

// OSM reads an extract, tells what is in it, and puts it into the folder. The file is kept as it is, but for plain XML,
// which is packed. While the folder's bounds are the whole world they become the extract's.
func OSM(ctx context.Context, file, dir string, mode Mode, progress func(read, total int64), say io.Writer) error {
	x, err := osm.ReadFile(ctx, file, osm.Options{Progress: progress})
	if err != nil {
		return err
	}
	if err := Tell(ctx, say, x); err != nil {
		return err
	}
	if dir == "" {
		return nil
	}
	if _, err := loaded(dir); err != nil {
		return err
	}
	name, pack, err := keptAs(file)
	if err != nil {
		return err
	}
	for _, other := range streetsFiles() {
		if path := first(dir, other); path != "" && other != name {
			return fault.New("shuniu import osm", fault.Conflict, "the folder has a map already: %s", path).
				Mend("remove it first, so that nobody takes the one for the other")
		}
	}
	files := []source{{name: name, write: func(w io.Writer) error { return copyOf(ctx, w, file, pack) }}}
	centreFile, changed, err := settle(dir, x.Bounds)
	if err != nil {
		return err
	}
	if changed {
		files = append(files, centreFile)
	}
	done, err := put(dir, mode, files...)
	return errors.Join(tellDone(say, done), err)
}

// keptAs says under which name a map is kept, and whether it is packed for that.
func keptAs(file string) (name string, pack bool, err error) {
	f, err := os.Open(file) //nolint:gosec // The file that the operator named.
	if err != nil {
		return "", false, unwritable(err)
	}
	defer f.Close() //nolint:errcheck // Read only: nothing can be lost.
	head := make([]byte, 5)
	if _, err := io.ReadFull(f, head); err != nil {
		return "", false, fault.Wrap("shuniu import osm", fault.Invalid, err, "the map ends too early").Mend("fetch it again")
	}
	switch {
	case head[0] == 0x1f && head[1] == 0x8b:
		return "streets.osm.gz", false, nil
	case head[0] == 0 && head[4] == 0x0a:
		return "streets.osm.pbf", false, nil
	case string(head[:3]) == "BZh": // The reader looks at bytes and not at names.
		return "streets.osm", false, nil
	}
	return "streets.osm.gz", true, nil
}

// copyOf writes a file's bytes, packed when asked.
func copyOf(ctx context.Context, w io.Writer, file string, pack bool) error {
	f, err := os.Open(file) //nolint:gosec // The file that the operator named.
	if err != nil {
		return unwritable(err)
	}
	defer f.Close() //nolint:errcheck // Read only: nothing can be lost.
	if !pack {
		_, err = io.Copy(w, untilDone{ctx, f})
		return err
	}
	z := gzip.NewWriter(w)
	if _, err = io.Copy(z, untilDone{ctx, f}); err != nil {
		return err
	}
	return z.Close()
}

// untilDone is a reader that ends with its context.
type untilDone struct {
	ctx context.Context //nolint:containedctx // A reader has no other way to be stopped.
	r   io.Reader
}

func (u untilDone) Read(p []byte) (int, error) {
	if err := u.ctx.Err(); err != nil {
		return 0, err
	}
	return u.r.Read(p)
}

func tellDone(w io.Writer, lines []string) error {
	for _, l := range lines {
		if _, err := fmt.Fprintln(w, l); err != nil {
			return err
		}
	}
	return nil
}

// Tell prints what an extract holds, what was left out of it with an example of each, and how well its streets hang
// together. The error is the writer's.
func Tell(ctx context.Context, w io.Writer, x *osm.Extract) error {
	b, r := x.Bounds, x.Report
	kinds := make(map[string]int)
	for _, a := range x.Areas {
		kinds[a.Kind]++
	}
	area := ""
	for _, k := range slices.Sorted(func(yield func(string) bool) {
		for k := range kinds {
			if !yield(k) {
				return
			}
		}
	}) {
		area += fmt.Sprintf(", %d %s", kinds[k], k)
	}
	t := &teller{w: w}
	t.say("map       %d nodes, %d ways, %d relations; show with it: %s", x.Nodes, x.Ways, x.Relations, x.Attribution)
	t.say("bounds    [%.4f, %.4f, %.4f, %.4f]", b.Min.Lon, b.Min.Lat, b.Max.Lon, b.Max.Lat)
	t.say("streets   %d of %d ways are driven: %d pieces between junctions, %d one-way, %d with a speed limit, %d of %d turn restrictions apply",
		r.Driven, r.Ways, r.Segments, r.OneWays, r.Speeds, r.RestrictionsApplied, r.Restrictions)
	t.say("search    %d addresses, %d places", len(x.Addresses), len(x.Places))
	t.say("areas     %d%s; %d lines of rail and water", len(x.Areas), area, len(x.Lines))
	reached, asked := reach(ctx, x)
	t.say("hanging together   %d fragments that lead nowhere; a way was found for %d of %d random trips", r.Fragments, reached, asked)
	for _, list := range [][]street.Ignored{r.Ignored, x.Ignored} {
		for _, ig := range list {
			t.say("note      %d x %s (for example %d)", ig.Count, ig.Reason, ig.Example)
		}
	}
	if asked > 0 && reached*10 < asked*9 {
		t.say("warning   fewer than nine of ten trips have a way: the extract is cut, or its streets share no nodes")
	}
	if len(x.Addresses) == 0 {
		t.say("warning   no house numbers: callers can be found by street and crossing only")
	}
	return t.err
}

// reach tries a few hundred trips between random streets; the same extract gives the same figure.
func reach(ctx context.Context, x *osm.Extract) (reached, asked int) {
	rng := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // No secret: it picks trips to try.
	snap := func() (street.Snap, bool) {
		for range 100 {
			p := geo.Point{
				Lon: x.Bounds.Min.Lon + rng.Float64()*(x.Bounds.Max.Lon-x.Bounds.Min.Lon),
				Lat: x.Bounds.Min.Lat + rng.Float64()*(x.Bounds.Max.Lat-x.Bounds.Min.Lat),
			}
			if s, ok := x.Streets.Snap(p, 300); ok {
				return s, true
			}
		}
		return street.Snap{}, false
	}
	for range 10 {
		target, ok := snap()
		if !ok {
			continue
		}
		var from []street.Snap
		for range 30 {
			if s, ok := snap(); ok {
				from = append(from, s)
			}
		}
		for _, trip := range x.Streets.ManyToOne(ctx, from, target) {
			asked++
			if trip.OK {
				reached++
			}
		}
	}
	return reached, asked
}

// teller prints lines and keeps the first error.
type teller struct {
	w   io.Writer
	err error
}

func (t *teller) say(format string, args ...any) {
	if t.err == nil {
		_, t.err = fmt.Fprintf(t.w, format+"\n", args...)
	}
}
