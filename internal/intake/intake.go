// Package intake reads recorded calls for service from anyone's file, by a mapping that says which column
// means what. It yields neutral values: what a call or a unit becomes here is for the caller to decide.
// It must never stop at one bad row, and never repair one in silence: what is doubtful is kept as published,
// flagged and counted, and what cannot be used is listed with its line and the reason.
package intake

import "time"

// File is everything that one reading found.
type File struct {
	Calls  []Call   // By Received, then ID.
	Bad    []BadRow // Rows that could not be used, by line.
	Doubts []BadRow // Rows that were used without a part that could not be read, by line; a row may have several.
	Counts Counts
}

// BadRow is one row of the file that a person should look at. Its Reason holds no cell of the row, because
// a recorded call may name a person.
type BadRow struct {
	Line   int    // The physical line where the row starts; the header's is 1. A row may run over several lines.
	Field  string // The mapping key concerned, for example "times.received"; "" when the whole row is wrong.
	Reason string // Lower case, no full stop.
}

// Counts sums up a reading. Rows is always Usable + len(File.Bad).
type Counts struct {
	Rows        int // Rows below the header, without empty lines.
	Usable      int // Rows that are part of a call.
	Units       int // Unit records over all calls.
	Repeated    int // Usable rows that said the same as an earlier row of their call; they add nothing.
	Disorder    int // Unit records with a step earlier than a step before it.
	NoEnRoute   int // Unit records without that step.
	NoOnScene   int // Unit records without that step.
	NoAvailable int // Unit records without that step.
	NoPlace     int // Calls without a place.
	AsPublished int // Cells outside their translation table, which has no default: kept as published.
}

// Call is one call for service with every unit that was sent to it.
type Call struct {
	ID          string
	Line        int    // Where its first row starts, as in BadRow.
	Type        string // Translated by the mapping; "" when not recorded.
	Priority    string // Translated by the mapping; "" when not recorded.
	Source      string // Who began it, translated by the mapping; "" when not recorded.
	Place       *Place // nil when not recorded.
	Address     string // The address columns joined; "" when not recorded.
	Received    time.Time
	Entry       time.Time // When the call taker entered it; zero when not recorded.
	Narrative   string
	Caller      string       // Personal data: the number or the name of the caller.
	Units       []UnitRecord // By Dispatch, then Unit; records without a Dispatch come last.
	Disposition string
}

// Sources are the words that a mapping translates into when it says who began a call.
func Sources() []string {
	return []string{"phone", "walk_in", "app", "station", "patrol", "sensor"}
}

// ByCaller reports whether somebody called for help, and no officer or sensor began it. Where the records do not say, it is
// taken for a caller's.
func (c *Call) ByCaller() bool { return c.Source != "patrol" && c.Source != "sensor" }

// Place is a point on WGS 84, in degrees.
type Place struct {
	Lon, Lat float64
}

// UnitRecord is one unit on one call. Times are UTC; a zero time was not recorded.
type UnitRecord struct {
	Unit      string
	Kind      string // Translated by the mapping; "" when not recorded.
	Dispatch  time.Time
	EnRoute   time.Time
	OnScene   time.Time
	Transport time.Time
	Hospital  time.Time
	Available time.Time
	Disorder  bool // A recorded step is earlier than a step before it. The times are as published.
	Line      int  // Where its row starts, as in BadRow.
}

// Progress says how far a reading has come.
type Progress struct {
	Rows int // Rows read so far.
	Bad  int // How many of them could not be used.
}
