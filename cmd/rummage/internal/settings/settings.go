// Package settings finds the settings in force: a flag wins over a RUMMAGE_* variable, that over the
// configuration file, that over the default. It knows each setting's origin and must not know what
// a setting is used for. The environment is handed in.
package settings

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/user"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/pflag"
	"github.com/spf13/viper"
)

// ErrInvalid is returned when a setting has a value it cannot have, or a name nobody knows.
var ErrInvalid = errors.New("settings: invalid")

// The variables that hold secrets: a Neo4j user's password, and the key of identity numbers. Like RUMMAGE_CONFIG they are read, and no
// settings.
const (
	passwordVariable = Prefix + "NEO4J_PASSWORD"
	identityVariable = Prefix + "IDENTITY_KEY"
)

// Prefix starts the name of every variable of the environment that is a setting.
const Prefix = "RUMMAGE_"

// Settings is everything that may be set for all commands.
type Settings struct {
	// Store is the path of an embedded store, or the address of a Neo4j server.
	Store string
	// User, Password and Database are those of a Neo4j server. The password is no setting: it comes from RUMMAGE_NEO4J_PASSWORD
	// or the first line of the file that PasswordFile names, and is never printed.
	User, Password, Database, PasswordFile string
	// Evidence is the folder of imported files beside a Neo4j store; empty for none.
	Evidence string
	// Cache is the folder of snapshots of the graph; empty for none.
	Cache string
	// Output is how answers are printed: auto, table, tsv or json.
	Output string
	// Progress is whether progress is shown: auto (on a terminal), always or never.
	Progress string
	// Threads is the number of threads of the analysis, at least 1; results do not depend on it.
	Threads int
	// Author is the name that decisions are signed with.
	Author string
	// Handling is the handling code given to imported sources that name none.
	Handling string
	// IdentityKey is under what numbers that identify persons are kept, as keyed hashes; IdentityKeyFile names the file whose first line it
	// is. RUMMAGE_IDENTITY_KEY wins over it. Like the password the key is no setting and is never printed.
	IdentityKey, IdentityKeyFile string
	// Origins tells for each key where its value came from, in the order of the help text; behind them of each secret where it came from,
	// and never its value.
	Origins []Origin
	// Ignored are variables that look like settings and are none, sorted.
	Ignored []string
}

// Origin is one setting in force and where it came from.
type Origin struct {
	Key   string `json:"key"`
	Value string `json:"value"`
	From  string `json:"from"`
}

// row describes one setting.
type row struct {
	key, usage string
	value      any
	choices    []string
}

// rows is the table of settings, in the order of the help text.
func rows(env map[string]string) []row {
	return []row{
		{key: "store", value: "rummage.db", usage: "path of the store, or address of a Neo4j server: bolt://host:7687, neo4j://host, neo4j+s://host"},
		{key: "neo4j-user", value: "neo4j", usage: "user of a Neo4j server"},
		{key: "neo4j-password-file", value: "", usage: "file whose first line is the password of the Neo4j user; RUMMAGE_NEO4J_PASSWORD wins over it"},
		{key: "neo4j-database", value: "neo4j", usage: "database of a Neo4j server"},
		{key: "evidence", value: "rummage-evidence", usage: "folder that keeps the bytes of imported files beside a Neo4j store; empty: none"},
		{key: "cache", value: cache(env), usage: "folder of snapshots of the graph, which make the next analysis of the same data faster; empty: none"},
		{key: "output", value: "auto", usage: "auto, table, tsv or json; auto is a table on a terminal and TSV in a pipe",
			choices: []string{"auto", "table", "tsv", "json"}},
		{key: "progress", value: "auto", usage: "auto, always or never; auto is on a terminal only",
			choices: []string{"auto", "always", "never"}},
		{key: "threads", value: runtime.GOMAXPROCS(0), usage: "threads of the analysis; the results do not depend on them"},
		{key: "author", value: login(env), usage: "name that decisions are signed with"},
		{key: "identity-key-file", value: "", usage: "file whose first line is the key, of at least 32 bytes, under which numbers that identify persons are kept as hashes; RUMMAGE_IDENTITY_KEY wins over it"},
		{key: "handling", value: "", usage: "handling code of imported sources that name none"},
	}
}

// login is the name of the person at the machine, as its system tells it.
func login(env map[string]string) string {
	for _, key := range []string{"USER", "LOGNAME", "USERNAME"} {
		if env[key] != "" {
			return env[key]
		}
	}
	if person, err := user.Current(); err == nil && person.Username != "" {
		return person.Username
	}
	return "unknown"
}

// Flags adds a flag for each setting, and --config and --json, to a flag set.
func Flags(flags *pflag.FlagSet, environ []string) {
	flags.String("config", "", "configuration file (YAML)")
	flags.Bool("json", false, "same as --output json")
	for _, r := range rows(split(environ)) {
		switch value := r.value.(type) {
		case string:
			flags.String(r.key, value, r.usage)
		case int:
			flags.Int(r.key, value, r.usage)
		}
	}
}

// Load reads the settings from parsed flags and an environment of NAME=value lines. Every problem
// names the flag, variable or file it is in.
func Load(flags *pflag.FlagSet, environ []string) (Settings, error) {
	env := split(environ)
	table := rows(env)
	v := viper.New()
	for _, r := range table {
		v.SetDefault(r.key, r.value)
	}
	file, err := readFile(v, flags, env)
	if err != nil {
		return Settings{}, err
	}
	ignored, err := overlay(v, table, env)
	if err != nil {
		return Settings{}, err
	}
	if err := v.BindPFlags(flags); err != nil {
		return Settings{}, fmt.Errorf("settings: flags: %w", err)
	}
	if v.GetBool("json") {
		v.Set("output", "json")
	}
	s := Settings{Ignored: ignored}
	for _, r := range table {
		from := origin(r, flags, env, file)
		if err := r.check(v.Get(r.key), from); err != nil {
			return Settings{}, err
		}
		s.Origins = append(s.Origins, Origin{Key: r.key, Value: v.GetString(r.key), From: from})
	}
	s.Store, s.Cache, s.Output, s.Progress = v.GetString("store"), v.GetString("cache"), v.GetString("output"), v.GetString("progress")
	s.Threads, s.Author, s.Handling = v.GetInt("threads"), v.GetString("author"), v.GetString("handling")
	s.User, s.Database, s.PasswordFile = v.GetString("neo4j-user"), v.GetString("neo4j-database"), v.GetString("neo4j-password-file")
	s.Evidence, s.IdentityKeyFile = v.GetString("evidence"), v.GetString("identity-key-file")
	for _, one := range []struct {
		variable, key, path, name string
		value                     *string
	}{
		{passwordVariable, "neo4j-password-file", s.PasswordFile, "neo4j-password", &s.Password},
		{identityVariable, "identity-key-file", s.IdentityKeyFile, "identity-key", &s.IdentityKey},
	} {
		value, from, err := secret(env, one.variable, one.key, one.path)
		if err != nil {
			return s, err
		}
		*one.value = value
		s.Origins = append(s.Origins, Origin{Key: one.name, Value: map[bool]string{true: Unset, false: Set}[value == ""], From: from})
	}
	return s, nil
}

// What is told of the value of a secret.
const (
	Set   = "(set)"
	Unset = "(none)"
)

// secret reads one from its variable, or from the first line of a file, and says which; "" where there is none. key is the setting that
// names the file. An empty variable is what scripts leave of one that was never set: it is none, and wins over nothing.
func secret(env map[string]string, variable, key, path string) (value, from string, err error) {
	if given := env[variable]; strings.TrimSpace(given) != "" {
		return given, "environment " + variable, nil
	}
	if path == "" {
		return "", "default", nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return "", "", fmt.Errorf("%w: %s: %w", ErrInvalid, key, err)
	}
	line, _, _ := strings.Cut(string(text), "\n")
	if strings.TrimSpace(line) == "" {
		return "", "", fmt.Errorf("%w: %s: %s: the first line is empty", ErrInvalid, key, path)
	}
	return strings.TrimSuffix(line, "\r"), "file " + path, nil
}

// file is the configuration file in force: its path and the keys it sets; empty where there is none.
type file struct {
	path string
	keys map[string]bool
}

// readFile reads the file named by --config or RUMMAGE_CONFIG, which must exist, or else the file in
// the person's configuration folder, which need not.
func readFile(v *viper.Viper, flags *pflag.FlagSet, env map[string]string) (file, error) {
	path, _ := flags.GetString("config")
	if path == "" {
		path = env[Prefix+"CONFIG"]
	}
	named := path != ""
	if !named {
		path = usual(env)
	}
	if path == "" {
		return file{}, nil
	}
	text, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) && !named {
		return file{}, nil
	}
	if err != nil {
		return file{}, fmt.Errorf("settings: configuration file: %w", err)
	}
	defer text.Close()
	own := viper.New()
	own.SetConfigType("yaml")
	if err := own.ReadConfig(text); err != nil {
		return file{}, fmt.Errorf("%w: configuration file %s: %w", ErrInvalid, path, err)
	}
	found := file{path: path, keys: map[string]bool{}}
	for _, key := range own.AllKeys() {
		found.keys[key] = true
	}
	known := keys(rows(env))
	for _, key := range slices.Sorted(maps.Keys(found.keys)) {
		if !slices.Contains(known, key) {
			return file{}, fmt.Errorf("%w: configuration file %s: unknown key %q; known are %s",
				ErrInvalid, path, key, strings.Join(known, ", "))
		}
	}
	return found, v.MergeConfigMap(own.AllSettings())
}

// cache is where snapshots lie unless told otherwise: the XDG folder, on Windows LocalAppData, on macOS Library/Caches. None of
// these variables, none of it.
func cache(env map[string]string) string {
	below := ".cache"
	if runtime.GOOS == "darwin" {
		below = filepath.Join("Library", "Caches")
	}
	return folder(env, []place{{"XDG_CACHE_HOME", ""}, {"LOCALAPPDATA", ""}, {"HOME", below}})
}

// usual is where the configuration file lies when none is named: the XDG folder, on Windows AppData.
func usual(env map[string]string) string {
	if dir := folder(env, []place{{"XDG_CONFIG_HOME", ""}, {"APPDATA", ""}, {"HOME", ".config"}}); dir != "" {
		return filepath.Join(dir, "config.yaml")
	}
	return ""
}

// place is a folder below the one that a variable of the environment names.
type place struct{ variable, below string }

// folder is rummage's own in the first of the places that there is.
func folder(env map[string]string, places []place) string {
	for _, p := range places {
		if dir := env[p.variable]; dir != "" {
			return filepath.Join(dir, p.below, "rummage")
		}
	}
	return ""
}

// overlay puts the variables of the environment over the file and returns those it did not know.
func overlay(v *viper.Viper, table []row, env map[string]string) ([]string, error) {
	var ignored []string
	over := map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(env)) {
		key, ok := strings.CutPrefix(name, Prefix)
		if !ok || key == "CONFIG" || name == passwordVariable || name == identityVariable {
			continue
		}
		key = strings.ToLower(strings.ReplaceAll(key, "_", "-"))
		if !slices.Contains(keys(table), key) {
			ignored = append(ignored, name)
			continue
		}
		over[key] = env[name]
	}
	return ignored, v.MergeConfigMap(over)
}

func origin(r row, flags *pflag.FlagSet, env map[string]string, f file) string {
	variable := Prefix + strings.ToUpper(strings.ReplaceAll(r.key, "-", "_"))
	switch _, inEnv := env[variable]; {
	case r.key == "output" && flags.Changed("json"):
		return "flag --json"
	case flags.Changed(r.key):
		return "flag --" + r.key
	case inEnv:
		return "environment " + variable
	case f.keys[r.key]:
		return "file " + f.path
	default:
		return "default"
	}
}

// check says whether a value fits the setting.
func (r row) check(value any, from string) error {
	text := fmt.Sprint(value)
	if r.choices != nil && !slices.Contains(r.choices, text) {
		return fmt.Errorf("%w: %s: %q (%s) is none of %s", ErrInvalid, r.key, text, from, strings.Join(r.choices, ", "))
	}
	if _, isNumber := r.value.(int); isNumber {
		if n, err := strconv.Atoi(text); err != nil || n < 1 {
			return fmt.Errorf("%w: %s: %q (%s) is not a number of at least 1", ErrInvalid, r.key, text, from)
		}
	}
	if r.key == "store" && text == "" {
		return fmt.Errorf("%w: store: the path (%s) is empty", ErrInvalid, from)
	}
	return nil
}

func keys(table []row) []string {
	names := make([]string, len(table))
	for i, r := range table {
		names[i] = r.key
	}
	return names
}

// split turns NAME=value lines into a map; the last of equal names counts, as in a shell.
func split(environ []string) map[string]string {
	env := make(map[string]string, len(environ))
	for _, line := range environ {
		if name, value, ok := strings.Cut(line, "="); ok {
			env[name] = value
		}
	}
	return env
}
