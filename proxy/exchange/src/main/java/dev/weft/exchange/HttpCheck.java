package dev.weft.exchange;

import dev.weft.routing.StringMatch;
import dev.weft.runtime.Authorizer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An authorizer that is asked by a request like the one that it is asked about. */
final class HttpCheck {
  private static final byte[] NOTHING = new byte[0];

  /** What it is told in any case, besides method, path and host. */
  private static final String AUTHORIZATION = "authorization";

  /** How HTTP frames the request, which says nothing of the one that asks, and our own word. */
  private static final Set<String> OWN =
      Set.of(
          "connection",
          "content-length",
          "expect",
          "host",
          "keep-alive",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          ExternalFilter.PARTIAL);

  /** What clients of refused requests get in any case. */
  private static final Set<String> OF_DENIALS = Set.of("location", "www-authenticate");

  private HttpCheck() {}

  /**
   * @param body what it is shown of the body; null for nothing
   */
  static Call call(
      Authorizer authorizer, Authorizer.Http http, Asked request, Step.@Nullable Held body) {
    byte[] content = body == null ? NOTHING : body.content();
    StringBuilder head =
        new StringBuilder(256)
            .append(request.request().method())
            .append(' ')
            .append(http.pathPrefix())
            .append(request.request().path())
            .append(" HTTP/1.1\r\nhost: ")
            .append(request.request().authority())
            .append("\r\ncontent-length: ")
            .append(content.length)
            .append("\r\n");
    if (body != null) {
      line(head, ExternalFilter.PARTIAL, String.valueOf(!body.whole()));
    }
    for (FieldList.Field field : request.headers().fields()) {
      boolean told =
          field.name().equals(AUTHORIZATION) || matches(authorizer.told(), field.name(), false);
      if (told && !OWN.contains(field.name()) && !http.added().containsKey(field.name())) {
        line(head, field.name(), field.value());
      }
    }
    http.added().forEach((name, value) -> line(head, name, value));
    return new Call(
        authorizer.cluster(), head.append("\r\n").toString(), content, false, authorizer.timeout());
  }

  static Verdict verdict(Authorizer.Http http, Call.Answered answer) {
    if (answer.status() >= 500) {
      return new Verdict.Failed();
    }
    List<FieldList.Field> fields = answer.headers().fields();
    if (answer.status() != 200) {
      return new Verdict.Denied(
          answer.status(),
          fields.stream()
              .filter(
                  f -> OF_DENIALS.contains(f.name()) || matches(http.onDenial(), f.name(), true))
              .toList(),
          new String(answer.body(), StandardCharsets.ISO_8859_1));
    }
    return new Verdict.Allowed(
        fields.stream().filter(f -> matches(http.upstream(), f.name(), false)).toList(),
        fields.stream().filter(f -> matches(http.upstreamMore(), f.name(), false)).toList(),
        List.of(),
        fields.stream().filter(f -> matches(http.onSuccess(), f.name(), false)).toList());
  }

  /**
   * @param unsaid what holds where no list is there
   */
  private static boolean matches(@Nullable List<StringMatch> some, String name, boolean unsaid) {
    return some == null ? unsaid : some.stream().anyMatch(match -> match.matches(name));
  }

  private static void line(StringBuilder head, String name, String value) {
    head.append(name).append(": ").append(value).append("\r\n");
  }
}
