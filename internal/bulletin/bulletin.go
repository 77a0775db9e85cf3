// Package bulletin makes the bulletin (通报) that a bureau publishes about its own work: for any period, whole or for one
// unit, what came in, how soon orders were signed for, how soon crews departed, how soon somebody fed back, what is not
// finished, and what is rising.
//
// Every number keeps the incidents that it counts (Bulletin.List). A figure that cannot be made of the records is absent
// and says why; it is never 0 by accident. The package is pure: no clock, no disk, no chance, and the same incidents give
// the same bulletin in any order of units and codes.
package bulletin

import (
	"slices"
	"time"

	"shuniu/internal/fault"
)

// Incident is what a bulletin knows of one incident (警情).
type Incident struct {
	ID       string    // What people open it by. Not empty.
	Received time.Time // First word of it. It decides the period.
	Void     string    // Why it does not count as valid, a code such as "invalid" or "merged"; empty if it is valid.
	Taken    string    // The call-taker's category (接警类别); empty if nobody classified it.
	Fed      string    // The station's category (反馈类别); empty until reported.
	Place    string    // The street; empty if not known.
	Unit     string    // The responsible unit (管辖单位); empty if nobody knows.
	State    string    // Where its life stands, a code.
	Open     bool      // It is not finished.
	Feedback time.Time // The first feedback; zero if there was none.
	Orders   []Order   // In order of dispatch.
}

// Order is one crew that was sent to an incident (派警). A zero time was not recorded, or has not come.
type Order struct {
	Crew     string // Who was sent.
	Unit     string // The unit that the crew belongs to: sign-off and departure count for it.
	Sent     time.Time
	Signed   time.Time // The crew's signature, or its station desk's if that came first.
	Turned   time.Time // When the crew could first turn to an order that was stacked behind another; zero if it was not. Departure counts from no earlier.
	Departed time.Time
	Arrived  time.Time
	Cleared  time.Time
}

// Start is the milestone at which departure and feedback begin to count. Centres differ in it, so it is an option and is
// said in the bulletin. Sign-off always counts from the order.
type Start string

// The starts.
const (
	FromSent   Start = "dispatched" // 从派警起算
	FromSigned Start = "signed"     // 从签收起算
)

// Field is something that records may not hold at all.
type Field string

// The fields. A figure that needs one that is lacking is absent, with the field's name as its reason.
const (
	Signatures Field = "no_signatures" // Nobody wrote down when orders were signed for.
	Departures Field = "no_departures"
	Feedbacks  Field = "no_feedback"
	FedTypes   Field = "no_fed_categories"
	States     Field = "no_states" // What is finished, and what was valid, is not recorded.
	Streets    Field = "no_places"
)

// Buckets are the upper bounds of the buckets of each speed, in seconds, ascending. A time that equals a bound belongs to
// the bucket below it, as a limit of 30 s is kept at 30 s; what is above the last bound is in a last bucket without an
// end.
type Buckets struct {
	SignS     []int64 `json:"sign_s"`
	DepartS   []int64 `json:"depart_s"`
	FeedbackS []int64 `json:"feedback_s"`
}

// UsualBuckets are those that city bureaus use in practice for their weekly bulletins.
func UsualBuckets() Buckets {
	const minute, hour = 60, 3600
	return Buckets{
		SignS:     []int64{30, 60, 120, 180},
		DepartS:   []int64{5 * minute, 10 * minute, 15 * minute, 30 * minute},
		FeedbackS: []int64{30 * minute, hour, 2 * hour, 4 * hour},
	}
}

// Check refuses bounds that are not above 0 and ascending, or none. Errors: fault.Invalid.
func (b Buckets) Check() error {
	for _, list := range []struct {
		name   string
		bounds []int64
	}{{"sign", b.SignS}, {"depart", b.DepartS}, {"feedback", b.FeedbackS}} {
		if len(list.bounds) == 0 {
			return badBuckets("the buckets of %s have no bound", list.name)
		}
		last := int64(0)
		for _, s := range list.bounds {
			if s <= last || s > boundMaxS {
				return badBuckets("the buckets of %s do not ascend from above 0 to a year at %d s", list.name, s)
			}
			last = s
		}
	}
	return nil
}

// boundMaxS is a year: nothing slower needs a bucket of its own.
const boundMaxS = 366 * 24 * 3600

func badBuckets(format string, args ...any) error {
	return fault.New("bulletin.Buckets", fault.Invalid, format, args...).
		Mend("give the upper bounds in seconds, above 0 and ascending, such as 30,60,120,180")
}

// Options say what a bulletin is about. The zero value of each field means its default, of From and To there is none.
type Options struct {
	From, To time.Time      // Half-open: From is in it, To is not.
	Zone     *time.Location // The centre's clock; nil means UTC. Days, weeks and years are its.
	Since    time.Time      // Since when the records are whole. A period that begins before it is not compared with.
	AsOf     time.Time      // The newest thing that the records know; states are of this moment. Zero: not known.
	Unit     string         // Only this unit; empty means all.
	Within   []string       // Units that count as Unit, such as the stations of a bureau, beside itself.
	Start    Start          // Empty means FromSent.
	Buckets  *Buckets       // nil means UsualBuckets.
	Lacks    []Field        // What the records do not hold at all.
	Most     int            // How long the lists of places, of what is rising and of slow units are at most; 0 means 10.
	AtLeast  int            // A unit with fewer times is not named among the slow; 0 means 5.
	Units    map[string]string
	Types    map[string]string // Names of units and of categories, by their codes; without one the code stands for itself.
}

// The usual lengths of lists.
const (
	mostUsual    = 10
	atLeastUsual = 5
)

// filled is the options with their defaults. Errors: fault.Invalid for what makes no sense.
func (o Options) filled() (Options, error) {
	const op = "bulletin.Make"
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	if o.Start == "" {
		o.Start = FromSent
	}
	if o.Buckets == nil {
		b := UsualBuckets()
		o.Buckets = &b
	}
	if o.Most == 0 {
		o.Most = mostUsual
	}
	if o.AtLeast == 0 {
		o.AtLeast = atLeastUsual
	}
	o.From, o.To = o.From.In(o.Zone), o.To.In(o.Zone)
	switch {
	case !o.From.Before(o.To):
		return o, fault.New(op, fault.Invalid, "the period ends at %s, before it begins at %s", o.To.Format(time.DateTime), o.From.Format(time.DateTime)).
			Mend("give a beginning before the end")
	case o.Start != FromSent && o.Start != FromSigned:
		return o, fault.New(op, fault.Invalid, "intervals cannot start at %q", o.Start).Mend("give dispatched or signed")
	case o.Most < 0 || o.AtLeast < 0:
		return o, fault.New(op, fault.Invalid, "a list cannot be shorter than nothing").Mend("give 1 or more, or 0 for the usual")
	}
	return o, o.Buckets.Check()
}

// lacks is the first of some fields that the records do not hold; empty if they hold all.
func (o *Options) lacks(fields ...Field) Field {
	for _, f := range fields {
		if slices.Contains(o.Lacks, f) {
			return f
		}
	}
	return ""
}

// ours reports whether a unit is one that the bulletin is about.
func (o *Options) ours(unit string) bool {
	return o.Unit == "" || unit == o.Unit || slices.Contains(o.Within, unit)
}
