package founding_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"shuniu/internal/fault"
	"shuniu/internal/founding"
)

// packed writes a packed file of a line, so many times.
func packed(t *testing.T, head, line string, times int) string {
	t.Helper()
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestSpeed)
	if err != nil {
		t.Fatal(err)
	}
	_, err = z.Write([]byte(head))
	for range times {
		_, more := z.Write([]byte(line))
		err = errors.Join(err, more)
	}
	path := filepath.Join(t.TempDir(), "bomb.csv.gz")
	if err := errors.Join(err, z.Close(), os.WriteFile(path, b.Bytes(), 0o600)); err != nil {
		t.Fatal(err)
	}
	return path
}

// A table that was made to fill the memory or the screen is refused in a few words.
func TestTablesThatSwell(t *testing.T) {
	dir := found(t, "Asia/Shanghai")
	wide := strings.Repeat("x", 1000)
	for name, tt := range map[string]struct{ file, want string }{
		"a name without end":  {packed(t, "unit", wide, 20_000), "longer than 1024 KiB"},
		"a row without end":   {packed(t, "unit,kind\nE1,\"", wide+"\n", 2000), "longer than 1024 KiB"},
		"a bomb of rows":      {packed(t, "unit,kind\n", "E1,"+wide+"\n", 80_000), "hundred times"},
		"a long name":         {write(t, "a.csv", "unit "+wide+",kind\nE1,x\n"), "more than 200 characters"},
		"columns without end": {write(t, "a.csv", "unit"+strings.Repeat(",c", 3000)+"\n"), "3001 columns"},
		"a column that it has not": {
			write(t, "a.csv", strings.Repeat(strings.Repeat("号", 190)+",", 50)+"x\nE1\n"), "no column holds the call signs",
		},
	} {
		for what, do := range map[string]func(out *bytes.Buffer) error{
			"units": func(out *bytes.Buffer) error {
				return founding.Units(tt.file, dir, founding.UnitsOptions{}, founding.Mode{DryRun: true}, out)
			},
			"suggest": func(out *bytes.Buffer) error { return founding.Suggest(tt.file, dir, out) },
		} {
			var said bytes.Buffer
			err := do(&said)
			if what == "suggest" && (strings.HasPrefix(name, "a bomb") || strings.HasPrefix(name, "a column")) { // It looks at the beginning only.
				if err != nil || said.Len() > 1<<16 {
					t.Errorf("%s: %d bytes, %v", name, said.Len(), err)
				}
				continue
			}
			var f *fault.Error
			if !errors.As(err, &f) || f.Kind != fault.Invalid || f.Remedy == "" || !strings.Contains(f.Error(), tt.want) {
				t.Errorf("%s of %s: %.300v", what, name, err)
				continue
			}
			if n := said.Len() + len(f.Error()) + len(f.Remedy); n > 12_000 {
				t.Errorf("%s of %s: %d bytes are said", what, name, n)
			}
		}
	}
}

// Words of somebody else's cells are cut where they are told.
func TestLongWordsAreCut(t *testing.T) {
	dir := found(t, "Asia/Shanghai")
	long := strings.Repeat("长", 3000)
	var said bytes.Buffer
	_ = founding.Units(write(t, "u.csv", "unit,kind\nE1,"+long+"\nE2,patrol\n"), dir, founding.UnitsOptions{AddKinds: true}, founding.Mode{DryRun: true}, &said)
	_ = founding.Suggest(write(t, "c.csv", "id,call type\n1,"+long+"\n"), dir, &said)
	feature := fmt.Sprintf(`{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"id":%q},"geometry":{"type":"Polygon","coordinates":[[[118.39,31.19],[118.40,31.20],[118.40,31.19],[118.39,31.19]]]}}]}`, long)
	for _, stations := range []bool{true, false} {
		_, err := founding.Areas(write(t, "a.geojson", feature), dir, founding.AreasOptions{Property: "id", Stations: stations}, founding.Mode{Force: true}, &said)
		if kind(err) != "invalid" {
			t.Errorf("%v", err)
		} else {
			said.WriteString(err.Error())
		}
	}
	if strings.Contains(said.String(), strings.Repeat("长", 100)) || !strings.Contains(said.String(), "长长") {
		t.Errorf("%.2000s", said.String())
	}
}

// Who waits for a table or for areas is told how far they are read.
func TestProgress(t *testing.T) {
	dir := found(t, "Asia/Shanghai")
	var calls int
	var last [2]int64
	tell := func(read, total int64) {
		if read < last[0] || read > total {
			t.Errorf("%d of %d after %d", read, total, last[0])
		}
		calls, last = calls+1, [2]int64{read, total}
	}
	var said bytes.Buffer
	var rows strings.Builder
	for i := range 19_000 {
		fmt.Fprintf(&rows, "E%d,patrol,hq of the whole city\n", i)
	}
	if err := founding.Units(write(t, "u.csv", "unit,kind,other\n"+rows.String()), dir, founding.UnitsOptions{Progress: tell}, founding.Mode{DryRun: true}, &said); err != nil {
		t.Fatal(err)
	}
	if calls < 5 || last[0] != last[1] {
		t.Errorf("units: told %d times, at last %v", calls, last)
	}
	calls, last = 0, [2]int64{}
	if _, err := founding.Areas(yunze+"/areas.geojson", dir, founding.AreasOptions{Property: "name", Stations: true, Progress: tell}, founding.Mode{DryRun: true, Force: true}, &said); err != nil {
		t.Fatal(err)
	}
	if calls < 9 || last[0] != last[1] {
		t.Errorf("areas: told %d times, at last %v", calls, last)
	}
}
