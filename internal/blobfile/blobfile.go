// Package blobfile keeps files beside the journal: recordings, pictures, documents. A file is named after its content
// (SHA-256), encrypted under its subject's key before it touches the disk, and durable before Put returns, so that a
// fact may name it. It never decides what may be kept and never holds a readable file on the disk.
//
//	objects/<subject>/<name>       the sealed content; <subject> is a hash, so that folders tell nothing
//	names/<nn>/<name>/<subject>    an empty file that says where a name is found; derived from objects
//
// The folder names may be deleted while the store is closed: it is made again from objects when it is missing. The
// same content of two subjects is kept twice, because erasing the one must not take it from the other.
package blobfile

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
	"shuniu/internal/journal"
)

const (
	magic       = "shuniu blob 1\n"
	headerBytes = len(magic) + 8 + 2 // magic, slot, length of the subject.
	partPrefix  = ".part-"
)

// Store is journal.Blobs in a folder. It is safe for use by several goroutines. Make it with Open.
type Store struct {
	dir  string
	keys journal.Keys
}

var _ journal.Blobs = (*Store)(nil)

// Open opens the folder, or makes it. Files that a crash left half written are removed: nobody was ever told of them.
// The keys must be those under which the files were sealed; they stay the caller's to close.
func Open(dir string, keys journal.Keys) (*Store, error) {
	s := &Store{dir: dir, keys: keys}
	_, err := os.Stat(s.names())
	missing := errors.Is(err, fs.ErrNotExist)
	if err := makeDirs(s.objects()); err != nil {
		return nil, err
	}
	parts, err := filepath.Glob(filepath.Join(s.objects(), "*", partPrefix+"*"))
	if err != nil {
		return nil, fmt.Errorf("blobfile: the folder cannot be read: %w", err)
	}
	for _, part := range parts {
		if err := os.Remove(part); err != nil {
			return nil, fmt.Errorf("blobfile: a half written file cannot be removed: %w", err)
		}
	}
	if missing {
		if err := s.reindex(); err != nil {
			return nil, err
		}
	}
	return s, nil
}

func (s *Store) objects() string { return filepath.Join(s.dir, "objects") }

func (s *Store) names() string { return filepath.Join(s.dir, "names") }

func (s *Store) folder(subject cad.Subject) string {
	sum := sha256.Sum256([]byte(subject))
	return hex.EncodeToString(sum[:])
}

func (s *Store) marker(name, folder string) string {
	return filepath.Join(s.names(), name[:2], name, folder)
}

// reindex makes the folder names from the folder objects. Its own folder appears last, so that a crash in between
// starts it again.
func (s *Store) reindex() error {
	found, err := filepath.Glob(filepath.Join(s.objects(), "*", "*"))
	if err != nil {
		return fmt.Errorf("blobfile: the folder cannot be read: %w", err)
	}
	fresh := &Store{dir: filepath.Join(s.dir, ".index")}
	if err := os.RemoveAll(fresh.dir); err != nil {
		return fmt.Errorf("blobfile: an old index cannot be removed: %w", err)
	}
	if err := makeDirs(fresh.names()); err != nil {
		return err
	}
	for _, path := range found {
		if err := fresh.mark(filepath.Base(path), filepath.Base(filepath.Dir(path))); err != nil {
			return err
		}
	}
	if err := errors.Join(os.Rename(fresh.names(), s.names()), os.Remove(fresh.dir)); err != nil {
		return fmt.Errorf("blobfile: the index cannot be put in place: %w", err)
	}
	return syncDir(s.dir)
}

// Put stores content under its SHA-256, in hex, and returns that name when it would survive a power loss. Putting the
// same content twice is harmless. Errors: those of Keys.Seal (journal.ErrErased for an erased subject), and
// fault.Unavailable when the disk refuses, with journal.ErrFull in its chain if it is full.
func (s *Store) Put(ctx context.Context, subject cad.Subject, content []byte) (string, error) {
	const op = "blobfile.Put"
	if err := ctx.Err(); err != nil {
		return "", fmt.Errorf("blobfile: %w", err)
	}
	sum := sha256.Sum256(content)
	name, folder := hex.EncodeToString(sum[:]), s.folder(subject)
	path := filepath.Join(s.objects(), folder, name)
	sealed, err := s.keys.Seal(subject, content)
	if err != nil {
		return "", fmt.Errorf("blobfile: %w", err)
	}
	// What is there already may be damaged, so only a whole one is kept.
	if _, err := s.read(path, name); err != nil {
		if err := write(path, encode(sealed)); err != nil {
			return "", fault.Wrap(op, fault.Unavailable, diskFull(err), "the file was not stored")
		}
	}
	if err := s.mark(name, folder); err != nil {
		return "", fault.Wrap(op, fault.Unavailable, diskFull(err), "the file was not stored")
	}
	return name, nil
}

// Get reads content back and checks it against its name. Errors: fault.NotFound if there is none (it may have been
// erased), journal.ErrErased if its key was destroyed, journal.ErrCorrupt if it is damaged.
func (s *Store) Get(ctx context.Context, name string) ([]byte, error) {
	const op = "blobfile.Get"
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("blobfile: %w", err)
	}
	if !isName(name) {
		return nil, fault.New(op, fault.Invalid, "that is not the name of a file: 64 hex digits are needed")
	}
	holders, err := os.ReadDir(filepath.Dir(s.marker(name, "x")))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fault.Wrap(op, fault.Unavailable, err, "the file cannot be read")
	}
	var refused error
	for _, holder := range holders {
		content, err := s.read(filepath.Join(s.objects(), holder.Name(), name), name)
		if err == nil {
			return content, nil
		}
		if !errors.Is(err, fs.ErrNotExist) { // A marker that outlived its file.
			refused = errors.Join(refused, err)
		}
	}
	switch {
	case refused == nil:
		return nil, fault.New(op, fault.NotFound, "there is no such file, or it was erased")
	case errors.Is(refused, journal.ErrErased):
		return nil, fault.Wrap(op, fault.NotFound, refused, "the file was erased")
	}
	return nil, fault.Wrap(op, fault.Internal, refused, "the file cannot be read")
}

func (s *Store) read(path, name string) ([]byte, error) {
	sealed, err := load(path)
	if err != nil {
		return nil, err
	}
	content, err := s.keys.Open(sealed)
	if err != nil {
		return nil, fmt.Errorf("blobfile: %w", err)
	}
	if sum := sha256.Sum256(content); hex.EncodeToString(sum[:]) != name {
		return nil, fmt.Errorf("blobfile: content and name differ: %w", journal.ErrCorrupt)
	}
	return content, nil
}

// Erase removes every file of a subject, durably. Each file's key is told to the key store first, so that destroying
// the subject's key covers them too, whatever copies of the files exist. Erasing nothing is no error.
func (s *Store) Erase(ctx context.Context, subject cad.Subject) error {
	const op = "blobfile.Erase"
	folder := s.folder(subject)
	dir := filepath.Join(s.objects(), folder)
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fault.Wrap(op, fault.Unavailable, err, "the files cannot be listed")
	}
	for _, entry := range entries {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("blobfile: %w", err)
		}
		path := filepath.Join(dir, entry.Name())
		if sealed, err := load(path); err == nil {
			s.keys.Adopt(sealed)
		}
		if err := os.Remove(path); err != nil {
			return fault.Wrap(op, fault.Unavailable, err, "a file cannot be removed")
		}
	}
	if err := syncDir(dir); err != nil {
		return fault.Wrap(op, fault.Unavailable, err, "the removal was not confirmed by the disk")
	}
	// What follows is tidying: a marker without a file says nothing and is passed over. The subject's empty folder
	// stays, because a Put may be on its way into it.
	for _, entry := range entries {
		if isName(entry.Name()) {
			marker := s.marker(entry.Name(), folder)
			_ = os.Remove(marker)
		}
	}
	return nil
}

// mark writes down who holds a name.
func (s *Store) mark(name, folder string) error {
	if !isName(name) {
		return nil
	}
	path := s.marker(name, folder)
	if err := makeDirs(filepath.Dir(path)); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("blobfile: %w", err)
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("blobfile: %w", err)
	}
	return syncDir(filepath.Dir(path))
}

func isName(name string) bool {
	return len(name) == 2*sha256.Size && strings.Trim(name, "0123456789abcdef") == ""
}

func encode(s cad.Sealed) []byte {
	b := make([]byte, 0, headerBytes+len(s.Subject)+len(s.Box))
	b = append(b, magic...)
	b = binary.BigEndian.AppendUint64(b, s.Slot)
	b = binary.BigEndian.AppendUint16(b, uint16(len(s.Subject))) //nolint:gosec // a subject is a short word and an id
	b = append(b, s.Subject...)
	return append(b, s.Box...)
}

func load(path string) (cad.Sealed, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return cad.Sealed{}, fmt.Errorf("blobfile: %w", err)
	}
	if len(b) < headerBytes || string(b[:len(magic)]) != magic {
		return cad.Sealed{}, fmt.Errorf("blobfile: a file has no header: %w", journal.ErrCorrupt)
	}
	subject := int(binary.BigEndian.Uint16(b[len(magic)+8:]))
	if len(b) < headerBytes+subject {
		return cad.Sealed{}, fmt.Errorf("blobfile: a file is too short: %w", journal.ErrCorrupt)
	}
	return cad.Sealed{
		Slot:    binary.BigEndian.Uint64(b[len(magic):]),
		Subject: cad.Subject(b[headerBytes : headerBytes+subject]),
		Box:     b[headerBytes+subject:],
	}, nil
}

// write puts a file in place: whole and durable, or not at all.
func write(path string, b []byte) error {
	dir := filepath.Dir(path)
	if err := makeDirs(dir); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, partPrefix) // Mode 0600.
	if err != nil {
		return fmt.Errorf("blobfile: %w", err)
	}
	_, err = f.Write(b)
	if err == nil {
		err = f.Sync()
	}
	err = errors.Join(err, f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("blobfile: %w", err), os.Remove(f.Name()))
	}
	return syncDir(dir)
}

// makeDirs makes a folder and those above it, each durable in its parent.
func makeDirs(dir string) error {
	if _, err := os.Stat(dir); err == nil {
		return nil
	}
	parent := filepath.Dir(dir)
	if parent != dir {
		if err := makeDirs(parent); err != nil {
			return err
		}
	}
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("blobfile: a folder cannot be made: %w", err)
	}
	return syncDir(parent)
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("blobfile: a folder cannot be opened: %w", err)
	}
	if err := errors.Join(d.Sync(), d.Close()); err != nil {
		return fmt.Errorf("blobfile: a folder cannot be synced: %w", err)
	}
	return nil
}

func diskFull(err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return errors.Join(journal.ErrFull, err)
	}
	return err
}
