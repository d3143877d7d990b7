package explore

import (
	"context"
	"fmt"

	"rummage/graph"
)

// Page is one entity with the counts of its neighbours and some of them.
type Page struct {
	ID         graph.ID
	Name       string
	Counts     []graph.Count
	Neighbours []Neighbour
}

// Neighbour is a neighbour with a name to show.
type Neighbour struct {
	graph.Neighbour
	Name string
}

// Expand counts the neighbours of an entity by role, then lists the page of
// them that the query asks for, most records first; a negative limit lists
// none. An error wrapping
// graph.ErrNotFound is returned when the scope does not show the entity.
//
// Cost: one look-up for the entity and one for each neighbour listed.
func Expand(ctx context.Context, reader graph.Reader, query graph.NeighbourQuery) (Page, error) {
	entity, err := reader.Entity(ctx, query.ID)
	if err != nil {
		return Page{}, fmt.Errorf("explore: expand %s: %w", query.ID, err)
	}
	page := Page{ID: entity.ID, Name: entity.Name()}
	if page.Counts, err = reader.Counts(ctx, query.ID); err != nil {
		return Page{}, fmt.Errorf("explore: expand %s: %w", query.ID, err)
	}
	if query.Limit < 0 {
		return page, nil
	}
	found, err := reader.Neighbours(ctx, query)
	if err != nil {
		return Page{}, fmt.Errorf("explore: expand %s: %w", query.ID, err)
	}
	for _, n := range found {
		name, err := nameOf(ctx, reader, n.ID)
		if err != nil {
			return Page{}, err
		}
		page.Neighbours = append(page.Neighbours, Neighbour{Neighbour: n, Name: name})
	}
	return page, nil
}

func nameOf(ctx context.Context, reader graph.Reader, id graph.ID) (string, error) {
	entity, err := reader.Entity(ctx, id)
	if err != nil {
		return "", fmt.Errorf("explore: %s: %w", id, err)
	}
	return entity.Name(), nil
}
