package sqlite

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"slices"
	"strings"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
	"shuniu/internal/journal"
)

// Begin takes a new epoch. After a failed append it opens the file anew, so that the journal's end is what the
// disk holds and not what was hoped for.
func (s *Store) Begin(ctx context.Context) (journal.Epoch, journal.Head, error) {
	if err := s.writable(ctx); err != nil {
		return 0, journal.Head{}, err
	}
	s.write.Lock()
	defer s.write.Unlock()
	fail := func(err error) (journal.Epoch, journal.Head, error) {
		s.broken = err
		return 0, journal.Head{}, err
	}
	if s.epoch != 0 && s.broken != nil && !errors.Is(s.broken, journal.ErrFull) {
		if s.w != nil {
			err := s.w.close()
			s.w = nil
			if err != nil {
				return fail(err)
			}
		}
	}
	if s.w == nil {
		if err := s.openWriter(); err != nil {
			return fail(err)
		}
	}
	if err := s.w.exec("UPDATE meta SET value=CAST(CAST(value AS INTEGER)+1 AS TEXT) WHERE name='epoch'"); err != nil {
		return fail(err)
	}
	epoch, err := s.w.number("SELECT CAST(value AS INTEGER) FROM meta WHERE name='epoch'")
	if err != nil {
		return fail(err)
	}
	last, err := s.headOf(s.w)
	if err != nil {
		return fail(err)
	}
	lastID, err := s.w.number("SELECT max(id) FROM answers")
	if err != nil {
		return fail(err)
	}
	s.epoch, s.last, s.lastID, s.broken = journal.Epoch(epoch), last, lastID, nil
	return s.epoch, last, nil
}

// Renew is Begin: the lock on the file has kept everybody else out since this store was opened.
func (s *Store) Renew(ctx context.Context) (journal.Epoch, journal.Head, error) { return s.Begin(ctx) }

func (s *Store) writable(ctx context.Context) error {
	if s.opt.ReadOnly {
		return fault.New("sqlite", fault.Invalid, "%s was opened for reading only", s.path)
	}
	return s.usable(ctx)
}

// Append stores records and answers in one transaction with one fsync. The context is asked before the work
// begins and not after: from then on only the disk can say what is stored.
func (s *Store) Append(ctx context.Context, epoch journal.Epoch, after cad.Seq, records []journal.Record, answers []journal.Answer) error {
	const op = "sqlite.Append"
	if err := s.writable(ctx); err != nil {
		return err
	}
	b, err := s.encode(after, records, answers)
	s.write.Lock()
	defer s.write.Unlock()
	switch {
	case s.w == nil && s.closed.Load():
		return ErrClosed
	case epoch != s.epoch && s.epoch != 0:
		return fault.Wrap(op, fault.Unavailable, journal.ErrEpoch, "epoch %d is over, %d has begun", epoch, s.epoch)
	case s.broken != nil:
		return fmt.Errorf("sqlite: no append before Begin: %w", s.broken)
	case err != nil:
	case after != s.last.Seq:
		err = fault.Wrap(op, fault.Internal, journal.ErrPosition, "the journal ends at %d, not at %d", s.last.Seq, after)
	default:
		err = s.store(b)
	}
	if err != nil {
		s.broken = err
		return err
	}
	if n := len(records); n > 0 {
		s.last = journal.Head{Seq: records[n-1].Seq, At: records[n-1].At}
	}
	s.lastID = max(s.lastID, b.answersID)
	if n, err := s.w.written(); err != nil || n-s.moved >= checkpointPages {
		go s.moveLog() // Whoever waits for this append need not wait for that.
	}
	return nil
}

// moveLog moves the write-ahead log into the main file, so that the log can begin again. SQLite would do so by itself
// within a commit, but it would say nothing of a sync that failed there. What was appended before is safe in the log
// either way; after a failure nothing more is taken before Begin has opened the file anew.
func (s *Store) moveLog() {
	s.write.Lock()
	defer s.write.Unlock()
	if s.w == nil || s.broken != nil {
		return
	}
	n, err := s.w.written()
	if err == nil && n-s.moved < checkpointPages {
		return // Done already: appends were faster than this.
	}
	if err == nil {
		_, err = s.w.number("PRAGMA wal_checkpoint(PASSIVE)")
	}
	if err != nil {
		s.broken = err
		return
	}
	s.moved = n
}

// batch is one append in the shape of its rows.
type batch struct {
	records   []any // seq, sum, body
	subjects  []any // subject, seq, more
	lives     []*life
	keys      []any // actor, key, id: the id is filled in when it is known
	answers   []byte
	answersAt time.Time
	answersID int64
}

func (s *Store) encode(after cad.Seq, records []journal.Record, answers []journal.Answer) (*batch, error) {
	b := &batch{records: make([]any, 0, 3*len(records)), subjects: make([]any, 0, 3*len(records)), keys: make([]any, 0, 3*len(answers))}
	lives := make(map[cad.Subject]*life, len(records))
	for i := range records {
		r := &records[i]
		if r.Seq != after+cad.Seq(i)+1 || (s.opt.Centre != "" && r.Centre != s.opt.Centre) {
			return nil, fault.Wrap("sqlite.Append", fault.Internal, journal.ErrPosition, "record %d of %q does not follow %d", r.Seq, r.Centre, after+cad.Seq(i))
		}
		body, err := r.Bytes()
		if err != nil {
			return nil, err
		}
		b.records = append(b.records, int64(r.Seq), sum(int64(r.Seq), body), body)
		b.name(lives, r)
	}
	for i, l := range b.lives { // More is known only now.
		if l.more != nil {
			b.subjects[3*i+2] = l.more
		}
	}
	if len(answers) == 0 {
		return b, nil
	}
	for _, a := range answers {
		b.keys = append(b.keys, string(a.Actor), a.Key, int64(0))
		if a.At.After(b.answersAt) {
			b.answersAt = a.At
		}
	}
	var err error
	if b.answers, err = json.Marshal(answers); err != nil {
		return nil, fmt.Errorf("sqlite: the answers cannot be written: %w", err)
	}
	return b, nil
}

// life is what one append says about one subject.
type life struct {
	last cad.Seq
	more []byte // Distances between its records, as varints; nil if there is one record.
}

// name adds a record to the rows of its subjects.
func (b *batch) name(lives map[cad.Subject]*life, r *journal.Record) {
	for _, sub := range distinct(r.Subjects) {
		l := lives[sub]
		if l == nil {
			l = &life{last: r.Seq}
			lives[sub] = l
			b.lives = append(b.lives, l)
			b.subjects = append(b.subjects, string(sub), int64(r.Seq), nil)
			continue
		}
		l.more = binary.AppendUvarint(l.more, uint64(r.Seq-l.last)) //nolint:gosec // Sequences grow.
		l.last = r.Seq
	}
}

func (s *Store) store(b *batch) error {
	if err := s.w.exec("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	err := s.insert(b)
	if err == nil {
		err = s.w.exec("COMMIT")
	}
	if err == nil {
		return nil
	}
	// SQLite may have rolled back by itself; a second time is refused and harmless.
	_ = s.w.exec("ROLLBACK")
	return err
}

func (s *Store) insert(b *batch) error {
	if err := s.rows("INSERT INTO records VALUES", 3, b.records); err != nil {
		return err
	}
	if err := s.rows("INSERT INTO subjects VALUES", 3, b.subjects); err != nil {
		return err
	}
	if b.answers == nil {
		return nil
	}
	// The row's id is the newest answer's time in nanoseconds, made unique: the order of ids is the order of time.
	b.answersID = max(b.answersAt.UnixNano(), s.lastID+1)
	for i := 2; i < len(b.keys); i += 3 {
		b.keys[i] = b.answersID
	}
	if err := s.rows("INSERT INTO answer_keys VALUES", 3, b.keys); err != nil {
		return err
	}
	return s.w.exec("INSERT INTO answers VALUES(?,?,?)", b.answersID, sum(b.answersID, b.answers), b.answers)
}

// rowsAtOnce is how many rows one statement inserts; measured: 8 is faster than 1 and than 32.
const rowsAtOnce = 8

func (s *Store) rows(insert string, width int, values []any) error {
	for len(values) > 0 {
		n := rowsAtOnce
		if len(values) < n*width {
			n = 1
		}
		if err := s.w.exec(statement(insert, width, n), values[:n*width]...); err != nil {
			return err
		}
		values = values[n*width:]
	}
	return nil
}

func statement(insert string, width, rows int) string {
	row := "(?" + strings.Repeat(",?", width-1) + ")"
	return insert + row + strings.Repeat(","+row, rows-1)
}

// sum covers the sequence too: a whole body in a wrong place is damage.
func sum(seq int64, body []byte) int64 {
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], uint64(seq))
	return int64(crc32.Update(crc32.Checksum(b[:], castagnoli()), castagnoli(), body))
}

// distinct leaves out repeated subjects; a record has few, so no map is needed.
func distinct(subjects []cad.Subject) []cad.Subject {
	for i, sub := range subjects {
		if slices.Contains(subjects[:i], sub) {
			out := slices.Clone(subjects[:i])
			for _, later := range subjects[i:] {
				if !slices.Contains(out, later) {
					out = append(out, later)
				}
			}
			return out
		}
	}
	return subjects
}

// ForgetAnswers removes answers given before a moment, in pieces that do not hold up an append for long.
func (s *Store) ForgetAnswers(ctx context.Context, before time.Time) error {
	if err := s.writable(ctx); err != nil {
		return err
	}
	for {
		n, err := s.forget(before)
		if err != nil || n == 0 {
			return err
		}
		if err := s.usable(ctx); err != nil {
			return err
		}
	}
}
