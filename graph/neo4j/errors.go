package neo4j

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"slices"
	"strings"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"rummage/graph"
)

// ErrAddress is returned for an address or the name of a database that no
// server could be asked for. Nothing was asked.
var ErrAddress = errors.New("no address of a store")

// occasion is what an error of the driver comes to: the error of the contract
// it belongs to, and words that a person can act on.
type occasion struct {
	is   error
	what string
}

// refused are the codes of which our words say all that the server says.
var refused = []string{"Neo.ClientError.Security.Unauthorized", "Neo.ClientError.Security.AuthenticationRateLimit",
	"Neo.ClientError.Security.CredentialsExpired", "Neo.ClientError.Database.DatabaseNotFound"}

// errorOf turns what the driver returned into an error of the contract. The
// context's error comes first, since the driver makes a lost connection of it.
// Errors that are of the contract already are returned as they are.
func (s *Store) errorOf(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	if !fromServer(err) {
		return err
	}
	if ctx.Err() != nil {
		return fmt.Errorf("neo4j: %s: %w", s.address, ctx.Err())
	}
	o := s.occasionOf(err)
	return &storeError{address: s.address, occasion: o, cause: err}
}

// fromServer tells errors of the driver from those that are of the contract
// already, and from those of a file of this machine.
func fromServer(err error) bool {
	var own *storeError
	var file *fs.PathError
	if errors.As(err, &own) || errors.As(err, &file) {
		return false
	}
	for _, is := range []error{graph.ErrLocked, graph.ErrDamaged, graph.ErrInvalidRecord, graph.ErrUnknownSource, graph.ErrEnded,
		graph.ErrAlreadyImported, graph.ErrNotFound, graph.ErrClosed, graph.ErrReadOnly, graph.ErrNotAStore} {
		if errors.Is(err, is) {
			return false
		}
	}
	return true
}

// storeError is an error of the server in the words of the house.
type storeError struct {
	address string
	occasion
	cause error
}

// Error says where, what, and what to do next, then what the driver said if
// that tells more. A server that answered is not called unreachable.
func (e *storeError) Error() string {
	text := fmt.Sprintf("neo4j: %s: %s", e.address, e.what)
	said := serverError(e.cause)
	switch {
	case e.cause == nil || said != nil && slices.Contains(refused, said.Code):
		return text
	case said == nil || !errors.Is(e.is, graph.ErrUnreachable):
		text += ": " + e.is.Error()
	}
	return text + " (" + short(e.cause) + ")"
}

// Unwrap returns the error of the contract and the driver's.
func (e *storeError) Unwrap() []error {
	if e.cause == nil {
		return []error{e.is}
	}
	return []error{e.is, e.cause}
}

// short keeps an error of the driver to one line of reasonable length.
func short(err error) string {
	text := strings.Join(strings.Fields(err.Error()), " ")
	if len(text) > 300 {
		return strings.ToValidUTF8(text[:300], "") + " ..."
	}
	return text
}

// broken is an error of the store's contents, not of reaching it.
func (s *Store) broken(is error, format string, args ...any) error {
	return fmt.Errorf("neo4j: %s: %s: %w", s.address, fmt.Sprintf(format, args...), is)
}

// serverError returns the server's own error, nil when the server said nothing.
// It looks into the list that the driver makes of several tries.
func serverError(err error) *driver.Neo4jError {
	var limit *driver.TransactionExecutionLimit
	if errors.As(err, &limit) && len(limit.Errors) > 0 {
		err = limit.Errors[len(limit.Errors)-1]
	}
	var said *driver.Neo4jError
	if errors.As(err, &said) {
		return said
	}
	return nil
}

func (s *Store) occasionOf(err error) occasion {
	if said := serverError(err); said != nil {
		return s.occasionOfCode(said)
	}
	var limit *driver.TransactionExecutionLimit
	if errors.As(err, &limit) && len(limit.Errors) > 0 {
		return s.occasionOf(limit.Errors[len(limit.Errors)-1])
	}
	var usage *driver.UsageError
	var name *net.DNSError
	text := err.Error()
	switch {
	case strings.Contains(text, "unsupported protocol") || strings.Contains(text, "server did not accept") || strings.Contains(text, "version negotiation") ||
		strings.Contains(text, "http endpoint"):
		return occasion{graph.ErrUnreachable, "what answers there speaks no Bolt that is understood here; check the port (7687, not 7474) and that the server is Neo4j " + leastVersion + " or later"}
	case errors.As(err, &usage):
		return occasion{graph.ErrUnreachable, "this address or what was asked makes no sense to the driver; addresses are such as bolt://host:7687 (not the HTTP port 7474)"}
	case errors.As(err, &name) || strings.Contains(text, "no such host"):
		return occasion{graph.ErrUnreachable, "there is no host of this name; check the address given as --store"}
	case strings.Contains(text, "connection refused"):
		return occasion{graph.ErrUnreachable, "nothing listens there; start the server, or check host and port (7687 is the usual one)"}
	case isTLS(err):
		return occasion{graph.ErrUnreachable, "no encrypted connection could be made; use bolt:// or neo4j:// for a server without TLS, " +
			"bolt+s:// or neo4j+s:// for one with a certificate that this machine trusts, +ssc for one of its own making"}
	}
	return occasion{graph.ErrUnreachable, "the connection failed or was cut; see whether the server runs, then try again"}
}

func isTLS(err error) bool {
	var record tls.RecordHeaderError
	var unknown x509.UnknownAuthorityError
	var host x509.HostnameError
	var invalid x509.CertificateInvalidError
	text := err.Error()
	return errors.As(err, &record) || errors.As(err, &unknown) || errors.As(err, &host) || errors.As(err, &invalid) ||
		strings.Contains(text, "TLS") || strings.Contains(text, "tls:") || strings.Contains(text, "x509:")
}

// occasions are the codes of the server that have a meaning of their own here.
var occasions = map[string]occasion{
	"Neo.ClientError.Security.Unauthorized": {graph.ErrUnreachable, "the server does not take this user and password; " +
		"see the settings for them (the first password of a new server is neo4j and must be changed)"},
	"Neo.ClientError.Security.AuthenticationRateLimit": {graph.ErrUnreachable, "the server was given a wrong password several times and takes none for some seconds; correct it and try again"},
	"Neo.ClientError.Security.CredentialsExpired": {graph.ErrUnreachable, "the password has expired; " +
		"set a new one with ALTER CURRENT USER SET PASSWORD in Neo4j Browser or cypher-shell"},
	"Neo.ClientError.Security.Forbidden":                                 {graph.ErrReadOnly, "the server does not let this user do it"},
	"Neo.ClientError.General.ForbiddenOnReadOnlyDatabase":                {graph.ErrReadOnly, "the database was made read-only by its administrator"},
	"Neo.ClientError.General.WriteOnReadOnlyAccessDatabase":              {graph.ErrReadOnly, "the database was made read-only by its administrator"},
	"Neo.ClientError.Statement.AccessMode":                               {graph.ErrReadOnly, "the server takes no writes in this session"},
	"Neo.ClientError.Schema.ConstraintValidationFailed":                  {graph.ErrDamaged, "two records of one id: something else than rummage wrote into this database; run check"},
	"Neo.DatabaseError.Schema.ConstraintCreationFailed":                  {graph.ErrDamaged, "a constraint cannot be made, since there are two records of one id: something else than rummage wrote into this database"},
	"Neo.ClientError.Statement.EntityNotFound":                           {graph.ErrDamaged, "a record went away while it was read; try again, and run check if it stays so"},
	"Neo.ClientError.Statement.SyntaxError":                              {graph.ErrUnreachable, "the server does not understand what is asked; it must be Neo4j " + leastVersion + " or later"},
	"Neo.ClientError.Procedure.ProcedureNotFound":                        {graph.ErrUnreachable, "the server lacks a procedure; it must be Neo4j " + leastVersion + " or later"},
	"Neo.TransientError.Transaction.DeadlockDetected":                    {graph.ErrLocked, "something else writes into this database at the same time"},
	"Neo.TransientError.General.MemoryPoolOutOfMemoryError":              {graph.ErrFull, "the server has too little memory for this; raise dbms.memory.transaction.total.max or server.memory.heap.max_size"},
	"Neo.TransientError.General.OutOfMemoryError":                        {graph.ErrFull, "the server has run out of memory; raise server.memory.heap.max_size"},
	"Neo.DatabaseError.Transaction.TransactionLogError":                  {graph.ErrFull, "the server cannot write its log; see whether its disk is full, then restart it"},
	"Neo.DatabaseError.Transaction.TransactionCommitFailed":              {graph.ErrFull, "the server cannot write; see whether its disk is full, and its log debug.log"},
	"Neo.TransientError.Database.DatabaseUnavailable":                    {graph.ErrUnreachable, "the database is not available now; see whether the server is starting or stopping"},
	"Neo.TransientError.General.DatabaseUnavailable":                     {graph.ErrUnreachable, "the database is not available now; see whether the server is starting or stopping"},
	"Neo.ClientError.Transaction.TransactionTimedOut":                    {graph.ErrUnreachable, "the server ended it for taking too long; see db.transaction.timeout"},
	"Neo.ClientError.Transaction.LockAcquisitionTimeout":                 {graph.ErrLocked, "something else holds what is to be written; see db.lock.acquisition.timeout"},
	"Neo.TransientError.Transaction.LockAcquisitionTimeout":              {graph.ErrLocked, "something else holds what is to be written; see db.lock.acquisition.timeout"},
	"Neo.ClientError.Transaction.TransactionTimedOutClientConfiguration": {graph.ErrUnreachable, "it took longer than was allowed"},
}

func (s *Store) occasionOfCode(said *driver.Neo4jError) occasion {
	if said.Code == "Neo.ClientError.Security.Unauthorized" && s.options.Password == "" {
		return occasion{graph.ErrUnreachable, "no password is set; RUMMAGE_NEO4J_PASSWORD or --neo4j-password-file names it"}
	}
	if o, known := occasions[said.Code]; known {
		return o
	}
	switch {
	case said.Code == "Neo.ClientError.Database.DatabaseNotFound":
		return occasion{graph.ErrUnreachable, fmt.Sprintf("the server has no database %q; Community edition has one, neo4j", s.options.Database)}
	case strings.HasPrefix(said.Code, "Neo.TransientError."):
		return occasion{graph.ErrUnreachable, "the server could not do it just now; try again"}
	case strings.HasPrefix(said.Code, "Neo.DatabaseError."):
		return occasion{graph.ErrUnreachable, "the server failed; its log debug.log says why"}
	}
	return occasion{graph.ErrUnreachable, "the server refused"}
}

// tooLarge reports that the server had too little memory for a transaction.
func tooLarge(err error) bool {
	said := serverError(err)
	return said != nil && (strings.HasSuffix(said.Code, ".MemoryPoolOutOfMemoryError") || strings.HasSuffix(said.Code, ".OutOfMemoryError") ||
		strings.HasSuffix(said.Code, ".TransactionMemoryLimit"))
}

// passing reports an error that may be gone at the next try: the server says
// so, and knows that nothing was written.
func passing(err error) bool {
	said := serverError(err)
	return said != nil && !tooLarge(err) && (said.IsRetriable() || said.Code == "Neo.ClientError.Transaction.LockClientStopped" ||
		said.Code == "Neo.ClientError.Transaction.Terminated")
}

// stale reports that a connection had ended before anything was asked on it, or
// ended at once.
func stale(err error) bool {
	text := err.Error()
	return serverError(err) == nil && (strings.Contains(text, "EOF") || strings.Contains(text, "reset by peer") || strings.Contains(text, "broken pipe"))
}

// gone reports that the server did not answer, so that nobody knows whether
// something was written.
func gone(err error) bool {
	said := serverError(err)
	if said != nil {
		return strings.HasSuffix(said.Code, ".DatabaseUnavailable")
	}
	var usage *driver.UsageError
	return !errors.As(err, &usage) && !isTLS(err)
}
