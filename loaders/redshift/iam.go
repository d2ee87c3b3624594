package redshift

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/redshift"
	"github.com/aws/aws-sdk-go-v2/service/redshiftserverless"
	"github.com/jackc/pgx/v5"

	"trunkline/internal/awsconfig"
)

// IAM lets AWS give out the password: one for each connection, good for a quarter of an hour.
type IAM struct {
	Cluster   string // identifier of a provisioned cluster, or
	Workgroup string // name of a serverless workgroup
	Region    string // as AWS tools find it, if empty
	Endpoint  string // URL of a compatible service in place of AWS
}

const passwordLasts = 900 // seconds

func (i *IAM) check() error {
	if i != nil && (i.Cluster == "") == (i.Workgroup == "") {
		return misused("iam names either a cluster_identifier or a workgroup")
	}
	return nil
}

// logIn fetches user and password for a connection that is about to be made.
func (c Config) logIn(ctx context.Context, to *pgx.ConnConfig) error {
	found, err := awsconfig.Config{Region: c.IAM.Region, Endpoint: c.IAM.Endpoint}.Load(ctx)
	if err != nil {
		return err
	}
	var user, password *string
	switch {
	case c.IAM.Workgroup != "":
		given, err := redshiftserverless.NewFromConfig(found).GetCredentials(ctx, &redshiftserverless.GetCredentialsInput{
			WorkgroupName: &c.IAM.Workgroup, DbName: &c.Database, DurationSeconds: aws.Int32(passwordLasts),
		})
		if err != nil {
			return fmt.Errorf("ask AWS for a password of the workgroup %s: %w", c.IAM.Workgroup, err)
		}
		user, password = given.DbUser, given.DbPassword
	case c.User != "":
		given, err := redshift.NewFromConfig(found).GetClusterCredentials(ctx, &redshift.GetClusterCredentialsInput{
			ClusterIdentifier: &c.IAM.Cluster, DbName: &c.Database, DbUser: &c.User, DurationSeconds: aws.Int32(passwordLasts), AutoCreate: aws.Bool(false),
		})
		if err != nil {
			return fmt.Errorf("ask AWS for a password of the user %s of the cluster %s: %w", c.User, c.IAM.Cluster, err)
		}
		user, password = given.DbUser, given.DbPassword
	default:
		given, err := redshift.NewFromConfig(found).GetClusterCredentialsWithIAM(ctx, &redshift.GetClusterCredentialsWithIAMInput{
			ClusterIdentifier: &c.IAM.Cluster, DbName: &c.Database, DurationSeconds: aws.Int32(passwordLasts),
		})
		if err != nil {
			return fmt.Errorf("ask AWS for a password of the cluster %s: %w", c.IAM.Cluster, err)
		}
		user, password = given.DbUser, given.DbPassword
	}
	to.User, to.Password = aws.ToString(user), aws.ToString(password)
	return nil
}
