package dev.weft.access;

/** What became of tokens. The texts are Envoy's: jwt_verify_lib, status.cc. */
public enum JwtStatus {
  OK("OK"),
  MISSED("Jwt is missing"),
  NOT_YET_VALID("Jwt not yet valid"),
  EXPIRED("Jwt is expired"),
  BAD_FORMAT("Jwt is not in the form of Header.Payload.Signature with two dots and 3 sections"),
  HEADER_BAD_BASE64("Jwt header is an invalid Base64url encoded"),
  HEADER_BAD_JSON("Jwt header is an invalid JSON"),
  HEADER_BAD_ALG("Jwt header [alg] field is required and must be a string"),
  HEADER_UNKNOWN_ALG("Jwt header [alg] is not supported"),
  HEADER_BAD_KID("Jwt header [kid] field is not a string"),
  HEADER_CRITICAL("Jwt header [crit] field is not supported"),
  PAYLOAD_BAD_BASE64("Jwt payload is an invalid Base64url encoded"),
  PAYLOAD_BAD_JSON("Jwt payload is an invalid JSON"),
  ISS_NOT_STRING("Jwt payload [iss] field is not a string"),
  SUB_NOT_STRING("Jwt payload [sub] field is not a string"),
  NBF_NOT_INTEGER("Jwt payload [nbf] field is not an integer"),
  EXP_NOT_INTEGER("Jwt payload [exp] field is not an integer"),
  AUD_NOT_STRING("Jwt payload [aud] field is not a string or string list"),
  SIGNATURE_BAD_BASE64("Jwt signature is an invalid Base64url encoded"),
  UNKNOWN_ISSUER("Jwt issuer is not configured"),
  AUDIENCE_NOT_ALLOWED("Audiences in Jwt are not allowed"),
  VERIFICATION_FAILS("Jwt verification fails"),
  NO_MATCHING_KEY("Jwks doesn't have key to match kid or alg from Jwt"),
  NO_VALID_KEYS("Jwks doesn't have any valid public key");

  private final String text;

  JwtStatus(String text) {
    this.text = text;
  }

  /** What the client reads. */
  public String text() {
    return text;
  }

  /** The status of the answer. */
  public int answer() {
    return this == AUDIENCE_NOT_ALLOWED ? 403 : 401;
  }

  /** What the log reads. */
  public String details() {
    return "jwt_authn_access_denied{" + text.replace(' ', '_') + "}";
  }

  /** The value of {@code www-authenticate} (RFC 6750, 3) in the answer to a request. */
  public String challenge(String uri) {
    String realm = "Bearer realm=\"" + uri.replace("\"", "%22") + "\"";
    return this == MISSED ? realm : realm + ", error=\"invalid_token\"";
  }
}
