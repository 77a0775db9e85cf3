package sqlite

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
)

// A cursor is one slot of a small file beside the journal, overwritten in place and never synced: a reactor that
// repeats itself after a loss of power does no harm, and an fsync for each would slow every append.
const (
	slotBytes   = 64
	slotNameMax = slotBytes - 12 // The rest is the sequence (8 bytes) and a checksum (4 bytes).
)

type cursors struct {
	f     *os.File
	slots map[string]int64 // Offset of a reactor's slot.
	seqs  map[string]cad.Seq
	end   int64
}

func openCursors(path string) (*cursors, error) {
	f, err := os.OpenFile(path+".cursors", os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("sqlite: the cursors cannot be opened: %w", err)
	}
	c := &cursors{f: f, slots: map[string]int64{}, seqs: map[string]cad.Seq{}}
	slot := make([]byte, slotBytes)
	for ; ; c.end += slotBytes {
		if _, err := f.ReadAt(slot, c.end); errors.Is(err, io.EOF) {
			return c, nil
		} else if err != nil {
			return nil, errors.Join(fmt.Errorf("sqlite: the cursors cannot be read: %w", err), f.Close())
		}
		name := string(bytes.TrimRight(slot[:slotNameMax], "\x00"))
		if name == "" || crc32.Checksum(slot[:slotBytes-4], castagnoli()) != binary.LittleEndian.Uint32(slot[slotBytes-4:]) {
			continue // A damaged slot is a cursor at 0: that reactor repeats, under the same keys.
		}
		c.slots[name] = c.end
		c.seqs[name] = cad.Seq(binary.LittleEndian.Uint64(slot[slotNameMax:]))
	}
}

func (c *cursors) set(name string, seq cad.Seq) error {
	if name == "" || len(name) > slotNameMax {
		return fault.New("sqlite.SetCursor", fault.Invalid, "a reactor's name has 1 to %d bytes: %q", slotNameMax, name)
	}
	at, ok := c.slots[name]
	if !ok {
		at = c.end
	}
	slot := make([]byte, slotBytes)
	copy(slot, name)
	binary.LittleEndian.PutUint64(slot[slotNameMax:], uint64(seq))
	binary.LittleEndian.PutUint32(slot[slotBytes-4:], crc32.Checksum(slot[:slotBytes-4], castagnoli()))
	if err := writeAt(c.f, slot, at); err != nil {
		return fmt.Errorf("sqlite: the cursor of %s cannot be kept: %w", name, err)
	}
	if !ok {
		c.slots[name] = at
		c.end += slotBytes
	}
	c.seqs[name] = seq
	return nil
}

func castagnoli() *crc32.Table { return crc32.MakeTable(crc32.Castagnoli) }

// Cursor is how far a reactor has answered, but never beyond the journal's end: after an older copy was restored,
// a cursor from later would hide the facts that come next.
func (s *Store) Cursor(ctx context.Context, reactor string) (cad.Seq, error) {
	head, err := s.Head(ctx)
	if err != nil {
		return 0, err
	}
	s.side.Lock()
	defer s.side.Unlock()
	return min(s.cursors.seqs[reactor], head.Seq), nil
}

// SetCursor keeps how far a reactor has answered, without an fsync.
func (s *Store) SetCursor(ctx context.Context, reactor string, seq cad.Seq) error {
	if err := s.writable(ctx); err != nil {
		return err
	}
	s.side.Lock()
	defer s.side.Unlock()
	return s.cursors.set(reactor, seq)
}
