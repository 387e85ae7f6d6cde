package pool

import "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

// The errors of devices. Texts were seen in answers of the service unless the comment says that they
// are inferred.

// DevicesNotTracked is the answer of the operations on devices in a pool without
// DeviceConfiguration.
func DevicesNotTracked() error {
	return &types.InvalidUserPoolConfigurationException{Message: text("Device tracking not currently enabled for this pool.")}
}

// DeviceNotFound is the answer to a device key that is unknown or forgotten, at sign-in and (inferred)
// in the operations on one device.
func DeviceNotFound() error { return notFound("Device does not exist.") }

// DeviceKeyInvalid is the answer of ConfirmDevice to a key that is not that of the new device of the
// access token's sign-in, and after sign-ins that no device can be confirmed after.
func DeviceKeyInvalid() error { return InvalidParameter("Invalid device key given.") }

// DeviceKeyExists is the answer of ConfirmDevice to a device that is confirmed already. The code is
// documented, the text inferred.
func DeviceKeyExists() error {
	return &types.DeviceKeyExistsException{Message: text("Device key already exists.")}
}

// VerifierNotPositive is the answer of ConfirmDevice to a salt or verifier that is negative; that it
// is also the answer to one that is missing, zero or no base64 is inferred.
func VerifierNotPositive() error {
	return InvalidParameter("Negative value passed for salt/password verifier")
}
