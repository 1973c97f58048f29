package dev.weft.translate;

import com.google.protobuf.UInt32Value;
import com.google.re2j.Pattern;
import dev.weft.xds.DeterministicBytes;
import io.envoyproxy.envoy.config.core.v3.CidrRange;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.config.rbac.v3.Permission;
import io.envoyproxy.envoy.config.rbac.v3.Principal;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.extensions.path.match.uri_template.v3.UriTemplateMatchConfig;
import io.envoyproxy.envoy.type.matcher.v3.PathMatcher;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatcher;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import io.envoyproxy.envoy.type.matcher.v3.ValueMatcher;
import java.util.List;

/**
 * Single values of policies of access. A star at an end of a value stands for anything. Istio:
 * pilot/pkg/security/authz/matcher and model/generator.go.
 */
final class AuthzMatchers {
  private static final String TEMPLATE = "envoy.path.match.uri_template.uri_template_matcher";
  private static final String SPIFFE = "spiffe://";
  private static final StringMatcher ANY = regex(".+");

  private AuthzMatchers() {}

  static Permission host(String value) {
    return Permission.newBuilder().setHeader(header(":authority", value, true)).build();
  }

  static Permission method(String value) {
    return Permission.newBuilder().setHeader(header(":method", value, false)).build();
  }

  static Permission path(String value) {
    if (value.contains("{*}") || value.contains("{**}")) {
      UriTemplateMatchConfig template =
          UriTemplateMatchConfig.newBuilder()
              .setPathTemplate(value.replace("{*}", "*").replace("{**}", "**"))
              .build();
      return Permission.newBuilder()
          .setUriTemplate(
              TypedExtensionConfig.newBuilder()
                  .setName(TEMPLATE)
                  .setTypedConfig(DeterministicBytes.pack(template)))
          .build();
    }
    return Permission.newBuilder()
        .setUrlPath(PathMatcher.newBuilder().setPath(text(value)))
        .build();
  }

  static Permission port(String value) {
    return Permission.newBuilder().setDestinationPort(Integer.parseInt(value)).build();
  }

  static Permission destination(String value) {
    return Permission.newBuilder().setDestinationIp(range(value)).build();
  }

  static Permission serverName(String value) {
    return Permission.newBuilder().setRequestedServerName(text(value)).build();
  }

  static Principal peer(String value) {
    return Principal.newBuilder().setDirectRemoteIp(range(value)).build();
  }

  static Principal client(String value) {
    return Principal.newBuilder().setRemoteIp(range(value)).build();
  }

  static Principal header(String name, String value) {
    return Principal.newBuilder().setHeader(header(name, value, false)).build();
  }

  /** A header whose value is a list, of which one element is meant. */
  static Principal inlineHeader(String name, String value) {
    HeaderMatcher.Builder header = HeaderMatcher.newBuilder().setName(name);
    if (value.equals("*")) {
      return Principal.newBuilder().setHeader(header.setPresentMatch(true)).build();
    }
    String one = starred(value);
    return Principal.newBuilder()
        .setHeader(
            header.setSafeRegexMatch(
                RegexMatcher.newBuilder()
                    .setRegex("^" + one + "$|^" + one + ",.*|.*," + one + ",.*|.*," + one + "$")))
        .build();
  }

  static Principal identity(String value) {
    if (value.equals("*")) {
      return authenticated(ANY);
    }
    if (value.startsWith("*")) {
      return authenticated(regex(SPIFFE + starred(value)));
    }
    return authenticated(text(SPIFFE + value));
  }

  static Principal namespace(String value) {
    return authenticated(regex(".*/ns/" + starred(value) + "/.*"));
  }

  static Principal account(String namespace, String name) {
    return authenticated(
        regex(
            SPIFFE
                + ".+/ns/"
                + Pattern.quote(namespace)
                + "/(.+/|)sa/"
                + Pattern.quote(name)
                + "(/.+)?"));
  }

  static Principal trustDomain(String value) {
    return authenticated(regex(SPIFFE + starred(value).replace(".*", "[^/]*") + "/.*"));
  }

  /** Of each value, the issuer stands before the last slash and the subject behind it. */
  static Principal requestPrincipals(List<String> values) {
    List<Principal> each = values.stream().map(AuthzMatchers::requestPrincipal).toList();
    return each.size() == 1
        ? each.getFirst()
        : Principal.newBuilder().setOrIds(Principal.Set.newBuilder().addAllIds(each)).build();
  }

  private static Principal requestPrincipal(String value) {
    int slash = value.lastIndexOf('/');
    String issuer = slash < 0 ? value : value.substring(0, slash);
    String subject = value.substring(slash + 1);
    StringMatcher iss = exact(issuer);
    StringMatcher sub = exact(slash < 0 ? "" : subject);
    if (value.equals("*")) {
      iss = ANY;
      sub = ANY;
    } else if (value.startsWith("*")) {
      iss = slash < 0 ? ANY : text(issuer);
      sub = slash < 0 ? text(value) : exact(subject);
    } else if (value.endsWith("*")) {
      iss = slash < 0 ? text(issuer) : exact(issuer);
      sub = slash < 0 ? ANY : text(subject);
    }
    return Principal.newBuilder()
        .setAndIds(
            Principal.Set.newBuilder()
                .addIds(
                    claim(List.of("iss"), ValueMatcher.newBuilder().setStringMatch(iss).build()))
                .addIds(
                    claim(List.of("sub"), ValueMatcher.newBuilder().setStringMatch(sub).build())))
        .build();
  }

  /** A claim, itself or as an element of a list. */
  static Principal claim(List<String> path, List<String> values) {
    List<ValueMatcher> each =
        values.stream()
            .map(v -> ValueMatcher.newBuilder().setStringMatch(text(v)).build())
            .toList();
    ValueMatcher one = each.size() == 1 ? each.getFirst() : JwtClaims.any(each);
    return claim(path, JwtClaims.selfOrInList(one));
  }

  private static Principal claim(List<String> path, ValueMatcher value) {
    return Principal.newBuilder().setMetadata(JwtClaims.metadata(path, value)).build();
  }

  private static Principal authenticated(StringMatcher name) {
    return Principal.newBuilder()
        .setAuthenticated(Principal.Authenticated.newBuilder().setPrincipalName(name))
        .build();
  }

  private static HeaderMatcher header(String name, String value, boolean ignoreCase) {
    HeaderMatcher.Builder header = HeaderMatcher.newBuilder().setName(name);
    return value.equals("*")
        ? header.setPresentMatch(true).build()
        : header.setStringMatch(text(value).toBuilder().setIgnoreCase(ignoreCase)).build();
  }

  /** The published API takes an empty prefix or suffix for an error, so a star alone is its own. */
  private static StringMatcher text(String value) {
    if (value.equals("*")) {
      return ANY;
    }
    if (value.startsWith("*")) {
      return StringMatcher.newBuilder().setSuffix(value.substring(1)).build();
    }
    return value.endsWith("*")
        ? StringMatcher.newBuilder().setPrefix(value.substring(0, value.length() - 1)).build()
        : exact(value);
  }

  private static StringMatcher exact(String value) {
    return StringMatcher.newBuilder().setExact(value).build();
  }

  private static StringMatcher regex(String regex) {
    return StringMatcher.newBuilder()
        .setSafeRegex(RegexMatcher.newBuilder().setRegex(regex))
        .build();
  }

  /** A value as a regular expression, its stars for anything. */
  private static String starred(String value) {
    return Pattern.quote(value).replace("\\*", ".*");
  }

  private static CidrRange range(String value) {
    int slash = value.indexOf('/');
    String address = slash < 0 ? value : value.substring(0, slash);
    int most = address.indexOf(':') < 0 ? 32 : 128;
    return CidrRange.newBuilder()
        .setAddressPrefix(address)
        .setPrefixLen(
            UInt32Value.of(slash < 0 ? most : Integer.parseInt(value.substring(slash + 1))))
        .build();
  }
}
