// A user who needs MFA signs up, sets an authenticator up and signs in, through the AWS SDK for
// Kotlin and an authenticator of others.
//
// Asks for the delivered code on standard output and reads it from standard input. Prints one JSON
// document with what each step answered.
@file:JvmName("Mfa")

import aws.sdk.kotlin.services.cognitoidentityprovider.CognitoIdentityProviderClient
import aws.sdk.kotlin.services.cognitoidentityprovider.adminGetUser
import aws.sdk.kotlin.services.cognitoidentityprovider.adminInitiateAuth
import aws.sdk.kotlin.services.cognitoidentityprovider.adminRespondToAuthChallenge
import aws.sdk.kotlin.services.cognitoidentityprovider.associateSoftwareToken
import aws.sdk.kotlin.services.cognitoidentityprovider.confirmSignUp
import aws.sdk.kotlin.services.cognitoidentityprovider.deleteUser
import aws.sdk.kotlin.services.cognitoidentityprovider.getUser
import aws.sdk.kotlin.services.cognitoidentityprovider.model.AdminInitiateAuthResponse
import aws.sdk.kotlin.services.cognitoidentityprovider.model.AttributeType
import aws.sdk.kotlin.services.cognitoidentityprovider.model.AuthFlowType
import aws.sdk.kotlin.services.cognitoidentityprovider.model.CognitoIdentityProviderException
import aws.sdk.kotlin.services.cognitoidentityprovider.paginators.listUsersPaginated
import aws.sdk.kotlin.services.cognitoidentityprovider.paginators.users
import aws.sdk.kotlin.services.cognitoidentityprovider.resendConfirmationCode
import aws.sdk.kotlin.services.cognitoidentityprovider.signUp
import aws.sdk.kotlin.services.cognitoidentityprovider.verifySoftwareToken
import com.google.gson.Gson
import dev.samstevens.totp.code.DefaultCodeGenerator
import java.time.Instant
import java.util.Base64
import javax.crypto.Mac
import javax.crypto.spec.SecretKeySpec
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.toList

private const val PERIOD = 30L

private val pool = System.getenv("COGNITO_USER_POOL_ID")
private val client = System.getenv("COGNITO_CLIENT_ID")
private val name = System.getenv("USERNAME")
private val hash = System.getenv("COGNITO_CLIENT_SECRET").ifEmpty { null }?.let { secret ->
    val mac = Mac.getInstance("HmacSHA256").apply { init(SecretKeySpec(secret.toByteArray(), "HmacSHA256")) }
    Base64.getEncoder().encodeToString(mac.doFinal((name + client).toByteArray()))
}

suspend fun main() {
    val program = CognitoIdentityProviderClient.fromEnvironment().use { cognito ->
        Program(cognito).apply {
            signUp()
            signInAndLeave(setUp())
        }
    }
    println(Gson().toJson(program.steps))
}

/** An authenticator app at one moment. */
private class Authenticator(private val secret: String, private val moment: Long) {
    /** The code so many seconds after the moment. */
    fun code(seconds: Long): String = DefaultCodeGenerator().generate(secret, Math.floorDiv(moment + seconds, PERIOD))
}

private class Program(private val cognito: CognitoIdentityProviderClient) {
    val steps = mutableMapOf<String, Any?>()

    suspend fun signUp() {
        cognito.signUp {
            clientId = client
            secretHash = hash
            username = name
            password = System.getenv("PASSWORD")
            userAttributes = listOf(AttributeType { name = "email"; value = "ann@example.com" })
        }
        steps["signed up"] = status()
        steps["medium"] = resend()
        steps["wrong code"] = refused { confirm("wrong") }
        println("code?")
        confirm(readln())
        steps["confirmed"] = status()
        val pages = cognito.listUsersPaginated { userPoolId = pool; limit = 1 }
        steps["users"] = pages.users().map { it.username }.toList()
    }

    private suspend fun status() = cognito.adminGetUser { userPoolId = pool; username = name }.userStatus?.value

    private suspend fun resend() = cognito.resendConfirmationCode {
        clientId = client
        secretHash = hash
        username = name
    }.codeDeliveryDetails?.deliveryMedium?.value

    private suspend fun confirm(code: String) = cognito.confirmSignUp {
        clientId = client
        secretHash = hash
        username = name
        confirmationCode = code
    }

    suspend fun setUp(): Authenticator {
        val setup = signIn()
        steps["first challenge"] = setup.challengeName?.value
        steps["can set up"] = Gson().fromJson(setup.challengeParameters?.get("MFAS_CAN_SETUP"), List::class.java)
        val associated = cognito.associateSoftwareToken { session = setup.session }
        val authenticator = Authenticator(associated.secretCode!!, momentInAHalfMinute())
        suspend fun verify(seconds: Long) = cognito.verifySoftwareToken {
            session = associated.session
            userCode = authenticator.code(seconds)
        }
        steps["wrong authenticator code"] = refused { verify(3600) }
        steps["verified"] = verify(-PERIOD).status?.value
        return authenticator
    }

    suspend fun signInAndLeave(authenticator: Authenticator) {
        val second = signIn()
        steps["second challenge"] = second.challengeName?.value
        steps["used code"] = refused { answer(second, authenticator.code(-PERIOD)) }
        steps["mismatch"] = refused { answer(second, authenticator.code(3600)) }
        val result = answer(second, authenticator.code(0)).authenticationResult
        val token = result?.accessToken
        steps["new device"] = result?.newDeviceMetadata?.deviceKey?.substringBefore('_')
        steps["factors"] = cognito.getUser { accessToken = token }.userMfaSettingList
        cognito.deleteUser { accessToken = token }
        steps["deleted"] = refused { cognito.getUser { accessToken = token } }
    }

    private suspend fun signIn() = cognito.adminInitiateAuth {
        userPoolId = pool
        clientId = client
        authFlow = AuthFlowType.AdminUserPasswordAuth
        authParameters = hashed("PASSWORD" to System.getenv("PASSWORD"))
    }

    private suspend fun answer(challenge: AdminInitiateAuthResponse, code: String) = cognito.adminRespondToAuthChallenge {
        userPoolId = pool
        clientId = client
        challengeName = challenge.challengeName
        session = challenge.session
        challengeResponses = hashed("SOFTWARE_TOKEN_MFA_CODE" to code)
    }
}

/** The user's name, one parameter more, and the secret hash where there is one. */
private fun hashed(parameter: Pair<String, String>) =
    mapOf("USERNAME" to name, parameter) + listOfNotNull(hash?.let { "SECRET_HASH" to it })

/** Now, at least five seconds before a code's half-minute ends. */
private suspend fun momentInAHalfMinute(): Long {
    val second = Instant.now().epochSecond % PERIOD
    if (second > PERIOD - 5) delay((PERIOD - second) * 1000)
    return Instant.now().epochSecond
}

private suspend fun refused(call: suspend () -> Unit): String = try {
    call()
    "not refused"
} catch (e: CognitoIdentityProviderException) {
    "${e.sdkErrorMetadata.errorCode}: ${e.message}"
}
