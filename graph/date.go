package graph

import (
	"fmt"
	"math"
	"time"
)

// Date is a calendar day without time zone, counted so that 0001-01-01 is 1
// (rata die). Customs documents state days, not instants. The zero value is
// NoDate.
type Date int32

// NoDate stands for a day that the source does not state. It is earlier than
// every other Date, so undated records are visible at any Until.
const NoDate Date = 0

const (
	dateLayout = "2006-01-02"
	unixEpoch  = 719163 // 1970-01-01
)

// DateOf returns the day of t in UTC, NoDate before year 1.
func DateOf(t time.Time) Date {
	return max(NoDate, Date(math.Floor(float64(t.UTC().Unix())/86400))+unixEpoch)
}

// ParseDate reads an ISO 8601 day, "2021-06-30".
func ParseDate(text string) (Date, error) {
	t, err := time.Parse(dateLayout, text)
	if err != nil || t.Year() < 1 {
		return NoDate, fmt.Errorf("graph: date %q: want year-month-day such as 2021-06-30", text)
	}
	return DateOf(t), nil
}

// Time returns midnight UTC of the day, the zero time for NoDate.
func (d Date) Time() time.Time {
	if d == NoDate {
		return time.Time{}
	}
	return time.Unix(int64(d-unixEpoch)*86400, 0).UTC()
}

// String returns the ISO 8601 day, "" for NoDate.
func (d Date) String() string {
	if d == NoDate {
		return ""
	}
	return d.Time().Format(dateLayout)
}

// MarshalText writes the ISO 8601 day.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText wrote; empty text is NoDate.
func (d *Date) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = NoDate
		return nil
	}
	parsed, err := ParseDate(string(text))
	if err != nil {
		return err
	}
	*d = parsed
	return nil
}
