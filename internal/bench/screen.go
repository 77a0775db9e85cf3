package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"time"
)

// Sizes and limits of the screen bench.
const (
	changesPerS = 5                    // Incidents posted a second, spaced evenly.
	promisedMs  = 100                  // A row that a screen has later than this is late.
	seenWithin  = 10 * time.Second     // A row that a screen has not by then is missed.
	stayFor     = 2 * time.Second      // How long an incident stays at least in the queue, which shows only so many.
	readyWithin = 5 * time.Minute      // For a demo and for a page, on the slowest machine.
	askWithin   = time.Minute          // For a browser to start, on the slowest machine.
	browsersMax = 3                    // Browsers that are tried for one screen.
	settleFor   = 5 * time.Second      // For the maps to be drawn for the first time.
	pollEvery   = 5 * time.Millisecond // How often a demo is asked whether it is there.
)

// Screens of the bench.
const (
	firstScreen  = "1" // Waits for the demo to start.
	secondScreen = "2" // Opened while it runs; on this one the changes are timed.
	cityScreen   = "3" // Looks at San Francisco.
)

// Screen measures what a person waits for in front of the built console: the first page of a demo, and a change that
// was made elsewhere. Real browsers look at a real demo through a proxy that adds one script to the page, which tells
// when rows were painted.
func Screen(ctx context.Context, o Options) (err error) {
	o = o.filled()
	sizes := figures{"changes": o.Sizes.Changes, "changes_per_s": changesPerS, "play_s": o.Seconds}
	browser := chromium()
	if browser == "" {
		return o.print("screen", sizes, figures{"skipped": "there is no Chromium on this machine; CHROMIUM can name one"})
	}
	dir, remove, err := o.temp()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, remove()) }()
	if dir, err = filepath.Abs(dir); err != nil { // Other programs have other folders of their own.
		return fmt.Errorf("bench: %w", err)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	g := newGlass(ctx)
	server, addr, err := listen(ctx, g.handler())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Close()) }()
	s := &stage{Options: o, browser: browser, dir: dir, glass: g, addr: addr, figures: figures{"promised_ms": promisedMs}}
	err = s.town(ctx)
	if err == nil && o.From != "" {
		err = s.city(ctx)
	}
	if err != nil {
		return err
	}
	return o.print("screen", sizes, s.figures)
}

// stage is where one run plays.
type stage struct {
	Options
	browser, dir, addr string
	glass              *glass
	figures            figures
}

// town measures the small town: its start, its first page, changes on two screens, its memory.
func (s *stage) town(ctx context.Context) (err error) {
	s.say("a browser waits, then the demo starts")
	first, err := s.open(ctx, firstScreen)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, first.end()) }()
	began := time.Now()
	demo, target, err := s.demo(ctx, "town")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, demo.end()) }()
	ready := time.Now()
	s.figures["demo_ready_ms"] = milliseconds(ready.Sub(began))
	seen, err := s.firstRow(ctx, firstScreen)
	if err != nil {
		return err
	}
	s.figures["first_page_ms"] = milliseconds(seen.at.Sub(began))

	second, err := s.open(ctx, secondScreen)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, second.end()) }()
	if seen, err = s.firstRow(ctx, secondScreen); err != nil {
		return err
	}
	s.figures["first_page_running_ms"] = milliseconds(seen.at.Sub(seen.began))
	if err := pause(ctx, min(settleFor, s.span())); err != nil {
		return err
	}
	if err := s.changes(ctx, target); err != nil {
		return err
	}
	if err := pause(ctx, s.span()-time.Since(ready)); err != nil {
		return err
	}
	s.figures["demo_rss_mb"], err = demo.peakMB()
	return err
}

// city measures how much memory San Francisco takes, with a screen that looks at it.
func (s *stage) city(ctx context.Context) (err error) {
	s.say("San Francisco plays for %g s", s.Seconds)
	began := time.Now()
	demo, _, err := s.demo(ctx, "sf", "--from", s.From)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, demo.end()) }()
	s.figures["sf_ready_ms"] = milliseconds(time.Since(began))
	w, err := s.open(ctx, cityScreen)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.end()) }()
	seen, err := s.firstRow(ctx, cityScreen)
	if err != nil {
		return err
	}
	s.figures["sf_first_page_running_ms"] = milliseconds(seen.at.Sub(seen.began))
	if err := pause(ctx, s.span()); err != nil {
		return err
	}
	s.figures["sf_rss_mb"], err = demo.peakMB()
	return err
}

// changes posts incidents and finds out when each was on the screens.
func (s *stage) changes(ctx context.Context, target string) error {
	s.say("%d incidents, %d a second, on two screens", s.Sizes.Changes, changesPerS)
	cl, err := dial(ctx, target)
	if err != nil {
		return err
	}
	var made []change
	gone := 0 // So many of them are out of the queue again.
	err = func() error {
		from := time.Now()
		for n := 0; len(made) < s.Sizes.Changes; n++ {
			if err := pause(ctx, time.Until(from.Add(time.Duration(n)*time.Second/changesPerS))); err != nil {
				return err
			}
			id, err := cl.urgent(n)
			if err != nil {
				return err
			}
			made = append(made, change{id: id, at: time.Now()})
			// The queue shows only so many rows; what was measured goes. A screen that is held up still gets its row.
			for ; gone < len(made) && s.measured(made[gone]); gone++ {
				if _, err := cl.ask("POST", "/api/v1/incidents/"+made[gone].id+"/invalid", made[gone].id+"-gone", []byte(`{"reason":"measured"}`)); err != nil {
					return err
				}
			}
		}
		return nil
	}()
	if err = errors.Join(err, cl.conn.Close()); err != nil {
		return err
	}
	// Whoever has not seen everything by then has missed it, which is a figure and no failure.
	_ = s.glass.await(ctx, seenWithin, "all rows", func() bool {
		return s.glass.count(firstScreen, made).missed+s.glass.count(secondScreen, made).missed == 0
	})
	second, first := s.glass.counted(secondScreen, made), s.glass.counted(firstScreen, made)
	s.figures["second_screen_seen"], s.figures["second_screen_missed"], s.figures["second_screen_late"] = len(second.took), second.missed, second.late
	s.figures["second_screen_p50_ms"], s.figures["second_screen_p95_ms"], s.figures["second_screen_max_ms"] = second.took.ms(0.50), second.took.ms(0.95), second.took.ms(1)
	s.figures["first_screen_missed"], s.figures["first_screen_p95_ms"] = first.missed, first.took.ms(0.95)
	return ctx.Err()
}

// measured tells that both screens have an incident, or that nobody waits for it any longer.
func (s *stage) measured(c change) bool {
	if stayed := time.Since(c.at); stayed < stayFor || stayed > seenWithin {
		return stayed > seenWithin
	}
	one := []change{c}
	return s.glass.counted(firstScreen, one).missed+s.glass.counted(secondScreen, one).missed == 0
}

// urgent posts an incident that stands at the top of the queue, and gives its id.
func (c *client) urgent(n int) (string, error) {
	body, err := c.ask("POST", "/api/v1/incidents", "screen-"+strconv.Itoa(n), fmt.Appendf(nil, `{"priority":"P1","narrative":"measured %d","place":{"address":"%d North Street"}}`, n, n))
	if err != nil {
		return "", err
	}
	var told struct{ ID string }
	if err := json.Unmarshal(body, &told); err != nil || told.ID == "" {
		return "", fmt.Errorf("bench: an incident was answered without its id: %.200s", body)
	}
	return told.ID, nil
}

// change is an incident that was posted, and when its 201 was here.
type change struct {
	id string
	at time.Time
}

// screened is how a screen saw changes.
type screened struct {
	took         spread
	late, missed int
}

// countRows compares changes with the moments at which their rows were painted. A row that was there before the 201
// took no time.
func countRows(made []change, painted map[string]time.Time) screened {
	var out screened
	for _, c := range made {
		at, seen := painted[c.id]
		took := max(0, at.Sub(c.at))
		switch {
		case !seen || took > seenWithin:
			out.missed++
			continue
		case took > promisedMs*time.Millisecond:
			out.late++
		}
		out.took = append(out.took, took)
	}
	return out
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// open starts a browser that looks through the glass, and waits until it asks for the page. A browser that does not
// get so far is none of ours, so another one is started; nothing is timed before that.
func (s *stage) open(ctx context.Context, screen string) (*program, error) {
	for n := 1; ; n++ {
		w, err := window(ctx, s.browser, filepath.Join(s.dir, fmt.Sprintf("profile-%s-%d", screen, n)), "http://"+s.addr+"/?tour=0&screen="+screen)
		if err != nil {
			return nil, err
		}
		if err = s.glass.await(ctx, askWithin, "the browser asks for the page", func() bool { return s.glass.asked[screen] }); err == nil {
			return w, nil
		}
		if err = errors.Join(err, w.end()); n == browsersMax || ctx.Err() != nil {
			return nil, fmt.Errorf("%w: %s", err, w.out)
		}
	}
}

// firstRow waits until a screen has painted rows.
func (s *stage) firstRow(ctx context.Context, screen string) (sight, error) {
	var x sight
	err := s.glass.await(ctx, readyWithin, "the first row on screen "+screen, func() bool {
		x = s.glass.first[screen]
		return !x.at.IsZero()
	})
	return x, err
}

// demo starts a fresh demo that stands almost still; the glass shows it from then on.
func (s *stage) demo(ctx context.Context, city string, args ...string) (*program, string, error) {
	args = append([]string{"--data", filepath.Join(s.dir, city), "--city", city, "--speed", "1", "--autopilot", "off"}, args...)
	demo, addr, err := startDemo(ctx, s.Program, args...)
	if err != nil {
		return nil, "", err
	}
	if err := s.glass.show(addr); err != nil {
		return nil, "", errors.Join(err, demo.end())
	}
	return demo, addr, nil
}
