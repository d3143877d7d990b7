package main

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"rummage/graph"
	"rummage/ingest/ident"
)

// What published tables say of an id: goods by tariff code, ports by UN/LOCODE, countries, containers by their check digit.

// aboutRow is what a table that is compiled in says of an id. No file states it.
type aboutRow struct {
	What  string `json:"what"`
	Value string `json:"value"`
	Table string `json:"table"`
}

// about says what the tables know of an id; nothing for most.
func about(id graph.ID) []aboutRow {
	rows := []aboutRow{}
	switch id.Kind() {
	case graph.Commodity:
		rows = append(rows, aboutGoods(id)...)
	case graph.Place:
		rows = append(rows, aboutPlace(id.Label())...)
	case graph.Route:
		if way := aboutRoute(id.Label()); way != "" {
			rows = append(rows, aboutRow{"way", way, locodes})
		}
	case graph.Equipment:
		if r := ident.Container(id.Label()); r.Mark == ident.CheckDigit || r.Mark == ident.Discouraged {
			rows = append(rows, aboutRow{"check digit", r.Explain(), "ISO 6346"})
		}
	}
	return rows
}

const locodes = "UN/LOCODE"

// edition is the edition of the HS that the namespace of an id names, 0 for none: commodity/hs2022/851713.
func edition(id graph.ID) ident.Edition {
	parts := strings.Split(string(id), "/")
	year, ok := strings.CutPrefix(parts[max(len(parts)-2, 0)], "hs")
	n, err := strconv.Atoi(year)
	if !ok || err != nil || len(parts) < 3 || n < 1988 {
		return 0
	}
	return ident.Edition(n)
}

// aboutGoods describes a tariff code by its own edition only: the same digits may be other goods in another.
func aboutGoods(id graph.ID) []aboutRow {
	year, code := edition(id), id.Label()
	if year == 0 {
		return nil
	}
	name := fmt.Sprintf("HS %d", year)
	rows := []aboutRow{{"edition", name, "WCO Harmonized System"}}
	if year != ident.HS2022 {
		return rows
	}
	for _, n := range []int{6, 4, 2} { // the deepest level that is known
		if len(code) < n {
			continue
		}
		if text := ident.HSDescribe(code[:n]); text != "" && ident.HS(code[:n]).Mark == ident.Fine {
			rows = append(rows, aboutRow{"goods", code[:n] + ": " + text, name})
			break
		}
	}
	if number, title := ident.HSSection(code); number != "" {
		rows = append(rows, aboutRow{"section", number + ": " + title, name})
	}
	return rows
}

// aboutPlace names a port with its position, or a country.
func aboutPlace(code string) []aboutRow {
	if port, ok := ident.Port(code); ok {
		rows := []aboutRow{{"port", port.Name, locodes}}
		if port.Located {
			rows = append(rows, aboutRow{"position", position(port.Lat, port.Lon), locodes})
		}
		if len(code) >= 2 {
			if country := ident.CountryName(code[:2]); country != "" {
				rows = append(rows, aboutRow{"country", country, "ISO 3166-1"})
			}
		}
		return rows
	}
	if country := ident.CountryName(code); country != "" {
		return []aboutRow{{"country", country, "ISO 3166-1"}}
	}
	return nil
}

// position writes degrees as people read them: "22.28 N, 114.17 E".
func position(lat, lon float64) string {
	north, east := "N", "E"
	if lat < 0 {
		north = "S"
	}
	if lon < 0 {
		east = "W"
	}
	return fmt.Sprintf("%.2f %s, %.2f %s", math.Abs(lat), north, math.Abs(lon), east)
}

// aboutRoute names the ports of a route, "" if none is known.
func aboutRoute(route string) string {
	codes := strings.Split(route, ">")
	known := false
	for i, code := range codes {
		if port, ok := ident.Port(code); ok {
			codes[i], known = port.Name, true
		}
	}
	if !known {
		return ""
	}
	return strings.Join(codes, " > ")
}

// gloss is what the tables call an id that has no name of its own, "" for nothing.
func gloss(id graph.ID) string {
	for _, row := range about(id) {
		switch row.What {
		case "goods", "port", "way", "country":
			return row.Value
		}
	}
	return ""
}
