package sqlite

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"golang.org/x/sys/unix"
)

// ReserveHeld reports whether the reserve is on the disk: really allocated, to be given up when the disk is full.
func (s *Store) ReserveHeld() bool {
	s.side.Lock()
	defer s.side.Unlock()
	return s.reserveHeld()
}

func (s *Store) reserveHeld() bool {
	info, err := os.Stat(s.path + ".reserve")
	return err == nil && info.Size() >= s.opt.ReserveBytes && s.opt.ReserveBytes > 0
}

// ReleaseReserve gives the reserve back to the disk, so that calls and duress can still be stored. It reports
// whether there was one.
func (s *Store) ReleaseReserve() (bool, error) {
	s.side.Lock()
	defer s.side.Unlock()
	err := os.Remove(s.path + ".reserve")
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("sqlite: the reserve cannot be released: %w", err)
	}
	return true, nil
}

// RestoreReserve allocates the reserve again. It fails while the disk is still full, and then holds nothing.
func (s *Store) RestoreReserve() error {
	s.side.Lock()
	defer s.side.Unlock()
	if s.opt.ReserveBytes <= 0 || s.reserveHeld() {
		return nil
	}
	path := s.path + ".reserve"
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("sqlite: the reserve cannot be made: %w", err)
	}
	err = unix.Fallocate(int(f.Fd()), 0, 0, s.opt.ReserveBytes)
	if errors.Is(err, unix.EOPNOTSUPP) {
		err = fill(f, 0, s.opt.ReserveBytes)
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("sqlite: no room for the reserve: %w", errors.Join(err, os.Remove(path)))
	}
	return nil
}

// fill writes zeros, so that later writes there change no allocation.
func fill(f *os.File, from, to int64) error {
	zeros := make([]byte, 1<<20) // 1 MiB
	for at := from; at < to; at += int64(len(zeros)) {
		if err := writeAt(f, zeros[:min(int64(len(zeros)), to-at)], at); err != nil {
			return err
		}
	}
	return nil
}
