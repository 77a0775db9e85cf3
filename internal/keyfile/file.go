package keyfile

import (
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"

	"shuniu/internal/fault"
	"shuniu/internal/journal"
)

const (
	masterBytes  = 32
	masterPrefix = "shuniu-master-1:"
)

// file is what the store needs of a file, so that Memory runs the same code.
type file interface {
	io.ReaderAt
	io.WriterAt
	Truncate(size int64) error
	Sync() error
	Size() (int64, error)
	Close() error
}

type diskFile struct{ *os.File }

// Size is the length in bytes.
func (f diskFile) Size() (int64, error) {
	info, err := f.Stat()
	if err != nil {
		return 0, fmt.Errorf("keyfile: %w", err)
	}
	return info.Size(), nil
}

// openFile opens a file for its owner only. A new one is durable in its folder before it is used.
func openFile(path string) (file, error) {
	_, err := os.Stat(path)
	f, openErr := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if openErr != nil {
		return nil, fmt.Errorf("keyfile: a file of the keys cannot be opened: %w", diskFull(openErr))
	}
	if errors.Is(err, fs.ErrNotExist) {
		if err := syncDir(filepath.Dir(path)); err != nil {
			return nil, errors.Join(err, f.Close())
		}
	}
	return diskFile{f}, nil
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("keyfile: the folder cannot be opened: %w", err)
	}
	if err := errors.Join(d.Sync(), d.Close()); err != nil {
		return fmt.Errorf("keyfile: the folder cannot be synced: %w", err)
	}
	return nil
}

// lockDir keeps other processes out until the returned function is called or the process ends.
func lockDir(path string) (func() error, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("keyfile: the lock cannot be opened: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil { //nolint:gosec // descriptors are small
		return nil, errors.Join(fault.Wrap("keyfile.Open", fault.Unavailable, errors.Join(journal.ErrLocked, err), "the keys are open elsewhere").
			Mend("stop the other process that uses this data folder"), f.Close())
	}
	return f.Close, nil
}

// loadMaster reads the master key, and makes one only for a store that has no slots yet.
func loadMaster(path string, fresh bool) ([]byte, error) {
	const op = "keyfile.Open"
	text, err := os.ReadFile(path)
	switch {
	case err == nil:
	case !errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("keyfile: the master key cannot be read: %w", err)
	case !fresh:
		return nil, fault.Wrap(op, fault.Unavailable, err, "the master key is missing").
			Mend("put the master key back where it was, from the place where its copy is kept; a new one would open nothing")
	default:
		return makeMaster(path)
	}
	key, err := hex.DecodeString(strings.TrimSpace(strings.TrimPrefix(string(text), masterPrefix)))
	if err != nil || len(key) != masterBytes || !strings.HasPrefix(string(text), masterPrefix) {
		// The cause is left out: it would quote a part of the key.
		return nil, fault.Wrap(op, fault.Unavailable, journal.ErrCorrupt, "the master key is damaged").
			Mend("put the master key back from the place where its copy is kept")
	}
	return key, nil
}

func makeMaster(path string) ([]byte, error) {
	key := make([]byte, masterBytes)
	rand.Read(key) //nolint:errcheck // crypto/rand.Read never fails; it ends the program instead
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("keyfile: the folder of the master key cannot be made: %w", err)
	}
	part := path + ".part"
	f, err := os.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, fmt.Errorf("keyfile: the master key cannot be made: %w", err)
	}
	_, err = f.WriteString(masterPrefix + hex.EncodeToString(key) + "\n")
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return nil, fmt.Errorf("keyfile: the master key cannot be written: %w", diskFull(err))
	}
	if err := os.Rename(part, path); err != nil {
		return nil, fmt.Errorf("keyfile: the master key cannot be put in place: %w", err)
	}
	return key, syncDir(filepath.Dir(path))
}

// derive makes a key for one purpose from the master key.
func derive(master []byte, purpose string) []byte {
	key, err := hkdf.Expand(sha256.New, master, "shuniu "+purpose, keyBytes)
	if err != nil {
		panic("keyfile: deriving a key failed: " + err.Error()) // Only for lengths above 8,160 bytes.
	}
	return key
}

// memory is a file that is thrown away.
type memory struct {
	mu    sync.RWMutex
	bytes []byte
}

// ReadAt reads like a file: io.EOF beyond the end.
func (m *memory) ReadAt(p []byte, at int64) (int, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	if at >= int64(len(m.bytes)) {
		return 0, io.EOF
	}
	n := copy(p, m.bytes[at:])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// WriteAt writes like a file, and grows it.
func (m *memory) WriteAt(p []byte, at int64) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if end := at + int64(len(p)); end > int64(len(m.bytes)) {
		m.bytes = append(m.bytes, make([]byte, end-int64(len(m.bytes)))...)
	}
	return copy(m.bytes[at:], p), nil
}

// Truncate sets the length.
func (m *memory) Truncate(size int64) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if size <= int64(len(m.bytes)) {
		m.bytes = m.bytes[:size]
		return nil
	}
	m.bytes = append(m.bytes, make([]byte, size-int64(len(m.bytes)))...)
	return nil
}

// Sync has nothing to wait for.
func (m *memory) Sync() error { return nil }

// Size is the length in bytes.
func (m *memory) Size() (int64, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return int64(len(m.bytes)), nil
}

// Close lets go of the bytes.
func (m *memory) Close() error { return m.Truncate(0) }
