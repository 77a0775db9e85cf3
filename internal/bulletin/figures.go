package bulletin

import "time"

// Bulletin is the whole paper as figures.
type Bulletin struct {
	Period
	Zone       string    `json:"zone"`           // Whose days these are.
	Unit       string    `json:"unit,omitempty"` // Empty: all.
	UnitName   string    `json:"unit_name,omitempty"`
	Since      time.Time `json:"since,omitzero"` // Since when the records are whole.
	AsOf       time.Time `json:"as_of,omitzero"` // States are of this moment.
	Over       bool      `json:"over"`           // The records reach to the end of the period; else a comparison is of a part with a whole.
	Start      Start     `json:"start"`          // Where departure and feedback begin to count.
	Percentile string    `json:"percentile"`     // How percentiles are taken: "nearest_rank".
	Basis      string    `json:"basis"`          // What categories, places and feedback count: "valid", or "received" where nobody recorded what was valid.

	Received Compared `json:"received"`            // Incidents that came in.
	Valid    Compared `json:"valid"`               // Those that were neither invalid nor folded into another.
	Void     []Share  `json:"void"`                // Those that were not, by reason.
	Sign     Speed    `json:"sign"`                // From the order to the signature, an order each (签收).
	Depart   Speed    `json:"depart"`              // From Start to the departure, an order each (出警).
	Feedback Speed    `json:"feedback"`            // From the incident's first Start to its first feedback, an incident each that somebody was sent to (反馈).
	Open     Open     `json:"unfinished"`          // What is not finished.
	Slow     []Slow   `json:"slow"`                // The slowest units of each speed.
	Taken    Table    `json:"categories_taken"`    // By the call-taker's category (接警类别), of Basis.
	Fed      Table    `json:"categories_feedback"` // By the station's category (反馈类别), of Basis.
	Changed  *Count   `json:"categories_differ"`   // Those of Basis of which both are known and differ; nil where the station's is not recorded.
	Places   Table    `json:"places"`              // By street, of Basis: the first of them, then the rest together.
	Rising   []Rise   `json:"rising"`              // Categories of the call-taker and places that grew most against the period before.
	Units    []Row    `json:"units"`               // Each unit; the rows sum to the whole.

	incidents []Incident
	behind    map[string][]ref
}

// ref is an order of an incident, or with order -1 the incident itself.
type ref struct{ incident, order int32 }

// Item is one fact behind a number.
type Item struct {
	Incident string `json:"incident"`
	Crew     string `json:"crew,omitempty"` // Of numbers that count orders.
}

// List gives what a number counts, by the number's key, in the order in which the incidents were given. False if no number has the key.
func (b *Bulletin) List(key string) ([]Item, bool) {
	refs, ok := b.behind[key]
	out := make([]Item, 0, len(refs))
	for _, r := range refs {
		i := Item{Incident: b.incidents[r.incident].ID}
		if r.order >= 0 {
			i.Crew = b.incidents[r.incident].Orders[r.order].Crew
		}
		out = append(out, i)
	}
	return out, ok
}

// Count is a number that opens: List gives what it counts.
type Count struct {
	Key string `json:"key"`
	N   int    `json:"n"`
}

// Compared is a number beside those of other periods.
type Compared struct {
	Count
	Absent Field  `json:"absent,omitempty"` // Why there is no such number; the rest is then empty.
	Before Change `json:"before"`           // Against the period of equal length just before (环比).
	Year   Change `json:"year"`             // Against the same dates of the year before (同比).
}

// Change is a number of another period. N and Percent are nil where there is nothing to compare with.
type Change struct {
	Period
	N       *int     `json:"n"`       // How many there were; nil if the records do not reach back so far.
	Percent *float64 `json:"percent"` // Growth since; nil also where there were none then.
	Absent  string   `json:"absent,omitempty"`
}

// Why there is no change in percent.
const (
	NoRecords = "no_records" // The records begin after that period did.
	NoneThen  = "none_then"  // There were none in it.
)

// Share is a number by code, with its part of the whole and, where the records reach back, how it grew.
type Share struct {
	Code string `json:"code"` // Empty: not known.
	Name string `json:"name,omitempty"`
	Count
	Percent float64 `json:"percent"` // Of its table's whole.
	Before  Change  `json:"before"`
}

// Table is a number split by codes: the most frequent first, and of equals the first by code.
type Table struct {
	Absent Field   `json:"absent,omitempty"`
	Rows   []Share `json:"rows"`
	Rest   *Count  `json:"rest,omitempty"` // Those of all other codes together; nil where every code has a row.
}

// Rise is a category or place that grew.
type Rise struct {
	Of string `json:"of"` // "category" or "place".
	Share
	More int `json:"more"` // How many more than in the period before.
}

// Bucket is a number of times that were longer than OverS and at most ToS. The first begins at 0 and holds it.
type Bucket struct {
	OverS int64  `json:"over_s"`
	ToS   *int64 `json:"to_s"` // nil: without an end.
	Count
	Percent float64 `json:"percent"` // Of the times that are known.
}

// Speed is how long something took, in buckets and percentiles. All = the buckets + Unknown + Disorder.
type Speed struct {
	Absent   Field    `json:"absent,omitempty"` // Why it cannot be told; the rest is then empty.
	All      Count    `json:"all"`
	Buckets  []Bucket `json:"buckets"`
	Unknown  Count    `json:"unknown"`  // One of its two times is not recorded, or has not come.
	Disorder Count    `json:"disorder"` // It ended before it began, which is a mistake of the records.
	Pace
}

// Pace is what is told of many times.
type Pace struct {
	N    int      `json:"known"` // How many times are known.
	P50S *float64 `json:"p50_s"` // Seconds, by nearest rank: the smallest that at least half do not exceed. nil of none.
	P90S *float64 `json:"p90_s"` // The same for nine tenths.
}

// Open is what is not finished.
type Open struct {
	Absent Field      `json:"absent,omitempty"`
	All    Count      `json:"all"`
	States []Share    `json:"states"` // By state.
	Cells  []OpenCell `json:"cells"`  // By unit and state.
}

// OpenCell is what one unit has not finished in one state.
type OpenCell struct {
	Unit  string `json:"unit"`
	Name  string `json:"name,omitempty"`
	State string `json:"state"`
	Count
}

// Slow names the slowest units of one speed, the slowest first: by the ninth decile, of equals by the median.
type Slow struct {
	Of    string     `json:"of"` // "sign", "depart" or "feedback".
	Units []SlowUnit `json:"units"`
}

// SlowUnit is a unit with its pace.
type SlowUnit struct {
	Unit string `json:"unit"`
	Name string `json:"name,omitempty"`
	Pace
}

// Row is one unit. Orders count for the unit of the crew, everything else for the responsible unit.
type Row struct {
	Unit     string `json:"unit"` // Empty: nobody knows whose.
	Name     string `json:"name,omitempty"`
	Received Count  `json:"received"`
	Valid    *Count `json:"valid"`      // nil where states are not recorded.
	Open     *Count `json:"unfinished"` // nil where states are not recorded.
	Orders   Count  `json:"orders"`
	Sign     Pace   `json:"sign"`
	Depart   Pace   `json:"depart"`
	Feedback Pace   `json:"feedback"`
}
