package faults

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/desk"
	"shuniu/internal/joint/jointtest"
	"shuniu/internal/journal"
	"shuniu/internal/policy"
)

var (
	full = flag.Bool("full", false, "run the whole fault campaign, for about a quarter of an hour") //nolint:gochecknoglobals // A flag.
	seed = flag.Uint64("seed", 0, "seed of the campaign; 0 picks a new one")                        //nolint:gochecknoglobals // A flag.
)

// times is how many faults a run has.
func times(smoke, whole int) int {
	if *full {
		return whole
	}
	return smoke
}

// chance is the campaign's only source of chance; its seed is printed.
func chance(t *testing.T) *rand.Rand {
	s := *seed
	if s == 0 {
		s = uint64(time.Now().UnixNano())
	}
	t.Logf("seed %d", s)
	return rand.New(rand.NewPCG(s, 0))
}

// child is a writer in a process of its own.
type child struct {
	cmd   *exec.Cmd
	stdin io.Closer
	lines *bufio.Scanner
	pid   int // The writer's own, also when another program runs it.
}

// childWithin ends a child that says nothing any more: nothing in this campaign may hang.
const childWithin = 60 * time.Second

// start runs a program as a child; command is the test binary, or a program that runs it.
func start(t *testing.T, o orders, command ...string) *child {
	t.Helper()
	text, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), childWithin)
	t.Cleanup(cancel)
	c := &child{cmd: exec.CommandContext(ctx, command[0], command[1:]...)}
	c.cmd.Env = append(os.Environ(), childVariable+"="+string(text))
	c.cmd.Stderr = os.Stderr
	out, err := c.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if c.stdin, err = c.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	if err := c.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	c.lines = bufio.NewScanner(out)
	c.lines.Buffer(make([]byte, 1<<16), 1<<20)
	return c
}

// next is the child's next whole line. A line that the kill cut off was never said.
func (c *child) next(t *testing.T) (line, bool) {
	t.Helper()
	if !c.lines.Scan() {
		return line{}, false
	}
	var x line
	if err := json.Unmarshal(c.lines.Bytes(), &x); err != nil {
		return line{}, false
	}
	if x.Say == "pid" {
		c.pid = x.Pid
	}
	return x, true
}

// kill is kill -9, at once. It returns when the process is gone; what it had said is still in the pipe.
func (c *child) kill(t *testing.T) {
	t.Helper()
	if err := syscall.Kill(c.pid, syscall.SIGKILL); err != nil && !errors.Is(err, syscall.ESRCH) {
		t.Fatal(err)
	}
}

// wait takes the process away after its last line.
func (c *child) wait() {
	_ = c.stdin.Close()
	_ = c.cmd.Wait() // It was killed: how it ended is known.
}

// life is what one child did.
type life struct {
	openMS int64  // How long the start took; 0 if it did not get so far.
	acks   int    // Acknowledged in this life.
	broken string // Why it could not start.
}

// run lets a child work until it has said so many lines, does something to it, and hears it to its end. fault is
// called once, with the child still running; it or until must lead to the child's end.
func (c *child) run(t *testing.T, l *ledger, lines int, fault func(), until func(line) bool) life {
	t.Helper()
	var out life
	struck := false
	for n := 0; ; n++ {
		x, ok := c.next(t)
		if !ok {
			break
		}
		l.write(x)
		switch x.Say {
		case "open":
			out.openMS = max(1, x.MS)
		case "ack":
			out.acks++
		case "broken":
			out.broken = x.Text
		}
		if n >= lines && !struck {
			struck = true
			fault()
		}
		if struck && until != nil && until(x) {
			until = nil
			c.kill(t)
		}
	}
	c.wait()
	return out
}

func self(t *testing.T) string {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return exe
}

// livesOnFiles is how many writers follow each other on the same files before new ones are begun.
const livesOnFiles = 25

// TestKill is kill -9 at any moment: while it starts, decides, appends, answers or recovers from the last one.
func TestKill(t *testing.T) {
	dice := chance(t)
	faults, acked, unasked := times(8, 200), 0, 0
	var slowest int64
	for done := 0; done < faults; {
		o := orders{Dir: t.TempDir(), Callers: 16, Reserve: -1, Snapshot: 1500}
		l := newLedger()
		for o.Life = 1; o.Life <= livesOnFiles && done < faults; o.Life++ {
			c := start(t, o, self(t))
			saw := c.run(t, l, dice.IntN(1200), func() { c.kill(t) }, nil)
			if saw.broken != "" {
				t.Fatalf("life %d could not start: %s", o.Life, saw.broken)
			}
			slowest = max(slowest, saw.openMS)
			done++
			v, err := l.judge(t.Context(), o.Dir)
			if err != nil {
				t.Fatalf("after life %d the journal cannot be read: %v", o.Life, err)
			}
			if v.report(t, l); t.Failed() {
				t.FailNow()
			}
			o.Again = l.open()
			unasked += v.Unasked
		}
		acked += len(l.acked)
		replaysToItself(t, o)
	}
	if acked < 20*faults {
		t.Errorf("only %d commands were acknowledged in %d lives: too few to prove anything", acked, faults)
	}
	t.Logf("kill -9: 0 lost, 0 doubled, 0 half, 0 changed of %d acknowledged in %d faults; %d stored without an answer, all whole; slowest start %d ms",
		acked, faults, unasked, slowest)
}

// replaysToItself is promise P5 after everything that happened to these files: the state from the newest snapshot
// and that from the first record are the same bytes.
func replaysToItself(t *testing.T, o orders) {
	t.Helper()
	w, err := openWriter(t.Context(), o, func(string) {})
	if err != nil {
		t.Fatal(err)
	}
	withSnapshot, seq, err := w.desk.Hash(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	bareDesk, err := desk.Open(t.Context(), desk.Config{Centre: jointtest.Centre, World: cad.Live, Store: bare{w.store}, Keys: w.keys, Policy: policy.Roles{}})
	if err != nil {
		t.Fatal(err)
	}
	fromFirst, at, err := bareDesk.Hash(t.Context())
	if err != nil || fromFirst != withSnapshot || at != seq {
		t.Errorf("from the snapshot the state at %d has another hash than from the first record at %d (%v)", seq, at, err)
	}
	if err := errors.Join(bareDesk.Close(t.Context()), w.close()); err != nil {
		t.Error(err)
	}
}

// bare is a store whose snapshots were lost.
type bare struct{ journal.Store }

// LatestSnapshot finds none.
func (bare) LatestSnapshot(context.Context) (journal.Snapshot, bool, error) {
	return journal.Snapshot{}, false, nil
}

// SaveSnapshot keeps none.
func (bare) SaveSnapshot(context.Context, journal.Snapshot) error { return nil }

// skip says why a fault cannot be tried here. It is counted apart from what passed.
func skip(t *testing.T, format string, args ...any) {
	t.Helper()
	t.Skipf("skipped: "+format, args...)
}

// mount mounts something on a new folder and takes it away again at the end.
func mount(t *testing.T, args ...string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "disk")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.CommandContext(t.Context(), "mount", append(args, dir)...).CombinedOutput(); err != nil {
		skip(t, "this machine mounts nothing for us: %v: %s", err, out)
	}
	t.Cleanup(func() { _ = unmount(dir) }) // A test that ended well has done so already.
	return dir
}

func unmount(dir string) error {
	if out, err := exec.Command("umount", dir).CombinedOutput(); err != nil {
		return fmt.Errorf("umount %s: %w: %s", dir, err, out)
	}
	return nil
}
