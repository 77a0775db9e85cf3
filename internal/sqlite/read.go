package sqlite

import (
	"context"
	"database/sql/driver"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
	"shuniu/internal/journal"
)

// chunk is how many rows one query gives. A reader never keeps a query open while its caller works: an old read
// transaction would keep the log from being reused.
const chunk = 256

// Head is the end of what is durable: SQLite shows a commit to readers only after its fsync.
func (s *Store) Head(ctx context.Context) (head journal.Head, err error) {
	if err := s.usable(ctx); err != nil {
		return journal.Head{}, err
	}
	err = s.readers.use(func(c *conn) error {
		head, err = s.headOf(c)
		return err
	})
	return head, err
}

func (s *Store) headOf(c *conn) (journal.Head, error) {
	last, err := c.number("SELECT max(seq) FROM records")
	if err != nil || last == 0 {
		return journal.Head{}, err
	}
	head := journal.Head{Seq: cad.Seq(last)}
	err = s.records(c, head.Seq-1, 1, func(_ cad.Seq, body []byte) (bool, error) {
		r, err := parse(s.path, head.Seq, body)
		head.At = r.At
		return false, err
	})
	return head, err
}

// records gives up to limit stored bodies after a sequence, and refuses a gap and a wrong sum.
func (s *Store) records(c *conn, after cad.Seq, limit int, each func(cad.Seq, []byte) (bool, error)) error {
	next := after
	return c.query("SELECT seq,sum,body FROM records WHERE seq>? ORDER BY seq LIMIT ?", func(v []driver.Value) (bool, error) {
		seq, _ := v[0].(int64)
		next++
		if cad.Seq(seq) != next {
			return false, corrupt(s.path, fmt.Sprintf("record %d is missing", next), nil)
		}
		body, err := s.checked("record", v)
		if err != nil {
			return false, err
		}
		return each(next, body)
	}, int64(after), int64(limit))
}

// checked compares a row of id, sum and body.
func (s *Store) checked(what string, v []driver.Value) ([]byte, error) {
	id, _ := v[0].(int64)
	want, _ := v[1].(int64)
	body, ok := v[2].([]byte)
	if !ok || sum(id, body) != want {
		return nil, corrupt(s.path, fmt.Sprintf("%s %d is damaged", what, id), nil)
	}
	return body, nil
}

func parse(path string, seq cad.Seq, body []byte) (journal.Record, error) {
	r, err := journal.ParseRecord(body)
	if err != nil {
		return r, corrupt(path, fmt.Sprintf("record %d is no record", seq), err)
	}
	if r.Seq != seq {
		return r, corrupt(path, fmt.Sprintf("record %d stands in the place of %d", r.Seq, seq), nil)
	}
	return r, nil
}

// row is one stored body on its way to a caller.
type row struct {
	seq  cad.Seq
	body []byte
}

// bodies gives the stored bytes after a sequence, up to and including to.
func (s *Store) bodies(ctx context.Context, after, to cad.Seq) iter.Seq2[row, error] {
	return func(yield func(row, error) bool) {
		after = max(after, 0)
		rows := make([]row, 0, chunk)
		for after < to {
			rows = rows[:0]
			err := s.usable(ctx)
			if err == nil {
				err = s.readers.use(func(c *conn) error {
					return s.records(c, after, int(min(chunk, to-after)), func(seq cad.Seq, body []byte) (bool, error) {
						rows = append(rows, row{seq, body})
						return true, nil
					})
				})
			}
			for _, r := range rows {
				if !yield(r, nil) {
					return
				}
				after = r.seq
			}
			if err != nil {
				yield(row{}, err)
				return
			}
			if len(rows) == 0 {
				return
			}
		}
	}
}

// Read gives the records after a sequence, in order.
func (s *Store) Read(ctx context.Context, after cad.Seq) iter.Seq2[journal.Record, error] {
	const forever = cad.Seq(1<<62 - 1)
	return func(yield func(journal.Record, error) bool) {
		for b, err := range s.bodies(ctx, after, forever) {
			var r journal.Record
			if err == nil {
				r, err = parse(s.path, b.seq, b.body)
			}
			if !yield(r, err) || err != nil {
				return
			}
		}
	}
}

// Leaves gives the leaf hashes of records after..to, from the stored bytes.
func (s *Store) Leaves(ctx context.Context, after, to cad.Seq) iter.Seq2[tlog.Hash, error] {
	return func(yield func(tlog.Hash, error) bool) {
		seen := max(after, 0)
		for b, err := range s.bodies(ctx, after, to) {
			if err != nil {
				yield(tlog.Hash{}, err)
				return
			}
			if !yield(journal.Leaf(b.body), nil) {
				return
			}
			seen = b.seq
		}
		if seen < to {
			yield(tlog.Hash{}, fault.Wrap("sqlite.Leaves", fault.Internal, journal.ErrPosition, "there is no record %d", seen+1))
		}
	}
}

// BySubject gives the records about one life, in order.
func (s *Store) BySubject(ctx context.Context, subject cad.Subject) iter.Seq2[journal.Record, error] {
	return func(yield func(journal.Record, error) bool) {
		for from := cad.Seq(0); ; { // The first record of the next row of the index.
			var seqs []cad.Seq
			var rows []row
			err := s.usable(ctx)
			if err == nil {
				err = s.readers.use(func(c *conn) (err error) {
					if seqs, from, err = s.seqsFrom(c, subject, from); err == nil {
						rows, err = s.rowsAt(c, seqs)
					}
					return err
				})
			}
			for _, b := range rows {
				r, err := parse(s.path, b.seq, b.body)
				if err == nil && !slices.Contains(r.Subjects, subject) {
					err = corrupt(s.path, fmt.Sprintf("the index of subjects names record %d wrongly", b.seq), nil)
				}
				if !yield(r, err) || err != nil {
					return
				}
			}
			if err != nil {
				yield(journal.Record{}, err)
				return
			}
			if len(seqs) == 0 {
				return
			}
		}
	}
}

// seqsFrom reads the index of a subject from a row on, until it has a chunk of records, and says where the next row
// may begin.
func (s *Store) seqsFrom(c *conn, subject cad.Subject, from cad.Seq) (all []cad.Seq, next cad.Seq, err error) {
	err = c.query("SELECT seq,more FROM subjects WHERE subject=? AND seq>=? ORDER BY seq", func(v []driver.Value) (bool, error) {
		seqs, err := s.seqsOf(v)
		if err != nil {
			return false, err
		}
		all, next = append(all, seqs...), seqs[0]+1
		return len(all) < chunk, nil
	}, string(subject), int64(from))
	return all, next, err
}

// seqsOf reads a row of seq and more; there is one record at least.
func (s *Store) seqsOf(v []driver.Value) ([]cad.Seq, error) {
	first, _ := v[0].(int64)
	more, _ := v[1].([]byte)
	seqs := append(make([]cad.Seq, 0, 1+len(more)), cad.Seq(first))
	for len(more) > 0 {
		step, n := binary.Uvarint(more)
		if n <= 0 || step == 0 || step > 1<<32 { // No append is that long.
			return nil, corrupt(s.path, fmt.Sprintf("the index of subjects is damaged at record %d", first), nil)
		}
		seqs, more = append(seqs, seqs[len(seqs)-1]+cad.Seq(step)), more[n:] //nolint:gosec // Bounded above.
	}
	return seqs, nil
}

// rowsAt reads the records of an index.
func (s *Store) rowsAt(c *conn, seqs []cad.Seq) ([]row, error) {
	rows := make([]row, 0, len(seqs))
	for _, seq := range seqs {
		err := c.query("SELECT seq,sum,body FROM records WHERE seq=?", func(v []driver.Value) (bool, error) {
			body, err := s.checked("record", v)
			rows = append(rows, row{seq, body})
			return false, err
		}, int64(seq))
		if err == nil && (len(rows) == 0 || rows[len(rows)-1].seq != seq) {
			err = corrupt(s.path, fmt.Sprintf("record %d is missing", seq), nil)
		}
		if err != nil {
			return rows, err
		}
	}
	return rows, nil
}

// Answer finds what a command was told.
func (s *Store) Answer(ctx context.Context, actor cad.ActorID, key string) (found journal.Answer, ok bool, err error) {
	if err := s.usable(ctx); err != nil {
		return found, false, err
	}
	err = s.readers.use(func(c *conn) error {
		return c.query("SELECT a.id,a.sum,a.body FROM answer_keys k LEFT JOIN answers a ON a.id=k.id WHERE k.actor=? AND k.key=?",
			func(v []driver.Value) (bool, error) {
				all, err := s.answersOf(v)
				for _, a := range all {
					if a.Actor == actor && a.Key == key {
						found, ok = a, true
					}
				}
				if err == nil && !ok {
					err = corrupt(s.path, "an answer is missing from its row", nil)
				}
				return false, err
			}, string(actor), key)
	})
	return found, ok, err
}

func (s *Store) answersOf(v []driver.Value) ([]journal.Answer, error) {
	body, err := s.checked("the row of answers", v)
	if err != nil {
		return nil, err
	}
	var all []journal.Answer
	if err := json.Unmarshal(body, &all); err != nil {
		return nil, corrupt(s.path, "a row of answers cannot be read", err)
	}
	return all, nil
}

// AnswersSince gives the answers from a moment on, oldest first.
func (s *Store) AnswersSince(ctx context.Context, at time.Time) iter.Seq2[journal.Answer, error] {
	return func(yield func(journal.Answer, error) bool) {
		from := nanos(at)
		for {
			var answers []journal.Answer
			n := 0
			err := s.usable(ctx)
			if err == nil {
				err = s.readers.use(func(c *conn) error {
					return c.query("SELECT id,sum,body FROM answers WHERE id>=? ORDER BY id LIMIT 64", func(v []driver.Value) (bool, error) {
						n++
						more, err := s.answersOf(v)
						answers = append(answers, more...)
						if id, ok := v[0].(int64); ok {
							from = id + 1
						}
						return true, err
					}, from)
				})
			}
			if err != nil {
				yield(journal.Answer{}, err)
				return
			}
			for _, a := range answers {
				if !a.At.Before(at) && !yield(a, nil) {
					return
				}
			}
			if n == 0 {
				return
			}
		}
	}
}

// nanos is a moment as the id of answers; a moment before 1970, like the zero time, is 0.
func nanos(at time.Time) int64 {
	if at.Before(time.Unix(0, 0)) {
		return 0
	}
	return at.UnixNano()
}

// forget removes up to 64 rows of answers, all of whose answers are older, and says how many rows.
func (s *Store) forget(before time.Time) (n int, err error) {
	s.write.Lock()
	defer s.write.Unlock()
	if s.w == nil {
		return 0, ErrClosed
	}
	if err := s.w.exec("BEGIN IMMEDIATE"); err != nil {
		return 0, err
	}
	n, err = s.forgetRows(nanos(before))
	if err == nil {
		err = s.w.exec("COMMIT")
	}
	if err != nil {
		s.broken = err
		_ = s.w.exec("ROLLBACK") // SQLite may have done so already.
	}
	return n, err
}

func (s *Store) forgetRows(before int64) (int, error) {
	var ids []int64
	var old []journal.Answer
	if err := s.w.query("SELECT id,sum,body FROM answers WHERE id<? ORDER BY id LIMIT 64", func(v []driver.Value) (bool, error) {
		id, _ := v[0].(int64)
		ids = append(ids, id)
		all, err := s.answersOf(v)
		old = append(old, all...)
		return true, err
	}, before); err != nil {
		return 0, err
	}
	for _, a := range old {
		if err := s.w.exec("DELETE FROM answer_keys WHERE actor=? AND key=?", string(a.Actor), a.Key); err != nil {
			return 0, err
		}
	}
	for _, id := range ids {
		if err := s.w.exec("DELETE FROM answers WHERE id=?", id); err != nil {
			return 0, err
		}
	}
	return len(ids), nil
}
