// Package keyfile keeps the keys of private parts: one AES-256 key per subject, apart from the journal. A key can be
// destroyed for ever, and that is what erasure means here. It never sees a private part after it has been sealed and
// never tells anyone a key.
//
// Four kinds of file stand in its folder:
//
//	slots.bin         keys, made in batches before anyone needs them, each encrypted under the master key
//	master.key        the master key; it may stand elsewhere (Options.Master)
//	erased-N.tab      subjects whose keys were destroyed; synced before Destroy returns
//	subjects-N.tab    which slot a subject uses; a cache, written without waiting for the disk
//
// Sealing waits for no disk, because a key is on the disk before anyone asks for it. The record itself says which slot
// was used, so subjects-N.tab may be lost or torn: Adopt learns it again from the journal. A slot is never given to two
// subjects, not even after a crash that lost the whole cache, because every slot that the file holds when it is opened
// counts as given out. That is enough: a slot is given out only after its batch was synced, so whatever was given out
// lies within the file. It costs what was left of two batches (64 bytes a slot) at each crash; Close cuts off what is
// left, so that an ordinary stop costs nothing.
//
// What it cannot do: a copy of slots.bin together with its master key, made before Destroy, still holds the key.
// Copies are kept apart from master keys for that reason.
package keyfile

import (
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
	"shuniu/internal/journal"
)

const (
	batchSlotsDefault = 4096
	firstBatchSlots   = 256 // Made while Open waits, so small: one write, one sync.
	cacheKeysDefault  = 8192
	nonceBytes        = 12 // AES-GCM.
	tagBytes          = 16 // AES-GCM.
)

// Options says how a key store is opened. The zero value is right for most.
type Options struct {
	Master     string // Path of the master key; empty means master.key in the store's folder.
	BatchSlots int    // Slots that are made and synced at once, at least 16; 0 means 4,096 (256 KiB).
	CacheKeys  int    // Keys kept ready in memory, about 1 KiB each, at most twice as many; 0 means 8,192.
}

// Store is journal.Keys on files. It is safe for use by several goroutines. Make it with Open or Memory.
type Store struct {
	batchSlots int
	macKey     []byte
	nameKey    []byte
	slotAEAD   cipher.AEAD // Encrypts the slots at rest.

	mu       sync.Mutex // Guards everything below; never held while a batch is synced, except when there is no slot left.
	slots    file
	lock     func() error // Lets go of the folder.
	subjects *tables      // Subject to slot; a cache.
	erased   *tables      // Subjects whose keys were destroyed.
	byName   *recent[cad.Subject, uint64]
	bySlot   *recent[uint64, cipher.AEAD]
	next     uint64        // The next slot to give out.
	made     uint64        // Slots below it are on the disk.
	growth   uint64        // Slots of the next batch.
	refill   chan struct{} // Closed when the batch that is being made is done; nil if none is.
	failed   error         // Why the last batch could not be made; nil if it was.
	broken   error         // A sync that failed: no further keys are made until the store is opened again.
	closed   bool
}

var _ journal.Keys = (*Store)(nil)

// Open opens the key store in a folder, or makes one where there is none. It fails with journal.ErrLocked if another
// process has it open, and with journal.ErrCorrupt if the slots and the master key do not belong together; a missing
// master key of existing slots is never made anew, because that would lose every private part without a word.
func Open(dir string, o Options) (*Store, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("keyfile: the folder of the keys cannot be made: %w", err)
	}
	unlock, err := lockDir(filepath.Join(dir, "lock"))
	if err != nil {
		return nil, err
	}
	s, err := openLocked(dir, o)
	if err != nil {
		return nil, errors.Join(err, unlock())
	}
	s.lock = unlock
	return s, nil
}

// Exists reports whether a folder holds keys, or what is left of them: slots or a master key.
func Exists(dir string) bool {
	for _, name := range []string{"slots.bin", "master.key"} {
		if info, err := os.Stat(filepath.Join(dir, name)); err == nil && info.Size() > 0 {
			return true
		}
	}
	return false
}

func openLocked(dir string, o Options) (*Store, error) {
	slots, err := openFile(filepath.Join(dir, "slots.bin"))
	if err != nil {
		return nil, err
	}
	size, err := slots.Size()
	if err != nil {
		return nil, errors.Join(err, slots.Close())
	}
	path := o.Master
	if path == "" {
		path = filepath.Join(dir, "master.key")
	}
	master, err := loadMaster(path, size == 0)
	if err != nil {
		return nil, errors.Join(err, slots.Close())
	}
	table := func(name string, level int) (file, error) {
		return openFile(filepath.Join(dir, fmt.Sprintf("%s-%d.tab", name, level)))
	}
	levels := func(name string) int {
		found, _ := filepath.Glob(filepath.Join(dir, name+"-*.tab")) // Fails only for a bad pattern.
		return len(found)
	}
	return start(slots, master, o, table, levels)
}

// Memory is a key store without files, for worlds that are thrown away: tests, drills, studies. Its keys end with it.
func Memory() *Store {
	master := make([]byte, masterBytes)
	rand.Read(master) //nolint:errcheck // crypto/rand.Read never fails; it ends the program instead
	table := func(string, int) (file, error) { return &memory{}, nil }
	s, err := start(&memory{}, master, Options{}, table, func(string) int { return 0 })
	if err != nil {
		panic("keyfile: memory failed: " + err.Error()) // No disk is involved: only a bug of ours leads here.
	}
	s.lock = func() error { return nil }
	return s
}

func start(slots file, master []byte, o Options, table func(string, int) (file, error), levels func(string) int) (*Store, error) {
	s := &Store{
		batchSlots: o.BatchSlots, slots: slots,
		macKey: derive(master, "command hash"), nameKey: derive(master, "subject name"),
	}
	if s.batchSlots == 0 {
		s.batchSlots = batchSlotsDefault
	}
	if s.batchSlots < 16 {
		return nil, errors.Join(fault.New("keyfile.Open", fault.Invalid, "a batch needs at least 16 slots, not %d", s.batchSlots), slots.Close())
	}
	s.growth = uint64(min(firstBatchSlots, s.batchSlots))
	keys := o.CacheKeys
	if keys <= 0 {
		keys = cacheKeysDefault
	}
	s.byName, s.bySlot = newRecent[cad.Subject, uint64](keys), newRecent[uint64, cipher.AEAD](keys)
	err := func() (err error) {
		if s.slotAEAD, err = newAEAD(derive(master, "slots at rest")); err != nil {
			return err
		}
		if err = s.openSlots(derive(master, "slots header")); err != nil {
			return err
		}
		open := func(name string) (*tables, error) {
			return openTables(levels(name), func(level int) (file, error) { return table(name, level) })
		}
		if s.subjects, err = open("subjects"); err != nil {
			return err
		}
		s.erased, err = open("erased")
		return err
	}()
	if err != nil {
		return nil, errors.Join(err, s.closeFiles())
	}
	return s, nil
}

// Seal encrypts plain under the subject's key; a subject that has none gets the next slot. It waits for the disk only
// if keys are used up faster than they are made. Errors: journal.ErrErased after Destroy; fault.Unavailable when no
// key can be made, with journal.ErrFull in its chain if the disk is full.
func (s *Store) Seal(subject cad.Subject, plain []byte) (cad.Sealed, error) {
	slot, aead, err := s.keyFor(subject)
	if err != nil {
		return cad.Sealed{}, err
	}
	box := make([]byte, nonceBytes, nonceBytes+len(plain)+tagBytes)
	rand.Read(box) //nolint:errcheck // crypto/rand.Read never fails; it ends the program instead
	return cad.Sealed{Subject: subject, Slot: slot, Box: aead.Seal(box, box, plain, []byte(subject))}, nil
}

func (s *Store) keyFor(subject cad.Subject) (uint64, cipher.AEAD, error) {
	const op = "keyfile.Seal"
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return 0, nil, errClosed(op)
	}
	if slot, ok := s.byName.get(subject); ok {
		if aead, err := s.key(slot); err == nil {
			return slot, aead, nil
		}
	}
	name := s.name(subject)
	gone, err := s.erased.has(name)
	if err != nil {
		return 0, nil, err
	}
	if gone {
		return 0, nil, erasedError(op)
	}
	known, err := s.subjects.find(name)
	if err != nil {
		return 0, nil, err
	}
	for _, slot := range known {
		// A slot that cannot be read any more is damage, not erasure: the subject goes on with a new key.
		if aead, err := s.key(slot); err == nil {
			s.byName.put(subject, slot)
			return slot, aead, nil
		}
	}
	slot, err := s.take()
	if err != nil {
		return 0, nil, err
	}
	if other, ok := s.byName.get(subject); ok {
		slot = other // Someone was faster while this one waited for the disk. The slot just taken stays unused.
	}
	aead, err := s.key(slot)
	if err != nil {
		return 0, nil, err
	}
	s.byName.put(subject, slot)
	// The cache may fail to be written (a full disk); Adopt mends it, so a call is not refused for it.
	_ = s.subjects.add(name, slot)
	return slot, aead, nil
}

// Open decrypts a private part. Errors: journal.ErrErased after Destroy, journal.ErrCorrupt if the bytes, the subject
// or the key are not those of sealing.
func (s *Store) Open(sealed cad.Sealed) ([]byte, error) {
	const op = "keyfile.Open"
	aead, err := s.opening(op, sealed)
	if err != nil {
		return nil, err
	}
	return unseal(op, aead, sealed)
}

func (s *Store) opening(op string, sealed cad.Sealed) (cipher.AEAD, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, errClosed(op)
	}
	if aead, ok := s.bySlot.get(sealed.Slot); ok {
		return aead, nil
	}
	// The tombstone is asked before the slot: a crash between the two leaves a key that counts as destroyed.
	gone, err := s.erased.has(s.name(sealed.Subject))
	if err != nil {
		return nil, err
	}
	if gone {
		return nil, erasedError(op)
	}
	return s.key(sealed.Slot)
}

// Adopt tells the store which slot a subject uses, as read from the journal. It believes a record only if its box opens
// with that slot's key, so that a damaged record cannot lead Destroy to another subject's key. If the subject was
// erased and the slot is still there, the slot is destroyed now.
func (s *Store) Adopt(sealed cad.Sealed) {
	if sealed.IsZero() {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return
	}
	if slot, ok := s.byName.get(sealed.Subject); ok && slot == sealed.Slot {
		return
	}
	name := s.name(sealed.Subject)
	gone, err := s.erased.has(name)
	if err != nil {
		return
	}
	known, err := s.subjects.find(name)
	if err != nil {
		return
	}
	if !gone && slices.Contains(known, sealed.Slot) {
		s.byName.put(sealed.Subject, sealed.Slot)
		return
	}
	aead, err := s.key(sealed.Slot)
	if err != nil {
		return // Destroyed or damaged: nothing to learn.
	}
	if _, err := unseal("keyfile.Adopt", aead, sealed); err != nil {
		return
	}
	if gone {
		s.bySlot.drop(sealed.Slot)
		_ = s.wipe(sealed.Slot) // The tombstone stands already, so Open and Seal refuse either way.
		return
	}
	s.byName.put(sealed.Subject, sealed.Slot)
	_ = s.subjects.add(name, sealed.Slot) // A cache; the next start learns it again.
}

// Destroy makes everything sealed for the subject unreadable for ever, also for a subject that never had a key. First
// the tombstone is synced, then the slots are overwritten with zeros and synced; so after a crash in between it has
// happened, and doing it again is harmless. It destroys the slots that the store knows of: before it the caller hands
// the subject's own records to Adopt, in case the cache had been lost.
func (s *Store) Destroy(subject cad.Subject) error {
	const op = "keyfile.Destroy"
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return errClosed(op)
	}
	name := s.name(subject)
	known, err := s.subjects.find(name)
	if err != nil {
		return err
	}
	if slot, ok := s.byName.get(subject); ok {
		known = append(known, slot)
	}
	gone, err := s.erased.has(name)
	if err != nil {
		return err
	}
	if !gone {
		if err := s.erased.add(name, 0); err != nil {
			return fault.Wrap(op, fault.Unavailable, err, "the erasure could not be written down")
		}
	}
	if err := s.erased.sync(); err != nil {
		return fault.Wrap(op, fault.Unavailable, err, "the erasure could not be written down")
	}
	s.byName.drop(subject)
	for _, slot := range known {
		s.bySlot.drop(slot)
	}
	if err := s.wipe(known...); err != nil {
		return fault.Wrap(op, fault.Unavailable, err, "a key could not be overwritten")
	}
	return nil
}

// MAC is HMAC-SHA-256 under a key derived from the master key: the same after every start, useless to anyone without it.
func (s *Store) MAC(data []byte) [32]byte {
	h := hmac.New(sha256.New, s.macKey)
	h.Write(data)
	return [32]byte(h.Sum(nil))
}

// Close waits for a batch in the making, cuts off the slots that nobody got and lets go of the files. Doing it twice
// is harmless.
func (s *Store) Close() error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil
	}
	s.closed = true
	waiting := s.refill
	s.mu.Unlock()
	if waiting != nil {
		<-waiting
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	err := s.subjects.sync()
	if s.broken == nil {
		err = errors.Join(err, s.slots.Truncate(slotOffset(s.next)), s.slots.Sync())
	}
	return errors.Join(err, s.closeFiles(), s.lock())
}

func (s *Store) closeFiles() error {
	err := s.slots.Close()
	for _, t := range []*tables{s.subjects, s.erased} {
		if t != nil {
			err = errors.Join(err, t.close())
		}
	}
	return err
}
