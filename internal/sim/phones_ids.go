package sim

import (
	"encoding/hex"
	"hash/fnv"
	"strconv"
	"strings"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/callers"
)

// callID and incidentID are the same every time, and marked; see Made.
func (p *Phones) callID(c *callers.Call) cad.CallID {
	return cad.CallID(markedID(c.At, "call", strconv.FormatUint(p.opt.Seed, 10), c.ID()))
}

// incidentID is the incident of a call's event, or that of a call which nobody takes for one of it.
func (p *Phones) incidentID(c *callers.Call) cad.IncidentID {
	if c.N > 0 && c.Kind == callers.WrongPlace {
		return apartOf(p.callID(c))
	}
	first := c.At
	if e := p.events[c.Event]; e != nil {
		first = e.calls[0].At
	}
	return cad.IncidentID(markedID(first, "incident", strconv.FormatUint(p.opt.Seed, 10), c.Event))
}

// markedID is a UUIDv7 like idOf, whose last bytes are a sum of the others.
func markedID(at time.Time, parts ...string) string {
	b := rawID(at, parts)
	sum := markOf(b)
	copy(b[13:], sum[:])
	return text(b)
}

func markOf(b [16]byte) (sum [3]byte) {
	h := fnv.New32a()
	_, _ = h.Write([]byte("phones"))
	_, _ = h.Write(b[:13])
	x := h.Sum32()
	return [3]byte{byte(x >> 16), byte(x >> 8), byte(x)}
}

// Made reports whether telephones of ours made the call or incident of an id: its last bytes say so, also after a
// restart. Of other ids one in sixteen million looks the same.
func Made(id string) bool {
	raw, err := hex.DecodeString(strings.ReplaceAll(id, "-", ""))
	if err != nil || len(raw) != 16 {
		return false
	}
	b := [16]byte(raw)
	return markOf(b) == [3]byte(b[13:])
}
