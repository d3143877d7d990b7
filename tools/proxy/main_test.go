package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"
)

// echo answers every byte on a port of its own.
func echo(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() { defer conn.Close(); io.Copy(conn, conn) }()
		}
	}()
	return listener.Addr().String()
}

// unused is an address that nothing listens on.
func unused(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

func TestProxyObeysAndEndsWithItsInput(t *testing.T) {
	listen, upstream := unused(t), echo(t)
	orders, write := io.Pipe()
	read, answers := io.Pipe()
	ended := make(chan error, 1)
	go func() { ended <- serve(orders, answers, listen, upstream) }()
	replies := bufio.NewReader(read)
	reply := func() string {
		line, err := replies.ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		return strings.TrimSpace(line)
	}
	order := func(line, want string) {
		t.Helper()
		fmt.Fprintln(write, line)
		if got := reply(); !strings.Contains(got, want) {
			t.Fatalf("%s: got %q, want %q", line, got, want)
		}
	}
	if got := reply(); got != "ok" {
		t.Fatal(got)
	}
	dial := func() net.Conn {
		t.Helper()
		conn, err := net.Dial("tcp", listen)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { conn.Close() })
		conn.SetDeadline(time.Now().Add(20 * time.Second))
		return conn
	}
	ask := func(conn net.Conn) error {
		one := []byte{7}
		if _, err := conn.Write(one); err != nil {
			return err
		}
		_, err := io.ReadFull(conn, one)
		return err
	}
	conn := dial()
	if err := ask(conn); err != nil {
		t.Fatal(err)
	}
	order("cut", "ok")
	if ask(conn) == nil {
		t.Fatal("a cut connection answers")
	}
	if _, err := net.Dial("tcp", listen); err == nil {
		t.Fatal("a cut proxy listens")
	}
	order("restore", "ok")
	order("restore", "ok")
	if err := ask(dial()); err != nil {
		t.Fatal(err)
	}
	order(`toxic {"type":"limit_data","attributes":{"bytes":1}}`, "ok")
	conn = dial()
	if err := ask(conn); err != nil {
		t.Fatal(err)
	}
	if ask(conn) == nil {
		t.Fatal("a connection answers after its last byte")
	}
	order(`toxic {"type":"limit_data","attributes":{"bytes":1}}`, "exists")
	order(`toxic {"type":"fog"}`, "invalid toxic type")
	order("dance", "want cut")
	write.Close()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	if _, err := net.Dial("tcp", listen); err == nil {
		t.Fatal("the proxy outlived its input")
	}
}

func TestProxyStaysOnThisMachine(t *testing.T) {
	for _, address := range []string{"0.0.0.0:1", "192.0.2.1:1", "localhost", ""} {
		if serve(strings.NewReader(""), io.Discard, address, "127.0.0.1:1") == nil {
			t.Errorf("%q was taken", address)
		}
	}
}
