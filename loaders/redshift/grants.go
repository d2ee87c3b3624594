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
	user, about, password := c.account()
	all := []string{
		"-- In the database " + c.Database + ", as a superuser: the schema, and the user that owns it" + about + ".\n" +
			"create user " + d.Quote(user) + " password " + password + ";\n" +
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
		reads = append(reads, c.S3.keyPermission(partition, "kms:Decrypt"))
		writes = append(writes, c.S3.keyPermission(partition, "kms:GenerateDataKey", "kms:Decrypt"))
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

// noPassword stands for one that is set apart, so that it is written nowhere: as it lacks a capital and a digit, Redshift refuses it.
const noPassword = "<password>"

// account gives the user of the database, what has to be said about it, and its password as a literal.
func (c Config) account() (user, about, password string) {
	switch {
	case c.IAM == nil:
		return c.User, "; put its password in place of " + noPassword + " (8 to 64 characters, with a capital, a small letter and a digit)",
			statements.Redshift().Literal(noPassword)
	case c.User != "":
		return c.User, ", to which AWS gives a password", "disable"
	default:
		return "IAMR:trunkline", ": IAMR: and the name of the AWS role with which trunkline runs, or IAM: and that of a user", "disable"
	}
}

// keyPermission lets somebody use the key that encrypts. A policy knows a key by its id; by an alias only on a condition.
func (b Bucket) keyPermission(partition string, actions ...string) permission {
	const alias = "alias/"
	at, name := fmt.Sprintf("arn:%s:kms:%s:*:", partition, anyOf(b.Region)), b.KMSKey
	if strings.HasPrefix(name, "arn:") {
		last := strings.LastIndexByte(name, ':') + 1
		at, name = name[:last], name[last:]
	}
	p := permission{Actions: actions, Resource: at + "key/" + strings.TrimPrefix(name, "key/")}
	if strings.HasPrefix(name, alias) {
		p.Resource, p.Aliased = at+"key/*", name
	}
	return p
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
		return []permission{{Actions: []string{"redshift-serverless:GetCredentials"}, Resource: at("redshift-serverless") + "workgroup/*"}}
	case c.User != "":
		return []permission{
			{Actions: []string{"redshift:GetClusterCredentials"}, Resource: at("redshift") + "dbuser:" + i.Cluster + "/" + c.User},
			{Actions: []string{"redshift:GetClusterCredentials"}, Resource: at("redshift") + "dbname:" + i.Cluster + "/" + c.Database},
		}
	default:
		return []permission{{
			Actions: []string{"redshift:GetClusterCredentialsWithIAM"}, Resource: at("redshift") + "dbname:" + i.Cluster + "/" + c.Database,
		}}
	}
}

// permission is a statement of a policy.
type permission struct {
	Actions  []string
	Resource string
	Aliased  string // only a key with this alias, if not empty
}

func policy(permissions []permission) string {
	var all []map[string]any
	for _, p := range permissions {
		s := map[string]any{"Effect": "Allow", "Action": p.Actions, "Resource": p.Resource}
		if p.Aliased != "" {
			s["Condition"] = map[string]any{"ForAnyValue:StringEquals": map[string]any{"kms:ResourceAliases": p.Aliased}}
		}
		all = append(all, s)
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
