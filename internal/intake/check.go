package intake

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// parent is the key above: "times" for "times.zone", "" for "times".
func parent(key string) string {
	i := strings.LastIndexByte(key, '.')
	return key[:max(i, 0)]
}

// check fills the defaults and finds what the mapping itself can be wrong about. What depends on the
// file, a column that is not there, is found by Read.
func (m *Mapping) check() error {
	var errs []error
	wrong := func(key, text, remedy string) { errs = append(errs, m.wrong(key, text, remedy)) }

	if m.Format == "" {
		m.Format = "csv"
	}
	if m.Format != "csv" {
		wrong("format", fmt.Sprintf("format %q is not known", m.Format), "Write csv, or export the file as CSV.")
	}
	if m.Delimiter == "" {
		m.Delimiter = ","
	}
	if r, n := utf8.DecodeRuneInString(m.Delimiter); n != len(m.Delimiter) || r == utf8.RuneError || strings.ContainsAny(m.Delimiter, "\"\r\n\x00") {
		wrong("delimiter", "the delimiter is not one character", `Write one character, for example "," or ";" or "\t".`)
	}
	if e := strings.ToLower(m.Encoding); e != "" && e != "utf-8" && e != "utf8" {
		wrong("encoding", fmt.Sprintf("encoding %q is not read", m.Encoding), "Convert the file to UTF-8 and write utf-8.")
	}
	if m.CallID == "" {
		wrong("call_id", "the column of the call's number is missing", "Name the column that is the same in every row of a call.")
	}
	if m.AddressJoin == nil {
		m.AddressJoin = new(", ")
	}
	for key, v := range map[string]Value{"type": m.Type, "priority": m.Priority, "source": m.Source, "unit_kind": m.UnitKind, "disposition": m.Disposition} {
		if v.Column == "" && (len(v.Map) > 0 || v.Default != nil) {
			wrong(key+".column", "there is a table but no column", "Name the column, or remove the table.")
		}
	}
	if m.Source.Column != "" {
		if bad := m.strangeSources(); len(bad) > 0 {
			wrong("source", fmt.Sprintf("%q is no source", bad), "Translate into "+strings.Join(Sources(), ", ")+", and give a default of these for all other words.")
		}
	}
	errs = append(errs, m.checkPlace(), m.checkTimes())
	return errors.Join(errs...)
}

// strangeSources lists what the table of sources would give that is none; without a default every unknown word is one.
func (m *Mapping) strangeSources() (bad []string) {
	words := slices.Collect(maps.Values(m.Source.Map))
	if m.Source.Default == nil {
		words = append(words, "(no default)")
	} else {
		words = append(words, *m.Source.Default)
	}
	for _, w := range words {
		if !slices.Contains(Sources(), w) {
			bad = append(bad, w)
		}
	}
	slices.Sort(bad)
	return bad
}

// checkPlace wants exactly one of the three ways, or none.
func (m *Mapping) checkPlace() error {
	p, ways := m.Place, 0
	for _, given := range []bool{p.Lon != "" || p.Lat != "", p.Pair != "", p.Cell != ""} {
		if given {
			ways++
		}
	}
	switch {
	case ways > 1:
		return m.wrong("place", "the place is given in more than one way", "Keep lon and lat, or pair, or cell.")
	case (p.Lon == "") != (p.Lat == ""):
		return m.wrong("place", "only one of lon and lat is given", "Name both columns.")
	case p.Order != "" && p.Order != "lat_lon" && p.Order != "lon_lat":
		return m.wrong("place.order", fmt.Sprintf("order %q is not known", p.Order), "Write lat_lon or lon_lat.")
	case p.Order != "" && p.Pair == "" && p.Cell == "":
		return m.wrong("place.order", "an order is given, but neither pair nor cell", "Remove it, or name the column of the pair.")
	}
	return nil
}

// checkTimes makes the zone and the layouts ready.
func (m *Mapping) checkTimes() error {
	var errs []error
	wrong := func(key, text, remedy string) { errs = append(errs, m.wrong(key, text, remedy)) }

	zone, err := time.LoadLocation(m.Times.Zone)
	switch {
	case m.Times.Zone == "" || m.Times.Zone == "Local":
		wrong("times.zone", "the time zone is missing", "Write its IANA name, for example Asia/Shanghai or America/Los_Angeles.")
	case err != nil:
		wrong("times.zone", fmt.Sprintf("there is no time zone %q", m.Times.Zone), "Write its IANA name, for example Asia/Shanghai.")
	}
	m.zone = zone

	var one, split bool
	for _, s := range m.Times.steps() {
		switch {
		case s.step.Column != "" && (s.step.Date != "" || s.step.Time != ""), (s.step.Date == "") != (s.step.Time == ""):
			wrong(s.key, "the step needs one column, or a date and a time column", "Write the column's name, or {date: ..., time: ...}.")
		case s.step.Column != "":
			one = true
		case s.step.Date != "":
			split = true
		}
	}
	if !m.Times.Received.given() {
		wrong("times.received", "the column of the received time is missing", "Name the column that says when the call was received.")
	}
	for _, part := range []struct {
		key  string
		in   []string
		out  *[]layout
		has  string
		used bool
	}{
		{"times.layouts", m.Times.Layouts, &m.layouts, "dt", one},
		{"times.date_layouts", m.Times.DateLayouts, &m.dateLayouts, "d", split},
		{"times.time_layouts", m.Times.TimeLayouts, &m.timeLayouts, "t", split},
	} {
		if part.used && len(part.in) == 0 {
			wrong(part.key, "there is no layout for the times", `Write one, for example ["%Y-%m-%d %H:%M:%S"].`)
		}
		for _, text := range part.in {
			l, err := newLayout(text, part.has)
			if err != nil {
				wrong(part.key, fmt.Sprintf("layout %q: %v", text, err), "Write a strftime layout (%Y-%m-%d %H:%M:%S) or a Go layout (2006-01-02 15:04:05).")
			}
			*part.out = append(*part.out, l)
		}
	}
	return errors.Join(errs...)
}
