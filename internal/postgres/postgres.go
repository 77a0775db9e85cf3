// Package postgres keeps the journals of many centres in one PostgreSQL database. The epoch in a centre's row is
// the fence: every append checks it in its own transaction, so a writer that was replaced can store nothing more.
package postgres

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
	"shuniu/internal/journal"
)

// ErrClosed is the answer of a store after Close.
var ErrClosed = errors.New("postgres: the store is closed")

// Options are the choices of one journal. The zero value of each means its default.
type Options struct {
	Schema            string // Where the tables are; empty means "shuniu".
	SynchronousCommit string // Forced for each session: "on" (default), or "remote_apply" with a synchronous standby.
}

// Store is one centre's journal. It is safe for use by many goroutines.
type Store struct {
	centre  string
	opt     Options
	config  *pgx.ConnConfig
	writer  string // This store among all that ever write to the journal.
	readers *pool
	closed  atomic.Bool

	write  sync.Mutex // Guards what follows.
	w      *pgx.Conn  // The writing session; nil before Begin and after a failure.
	begun  journal.Epoch
	broken error // Why no append is taken before Begin.
}

var _ journal.Store = (*Store)(nil)

// Open connects, brings the schema forward and checks the centre's journal; it makes one if there is none. Errors:
// journal.ErrCorrupt naming the place; a server that may lose what it acknowledged, and a standby, are refused.
func Open(ctx context.Context, dsn string, centre cad.CentreID, opt Options) (_ *Store, err error) {
	const op = "postgres.Open"
	if opt.Schema == "" {
		opt.Schema = "shuniu"
	}
	if strings.Trim(opt.Schema, "abcdefghijklmnopqrstuvwxyz0123456789_") != "" {
		return nil, fault.New(op, fault.Invalid, "a schema's name has small letters, digits and _ only: %q", opt.Schema).At("schema")
	}
	switch opt.SynchronousCommit {
	case "":
		opt.SynchronousCommit = "on"
	case "on", "remote_apply":
	default:
		return nil, fault.New(op, fault.Invalid, "synchronous_commit=%s may lose what it acknowledged", opt.SynchronousCommit)
	}
	config, err := pgx.ParseConfig(dsn)
	if err != nil {
		// The cause may repeat the password.
		return nil, fault.New(op, fault.Invalid, "the database address cannot be read").At("dsn")
	}
	config.RuntimeParams["search_path"] = `"` + opt.Schema + `"`
	config.RuntimeParams["synchronous_commit"] = opt.SynchronousCommit
	config.RuntimeParams["application_name"] = "shuniu"
	s := &Store{centre: string(centre), opt: opt, config: config, writer: rand.Text(), broken: errors.New("postgres: it has not begun")}
	s.readers = newPool(s.dial)
	defer func() {
		if err != nil {
			err = errors.Join(err, s.Close())
		}
	}()
	err = s.readers.use(ctx, func(c *pgx.Conn) error {
		if err := s.migrate(ctx, c); err != nil {
			return err
		}
		if _, err := c.Exec(ctx, "INSERT INTO journals(centre) VALUES($1) ON CONFLICT DO NOTHING", s.centre); err != nil {
			return translate(op, err)
		}
		return s.check(ctx, c)
	})
	if err != nil {
		return nil, err
	}
	return s, nil
}

// checkedRecords is how many of the last records Open reads.
const checkedRecords = 1000

// check compares the end that the centre's row names with the records, and reads the last ones.
func (s *Store) check(ctx context.Context, c *pgx.Conn) error {
	var last, newest, count int64
	if err := c.QueryRow(ctx, `SELECT j.last, (SELECT coalesce(max(seq),0) FROM records WHERE centre=$1), (SELECT count(*) FROM records WHERE centre=$1)
		FROM journals j WHERE centre=$1`, s.centre).Scan(&last, &newest, &count); err != nil {
		return translate("postgres.Open", err)
	}
	if last != newest || last != count {
		return corrupt(s.centre, fmt.Sprintf("its row ends it at %d, its last record is %d, and it holds %d", last, newest, count), nil)
	}
	_, err := s.records(ctx, c, cad.Seq(max(last-checkedRecords, 0)), checkedRecords)
	return err
}

func corrupt(centre, place string, cause error) error {
	return fault.Wrap("postgres", fault.Internal, errors.Join(journal.ErrCorrupt, cause), "the journal of %s: %s", centre, place).
		Mend("nothing was overwritten: keep a copy of the database, then restore the newest backup and compare it with the signed heads")
}

// Begin takes a new epoch. It waits for an append that is still under way, of this or of another process, so that
// the end it names is final.
func (s *Store) Begin(ctx context.Context) (journal.Epoch, journal.Head, error) {
	return s.take(ctx, false)
}

// Renew takes a new epoch if this store began the present one, also if it never heard that it did.
func (s *Store) Renew(ctx context.Context) (journal.Epoch, journal.Head, error) {
	return s.take(ctx, true)
}

func (s *Store) take(ctx context.Context, again bool) (journal.Epoch, journal.Head, error) {
	if err := s.usable(ctx); err != nil {
		return 0, journal.Head{}, err
	}
	s.write.Lock()
	defer s.write.Unlock()
	fail := func(err error) (journal.Epoch, journal.Head, error) {
		s.drop(err)
		return 0, journal.Head{}, err
	}
	if s.w == nil {
		var err error
		if s.w, err = s.dial(ctx); err != nil {
			return fail(err)
		}
	}
	var epoch, last int64
	err := s.w.QueryRow(ctx, "UPDATE journals SET epoch=epoch+1, writer=$2 WHERE centre=$1 AND (NOT $3 OR writer=$2) RETURNING epoch, last",
		s.centre, s.writer, again).Scan(&epoch, &last)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return fail(fault.Wrap("postgres.Renew", fault.Unavailable, journal.ErrEpoch, "epoch %d is over, another has begun", s.begun))
	case err != nil:
		return fail(translate("postgres.Begin", err))
	}
	head, err := s.headOf(ctx, s.w)
	if err == nil && head.Seq != cad.Seq(last) {
		// A newer writer may have begun and appended already; then this epoch is over anyway.
		err = fault.Wrap("postgres.Begin", fault.Unavailable, journal.ErrEpoch, "the journal went from %d to %d meanwhile", last, head.Seq)
	}
	if err != nil {
		return fail(err)
	}
	s.begun, s.broken = journal.Epoch(epoch), nil
	return s.begun, head, nil
}

// drop lets go of the writing session: after an error only a new one knows what is stored.
func (s *Store) drop(err error) {
	s.broken = err
	if s.w != nil {
		_ = hangUp(s.w) // It is of no use any more, whatever it says.
		s.w = nil
	}
}

// appendSQL is the whole append in one statement, and so in one transaction and one round trip. If the centre's
// row has another epoch or end, the first part finds nothing and nothing is stored.
const appendSQL = `
WITH fence AS (UPDATE journals SET last=$4 WHERE centre=$1 AND epoch=$2 AND last=$3 RETURNING centre),
r AS (INSERT INTO records(centre,seq,sum,body) SELECT centre,q,c,b FROM fence, unnest($5::bigint[],$6::bigint[],$7::bytea[]) AS t(q,c,b)),
s AS (INSERT INTO subjects(centre,subject,seq) SELECT centre,u,q FROM fence, unnest($8::text[],$9::bigint[]) AS t(u,q)),
a AS (INSERT INTO answers(centre,actor,key,hash,body,seq,at_ns)
	SELECT centre,x,k,h,b,q,n FROM fence, unnest($10::text[],$11::text[],$12::bytea[],$13::bytea[],$14::bigint[],$15::bigint[]) WITH ORDINALITY AS t(x,k,h,b,q,n,o) ORDER BY o)
SELECT count(*) FROM fence`

// Append stores records and answers, all or nothing. When ctx ends first, what is stored is unknown until Begin.
func (s *Store) Append(ctx context.Context, epoch journal.Epoch, after cad.Seq, records []journal.Record, answers []journal.Answer) error {
	if err := s.usable(ctx); err != nil {
		return err
	}
	args, err := s.encode(epoch, after, records, answers)
	s.write.Lock()
	defer s.write.Unlock()
	switch {
	case s.begun != 0 && epoch != s.begun:
		return fault.Wrap("postgres.Append", fault.Unavailable, journal.ErrEpoch, "epoch %d is over, %d has begun", epoch, s.begun)
	case s.broken != nil:
		return fmt.Errorf("postgres: no append before Begin: %w", s.broken)
	case err == nil:
		err = s.store(ctx, epoch, after, args)
	}
	if err != nil {
		s.drop(err)
	}
	return err
}

func (s *Store) store(ctx context.Context, epoch journal.Epoch, after cad.Seq, args []any) error {
	const op = "postgres.Append"
	var stored int
	if err := s.w.QueryRow(ctx, appendSQL, args...).Scan(&stored); err != nil {
		return translate(op, err)
	}
	if stored == 1 {
		return nil
	}
	var now, last int64
	if err := s.w.QueryRow(ctx, "SELECT epoch, last FROM journals WHERE centre=$1", s.centre).Scan(&now, &last); err != nil {
		return translate(op, err)
	}
	if journal.Epoch(now) != epoch {
		return fault.Wrap(op, fault.Unavailable, journal.ErrEpoch, "epoch %d is over, %d has begun", epoch, now)
	}
	return fault.Wrap(op, fault.Internal, journal.ErrPosition, "the journal ends at %d, not at %d", last, after)
}

func (s *Store) encode(epoch journal.Epoch, after cad.Seq, records []journal.Record, answers []journal.Answer) ([]any, error) {
	seqs, sums, bodies := make([]int64, 0, len(records)), make([]int64, 0, len(records)), make([][]byte, 0, len(records))
	subjects, of := make([]string, 0, 3*len(records)), make([]int64, 0, 3*len(records))
	for i, r := range records {
		if r.Seq != after+cad.Seq(i)+1 || string(r.Centre) != s.centre {
			return nil, fault.Wrap("postgres.Append", fault.Internal, journal.ErrPosition, "record %d of %q does not follow %d of %q", r.Seq, r.Centre, after+cad.Seq(i), s.centre)
		}
		body, err := r.Bytes()
		if err != nil {
			return nil, err
		}
		seqs, sums, bodies = append(seqs, int64(r.Seq)), append(sums, sum(int64(r.Seq), body)), append(bodies, body)
		for j, sub := range r.Subjects {
			if !slices.Contains(r.Subjects[:j], sub) {
				subjects, of = append(subjects, string(sub)), append(of, int64(r.Seq))
			}
		}
	}
	actors, keys := make([]string, 0, len(answers)), make([]string, 0, len(answers))
	hashes, told := make([][]byte, 0, len(answers)), make([][]byte, 0, len(answers))
	ends, times := make([]int64, 0, len(answers)), make([]int64, 0, len(answers))
	for _, a := range answers {
		actors, keys, hashes = append(actors, string(a.Actor)), append(keys, a.Key), append(hashes, a.Hash[:])
		told, ends, times = append(told, append([]byte{}, a.Body...)), append(ends, int64(a.Seq)), append(times, nanos(a.At))
	}
	return []any{
		s.centre, int64(epoch), int64(after), int64(after) + int64(len(records)),
		seqs, sums, bodies, subjects, of, actors, keys, hashes, told, ends, times,
	}, nil
}

// sum covers the sequence too: a whole body in a wrong place is damage.
func sum(seq int64, body []byte) int64 {
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], uint64(seq))
	table := crc32.MakeTable(crc32.Castagnoli)
	return int64(crc32.Update(crc32.Checksum(b[:], table), table, body))
}

// nanos is a moment in nanoseconds since 1970; a moment before that, like the zero time, is 0.
func nanos(at time.Time) int64 {
	if at.Before(time.Unix(0, 0)) {
		return 0
	}
	return at.UnixNano()
}

func (s *Store) usable(ctx context.Context) error {
	if s.closed.Load() {
		return ErrClosed
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("postgres: %w", err)
	}
	return nil
}

// Close waits for an append that is under way, and ends the sessions.
func (s *Store) Close() error {
	if s.closed.Swap(true) {
		return nil
	}
	err := s.readers.close()
	s.write.Lock()
	defer s.write.Unlock()
	s.drop(ErrClosed)
	return err
}
