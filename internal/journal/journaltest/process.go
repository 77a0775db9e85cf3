package journaltest

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
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
		if err := s.Append(ctx, e, after, Records(after, n), []journal.Answer{AnswerOf(int(after))}); err != nil {
			return err
		}
		after += cad.Seq(n)
		fmt.Println("stored", after)
	}
}

func start(t *testing.T, verb, spec string) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), childEnv+"="+verb+" "+spec)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, bufio.NewScanner(out)
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
	cmd, lines := start(t, "take", b.Spec)
	var said strings.Builder
	for lines.Scan() {
		fmt.Fprintln(&said, lines.Text())
	}
	err := cmd.Wait()
	var exit *exec.ExitError
	switch {
	case b.Takeover && err != nil:
		t.Fatalf("the second process: %v\n%s", err, said.String())
	case b.Takeover:
		if err := first.Append(t.Context(), e, 4, Records(4, 1), nil); !errors.Is(err, journal.ErrEpoch) {
			t.Fatalf("after another process took over, the first was heard: %v", err)
		}
	case !errors.As(err, &exit) || exit.ExitCode() != 3 || !strings.Contains(said.String(), fmt.Sprint(os.Getpid())):
		t.Fatalf("the second process: %v\n%s", err, said.String())
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
		cmd, lines := start(t, "write", b.Spec)
		for left := 1 + rand.IntN(60); left > 0 && lines.Scan(); {
			var word string
			var seq cad.Seq
			if _, err := fmt.Sscan(lines.Text(), &word, &seq); err != nil || word == "error" {
				t.Fatalf("the writer said %q", lines.Text())
			}
			if word == "end" && seq < acknowledged {
				t.Fatalf("round %d begins after %d, %d were acknowledged", round, seq, acknowledged)
			}
			if word == "stored" {
				acknowledged, left = seq, left-1
			}
		}
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		for lines.Scan() { // What it said before it died counts.
			var seq cad.Seq
			if _, err := fmt.Sscanf(lines.Text(), "stored %d", &seq); err == nil {
				acknowledged = max(acknowledged, seq)
			}
		}
		_ = cmd.Wait() // It was killed.
		s := b.open()
		n, err := CheckWhole(t.Context(), s)
		if err != nil || n < acknowledged {
			t.Fatalf("round %d: %d of %d acknowledged records: %v", round, n, acknowledged, err)
		}
		if err := checkAppends(t.Context(), s, n); err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		acknowledged = n
	}
	t.Logf("0 lost of %d acknowledged records in %d kills", acknowledged, kills)
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
