// Package awsconfig finds AWS as the AWS tools do: region, identity and endpoint, in one way for everything that speaks to it.
package awsconfig

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// Config says where AWS is and who asks it. What is empty is found as the AWS tools find it: environment, shared files, the
// role of a container or a machine. Keys are only ever found that way.
type Config struct {
	Region    string
	Profile   string // of the shared files
	Endpoint  string // URL of a compatible service in place of AWS
	PathStyle bool   // S3: buckets are named in the path, not in the host
}

// anyRegion is the region of a compatible service, which mostly has none; it is part of each signature all the same.
const anyRegion = "us-east-1"

// Load gives the configuration of an AWS client. It does not ask for credentials yet.
func (c Config) Load(ctx context.Context) (aws.Config, error) {
	var options []func(*config.LoadOptions) error
	if c.Region != "" {
		options = append(options, config.WithRegion(c.Region))
	}
	if c.Profile != "" {
		options = append(options, config.WithSharedConfigProfile(c.Profile))
	}
	found, err := config.LoadDefaultConfig(ctx, options...)
	if err != nil {
		return found, fmt.Errorf("configure AWS: %w", err)
	}
	if c.Endpoint != "" { // not as an option of above: the services that give credentials stay where they are
		found.BaseEndpoint = aws.String(c.Endpoint)
		if found.Region == "" {
			found.Region = anyRegion
		}
	}
	if found.Region == "" {
		return found, errors.New("configure AWS: no region is given (region in the configuration, or AWS_REGION)")
	}
	return found, nil
}

// S3 gives a client of S3.
func (c Config) S3(ctx context.Context) (*s3.Client, error) {
	found, err := c.Load(ctx)
	if err != nil {
		return nil, err
	}
	return s3.NewFromConfig(found, func(o *s3.Options) { o.UsePathStyle = c.PathStyle }), nil
}
