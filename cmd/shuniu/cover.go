package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"shuniu/internal/cad"
	"shuniu/internal/demand"
	"shuniu/internal/fault"
	"shuniu/internal/policy"
	"shuniu/internal/reactor/coverage"
)

// watchCover begins to follow how well the city is covered. Nobody waits for it, and it may be missing (promise P8).
func watchCover(ctx context.Context, n *node, cfg nodeConfig) *coverage.Reactor {
	r := coverage.New(coverage.Options{
		Desk: n.desk, Actor: cad.Actor{ID: "coverage", Role: policy.Reactor}, Track: n.track, Streets: n.centre.Streets.At, Demand: cfg.demand, Told: n.centre.Stream.Cover, Log: cfg.log,
	})
	if err := r.Watch(ctx); err != nil {
		cfg.log.Error("the cover of the city is not watched until the next start", "error", err)
		return nil
	}
	run, stop := context.WithCancel(context.WithoutCancel(ctx))
	done := make(chan struct{})
	n.uncover = func() {
		stop()
		<-done
	}
	go func() {
		defer close(done)
		r.Follow(run)
	}()
	return r
}

// demandFile is the map of demand in a centre's folder.
const demandFile = "demand.csv"

// loadDemand reads the map of demand of a centre's folder; nil where there is none.
func loadDemand(dir string) (*demand.Map, error) {
	path := filepath.Join(dir, demandFile)
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil //nolint:nilnil // A centre without one works: the demand is taken to be the same everywhere.
	}
	if err != nil {
		return nil, fault.Wrap("shuniu", fault.Unavailable, err, "%s cannot be read: %v", path, err).Mend("let the service read it, or remove it")
	}
	defer f.Close() //nolint:errcheck // Read only: nothing can be lost.
	m, err := demand.ReadCSV(f)
	if err != nil {
		return nil, fault.Wrap("shuniu", fault.Invalid, err, "%s: %v", path, err).Mend("shuniu study demand writes such a file; without it the demand is taken to be the same everywhere")
	}
	return m, nil
}
