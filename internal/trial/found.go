package trial

import (
	"fmt"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/joint"
	"shuniu/internal/org"
)

// Found folds a centre's folder into a house without a journal, and gives the centre and its units as a desk would have them.
func Found(charter org.Charter) (*org.State, []Unit, error) {
	codec, err := joint.NewCodec()
	if err != nil {
		return nil, nil, err
	}
	h, at := joint.NewHouse(nil), time.Unix(0, 0).UTC()
	for _, c := range []joint.Command{joint.OpenWorld{World: cad.Study, Centre: charter.Centre}, joint.Configure{Charter: charter}} {
		out, err := c.Decide(h, joint.Moment{Now: at, Actor: "study"})
		if err != nil {
			return nil, nil, fmt.Errorf("trial: the centre cannot be founded: %w", err)
		}
		for _, f := range out.Facts {
			if err := h.Evolve(codec, f, cad.Stamp{Seq: h.Seq + 1, At: at, Happened: at, Actor: "study"}); err != nil {
				return nil, nil, fmt.Errorf("trial: the centre cannot be founded: %w", err)
			}
		}
	}
	return h.Org, UnitsOf(h.Units, h.Org), nil
}
