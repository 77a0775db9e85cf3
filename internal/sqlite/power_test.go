package sqlite

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"shuniu/internal/cad"
	"shuniu/internal/journal"
	"shuniu/internal/journal/journaltest"
)

// faults skips a test that mounts or injects, unless it was asked for: it needs root and an ordinary machine.
func faults(t *testing.T, programs ...string) {
	t.Helper()
	if os.Getenv("SHUNIU_FAULTS") == "" {
		t.Skip("set SHUNIU_FAULTS=1, as root, to mount file systems and inject faults")
	}
	for _, p := range programs {
		if _, err := exec.LookPath(p); err != nil {
			t.Fatal(err)
		}
	}
}

func run(t *testing.T, name string, args ...string) {
	t.Helper()
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
}

// TestPowerLoss takes the power from a file system under a writer: what was not synced is gone. kill -9 cannot
// show that, because the page cache outlives the process.
func TestPowerLoss(t *testing.T) {
	faults(t, "mkfs.ext4", "mount", "umount")
	const rounds = 20
	dir := t.TempDir()
	image, mnt := filepath.Join(dir, "image"), filepath.Join(dir, "mnt")
	if err := errors.Join(os.WriteFile(image, nil, 0o600), os.Truncate(image, 256<<20), os.Mkdir(mnt, 0o700)); err != nil {
		t.Fatal(err)
	}
	run(t, "mkfs.ext4", "-q", image)
	path := filepath.Join(mnt, "yunze.db")
	acknowledged, lost := cad.Seq(0), 0
	for round := range rounds {
		run(t, "mount", "-o", "loop", image, mnt)
		w := journaltest.StartWriter(t, path, false)
		ok := w.Follow(1 + rand.IntN(200))
		shutdown(t, mnt)
		_ = w.Kill() // It was killed, or it ended by the error that it met.
		run(t, "umount", mnt)
		if !ok {
			t.Fatalf("round %d: the writer said %q", round, w.Said)
		}
		run(t, "mount", "-o", "loop", image, mnt)
		s, err := Open(t.Context(), path, small())
		if err != nil {
			run(t, "umount", mnt)
			t.Fatalf("round %d: %v", round, err)
		}
		err = errors.Join(journaltest.CheckAcknowledged(t.Context(), s, w.Acknowledged), s.Check(t.Context()), s.Close())
		run(t, "umount", mnt)
		if err != nil {
			lost++
			t.Errorf("round %d: %v", round, err)
		}
		acknowledged = w.Acknowledged
	}
	t.Logf("%d rounds lost something, of %d acknowledged records in %d losses of power", lost, acknowledged, rounds)
}

// shutdown stops a file system at once; what its journal has not on the disk is dropped.
func shutdown(t *testing.T, mnt string) {
	t.Helper()
	const (
		extShutdown = 0x8004587d // _IOR('X', 125, __u32)
		noLogFlush  = 2
	)
	d, err := os.Open(mnt)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = d.Close() }()
	flags := uint32(noLogFlush)
	if _, _, errno := unix.Syscall(unix.SYS_IOCTL, d.Fd(), extShutdown, uintptr(unsafe.Pointer(&flags))); errno != 0 {
		t.Fatal(errno)
	}
}

// TestSyncError makes the n-th sync of each thread fail, for many n: the append is not acknowledged, Begin finds a true end, and
// the writer goes on by itself.
func TestSyncError(t *testing.T) {
	faults(t, "strace")
	began := 0
	for n := 1; n <= 40; n++ {
		path := filepath.Join(t.TempDir(), "yunze.db")
		s, err := Open(t.Context(), path, small())
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		w := journaltest.StartWriter(t, path, true, "strace", "-f", "-qq", "-o", os.DevNull,
			"-e", "trace=fdatasync", "-e", fmt.Sprintf("inject=fdatasync:error=EIO:when=%d", n))
		w.Follow(60)
		_ = w.Kill() // Whatever its end was, its journal is judged.
		began += w.Again
		if s, err = Open(t.Context(), path, small()); err != nil {
			t.Fatalf("sync %d: %v", n, err)
		}
		if err := errors.Join(journaltest.CheckAcknowledged(t.Context(), s, w.Acknowledged), s.Check(t.Context()), s.Close()); err != nil {
			t.Errorf("sync %d: %v", n, err)
		}
	}
	if began == 0 {
		t.Error("no append ever failed: nothing was injected")
	}
	t.Logf("%d appends failed and went on after Begin", began)
}

// TestDiskReallyFull fills a small file system. Nothing of the append that met the end is stored, and the reserve
// gives room for calls.
func TestDiskReallyFull(t *testing.T) {
	faults(t, "mount", "umount")
	mnt := t.TempDir()
	run(t, "mount", "-t", "tmpfs", "-o", "size=12m", "none", mnt)
	defer run(t, "umount", mnt)
	s, err := Open(t.Context(), filepath.Join(mnt, "yunze.db"), Options{Centre: journaltest.Centre, ReserveBytes: 2 << 20, WALBytes: 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	e, _, err := s.Begin(t.Context())
	if err != nil || !s.ReserveHeld() {
		t.Fatalf("%v, the reserve is held: %v", err, s.ReserveHeld())
	}
	after := cad.Seq(0)
	for err == nil {
		if err = s.Append(t.Context(), e, after, journaltest.Records(after, 30), []journal.Answer{journaltest.AnswerOf(int(after))}); err == nil {
			after += 30
		}
	}
	if !errors.Is(err, journal.ErrFull) {
		t.Fatalf("the full disk was called %v", err)
	}
	if err := journaltest.CheckAcknowledged(t.Context(), s, after); err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	if ok, err := s.ReleaseReserve(); !ok || err != nil {
		t.Fatalf("the reserve: %v %v", ok, err)
	}
	e, head, err := s.Begin(t.Context())
	if err != nil || head.Seq != after {
		t.Fatalf("the end is %d, %d were acknowledged: %v", head.Seq, after, err)
	}
	calls := 0
	for ; err == nil; calls++ {
		err = s.Append(t.Context(), e, after, journaltest.Records(after, 1), nil)
		after++
	}
	if calls < 200 {
		t.Errorf("the reserve took only %d calls: %v", calls, err)
	}
	t.Logf("%d records, then %d more from the reserve, the first after %s", head.Seq, calls, time.Since(start))
}

// A main file that can no longer be written is noticed when the log is moved there, not passed over: what was
// acknowledged stands, nothing more is taken before Begin, and Begin brings everything back.
func TestMovingTheLogFails(t *testing.T) {
	path := filepath.Join(t.TempDir(), "yunze.db")
	s, _, _, _ := written(t, path, 100)
	mend := onlyReadable(t, path)
	s.write.Lock()
	s.moved -= checkpointPages // As if the log had grown.
	s.write.Unlock()
	if err := s.Append(t.Context(), s.epoch, 100, journaltest.Records(100, 10), nil); err != nil {
		t.Fatalf("the log was not moved yet, and it refused: %v", err)
	}
	s.moveLog() // The append has started this too; whoever comes second finds it done.
	if err := s.Append(t.Context(), s.epoch, 110, journaltest.Records(110, 10), nil); err == nil {
		t.Fatal("an append was taken after the main file could not be written")
	}
	mend()
	e, head, err := s.Begin(t.Context())
	if err != nil || head.Seq != 110 {
		t.Fatalf("the end is %d: %v", head.Seq, err)
	}
	if err := s.Append(t.Context(), e, 110, journaltest.Records(110, 10), nil); err != nil {
		t.Fatal(err)
	}
	if n, err := journaltest.CheckWhole(t.Context(), s); err != nil || n != 120 {
		t.Errorf("%d records: %v", n, err)
	}
}

// onlyReadable makes every descriptor of a file in this process one that cannot be written, and gives the way back.
func onlyReadable(t *testing.T, path string) (mend func()) {
	t.Helper()
	fds, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Skipf("skipped: no /proc: %v", err)
	}
	only, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	was := map[int]int{} // Descriptor, and where its old meaning is kept.
	for _, entry := range fds {
		fd, err := strconv.Atoi(entry.Name())
		if to, _ := os.Readlink("/proc/self/fd/" + entry.Name()); err != nil || to != path || fd == int(only.Fd()) {
			continue
		}
		if was[fd], err = unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, 0); err != nil {
			t.Fatal(err)
		}
		if err := unix.Dup3(int(only.Fd()), fd, unix.O_CLOEXEC); err != nil {
			t.Fatal(err)
		}
	}
	return func() {
		for fd, kept := range was {
			if err := errors.Join(unix.Dup3(kept, fd, unix.O_CLOEXEC), unix.Close(kept)); err != nil {
				t.Error(err)
			}
		}
		if err := only.Close(); err != nil {
			t.Error(err)
		}
	}
}
