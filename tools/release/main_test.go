package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestABinaryIsDescribed describes the binary of this test, twice: the same both times, with the modules that it is made of.
func TestABinaryIsDescribed(t *testing.T) {
	self, err := os.ReadFile(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	var texts [2]string
	for i := range texts {
		folder := t.TempDir()
		if err := os.WriteFile(filepath.Join(folder, "rummage"), self, 0o755); err != nil {
			t.Fatal(err)
		}
		for range 2 { // a second time its own files lie there
			if err := describe(folder, "0123456789ab"); err != nil {
				t.Fatal(err)
			}
		}
		for _, name := range []string{"rummage.cdx.json", sums} {
			text, err := os.ReadFile(filepath.Join(folder, name))
			if err != nil {
				t.Fatal(err)
			}
			texts[i] += string(text)
		}
	}
	if texts[0] != texts[1] {
		t.Error("two descriptions of one binary differ")
	}
	bill, _, _ := strings.Cut(texts[0], "\n}\n")
	var said struct {
		Metadata   struct{ Component struct{ Version string } }
		Components []struct{ Name, Version string }
	}
	if err := json.Unmarshal([]byte(bill+"\n}"), &said); err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, c := range said.Components {
		found[c.Name] = c.Version
	}
	if said.Metadata.Component.Version != "0123456789ab" || found["std"] == "" || found["github.com/CycloneDX/cyclonedx-go"] == "" {
		t.Errorf("commit %q, components %v", said.Metadata.Component.Version, found)
	}
	if !strings.Contains(texts[0], "  rummage\n") || !strings.Contains(texts[0], "  rummage.cdx.json\n") {
		t.Error("the list of sums lacks a file")
	}
}

func TestWithoutACommitNothingIsDescribed(t *testing.T) {
	if err := describe(t.TempDir(), ""); err == nil {
		t.Error("no error")
	}
}
