package gazetteer_test

import (
	"runtime"
	"testing"

	"shuniu/internal/gazetteer"
	"shuniu/internal/geo"
	"shuniu/internal/org"
	"shuniu/internal/osm"
)

// kept is built once for all benchmarks.
var kept struct {
	x  *osm.Extract
	ix *gazetteer.Index
}

func built(b *testing.B) *gazetteer.Index {
	b.Helper()
	if kept.ix == nil {
		kept.x = metropolis(b)
		kept.ix = gazetteer.New(kept.x, org.State{})
	}
	return kept.ix
}

func BenchmarkNew(b *testing.B) {
	built(b)
	var before, after runtime.MemStats
	for b.Loop() {
		runtime.GC()
		runtime.ReadMemStats(&before)
		ix := gazetteer.New(kept.x, org.State{})
		runtime.GC()
		runtime.ReadMemStats(&after)
		b.ReportMetric(float64(int64(after.HeapAlloc)-int64(before.HeapAlloc))/(1<<20), "MiB")
		b.ReportMetric(float64(ix.Size().Bytes)/(1<<20), "MiB-said")
		b.ReportMetric(float64(ix.Size().Names), "names")
		b.ReportMetric(float64(ix.Size().Doors), "doors")
		b.ReportMetric(float64(kept.x.Streets.Stats().Nodes), "nodes")
		runtime.KeepAlive(ix)
	}
}

func BenchmarkFind(b *testing.B) {
	ix := built(b)
	near := at(118.3, 31.3)
	name := func(kind string, n int) string {
		hits := ix.Find(gazetteer.Query{Text: "汀", Limit: 50})
		for _, h := range hits {
			if h.Kind == kind {
				if n == 0 {
					return h.Name.Text
				}
				n--
			}
		}
		b.Fatal("no ", kind)
		return ""
	}
	first, second := name("street", 0), name("street", 1)
	for _, q := range []struct{ name, text string }{
		{"street", first},
		{"one sign", "汀"},
		{"one letter", "t"},
		{"two letters", "xp"},
		{"initials", "tll"},
		{"pinyin", "tinglan"},
		{"number", first + "12号"},
		{"initials with number", "xpll8"},
		{"typo", "汀汀" + first[6:]},
		{"crossing", first + "与" + second + "交叉口"},
		{"estate", "汀兰花园3栋2单元"},
		{"pole", "tl0412"},
		{"ending", "路"},
		{"sentence", "在" + first + "12号楼下有两个人打架旁边还有人报警说不清楚在哪里"},
		{"nothing", "zzzzqqqq"},
		{"coordinates", "118.3856,31.2001"},
	} {
		b.Run(q.name, func(b *testing.B) {
			for b.Loop() {
				ix.Find(gazetteer.Query{Text: q.text, Near: &near})
			}
			b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "ms/op")
		})
	}
}

func BenchmarkReverse(b *testing.B) {
	ix := built(b)
	for i := 0; b.Loop(); i++ {
		ix.Reverse(geo.Point{Lon: 118.0 + float64(i%580)/1000, Lat: 31.0 + float64(i%550)/1000})
	}
}
