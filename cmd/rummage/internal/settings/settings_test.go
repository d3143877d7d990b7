package settings_test

import (
	"os"
	"os/user"
	"path/filepath"
	"testing"

	"github.com/spf13/pflag"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/cmd/rummage/internal/settings"
)

func load(t *testing.T, args, environ []string) (settings.Settings, error) {
	t.Helper()
	flags := pflag.NewFlagSet("rummage", pflag.ContinueOnError)
	settings.Flags(flags, environ)
	require.NoError(t, flags.Parse(args))
	return settings.Load(flags, environ)
}

// from returns the origin of a key.
func from(t *testing.T, s settings.Settings, key string) string {
	t.Helper()
	for _, o := range s.Origins {
		if o.Key == key {
			return o.From
		}
	}
	t.Fatalf("no setting %q", key)
	return ""
}

func TestPrecedence(t *testing.T) {
	path := filepath.Join(t.TempDir(), "own.yaml")
	require.NoError(t, os.WriteFile(path, []byte("store: file.db\nthreads: 3\n"), 0o600))
	inFile, inEnv := "RUMMAGE_CONFIG="+path, "RUMMAGE_STORE=env.db"
	tests := map[string]struct {
		args, env   []string
		store, from string
	}{
		"default":                     {nil, nil, "rummage.db", "default"},
		"file over default":           {nil, []string{inFile}, "file.db", "file " + path},
		"environment over file":       {nil, []string{inFile, inEnv}, "env.db", "environment RUMMAGE_STORE"},
		"flag over environment":       {[]string{"--store", "flag.db"}, []string{inFile, inEnv}, "flag.db", "flag --store"},
		"flag names the file":         {[]string{"--config", path}, []string{"RUMMAGE_CONFIG=nowhere.yaml"}, "file.db", "file " + path},
		"the last of equal variables": {nil, []string{"RUMMAGE_STORE=a.db", inEnv}, "env.db", "environment RUMMAGE_STORE"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s, err := load(t, test.args, test.env)
			require.NoError(t, err)
			assert.Equal(t, test.store, s.Store)
			assert.Equal(t, test.from, from(t, s, "store"))
		})
	}
}

func TestUsualFile(t *testing.T) {
	dir := t.TempDir()
	below := filepath.Join(dir, ".config", "rummage")
	require.NoError(t, os.MkdirAll(below, 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(below, "config.yaml"), []byte("threads: 7\n"), 0o600))

	s, err := load(t, nil, []string{"HOME=" + dir})
	require.NoError(t, err)
	assert.Equal(t, 7, s.Threads)

	s, err = load(t, nil, []string{"HOME=" + dir, "XDG_CONFIG_HOME=" + t.TempDir()})
	require.NoError(t, err, "the usual file need not exist")
	assert.Equal(t, "default", from(t, s, "threads"))
}

func TestUsualCache(t *testing.T) {
	for env, want := range map[string]string{"XDG_CACHE_HOME=/c": "/c/rummage", "LOCALAPPDATA=/l": "/l/rummage", "OTHER=/x": ""} {
		s, err := load(t, nil, []string{env})
		require.NoError(t, err)
		assert.Equal(t, filepath.FromSlash(want), s.Cache)
	}
	s, err := load(t, nil, []string{"HOME=/h"})
	require.NoError(t, err)
	assert.Contains(t, s.Cache, "rummage")
}

func TestEverySettingIsRead(t *testing.T) {
	s, err := load(t, []string{"--json"}, []string{
		"RUMMAGE_PROGRESS=never", "RUMMAGE_THREADS=4", "RUMMAGE_AUTHOR=Kim", "RUMMAGE_HANDLING=restricted",
		"RUMMAGE_STROE=x", "RUMMAGE_=y", "USER=root",
	})
	require.NoError(t, err)
	assert.Equal(t, "json", s.Output)
	assert.Equal(t, "flag --json", from(t, s, "output"))
	assert.Equal(t, "never", s.Progress)
	assert.Equal(t, 4, s.Threads)
	assert.Equal(t, "Kim", s.Author)
	assert.Equal(t, "restricted", s.Handling)
	assert.Equal(t, []string{"RUMMAGE_", "RUMMAGE_STROE"}, s.Ignored)
}

func TestAuthorIsThePersonAtTheMachine(t *testing.T) {
	nobody := "unknown"
	if person, err := user.Current(); err == nil {
		nobody = person.Username
	}
	for env, want := range map[string]string{"USER=kim": "kim", "USERNAME=lee": "lee", "OTHER=x": nobody} {
		s, err := load(t, nil, []string{env})
		require.NoError(t, err)
		assert.Equal(t, want, s.Author)
	}
}

func TestWrongSettings(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		return path
	}
	unknown, broken := write("unknown.yaml", "stroe: x\n"), write("broken.yaml", "store: [\n")
	tests := map[string]struct {
		args, env []string
		says      string
	}{
		"unknown key": {[]string{"--config", unknown}, nil, `unknown.yaml: unknown key "stroe"; known are store, neo4j-user, `},
		"broken file": {[]string{"--config", broken}, nil, "broken.yaml: While parsing config"},
		"no choice":   {nil, []string{"RUMMAGE_OUTPUT=xml"}, `output: "xml" (environment RUMMAGE_OUTPUT) is none of auto, table, tsv, json`},
		"no number":   {nil, []string{"RUMMAGE_THREADS=many"}, `threads: "many" (environment RUMMAGE_THREADS) is not a number of at least 1`},
		"too small":   {[]string{"--threads", "0"}, nil, `threads: "0" (flag --threads)`},
		"empty store": {[]string{"--store", ""}, nil, "store: the path (flag --store) is empty"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := load(t, test.args, test.env)
			require.ErrorIs(t, err, settings.ErrInvalid)
			assert.ErrorContains(t, err, test.says)
		})
	}
}

func TestNamedFileMustExist(t *testing.T) {
	_, err := load(t, []string{"--config", "nowhere.yaml"}, nil)
	require.ErrorIs(t, err, os.ErrNotExist)
	assert.ErrorContains(t, err, "nowhere.yaml")
}

func TestSecretsComeFromTheEnvironmentOrAFileAndAreNoSettings(t *testing.T) {
	path := filepath.Join(t.TempDir(), "secret")
	require.NoError(t, os.WriteFile(path, []byte("from a file \r\nsecond line\n"), 0o600))
	secrets := []struct {
		setting, variable string
		of                func(settings.Settings) string
	}{
		{"neo4j-password-file", "RUMMAGE_NEO4J_PASSWORD", func(s settings.Settings) string { return s.Password }},
		{"identity-key-file", "RUMMAGE_IDENTITY_KEY", func(s settings.Settings) string { return s.IdentityKey }},
	}
	for _, secret := range secrets {
		file, variable := "--"+secret.setting+"="+path, secret.variable+"=from the environment"
		tests := map[string]struct {
			args, env []string
			want      string
		}{
			"none":              {nil, nil, ""},
			"file":              {[]string{file}, nil, "from a file "},
			"environment":       {nil, []string{variable}, "from the environment"},
			"environment first": {[]string{file}, []string{variable}, "from the environment"},
			"empty variable":    {[]string{file}, []string{secret.variable + "="}, "from a file "},
			"blank variable":    {[]string{file}, []string{secret.variable + "= "}, "from a file "},
			"nothing but empty": {nil, []string{secret.variable + "="}, ""},
		}
		for name, test := range tests {
			t.Run(secret.setting+"/"+name, func(t *testing.T) {
				s, err := load(t, test.args, test.env)
				require.NoError(t, err)
				assert.Equal(t, test.want, secret.of(s))
				assert.Empty(t, s.Ignored)
				for _, o := range s.Origins {
					assert.NotContains(t, o.Value, "from ")
				}
			})
		}
		_, err := load(t, []string{"--" + secret.setting + "=" + path + ".gone"}, nil)
		require.ErrorIs(t, err, settings.ErrInvalid)
		require.ErrorContains(t, err, secret.setting)
		blank := filepath.Join(t.TempDir(), "blank")
		require.NoError(t, os.WriteFile(blank, []byte("\nfrom the second line\n"), 0o600))
		_, err = load(t, []string{"--" + secret.setting + "=" + blank}, nil)
		require.ErrorIs(t, err, settings.ErrInvalid)
		require.ErrorContains(t, err, "the first line is empty")
	}
}
