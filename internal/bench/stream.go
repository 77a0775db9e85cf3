package bench

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"shuniu/internal/board"
	"shuniu/internal/cad"
)

// How the stream is measured.
const (
	changeRate  = 50                    // Changes a second at which the promise is measured.
	changed     = 200                   // Incidents that change.
	changers    = 32                    // How many changes may be under way.
	inTime      = 1_000.0               // Milliseconds: a rate is sustained while 99 of 100 changes are seen within.
	drainWithin = 3 * time.Second       // After the last change, how long the screens may take to have everything.
	drainLook   = 20 * time.Millisecond // How often that is looked at.
	rateMax     = 12_800                // Changes a second; the search ends here.
	joinWithin  = 30 * time.Second      // How long all screens may take to be connected.
)

// Stream measures how soon every screen sees every change, and the highest rate of changes that all screens keep up
// with, beside that of a trivial server that only copies finished bytes to everybody.
func Stream(ctx context.Context, o Options) (err error) {
	o = o.filled()
	dir, remove, err := o.temp()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, remove()) }()
	h, err := openHouse(ctx, dir, here(), fewUnits)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	if err := h.serve(ctx, nil); err != nil {
		return err
	}
	for n := range changed {
		if _, err := h.take(ctx, strconv.Itoa(n), n); err != nil {
			return err
		}
	}
	ours := source{name: "shuniu", addr: h.addr, path: "/api/v1/stream", change: func(ctx context.Context, n int) (int64, error) {
		reply, err := h.note(ctx, cad.IncidentID("i"+strconv.Itoa(n%changed)), "looked again")
		return int64(reply.Seq), err
	}}
	o.say("%d screens, %d changes a second for %g s", o.Sizes.Clients, changeRate, o.Seconds)
	seen, err := o.watch(ctx, ours, changeRate, o.span())
	if err != nil {
		return err
	}
	f := figures{
		"changes": seen.changes, "seen": seen.seen, "missed": seen.missed, "p50_ms": seen.took.ms(0.50), "p99_ms": seen.took.ms(0.99), "max_ms": seen.took.ms(1),
	}
	best, err := o.highest(ctx, ours)
	if err != nil {
		return err
	}
	row, _ := h.centre.Board.Incident(board.ClassOf(dispatcher), "i0")
	trivial, stop, err := fanOut(ctx, len(row))
	if err != nil {
		return err
	}
	base, err := o.highest(ctx, trivial)
	if err = errors.Join(err, stop()); err != nil {
		return err
	}
	f["sustained_per_s"], f["trivial_sustained_per_s"], f["row_bytes"] = best, base, len(row)
	f["ratio_to_trivial"] = best / max(base, 1)
	return o.print("stream", figures{"clients": o.Sizes.Clients, "changes_per_s": changeRate, "seconds": o.Seconds, "rate_max": o.top}, f)
}

// source is something that screens can follow.
type source struct {
	name, addr, path string
	change           func(ctx context.Context, n int) (seq int64, err error)
}

// highest searches for the highest rate that all screens keep up with: it doubles, then halves the gap twice.
func (o Options) highest(ctx context.Context, s source) (float64, error) {
	good, bad := 0.0, 0.0
	for rate := float64(changeRate); rate <= o.top; {
		seen, err := o.watch(ctx, s, rate, o.step)
		if err != nil {
			return 0, err
		}
		ok := seen.missed == 0 && seen.changes > 0 && seen.took.ms(0.99) <= inTime && seen.rate >= 0.95*rate
		o.say("%s: %.0f changes a second to %d screens: %v (p99 %.0f ms, %d missed, %.0f a second made)", s.name, rate, o.Sizes.Clients, ok, seen.took.ms(0.99), seen.missed, seen.rate)
		if ok {
			good = rate
		} else {
			bad = rate
		}
		switch {
		case bad == 0:
			rate *= 2
		case good == 0:
			rate /= 2
			if rate < 1 {
				return 0, nil
			}
		case bad-good <= 0.15*bad:
			return good, nil
		default:
			rate = (good + bad) / 2
		}
	}
	return good, nil
}

// seen is what the screens saw of a run of changes.
type seen struct {
	changes, seen, missed int // Changes made; changes times screens that saw them, and that did not.
	rate                  float64
	took                  spread // Of a sample of 1 in 16 screens at least; all of them for a small crowd.
}

// moment is one change: when it was due and at which sequence it became durable.
type moment struct {
	seq int64
	due time.Time
}

// watch connects the screens, makes changes at a rate and counts who saw what, and when.
func (o Options) watch(ctx context.Context, s source, rate float64, span time.Duration) (seen, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	screens, err := o.connect(ctx, s)
	defer func() {
		for _, sc := range screens {
			_ = sc.cl.conn.Close() // It only read.
		}
	}()
	if err != nil {
		return seen{}, err
	}
	var wg sync.WaitGroup
	for _, sc := range screens {
		wg.Go(sc.read)
	}
	from := time.Now()
	moments, err := s.makeChanges(ctx, rate, span)
	if err != nil {
		return seen{}, err
	}
	out := seen{changes: len(moments), rate: float64(len(moments)) / time.Since(from).Seconds()}
	if err := drain(ctx, screens, moments); err != nil {
		return seen{}, err
	}
	for _, sc := range screens {
		_ = sc.cl.conn.Close() // Ends its reading.
	}
	wg.Wait()
	for i, sc := range screens {
		sc.count(&out, moments, i%max(1, len(screens)/64) == 0)
	}
	return out, nil
}

// drain waits until every screen has the last change, or has had time enough.
func drain(ctx context.Context, screens []*screen, moments []moment) error {
	if len(moments) == 0 {
		return nil
	}
	last := moments[len(moments)-1].seq
	for end := time.Now().Add(drainWithin); time.Now().Before(end); {
		if !slices.ContainsFunc(screens, func(sc *screen) bool { return sc.last.Load() < last }) {
			return nil
		}
		if err := pause(ctx, drainLook); err != nil {
			return err
		}
	}
	return nil
}

// makeChanges makes changes at a rate, each counted from when it was due.
func (s source) makeChanges(ctx context.Context, rate float64, span time.Duration) ([]moment, error) {
	var wg sync.WaitGroup
	var next atomic.Int64
	errs, made := make([]error, changers), make([][]moment, changers)
	from := time.Now()
	for c := range changers {
		wg.Go(func() {
			for {
				n := int(next.Add(1)) - 1
				due := from.Add(time.Duration(float64(n) / rate * float64(time.Second)))
				if due.Sub(from) >= span || time.Since(from) > span+drainWithin {
					return
				}
				if errs[c] = pause(ctx, time.Until(due)); errs[c] != nil {
					return
				}
				seq, err := s.change(ctx, n)
				if err != nil {
					errs[c] = err
					return
				}
				made[c] = append(made[c], moment{seq: seq, due: due})
			}
		})
	}
	wg.Wait()
	all := slices.Concat(made...)
	slices.SortFunc(all, func(a, b moment) int { return int(a.seq - b.seq) })
	return all, errors.Join(errs...)
}

// screen is one client of a stream.
type screen struct {
	cl     *client
	last   atomic.Int64
	frames []frame
	broken bool // A frame did not follow the one before it.
}

type frame struct {
	prev, seq int64
	at        time.Time
}

// connect opens all streams, and returns when each has its first event.
func (o Options) connect(ctx context.Context, s source) ([]*screen, error) {
	ctx, cancel := context.WithTimeout(ctx, joinWithin)
	defer cancel()
	screens := make([]*screen, o.Sizes.Clients)
	for i := range screens {
		cl, err := dial(ctx, s.addr)
		if err == nil {
			err = cl.send("GET", s.path, "", nil)
		}
		var status int
		if err == nil {
			status, _, err = cl.head()
		}
		if err != nil || status != http.StatusOK {
			return screens[:i], fmt.Errorf("bench: screen %d does not connect to %s: status %d: %w", i, s.name, status, err)
		}
		screens[i] = &screen{cl: cl}
	}
	return screens, nil
}

// read follows the stream until the connection is closed. It parses only the beginning of an event of rows.
func (sc *screen) read() {
	for whole := true; ; {
		row, err := sc.cl.in.ReadSlice('\n')
		begins := whole
		whole = !errors.Is(err, bufio.ErrBufferFull) // Of a long line only the beginning counts.
		if whole && err != nil {
			return
		}
		data, ok := bytes.CutPrefix(row, []byte(`data: {"seq":`))
		if !ok || !begins {
			continue
		}
		at := time.Now()
		seq, rest := number(data)
		after, ok := bytes.CutPrefix(rest, []byte(`,"prev":`))
		if !ok {
			continue // A heartbeat.
		}
		prev, _ := number(after)
		if n := len(sc.frames); n > 0 && sc.frames[n-1].seq != prev {
			sc.broken = true
		}
		sc.frames = append(sc.frames, frame{prev: prev, seq: seq, at: at})
		sc.last.Store(seq)
	}
}

func number(b []byte) (int64, []byte) {
	var n int64
	i := 0
	for ; i < len(b) && b[i] >= '0' && b[i] <= '9'; i++ {
		n = n*10 + int64(b[i]-'0')
	}
	return n, b[i:]
}

// count adds what this screen saw. A screen whose frames do not follow each other saw nothing after the break.
func (sc *screen) count(out *seen, moments []moment, sample bool) {
	f := 0
	for _, m := range moments {
		for f < len(sc.frames) && sc.frames[f].seq < m.seq {
			f++
		}
		if f == len(sc.frames) || sc.frames[f].prev >= m.seq || sc.broken {
			out.missed++
			continue
		}
		out.seen++
		if sample {
			out.took = append(out.took, sc.frames[f].at.Sub(m.due))
		}
	}
}
