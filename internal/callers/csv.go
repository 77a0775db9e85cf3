package callers

import (
	"encoding/csv"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"time"

	"shuniu/internal/fault"
	"shuniu/internal/intake"
)

// Sheet writes calls as a file that a centre's mapping reads back. Make it with NewSheet and end it with Flush.
type Sheet struct {
	w      *csv.Writer
	zone   *time.Location
	names  map[string]string // Type to the word of the file.
	header []string
	mark   string
}

// NewSheet begins a file of the form that a mapping describes, and writes its header. mark begins the numbers of the
// calls. A mapping that writes times or places in more than one column each is fault.Invalid: it stands for another
// system's file.
func NewSheet(w io.Writer, m intake.Mapping, mark string) (*Sheet, error) {
	const op = "callers.NewSheet"
	simple := slices.Contains(m.Times.Layouts, time.DateTime) || slices.Contains(m.Times.Layouts, "%Y-%m-%d %H:%M:%S")
	header := []string{m.CallID, m.Times.Received.Column, m.Times.Entry.Column, m.Type.Column, m.Priority.Column, m.Caller, "", m.Place.Lon, m.Place.Lat, m.Narrative}
	if len(m.Address) > 0 {
		header[6] = m.Address[0]
	}
	if !simple || slices.Contains(header, "") {
		return nil, fault.New(op, fault.Invalid, "the mapping does not name one column each for number, times, type, priority, telephone, address, place and narrative").
			Mend("name the mapping of a centre that writes its own calls, such as centres/yunze/mapping.yaml")
	}
	zone, err := time.LoadLocation(m.Times.Zone)
	if err != nil {
		return nil, fault.Wrap(op, fault.Invalid, err, "there is no time zone %q", m.Times.Zone).Mend("name one of the IANA list, such as Asia/Shanghai")
	}
	s := &Sheet{w: csv.NewWriter(w), zone: zone, names: map[string]string{}, mark: mark, header: append(header, "event", "kind", "true_lon", "true_lat")}
	if m.Delimiter != "" {
		s.w.Comma = []rune(m.Delimiter)[0]
	}
	for _, word := range slices.Sorted(maps.Keys(m.Type.Map)) {
		if id := m.Type.Map[word]; s.names[id] == "" {
			s.names[id] = word
		}
	}
	if err := s.w.Write(s.header); err != nil {
		return nil, fmt.Errorf("callers: %w", err)
	}
	return s, nil
}

// Write adds one call.
func (s *Sheet) Write(c *Call) error {
	degrees := func(f float64) string { return strconv.FormatFloat(f, 'f', 6, 64) }
	kind := string(c.Type)
	if name := s.names[kind]; name != "" {
		kind = name
	}
	lon, lat := degrees(c.Said.Lon), degrees(c.Said.Lat)
	if c.Place == "" { // Nobody said where.
		lon, lat = "", ""
	}
	err := s.w.Write([]string{
		s.mark + c.ID(), c.At.In(s.zone).Format(time.DateTime), c.At.Add(c.Ring + c.Talk).In(s.zone).Format(time.DateTime), kind, string(c.Priority),
		c.Phone, c.Place, lon, lat, c.Narrative, c.Event, string(c.Kind), degrees(c.True.Lon), degrees(c.True.Lat),
	})
	if err != nil {
		return fmt.Errorf("callers: %w", err)
	}
	return nil
}

// Flush ends the file and gives its first error.
func (s *Sheet) Flush() error {
	s.w.Flush()
	if err := s.w.Error(); err != nil {
		return fmt.Errorf("callers: %w", err)
	}
	return nil
}

// Between gives the calls of all events that begin in a span, in the order of their times, one at a time; a call that
// comes after the span, because its event began within it, comes last. It ends when give fails, with that error.
func (g *Generator) Between(from, to time.Time, s Surge, give func(*Call) error) error {
	var waiting []Call
	byTime := func(a, b Call) int { return a.At.Compare(b.At) }
	flush := func(before time.Time) error {
		slices.SortStableFunc(waiting, byTime)
		n := 0
		for n < len(waiting) && (before.IsZero() || waiting[n].At.Before(before)) {
			if err := give(&waiting[n]); err != nil {
				return err
			}
			n++
		}
		waiting = append(waiting[:0], waiting[n:]...)
		return nil
	}
	for m := from.Truncate(time.Minute); m.Before(to); m = m.Add(time.Minute) {
		if m.Unix()%3600 == 0 {
			if err := flush(m); err != nil {
				return err
			}
		}
		waiting = g.Minute(waiting, m, s)
	}
	return flush(time.Time{})
}
