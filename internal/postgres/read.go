package postgres

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/mod/sumdb/tlog"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
	"shuniu/internal/journal"
)

// chunk is how many rows one query gives. A reader keeps no query open while its caller works.
const chunk = 512

// Head is the end of what is durable: PostgreSQL shows a commit to others only after its log is on the disk.
func (s *Store) Head(ctx context.Context) (head journal.Head, err error) {
	if err := s.usable(ctx); err != nil {
		return journal.Head{}, err
	}
	err = s.readers.use(ctx, func(c *pgx.Conn) error {
		head, err = s.headOf(ctx, c)
		return err
	})
	return head, err
}

func (s *Store) headOf(ctx context.Context, c *pgx.Conn) (journal.Head, error) {
	var r row
	err := c.QueryRow(ctx, "SELECT seq,sum,body FROM records WHERE centre=$1 ORDER BY seq DESC LIMIT 1", s.centre).Scan(&r.seq, &r.sum, &r.body)
	if errors.Is(err, pgx.ErrNoRows) {
		return journal.Head{}, nil
	}
	if err != nil {
		return journal.Head{}, translate("postgres.Head", err)
	}
	rec, err := s.parse(r)
	return journal.Head{Seq: rec.Seq, At: rec.At}, err
}

// row is one stored record.
type row struct {
	seq, sum int64
	body     []byte
}

func (s *Store) checked(r row) error {
	if sum(r.seq, r.body) != r.sum {
		return corrupt(s.centre, fmt.Sprintf("record %d is damaged", r.seq), nil)
	}
	return nil
}

func (s *Store) parse(r row) (journal.Record, error) {
	if err := s.checked(r); err != nil {
		return journal.Record{}, err
	}
	rec, err := journal.ParseRecord(r.body)
	if err != nil {
		return rec, corrupt(s.centre, fmt.Sprintf("record %d is no record", r.seq), err)
	}
	if rec.Seq != cad.Seq(r.seq) {
		return rec, corrupt(s.centre, fmt.Sprintf("record %d stands in the place of %d", rec.Seq, r.seq), nil)
	}
	return rec, nil
}

func scanRow(rows pgx.CollectableRow) (row, error) {
	var r row
	err := rows.Scan(&r.seq, &r.sum, &r.body)
	return r, err
}

// records gives up to limit rows after a sequence. What stands before a gap or damage is given beside the error.
func (s *Store) records(ctx context.Context, c *pgx.Conn, after cad.Seq, limit int) ([]row, error) {
	found, err := c.Query(ctx, "SELECT seq,sum,body FROM records WHERE centre=$1 AND seq>$2 ORDER BY seq LIMIT $3", s.centre, int64(after), limit)
	if err != nil {
		return nil, translate("postgres.Read", err)
	}
	rows, err := pgx.CollectRows(found, scanRow)
	if err != nil {
		return nil, translate("postgres.Read", err)
	}
	for i, r := range rows {
		if want := int64(after) + int64(i) + 1; r.seq != want {
			return rows[:i], corrupt(s.centre, fmt.Sprintf("record %d is missing", want), nil)
		}
		if err := s.checked(r); err != nil {
			return rows[:i], err
		}
	}
	return rows, nil
}

func (s *Store) bodies(ctx context.Context, after, to cad.Seq) iter.Seq2[row, error] {
	return func(yield func(row, error) bool) {
		for after = max(after, 0); after < to; {
			var rows []row
			err := s.usable(ctx)
			if err == nil {
				err = s.readers.use(ctx, func(c *pgx.Conn) (err error) {
					rows, err = s.records(ctx, c, after, int(min(chunk, to-after)))
					return err
				})
			}
			for _, r := range rows {
				if !yield(r, nil) {
					return
				}
				after = cad.Seq(r.seq)
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
				r, err = s.parse(b)
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
			seen = cad.Seq(b.seq)
		}
		if seen < to {
			yield(tlog.Hash{}, fault.Wrap("postgres.Leaves", fault.Internal, journal.ErrPosition, "there is no record %d", seen+1))
		}
	}
}

// BySubject gives the records about one life, in order.
func (s *Store) BySubject(ctx context.Context, subject cad.Subject) iter.Seq2[journal.Record, error] {
	return func(yield func(journal.Record, error) bool) {
		for after := int64(0); ; {
			var rows []row
			err := s.usable(ctx)
			if err == nil {
				err = s.readers.use(ctx, func(c *pgx.Conn) error {
					found, err := c.Query(ctx, `SELECT s.seq,coalesce(r.sum,-1),r.body FROM subjects s LEFT JOIN records r ON r.centre=s.centre AND r.seq=s.seq
						WHERE s.centre=$1 AND s.subject=$2 AND s.seq>$3 ORDER BY s.seq LIMIT $4`, s.centre, string(subject), after, chunk)
					if err == nil {
						rows, err = pgx.CollectRows(found, scanRow)
					}
					return translate("postgres.BySubject", err)
				})
			}
			if err != nil {
				yield(journal.Record{}, err)
				return
			}
			for _, b := range rows {
				r, err := s.parse(b)
				if err == nil && !slices.Contains(r.Subjects, subject) {
					err = corrupt(s.centre, fmt.Sprintf("the index of subjects names record %d wrongly", b.seq), nil)
				}
				if !yield(r, err) || err != nil {
					return
				}
				after = b.seq
			}
			if len(rows) < chunk {
				return
			}
		}
	}
}

const answerColumns = "SELECT actor,key,hash,body,seq,at_ns,id FROM answers WHERE centre=$1 "

// told is an answer with its place in the order of answers.
type told struct {
	journal.Answer
	id, at int64
}

func scanAnswer(rows pgx.CollectableRow) (told, error) {
	var a told
	var hash []byte
	err := rows.Scan(&a.Actor, &a.Key, &hash, &a.Body, &a.Seq, &a.at, &a.id)
	copy(a.Hash[:], hash)
	a.At = time.Unix(0, a.at).UTC()
	return a, err
}

// Answer finds what a command was told.
func (s *Store) Answer(ctx context.Context, actor cad.ActorID, key string) (found journal.Answer, ok bool, err error) {
	if err := s.usable(ctx); err != nil {
		return found, false, err
	}
	err = s.readers.use(ctx, func(c *pgx.Conn) error {
		rows, err := c.Query(ctx, answerColumns+"AND actor=$2 AND key=$3", s.centre, string(actor), key)
		if err != nil {
			return translate("postgres.Answer", err)
		}
		all, err := pgx.CollectRows(rows, scanAnswer)
		if len(all) > 0 {
			found, ok = all[0].Answer, true
		}
		return translate("postgres.Answer", err)
	})
	return found, ok, err
}

// AnswersSince gives the answers from a moment on, oldest first.
func (s *Store) AnswersSince(ctx context.Context, at time.Time) iter.Seq2[journal.Answer, error] {
	return func(yield func(journal.Answer, error) bool) {
		from, id := nanos(at), int64(0)
		for {
			var all []told
			err := s.usable(ctx)
			if err == nil {
				err = s.readers.use(ctx, func(c *pgx.Conn) error {
					rows, err := c.Query(ctx, answerColumns+"AND (at_ns,id)>($2,$3) ORDER BY at_ns,id LIMIT $4", s.centre, from, id, chunk)
					if err == nil {
						all, err = pgx.CollectRows(rows, scanAnswer)
					}
					return translate("postgres.AnswersSince", err)
				})
			}
			if err != nil {
				yield(journal.Answer{}, err)
				return
			}
			for _, a := range all {
				if !yield(a.Answer, nil) {
					return
				}
				from, id = a.at, a.id
			}
			if len(all) < chunk {
				return
			}
		}
	}
}

// ForgetAnswers removes answers given before a moment.
func (s *Store) ForgetAnswers(ctx context.Context, before time.Time) error {
	if err := s.usable(ctx); err != nil {
		return err
	}
	return s.readers.use(ctx, func(c *pgx.Conn) error {
		_, err := c.Exec(ctx, "DELETE FROM answers WHERE centre=$1 AND at_ns<$2", s.centre, nanos(before))
		return translate("postgres.ForgetAnswers", err)
	})
}

// SaveSnapshot keeps a snapshot and drops all but the newest two.
func (s *Store) SaveSnapshot(ctx context.Context, snap journal.Snapshot) error {
	if err := s.usable(ctx); err != nil {
		return err
	}
	leaf, err := s.leafAt(ctx, snap.Seq)
	if err != nil {
		return err
	}
	return s.readers.use(ctx, func(c *pgx.Conn) error {
		err := pgx.BeginFunc(ctx, c, func(tx pgx.Tx) error {
			if _, err := tx.Exec(ctx, `INSERT INTO snapshots(centre,seq,hash,leaf,at_ns,state) VALUES($1,$2,$3,$4,$5,$6)
				ON CONFLICT(centre,seq) DO UPDATE SET hash=$3, leaf=$4, at_ns=$5, state=$6`,
				s.centre, int64(snap.Seq), snap.Hash[:], leaf[:], nanos(snap.At), append([]byte{}, snap.State...)); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, "DELETE FROM snapshots WHERE centre=$1 AND seq NOT IN (SELECT seq FROM snapshots WHERE centre=$1 ORDER BY seq DESC LIMIT 2)", s.centre)
			return err
		})
		return translate("postgres.SaveSnapshot", err)
	})
}

// LatestSnapshot is the newest one that is whole and belongs to this history.
func (s *Store) LatestSnapshot(ctx context.Context) (journal.Snapshot, bool, error) {
	if err := s.usable(ctx); err != nil {
		return journal.Snapshot{}, false, err
	}
	type stored struct {
		journal.Snapshot
		leaf []byte
	}
	var all []stored
	err := s.readers.use(ctx, func(c *pgx.Conn) error {
		rows, err := c.Query(ctx, "SELECT seq,hash,leaf,at_ns,state FROM snapshots WHERE centre=$1 ORDER BY seq DESC", s.centre)
		if err != nil {
			return translate("postgres.LatestSnapshot", err)
		}
		all, err = pgx.CollectRows(rows, func(r pgx.CollectableRow) (stored, error) {
			var snap stored
			var hash []byte
			var at int64
			err := r.Scan(&snap.Seq, &hash, &snap.leaf, &at, &snap.State)
			copy(snap.Hash[:], hash)
			snap.At = time.Unix(0, at).UTC()
			return snap, err
		})
		return translate("postgres.LatestSnapshot", err)
	})
	if err != nil {
		return journal.Snapshot{}, false, err
	}
	for _, snap := range all {
		leaf, err := s.leafAt(ctx, snap.Seq)
		if err == nil && bytes.Equal(leaf[:], snap.leaf) && sha256.Sum256(snap.State) == snap.Hash {
			return snap.Snapshot, true, nil
		}
	}
	return journal.Snapshot{}, false, nil
}

// leafAt is the leaf hash of one record; zero for sequence 0.
func (s *Store) leafAt(ctx context.Context, seq cad.Seq) (tlog.Hash, error) {
	for h, err := range s.Leaves(ctx, seq-1, seq) {
		return h, err
	}
	return tlog.Hash{}, nil
}

// Cursor is how far a reactor has answered, but never beyond the journal's end.
func (s *Store) Cursor(ctx context.Context, reactor string) (cad.Seq, error) {
	if err := s.usable(ctx); err != nil {
		return 0, err
	}
	var seq int64
	err := s.readers.use(ctx, func(c *pgx.Conn) error {
		err := c.QueryRow(ctx, "SELECT least(last,(SELECT seq FROM cursors WHERE centre=$1 AND reactor=$2)) FROM journals WHERE centre=$1 AND EXISTS(SELECT 1 FROM cursors WHERE centre=$1 AND reactor=$2)",
			s.centre, reactor).Scan(&seq)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		return translate("postgres.Cursor", err)
	})
	return cad.Seq(seq), err
}

// SetCursor keeps how far a reactor has answered. Its commit waits for no disk: a repeat is harmless.
func (s *Store) SetCursor(ctx context.Context, reactor string, seq cad.Seq) error {
	if err := s.usable(ctx); err != nil {
		return err
	}
	return s.readers.use(ctx, func(c *pgx.Conn) error {
		err := pgx.BeginFunc(ctx, c, func(tx pgx.Tx) error {
			if _, err := tx.Exec(ctx, "SET LOCAL synchronous_commit=off"); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, "INSERT INTO cursors(centre,reactor,seq) VALUES($1,$2,$3) ON CONFLICT(centre,reactor) DO UPDATE SET seq=$3", s.centre, reactor, int64(seq))
			return err
		})
		return translate("postgres.SetCursor", err)
	})
}
