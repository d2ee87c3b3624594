package redshift

import (
	"encoding/json"
	"fmt"
	"strings"

	statements "trunkline/sql"
)

// Grants gives what an administrator has to run or to attach so that a load may do what it does, and nothing more: statements for the
// database, then policies of AWS, each with a line that says whose it is.
func Grants(c Config) []string {
	c = c.withDefaults()
	d := statements.Redshift()
	user := c.User
	if user == "" {
		user = "trunkline"
	}
	all := []string{
		"-- In the database " + c.Database + ", as a superuser: the user (with IAM it needs no password) and the schema that it owns.\n" +
			"create user " + d.Quote(user) + " password disable;\n" +
			"create schema if not exists " + d.Quote(c.Schema) + " authorization " + d.Quote(user) + ";\n" +
			"grant temporary on database " + d.Quote(c.Database) + " to " + d.Quote(user) + ";",
	}
	if c.Roles {
		var create []string
		for _, r := range statements.Roles() {
			create = append(create, d.CreateRole(r.Account())+";")
		}
		all = append(all, "-- The roles: trunkline grants them what they may read.\n"+strings.Join(create, "\n"))
	}
	partition := "aws"
	if rest, ok := strings.CutPrefix(c.Role, "arn:"); ok {
		partition, _, _ = strings.Cut(rest, ":")
	}
	bucket := fmt.Sprintf("arn:%s:s3:::%s", partition, c.S3.Name)
	objects := bucket + "/" + c.S3.key("*")
	reads := []permission{
		{Actions: []string{"s3:GetObject"}, Resource: objects},
		{Actions: []string{"s3:ListBucket", "s3:GetBucketLocation"}, Resource: bucket},
	}
	writes := []permission{
		{Actions: []string{"s3:PutObject", "s3:GetObject", "s3:DeleteObject", "s3:AbortMultipartUpload"}, Resource: objects},
		{Actions: []string{"s3:ListBucket", "s3:GetBucketLocation"}, Resource: bucket},
	}
	if c.S3.KMSKey != "" {
		key := c.S3.KMSKey
		if !strings.HasPrefix(key, "arn:") {
			key = fmt.Sprintf("arn:%s:kms:%s:*:key/%s", partition, anyOf(c.S3.Region), key)
		}
		reads = append(reads, permission{[]string{"kms:Decrypt"}, key})
		writes = append(writes, permission{[]string{"kms:GenerateDataKey", "kms:Decrypt"}, key})
	}
	if c.IAM != nil {
		writes = append(writes, c.IAM.permissions(c, partition)...)
	}
	return append(all,
		"-- Policy of the role "+c.Role+", with which Redshift reads the bucket.\n"+policy(reads),
		"-- Who may assume that role. It is then associated with the cluster or the namespace.\n"+trust(),
		"-- Policy of the AWS identity with which trunkline runs.\n"+policy(writes),
		"-- Lifecycle rule of the bucket "+c.S3.Name+", for what a killed run leaves there.\n"+lifecycle(c.S3.key("")),
	)
}

func anyOf(name string) string {
	if name == "" {
		return "*"
	}
	return name
}

// permissions are those to ask for a password.
func (i *IAM) permissions(c Config, partition string) []permission {
	at := func(service string) string {
		return fmt.Sprintf("arn:%s:%s:%s:*:", partition, service, anyOf(i.Region))
	}
	switch {
	case i.Workgroup != "":
		return []permission{{[]string{"redshift-serverless:GetCredentials"}, at("redshift-serverless") + "workgroup/*"}}
	case c.User != "":
		return []permission{
			{[]string{"redshift:GetClusterCredentials"}, at("redshift") + "dbuser:" + i.Cluster + "/" + c.User},
			{[]string{"redshift:GetClusterCredentials"}, at("redshift") + "dbname:" + i.Cluster + "/" + c.Database},
		}
	default:
		return []permission{{[]string{"redshift:GetClusterCredentialsWithIAM"}, at("redshift") + "dbname:" + i.Cluster + "/" + c.Database}}
	}
}

// permission is a statement of a policy.
type permission struct {
	Actions  []string
	Resource string
}

func policy(permissions []permission) string {
	var all []map[string]any
	for _, p := range permissions {
		all = append(all, map[string]any{"Effect": "Allow", "Action": p.Actions, "Resource": p.Resource})
	}
	return document(map[string]any{"Version": policyVersion, "Statement": all})
}

const policyVersion = "2012-10-17" // of the language of policies

func trust() string {
	return document(map[string]any{"Version": policyVersion, "Statement": []map[string]any{{
		"Effect": "Allow", "Action": "sts:AssumeRole",
		"Principal": map[string]any{"Service": []string{"redshift.amazonaws.com", "redshift-serverless.amazonaws.com"}},
	}}})
}

func lifecycle(prefix string) string {
	return document(map[string]any{"Rules": []map[string]any{{
		"ID": "trunkline-staging", "Status": "Enabled", "Filter": map[string]any{"Prefix": prefix},
		"Expiration": map[string]any{"Days": 7}, "AbortIncompleteMultipartUpload": map[string]any{"DaysAfterInitiation": 1},
	}}})
}

func document(d map[string]any) string {
	text, err := json.MarshalIndent(d, "", "  ")
	if err != nil {
		panic("redshift: " + err.Error()) // texts and numbers
	}
	return string(text)
}
