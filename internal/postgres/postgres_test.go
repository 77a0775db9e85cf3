package postgres

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"shuniu/internal/cad"
	"shuniu/internal/journal"
	"shuniu/internal/journal/journaltest"
	"shuniu/internal/postgres/pgtest"
)

// openSpec opens the journal that "schema dsn" names.
func openSpec(spec string) (journal.Store, error) {
	schema, dsn, _ := strings.Cut(spec, " ")
	return Open(context.Background(), dsn, journaltest.Centre, Options{Schema: schema})
}

func TestMain(m *testing.M) { os.Exit(journaltest.Main(m, openSpec)) }

func TestStore(t *testing.T) {
	c := pgtest.Start(t)
	n := 0
	journaltest.Run(t, func(*testing.T) journaltest.Medium {
		n++
		spec := fmt.Sprintf("s%d %s", n, c.DSN())
		return journaltest.Medium{Open: func() (journal.Store, error) { return openSpec(spec) }, Spec: spec, Takeover: true}
	})
}

// write appends until it is told to stop or an append fails, and says what was acknowledged last.
func write(ctx context.Context, s *Store, progress chan<- cad.Seq) (cad.Seq, error) {
	e, head, err := s.Begin(ctx)
	if err != nil {
		return 0, err
	}
	for after := head.Seq; ; after += 7 {
		if err := s.Append(ctx, e, after, journaltest.Records(after, 7), nil); err != nil {
			return after, err
		}
		select {
		case progress <- after:
		default:
		}
	}
}

// The server loses the writer's session, or dies, in the middle of appends: what was acknowledged is there, what was
// not is whole or absent, and Begin goes on by itself.
func TestServerFaults(t *testing.T) {
	c := pgtest.Start(t)
	s, err := Open(t.Context(), c.DSN(), journaltest.Centre, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	killSession := func() error {
		admin, err := pgx.Connect(t.Context(), c.DSN())
		if err != nil {
			return err
		}
		_, err = admin.Exec(t.Context(), "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name='shuniu'")
		return errors.Join(err, admin.Close(t.Context()))
	}
	crash := func() error { return errors.Join(c.Stop("immediate"), c.Up()) }
	rounds := 10
	if testing.Short() {
		rounds = 3
	}
	acknowledged := cad.Seq(0)
	for i := range 2 * rounds {
		fault := []func() error{killSession, crash}[i%2]
		progress := make(chan cad.Seq)
		done := make(chan struct{})
		var last cad.Seq
		var failure error
		go func() {
			defer close(done)
			last, failure = write(t.Context(), s, progress)
		}()
		for range 20 {
			select {
			case <-progress:
			case <-done:
				t.Fatalf("the writer ended by itself: %v", failure)
			}
		}
		if err := fault(); err != nil {
			t.Fatal(err)
		}
		<-done
		if failure == nil || errors.Is(failure, journal.ErrEpoch) || errors.Is(failure, journal.ErrPosition) {
			t.Fatalf("the writer was told %v", failure)
		}
		acknowledged = max(acknowledged, last)
		if err := s.Append(t.Context(), s.begun, last, journaltest.Records(last, 1), nil); err == nil {
			t.Fatal("an append was taken before Begin")
		}
		_, head, err := s.Begin(t.Context())
		if err != nil || head.Seq < acknowledged || head.Seq%7 != 0 {
			t.Fatalf("round %d: the end is %d, %d were acknowledged: %v", i, head.Seq, acknowledged, err)
		}
	}
	n, err := journaltest.CheckWhole(t.Context(), s)
	if err != nil || n < acknowledged {
		t.Fatalf("%d of %d acknowledged: %v", n, acknowledged, err)
	}
	t.Logf("0 lost of %d acknowledged records in %d faults", acknowledged, 2*rounds)
}

// A changed byte is named by record, even where the record still reads well; a record taken out is missed at the next opening.
func TestDamage(t *testing.T) {
	c := pgtest.Start(t)
	s, err := Open(t.Context(), c.DSN(), journaltest.Centre, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	e, _, err := s.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Append(t.Context(), e, 0, journaltest.Records(0, 20), nil); err != nil {
		t.Fatal(err)
	}
	if _, err := s.w.Exec(t.Context(), `UPDATE records SET body=convert_to(replace(convert_from(body,'UTF8'),'"seat":"21"','"seat":"22"'),'UTF8') WHERE seq=7`); err != nil {
		t.Fatal(err)
	}
	if n, err := journaltest.CheckWhole(t.Context(), s); n != 6 || !errors.Is(err, journal.ErrCorrupt) || !strings.Contains(err.Error(), "record 7") {
		t.Errorf("a changed byte: %d records, %v", n, err)
	}
	if _, err := s.w.Exec(t.Context(), "DELETE FROM records WHERE seq=7"); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), c.DSN(), journaltest.Centre, Options{}); !errors.Is(err, journal.ErrCorrupt) {
		t.Errorf("a missing record: %v", err)
	}
}

// A server that may lose what it acknowledged is not taken.
func TestUnsafeServer(t *testing.T) {
	c := pgtest.Start(t)
	if _, err := Open(t.Context(), c.DSN(), journaltest.Centre, Options{SynchronousCommit: "off"}); err == nil {
		t.Error("synchronous_commit=off was taken")
	}
	admin, err := pgx.Connect(t.Context(), c.DSN())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := admin.Exec(t.Context(), "ALTER SYSTEM SET full_page_writes=off"); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(admin.Close(t.Context()), c.Stop("fast"), c.Up()); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), c.DSN(), journaltest.Centre, Options{}); err == nil || !strings.Contains(err.Error(), "full_page_writes=off") {
		t.Errorf("full_page_writes=off was taken: %v", err)
	}
}

// BenchmarkAppend prints the median of one append to a server on the same machine.
func BenchmarkAppend(b *testing.B) {
	c := pgtest.Start(b)
	for _, size := range []int{1, 64} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			s, err := Open(b.Context(), c.DSN(), journaltest.Centre, Options{Schema: fmt.Sprintf("b%d_%d", size, b.N)})
			if err != nil {
				b.Fatal(err)
			}
			defer func() { _ = s.Close() }()
			e, head, err := s.Begin(b.Context())
			if err != nil {
				b.Fatal(err)
			}
			var took []time.Duration
			after := head.Seq
			for b.Loop() {
				records := journaltest.Records(after, size)
				answers := make([]journal.Answer, size)
				for i := range answers {
					answers[i] = journaltest.AnswerOf(int(after) + i)
				}
				start := time.Now()
				if err := s.Append(b.Context(), e, after, records, answers); err != nil {
					b.Fatal(err)
				}
				took = append(took, time.Since(start))
				after += cad.Seq(size)
			}
			slices.Sort(took)
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(float64(took[len(took)/2])/1e3, "µs-p50")
			b.ReportMetric(float64(took[len(took)*99/100])/1e3, "µs-p99")
		})
	}
}
