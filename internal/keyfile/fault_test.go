package keyfile

import (
	"errors"
	"fmt"
	"sync"
	"syscall"
	"testing"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
	"shuniu/internal/journal"
)

// sick is a disk that refuses when told to.
type sick struct {
	memory
	mu              sync.Mutex
	onWrite, onSync error
}

func (f *sick) set(onWrite, onSync error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.onWrite, f.onSync = onWrite, onSync
}

func (f *sick) WriteAt(p []byte, at int64) (int, error) {
	f.mu.Lock()
	err := f.onWrite
	f.mu.Unlock()
	if err != nil {
		return 0, err
	}
	return f.memory.WriteAt(p, at)
}

func (f *sick) Sync() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.onSync
}

func onSickDisk(t *testing.T) (*Store, *sick) {
	t.Helper()
	disk := &sick{}
	s, err := start(disk, make([]byte, masterBytes), Options{BatchSlots: 16},
		func(string, int) (file, error) { return &memory{}, nil }, func(string) int { return 0 })
	if err != nil {
		t.Fatal(err)
	}
	s.lock = func() error { return nil }
	return s, disk
}

// untilRefused seals for new subjects until one is refused.
func untilRefused(t *testing.T, s *Store, prefix string) error {
	t.Helper()
	for i := range 100 {
		if _, err := s.Seal(cad.Subject(fmt.Sprint(prefix, i)), nil); err != nil {
			return err
		}
	}
	t.Fatal("no refusal")
	return nil
}

func TestFullDiskIsSaidAndMends(t *testing.T) {
	s, disk := onSickDisk(t)
	known := seal(t, s, "call:known", "red door")
	disk.set(syscall.ENOSPC, nil)
	if err := untilRefused(t, s, "a"); !errors.Is(err, journal.ErrFull) || fault.KindOf(err) != fault.Unavailable {
		t.Errorf("got %v, want unavailable with ErrFull", err)
	}
	wantPlain(t, s, known, "red door")
	seal(t, s, "call:known", "who has a key needs no other")
	disk.set(nil, nil)
	for i := range 100 {
		seal(t, s, cad.Subject(fmt.Sprint("b", i)), "space was made")
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

func TestFailedSyncIsNeverTriedAgain(t *testing.T) {
	s, disk := onSickDisk(t)
	known := seal(t, s, "call:known", "red door")
	disk.set(nil, syscall.EIO)
	if err := untilRefused(t, s, "a"); !errors.Is(err, syscall.EIO) || fault.KindOf(err) != fault.Unavailable {
		t.Errorf("got %v, want unavailable with EIO", err)
	}
	disk.set(nil, nil)
	if _, err := s.Seal("call:later", nil); !errors.Is(err, syscall.EIO) {
		t.Errorf("a key that may not be on the disk was given out: %v", err)
	}
	wantPlain(t, s, known, "red door")
}

func TestErasureThatIsNotOnTheDiskIsNotPromised(t *testing.T) {
	s, disk := onSickDisk(t)
	seal(t, s, "call:1", "red door")
	disk.set(nil, syscall.EIO)
	if err := s.Destroy("call:1"); !errors.Is(err, syscall.EIO) {
		t.Errorf("got %v, want EIO", err)
	}
}
