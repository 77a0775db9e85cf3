package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
)

// How a demo is measured.
const (
	demoSpeed  = 10.0 // World seconds in a second.
	demoSurge  = 10.0 // Calls for each call of an ordinary day.
	demoShare  = 0.5  // Of all cores: what is promised.
	clockTicks = 100  // A second, in the kernel's own account of a process (USER_HZ of every Linux that Go runs on).
)

// spoken is the address that a demo says last.
var spoken = regexp.MustCompile(`http://(127\.0\.0\.1:\d+)`)

// startDemo starts a demo on a free port and waits until it is in health.
func startDemo(ctx context.Context, path string, args ...string) (_ *program, addr string, err error) {
	demo, err := begin(ctx, path, append([]string{"demo", "--addr", "127.0.0.1:0"}, args...)...)
	if err != nil {
		return nil, "", err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, demo.end())
		}
	}()
	for end := time.Now().Add(readyWithin); ; {
		if m := spoken.FindStringSubmatch(demo.out.String()); m != nil && healthy(ctx, m[1]) {
			return demo, m[1], nil
		}
		if time.Now().After(end) {
			return nil, "", fmt.Errorf("bench: the demo is not ready after %v: %s", readyWithin, demo.out)
		}
		if err := pause(ctx, pollEvery); err != nil {
			return nil, "", err
		}
	}
}

func healthy(ctx context.Context, addr string) bool {
	cl, err := dial(ctx, addr)
	if err != nil {
		return false
	}
	defer cl.conn.Close() //nolint:errcheck // Nothing was written that could be lost.
	_, err = cl.ask("GET", "/api/v1/health", "", nil)
	return err == nil
}

// Demo measures how soon the demo's city is ready, with its world made before and without, and how much of the machine it
// takes while ten times as many people call as on an ordinary day and one screen looks on. The world has run with so
// many for as long again before that is measured.
func Demo(ctx context.Context, o Options) (err error) {
	o = o.filled()
	dir, remove, err := o.temp()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, remove()) }()
	f, args := figures{}, []string{"--worlds", dir + "/worlds", "--speed", strconv.FormatFloat(demoSpeed, 'g', -1, 64)}
	began := time.Now()
	o.say("a demo makes its city")
	first, _, err := startDemo(ctx, o.Program, append(args, "--data", dir+"/first")...)
	if err != nil {
		return err
	}
	f["made_ready_s"] = time.Since(began).Seconds()
	if err := first.end(); err != nil {
		return err
	}
	began = time.Now()
	demo, addr, err := startDemo(ctx, o.Program, append(args, "--data", dir+"/second")...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, demo.end()) }()
	f["kept_ready_s"] = time.Since(began).Seconds()
	if err := o.surge(ctx, demo, addr, f); err != nil {
		return err
	}
	return o.print("demo", figures{"speed": demoSpeed, "surge": demoSurge, "seconds": o.Seconds, "promised_cpu_share": demoShare}, f)
}

// surge lets ten times as many people call, and measures what that takes.
func (o Options) surge(ctx context.Context, demo *program, addr string, f figures) error {
	look, err := onlooker(ctx, addr)
	if err != nil {
		return err
	}
	defer look.stop()
	ask, err := dial(ctx, addr)
	if err != nil {
		return err
	}
	defer ask.conn.Close() //nolint:errcheck // Every answer was read.
	if _, err := ask.ask("POST", "/api/v1/demo/surge", "", fmt.Appendf(nil, `{"kind":"none","factor":%g}`, demoSurge)); err != nil {
		return err
	}
	o.say("ten times as many call, for %g s", 2*o.Seconds)
	if err := pause(ctx, o.span()); err != nil {
		return err
	}
	before, err := snapshot(demo, ask)
	if err != nil {
		return err
	}
	if err := pause(ctx, o.span()); err != nil {
		return err
	}
	after, err := snapshot(demo, ask)
	if err != nil {
		return err
	}
	took := after.at.Sub(before.at).Seconds()
	m, err := describe(o.Dir)
	if err != nil {
		return err
	}
	f["cpu_share"] = (after.cpuS - before.cpuS) / took / float64(m.Cores)
	f["incidents"], f["commands_per_s"] = after.number-before.number, (after.commands-before.commands)/took
	f["open"], f["units"], f["streamed_bytes_per_s"] = after.open, after.units, float64(look.bytes())/(2*took)
	f["peak_mb"], err = demo.peakMB()
	return err
}

// taken is how far a demo had come at a moment.
type taken struct {
	at             time.Time
	cpuS, commands float64
	number         int64 // Of the newest incident.
	open, units    int
}

func snapshot(demo *program, ask *client) (t taken, err error) {
	if t.cpuS, err = demo.cpuSeconds(); err != nil {
		return t, err
	}
	t.at = time.Now()
	var open struct {
		Items []struct {
			Number int64 `json:"number"`
		} `json:"items"`
	}
	var units struct {
		Items []struct{} `json:"items"`
	}
	for path, v := range map[string]any{"/api/v1/incidents?state=open&limit=500": &open, "/api/v1/units": &units} {
		b, err := ask.ask("GET", path, "", nil)
		if err == nil {
			err = json.Unmarshal(b, v)
		}
		if err != nil {
			return t, fmt.Errorf("bench: %s: %w", path, err)
		}
	}
	for _, i := range open.Items {
		t.number = max(t.number, i.Number)
	}
	t.open, t.units = len(open.Items), len(units.Items)
	text, err := ask.ask("GET", "/api/v1/metrics", "", nil)
	for row := range strings.Lines(string(text)) {
		if strings.HasPrefix(row, "shuniu_commands_total{") {
			t.commands, err = strconv.ParseFloat(strings.TrimSpace(row[strings.LastIndex(row, " "):]), 64)
		}
	}
	return t, err
}

// cpuSeconds is how long the program has been on the cores, its own account and the kernel's for it.
func (p *program) cpuSeconds() (float64, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.cmd.Process.Pid))
	if err != nil {
		return 0, fmt.Errorf("bench: %w", err)
	}
	// Its name, in parentheses, may hold anything; utime and stime are the 12th and 13th after it.
	rest := strings.Fields(string(b[strings.LastIndexByte(string(b), ')')+1:]))
	if len(rest) < 13 {
		return 0, errors.New("bench: the kernel does not say how long a program ran")
	}
	user, err := strconv.ParseFloat(rest[11], 64)
	if err != nil {
		return 0, fmt.Errorf("bench: %w", err)
	}
	system, err := strconv.ParseFloat(rest[12], 64)
	return (user + system) / clockTicks, err
}

// looking is one screen's stream, read and thrown away.
type looking struct {
	cl   *client
	read sync.WaitGroup
	mu   sync.Mutex
	n    int64
}

func onlooker(ctx context.Context, addr string) (*looking, error) {
	cl, err := dial(ctx, addr)
	if err != nil {
		return nil, err
	}
	if err := cl.send("GET", "/api/v1/stream", "", nil); err != nil {
		return nil, errors.Join(fmt.Errorf("bench: %w", err), cl.conn.Close())
	}
	l := &looking{cl: cl}
	l.read.Go(func() {
		// It ends when the connection is closed.
		_, _ = io.Copy(l, cl.in)
	})
	return l, nil
}

// Write counts what was streamed.
func (l *looking) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.n += int64(len(b))
	return len(b), nil
}

func (l *looking) bytes() int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.n
}

func (l *looking) stop() {
	_ = l.cl.conn.Close() // It only read.
	l.read.Wait()
}
