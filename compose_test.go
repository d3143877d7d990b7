package rummage_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

// service is what the test reads of docker-compose.yml.
type service struct {
	Image    string         `yaml:"image"`
	User     string         `yaml:"user"`
	ReadOnly bool           `yaml:"read_only"`
	CapDrop  []string       `yaml:"cap_drop"`
	Security []string       `yaml:"security_opt"`
	Secrets  []string       `yaml:"secrets"`
	Ports    []string       `yaml:"ports"`
	Health   map[string]any `yaml:"healthcheck"`
	Network  string         `yaml:"network_mode"`
	Mighty   bool           `yaml:"privileged"`
}

func TestContainersStayOnThisMachineAndOwnLittle(t *testing.T) {
	var compose struct {
		Services map[string]service `yaml:"services"`
	}
	require.NoError(t, yaml.Unmarshal([]byte(document(t, "docker-compose.yml")), &compose))
	require.Len(t, compose.Services, 2)
	for name, s := range compose.Services {
		for _, port := range s.Ports {
			assert.Regexp(t, `^127\.0\.0\.1:`, port, name)
		}
		assert.Empty(t, s.Network, name)
		assert.False(t, s.Mighty, name)
		assert.Contains(t, s.Security, "no-new-privileges:true", name)
		assert.Equal(t, []string{"neo4j_password"}, s.Secrets, name)
	}
	database, command := compose.Services["neo4j"], compose.Services["rummage"]
	assert.NotEmpty(t, database.Health)
	assert.Contains(t, document(t, "graph/neo4j/neo4jtest/docker.go"), `"`+database.Image+`"`, "tests use the same image")
	assert.Equal(t, "65532:65532", command.User)
	assert.True(t, command.ReadOnly)
	assert.Equal(t, []string{"ALL"}, command.CapDrop)
	assert.Empty(t, command.Ports)
	assert.Contains(t, document(t, "Dockerfile"), "\nUSER 65532:65532\n")
}
