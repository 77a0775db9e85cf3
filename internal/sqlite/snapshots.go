package sqlite

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"shuniu/internal/cad"
	"shuniu/internal/journal"
)

// Snapshots are files beside the journal, not rows in it: they are megabytes, and writing them must not hold up
// an append. The first line of a file is its label, the rest is the state.
type snapshotLabel struct {
	Seq  cad.Seq   `json:"seq"`
	Hash []byte    `json:"hash"` // SHA-256 of the state.
	Leaf tlog.Hash `json:"leaf"` // Of record Seq: a snapshot of another history is passed over.
	At   time.Time `json:"at"`
}

// snapshotsKept is how many snapshots stay, the newest first.
const snapshotsKept = 2

func (s *Store) snapshotDir() string { return s.path + ".snapshots" }

// SaveSnapshot keeps a snapshot and drops all but the newest two.
func (s *Store) SaveSnapshot(ctx context.Context, snap journal.Snapshot) error {
	if err := s.writable(ctx); err != nil {
		return err
	}
	leaf, err := s.leafAt(ctx, snap.Seq)
	if err != nil {
		return err
	}
	label, err := json.Marshal(snapshotLabel{Seq: snap.Seq, Hash: snap.Hash[:], Leaf: leaf, At: snap.At})
	if err != nil {
		return fmt.Errorf("sqlite: snapshot %d cannot be written: %w", snap.Seq, err)
	}
	s.snaps.Lock()
	defer s.snaps.Unlock()
	name := filepath.Join(s.snapshotDir(), fmt.Sprintf("%020d", snap.Seq))
	if err := writeDurably(name, append(label, '\n'), snap.State); err != nil {
		return fmt.Errorf("sqlite: snapshot %d cannot be written: %w", snap.Seq, errors.Join(err, os.Remove(name+".tmp")))
	}
	names, err := s.snapshotNames()
	for i := snapshotsKept; i < len(names); i++ {
		err = errors.Join(err, os.Remove(names[i]))
	}
	if err != nil {
		return fmt.Errorf("sqlite: old snapshots cannot be removed: %w", err)
	}
	return nil
}

func writeDurably(name string, parts ...[]byte) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(name+".tmp", os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	for _, p := range parts {
		if _, err := f.Write(p); err != nil {
			return errors.Join(err, f.Close())
		}
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(name+".tmp", name); err != nil {
		return err
	}
	return syncDir(filepath.Dir(name))
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// snapshotNames lists the files, newest first.
func (s *Store) snapshotNames() ([]string, error) {
	entries, err := os.ReadDir(s.snapshotDir())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range slices.Backward(entries) {
		if filepath.Ext(e.Name()) == "" {
			names = append(names, filepath.Join(s.snapshotDir(), e.Name()))
		}
	}
	return names, nil
}

// LatestSnapshot is the newest one that is whole and belongs to this history.
func (s *Store) LatestSnapshot(ctx context.Context) (journal.Snapshot, bool, error) {
	if err := s.usable(ctx); err != nil {
		return journal.Snapshot{}, false, err
	}
	s.snaps.Lock()
	defer s.snaps.Unlock()
	names, err := s.snapshotNames()
	if err != nil {
		return journal.Snapshot{}, false, fmt.Errorf("sqlite: the snapshots cannot be listed: %w", err)
	}
	for _, name := range names {
		if snap, ok := s.readSnapshot(ctx, name); ok {
			return snap, true, nil
		}
	}
	return journal.Snapshot{}, false, nil
}

func (s *Store) readSnapshot(ctx context.Context, name string) (journal.Snapshot, bool) {
	content, err := os.ReadFile(name)
	if err != nil {
		return journal.Snapshot{}, false
	}
	line, state, ok := bytes.Cut(content, []byte{'\n'})
	var label snapshotLabel
	if !ok || json.Unmarshal(line, &label) != nil {
		return journal.Snapshot{}, false
	}
	hash := sha256.Sum256(state)
	leaf, err := s.leafAt(ctx, label.Seq)
	if err != nil || leaf != label.Leaf || !bytes.Equal(hash[:], label.Hash) {
		return journal.Snapshot{}, false
	}
	return journal.Snapshot{Seq: label.Seq, State: state, Hash: hash, At: label.At}, true
}

// leafAt is the leaf hash of one record; zero for sequence 0.
func (s *Store) leafAt(ctx context.Context, seq cad.Seq) (tlog.Hash, error) {
	for h, err := range s.Leaves(ctx, seq-1, seq) {
		return h, err
	}
	return tlog.Hash{}, nil
}
