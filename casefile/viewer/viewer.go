package viewer

import (
	"bufio"
	"crypto/sha256"
	_ "embed" // the parts of the page
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"strings"
)

// The parts of the page: scripts run in this order, within one function.
var (
	//go:embed viewer.html
	body string
	//go:embed viewer.css
	look string
	//go:embed model.js
	model string
	//go:embed draw.js
	draw string
	//go:embed time.js
	timeline string
	//go:embed map.js
	routes string
	//go:embed why.js
	why string
	//go:embed table.js
	table string
	//go:embed main.js
	start string
)

// Write writes the page. Data stand in a block that no browser runs, with every < as \u003c; the script sets them as text. Its policy names
// script and style by their hashes, and forbids all requests.
func Write(to io.Writer, c *Case) error {
	content, err := json.Marshal(c.page())
	if err != nil {
		return fmt.Errorf("viewer: %w", err)
	}
	script := "'use strict';\n(() => {\n" + strings.Join([]string{model, draw, timeline, routes, why, table, start}, "\n") + "})();\n"
	policy := "default-src 'none'; script-src " + hash(script) + "; style-src " + hash(look) +
		"; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
	w := bufio.NewWriter(to)
	for _, part := range []string{
		"<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"", html.EscapeString(policy),
		"\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"referrer\" content=\"no-referrer\">\n<title>",
		html.EscapeString(c.Title), "</title>\n<style>", look, "</style>\n</head>\n", body, "<script type=\"application/json\" id=\"data\">",
		string(content), "</script>\n<script>", script, "</script>\n</body>\n</html>\n",
	} {
		if _, err := w.WriteString(part); err != nil {
			return fmt.Errorf("viewer: %w", err)
		}
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("viewer: %w", err)
	}
	return nil
}

// hash is how a policy names a text.
func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}
