package joint

import (
	"shuniu/internal/cad"
	"shuniu/internal/incident"
	"shuniu/internal/org"
)

// AskOf is an incident as response plans see it.
func AskOf(s incident.State) org.Ask {
	return org.Ask{Type: s.Type, Tags: s.Tags, Level: s.Level, Priority: s.Priority, Station: s.Responsible.Org, Place: s.Place}
}

// Response is what an incident needs by its type and by the response plans that match it.
func (h *House) Response(id cad.IncidentID) org.Response {
	return h.Org.Response(AskOf(h.Incident(id)))
}

// Waves are the numbers of the waves of an incident that ask for anything, ascending.
func (h *House) Waves(id cad.IncidentID) []int { return h.Response(id).Numbers() }
