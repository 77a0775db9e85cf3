package founding

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/centre"
	"shuniu/internal/fault"
	"shuniu/internal/geo"
	"shuniu/internal/intake"
	"shuniu/internal/org"
	"shuniu/internal/survey"
)

// ImportCalls reads recorded calls by a mapping, tells what is in them and what of it the centre understands, and puts both into
// the folder, where demo and replay find them. With only, nothing but the columns that the mapping reads is kept. What a row says is never printed: it may name a person.
func ImportCalls(ctx context.Context, file, mapping, dir string, only bool, mode Mode, progress func(intake.Progress), say io.Writer) error {
	folder, err := loaded(dir)
	if err != nil {
		return err
	}
	m, err := intake.LoadMapping(mapping)
	if err != nil {
		return err
	}
	f, err := os.Open(file) //nolint:gosec // The file that the operator named.
	if err != nil {
		return fault.Wrap("shuniu import calls", fault.NotFound, err, "the calls cannot be read").Mend("name a file of recorded calls")
	}
	defer f.Close() //nolint:errcheck // Read only: nothing can be lost.
	read, err := intake.Read(ctx, f, m, progress)
	if err != nil {
		return err
	}
	t := &teller{w: say}
	tellRows(t, read)
	if len(read.Calls) == 0 {
		return fault.New("shuniu import calls", fault.Invalid, "no row of the file is a call that can be used").Mend("read the notes above and mend the mapping")
	}
	tellCalls(t, read.Calls, folder.Charter, m)
	if t.err != nil {
		return t.err
	}
	packed, err := isPacked(file)
	if err != nil {
		return err
	}
	words, err := os.ReadFile(mapping) //nolint:gosec // It was read a moment ago.
	if err != nil {
		return unwritable(err)
	}
	files := []source{{name: CallsFile, write: func(w io.Writer) error { return copyOf(ctx, w, file, !packed) }}}
	if only {
		data, dropped, err := strip(ctx, file, m, read)
		if err != nil {
			return err
		}
		t.say("stripped  %d columns that the mapping does not read are left out", dropped)
		files[0] = text(CallsFile, data, false)
	}
	if same, _ := sameFile(mapping, filepath.Join(dir, MappingFile)); !same { // It may have been written there at once.
		files = append(files, text(MappingFile, words, false))
	}
	done, err := put(dir, mode, files...)
	return errors.Join(tellDone(say, done), err)
}

func sameFile(a, b string) (bool, error) {
	x, err := os.Stat(a)
	if err != nil {
		return false, err
	}
	y, err := os.Stat(b)
	if err != nil {
		return false, err
	}
	return os.SameFile(x, y), nil
}

func isPacked(file string) (bool, error) {
	f, err := os.Open(file) //nolint:gosec // The file that the operator named.
	if err != nil {
		return false, unwritable(err)
	}
	defer f.Close() //nolint:errcheck // Read only: nothing can be lost.
	head := make([]byte, 2)
	_, err = io.ReadFull(f, head)
	return err == nil && head[0] == 0x1f && head[1] == 0x8b, nil
}

// tellRows says how many rows could be used, and names those that could not by line and reason.
func tellRows(t *teller, read intake.File) {
	c := read.Counts
	t.say("rows      %d, %d of them used, %d that cannot be, %d that repeat another", c.Rows, c.Usable, len(read.Bad), c.Repeated)
	for _, list := range []struct {
		what string
		rows []intake.BadRow
	}{{"left out", read.Bad}, {"in doubt", read.Doubts}} {
		for i, b := range list.rows {
			if i == notesMax {
				t.say("note      and %d more rows %s", len(list.rows)-notesMax, list.what)
				break
			}
			t.say("note      line %d %s: %s %s", b.Line, list.what, b.Field, b.Reason)
		}
	}
}

// share is a part of a whole for people.
func share(n, all int) string {
	if all == 0 {
		return "0"
	}
	return fmt.Sprintf("%d (%.1f %%)", n, 100*float64(n)/float64(all))
}

// tellCalls says what the centre understands of the calls.
func tellCalls(t *teller, calls []intake.Call, c org.Charter, m intake.Mapping) {
	types := make(map[string]bool)
	for _, typ := range c.Types {
		types[string(typ.ID)] = true
	}
	units := make(map[string]bool)
	for _, u := range c.Units {
		units[string(u.ID)] = true
	}
	b := c.Settings.Bounds
	box := geo.Bounds{Min: geo.Point{Lon: b[0], Lat: b[1]}, Max: geo.Point{Lon: b[2], Lat: b[3]}}
	areas := centre.Areas(c)
	known, noPriority, noPlace, outside, nobody, records, knownUnits := 0, 0, 0, 0, 0, 0, 0
	strange, strangeUnits := make(map[string]int), make(map[string]int)
	for _, call := range calls {
		if types[call.Type] {
			known++
		} else {
			strange[call.Type]++
		}
		if !cad.Priority(call.Priority).Valid() || call.Priority == "" {
			noPriority++
		}
		for _, u := range call.Units {
			if records++; units[u.Unit] {
				knownUnits++
			} else {
				strangeUnits[u.Unit]++
			}
		}
		if call.Place == nil {
			noPlace++
			continue
		}
		p := geo.Point{Lon: call.Place.Lon, Lat: call.Place.Lat}
		if !box.Contains(p) {
			outside++
		} else if len(areas) > 0 && !held(areas, p) {
			nobody++
		}
	}
	n := len(calls)
	zone, err := time.LoadLocation(c.Settings.Zone)
	if err != nil { // A folder that loads has one.
		zone = time.UTC
	}
	stats := intake.Measure(calls)
	t.say("calls     %d, from %s to %s, %s", n, calls[0].Received.In(zone).Format("2006-01-02 15:04"), calls[n-1].Received.In(zone).Format("2006-01-02 15:04"), c.Settings.Zone)
	if hour, most := busiest(calls); most > 0 {
		t.say("busiest   the hour from %s, %d calls; at most %d open at once", hour.In(zone).Format("2006-01-02 15:04"), most, max(stats.OpenCallsMax, 1))
	}
	t.say("types     %s of the calls have a type of types.yaml", share(known, n))
	tellStrange(t, "types that the centre does not have", strange)
	t.say("priority  %s of the calls have none of P1 to P4", share(noPriority, n))
	t.say("places    %s have none, %s lie outside the centre's bounds, %s within them but in nobody's area", share(noPlace, n), share(outside, n), share(nobody, n))
	if records > 0 {
		t.say("units     %d records, %s of them by units of units.yaml", records, share(knownUnits, records))
		tellStrange(t, "units that the centre does not have", strangeUnits)
	}
	if m.Caller != "" || m.Narrative != "" {
		t.say("warning   the mapping reads the caller or what he said: that is personal data; leave out caller and narrative unless you may keep them")
	}
}

func held(areas []survey.Area, p geo.Point) bool {
	return slices.ContainsFunc(areas, func(a survey.Area) bool { return a.Shape.Contains(p) })
}

func busiest(calls []intake.Call) (hour time.Time, most int) {
	hours := make(map[time.Time]int)
	for _, c := range calls {
		h := c.Received.Truncate(time.Hour)
		if hours[h]++; hours[h] > most || hours[h] == most && h.Before(hour) {
			hour, most = h, hours[h]
		}
	}
	return hour, most
}

// tellStrange names words of the mapping's own result, the most frequent first. A type or a unit names no person.
func tellStrange(t *teller, what string, words map[string]int) {
	if len(words) == 0 {
		return
	}
	all := slices.SortedFunc(maps.Keys(words), func(a, b string) int {
		if words[a] != words[b] {
			return words[b] - words[a]
		}
		if a < b {
			return -1
		}
		return 1
	})
	list := ""
	for i, w := range all {
		if i == notesMax {
			list += fmt.Sprintf(", and %d more", len(all)-notesMax)
			break
		}
		if i > 0 {
			list += ", "
		}
		list += fmt.Sprintf("%.60q (%d)", w, words[w])
	}
	t.say("note      %s: %s", what, list)
}
