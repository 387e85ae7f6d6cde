package api

import (
	"context"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"

	"github.com/cognitotest/cognito/fake/internal/pool"
)

// notSimulated holds the operations that the fake does not simulate, so that API has every method
// of the SDK's client. Each answers an error that names it.
type notSimulated struct{}

type options = func(*cip.Options)

func unknown[O any](operation string) (*O, error) { return nil, &pool.NotSimulated{What: operation} }

// CreateManagedLoginBranding is not simulated.
func (notSimulated) CreateManagedLoginBranding(context.Context, *cip.CreateManagedLoginBrandingInput, ...options) (*cip.CreateManagedLoginBrandingOutput, error) {
	return unknown[cip.CreateManagedLoginBrandingOutput]("CreateManagedLoginBranding")
}

// CreateTerms is not simulated.
func (notSimulated) CreateTerms(context.Context, *cip.CreateTermsInput, ...options) (*cip.CreateTermsOutput, error) {
	return unknown[cip.CreateTermsOutput]("CreateTerms")
}

// CreateUserImportJob is not simulated.
func (notSimulated) CreateUserImportJob(context.Context, *cip.CreateUserImportJobInput, ...options) (*cip.CreateUserImportJobOutput, error) {
	return unknown[cip.CreateUserImportJobOutput]("CreateUserImportJob")
}

// CreateUserPoolReplica is not simulated.
func (notSimulated) CreateUserPoolReplica(context.Context, *cip.CreateUserPoolReplicaInput, ...options) (*cip.CreateUserPoolReplicaOutput, error) {
	return unknown[cip.CreateUserPoolReplicaOutput]("CreateUserPoolReplica")
}

// DeleteManagedLoginBranding is not simulated.
func (notSimulated) DeleteManagedLoginBranding(context.Context, *cip.DeleteManagedLoginBrandingInput, ...options) (*cip.DeleteManagedLoginBrandingOutput, error) {
	return unknown[cip.DeleteManagedLoginBrandingOutput]("DeleteManagedLoginBranding")
}

// DeleteTerms is not simulated.
func (notSimulated) DeleteTerms(context.Context, *cip.DeleteTermsInput, ...options) (*cip.DeleteTermsOutput, error) {
	return unknown[cip.DeleteTermsOutput]("DeleteTerms")
}

// DeleteUserPoolReplica is not simulated.
func (notSimulated) DeleteUserPoolReplica(context.Context, *cip.DeleteUserPoolReplicaInput, ...options) (*cip.DeleteUserPoolReplicaOutput, error) {
	return unknown[cip.DeleteUserPoolReplicaOutput]("DeleteUserPoolReplica")
}

// DescribeManagedLoginBranding is not simulated.
func (notSimulated) DescribeManagedLoginBranding(context.Context, *cip.DescribeManagedLoginBrandingInput, ...options) (*cip.DescribeManagedLoginBrandingOutput, error) {
	return unknown[cip.DescribeManagedLoginBrandingOutput]("DescribeManagedLoginBranding")
}

// DescribeManagedLoginBrandingByClient is not simulated.
func (notSimulated) DescribeManagedLoginBrandingByClient(context.Context, *cip.DescribeManagedLoginBrandingByClientInput, ...options) (*cip.DescribeManagedLoginBrandingByClientOutput, error) {
	return unknown[cip.DescribeManagedLoginBrandingByClientOutput]("DescribeManagedLoginBrandingByClient")
}

// DescribeRiskConfiguration is not simulated.
func (notSimulated) DescribeRiskConfiguration(context.Context, *cip.DescribeRiskConfigurationInput, ...options) (*cip.DescribeRiskConfigurationOutput, error) {
	return unknown[cip.DescribeRiskConfigurationOutput]("DescribeRiskConfiguration")
}

// DescribeTerms is not simulated.
func (notSimulated) DescribeTerms(context.Context, *cip.DescribeTermsInput, ...options) (*cip.DescribeTermsOutput, error) {
	return unknown[cip.DescribeTermsOutput]("DescribeTerms")
}

// DescribeUserImportJob is not simulated.
func (notSimulated) DescribeUserImportJob(context.Context, *cip.DescribeUserImportJobInput, ...options) (*cip.DescribeUserImportJobOutput, error) {
	return unknown[cip.DescribeUserImportJobOutput]("DescribeUserImportJob")
}

// GetCSVHeader is not simulated.
func (notSimulated) GetCSVHeader(context.Context, *cip.GetCSVHeaderInput, ...options) (*cip.GetCSVHeaderOutput, error) {
	return unknown[cip.GetCSVHeaderOutput]("GetCSVHeader")
}

// GetLogDeliveryConfiguration is not simulated.
func (notSimulated) GetLogDeliveryConfiguration(context.Context, *cip.GetLogDeliveryConfigurationInput, ...options) (*cip.GetLogDeliveryConfigurationOutput, error) {
	return unknown[cip.GetLogDeliveryConfigurationOutput]("GetLogDeliveryConfiguration")
}

// GetSigningCertificate is not simulated.
func (notSimulated) GetSigningCertificate(context.Context, *cip.GetSigningCertificateInput, ...options) (*cip.GetSigningCertificateOutput, error) {
	return unknown[cip.GetSigningCertificateOutput]("GetSigningCertificate")
}

// GetUICustomization is not simulated.
func (notSimulated) GetUICustomization(context.Context, *cip.GetUICustomizationInput, ...options) (*cip.GetUICustomizationOutput, error) {
	return unknown[cip.GetUICustomizationOutput]("GetUICustomization")
}

// ListTerms is not simulated.
func (notSimulated) ListTerms(context.Context, *cip.ListTermsInput, ...options) (*cip.ListTermsOutput, error) {
	return unknown[cip.ListTermsOutput]("ListTerms")
}

// ListUserImportJobs is not simulated.
func (notSimulated) ListUserImportJobs(context.Context, *cip.ListUserImportJobsInput, ...options) (*cip.ListUserImportJobsOutput, error) {
	return unknown[cip.ListUserImportJobsOutput]("ListUserImportJobs")
}

// ListUserPoolReplicas is not simulated.
func (notSimulated) ListUserPoolReplicas(context.Context, *cip.ListUserPoolReplicasInput, ...options) (*cip.ListUserPoolReplicasOutput, error) {
	return unknown[cip.ListUserPoolReplicasOutput]("ListUserPoolReplicas")
}

// SetLogDeliveryConfiguration is not simulated.
func (notSimulated) SetLogDeliveryConfiguration(context.Context, *cip.SetLogDeliveryConfigurationInput, ...options) (*cip.SetLogDeliveryConfigurationOutput, error) {
	return unknown[cip.SetLogDeliveryConfigurationOutput]("SetLogDeliveryConfiguration")
}

// SetRiskConfiguration is not simulated.
func (notSimulated) SetRiskConfiguration(context.Context, *cip.SetRiskConfigurationInput, ...options) (*cip.SetRiskConfigurationOutput, error) {
	return unknown[cip.SetRiskConfigurationOutput]("SetRiskConfiguration")
}

// SetUICustomization is not simulated.
func (notSimulated) SetUICustomization(context.Context, *cip.SetUICustomizationInput, ...options) (*cip.SetUICustomizationOutput, error) {
	return unknown[cip.SetUICustomizationOutput]("SetUICustomization")
}

// StartUserImportJob is not simulated.
func (notSimulated) StartUserImportJob(context.Context, *cip.StartUserImportJobInput, ...options) (*cip.StartUserImportJobOutput, error) {
	return unknown[cip.StartUserImportJobOutput]("StartUserImportJob")
}

// StopUserImportJob is not simulated.
func (notSimulated) StopUserImportJob(context.Context, *cip.StopUserImportJobInput, ...options) (*cip.StopUserImportJobOutput, error) {
	return unknown[cip.StopUserImportJobOutput]("StopUserImportJob")
}

// UpdateManagedLoginBranding is not simulated.
func (notSimulated) UpdateManagedLoginBranding(context.Context, *cip.UpdateManagedLoginBrandingInput, ...options) (*cip.UpdateManagedLoginBrandingOutput, error) {
	return unknown[cip.UpdateManagedLoginBrandingOutput]("UpdateManagedLoginBranding")
}

// UpdateTerms is not simulated.
func (notSimulated) UpdateTerms(context.Context, *cip.UpdateTermsInput, ...options) (*cip.UpdateTermsOutput, error) {
	return unknown[cip.UpdateTermsOutput]("UpdateTerms")
}

// UpdateUserPoolReplica is not simulated.
func (notSimulated) UpdateUserPoolReplica(context.Context, *cip.UpdateUserPoolReplicaInput, ...options) (*cip.UpdateUserPoolReplicaOutput, error) {
	return unknown[cip.UpdateUserPoolReplicaOutput]("UpdateUserPoolReplica")
}
