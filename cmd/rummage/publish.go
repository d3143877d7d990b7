package main

import (
	"context"

	"rummage/algo/flag"
	"rummage/graph"
)

// publish shows a run in a store that others look into, if it is one. Runs of a narrowed scope are nobody's but the asker's.
func (d *desk) publish(ctx context.Context, store graph.Store, report *flag.Report) error {
	publisher, ok := store.(graph.Publisher)
	if !ok || report.Result.Scoped {
		return nil
	}
	d.meter.Step("publish", 0, 0)
	return publisher.Publish(ctx, publication(report))
}

// publication is what a run reported, as nodes of a graph say it.
func publication(report *flag.Report) graph.Publication {
	r := report.Result
	published := graph.Publication{Run: report.Run.ID, Kind: report.Run.Kind}
	for i := range r.Networks {
		n := &r.Networks[i]
		f := bestOf(r, n.ID)
		one := graph.PublishedNetwork{
			ID: string(n.ID), State: string(n.State), Grade: n.Grade,
			Figures: map[string]any{
				"heading": n.Heading, "what": n.What, "exposure": float64(n.Exposure), "inspected": int64(f.Inspected), "hits": int64(f.Hits),
				"expected": float64(f.Expected), "p": float64(f.P), "q": float64(f.Q),
			},
		}
		for j := range n.Members {
			one.Members = append(one.Members, graph.PublishedMember{Entity: n.Members[j].ID, Role: n.Members[j].Role})
		}
		published.Networks = append(published.Networks, one)
	}
	for i := range r.Leads {
		published.Leads = append(published.Leads, graph.PublishedLead{Entity: r.Leads[i].ID, Rank: r.Leads[i].Rank, Score: float64(r.Leads[i].Score)})
	}
	return published
}
