package sqlite

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"golang.org/x/sys/unix"

	"shuniu/internal/fault"
	"shuniu/internal/journal"
)

// lock takes the file beside the journal that makes one process its only user. The kernel lets go of it when the
// process ends, however it ends, so a crash leaves nothing to clean up.
func lock(path string) (*os.File, error) {
	const op = "sqlite.Open"
	f, err := os.OpenFile(path+".lock", os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fault.Wrap(op, fault.Internal, err, "the lock beside %s cannot be made", path)
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		holder := make([]byte, 32)
		n, _ := f.ReadAt(holder, 0)
		closed := f.Close()
		if !errors.Is(err, unix.EWOULDBLOCK) {
			return nil, fault.Wrap(op, fault.Internal, errors.Join(err, closed), "the lock beside %s cannot be taken", path)
		}
		pid := strings.TrimSpace(string(holder[:n]))
		return nil, fault.Wrap(op, fault.Unavailable, journal.ErrLocked, "process %s has %s open", pid, path).
			Because("journal_locked", "pid", pid).
			Mend("stop process " + pid + " first, or give this one another journal")
	}
	if err := errors.Join(f.Truncate(0), writeAt(f, fmt.Appendf(nil, "%d\n", os.Getpid()), 0)); err != nil {
		return nil, fault.Wrap(op, fault.Internal, errors.Join(err, f.Close()), "the lock beside %s cannot be written", path)
	}
	return f, nil
}

func writeAt(f *os.File, b []byte, at int64) error {
	_, err := f.WriteAt(b, at)
	return err
}
