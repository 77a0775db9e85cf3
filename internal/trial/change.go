package trial

import (
	"fmt"
	"slices"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
	"shuniu/internal/geo"
	"shuniu/internal/org"
	"shuniu/internal/unit"
)

// Change is one thing to try: another unit, one unit less, a unit or a post elsewhere.
type Change struct {
	Do    string     `json:"do" enum:"add,remove,move"`
	Unit  cad.UnitID `json:"unit,omitempty" doc:"Which one is moved or taken away; for a new one, which one it is like. Empty with a post: all that wait there."`
	Kind  string     `json:"kind,omitempty" doc:"Of a new unit that is like no other."`
	Place *geo.Point `json:"place,omitempty" doc:"Where it waits from then on."`
	Post  string     `json:"post,omitempty" doc:"The post at which it waits from then on. Without a unit: the post that is moved or given up."`
}

// changesMax is how many changes one trial makes.
const changesMax = 50

// Apply gives the fleet with the changes made in their order. The list that it is given stays as it was. Errors are
// fault.Invalid and name the change.
func Apply(units []Unit, changes []Change, o *org.State) ([]Unit, error) {
	const op = "trial.Apply"
	if len(changes) > changesMax {
		return nil, fault.New(op, fault.Invalid, "%d changes at once are too many", len(changes)).Because("too_many_changes").At("changes").Mend(fmt.Sprintf("try at most %d", changesMax))
	}
	out := slices.Clone(units)
	for i, c := range changes {
		if c.Place != nil && !c.Place.Valid() {
			return nil, fault.New(op, fault.Invalid, "change %d: its place is nowhere on earth", i+1).Because("bad_place").At("changes").Mend("give degrees of WGS 84")
		}
		var err error
		switch c.Do {
		case "add":
			out, err = add(out, c, o, i)
		case "remove":
			out, err = remove(out, c, o)
		case "move":
			out, err = move(out, c, o)
		default:
			err = fault.New(op, fault.Invalid, "change %d: nobody knows what %q does", i+1, c.Do).Because("bad_change").At("changes").Mend("add, remove or move")
		}
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// where is the place that a change names, and its post.
func where(c Change, o *org.State) (*geo.Point, string, error) {
	if c.Place != nil {
		return c.Place, "", nil
	}
	i := slices.IndexFunc(o.Posts, func(p org.Post) bool { return p.ID == c.Post })
	if i < 0 {
		return nil, "", fault.New("trial.Apply", fault.Invalid, "there is no post %q", c.Post).Because("no_post", "post", c.Post).At("changes").Mend("name a post of the centre, or a place")
	}
	return &o.Posts[i].Place, c.Post, nil
}

func noUnit(id cad.UnitID) error {
	return fault.New("trial.Apply", fault.Invalid, "there is no unit %q that can be sent", id).Because("no_unit", "unit", string(id)).At("changes").Mend("name a unit of the centre")
}

func find(units []Unit, id cad.UnitID) int {
	return slices.IndexFunc(units, func(u Unit) bool { return u.State.ID == id })
}

// add makes a new unit: like a named one, or of a kind with what the kind can do and two sworn officers.
func add(units []Unit, c Change, o *org.State, n int) ([]Unit, error) {
	at, post, err := where(c, o)
	if err != nil {
		return nil, err
	}
	var u Unit
	if c.Unit != "" {
		i := find(units, c.Unit)
		if i < 0 {
			return nil, noUnit(c.Unit)
		}
		u = units[i]
	} else {
		k, known := o.Kinds[c.Kind]
		if !known {
			return nil, fault.New("trial.Apply", fault.Invalid, "there is no kind of units %q", c.Kind).Because("no_kind", "kind", c.Kind).At("changes").Mend("name a kind of the centre, or a unit that it is like")
		}
		u = Unit{State: unit.State{Kind: c.Kind, Capabilities: k.Capabilities, Officers: 2, Sworn: 2, Dispatchable: true, Duty: unit.Available}}
		if k.OwnStation {
			u.State.Station, _, _ = o.Responsible(*at)
		}
	}
	id := cad.UnitID(fmt.Sprintf("new-%d", n+1))
	for find(units, id) >= 0 {
		id += "x"
	}
	u.State.ID, u.State.CallSign, u.State.Home, u.Post = id, string(id), at, post
	return append(units, u), nil
}

// remove takes a unit away, or gives up a post: its units wait at their stations then, or where they became free.
func remove(units []Unit, c Change, o *org.State) ([]Unit, error) {
	if c.Unit != "" {
		i := find(units, c.Unit)
		if i < 0 {
			return nil, noUnit(c.Unit)
		}
		return slices.Delete(units, i, i+1), nil
	}
	if _, _, err := where(Change{Post: c.Post}, o); err != nil {
		return nil, err
	}
	for i := range units {
		if u := &units[i]; u.Post == c.Post {
			u.Post = ""
			if at := o.Orgs[u.State.Station].Place; at != nil {
				u.State.Home = at
			}
		}
	}
	return units, nil
}

// move lets a unit wait elsewhere, or all that wait at a post.
func move(units []Unit, c Change, o *org.State) ([]Unit, error) {
	if c.Unit == "" { // The post itself is moved: the place says where to.
		if _, _, err := where(Change{Post: c.Post}, o); err != nil {
			return nil, err
		}
		if c.Place == nil {
			return nil, fault.New("trial.Apply", fault.Invalid, "nobody said where the post %q is moved to", c.Post).Because("no_place").At("changes").Mend("give a place")
		}
		for i := range units {
			if units[i].Post == c.Post {
				units[i].State.Home = c.Place
			}
		}
		return units, nil
	}
	i := find(units, c.Unit)
	if i < 0 {
		return nil, noUnit(c.Unit)
	}
	at, post, err := where(c, o)
	if err != nil {
		return nil, err
	}
	units[i].State.Home, units[i].Post = at, post
	return units, nil
}
