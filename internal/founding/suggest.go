package founding

import (
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/org"
)

// How much is looked at to guess a mapping of calls.
const (
	suggestRows     = 5000
	suggestBytesMax = 64 << 20 // 64 MiB.
)

// Suggest writes a mapping of recorded calls that a person should read and mend: it is guessed from the header and the
// first rows. Cells are never written, but for the words of the column of types, which name no person.
func Suggest(file, dir string, say io.Writer) error {
	folder, err := loaded(dir)
	if err != nil {
		return err
	}
	t, err := openTable(file, nil)
	if err != nil {
		return err
	}
	defer t.close() //nolint:errcheck // Read only: nothing can be lost.
	g := guesser{t: t, rows: make([][]string, 0, suggestRows)}
	for len(g.rows) < suggestRows && t.bounds.unpacked < suggestBytesMax {
		row, _, err := t.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		g.rows = append(g.rows, row)
	}
	out := &teller{w: say}
	g.write(out, folder.Charter)
	return out.err
}

// guesser knows a table's header and first rows.
type guesser struct {
	t    *table
	rows [][]string
}

// values are the cells of a column.
func (g guesser) values(column string) []string {
	i := slices.Index(g.t.header, column)
	var out []string
	for _, row := range g.rows {
		if v := cell(row, i); v != "" {
			out = append(out, v)
		}
	}
	return out
}

func (g guesser) write(out *teller, c org.Charter) {
	line := func(key, column, why string) {
		if column == "" {
			out.say("# %s: %s", key, why)
			return
		}
		out.say("%s: %s", key, quote(column))
	}
	out.say("# Guessed from the header and %d rows of the file. Read every line before you trust it.", len(g.rows))
	out.say("format: csv")
	if g.t.rows.Comma != ',' {
		out.say("delimiter: %s", quote(string(g.t.rows.Comma)))
	}
	id := g.t.guess(true, "call number", "cad number", "event number", "incident number", "接警编号", "编号", "event clearance", "call id", "cad event", "event id", "incident id", "number", "id")
	line("call_id", id, "no column looks like a call's number; name the one that is the same in every row of a call")
	if unit := g.t.guess(false, "unit id", "unit", "unit number", "处警单位", "单位"); unit != "" {
		line("unit", unit, "")
		if kind := g.t.guess(false, "unit type", "unit kind"); kind != "" {
			line("unit_kind", kind, "")
		}
	}
	g.place(out)
	if address := g.t.guess(true, "address", "报警地址", "地址", "block", "location text", "intersection"); address != "" {
		out.say("address: [%s]", quote(address))
	}
	g.types(out, c)
	if p := g.t.guess(true, "final priority", "priority", "优先级", "等级"); p != "" {
		g.priority(out, p)
	}
	g.times(out, c.Settings.Zone)
	if d := g.t.guess(true, "disposition", "处置结果", "处理结果"); d != "" {
		line("disposition", d, "")
	}
	out.say("# caller and narrative are left out on purpose: they may hold personal data.")
}

// priority offers the words of a column of priorities: our own as they are, others to be put in order by a person.
func (g guesser) priority(out *teller, column string) {
	words := distinct(g.values(column), 12)
	if len(words) > 0 && !slices.ContainsFunc(words, func(w string) bool { return !cad.Priority(w).Valid() }) {
		out.say("priority: {column: %s, default: P3}", quote(column))
		return
	}
	out.say("priority: # Say which of your words is which of ours; the order here is only that of their numbers or letters.\n  column: %s\n  map:", quote(column))
	slices.Sort(words)
	for i, v := range words {
		if len(v) > wordBytesMax {
			out.say("    # %s: too long for a priority; is this the right column?", quote(short(v)))
			continue
		}
		out.say("    %s: P%d", quote(v), min(i+1, 4))
	}
	out.say("  default: P3")
}

// pair is a cell with two coordinates in it.
var pair = regexp.MustCompile(`^\s*(POINT\s*)?\(?\s*-?\d+\.\d+[ ,]+-?\d+\.\d+\s*\)?\s*$`) //nolint:gochecknoglobals // Compiled once.

func (g guesser) place(out *teller) {
	lon, lat := g.t.guess(false, "longitude", "lon", "lng", "经度", "x"), g.t.guess(false, "latitude", "lat", "纬度", "y")
	if lon != "" && lat != "" {
		out.say("place: {lon: %s, lat: %s}", quote(lon), quote(lat))
		return
	}
	for _, h := range g.t.header {
		if v := g.values(h); len(v) > 0 && pair.MatchString(v[0]) {
			order := "lat_lon"
			if strings.HasPrefix(v[0], "POINT") {
				order = "lon_lat"
			}
			out.say("place: {pair: %s, order: %s}", quote(h), order)
			return
		}
	}
	out.say("# place: no column looks like coordinates; calls will have no place")
}

// types offers the file's words for types, each with the type of the centre whose names or keywords it holds.
func (g guesser) types(out *teller, c org.Charter) {
	column := g.t.guess(true, "call type", "警情类别", "类别", "incident type", "event type", "final call type", "call for service", "type", "problem", "nature", "description")
	if column == "" {
		out.say("# type: no column looks like the type of a call")
		return
	}
	out.say("type:\n  column: %s\n  map: # Every word of the file, the most frequent first, with our guess.", quote(column))
	fallback := ""
	for _, t := range c.Types {
		if t.ID == "other" {
			fallback = "other"
		}
	}
	for _, word := range distinct(g.values(column), 200) {
		if len(word) > wordBytesMax {
			out.say("    # %s: too long for a type; is this the right column?", quote(short(word)))
			continue
		}
		id := match(word, c.Types)
		if id == "" {
			id = fallback
		}
		if id == "" {
			out.say("    # %s: no type fits", quote(word))
			continue
		}
		out.say("    %s: %s", quote(word), quote(id))
	}
	if fallback != "" {
		out.say("  default: other")
	}
}

// wordBytesMax is the longest word for a type or a priority that is offered.
const wordBytesMax = 400

// match finds the type that a word of a file means: by id, by name, by keyword.
func match(word string, types []org.Type) string {
	low := strings.ToLower(word)
	for _, t := range types {
		if string(t.ID) == low || strings.ToLower(t.Name["en"]) == low || t.Name["zh"] == word {
			return string(t.ID)
		}
	}
	best, long := "", 0
	for _, t := range types {
		for _, k := range append([]string{t.Name["en"], t.Name["zh"], string(t.ID)}, t.Keywords...) {
			if len(k) > long && strings.Contains(low, strings.ToLower(k)) {
				best, long = string(t.ID), len(k)
			}
		}
	}
	return best
}

// distinct are the different words, the most frequent first.
func distinct(words []string, most int) []string {
	count := make(map[string]int)
	var out []string
	for _, w := range words {
		if count[w]++; count[w] == 1 {
			out = append(out, w)
		}
	}
	slices.SortStableFunc(out, func(a, b string) int { return count[b] - count[a] })
	return out[:min(most, len(out))]
}

// layouts are the ways in which public files write times, as strftime and as Go read them.
func layouts() [][2]string {
	return [][2]string{
		{"%Y-%m-%d %H:%M:%S", "2006-1-2 15:4:5"},
		{"%Y-%m-%dT%H:%M:%S", "2006-1-2T15:4:5"},
		{"%m/%d/%Y %I:%M:%S %p", "1/2/2006 3:4:5 PM"},
		{"%m/%d/%Y %H:%M:%S", "1/2/2006 15:4:5"},
		{"%m/%d/%Y %H:%M", "1/2/2006 15:4"},
		{"%Y-%m-%d %H:%M", "2006-1-2 15:4"},
		{"%Y/%m/%d %H:%M:%S", "2006/1/2 15:4:5"},
		{"%Y/%m/%d %H:%M", "2006/1/2 15:4"},
		{"%Y %b %d %I:%M:%S %p", "2006 Jan 2 3:4:5 PM"},
		{"%d.%m.%Y %H:%M:%S", "2.1.2006 15:4:5"},
	}
}

// layout finds how a column's times are written; empty when no way fits all of them.
func layout(values []string) string {
	for _, l := range layouts() {
		if len(values) > 0 && !slices.ContainsFunc(values, func(v string) bool {
			_, err := time.Parse(l[1], strings.ToUpper(v[:min(len(v), 40)]))
			_, err2 := time.Parse(l[1], v[:min(len(v), 40)])
			return err != nil && err2 != nil
		}) {
			return l[0]
		}
	}
	return ""
}

func (g guesser) times(out *teller, zone string) {
	out.say("times:\n  zone: %s # Of the clock that wrote the file.", zone)
	var found []string
	var lines []string
	for _, s := range []struct {
		key   string
		words []string
	}{
		{"received", []string{"received dttm", "received", "接警时间", "call received", "original time queued", "create", "call date", "event date", "datetime", "date time", "报警时间", "time"}},
		{"entry", []string{"entry dttm", "entry", "录入时间", "added"}},
		{"dispatch", []string{"dispatch dttm", "dispatch", "派警时间", "first dispatched"}},
		{"enroute", []string{"response dttm", "enroute", "en route", "出警时间"}},
		{"on_scene", []string{"on scene dttm", "on scene", "arrived", "arrival", "到达时间", "onscene"}},
		{"transport", []string{"transport dttm", "transport"}},
		{"hospital", []string{"hospital dttm", "hospital"}},
		{"available", []string{"available dttm", "available", "clear", "closed", "close", "结束时间", "处结时间"}},
	} {
		for _, column := range g.candidates(s.words) {
			l := layout(g.values(column))
			if l == "" || slices.Contains(lines, column) {
				continue
			}
			if !slices.Contains(found, l) {
				found = append(found, l)
			}
			lines = append(lines, s.key, column)
			break
		}
	}
	if len(lines) == 0 || lines[0] != "received" {
		out.say("  # layouts: [\"%%Y-%%m-%%d %%H:%%M:%%S\"]\n  # received: no column looks like the time of the call")
	}
	if len(found) > 0 {
		out.say("  layouts: [%s]", strings.Join(quoted(found), ", "))
	}
	for i := 0; i+1 < len(lines); i += 2 {
		out.say("  %s: %s", lines[i], quote(lines[i+1]))
	}
}

// candidates are the columns whose names hold one of the words, in the order of the words.
func (g guesser) candidates(words []string) []string {
	var out []string
	for _, w := range words {
		for _, h := range g.t.header {
			if strings.Contains(strings.ToLower(strings.NewReplacer("_", " ", "-", " ").Replace(h)), w) && !slices.Contains(out, h) {
				out = append(out, h)
			}
		}
	}
	return out
}
