package arch

import (
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
)

const consoleRoot = "console/src/"

// checkConsole holds the console to its own floors: a room imports no other room, one file owns the map library
// and one file owns the browser driver.
func checkConsole(files tree, report func(string, ...any)) {
	imported := regexp.MustCompile(`(?m)(?:^\s*import\s+|\bfrom\s+|\bimport\(\s*|\brequire\(\s*)['"]([^'"]+)['"]`)
	var drivers []string
	for _, name := range files.paths() {
		if !strings.HasPrefix(name, "console/") || !slices.Contains([]string{".ts", ".tsx", ".mts", ".mjs", ".js"}, path.Ext(name)) {
			continue
		}
		drives := false
		for _, match := range imported.FindAllStringSubmatch(files[name], -1) {
			spec := match[1]
			if of(spec, "maplibre-gl") && name != consoleRoot+"map/MapView.tsx" {
				report("%s: imports %s; only map/MapView.tsx owns the map", name, spec)
			}
			drives = drives || of(spec, "playwright") || of(spec, "playwright-core") || of(spec, "@playwright/test")
			checkConsoleRoom(name, spec, report)
		}
		if drives {
			drivers = append(drivers, name)
		}
	}
	byFolder := map[string][]string{}
	for _, name := range drivers {
		byFolder[path.Dir(name)] = append(byFolder[path.Dir(name)], name)
	}
	for _, folder := range slices.Sorted(maps.Keys(byFolder)) {
		if !slices.Contains(consoleDrivers(), folder) {
			report("%s imports the browser driver; its helper lives in console/e2e", byFolder[folder][0])
		}
		if len(byFolder[folder]) > 1 {
			report("%s import the browser driver; one helper owns it and the journeys use that", strings.Join(byFolder[folder], " and "))
		}
	}
}

func of(spec, pkg string) bool { return spec == pkg || strings.HasPrefix(spec, pkg+"/") }

// checkConsoleRoom refuses an import that leaves a room for anything but the shared folders.
func checkConsoleRoom(name, spec string, report func(string, ...any)) {
	inside, ok := strings.CutPrefix(name, consoleRoot+"rooms/")
	if !ok {
		return
	}
	room, _, _ := strings.Cut(inside, "/")
	var target string
	switch {
	case strings.HasPrefix(spec, "@/"):
		target = consoleRoot + spec[len("@/"):]
	case strings.HasPrefix(spec, "."):
		target = path.Join(path.Dir(name), spec)
	default:
		return // A library.
	}
	local, ok := strings.CutPrefix(target, consoleRoot)
	if !ok {
		report("%s: imports %s, outside of src", name, spec)
		return
	}
	top, rest, _ := strings.Cut(local, "/")
	other, _, _ := strings.Cut(rest, "/")
	switch {
	case slices.Contains(consoleRoomsMay(), top), top == "rooms" && other == room:
	case top == "rooms":
		report("%s: room %s imports room %s; whoever needs two rooms stands in app", name, room, other)
	default:
		report("%s: imports %s; a room imports only %s", name, spec, strings.Join(consoleRoomsMay(), ", "))
	}
}
