package street

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"shuniu/internal/geo"
	"shuniu/internal/hierarchy"
)

// Prepare makes what a Router needs and what depends on the shape of the network only: seconds for a city, a minute or two for
// a metropolis. It is kept in cacheFile and read from there the next time; an empty name keeps nothing. A file of another
// network, of another version of this program, or with damage is made anew and never trusted. progress, which may be
// nil, is told the share that is done. The only errors are that of ctx; that the file cannot be kept is none.
func (n *Network) Prepare(ctx context.Context, cacheFile string, progress func(share float64)) (*hierarchy.Hierarchy, error) {
	h, _, err := n.prepare(ctx, cacheFile, progress)
	return h, err
}

// Notes are what is worth a line in the log, although Prepare went well.
type notes struct {
	kept    bool  // It was read from the file.
	refused error // Why the file was not used; nil if there was none.
	unkept  error // Why there is no file now.
}

func (n *Network) prepare(ctx context.Context, file string, progress func(float64)) (*hierarchy.Hierarchy, notes, error) {
	if progress == nil {
		progress = func(float64) {}
	}
	var note notes
	if file != "" {
		h, err := n.cached(ctx, file, progress)
		switch {
		case err == nil:
			return h, notes{kept: true}, nil
		case ctx.Err() != nil:
			return nil, note, fmt.Errorf("street.Prepare: %w", ctx.Err())
		case !errors.Is(err, fs.ErrNotExist):
			note.refused = err
		}
	}
	rank, err := n.order(ctx, func(share float64) { progress(share * 0.8) })
	if err != nil {
		return nil, note, err
	}
	h, err := hierarchy.Contract(ctx, n.graph, rank, func(share float64) { progress(0.8 + share*0.2) })
	if err != nil {
		return nil, note, err
	}
	if file != "" {
		note.unkept = keep(h, file)
	}
	return h, note, nil
}

// cached reads the file.
func (n *Network) cached(ctx context.Context, file string, progress func(float64)) (*hierarchy.Hierarchy, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // Read only: nothing can be lost.
	return hierarchy.Read(ctx, f, n.graph, progress)
}

// keep writes the file whole or not at all.
func keep(h *hierarchy.Hierarchy, file string) error {
	var out bytes.Buffer
	if _, err := h.WriteTo(&out); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(file), filepath.Base(file)+".*")
	if err != nil {
		return err
	}
	_, err = f.Write(out.Bytes())
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), file)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}

// order ranks the states: the streets by nested dissection, and the courses and copies of a street one after another.
func (n *ground) order(ctx context.Context, progress func(float64)) ([]int32, error) {
	points := make([]hierarchy.XY, max(0, len(n.legFirst)-1))
	edges := make([][2]int32, len(n.segments))
	box := geo.EmptyBounds()
	for _, p := range n.points {
		box = box.Extend(p)
	}
	var plane geo.Plane
	if !box.Empty() {
		plane = geo.PlaneAt(box.Center())
	}
	for i, s := range n.segments {
		edges[i] = [2]int32{s.a, s.b}
		points[s.a].X, points[s.a].Y = plane.XY(n.points[s.first])
		points[s.b].X, points[s.b].Y = plane.XY(n.points[s.last-1])
	}
	ranks, err := hierarchy.Dissect(ctx, points, edges, progress)
	if err != nil {
		return nil, err
	}
	states := make([]int32, len(n.courses))
	for i := range states {
		states[i] = int32(i)
	}
	slices.SortFunc(states, func(a, b int32) int {
		return cmp.Or(cmp.Compare(ranks[n.courses[a].segment()], ranks[n.courses[b].segment()]), cmp.Compare(a, b))
	})
	out := make([]int32, len(states))
	for r, state := range states {
		out[state] = int32(r)
	}
	return out, nil
}
