package faults

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/desk"
	"shuniu/internal/fault"
	"shuniu/internal/joint"
	"shuniu/internal/unit"
)

// TestSyncFails lets the journal's sync fail: the writer must say not_stored, must not try the same sync again,
// and must be back by itself.
func TestSyncFails(t *testing.T) {
	strace, err := exec.LookPath("strace")
	if err != nil {
		skip(t, "no strace: %v", err)
	}
	if out, err := exec.CommandContext(t.Context(), strace, "-f", "-e", "inject=fdatasync:error=EIO:when=1", "-e", "trace=fdatasync", "true").CombinedOutput(); err != nil {
		skip(t, "strace may not trace here: %v: %s", err, out)
	}
	faults, doubtful, acked, unasked, refused := 0, 0, 0, 0, 0
	for at := 6; at < 6+times(3, 30); at++ {
		o := orders{Dir: t.TempDir(), Life: 1, Callers: 16, Reserve: -1}
		replaysToItself(t, o) // Makes the files: a start on none is a thing of its own.
		l, trace := newLedger(), filepath.Join(t.TempDir(), "trace")
		c := start(t, o, strace, "-f", "-qq", "--seccomp-bpf", "-o", trace, "-e", "trace=fdatasync,fsync,pwrite64,close", "-s", "0",
			"-e", fmt.Sprintf("inject=fdatasync:error=EIO:when=%d", at), self(t))
		// It works on until the failure was heard and enough was acknowledged after it.
		after, heard := 0, false
		saw := c.run(t, l, 0, func() {}, func(x line) bool {
			heard = heard || x.Say == "no"
			if x.Say == "ack" && heard {
				after++
			}
			return after >= 100
		})
		if saw.broken != "" { // The failure met the start: nothing was acknowledged, and the next start must do.
			t.Logf("the sync failed while it started: %s", saw.broken)
		} else if after < 100 {
			t.Fatalf("at sync %d: %d acknowledged after the failure (heard: %v), %v", at, after, heard, l.codes)
		}
		for code := range l.codes {
			if code != "not_stored" && code != "reloading" {
				t.Errorf("at sync %d: a caller was told %q: %v", at, code, l.codes)
			}
			refused += l.codes[code]
		}
		failed, inDoubt := neverRetried(t, trace)
		faults, doubtful = faults+failed, doubtful+inDoubt
		v, err := l.judge(t.Context(), o.Dir)
		if err != nil {
			t.Fatal(err)
		}
		v.report(t, l)
		acked, unasked = acked+v.Acked, unasked+v.Unasked
		replaysToItself(t, o)
	}
	if doubtful == 0 || refused == 0 {
		t.Errorf("%d syncs failed, %d of them with bytes waiting, and %d commands were refused: nothing was tried", faults, doubtful, refused)
	}
	t.Logf("failing sync: 0 lost, 0 doubled, 0 half, 0 changed of %d acknowledged in %d faults (%d with bytes waiting); %d times not_stored, %d stored all the same and whole; no sync was tried again",
		acked, faults, doubtful, refused, unasked)
}

// neverRetried reads what the writer did with a file after its sync had failed, and counts the failures and those that
// left written bytes in doubt. What was
// written before a failed sync may be gone from memory without having reached the disk, and the kernel calls the next
// sync of it a success: so no sync may follow on that descriptor before the same bytes were written again.
func neverRetried(t *testing.T, trace string) (faults, doubtful int) {
	t.Helper()
	text, err := os.ReadFile(trace)
	if err != nil {
		t.Fatal(err)
	}
	retried, faults, doubtful := retries(string(text))
	for _, row := range retried {
		t.Errorf("synced again after its sync had failed, with nothing written anew: %s", row)
	}
	return faults, doubtful
}

// descriptor is one open file: what was written since its last good sync, and what a failed one left in doubt.
type descriptor struct{ dirty, doubt map[string]bool }

// retries finds the syncs in a trace that must not be, and counts the failed ones and those among them that mattered.
func retries(trace string) (wrong []string, faults, doubtful int) {
	begun := map[string]string{} // By thread: a call that another thread's lines interrupted.
	files := map[string]*descriptor{}
	callOf := regexp.MustCompile(`^(fdatasync|fsync|close|pwrite64)\((\d+)(?:, .*, (\d+), (\d+))?\)`)
	for _, row := range strings.Split(trace, "\n") {
		thread, call, _ := strings.Cut(row, " ")
		call = strings.TrimSpace(call)
		if first, ok := strings.CutSuffix(call, " <unfinished ...>"); ok {
			begun[thread] = first
			continue
		}
		if _, rest, ok := strings.Cut(call, " resumed>"); ok && strings.HasPrefix(call, "<...") {
			call = begun[thread] + rest
		}
		m := callOf.FindStringSubmatch(call)
		if m == nil {
			continue
		}
		f := files[m[2]]
		if f == nil {
			f = &descriptor{dirty: map[string]bool{}, doubt: map[string]bool{}}
			files[m[2]] = f
		}
		switch m[1] {
		case "close":
			delete(files, m[2])
		case "pwrite64":
			f.dirty[m[3]+" bytes at "+m[4]] = true
			delete(f.doubt, m[3]+" bytes at "+m[4])
		default:
			if len(f.doubt) > 0 {
				wrong = append(wrong, row)
			}
			if strings.Contains(call, "(INJECTED)") {
				faults++
				doubtful += min(1, len(f.dirty))
				maps.Copy(f.doubt, f.dirty)
			}
			f.dirty = map[string]bool{}
		}
	}
	return wrong, faults, doubtful
}

// The rule must find what it is there to find.
func TestRetriesAreFound(t *testing.T) {
	const write, fails = "1 pwrite64(7, \"\"..., 4096, 0) = 4096\n", "1 fdatasync(7) = -1 EIO (Input/output error) (INJECTED)\n"
	for _, tt := range []struct {
		name, trace   string
		wrong, faults int
	}{
		{"tried again", write + fails + "1 fdatasync(7) = 0\n", 1, 1},
		{"tried again by another thread", write + fails + "2 fdatasync(7 <unfinished ...>\n1 close(9) = 0\n2 <... fdatasync resumed>) = 0\n", 1, 1},
		{"other bytes were written", write + fails + "1 pwrite64(7, \"\"..., 4096, 8192) = 4096\n1 fdatasync(7) = 0\n", 1, 1},
		{"closed first", write + fails + "1 close(7) = 0\n1 fdatasync(7) = 0\n", 0, 1},
		{"written again", write + fails + write + "1 fdatasync(7) = 0\n", 0, 1},
		{"nothing was waiting", write + "1 fdatasync(7) = 0\n" + fails + "1 fdatasync(7) = 0\n", 0, 1},
		{"fails while interrupted", write + "1 fdatasync(7 <unfinished ...>\n1 <... fdatasync resumed>) = -1 EIO (Input/output error) (INJECTED)\n1 fsync(7) = 0\n", 1, 1},
	} {
		if wrong, faults, _ := retries(tt.trace); len(wrong) != tt.wrong || faults != tt.faults {
			t.Errorf("%s: %v, %d faults", tt.name, wrong, faults)
		}
	}
}

// TestDiskFull fills the disk: everything but calls and duress is refused, those are stored on the reserve, and when
// there is room again the writer takes everything by itself.
func TestDiskFull(t *testing.T) {
	if os.Geteuid() != 0 {
		skip(t, "only root may mount a small disk")
	}
	dir := mount(t, "-t", "tmpfs", "-o", "size=8m", "tmpfs")
	ballast := filepath.Join(dir, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 3<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	o := orders{Dir: filepath.Join(dir, "data"), Life: 1, Reserve: 2 << 20, Log: 1 << 20}
	w, err := openWriter(t.Context(), o, func(string) {})
	if err != nil {
		t.Fatal(err)
	}
	l := newLedger()
	first := try{Key: "first", ID: "i-first", Call: "c-first", Text: "before"}
	if err := give(t.Context(), w, l, first); err != nil {
		t.Fatal(err)
	}
	note := func(n int) try {
		return try{Key: fmt.Sprint("note ", n), ID: first.ID, Text: strings.Repeat("long words ", 5000)}
	}
	n := 0
	for ; err == nil && n < 1000; n++ {
		err = give(t.Context(), w, l, note(n))
	}
	if code(err) != "not_stored" && code(err) != "disk_full" {
		t.Fatalf("after %d notes: %v", n, err)
	}
	held := emergencies(t, w, l)
	if err := give(t.Context(), w, l, try{Key: "late", ID: first.ID, Text: "x"}); code(err) != "disk_full" {
		t.Errorf("a note on a full disk: %v", err)
	}
	if err := w.desk.Health(); code(err) != "disk_full" {
		t.Errorf("on a full disk the service says of itself: %v", err)
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	back := comesBack(t, w, l, note(n))
	if err := w.desk.Health(); err != nil {
		t.Errorf("with room again the service says: %v", err)
	}
	if !w.store.ReserveHeld() {
		t.Error("the reserve was not laid aside again")
	}
	if err := w.close(); err != nil {
		t.Error(err)
	}
	v, err := l.judge(t.Context(), o.Dir)
	if err != nil {
		t.Fatal(err)
	}
	v.report(t, l)
	t.Logf("disk full: 0 lost, 0 doubled, 0 half, 0 changed of %d acknowledged in 1 fault; %d calls and a duress on the reserve; all taken again %.1f s after there was room",
		v.Acked, held, back.Seconds())
}

// emergencies brings calls and a duress to a writer whose disk is full.
func emergencies(t *testing.T, w *writer, l *ledger) int {
	t.Helper()
	const calls = 20
	for i := range calls {
		x := try{Key: fmt.Sprint("call ", i), ID: cadIncident(i), Call: cadCall(i), Text: fmt.Sprint("help ", i)}
		if err := give(t.Context(), w, l, x); err != nil {
			t.Fatalf("call %d on a full disk: %v", i, err)
		}
	}
	_, err := w.desk.Do(t.Context(), desk.Wish{Actor: dispatcher, Command: joint.AboutUnit{ID: "101", Name: "duress", Cmd: unit.RaiseDuress{ID: "101"}}})
	if err != nil {
		t.Fatalf("duress on a full disk: %v", err)
	}
	return calls
}

// comesBack asks until an ordinary command is taken, and says how long that took. The writer looks for room on the
// machine's own clock, so this one has to wait for it.
func comesBack(t *testing.T, w *writer, l *ledger, x try) time.Duration {
	t.Helper()
	from := time.Now()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for ctx, stop := context.WithTimeout(t.Context(), 30*time.Second); ; {
		err := give(ctx, w, l, x)
		if err == nil {
			stop()
			return time.Since(from)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			stop()
			t.Fatalf("it does not come back: %v", err)
		}
	}
}

func give(ctx context.Context, w *writer, l *ledger, x try) error {
	l.write(line{Say: "try", Try: &x})
	wish, err := x.wish(w.desk)
	if err != nil {
		return err
	}
	reply, err := w.desk.Do(ctx, wish)
	if err == nil {
		l.write(line{Say: "ack", Key: x.Key, Ack: &ack{ID: reply.ID, Number: reply.Number, Seq: reply.Seq}})
	}
	return err
}

func code(err error) string {
	var f *fault.Error
	if !errors.As(err, &f) {
		return ""
	}
	return f.Code
}

func cadIncident(i int) cad.IncidentID { return cad.IncidentID(fmt.Sprint("i", i)) }

func cadCall(i int) cad.CallID { return cad.CallID(fmt.Sprint("c", i)) }
