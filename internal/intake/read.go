package intake

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"shuniu/internal/fault"
)

// progressRows is how many rows lie between two reports of progress and two looks at the context.
const progressRows = 1000

// Read reads a file of calls by a mapping. A row that cannot be used is listed and the reading goes on.
// progress may be nil; it is called now and then, and once at the end.
//
// The error is Invalid when the file has no header, lacks a column of the mapping, or is damaged gzip,
// Unavailable when the reader fails, and the context's own when that ends. After a damage or an ended
// context, File holds the rows read until then.
func Read(ctx context.Context, calls io.Reader, m Mapping, progress func(Progress)) (File, error) {
	const op = "intake.Read"
	if m.zone == nil {
		return File{}, fault.New(op, fault.Internal, "the mapping was not loaded")
	}
	in, err := open(calls)
	if err != nil {
		return File{}, damaged(err)
	}
	comma, _ := utf8.DecodeRuneInString(m.Delimiter)
	rec := &records{in: in, comma: comma}
	header, _, reason, err := rec.next()
	switch {
	case errors.Is(err, io.EOF):
		return File{}, fault.New(op, fault.Invalid, "the file is empty").Mend("Give a file with a header line.")
	case err != nil:
		return File{}, damaged(err)
	case reason != nil:
		return File{}, fault.New(op, fault.Invalid, "the header cannot be read: %v", reason).
			Mend("Give a file whose first line names the columns.")
	}
	r, err := newReader(&m, header)
	if err != nil {
		return File{}, err
	}
	rec.width = r.width
	err = r.rows(ctx, rec, progress)
	return r.finish(), err
}

// damaged says what a failure of the file itself means.
func damaged(err error) error {
	const op = "intake.Read"
	if strings.HasPrefix(err.Error(), "gzip:") || strings.HasPrefix(err.Error(), "flate:") || errors.Is(err, io.ErrUnexpectedEOF) {
		return fault.Wrap(op, fault.Invalid, err, "the file is damaged or cut off").Mend("Fetch it again.")
	}
	return fault.Wrap(op, fault.Unavailable, err, "the file cannot be read").Mend("Try again.")
}

// reader joins rows into calls.
type reader struct {
	m       *Mapping
	columns map[string]int // By name.
	width   int            // Cells in the header.
	file    File
	byID    map[string]*Call
	ids     []string // In the order of the file, so that the result does not depend on a map.
	seen    map[string]map[UnitRecord]bool
}

// newReader finds each column of the mapping in the header.
func newReader(m *Mapping, header []string) (*reader, error) {
	r := &reader{
		m: m, width: len(header), columns: make(map[string]int, len(header)),
		byID: make(map[string]*Call), seen: make(map[string]map[UnitRecord]bool),
	}
	twice := make(map[string]bool)
	for i, name := range header {
		name = strings.TrimSpace(name)
		if _, ok := r.columns[name]; ok {
			twice[name] = true
		}
		r.columns[name] = i
	}
	var errs []error
	for _, c := range m.columns() {
		_, ok := r.columns[c.name]
		switch {
		case c.name == "":
		case !ok:
			errs = append(errs, m.wrong(c.key, fmt.Sprintf("the file has no column %q", c.name),
				"Name one of its columns: "+strings.Join(header, " | ")))
		case twice[c.name]:
			errs = append(errs, m.wrong(c.key, fmt.Sprintf("the file has the column %q twice", c.name),
				"Rename one of the two in the file's header."))
		}
	}
	return r, errors.Join(errs...)
}

// keyColumn is a column's name and the mapping key that asks for it.
type keyColumn struct{ key, name string }

// columns lists every column that the mapping asks for; a name may be empty.
func (m *Mapping) columns() []keyColumn {
	out := []keyColumn{
		{"call_id", m.CallID},
		{"unit", m.Unit},
		{"unit_kind", m.UnitKind.Column},
		{"place.lon", m.Place.Lon},
		{"place.lat", m.Place.Lat},
		{"place.pair", m.Place.Pair},
		{"place.cell", m.Place.Cell},
		{"type", m.Type.Column},
		{"priority", m.Priority.Column},
		{"source", m.Source.Column},
		{"disposition", m.Disposition.Column},
		{"caller", m.Caller},
		{"narrative", m.Narrative},
	}
	for _, a := range m.Address {
		out = append(out, keyColumn{"address", a})
	}
	for _, s := range m.Times.steps() {
		out = append(out, keyColumn{s.key, s.step.Column}, keyColumn{s.key, s.step.Date}, keyColumn{s.key, s.step.Time})
	}
	return out
}

// Columns are the names of the columns that the mapping reads, each once, in no order of the file.
func (m *Mapping) Columns() []string {
	var out []string
	for _, c := range m.columns() {
		if c.name != "" && !slices.Contains(out, c.name) {
			out = append(out, c.name)
		}
	}
	return out
}

// rows reads to the end of the file.
func (r *reader) rows(ctx context.Context, rec *records, progress func(Progress)) error {
	report := func() {
		if progress != nil {
			progress(Progress{Rows: r.file.Counts.Rows, Bad: len(r.file.Bad)})
		}
	}
	defer report()
	for {
		if r.file.Counts.Rows%progressRows == 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
			if r.file.Counts.Rows > 0 {
				report()
			}
		}
		cells, at, reason, err := rec.next()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return damaged(err)
		}
		r.file.Counts.Rows++
		if reason != nil {
			r.bad(at, "", reason.Error())
			continue
		}
		if r.row(at, cells) {
			r.file.Counts.Usable++
		}
	}
}

func (r *reader) bad(at int, field, reason string) {
	r.file.Bad = append(r.file.Bad, BadRow{Line: at, Field: field, Reason: reason})
}

func (r *reader) doubt(at int, field, reason string) {
	r.file.Doubts = append(r.file.Doubts, BadRow{Line: at, Field: field, Reason: reason})
}

// finish sorts the calls and counts what is missing.
func (r *reader) finish() File {
	f, c := r.file, &r.file.Counts
	f.Calls = make([]Call, 0, len(r.ids))
	for _, id := range r.ids {
		call := *r.byID[id]
		slices.SortStableFunc(call.Units, byDispatch)
		for _, u := range call.Units {
			c.Units++
			count(&c.Disorder, u.Disorder)
			count(&c.NoEnRoute, u.EnRoute.IsZero())
			count(&c.NoOnScene, u.OnScene.IsZero())
			count(&c.NoAvailable, u.Available.IsZero())
		}
		count(&c.NoPlace, call.Place == nil)
		f.Calls = append(f.Calls, call)
	}
	slices.SortFunc(f.Calls, func(a, b Call) int {
		return cmp.Or(a.Received.Compare(b.Received), cmp.Compare(a.ID, b.ID))
	})
	f.Counts = *c
	return f
}

func count(n *int, yes bool) {
	if yes {
		*n++
	}
}

// byDispatch orders the records of a call; those without a dispatch time come last.
func byDispatch(a, b UnitRecord) int {
	last := func(t time.Time) int {
		if t.IsZero() {
			return 1
		}
		return 0
	}
	return cmp.Or(cmp.Compare(last(a.Dispatch), last(b.Dispatch)), a.Dispatch.Compare(b.Dispatch), cmp.Compare(a.Unit, b.Unit))
}
