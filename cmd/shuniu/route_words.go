package main

// What people call the ends of an arc or a trip, and its time, as columns.Word writes it. A letter alone is the least sure.

func tailWords() []string {
	return append(ends("from", "tail", "source", "src", "origin", "orig", "start", "begin"), "node1", "vertex1", "id1", "u", "o", "i", "s", "a")
}

func headWords() []string {
	return append(ends("to", "head", "target", "tgt", "dst", "dest", "destination", "end", "sink"), "node2", "vertex2", "id2", "v", "d", "j", "t", "b")
}

// ends are names with what people add to them.
func ends(names ...string) (words []string) {
	for _, tail := range []string{"", "id", "node", "nodeid", "vertex", "vertexid", "name"} {
		for _, n := range names {
			words = append(words, n+tail)
		}
	}
	return words
}

// secondsWords names a time in seconds: with its unit first, then without one.
func secondsWords() (words []string) {
	words = []string{"seconds", "secs", "sec", "s"}
	names := []string{"traveltime", "time", "duration", "cost", "weight", "drivetime", "value"}
	for _, n := range names {
		words = append(words, n+"s", n+"seconds", n+"secs", n+"sec", "secondsof"+n)
	}
	return append(append(words, names...), "traveltimes", "tt", "w", "t", "c")
}

// placeWords names a longitude or latitude of one end of a trip, such as from_lon, lon_from, origin_lng or lon1; with an
// underline in the first one, because that is what is shown.
func placeWords(name string, ends, digits, axes []string) []string {
	words := []string{name}
	for _, l := range axes {
		for _, e := range ends {
			words = append(words, e+l, l+e)
		}
		for _, d := range digits {
			words = append(words, l+d)
		}
	}
	return append(words, axes...)
}

// tripColumns are those of a trip between two places.
func tripColumns() []column {
	from, to := []string{"from", "origin", "orig", "start", "source", "src", "o", "a"}, []string{"to", "destination", "dest", "dst", "end", "target", "d", "b"}
	lon, lat := []string{"lon", "lng", "longitude", "long", "x"}, []string{"lat", "latitude", "y"}
	return []column{
		{words: placeWords("from_lon", from, []string{"0", "1"}, lon), number: true, never: "lat"},
		{words: placeWords("from_lat", from, []string{"0", "1"}, lat), number: true, never: "lon"},
		{words: placeWords("to_lon", to, []string{"2", "1"}, lon), number: true, never: "lat"},
		{words: placeWords("to_lat", to, []string{"2", "1"}, lat), number: true, never: "lon"},
	}
}
