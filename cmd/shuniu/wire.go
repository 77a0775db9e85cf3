package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"shuniu/internal/api"
	"shuniu/internal/blobfile"
	"shuniu/internal/board"
	"shuniu/internal/cad"
	"shuniu/internal/centre"
	"shuniu/internal/console"
	"shuniu/internal/demand"
	"shuniu/internal/desk"
	"shuniu/internal/draft"
	"shuniu/internal/fault"
	"shuniu/internal/gazetteer"
	"shuniu/internal/joint"
	"shuniu/internal/journal"
	"shuniu/internal/keyfile"
	"shuniu/internal/org"
	"shuniu/internal/osm"
	hindsight "shuniu/internal/past"
	"shuniu/internal/policy"
	"shuniu/internal/postgres"
	"shuniu/internal/reactor/deadlines"
	"shuniu/internal/reactor/witness"
	"shuniu/internal/sqlite"
	"shuniu/internal/street"
	"shuniu/internal/tile"
	"shuniu/internal/track"
)

// How a node behaves.
const (
	snapshotEvery = 20_000 // Records; about 10 MiB of journal.
	headerWithin  = 10 * time.Second
	closeWithin   = 5 * time.Second
)

// files are one world's files: its journal and, kept apart, its keys.
type files struct {
	dir   string
	store journal.Store
	keys  *keyfile.Store
	blobs *blobfile.Store
	head  journal.Head
	lost  cad.Seq // Private parts of records up to this one cannot be opened: their keys are lost. 0: none.
}

// source says where a world's files are, and what the person at the terminal has given up.
type source struct {
	dir      string
	address  string // Of a PostgreSQL that keeps the journal; empty: it is in the folder.
	centre   cad.CentreID
	keysLost bool // The keys of the journal are lost for ever: go on with new ones.
	headless bool // The journal that was signed is lost for ever: move its heads aside and sign anew.
}

// openFiles opens the files of a world in a folder, or makes them. With an address the journal is in that PostgreSQL
// and not in the folder.
func openFiles(ctx context.Context, from source) (*files, error) {
	if err := os.MkdirAll(from.dir, 0o700); err != nil {
		return nil, fmt.Errorf("the data folder cannot be made: %w", err)
	}
	if from.address == "" { // Before an empty journal is made in its place.
		if info, err := os.Stat(filepath.Join(from.dir, "journal.db")); err != nil || info.Size() == 0 {
			if err := signedMore(from, 0); err != nil {
				return nil, err
			}
		}
	}
	f := &files{dir: from.dir}
	var err error
	if f.store, err = openStore(ctx, from.dir, from.address, from.centre); err != nil {
		return nil, err
	}
	if f.head, err = f.store.Head(ctx); err == nil {
		err = signedMore(from, f.head.Seq)
	}
	if err == nil {
		err = f.openKeys(ctx, from.keysLost)
	}
	if err == nil {
		f.blobs, err = blobfile.Open(filepath.Join(from.dir, "files"), f.keys)
	}
	if err != nil {
		return nil, errors.Join(err, f.close())
	}
	return f, nil
}

// signedMore refuses a journal that ends before its newest signed head: it was cut, emptied, or an older copy was put in its
// place. Going on would give the numbers of records that people were promised to others. Somebody who has lost the
// rest for ever says so: then the heads are moved aside, as evidence, and signing begins anew.
func signedMore(from source, end cad.Seq) error {
	dir := filepath.Join(from.dir, "witness")
	covered := witness.Covered(filepath.Join(dir, "heads.log"))
	if covered <= int64(end) {
		return nil
	}
	if !from.headless {
		return fault.New("shuniu", fault.Conflict, "the journal ends at record %d, but heads in %s were signed over %d: it was cut, or an older copy stands in its place",
			end, dir, covered).
			Mend("put back the journal that was signed, or the newest copy of it; if the rest is lost for ever, shuniu serve --heads-anew moves the old heads aside and goes on")
	}
	aside, err := moveAside(dir)
	if err != nil {
		return fmt.Errorf("the old heads cannot be moved aside to %s: %w", aside, err)
	}
	return nil
}

// openStore opens the journal, or makes it.
func openStore(ctx context.Context, dir, address string, id cad.CentreID) (journal.Store, error) {
	file := filepath.Join(dir, "journal.db")
	if address == "" {
		return sqlite.Open(ctx, file, sqlite.Options{Centre: id})
	}
	if !strings.HasPrefix(address, "postgres://") && !strings.HasPrefix(address, "postgresql://") {
		return nil, fault.New("shuniu", fault.Invalid, "the address of a store begins with postgres://").Mend("shuniu serve --help shows an example")
	}
	if _, err := os.Stat(file); err == nil {
		return nil, fault.New("shuniu", fault.Conflict, "%s holds a journal of its own", dir).
			Mend("give --data a folder without journal.db, or leave out --store: a centre has one journal")
	}
	return postgres.Open(ctx, address, id, postgres.Options{})
}

// close lets go of what was opened.
func (f *files) close() error {
	err := f.store.Close()
	if f.keys != nil {
		err = errors.Join(err, f.keys.Close())
	}
	return err
}

// node is one centre's one world with everything that stands around its desk.
type node struct {
	files     *files
	desk      *desk.Desk
	board     *board.Board
	track     *track.Book
	deadlines *deadlines.Reactor
	followers *followers
	centre    *api.Centre
	drafts    *draft.Store
	uncover   func()      // Ends watching the cover, and waits; nil before it began.
	mapless   bool        // The map of the centre's folder cannot be used.
	placeless atomic.Bool // Its places could not be indexed.
}

// nodeConfig says what a node is made of.
type nodeConfig struct {
	files   *files
	charter org.Charter
	world   cad.World
	clock   desk.Clock
	streets *osm.Extract // nil: no map.
	speeds  street.Factors
	demand  *demand.Map // What is known of the demand; nil: nothing.
	mapless bool        // The map is there and cannot be used.
	ground  api.Ground  // The agency's own map.
	log     *slog.Logger
}

// openNode starts the desk and everything that follows it, in the order in which they depend on each other: the
// desk, the configuration as facts, the board, the deadlines, and what nobody waits for. It owns the files from here on.
func openNode(ctx context.Context, cfg nodeConfig) (_ *node, err error) {
	n := &node{files: cfg.files, track: track.NewBook()}
	defer func() {
		if err != nil {
			err = errors.Join(err, n.close(context.WithoutCancel(ctx)))
		}
	}()
	roles := policy.Roles{}
	if n.desk, err = desk.Open(ctx, desk.Config{
		Centre: cfg.charter.Centre, World: cfg.world, Store: cfg.files.store, Keys: cfg.files.keys, Clock: cfg.clock, Policy: roles,
		Log: cfg.log, SnapshotEvery: snapshotEvery,
	}); err != nil {
		return n, err
	}
	if _, err = n.desk.Do(ctx, desk.Wish{Actor: desk.System(), Command: joint.Configure{Charter: cfg.charter}}); err != nil {
		return n, fmt.Errorf("the centre cannot be configured: %w", err)
	}
	n.board = board.New(roles, n.desk)
	n.deadlines = deadlines.New(n.desk, cad.Actor{ID: "deadlines", Role: policy.Reactor}, cfg.log)
	n.drafts = openDrafts(cfg.files, cfg.log)
	// The stream begins empty and learns where it begins from the board's first whole state.
	stream := api.NewStream(ctx, n.desk, n.board, n.track, cfg.log)
	if err = n.desk.Watch(ctx, func(c desk.Commit) { n.show(c, stream, cfg.log) }); err != nil {
		return n, err
	}
	if err = n.deadlines.Watch(ctx); err != nil {
		return n, err
	}
	n.centre = &api.Centre{
		Desk: n.desk, Board: n.board, Track: n.track, Stream: stream, Map: cfg.streets, Version: version, Started: time.Now().UTC(),
		Tiles: tile.Prepare(cfg.streets, tile.MarksOf(cfg.charter, cfg.streets)), Ground: cfg.ground, Credit: cfg.charter.Settings.Credit, Places: new(gazetteer.Book),
		Reasons: n.reasons, Drafts: n.drafts, Blobs: cfg.files.blobs,
	}
	n.mapless = cfg.mapless
	n.centre.Streets = startEngine(cfg.streets, cfg.speeds, zoneOf(cfg.charter.Settings.Zone), n.files.dir, n.desk.Now(), cfg.log)
	go n.centre.Follow(ctx)
	go n.index(cfg.streets, cfg.log)
	n.centre.Cover = watchCover(ctx, n, cfg)
	if n.centre.Cover != nil {
		n.centre.Losses = n.centre.Cover
	}
	n.centre.Past = hindsight.New(hindsight.Options{Desk: n.desk, Board: n.board, Track: n.track, Log: cfg.log})
	if err = n.centre.Past.Watch(ctx); err != nil {
		return n, err
	}
	if n.followers, err = follow(ctx, n, cfg.log); err != nil {
		n.followers = nil // It has closed what it opened.
		return n, err
	}
	n.centre.Archive, n.centre.Callers = n.followers, n.followers
	return n, nil
}

// index makes the places of the map searchable. It takes seconds on a big map, and nothing waits for it.
func (n *node) index(x *osm.Extract, log *slog.Logger) {
	if err := n.centre.Places.Read(x); err != nil {
		n.placeless.Store(true)
		log.Error("places are not found by name until the next start", "error", err)
	}
}

// reasons are what is degraded while calls are taken, as codes.
func (n *node) reasons() []string {
	var out []string
	if n.files.lost > 0 {
		out = append(out, "keys_lost")
	}
	if n.mapless {
		out = append(out, "no_map")
	}
	if n.placeless.Load() {
		out = append(out, "no_place_search")
	}
	if reason := n.followers.reason(); reason != "" {
		out = append(out, reason)
	}
	return out
}

// show brings what is durable to the board, and tells the screens which rows changed.
func (n *node) show(c desk.Commit, stream *api.Stream, log *slog.Logger) {
	changed, err := n.board.Apply(c.Change, c.Reset)
	if err != nil { // Never shown as if it were whole: every screen begins again.
		log.Error("the board met a gap", "error", err)
		changed = board.Changed{Seq: c.Change.To, Reset: true}
	}
	stream.Push(changed)
	forgetDrafts(n.drafts, n.board, c)
}

// close stops the desk, which keeps a snapshot for the next start, and lets go of the files.
func (n *node) close(ctx context.Context) error {
	ctx, stop := context.WithTimeout(context.WithoutCancel(ctx), closeWithin) // It is most often closed because ctx ended.
	defer stop()
	var errs []error
	if n.centre != nil {
		n.centre.Study.Close()
		n.centre.Streets.Close()
	}
	if n.followers != nil {
		errs = append(errs, n.followers.close())
	}
	if n.uncover != nil {
		n.uncover()
	}
	if n.desk != nil {
		errs = append(errs, n.desk.Close(ctx))
	}
	return errors.Join(append(errs, n.files.close())...)
}

// loadCentre reads a folder and refuses it when anything is wrong with it.
func loadCentre(dir, data string) (org.Charter, error) {
	charter, problems := centre.Load(dir, centre.Options{DataDir: data})
	if len(problems) > 0 {
		return charter, fault.New("shuniu", fault.Invalid, "%s", problems[0].String()).Mend("shuniu check " + dir + " lists everything that is wrong")
	}
	return charter, nil
}

// loadStreets reads a map; an empty path gives none.
func loadStreets(ctx context.Context, path string) (*osm.Extract, error) {
	if path == "" {
		return nil, nil //nolint:nilnil // A centre without a map works, by straight lines.
	}
	return osm.ReadFile(ctx, path, osm.Options{})
}

// listen opens the port before anything is promised about it. Only this machine can reach it.
func listen(ctx context.Context, addr string) (net.Listener, error) {
	if err := api.LoopbackAddr(addr); err != nil {
		return nil, fault.Wrap("shuniu", fault.Invalid, err, "%s", err.Error()).Mend("give an address of this machine, such as 127.0.0.1:8110")
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, fault.Wrap("shuniu", fault.Unavailable, err, "%s cannot be opened: %v", addr, err).Mend("end what uses it, or give another --addr")
	}
	return l, nil
}

// serveHTTP answers until ctx ends, then lets running requests finish. The console may load its map from these origins.
func serveHTTP(ctx context.Context, l net.Listener, opt api.Options, origins ...string) error {
	opt.Console, opt.Version = console.Handler(origins...), version
	base, cut := context.WithCancel(context.WithoutCancel(ctx))
	defer cut()
	server := &http.Server{
		Handler: api.New(opt).Handler(), ReadHeaderTimeout: headerWithin, ErrorLog: slog.NewLogLogger(opt.Log.Handler(), slog.LevelWarn),
		BaseContext: func(net.Listener) context.Context { return base },
	}
	done := make(chan error, 1)
	go func() { done <- server.Serve(l) }()
	select {
	case err := <-done:
		return fmt.Errorf("the server stopped: %w", err)
	case <-ctx.Done():
	}
	cut() // Streams never finish by themselves.
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeWithin)
	defer cancel()
	err := server.Shutdown(stop)
	if served := <-done; !errors.Is(served, http.ErrServerClosed) {
		err = errors.Join(err, served)
	}
	return err
}

// address is how a person opens what listens.
func address(l net.Listener) string { return "http://" + cmp.Or(l.Addr().String(), "?") }
