package keyfile

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"syscall"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
	"shuniu/internal/journal"
)

// The file of slots: a header as long as a slot, then the slots. A slot is a nonce, the encrypted key, its tag and four
// zero bytes; 64 bytes each, so that none crosses a disk sector. A destroyed slot is all zeros.
const (
	keyBytes   = 32
	slotBytes  = 64
	slotUsed   = nonceBytes + keyBytes + tagBytes
	slotsMagic = "shuniu keys 1\n\x00\x00"
)

func slotOffset(slot uint64) int64 { return int64(slot+1) * slotBytes } //nolint:gosec // at most the size of a file

// openSlots reads the header, or writes it, counts what is there as given out, and makes the first batch.
func (s *Store) openSlots(headerKey []byte) error {
	const op = "keyfile.Open"
	h := hmac.New(sha256.New, headerKey)
	h.Write([]byte(slotsMagic))
	want := make([]byte, slotBytes)
	copy(want, slotsMagic)
	copy(want[len(slotsMagic):], h.Sum(nil))
	size, err := s.slots.Size()
	if err != nil {
		return fmt.Errorf("keyfile: the slots cannot be measured: %w", err)
	}
	if size == 0 {
		if _, err := s.slots.WriteAt(want, 0); err != nil {
			return fmt.Errorf("keyfile: the slots cannot be written: %w", diskFull(err))
		}
		size = slotBytes
	}
	got := make([]byte, slotBytes)
	if _, err := s.slots.ReadAt(got, 0); err != nil || !bytes.Equal(got, want) {
		return corrupt(op, err, "the slots do not belong to this master key, or are damaged; nothing was changed")
	}
	s.next = uint64(size-1) / slotBytes // A torn last slot counts as given out, too.
	if err := s.makeBatch(s.next, s.growth); err != nil {
		return err
	}
	s.made = s.next + s.growth
	return nil
}

// makeBatch writes slots from..from+count and syncs them. The caller counts them as made afterwards.
func (s *Store) makeBatch(from, count uint64) error {
	plain := make([]byte, keyBytes)
	out := make([]byte, 0, count*slotBytes)
	var aad [8]byte
	for slot := from; slot < from+count; slot++ {
		rand.Read(plain) //nolint:errcheck // crypto/rand.Read never fails; it ends the program instead
		at := len(out)
		out = append(out, make([]byte, slotBytes)...)
		nonce := out[at : at+nonceBytes]
		rand.Read(nonce) //nolint:errcheck // as above
		binary.BigEndian.PutUint64(aad[:], slot)
		s.slotAEAD.Seal(out[at+nonceBytes:at+nonceBytes], nonce, plain, aad[:])
	}
	clear(plain)
	if _, err := s.slots.WriteAt(out, slotOffset(from)); err != nil {
		// What was written stays unused. The next try writes the same place again.
		return fault.Wrap("keyfile.Seal", fault.Unavailable, diskFull(err), "no further keys could be written")
	}
	if err := s.slots.Sync(); err != nil {
		return fault.Wrap("keyfile.Seal", fault.Unavailable, &syncError{err}, "the disk did not confirm new keys")
	}
	return nil
}

// syncError marks a sync that failed. It is never tried again: the kernel may have dropped the pages.
type syncError struct{ err error }

// Error is the medium's own text.
func (e *syncError) Error() string { return "sync failed: " + e.err.Error() }

// Unwrap gives the medium's error.
func (e *syncError) Unwrap() error { return e.err }

func diskFull(err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return errors.Join(journal.ErrFull, err)
	}
	return err
}

// take gives out the next slot, and has the next batch made well before the last one is gone. It is called under the
// lock and lets go of it while it waits, which happens only when there is no slot left.
func (s *Store) take() (uint64, error) {
	for s.next >= s.made {
		if s.closed {
			return 0, errClosed("keyfile.Seal")
		}
		if s.broken != nil {
			return 0, s.broken
		}
		if s.refill == nil {
			s.startRefill()
		}
		waiting := s.refill
		s.mu.Unlock()
		<-waiting
		s.mu.Lock()
		if s.next >= s.made && s.failed != nil {
			return 0, s.failed // A full disk: the next Seal tries again.
		}
	}
	if s.closed {
		return 0, errClosed("keyfile.Seal")
	}
	slot := s.next
	s.next++
	if s.made-s.next < s.growth/2 && s.refill == nil && s.broken == nil && s.failed == nil {
		s.startRefill()
	}
	return slot, nil
}

// startRefill has the next batch made beside the work. Called under the lock.
func (s *Store) startRefill() {
	done := make(chan struct{})
	s.refill, s.failed = done, nil
	s.growth = min(s.growth*4, uint64(s.batchSlots)) //nolint:gosec // at least 16
	from, count := s.made, s.growth
	cache := tables{files: slices.Clone(s.subjects.files)}
	go func() {
		// The cache is synced with each batch, so that a power loss costs it two batches at most. If that fails,
		// Adopt mends it.
		_ = cache.sync()
		err := s.makeBatch(from, count)
		s.mu.Lock()
		defer s.mu.Unlock()
		var unsure *syncError
		switch {
		case err == nil:
			s.made = from + count
		case errors.As(err, &unsure):
			s.failed, s.broken = err, err
		default:
			s.failed = err
		}
		s.refill = nil
		close(done)
	}()
}

// key reads a slot, from memory where it can. Called under the lock.
func (s *Store) key(slot uint64) (cipher.AEAD, error) {
	const op = "keyfile.Open"
	if aead, ok := s.bySlot.get(slot); ok {
		return aead, nil
	}
	if slot >= s.made {
		return nil, corrupt(op, nil, "a private part names a key that was never made here")
	}
	raw := make([]byte, slotBytes)
	if _, err := s.slots.ReadAt(raw, slotOffset(slot)); err != nil {
		return nil, corrupt(op, err, "a key cannot be read")
	}
	var aad [8]byte
	binary.BigEndian.PutUint64(aad[:], slot)
	plain, err := s.slotAEAD.Open(nil, raw[:nonceBytes], raw[nonceBytes:slotUsed], aad[:])
	if err != nil {
		return nil, corrupt(op, err, "a key is damaged")
	}
	aead, err := newAEAD(plain)
	clear(plain)
	if err != nil {
		return nil, err
	}
	s.bySlot.put(slot, aead)
	return aead, nil
}

// wipe overwrites slots with zeros and syncs them. Called under the lock.
func (s *Store) wipe(slots ...uint64) error {
	if len(slots) == 0 {
		return nil
	}
	zeros := make([]byte, slotBytes)
	for _, slot := range slots {
		if slot >= s.made {
			continue // Never on the disk.
		}
		if _, err := s.slots.WriteAt(zeros, slotOffset(slot)); err != nil {
			return err
		}
	}
	return s.slots.Sync()
}

func newAEAD(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("keyfile: a key has a wrong length: %w", err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, fmt.Errorf("keyfile: the cipher cannot be made: %w", err)
	}
	return aead, nil
}

// name is what the tables hold in place of a subject: a keyed hash, so that the files tell nothing about whom they
// concern and no client can choose ids that crowd one place of a table.
func (s *Store) name(subject cad.Subject) name {
	h := hmac.New(sha256.New, s.nameKey)
	h.Write([]byte(subject))
	return name(h.Sum(nil)[:nameBytes])
}

func unseal(op string, aead cipher.AEAD, sealed cad.Sealed) ([]byte, error) {
	if len(sealed.Box) < nonceBytes+tagBytes {
		return nil, corrupt(op, nil, "a private part is too short")
	}
	plain, err := aead.Open(nil, sealed.Box[:nonceBytes], sealed.Box[nonceBytes:], []byte(sealed.Subject))
	if err != nil {
		return nil, corrupt(op, err, "a private part is not what was sealed")
	}
	return plain, nil
}

func erasedError(op string) error {
	return fault.Wrap(op, fault.Conflict, journal.ErrErased, "the private part of this life was erased").Because("erased")
}

func corrupt(op string, err error, text string) error {
	return fault.Wrap(op, fault.Internal, errors.Join(journal.ErrCorrupt, err), "%s", text)
}

func errClosed(op string) error {
	return fault.New(op, fault.Unavailable, "the key store is closed")
}
