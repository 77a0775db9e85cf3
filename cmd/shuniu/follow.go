package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"shuniu/internal/api"
	"shuniu/internal/archive"
	"shuniu/internal/cad"
	"shuniu/internal/reactor/erasure"
	"shuniu/internal/reactor/index"
	"shuniu/internal/reactor/witness"
)

// followers are what follows a journal without anybody waiting for it: search, erasure and signed heads.
type followers struct {
	archive *archive.Archive
	index   *index.Reactor
	witness *witness.Reactor
	stop    context.CancelFunc
	done    sync.WaitGroup
}

// follow starts a node's followers. Their files lie beside the journal; the archive may be deleted at any time.
// None of them may keep calls from being taken (promise P8): one that cannot start is missing, loudly.
func follow(ctx context.Context, n *node, log *slog.Logger) (_ *followers, err error) {
	f := &followers{}
	ctx, f.stop = context.WithCancel(ctx)
	defer func() {
		if err != nil {
			err = errors.Join(err, f.close())
		}
	}()
	options := erasure.Options{Desk: n.desk, Store: n.files.store, Keys: n.files.keys, Blobs: n.files.blobs, Log: log}
	if f.archive, err = index.Open(filepath.Join(n.files.dir, "archive.db")); err != nil {
		log.Error("the archive cannot be opened: only what is in memory is found", "error", err)
		f.archive = nil
	} else {
		f.index = index.New(n.desk, f.archive, log)
		options.Archive = f.index
		if err = f.index.Watch(ctx); err != nil {
			return f, err
		}
	}
	erase := erasure.New(options)
	if err = erase.Watch(ctx); err != nil {
		return f, err
	}
	if err = f.openWitness(ctx, n, log); err != nil {
		log.Error("no heads are signed: a change to the journal would not be noticed", "error", err)
		err = nil
	}
	if f.index != nil {
		f.done.Go(func() {
			if err := f.index.Follow(ctx); err != nil {
				log.Error("nothing new can be found in the archive", "error", err)
			}
		})
	}
	f.done.Go(func() { erase.Follow(ctx) })
	f.done.Go(func() { n.centre.Past.Follow(ctx) })
	if f.witness != nil {
		f.done.Go(func() { f.witness.Follow(ctx, n.desk.Now) })
	}
	return f, nil
}

func (f *followers) openWitness(ctx context.Context, n *node, log *slog.Logger) error {
	dir := filepath.Join(n.files.dir, "witness")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("the folder of the signed heads cannot be made: %w", err)
	}
	heads := filepath.Join(dir, "heads.log")
	key, err := witness.OpenKey(filepath.Join(dir, "witness.key"), heads)
	if err != nil {
		return err
	}
	w, err := witness.Open(ctx, witness.Options{Store: n.files.store, Centre: n.desk.Centre(), Heads: heads, Key: key, Log: log})
	if err != nil {
		return err
	}
	f.witness = w
	return nil
}

// reason is why no heads are signed, as a code; empty if they are.
func (f *followers) reason() string {
	if f.witness == nil {
		return witness.NothingSigned
	}
	return f.witness.Reason()
}

// close ends the followers before what they read from is closed.
func (f *followers) close() error {
	f.stop()
	f.done.Wait()
	var errs []error
	if f.witness != nil {
		errs = append(errs, f.witness.Close())
	}
	if f.archive != nil {
		errs = append(errs, f.archive.Close())
	}
	return errors.Join(errs...)
}

// Scores of what the archive finds, beside those that the front door gives to open lives: 1 is the same word.
const (
	scoreExact = 2.0
	scoreWord  = 0.1 // For each point of the archive.

	scoreWordsMax = 1 // However many words fit: only a number is as good as a number.
)

// Called lists the calls of a number by its digest.
func (f *followers) Called(ctx context.Context, digest string, since time.Time) ([]api.Called, error) {
	if f.archive == nil {
		return nil, nil
	}
	calls, err := f.archive.Calls(ctx, digest, since)
	if err != nil {
		return nil, err
	}
	out := make([]api.Called, 0, len(calls))
	for _, c := range calls {
		kind, id := cad.Subject(c.Row.ID).Split()
		k := api.Called{Call: cad.CallID(c.Call), At: c.At, Type: cad.TypeID(c.Row.Type), Phase: c.Row.Phase, Address: c.Row.Address, Open: c.Row.Closed.IsZero()}
		if kind == "incident" {
			k.Incident = cad.IncidentID(id)
			k.Number, _ = strconv.ParseInt(c.Row.Number, 10, 64) // The archive keeps numbers as people say them.
		}
		out = append(out, k)
	}
	return out, nil
}

// Find is the front door's search among everything that was ever recorded.
func (f *followers) Find(ctx context.Context, query string, limit int) ([]api.Found, error) {
	if f.index == nil {
		return nil, nil
	}
	hits, err := f.index.Hits(ctx, query, limit)
	if err != nil {
		return nil, err
	}
	out := make([]api.Found, 0, len(hits))
	for _, h := range hits {
		_, id := cad.Subject(h.ID).Split()
		found := api.Found{Kind: h.Kind, ID: id, Title: h.Address, Type: h.Type, Phase: h.Phase, Score: min(scoreWord*float64(h.Score), scoreWordsMax), Closed: !h.Closed.IsZero()}
		if h.Number != "" {
			found.Title, found.Subtitle = "#"+h.Number, h.Address
		}
		if h.HasPlace {
			found.Place = &h.Place
		}
		if h.Exact {
			found.Score = scoreExact
		}
		out = append(out, found)
	}
	return out, nil
}
