package sqlite

import (
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/journal"
	"shuniu/internal/journal/journaltest"
)

// BenchmarkAppend prints the median of one append beside the median of a bare write and fdatasync of the same
// size on the same disk, and the processor time of one append.
func BenchmarkAppend(b *testing.B) {
	for _, tt := range []struct {
		name string
		size int
	}{{"1", 1}, {"64", 64}} {
		b.Run(tt.name, func(b *testing.B) {
			dir := b.TempDir()
			s, err := Open(b.Context(), filepath.Join(dir, "yunze.db"), Options{Centre: journaltest.Centre, ReserveBytes: -1})
			if err != nil {
				b.Fatal(err)
			}
			defer func() { _ = s.Close() }()
			e, _, err := s.Begin(b.Context())
			if err != nil {
				b.Fatal(err)
			}
			var took, bare []time.Duration
			bareSync := bareDisk(b, dir)
			var busy time.Duration
			after, n := cad.Seq(0), 0
			for b.Loop() {
				records := journaltest.Records(after, tt.size)
				answers := make([]journal.Answer, tt.size)
				for i := range answers {
					answers[i] = journaltest.AnswerOf(n)
					n++
				}
				cpu, start := cpuTime(b), time.Now()
				if err := s.Append(b.Context(), e, after, records, answers); err != nil {
					b.Fatal(err)
				}
				took = append(took, time.Since(start))
				busy += cpuTime(b) - cpu
				after += cad.Seq(tt.size)
				bare = append(bare, bareSync())
			}
			slices.Sort(took)
			slices.Sort(bare)
			b.ReportMetric(0, "ns/op")
			us := func(d time.Duration) float64 { return float64(d) / 1e3 }
			b.ReportMetric(us(took[len(took)/2]), "µs-p50")
			b.ReportMetric(us(took[len(took)*99/100]), "µs-p99")
			b.ReportMetric(us(bare[len(bare)/2]), "µs-fdatasync-p50")
			b.ReportMetric(us(busy)/float64(len(took)), "µs-cpu")
		})
	}
}

// bareDisk gives a function that overwrites one page of a file and syncs it.
func bareDisk(b *testing.B, dir string) func() time.Duration {
	f, err := os.Create(filepath.Join(dir, "bare"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = f.Close() })
	if err := fill(f, 0, 1<<20); err != nil {
		b.Fatal(err)
	}
	page, at := make([]byte, pageBytes), int64(0)
	return func() time.Duration {
		start := time.Now()
		if err := writeAt(f, page, at%(1<<20)); err != nil {
			b.Fatal(err)
		}
		if err := syscall.Fdatasync(int(f.Fd())); err != nil {
			b.Fatal(err)
		}
		at += pageBytes
		return time.Since(start)
	}
}

func cpuTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
