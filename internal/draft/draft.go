// Package draft keeps what is typed and not stored yet: forms of calls, beside the journal. A draft is no fact. It is
// sealed before it touches the disk, replaced whole, and gone when its incident is stored. A form works without it; it must
// never hold up a call, and never be where anything is decided.
package draft

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
	"shuniu/internal/journal"
)

// Limits of drafts.
const (
	BodyMax  = 64 << 10 // 64 KiB: a form, not a file.
	EachMax  = 20       // Of one person; his oldest gives way.
	AllMax   = 1000
	Lifetime = 24 * time.Hour // Of the machine's own time.
	Between  = time.Second    // Two writes of one draft are at least so far apart.
)

const (
	magic       = "shuniu draft 1\n"
	headerBytes = len(magic) + 8 + 2 // magic, slot, length of the subject.
	ending      = ".draft"
	partPrefix  = ".part-"
)

// Draft is a form as it stands.
type Draft struct {
	ID    string          `json:"id"` // That of the incident to be.
	Call  cad.CallID      `json:"call,omitempty"`
	Seat  cad.SeatID      `json:"seat,omitempty"`
	Actor cad.ActorID     `json:"actor"`
	At    time.Time       `json:"at"` // By the world's clock.
	Body  json.RawMessage `json:"body"`
}

// kept is a draft with when it was written, by the machine's clock.
type kept struct {
	Draft
	Written time.Time `json:"written"`
}

// Store is a folder of drafts. It is safe for use by several goroutines. Make it with Open.
type Store struct {
	dir  string
	keys journal.Keys
	now  func() time.Time

	mu   sync.Mutex
	held map[string]kept
}

// Open reads a folder, or makes it. Drafts that are too old, half written or cannot be opened any more are removed; lost says
// how many were of the last kind. The keys stay the caller's to close. now is the machine's clock; nil means the real one.
func Open(dir string, keys journal.Keys, now func() time.Time) (s *Store, lost int, err error) {
	if now == nil {
		now = time.Now
	}
	s = &Store{dir: dir, keys: keys, now: now, held: map[string]kept{}}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, 0, fault.Wrap("draft.Open", fault.Unavailable, err, "the folder of drafts cannot be made")
	}
	files, err := os.ReadDir(dir)
	if err != nil {
		return nil, 0, fault.Wrap("draft.Open", fault.Unavailable, err, "the folder of drafts cannot be read")
	}
	for _, f := range files {
		path := filepath.Join(dir, f.Name())
		k, err := s.load(path)
		fresh := err == nil && s.now().Sub(k.Written) < Lifetime
		if fresh && s.path(k.ID) == path {
			s.held[k.ID] = k
			continue
		}
		if err != nil && filepath.Ext(path) == ending {
			lost++
		}
		if err := os.Remove(path); err != nil {
			return nil, lost, fault.Wrap("draft.Open", fault.Unavailable, err, "an old draft cannot be removed")
		}
	}
	return s, lost, nil
}

// path is the file of a draft. Its name tells nothing.
func (s *Store) path(id string) string {
	sum := sha256.Sum256([]byte(id))
	return filepath.Join(s.dir, hex.EncodeToString(sum[:16])+ending)
}

// subject is whose key seals a draft: the incident's that it will be, so that erasing that one erases what was left of it.
func subject(id string) cad.Subject { return cad.SubjectOf("incident", id) }

// Put keeps a draft in place of the one before. When it returns, killing the program does not lose it. Errors: fault.Invalid
// for a body that is no object or too long; fault.Conflict, code too_often, within a second of the last one; fault.Unavailable
// when there are too many, or the disk refuses.
func (s *Store) Put(d Draft) error {
	const op = "draft.Put"
	if err := check(d); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	s.expire(now)
	before, had := s.held[d.ID]
	if wait := Between - now.Sub(before.Written); had && wait > 0 {
		return fault.New(op, fault.Conflict, "the draft was kept a moment ago").Because("too_often", "wait_ms", fmt.Sprint(wait.Milliseconds()+1)).
			Mend("send the newest again after a second")
	}
	if !had {
		if err := s.makeRoom(d.Actor); err != nil {
			return err
		}
	}
	k := kept{Draft: d, Written: now}
	if err := s.write(k); err != nil {
		return fault.Wrap(op, fault.Unavailable, err, "the draft was not kept").Because("not_stored").Mend("go on: the form itself still holds it")
	}
	s.held[d.ID] = k
	return nil
}

func check(d Draft) error {
	const op = "draft.Put"
	switch body := bytes.TrimSpace(d.Body); {
	case d.ID == "" || d.Actor == "":
		return fault.New(op, fault.Internal, "a draft needs an id and somebody who wrote it")
	case len(body) > BodyMax:
		return fault.New(op, fault.Invalid, "a draft has at most %d KiB", BodyMax>>10).Because("draft_too_long").At("body").Mend("store the incident, and note the rest")
	case len(body) == 0 || body[0] != '{' || !json.Valid(body):
		return fault.New(op, fault.Invalid, "a draft is an object").Because("bad_draft").At("body").Mend("send the fields of the form")
	}
	return nil
}

// makeRoom lets a person's oldest draft give way. The caller holds the lock.
func (s *Store) makeRoom(who cad.ActorID) error {
	if len(s.held) >= AllMax {
		return fault.New("draft.Put", fault.Unavailable, "there are %d drafts already", AllMax).Because("drafts_full").Mend("go on: the form itself still holds it")
	}
	var oldest kept
	n := 0
	for _, k := range s.held {
		if k.Actor != who {
			continue
		}
		if n++; oldest.ID == "" || k.Written.Before(oldest.Written) {
			oldest = k
		}
	}
	if n >= EachMax {
		s.drop(oldest.ID)
	}
	return nil
}

// expire drops what is too old. The caller holds the lock.
func (s *Store) expire(now time.Time) {
	for id, k := range s.held {
		if now.Sub(k.Written) >= Lifetime {
			s.drop(id)
		}
	}
}

// drop forgets a draft. A file that cannot be removed now is removed by the next start, because its incident is stored or it
// is too old. The caller holds the lock.
func (s *Store) drop(id string) {
	delete(s.held, id)
	_ = os.Remove(s.path(id)) // See above.
}

// Drop forgets a draft, if there is one.
func (s *Store) Drop(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.held[id]; ok {
		s.drop(id)
	}
}

// Get is one draft; false if there is none.
func (s *Store) Get(id string) (Draft, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.expire(s.now())
	k, ok := s.held[id]
	return k.Draft, ok
}

// All are the drafts, the newest first.
func (s *Store) All() []Draft {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.expire(s.now())
	list := make([]kept, 0, len(s.held))
	for _, k := range s.held {
		list = append(list, k)
	}
	slices.SortFunc(list, func(a, b kept) int { return cmp.Or(b.Written.Compare(a.Written), cmp.Compare(a.ID, b.ID)) })
	out := make([]Draft, 0, len(list))
	for _, k := range list {
		out = append(out, k.Draft)
	}
	return out
}

// write seals a draft and puts its file in place, whole or not at all. It does not wait for the disk: what the kernel
// has outlives the program, and a loss of power leaves the draft that the browser keeps (ADR 0015).
func (s *Store) write(k kept) error {
	plain, err := json.Marshal(k)
	if err != nil {
		return fmt.Errorf("draft: %w", err)
	}
	sealed, err := s.keys.Seal(subject(k.ID), plain)
	if err != nil {
		return fmt.Errorf("draft: %w", err)
	}
	f, err := os.CreateTemp(s.dir, partPrefix) // Mode 0600.
	if err != nil {
		return fmt.Errorf("draft: %w", err)
	}
	_, err = f.Write(encode(sealed))
	err = errors.Join(err, f.Close())
	if err == nil {
		err = os.Rename(f.Name(), s.path(k.ID))
	}
	if err != nil {
		return errors.Join(fmt.Errorf("draft: %w", err), os.Remove(f.Name()))
	}
	return nil
}

func encode(s cad.Sealed) []byte {
	b := make([]byte, 0, headerBytes+len(s.Subject)+len(s.Box))
	b = append(b, magic...)
	b = binary.BigEndian.AppendUint64(b, s.Slot)
	b = binary.BigEndian.AppendUint16(b, uint16(len(s.Subject))) //nolint:gosec // A subject has at most 100 bytes.
	return append(append(b, s.Subject...), s.Box...)
}

// load reads a file of the folder; whatever it holds, it is a draft or an error.
func (s *Store) load(path string) (k kept, err error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return k, fmt.Errorf("draft: %w", err)
	}
	if len(b) < headerBytes || string(b[:len(magic)]) != magic {
		return k, fmt.Errorf("draft: %w", fs.ErrInvalid)
	}
	n := int(binary.BigEndian.Uint16(b[headerBytes-2:]))
	if len(b) < headerBytes+n {
		return k, fmt.Errorf("draft: %w", fs.ErrInvalid)
	}
	plain, err := s.keys.Open(cad.Sealed{
		Slot: binary.BigEndian.Uint64(b[len(magic):]), Subject: cad.Subject(b[headerBytes : headerBytes+n]), Box: b[headerBytes+n:],
	})
	if err != nil {
		return k, fmt.Errorf("draft: %w", err)
	}
	if err := json.Unmarshal(plain, &k); err != nil {
		return k, fmt.Errorf("draft: %w", err)
	}
	return k, nil
}
