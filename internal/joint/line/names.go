package line

import (
	"strings"

	"shuniu/internal/org"
)

func itemsOf(items []org.Item) []named {
	out := make([]named, 0, len(items))
	for _, it := range items {
		out = append(out, namesOf(it.ID, it.Name))
	}
	return out
}

// partnersOf are the other services. One whose name begins with its number is found by the rest of it as well.
func partnersOf(o *org.State) []named {
	out := itemsOf(o.Partners)
	for i, n := range out {
		if rest, ok := strings.CutPrefix(n.names[1], n.id); ok && rest != "" {
			out[i].names = append(n.names, rest)
		}
	}
	return out
}

func resultsOf(o *org.State) []named { return itemsOf(o.Results) }

func seatsOf(o *org.State) []named {
	out := itemsOf(o.Seats)
	for i, n := range out {
		out[i].names = append(n.names, n.id+"席", "seat "+n.id, "seat-"+n.id, strings.TrimSuffix(n.names[1], n.id))
	}
	return out
}

func typesOf(o *org.State) []named {
	out := make([]named, 0, len(o.TypeOrder))
	for _, id := range o.TypeOrder {
		t := o.Types[id]
		n := namesOf(string(id), t.Name)
		short, _, cut := strings.Cut(fold(t.Name["zh"]), "(") // 持刀伤人(正在发生) is called 持刀伤人.
		if cut {
			n.names = append(n.names, short)
		}
		out = append(out, n)
	}
	return out
}

func tagsOf(o *org.State) []named {
	out := make([]named, 0, len(o.Tags))
	for _, id := range sortedKeys(o.Tags) {
		out = append(out, namesOf(string(id), o.Tags[id].Name))
	}
	return out
}

func postsOf(o *org.State) []named {
	out := make([]named, 0, len(o.Posts))
	for _, p := range o.Posts {
		out = append(out, namesOf(p.ID, p.Name))
	}
	return out
}

func setPost(p *Plan, n named) { p.To = n.id }

// stationsOf are the police stations, also by their short names: 石埠派出所 is called 石埠所.
func stationsOf(o *org.State) []named {
	var out []named
	for _, id := range sortedKeys(o.Orgs) {
		x := o.Orgs[id]
		if x.Kind != "station" {
			continue
		}
		n := namesOf(string(id), x.Name)
		if short, ok := strings.CutSuffix(x.Name["zh"], "派出所"); ok {
			n.names = append(n.names, short+"所")
		}
		if short, ok := strings.CutSuffix(x.Name["en"], " Station"); ok {
			n.names = append(n.names, short)
		}
		out = append(out, n)
	}
	return out
}
