package joint

import (
	"shuniu/internal/cad"
	"shuniu/internal/unit"
)

// CallOff ends the standby of a unit that is sent; no facts if it waits nowhere by order.
func (h *House) CallOff(id cad.UnitID, m Moment) ([]cad.Fact, error) {
	u := h.Unit(id)
	if u.Standby == nil {
		return nil, nil
	}
	return unit.EndStandby{ID: id}.Decide(u, h.aroundUnit(id, m))
}
