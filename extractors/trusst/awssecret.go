package trusst

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"trunkline/internal/awsconfig"
	"trunkline/internal/secret"
	"trunkline/pipeline"
)

// AWSSecret is a secret in AWS Secrets Manager that holds a login.
type AWSSecret struct {
	Name     string // or ARN: trusst/acme/db-readonly-user
	Region   string // that of the AWS configuration if empty
	Endpoint string // in place of AWS's own; empty is AWS
}

// read gets the login. The AWS credentials are found as the AWS tools find them.
func (a AWSSecret) read(ctx context.Context, defaults login) (login, error) {
	c, err := awsconfig.Config{Region: a.Region, Endpoint: a.Endpoint}.Load(ctx)
	if err != nil {
		return login{}, a.unreadable(err)
	}
	out, err := secretsmanager.NewFromConfig(c).GetSecretValue(ctx, &secretsmanager.GetSecretValueInput{SecretId: aws.String(a.Name)})
	if err != nil {
		return login{}, a.unreadable(err)
	}
	if out.SecretString == nil {
		return login{}, a.unreadable(errors.New("it is not a text"))
	}
	l, err := parseLogin([]byte(*out.SecretString), defaults)
	if err != nil {
		return login{}, a.unreadable(err)
	}
	return l, nil
}

func (a AWSSecret) unreadable(err error) error {
	return &pipeline.Error{
		Code: "TL3004", Kind: pipeline.Denied, What: "trusst: read secret " + a.Name + " of AWS Secrets Manager", Err: err,
		Cure: "Check name and region, that this machine's AWS identity may read it, and that it holds username, password, host, port and database",
	}
}

// parseLogin reads a secret: the keys of Trusst's guide, or those that RDS writes. Of one that cannot be read it tells no part.
func parseLogin(text []byte, defaults login) (login, error) {
	var told struct {
		Username, User, Password   string
		Host, Database, DBName, DB string
		Port                       any
	}
	if err := json.Unmarshal(text, &told); err != nil {
		return login{}, errors.New("it is not a JSON object of texts")
	}
	l := login{
		Host: cmp.Or(told.Host, defaults.Host), Port: defaults.Port, User: cmp.Or(told.Username, told.User),
		Database: cmp.Or(told.Database, told.DBName, told.DB, defaults.Database), Password: secret.New(told.Password),
	}
	for _, needed := range []struct{ key, value string }{
		{"username", l.User}, {"password", told.Password}, {"host", l.Host}, {"database (or dbname)", l.Database},
	} {
		if needed.value == "" {
			return login{}, fmt.Errorf("it has no %s", needed.key)
		}
	}
	switch port := told.Port.(type) {
	case nil:
	case float64:
		l.Port = int(port)
	case string:
		n, err := strconv.Atoi(port)
		if err != nil {
			return login{}, errors.New("its port is no number")
		}
		l.Port = n
	default:
		return login{}, errors.New("its port is no number")
	}
	if l.Port < 1 || l.Port > 65535 {
		return login{}, errors.New("its port is not between 1 and 65535")
	}
	return l, nil
}
