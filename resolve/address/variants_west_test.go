package address_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// western writes the countries whose addresses go from the unit to the country.
func (p premise) western(r *rand.Rand) string {
	room, floor, name := fmt.Sprintf("%d%02d", p.floor, p.unit), fmt.Sprint(p.floor), p.name
	kind := pick(r, "Building", "Bldg", "Bldg.")
	number := fmt.Sprint(p.number)
	line := func(parts ...string) string {
		kept := parts[:0]
		for _, part := range parts {
			if part != "" {
				kept = append(kept, part)
			}
		}
		return strings.Join(kept, ", ")
	}
	way := pick(r, p.way, p.way, map[string]string{"Street": "St", "Road": "Rd.", "Lane": "Ln", "Avenue": "Ave"}[p.way])
	side := p.side
	english := number + " " + strings.TrimSpace(p.street+" "+way+" "+side)
	unit := pick(r, "Unit ", "Suite ", "Room ", "Rm. ") + room
	level := pick(r, ordinalOf(p.floor)+" Floor", ordinalOf(p.floor)+" Fl.", "Level "+floor, floor+"/F")
	switch p.country {
	case "cn":
		english = pick(r, "No. ", "No.", "") + number + " " + strings.TrimSpace(p.street+" "+side) + pick(r, " Road", " Rd.", " Rd")
		return cased(r, line(unit, level, name+" "+kind, english, p.area+pick(r, " District", " Dist."), p.city, pick(r, "China", "P.R. China", "PR China", "China "+p.postcode)))
	case "sg":
		unit = fmt.Sprintf(pick(r, "#%02d-%02d", "# %02d-%02d", "#%02d-%02d"), p.floor, p.unit)
		if r.IntN(2) == 0 {
			return cased(r, line(english, unit, name+" "+kind, "Singapore "+p.postcode))
		}
		return cased(r, line(english, name+" "+kind, unit, "Singapore"+pick(r, " ", "(", " ")+p.postcode))
	case "my":
		english = pick(r, "No. ", "", "No ") + number + ", " + pick(r, "Jalan ", "Jln ", "Jln. ") + p.street
		return cased(r, line(pick(r, "Suite ", "Unit ")+room, pick(r, "Level "+floor, ordinalOf(p.floor)+" Floor", "Tingkat "+floor), "Menara "+name, english, p.area, p.postcode+" "+p.city, "Malaysia"))
	case "vn":
		english = pick(r, "", "No. ", "So ") + number + pick(r, " ", " Duong ") + p.street
		if !strings.Contains(english, "Duong") {
			english += pick(r, " Street", " St.", " Str")
		} else {
			english = strings.Replace(english, "Duong "+p.street, pick(r, "Duong ", "Đường ")+p.street, 1)
		}
		return line(pick(r, "Tang ", "Tầng ", "Floor ")+floor, name+pick(r, " Building", " Bldg"), english, p.area, p.city, pick(r, "Vietnam", "Viet Nam", "VIETNAM"))
	case "th":
		english = number + " " + pick(r, p.street+" Road", p.street+" Rd.", "Thanon "+p.street)
		return cased(r, line(pick(r, ordinalOf(p.floor)+" Floor", ordinalOf(p.floor)+" Fl.", floor+"/F"), pick(r, "Room ", "Unit ")+room, name+" "+kind, english, p.area, p.city+" "+p.postcode, "Thailand"))
	case "id":
		english = pick(r, "Jl. ", "Jalan ", "JL ") + p.street + pick(r, " No. ", " No.", " Kav. ") + number
		return cased(r, line("Gedung "+name, pick(r, "Lantai ", "Lt. ", "Lt.")+floor, english, p.area, p.city+pick(r, " "+p.postcode, ""), "Indonesia"))
	case "in":
		return cased(r, line(pick(r, "Unit No. ", "Office No. ", "Unit ")+room, level, name+" "+pick(r, "Complex", "Cplx"), english, p.area, p.city+pick(r, " - ", " ", "-")+p.postcode, "India"))
	case "ph":
		return cased(r, line(unit, level, name+" "+kind, english, p.area, pick(r, p.postcode+" ", "")+p.city, pick(r, "Philippines", "PHILIPPINES")))
	case "gb":
		return cased(r, line(pick(r, "Unit ", "Flat ", "Suite ")+room, pick(r, level, ordinalOf(p.floor)+" Floor"), name+" House", english, p.city+pick(r, " ", ", ")+p.postcode, pick(r, "United Kingdom", "UK", "England, UK")))
	default:
		return cased(r, line(english, pick(r, "Suite ", "Ste ", "Ste. ", "Unit ")+room, p.city, p.area+" "+p.postcode, pick(r, "USA", "United States", "U.S.A.")))
	}
}
