package faults

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"
)

// fsShutdown is FS_IOC_SHUTDOWN, _IOR('X', 125, __u32); flag 2 (no log flush) drops everything that was not synced,
// as a loss of power does.
const (
	fsShutdown     = 0x8004587d
	shutdownNoSync = uint32(2)
)

// imageBytes is the size of the disk that loses its power: 192 MiB, most of it never written.
const imageBytes = 192 << 20

// disk is an ext4 file system in a file.
type disk struct{ image, dir string }

func newDisk(t *testing.T) *disk {
	t.Helper()
	if os.Geteuid() != 0 {
		skip(t, "only root may mount a file system")
	}
	d := &disk{image: filepath.Join(t.TempDir(), "image")}
	f, err := os.Create(d.image)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(f.Truncate(imageBytes), f.Close()); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.CommandContext(t.Context(), "mkfs.ext4", "-q", "-F", d.image).CombinedOutput(); err != nil {
		skip(t, "mkfs.ext4: %v: %s", err, out)
	}
	d.dir = mount(t, "-o", "loop", d.image)
	return d
}

// cut takes the power away.
func (d *disk) cut(t *testing.T) {
	t.Helper()
	f, err := os.Open(d.dir)
	if err != nil {
		t.Fatal(err)
	}
	flag := shutdownNoSync
	_, _, errno := unix.Syscall(unix.SYS_IOCTL, f.Fd(), fsShutdown, uintptr(unsafe.Pointer(&flag)))
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if errno != 0 {
		skip(t, "the file system cannot be shut down: %v", errno)
	}
}

// comeBack mounts the disk again, as after a start.
func (d *disk) comeBack(t *testing.T) {
	t.Helper()
	if err := unmount(d.dir); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.CommandContext(t.Context(), "mount", "-o", "loop", d.image, d.dir).CombinedOutput(); err != nil {
		t.Fatalf("the disk does not come back: %v: %s", err, out)
	}
}

// lose runs one writer until the power goes. In every second life it goes on for a while without knowing: what it
// says then counts, too.
func (d *disk) lose(t *testing.T, l *ledger, o orders, exe string, lines int) life {
	t.Helper()
	c := start(t, o, exe)
	return c.run(t, l, lines, func() { d.cut(t) }, func(x line) bool {
		return o.Life%2 == 0 || x.Say == "no" || x.Say == "broken"
	})
}

// TestPowerLoss takes the power away under load.
func TestPowerLoss(t *testing.T) {
	dice := chance(t)
	faults, acked, unasked := times(4, 60), 0, 0
	for done := 0; done < faults; {
		d := newDisk(t)
		o := orders{Dir: d.dir, Callers: 16, Reserve: -1, Snapshot: 1500}
		l := newLedger()
		for o.Life = 1; o.Life <= livesOnFiles && done < faults; o.Life++ {
			if saw := d.lose(t, l, o, self(t), dice.IntN(1500)); saw.broken != "" && !strings.Contains(saw.broken, "input/output") && !strings.Contains(saw.broken, "I/O") {
				t.Fatalf("life %d could not start: %s", o.Life, saw.broken)
			}
			done++
			d.comeBack(t)
			v, err := l.judgeOrNothing(t, o.Dir)
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
		if err := unmount(d.dir); err != nil {
			t.Fatal(err)
		}
	}
	if acked < 20*faults {
		t.Errorf("only %d commands were acknowledged in %d lives: too few to prove anything", acked, faults)
	}
	t.Logf("power loss: 0 lost, 0 doubled, 0 half, 0 changed of %d acknowledged in %d faults; %d stored without an answer, all whole", acked, faults, unasked)
}

// judgeOrNothing allows that there is no journal yet, as long as nothing was acknowledged.
func (l *ledger) judgeOrNothing(t *testing.T, dir string) (verdict, error) {
	t.Helper()
	if _, err := os.Stat(filepath.Join(dir, "journal.db")); errors.Is(err, os.ErrNotExist) && len(l.acked) == 0 {
		return verdict{}, nil
	}
	return l.judge(t.Context(), dir)
}

// plantedTries is how often the power may go before a writer that does not sync must have been caught.
const plantedTries = 12

// TestPowerLossCatches builds the same writer with synchronous=NORMAL and takes its power away: a campaign that
// does not notice is no evidence.
func TestPowerLossCatches(t *testing.T) {
	if testing.Short() {
		skip(t, "a second build takes a while")
	}
	exe := plant(t)
	dice := chance(t)
	d := newDisk(t)
	o := orders{Dir: d.dir, Callers: 16, Reserve: -1, Snapshot: 1500}
	for o.Life = 1; o.Life <= plantedTries; o.Life++ {
		o.Dir = filepath.Join(d.dir, string(rune('a'+o.Life)))
		if err := os.Mkdir(o.Dir, 0o700); err != nil {
			t.Fatal(err)
		}
		unix.Sync()
		l := newLedger()
		d.lose(t, l, o, exe, 200+dice.IntN(1000))
		d.comeBack(t)
		v, err := l.judge(t.Context(), o.Dir)
		if err != nil || len(v.Lost) > 0 {
			t.Logf("planted synchronous=NORMAL: caught at power loss %d: %d lost of %d acknowledged (%v)", o.Life, len(v.Lost), v.Acked, err)
			return
		}
	}
	t.Errorf("a writer that does not sync went unnoticed in %d losses of power", plantedTries)
}

// plant builds this very test with a journal that does not sync.
func plant(t *testing.T) string {
	t.Helper()
	goTool, err := exec.LookPath("go")
	if err != nil {
		skip(t, "no go to build with: %v", err)
	}
	dir := t.TempDir()
	path, err := filepath.Abs(filepath.Join("..", "sqlite", "sqlite.go"))
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(source, []byte(`"synchronous(FULL)"`)); n != 1 {
		t.Fatalf("synchronous(FULL) stands %d times in %s: the plant has no place", n, path)
	}
	source = bytes.Replace(source, []byte(`"synchronous(FULL)"`), []byte(`"synchronous(NORMAL)"`), 1)
	planted, overlay, exe := filepath.Join(dir, "sqlite.go"), filepath.Join(dir, "overlay.json"), filepath.Join(dir, "planted.test")
	list, err := json.Marshal(map[string]map[string]string{"Replace": {path: planted}})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.WriteFile(planted, source, 0o600), os.WriteFile(overlay, list, 0o600)); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.CommandContext(t.Context(), goTool, "test", "-c", "-overlay", overlay, "-o", exe, ".").CombinedOutput(); err != nil {
		t.Fatalf("the planted build: %v\n%s", err, out)
	}
	return exe
}
