package joint

import (
	"crypto/sha256"
	"encoding/json"
	"maps"
	"slices"
	"time"

	"shuniu/internal/alarm"
	"shuniu/internal/assignment"
	"shuniu/internal/cad"
	"shuniu/internal/call"
	"shuniu/internal/fault"
	"shuniu/internal/incident"
	"shuniu/internal/order"
	"shuniu/internal/org"
	"shuniu/internal/report"
	"shuniu/internal/unit"
)

// snapshot is the written form of a house. encoding/json sorts the keys of maps, so equal houses have equal bytes.
type snapshot struct {
	Format      int                                    `json:"format"`
	Seq         cad.Seq                                `json:"seq"`
	At          time.Time                              `json:"at"`
	Count       int64                                  `json:"count"`
	Org         *org.State                             `json:"org"`
	Units       map[cad.UnitID]*unit.State             `json:"units"`
	Calls       map[cad.CallID]*call.State             `json:"calls"`
	Incidents   map[cad.IncidentID]*incident.State     `json:"incidents"`
	Assignments map[cad.AssignmentID]*assignment.State `json:"assignments"`
	Alarms      map[cad.AlarmID]*alarm.State           `json:"alarms,omitempty"`
	Orders      map[cad.OrderID]*order.State           `json:"orders,omitempty"`
	Reports     map[cad.IncidentID]*report.State       `json:"reports,omitempty"`
	OrderCount  int64                                  `json:"order_count,omitempty"`
	Last        map[cad.Subject]cad.Seq                `json:"last"`
	Ended       []endedLife                            `json:"ended"`
	SentTo      map[cad.IncidentID][]cad.AssignmentID  `json:"sent_to"`
	StackOf     map[cad.UnitID][]cad.AssignmentID      `json:"stack_of"`
	AttachedTo  map[cad.IncidentID][]cad.CallID        `json:"attached_to"`
	Paper       int64                                  `json:"paper,omitempty"`
}

const snapshotFormat = 1

// Bytes is the whole state, the same for the same journal on every store. Private parts in it are still sealed.
func (h *House) Bytes() ([]byte, error) {
	prune(h.sentTo)
	prune(h.stackOf)
	prune(h.attachedTo)
	b, err := json.Marshal(snapshot{
		Format: snapshotFormat, Seq: h.Seq, At: h.At, Count: h.Count, Org: h.Org, Units: h.Units, Calls: h.Calls,
		Incidents: h.Incidents, Assignments: h.Assignments, Alarms: h.Alarms, Orders: h.Orders, Reports: h.Reports, OrderCount: h.OrderCount, Last: h.last, Ended: h.ended,
		SentTo: h.sentTo, StackOf: h.stackOf, AttachedTo: h.attachedTo, Paper: h.Paper,
	})
	if err != nil {
		return nil, fault.Wrap("joint.Bytes", fault.Internal, err, "the state cannot be written")
	}
	return b, nil
}

// prune drops empty lists: having had members is not part of the state.
func prune[K comparable, V any](m map[K][]V) {
	for k, v := range m {
		if len(v) == 0 {
			delete(m, k)
		}
	}
}

// Hash is the SHA-256 of Bytes: two houses with the same hash are the same.
func (h *House) Hash() ([32]byte, error) {
	b, err := h.Bytes()
	if err != nil {
		return [32]byte{}, err
	}
	return sha256.Sum256(b), nil
}

// Restore makes a house of its written form. A form of another program version is refused; replay instead.
func Restore(b []byte, past Past) (*House, error) {
	const op = "joint.Restore"
	h := NewHouse(past)
	s := snapshot{
		Org: h.Org, Units: h.Units, Calls: h.Calls, Incidents: h.Incidents, Assignments: h.Assignments, Alarms: h.Alarms, Orders: h.Orders, Reports: h.Reports,
		Last: h.last, SentTo: h.sentTo, StackOf: h.stackOf, AttachedTo: h.attachedTo,
	}
	if err := json.Unmarshal(b, &s); err != nil {
		return nil, fault.Wrap(op, fault.Internal, err, "the snapshot cannot be read")
	}
	if s.Format != snapshotFormat {
		return nil, fault.New(op, fault.Internal, "the snapshot has format %d, this program reads %d", s.Format, snapshotFormat)
	}
	h.Seq, h.At, h.Count, h.Org = s.Seq, s.At, s.Count, s.Org
	h.Units, h.Calls, h.Incidents, h.Assignments = s.Units, s.Calls, s.Incidents, s.Assignments
	h.Alarms, h.Paper = s.Alarms, s.Paper
	h.Alarms, h.Orders, h.Reports, h.OrderCount = s.Alarms, s.Orders, s.Reports, s.OrderCount
	h.last, h.ended, h.sentTo, h.stackOf, h.attachedTo = s.Last, s.Ended, s.SentTo, s.StackOf, s.AttachedTo
	for id, i := range h.Incidents {
		h.numbers[i.Number] = id
	}
	return h, nil
}

// Sealed visits every private part that the state holds, for the key store.
func (h *House) Sealed(visit func(cad.Sealed)) {
	for _, c := range h.Calls {
		visit(c.Caller)
	}
	for _, i := range h.Incidents {
		visit(i.Opening)
		visit(i.Address)
		for _, d := range i.Drawings {
			visit(d.Label)
		}
		for _, f := range i.Files {
			visit(f.Private)
		}
	}
	for _, r := range h.Reports {
		for _, f := range r.Filed {
			visit(f.Text)
		}
	}
	for _, o := range h.Orders {
		visit(o.Text)
		visit(o.Why)
		for _, r := range o.To {
			visit(r.Report)
			if r.Ask != nil {
				visit(r.Ask.Text)
			}
		}
	}
}

// Still is the house as it is now, for whoever wants to write it down, or to go on from it alone, while the writer goes
// on. It shares the states, which never change, and copies the maps.
func (h *House) Still() *House {
	s := *h
	s.Calls, s.Incidents, s.Assignments, s.Units = maps.Clone(h.Calls), maps.Clone(h.Incidents), maps.Clone(h.Assignments), maps.Clone(h.Units)
	s.Alarms, s.Orders = maps.Clone(h.Alarms), maps.Clone(h.Orders)
	s.Reports = maps.Clone(h.Reports)
	s.last, s.sentTo, s.stackOf, s.attachedTo = maps.Clone(h.last), maps.Clone(h.sentTo), maps.Clone(h.stackOf), maps.Clone(h.attachedTo)
	s.numbers, s.touched, s.erased = maps.Clone(h.numbers), map[cad.Subject]bool{}, nil
	s.ended = slices.Clone(h.ended)
	return &s
}
