package journaltest

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"shuniu/internal/cad"
	"shuniu/internal/journal"
)

// childEnv makes the test binary a second process on the same journal.
const childEnv = "SHUNIU_JOURNALTEST_CHILD"

// Main is the TestMain of a store that other processes can open. open gets what Medium.Spec said.
func Main(m *testing.M, open func(spec string) (journal.Store, error)) int {
	job := os.Getenv(childEnv)
	if job == "" {
		return m.Run()
	}
	verb, spec, _ := strings.Cut(job, " ")
	if err := child(verb, spec, open); err != nil {
		fmt.Println("error", strings.ReplaceAll(err.Error(), "\n", " | "))
		if errors.Is(err, journal.ErrLocked) {
			return 3
		}
		return 1
	}
	return 0
}

func child(verb, spec string, open func(string) (journal.Store, error)) error {
	ctx := context.Background()
	s, err := open(spec)
	if err != nil {
		return err
	}
	e, head, err := s.Begin(ctx)
	if err != nil {
		return err
	}
	fmt.Println("end", head.Seq)
	if verb == "take" {
		return s.Close()
	}
	for after := head.Seq; ; {
		n := 1 + rand.IntN(40)
		err := s.Append(ctx, e, after, Records(after, n), []journal.Answer{AnswerOf(int(after))})
		if err == nil {
			after += cad.Seq(n)
			fmt.Println("stored", after)
			continue
		}
		if verb != "again" {
			return err
		}
		// As the desk does: ask the medium what it holds, and go on from there.
		if e, head, err = s.Begin(ctx); err != nil {
			return err
		}
		after = head.Seq
		fmt.Println("again", after)
	}
}

// Process is a second process that works on a journal: the test binary itself, started again.
type Process struct {
	Began        cad.Seq // Where it found the end.
	Acknowledged cad.Seq // The last record that its store said was durable.
	Again        int     // How often an append failed and it began again.
	Said         string  // Its last words, if it ended by an error.

	cmd   *exec.Cmd
	lines *bufio.Scanner
}

// StartWriter starts a process that appends to the journal until it is killed or an append fails. If again is set, it
// begins anew after a failure. under is a program and its arguments that run it, as strace does; it may be empty.
func StartWriter(t *testing.T, spec string, again bool, under ...string) *Process {
	t.Helper()
	verb := "write"
	if again {
		verb = "again"
	}
	return start(t, verb, spec, under...)
}

func start(t *testing.T, verb, spec string, under ...string) *Process {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	args := append(under, self)
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Env = append(os.Environ(), childEnv+"="+verb+" "+spec)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return &Process{cmd: cmd, lines: bufio.NewScanner(out)}
}

// Follow reads what the process says until it acknowledged n more appends, and reports false if it ended before.
func (p *Process) Follow(n int) bool {
	for n > 0 && p.lines.Scan() {
		word, rest, _ := strings.Cut(p.lines.Text(), " ")
		seq, _ := strconv.ParseInt(rest, 10, 64)
		switch word {
		case "end":
			p.Began = cad.Seq(seq)
		case "stored":
			p.Acknowledged = cad.Seq(seq)
			n--
		case "again":
			p.Again++
			if cad.Seq(seq) < p.Acknowledged {
				p.Said = fmt.Sprintf("began again after %d, %d were acknowledged", seq, p.Acknowledged)
			}
		case "error":
			p.Said = rest
		}
	}
	return n == 0
}

// Kill ends the process with kill -9, and all that it started, and hears what it said before. It returns the process's own end.
func (p *Process) Kill() error {
	// It may have ended by itself; then nobody is left to kill.
	_ = syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL)
	p.Follow(1 << 30)
	return p.cmd.Wait()
}

// Wait hears the process to its own end.
func (p *Process) Wait() error {
	p.Follow(1 << 30)
	return p.cmd.Wait()
}

func testSecond(t *testing.T, b *bench) {
	first := b.open()
	e, _ := b.begin(first)
	b.append(first, e, 0, 3)
	if b.Takeover {
		second := b.open()
		e2, head := b.begin(second)
		if head.Seq != 3 {
			t.Fatalf("the second begins after %d", head.Seq)
		}
		if err := first.Append(t.Context(), e, 3, Records(3, 1), nil); !errors.Is(err, journal.ErrEpoch) {
			t.Fatalf("the first writer was heard: %v", err)
		}
		if _, _, err := first.Renew(t.Context()); !errors.Is(err, journal.ErrEpoch) {
			t.Fatalf("the first writer took the journal back: %v", err)
		}
		b.append(second, e2, 3, 1)
		b.head(first, 4)
		e, _ = b.begin(first)
	} else if _, err := b.Open(); !errors.Is(err, journal.ErrLocked) || !strings.Contains(err.Error(), fmt.Sprint(os.Getpid())) {
		t.Fatalf("the second opener met %v", err)
	}
	if b.Spec == "" {
		t.Log("no other process can open this medium")
		return
	}
	p := start(t, "take", b.Spec)
	err := p.Wait()
	var exit *exec.ExitError
	switch {
	case b.Takeover && err != nil:
		t.Fatalf("the second process: %v\n%s", err, p.Said)
	case b.Takeover:
		if err := first.Append(t.Context(), e, 4, Records(4, 1), nil); !errors.Is(err, journal.ErrEpoch) {
			t.Fatalf("after another process took over, the first was heard: %v", err)
		}
	case !errors.As(err, &exit) || exit.ExitCode() != 3 || !strings.Contains(p.Said, fmt.Sprint(os.Getpid())):
		t.Fatalf("the second process: %v\n%s", err, p.Said)
	default:
		b.append(first, e, 3, 1)
	}
}

func testKill(t *testing.T, b *bench) {
	if b.Spec == "" {
		t.Skip("no other process can open this medium")
	}
	kills := 20
	if testing.Short() {
		kills = 5
	}
	acknowledged := cad.Seq(0)
	for round := range kills {
		w := StartWriter(t, b.Spec, false)
		if !w.Follow(1 + rand.IntN(60)) {
			t.Fatalf("the writer said %q", w.Said)
		}
		if w.Began < acknowledged {
			t.Fatalf("round %d begins after %d, %d were acknowledged", round, w.Began, acknowledged)
		}
		_ = w.Kill() // It was killed, and says so.
		s := b.open()
		if err := CheckAcknowledged(t.Context(), s, w.Acknowledged); err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		acknowledged = w.Acknowledged
	}
	t.Logf("0 lost of %d acknowledged records in %d kills", acknowledged, kills)
}

// CheckAcknowledged checks that a store holds whole appends of the suite's records, all that were acknowledged, with
// their answers and their index.
func CheckAcknowledged(ctx context.Context, s journal.Store, acknowledged cad.Seq) error {
	n, err := CheckWhole(ctx, s)
	if err != nil {
		return err
	}
	if n < acknowledged {
		return fmt.Errorf("%d records are there, %d were acknowledged", n, acknowledged)
	}
	return checkAppends(ctx, s, n)
}

// checkAppends checks that each append's answer and index stand beside its records.
func checkAppends(ctx context.Context, s journal.Store, end cad.Seq) error {
	for r, err := range s.Read(ctx, max(end-50, 0)) {
		if err != nil {
			return err
		}
		a := AnswerOf(int(r.Commit - 1))
		if _, ok, err := s.Answer(ctx, a.Actor, a.Key); !ok || err != nil {
			return fmt.Errorf("record %d is there without its answer: %w", r.Seq, err)
		}
		found := false
		for o, err := range s.BySubject(ctx, r.Subjects[0]) {
			if err != nil {
				return err
			}
			found = found || o.Seq == r.Seq
		}
		if !found {
			return fmt.Errorf("record %d is not found by its subject", r.Seq)
		}
	}
	return nil
}
