package main

import (
	"testing"
	"time"
)

func TestOver(t *testing.T) {
	now := time.Date(2026, 3, 1, 0, 5, 0, 0, time.UTC)
	indices := []index{
		{"fairway-logs-2026-03-01", 50}, {"fairway-logs-2026-02-27", 10}, {"fairway-logs-2026-02-28", 40},
		{"fairway-logs-2026-02-20", 5}, {"fairway-logs-notes", 1000},
	}
	for _, test := range []struct {
		name   string
		limits limits
		want   []string
	}{
		{"nothing is over", limits{14, 105}, nil},
		{"three days reach back to the 27th", limits{3, 1000}, []string{"fairway-logs-2026-02-20"}},
		{"one day is the present one", limits{1, 1000}, []string{"fairway-logs-2026-02-20", "fairway-logs-2026-02-27", "fairway-logs-2026-02-28"}},
		{"what is deleted for its age makes room", limits{3, 100}, []string{"fairway-logs-2026-02-20"}},
		{"the oldest go until the rest fits", limits{14, 90}, []string{"fairway-logs-2026-02-20", "fairway-logs-2026-02-27"}},
		{"the present day stays whatever its size", limits{14, 1}, []string{"fairway-logs-2026-02-20", "fairway-logs-2026-02-27", "fairway-logs-2026-02-28"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for _, one := range test.limits.over(indices, now) {
				got = append(got, one.name)
			}
			if len(got) != len(test.want) {
				t.Fatalf("got %v, want %v", got, test.want)
			}
			for i := range got {
				if got[i] != test.want[i] {
					t.Fatalf("got %v, want %v", got, test.want)
				}
			}
		})
	}
}
