package main

import (
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"shuniu/internal/bulletin"
)

// lacking says in words why a figure is absent.
func lacking(f bulletin.Field) string {
	switch f {
	case bulletin.Signatures:
		return "not made: the records hold no signatures"
	case bulletin.Departures:
		return "not made: the records hold no departures"
	case bulletin.Feedbacks:
		return "not made: the records hold no feedback"
	case bulletin.FedTypes:
		return "not made: the records hold no category of the station"
	case bulletin.States:
		return "not made: the records do not say what was valid, and what became of it"
	case bulletin.Streets:
		return "not made: the records hold no places"
	}
	return string(f)
}

// sheet is the table of a bulletin: a name, a number, what there is to say of it, and the key that opens it.
type sheet struct{ w *tabwriter.Writer }

func (t sheet) row(name string, n any, say, key string) {
	_, _ = fmt.Fprintf(t.w, "%s\t%v\t%s\t%s\n", name, n, say, key) // flush gives the error.
}

func (t sheet) head(name, say string) { t.row(name, "", say, "") }

// showBulletin prints a bulletin for a person.
func showBulletin(w io.Writer, b *bulletin.Bulletin) error {
	t := sheet{tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)}
	of := "the whole centre"
	if b.Unit != "" {
		of = nameOr(b.UnitName, b.Unit)
	}
	zone := b.From.Location()
	const minute = "2006-01-02 15:04"
	_, _ = fmt.Fprintf(w, "bulletin of %s, %s to %s (%s)\n", of, b.From.Format(minute), b.To.Format(minute), b.Zone)
	_, _ = fmt.Fprintf(w, "records are whole since %s and reach to %s; departure and feedback count from %s; categories and places are of what was %s; percentiles are nearest ranks\n\n",
		b.Since.In(zone).Format(minute), b.AsOf.In(zone).Format(minute), b.Start, b.Basis)
	if !b.Over {
		_, _ = fmt.Fprint(w, "the records end before the period does: it is compared as far as it goes\n\n")
	}
	t.compared("received", b.Received)
	t.compared("valid", b.Valid)
	for _, s := range b.Void {
		t.share("  not valid: "+codeOr(s.Code), s)
	}
	t.speed("sign-off", b.Sign, "orders")
	t.speed("departure", b.Depart, "orders")
	t.speed("feedback", b.Feedback, "incidents")
	t.open(b.Open)
	t.table("call-taker's categories", b.Taken)
	t.table("station's categories", b.Fed)
	if b.Changed != nil {
		t.row("  both known and different", b.Changed.N, "", b.Changed.Key)
	}
	t.table("places", b.Places)
	if len(b.Rising) > 0 {
		t.head("rising most", "")
	}
	for _, r := range b.Rising {
		t.share("  "+r.Of+" "+nameOr(r.Name, r.Code), r.Share)
	}
	t.slow(b.Slow)
	if err := t.w.Flush(); err != nil {
		return err
	}
	return showUnits(w, b.Units)
}

func nameOr(name, code string) string {
	if name != "" {
		return name
	}
	return codeOr(code)
}

func codeOr(code string) string {
	if code == "" {
		return "(not known)"
	}
	return code
}

// changed says what a number was in another period.
func changed(c bulletin.Change) string {
	switch {
	case c.N == nil:
		return "nothing to compare with"
	case c.Percent == nil:
		return "none"
	}
	return fmt.Sprintf("%d, %+.1f %%", *c.N, *c.Percent)
}

func (t sheet) compared(name string, c bulletin.Compared) {
	if c.Absent != "" {
		t.row(name, "-", lacking(c.Absent), "")
		return
	}
	t.row(name, c.N, fmt.Sprintf("period before: %s; year before: %s", changed(c.Before), changed(c.Year)), c.Key)
}

func (t sheet) share(name string, s bulletin.Share) {
	say := fmt.Sprintf("%5.1f %%", s.Percent)
	if s.Before.N != nil {
		say += "  before: " + changed(s.Before)
	}
	t.row(name, s.N, say, s.Key)
}

func (t sheet) table(name string, of bulletin.Table) {
	if of.Absent != "" {
		t.row(name, "-", lacking(of.Absent), "")
		return
	}
	t.head(name, "")
	for _, s := range of.Rows {
		t.share("  "+nameOr(s.Name, s.Code), s)
	}
	if of.Rest != nil {
		t.row("  all others", of.Rest.N, "", of.Rest.Key)
	}
}

func (t sheet) speed(name string, s bulletin.Speed, what string) {
	if s.Absent != "" {
		t.row(name, "-", lacking(s.Absent), "")
		return
	}
	t.row(name, s.All.N, what+"; "+paced(s.Pace), s.All.Key)
	for _, k := range s.Buckets {
		within := "over " + span(k.OverS)
		if k.ToS != nil {
			within = span(k.OverS) + " to " + span(*k.ToS)
		}
		t.row("  "+within, k.N, fmt.Sprintf("%5.1f %%  %s", k.Percent, meter(k.Percent/100)), k.Key)
	}
	t.row("  not recorded", s.Unknown.N, "", s.Unknown.Key)
	if s.Disorder.N > 0 {
		t.row("  ends before it begins", s.Disorder.N, "a mistake of the records", s.Disorder.Key)
	}
}

// paced says the percentiles.
func paced(p bulletin.Pace) string {
	if p.N == 0 {
		return "no time is known"
	}
	return fmt.Sprintf("median %s, nine tenths within %s", took(*p.P50S), took(*p.P90S))
}

func took(s float64) string {
	return time.Duration(s * float64(time.Second)).Round(time.Second).String()
}

// span is a bound in words.
func span(s int64) string {
	switch {
	case s > 0 && s%3600 == 0:
		return fmt.Sprintf("%d h", s/3600)
	case s > 0 && s%60 == 0:
		return fmt.Sprintf("%d min", s/60)
	}
	return fmt.Sprintf("%d s", s)
}

func (t sheet) open(o bulletin.Open) {
	if o.Absent != "" {
		t.row("unfinished", "-", lacking(o.Absent), "")
		return
	}
	t.row("unfinished", o.All.N, "", o.All.Key)
	for _, s := range o.States {
		t.share("  "+codeOr(s.Code), s)
	}
	for _, c := range o.Cells {
		t.row("  "+nameOr(c.Name, c.Unit)+", "+codeOr(c.State), c.N, "", c.Key)
	}
}

func (t sheet) slow(all []bulletin.Slow) {
	for _, s := range all {
		if len(s.Units) == 0 {
			continue
		}
		t.head("slowest: "+s.Of, "")
		for _, u := range s.Units {
			t.row("  "+nameOr(u.Name, u.Unit), u.N, paced(u.Pace), "")
		}
	}
}

// showUnits prints a line for each unit.
func showUnits(w io.Writer, rows []bulletin.Row) error {
	tab := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	_, _ = fmt.Fprintln(tab, "\nunit\treceived\tvalid\tunfinished\torders\tsign-off p50/p90\tdeparture p50/p90\tfeedback p50/p90\tkeys")
	for _, r := range rows {
		valid, open := "-", "-"
		if r.Valid != nil {
			valid, open = fmt.Sprint(r.Valid.N), fmt.Sprint(r.Open.N)
		}
		key := r.Unit
		if key == "" {
			key = "-"
		}
		_, _ = fmt.Fprintf(tab, "%s\t%d\t%s\t%s\t%d\t%s\t%s\t%s\tunit/%s/...\n", nameOr(r.Name, r.Unit), r.Received.N, valid, open, r.Orders.N,
			both(r.Sign), both(r.Depart), both(r.Feedback), key)
	}
	return tab.Flush()
}

func both(p bulletin.Pace) string {
	if p.N == 0 {
		return "-"
	}
	return took(*p.P50S) + " / " + took(*p.P90S)
}
