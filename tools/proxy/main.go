// Command proxy stands between a test and a server and makes the network bad on demand. It has a module of its
// own, since what it uses must not reach the product. It listens on 127.0.0.1 alone, must not know what flows through
// it, and ends when its standard input ends, so that it cannot outlive the test that started it.
//
//	proxy 127.0.0.1:PORT 127.0.0.1:UPSTREAM
//
// It answers "ok" when it listens, then one line for each line it reads, "ok" or what went wrong:
//
//	cut          closes every connection and listens no more
//	restore      takes every fault away and listens again
//	toxic JSON   adds a fault, as Toxiproxy describes them: {"type":"latency","attributes":{"latency":200}}
package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"

	"github.com/Shopify/toxiproxy/v2"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: proxy 127.0.0.1:PORT 127.0.0.1:UPSTREAM")
		os.Exit(2)
	}
	if err := serve(os.Stdin, os.Stdout, os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "proxy:", err)
		os.Exit(1)
	}
}

func serve(in io.Reader, out io.Writer, listen, upstream string) error {
	for _, address := range []string{listen, upstream} {
		host, _, err := net.SplitHostPort(address)
		if err != nil || host != "127.0.0.1" {
			return fmt.Errorf("%q: want 127.0.0.1:PORT", address)
		}
	}
	metrics := toxiproxy.NewMetricsContainer(prometheus.NewRegistry())
	proxy := toxiproxy.NewProxy(toxiproxy.NewServer(metrics, zerolog.Nop()), "proxy", listen, upstream)
	if err := proxy.Start(); err != nil {
		return err
	}
	defer proxy.Stop()
	fmt.Fprintln(out, "ok")
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		if err := obey(proxy, lines.Text()); err != nil {
			fmt.Fprintln(out, strings.ReplaceAll(err.Error(), "\n", " "))
			continue
		}
		fmt.Fprintln(out, "ok")
	}
	return lines.Err()
}

func obey(proxy *toxiproxy.Proxy, line string) error {
	word, rest, _ := strings.Cut(line, " ")
	switch word {
	case "cut":
		proxy.Stop()
		return nil
	case "restore":
		proxy.Toxics.ResetToxics(context.Background())
		if err := proxy.Start(); err != nil && !errors.Is(err, toxiproxy.ErrProxyAlreadyStarted) {
			return err
		}
		return nil
	case "toxic":
		_, err := proxy.Toxics.AddToxicJson(strings.NewReader(rest))
		return err
	}
	return fmt.Errorf("%q: want cut, restore or toxic", word)
}
