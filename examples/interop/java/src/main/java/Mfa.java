import com.google.gson.Gson;
import dev.samstevens.totp.code.DefaultCodeGenerator;
import dev.samstevens.totp.exceptions.CodeGenerationException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Scanner;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import software.amazon.awssdk.services.cognitoidentityprovider.CognitoIdentityProviderClient;
import software.amazon.awssdk.services.cognitoidentityprovider.model.AdminInitiateAuthResponse;
import software.amazon.awssdk.services.cognitoidentityprovider.model.AdminRespondToAuthChallengeResponse;
import software.amazon.awssdk.services.cognitoidentityprovider.model.AttributeType;
import software.amazon.awssdk.services.cognitoidentityprovider.model.AuthFlowType;
import software.amazon.awssdk.services.cognitoidentityprovider.model.AuthenticationResultType;
import software.amazon.awssdk.services.cognitoidentityprovider.model.CognitoIdentityProviderException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.VerifySoftwareTokenResponse;

/**
 * A user who needs MFA signs up, sets an authenticator up and signs in, through the AWS SDK for
 * Java 2.x and an authenticator of others.
 *
 * <p>Asks for the delivered code on standard output and reads it from standard input. Prints one
 * JSON document with what each step answered.
 */
public final class Mfa {
  private static final long PERIOD = 30;

  private final CognitoIdentityProviderClient cognito = CognitoIdentityProviderClient.create();
  private final String poolId = System.getenv("COGNITO_USER_POOL_ID");
  private final String clientId = System.getenv("COGNITO_CLIENT_ID");
  private final String username = System.getenv("USERNAME");
  private final String password = System.getenv("PASSWORD");
  private final String secretHash = secretHash(System.getenv("COGNITO_CLIENT_SECRET"));
  private final Map<String, Object> steps = new LinkedHashMap<>();
  private String authenticatorSecret;
  private long moment;

  public static void main(String[] args) throws Exception {
    Mfa program = new Mfa();
    program.signUp();
    program.setUp();
    program.signInAndLeave();
    System.out.println(new Gson().toJson(program.steps));
  }

  private void signUp() {
    AttributeType email = AttributeType.builder().name("email").value("ann@example.com").build();
    cognito.signUp(r -> r.clientId(clientId).secretHash(secretHash).username(username).password(password).userAttributes(email));
    steps.put("signed up", status());
    steps.put("medium",
        cognito.resendConfirmationCode(r -> r.clientId(clientId).secretHash(secretHash).username(username))
            .codeDeliveryDetails().deliveryMediumAsString());
    steps.put("wrong code", refused(() -> confirm("wrong")));
    System.out.println("code?");
    confirm(new Scanner(System.in).nextLine());
    steps.put("confirmed", status());
    List<String> users = new ArrayList<>();
    cognito.listUsersPaginator(r -> r.userPoolId(poolId).limit(1)).users().forEach(user -> users.add(user.username()));
    steps.put("users", users);
  }

  private void confirm(String code) {
    cognito.confirmSignUp(r -> r.clientId(clientId).secretHash(secretHash).username(username).confirmationCode(code));
  }

  private void setUp() throws Exception {
    AdminInitiateAuthResponse setup = signIn();
    steps.put("first challenge", setup.challengeNameAsString());
    steps.put("can set up", new Gson().fromJson(setup.challengeParameters().get("MFAS_CAN_SETUP"), List.class));
    var associated = cognito.associateSoftwareToken(r -> r.session(setup.session()));
    authenticatorSecret = associated.secretCode();
    moment = momentInAHalfMinute();
    steps.put("wrong authenticator code", refused(() -> verify(associated.session(), 3600)));
    steps.put("verified", verify(associated.session(), -PERIOD).statusAsString());
  }

  private VerifySoftwareTokenResponse verify(String session, long seconds) {
    return cognito.verifySoftwareToken(r -> r.session(session).userCode(authenticatorCode(seconds)));
  }

  private void signInAndLeave() {
    AdminInitiateAuthResponse second = signIn();
    steps.put("second challenge", second.challengeNameAsString());
    steps.put("used code", refused(() -> answer(second, -PERIOD)));
    steps.put("mismatch", refused(() -> answer(second, 3600)));
    AuthenticationResultType result = answer(second, 0).authenticationResult();
    String token = result.accessToken();
    steps.put("new device", result.newDeviceMetadata().deviceKey().split("_")[0]);
    steps.put("factors", cognito.getUser(r -> r.accessToken(token)).userMFASettingList());
    cognito.deleteUser(r -> r.accessToken(token));
    steps.put("deleted", refused(() -> cognito.getUser(r -> r.accessToken(token))));
  }

  private AdminInitiateAuthResponse signIn() {
    Map<String, String> parameters = hashed("PASSWORD", password);
    return cognito.adminInitiateAuth(r -> r.userPoolId(poolId).clientId(clientId)
        .authFlow(AuthFlowType.ADMIN_USER_PASSWORD_AUTH).authParameters(parameters));
  }

  private AdminRespondToAuthChallengeResponse answer(AdminInitiateAuthResponse challenge, long seconds) {
    Map<String, String> responses = hashed("SOFTWARE_TOKEN_MFA_CODE", authenticatorCode(seconds));
    return cognito.adminRespondToAuthChallenge(r -> r.userPoolId(poolId).clientId(clientId)
        .challengeName(challenge.challengeName()).session(challenge.session()).challengeResponses(responses));
  }

  private String status() {
    return cognito.adminGetUser(r -> r.userPoolId(poolId).username(username)).userStatusAsString();
  }

  /** The parameters of a sign-in: the user's name, one more, and the secret hash where there is one. */
  private Map<String, String> hashed(String name, String value) {
    Map<String, String> parameters = new HashMap<>(Map.of("USERNAME", username, name, value));
    if (secretHash != null) {
      parameters.put("SECRET_HASH", secretHash);
    }
    return parameters;
  }

  /** The authenticator's code so many seconds after the moment that the program works in. */
  private String authenticatorCode(long seconds) {
    try {
      return new DefaultCodeGenerator().generate(authenticatorSecret, Math.floorDiv(moment + seconds, PERIOD));
    } catch (CodeGenerationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Now, at least five seconds before a code's half-minute ends. */
  private static long momentInAHalfMinute() throws InterruptedException {
    long second = Instant.now().getEpochSecond() % PERIOD;
    if (second > PERIOD - 5) {
      Thread.sleep((PERIOD - second) * 1000);
    }
    return Instant.now().getEpochSecond();
  }

  private static String refused(Runnable call) {
    try {
      call.run();
    } catch (CognitoIdentityProviderException e) {
      return e.awsErrorDetails().errorCode() + ": " + e.awsErrorDetails().errorMessage();
    }
    return "not refused";
  }

  private String secretHash(String secret) {
    if (secret.isEmpty()) {
      return null;
    }
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return Base64.getEncoder().encodeToString(mac.doFinal((username + clientId).getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
