package main

import (
	"encoding/json"
	"io"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"shuniu/internal/api"
	"shuniu/internal/fault"
)

// groundFlags name the agency's own map.
type groundFlags struct {
	MapTiles       string   `help:"The agency's own raster tiles, drawn instead of our ground: an address with {z}, {x} and {y}. Its server must allow other origins (CORS)." env:"SHUNIU_MAP_TILES" placeholder:"URL"`
	MapStyle       string   `help:"The agency's own MapLibre style, drawn instead of our ground: a file, or an address whose server allows other origins (CORS)." env:"SHUNIU_MAP_STYLE" placeholder:"URL|FILE"`
	MapAttribution string   `help:"Who must be named on the agency's own map." env:"SHUNIU_MAP_ATTRIBUTION" placeholder:"TEXT"`
	MapAllow       []string `help:"Further servers from which a style by address loads its tiles, such as https://tiles.example." env:"SHUNIU_MAP_ALLOW" placeholder:"ORIGIN"`
}

// styleBytesMax is far above the largest style that people draw.
const styleBytesMax = 8 << 20

// ground reads what the flags name. origins are the servers from which a browser may load then, and no others.
func (g groundFlags) ground() (out api.Ground, origins []string, err error) {
	if g.MapTiles == "" && g.MapStyle == "" {
		if g.MapAttribution != "" || len(g.MapAllow) > 0 {
			return out, nil, badGround("--map-attribution and --map-allow belong to a map of your own", "name it with --map-tiles or --map-style")
		}
		return out, nil, nil
	}
	switch {
	case g.MapTiles != "" && g.MapStyle != "":
		return out, nil, badGround("a map has one ground", "give --map-tiles or --map-style, not both")
	case g.MapAttribution == "":
		return out, nil, badGround("whose map it is must stand on it", "give --map-attribution, with the name that the map's owner asks for")
	}
	out.Attribution = g.MapAttribution
	addresses := slices.Clone(g.MapAllow)
	switch {
	case g.MapTiles != "":
		out.Tiles = g.MapTiles
		for _, part := range []string{"{z}", "{x}", "{y}"} {
			if !strings.Contains(g.MapTiles, part) {
				return out, nil, badGround("--map-tiles has no "+part, "give an address such as https://maps.example/{z}/{x}/{y}.png")
			}
		}
		addresses = append(addresses, g.MapTiles)
	case isAddress(g.MapStyle):
		out.StyleURL = g.MapStyle
		addresses = append(addresses, g.MapStyle)
	default:
		style, loads, err := readStyle(g.MapStyle)
		if err != nil {
			return out, nil, err
		}
		out.Style = style
		addresses = append(addresses, loads...)
	}
	for _, a := range addresses {
		origin, err := originOf(a)
		if err != nil {
			return out, nil, err
		}
		if !slices.Contains(origins, origin) {
			origins = append(origins, origin)
		}
	}
	return out, origins, nil
}

func badGround(text, remedy string) error {
	return fault.New("shuniu", fault.Invalid, "%s", text).Mend(remedy)
}

func isAddress(s string) bool {
	return strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://")
}

// plainHost is a host and port that mean nothing else in a content policy.
var plainHost = regexp.MustCompile(`^([A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])(:[0-9]{1,5})?$`)

// plainPort reports whether a server can listen there; none is the scheme's own.
func plainPort(port string) bool {
	n, err := strconv.ParseUint(port, 10, 16)
	return port == "" || err == nil && n > 0
}

// originOf is the server of an address, as a content policy names it.
func originOf(address string) (string, error) {
	_, rest, _ := strings.Cut(address, "://")
	host := strings.FieldsFunc(rest+"/", func(r rune) bool { return strings.ContainsRune("/?#", r) })
	if len(host) > 0 && strings.ContainsAny(host[0], "{}") { // Without the braces it would be the name of another server.
		return "", badGround("the map's address "+address+" has a placeholder in its host", "give one server's name, such as https://a.maps.example/{z}/{x}/{y}.png")
	}
	u, err := url.Parse(strings.NewReplacer("{", "", "}", "").Replace(address))
	if err != nil || !isAddress(address) || u.User != nil || !plainHost.MatchString(u.Host) || !plainPort(u.Port()) {
		return "", badGround("the map's address "+address+" cannot be used", "give one that begins with http:// or https:// and a host, without a name or password")
	}
	return u.Scheme + "://" + strings.ToLower(u.Host), nil
}

// readStyle reads a MapLibre style from a file. loads are the addresses of other servers that it names.
func readStyle(path string) (style []byte, loads []string, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, fault.Wrap("shuniu", fault.NotFound, err, "the map style cannot be read: %v", err).Mend("name a file, or an address that begins with https://")
	}
	defer f.Close() //nolint:errcheck // Read only: nothing can be lost.
	if style, err = io.ReadAll(io.LimitReader(f, styleBytesMax+1)); err != nil || len(style) > styleBytesMax {
		return nil, nil, fault.Wrap("shuniu", fault.Invalid, err, "the map style cannot be read, or is larger than 8 MiB").Mend("name a file with a MapLibre style")
	}
	var s struct {
		Version int                       `json:"version"`
		Sprite  any                       `json:"sprite"`
		Sources map[string]map[string]any `json:"sources"`
		Layers  []json.RawMessage         `json:"layers"`
	}
	if err := json.Unmarshal(style, &s); err != nil || s.Version != 8 || len(s.Layers) == 0 {
		return nil, nil, fault.Wrap("shuniu", fault.Invalid, err, "%s is no MapLibre style of version 8 with layers", path).Mend("export the style again as JSON")
	}
	found := []any{s.Sprite}
	for _, source := range s.Sources {
		tiles, _ := source["tiles"].([]any)
		found = append(append(found, source["url"], source["data"]), tiles...)
	}
	for _, v := range found {
		if text, ok := v.(string); ok && isAddress(text) {
			loads = append(loads, text)
		}
	}
	return style, loads, nil
}
