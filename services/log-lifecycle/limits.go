package main

import (
	"slices"
	"strings"
	"time"
)

// Indices are named after the day of their lines: fairway-logs-2026-11-26.
const prefix = "fairway-logs-"

type limits struct {
	days  int
	bytes int64
}

type index struct {
	name  string
	bytes int64
}

type overdue struct {
	index
	because string
}

// over names the indices to delete, the oldest first. What does not end in a day is somebody else's and stays.
func (l limits) over(indices []index, now time.Time) []overdue {
	today := now.Format(time.DateOnly)
	oldest := now.AddDate(0, 0, 1-l.days).Format(time.DateOnly)
	total := int64(0)
	var ours []index
	for _, one := range indices {
		if _, err := time.Parse(time.DateOnly, strings.TrimPrefix(one.name, prefix)); err == nil {
			ours = append(ours, one)
			total += one.bytes
		}
	}
	slices.SortFunc(ours, func(a, b index) int { return strings.Compare(a.name, b.name) })
	var over []overdue
	for _, one := range ours {
		day := strings.TrimPrefix(one.name, prefix)
		switch {
		case day < oldest:
			over = append(over, overdue{one, "age"})
		case total > l.bytes && day < today:
			over = append(over, overdue{one, "size"})
		default:
			continue
		}
		total -= one.bytes
	}
	return over
}
